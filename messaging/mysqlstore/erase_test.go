package mysqlstore_test

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"slices"
	"strings"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

const canary = "canary7315"

// whereIs gives the columns of all tables of the site that hold text.
func (f *fixture) whereIs(text string) []string {
	f.t.Helper()
	type column struct{ table, name string }
	columns, err := mysqldb.Query(f.t.Context(), f.DB.DB, func(row mysqldb.Scanner) (column, error) {
		var c column
		err := row.Scan(&c.table, &c.name)
		return c, err
	}, `SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = DATABASE() AND LEFT(table_name, ?) = ?
			AND data_type IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'binary', 'varbinary', 'blob', 'longblob', 'json')`,
		len(f.Prefix), string(f.Prefix))
	if err != nil {
		f.t.Fatal(err)
	}
	if len(columns) < 20 {
		f.t.Fatalf("only %d columns to look at", len(columns))
	}
	var found []string
	for _, c := range columns {
		if f.Count(f.t, "SELECT COUNT(*) FROM `"+c.table+"` WHERE INSTR(`"+c.name+"`, ?) > 0", text) > 0 {
			found = append(found, c.table+"."+c.name)
		}
	}
	return found
}

// erase erases a member until there is nothing left and says how much there was.
func (f *fixture) erase(user uint64) int {
	f.t.Helper()
	total := 0
	for range 1000 {
		n, done, err := f.store.Erase(f.t.Context(), user)
		if err != nil {
			f.t.Fatal(err)
		}
		total += n
		if done {
			return total
		}
	}
	f.t.Fatal("the erasure does not end")
	return 0
}

// exact checks what conversations repeat of their messages.
func (f *fixture) exact() {
	f.t.Helper()
	if n := f.Count(f.t, `
		SELECT COUNT(*) FROM {p}jt_pro_conversations c
		JOIN {p}jt_pro_messages m ON m.id = (SELECT MAX(n.id) FROM {p}jt_pro_messages n WHERE n.conversation_id = c.id)
		WHERE c.last_message_preview <> m.content_plain OR c.jts_last_message_id <> m.id
			OR c.message_count <> (SELECT COUNT(*) FROM {p}jt_pro_messages n WHERE n.conversation_id = c.id)`); n != 0 {
		f.t.Errorf("%d conversations do not say what their messages do", n)
	}
}

func TestEraseLeavesNoTextAnywhere(t *testing.T) {
	f := newFixture(t, 5)
	me, other, third := f.users[0], f.users[1], f.users[2]
	quiet := f.direct(me, other, canary+" newest here").ConversationID
	busy := f.direct(third, me, "hello").ConversationID
	f.send(me, busy, "it is "+canary)
	f.send(third, busy, "thanks")
	group := f.group(me, other, third).ConversationID
	if _, err := f.store.Send(t.Context(), messaging.SendCommand{
		Request: messaging.Request{Key: canary}, Sender: me, ConversationID: group, Content: content(canary),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.SyncNames(t.Context(), 0, 100); err != nil {
		t.Fatal(err)
	}
	// A message whose place in the conversation other code has deleted, and one whose conversation is gone.
	stray := f.direct(me, f.users[3], "stray "+canary).ConversationID
	f.Exec(t, `DELETE FROM {p}jt_pro_conversation_participants WHERE conversation_id = ? AND user_id = ?`, stray, me)
	f.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at) VALUES (99999, ?, ?, ?, NOW())`, me, canary, canary)
	if len(f.whereIs(canary)) < 3 {
		t.Fatalf("the canary is only in %v", f.whereIs(canary))
	}

	if n := f.erase(me); n < 6 {
		t.Errorf("%d removed", n)
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("after the erasure the text is in %v", found)
	}
	f.exact()
	if c := f.view(other, quiet); c.LastMessagePreview != "Message deleted" || c.MessageCount != 1 {
		t.Errorf("preview %q of %d messages", c.LastMessagePreview, c.MessageCount)
	}
	if c := f.view(third, busy); c.LastMessagePreview != "thanks" {
		t.Errorf("preview %q", c.LastMessagePreview)
	}
	page, err := f.store.Thread(t.Context(), third, busy, messaging.ThreadQuery{HasAfter: true, Limit: 10})
	if err != nil || len(page.Messages) != 3 {
		t.Fatalf("%+v, %v", page, err)
	}
	if m := page.Messages[1]; m.HTML != `<p dir="auto"><em>Message deleted</em></p>` || m.Plain != "Message deleted" || m.System || m.SenderID != me {
		t.Errorf("the tombstone is %+v", m)
	}
	if page.Messages[0].Plain != "hello" || page.Messages[2].Plain != "thanks" {
		t.Errorf("others' messages: %+v", page.Messages)
	}
	for _, table := range []string{"requests", "names", "mail"} {
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_`+table+` WHERE user_id = ?`, me); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_state WHERE name LIKE 'erase%'`); n != 0 {
		t.Error("the erasure is not finished")
	}
	if n, done, err := f.store.Erase(t.Context(), me); n != 0 || !done || err != nil {
		t.Errorf("again: %d, %v, %v", n, done, err)
	}
}

func TestEraseTakesNamesOutOfNotes(t *testing.T) {
	f := newFixture(t, 6)
	me, other, third := f.users[0], f.users[1], f.users[2]
	id := f.group(me, other, third).ConversationID
	names := map[uint64]string{}
	for i, u := range f.users {
		names[u] = fmt.Sprintf("Member%d", i+1)
	}
	add := func(by uint64, members ...uint64) {
		t.Helper()
		if _, err := f.store.Add(t.Context(), messaging.AddCommand{
			By: by, ConversationID: id, Members: members, Limit: 20, Names: names,
			Note: func(list []string) messaging.Content {
				return content(names[by] + " added " + strings.Join(list, ", "))
			},
		}); err != nil {
			t.Fatal(err)
		}
	}
	leave := func(who uint64) {
		t.Helper()
		if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: who, ConversationID: id, Note: content(names[who] + " left the conversation")}); err != nil {
			t.Fatal(err)
		}
	}
	add(me, f.users[3])
	leave(me)
	add(other, me, f.users[4])
	leave(third)
	leave(me)

	f.erase(me)
	var notes []string
	for _, m := range f.notes(other, id) {
		notes = append(notes, m.Plain)
		if !strings.Contains(m.HTML, m.Plain) {
			t.Errorf("HTML %q of %q", m.HTML, m.Plain)
		}
	}
	want := []string{
		"A former member added Member4", "A former member left the conversation", "Member2 added A former member, Member5",
		"Member3 left the conversation", "A former member left the conversation",
	}
	if fmt.Sprint(notes) != fmt.Sprint(want) {
		t.Errorf("notes\n%q, want\n%q", notes, want)
	}
	f.exact()
	if n, done, err := f.store.Erase(t.Context(), me); n != 0 || !done || err != nil {
		t.Errorf("again: %d, %v, %v", n, done, err)
	}
}

// notes gives the system notes that a participant sees, oldest first.
func (f *fixture) notes(reader, conversation uint64) []messaging.Message {
	f.t.Helper()
	page, err := f.store.Thread(f.t.Context(), reader, conversation, messaging.ThreadQuery{HasAfter: true, Limit: 20})
	if err != nil {
		f.t.Fatal(err)
	}
	return slices.DeleteFunc(page.Messages, func(m messaging.Message) bool { return !m.System })
}

// A note says the name as it is read, or, from other code, as WordPress stores it.
func TestEraseTakesNamesWithEntitiesOutOfNotes(t *testing.T) {
	f := newFixture(t, 3)
	me, other := f.users[0], f.users[1]
	f.names(map[int]string{0: "Fun &amp; Games"})
	id := f.group(other, me, f.users[2]).ConversationID
	for _, name := range []string{"Fun & Games", "Fun &amp; Games", "Fun & Games 2"} {
		f.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, is_system, created_at)
			VALUES (?, ?, ?, ?, 1, NOW())`, id, other, html.EscapeString("Member2 added "+name), "Member2 added "+name)
	}
	f.erase(me)
	var notes []string
	for _, m := range f.notes(other, id) {
		notes = append(notes, m.Plain, m.HTML)
	}
	const erased, erasedHTML = "Member2 added A former member", `<p dir="auto">Member2 added A former member</p>`
	want := []string{erased, erasedHTML, erased, erasedHTML, "Member2 added Fun & Games 2", "Member2 added Fun &amp; Games 2"}
	if !slices.Equal(notes, want) {
		t.Errorf("notes\n%q, want\n%q", notes, want)
	}
}

// Who has blocked the member is still protected from them, until the account is gone.
func TestEraseBlocks(t *testing.T) {
	f := newFixture(t, 3)
	me, mine, theirs := f.users[0], f.users[1], f.users[2]
	a, b := f.direct(me, mine, "a").ConversationID, f.direct(me, theirs, "b").ConversationID
	for by, id := range map[uint64]uint64{me: a, theirs: b} {
		if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: by, ConversationID: id, Value: value(true)}); err != nil {
			t.Fatal(err)
		}
	}
	f.erase(me)
	if f.view(me, a).BlockedByViewer || !f.view(theirs, b).BlockedByViewer {
		t.Error("the wrong block was taken back")
	}
	f.Exec(t, `DELETE FROM {p}users WHERE ID = ?`, me)
	f.erase(me)
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_blocks`); n != 0 || f.view(theirs, b).BlockedByViewer {
		t.Errorf("%d blocks are left", n)
	}
}

// Two replicas erase in batches while everybody writes.
func TestEraseRacesSends(t *testing.T) {
	f := newFixture(t, 4)
	me := f.users[0]
	conversations := []uint64{f.group(me, f.users[1:]...).ConversationID, f.direct(me, f.users[1], canary).ConversationID}
	f.manyMessages(conversations[0], me, 1100)

	mustAll(t, together(8, func(i int) error {
		if i < 2 {
			for range 4 {
				if _, _, err := f.store.Erase(t.Context(), me); err != nil {
					return err
				}
			}
			return nil
		}
		for j := range 10 {
			from := f.users[j%2]
			if _, err := f.store.Send(t.Context(), messaging.SendCommand{
				Sender: from, ConversationID: conversations[i%2], Content: content(fmt.Sprintf("%s %d %d", canary, i, j)),
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	// What others wrote is theirs.
	f.erase(f.users[1])
	f.erase(me)
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	f.exact()
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); n != 2+1100+60 {
		t.Errorf("%d messages", n)
	}
}

// tombstone is the text of an erased message that the WordPress plugin is tested against as well.
func tombstone(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../wpbridge/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct{ Tombstone string }
	if err := json.Unmarshal(text, &vectors); err != nil || vectors.Tombstone == "" {
		t.Fatalf("no tombstone in the vectors: %v", err)
	}
	return vectors.Tombstone
}

// manyMessages writes n messages that no store has made, and accounts for them.
func (f *fixture) manyMessages(conversation, sender uint64, n int) {
	f.t.Helper()
	values := make([]any, 0, 5*n)
	for range n {
		values = append(values, conversation, sender, "<p>"+canary+"</p>", canary, f.clock.now())
	}
	f.Exec(f.t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at) VALUES (?, ?, ?, ?, ?)`+
		strings.Repeat(", (?, ?, ?, ?, ?)", n-1), values...)
	if err := f.store.Backfill(f.t.Context(), f.t.Logf); err != nil {
		f.t.Fatal(err)
	}
}

// A title is the group's, and who gave it is not recorded.
func TestEraseKeepsTitles(t *testing.T) {
	f := newFixture(t, 3)
	id := f.group(f.users[0], f.users[1:]...).ConversationID
	f.erase(f.users[0])
	if c := f.view(f.users[1], id); c.Title != "Group" || c.LastMessagePreview != tombstone(t) {
		t.Errorf("title %q, preview %q", c.Title, c.LastMessagePreview)
	}
}

func TestEraseCancelsMail(t *testing.T) {
	f := newFixture(t, 2)
	f.Exec(t, `INSERT INTO {p}jt_sidecar_mail (user_id, due_at) VALUES (?, '2026-01-01 00:00:00')`, f.users[0])
	for _, u := range f.users {
		f.Exec(t, `INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at) VALUES (0, 'mail.due', ?, NOW())`, fmt.Sprintf(`{"user_id":%d}`, u))
	}
	f.erase(f.users[0])
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_mail`); n != 0 {
		t.Error("mail is still due")
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type = 'mail.due'`); n != 1 {
		t.Errorf("%d mails wait, want the other member's", n)
	}
}
