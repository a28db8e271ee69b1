package mysqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
)

// seed inserts a direct conversation as Jetonomy's demo seeder does: with the columns of the paid edition
// only, and one time for everything.
func (f *fixture) seed(a, b uint64, readAt any, texts ...string) uint64 {
	f.t.Helper()
	at := "2026-01-01 10:00:00"
	res := f.Exec(f.t, `INSERT INTO {p}jt_pro_conversations (type, created_by, last_message_at, last_message_preview, message_count, created_at)
		VALUES ('direct', ?, ?, ?, ?, ?)`, a, at, texts[len(texts)-1], len(texts), at)
	id, err := res.LastInsertId()
	if err != nil {
		f.t.Fatal(err)
	}
	for _, u := range []uint64{a, b} {
		f.Exec(f.t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, last_read_at, joined_at) VALUES (?, ?, ?, ?)`, id, u, readAt, at)
	}
	for i, text := range texts {
		f.Exec(f.t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at) VALUES (?, ?, ?, ?, ?)`,
			id, []uint64{a, b}[i%2], text, text, at)
	}
	return uint64(id)
}

func (f *fixture) reconcile() {
	f.t.Helper()
	if err := f.store.Backfill(f.t.Context(), f.t.Logf); err != nil {
		f.t.Fatal(err)
	}
	if n, next, err := f.store.Reconcile(f.t.Context(), 0); n != 0 || next != 0 || err != nil {
		f.t.Fatalf("%d conversations left after all were worked in, %v", n, err)
	}
}

func TestSeededRowsShowUp(t *testing.T) {
	f := newFixture(t, 4)
	read := f.seed(f.users[0], f.users[1], "2026-01-01 10:00:00", "one", "two", "three")
	never := f.seed(f.users[0], f.users[2], nil, "one", "two", "three")
	zero := f.seed(f.users[0], f.users[3], "0000-00-00 00:00:00", "one")
	f.reconcile()

	for _, test := range []struct {
		user, conversation uint64
		unread             int
	}{
		{f.users[0], read, 0}, {f.users[1], read, 0},
		{f.users[0], never, 0}, // wrote the last of the three
		{f.users[2], never, 1}, // answered the first
		{f.users[0], zero, 0}, {f.users[3], zero, 1},
	} {
		c := f.view(test.user, test.conversation)
		if c.UnreadCount != test.unread || c.Unread != (test.unread > 0) {
			t.Errorf("user %d, conversation %d: unread %v, %d; want %d", test.user, test.conversation, c.Unread, c.UnreadCount, test.unread)
		}
	}
	if o := f.direct(f.users[1], f.users[0], "again"); o.ConversationID != read || o.Created {
		t.Errorf("a new start of the pair: %+v, want conversation %d", o, read)
	}
	if got := f.list(f.users[0], messaging.FilterActive); fmt.Sprint(got) != fmt.Sprint([]uint64{read, zero, never}) {
		t.Errorf("list %v, want %v", got, []uint64{read, zero, never})
	}
}

// Messages that other code adds to a conversation of ours count, and bring it back from the archive.
func TestForeignMessageInOurConversation(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "hello").ConversationID
	f.read(f.users[1], id, 0)
	if _, err := f.store.SetArchived(t.Context(), messaging.StateCommand{UserID: f.users[1], ConversationID: id, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at) VALUES (?, ?, ?, '', ?)`,
		id, f.users[0], "<b>imported</b>", "2020-01-01 00:00:00")
	f.reconcile()
	c := f.view(f.users[1], id)
	if !c.Unread || c.UnreadCount != 1 || c.MessageCount != 2 || c.Archived || c.LastMessagePreview != "imported" {
		t.Errorf("unread %v %d, %d messages, archived %v, preview %q", c.Unread, c.UnreadCount, c.MessageCount, c.Archived, c.LastMessagePreview)
	}
	if c := f.view(f.users[0], id); c.Unread {
		t.Error("unread for its own sender")
	}
}

func TestDuplicatePairsStayReadable(t *testing.T) {
	f := newFixture(t, 2)
	first := f.seed(f.users[0], f.users[1], nil, "old")
	second := f.seed(f.users[1], f.users[0], nil, "newer")
	f.reconcile()
	if o := f.direct(f.users[0], f.users[1], "x"); o.ConversationID != first {
		t.Errorf("the pair is %d, want the oldest, %d", o.ConversationID, first)
	}
	for _, u := range f.users {
		page, err := f.store.Thread(t.Context(), u, second, messaging.ThreadQuery{Limit: 10})
		if err != nil || len(page.Messages) != 1 {
			t.Errorf("user %d reads the second conversation: %d messages, %v", u, len(page.Messages), err)
		}
	}
	// A block through one shows on the other, too.
	if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: f.users[0], ConversationID: second, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	if !f.view(f.users[0], first).BlockedByViewer || f.view(f.users[1], first).BlockedByViewer {
		t.Error("the block does not show on the pair's other conversation, or shows to the blocked")
	}
}

func TestBlockedFlagIsMirroredOntoForeignRows(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "hello").ConversationID
	if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: f.users[0], ConversationID: id, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	// A purge by other code, and an import of the conversation.
	f.Exec(t, `DELETE FROM {p}jt_pro_messages`)
	f.Exec(t, `DELETE FROM {p}jt_pro_conversation_participants`)
	f.Exec(t, `DELETE FROM {p}jt_pro_conversations`)
	again := f.seed(f.users[0], f.users[1], nil, "hello")
	f.reconcile()
	if !f.view(f.users[0], again).BlockedByViewer {
		t.Error("the block does not show")
	}
	if n := f.Count(t, `SELECT is_blocked FROM {p}jt_pro_conversation_participants WHERE user_id = ?`, f.users[1]); n != 1 {
		t.Error("the flag is not on the blocked participant's row")
	}
}

// Rows that come before their conversation wait for it, and keep nothing else waiting.
func TestRowsBeforeTheirConversation(t *testing.T) {
	f := newFixture(t, 3)
	late := f.seed(f.users[0], f.users[1], nil, "late")
	f.Exec(t, `DELETE FROM {p}jt_pro_conversations`)
	whole := f.seed(f.users[0], f.users[2], nil, "whole")
	if err := f.store.Backfill(t.Context(), t.Logf); err != nil {
		t.Fatal(err)
	}
	if !f.view(f.users[2], whole).Unread {
		t.Error("the whole conversation was not worked in")
	}
	f.Exec(t, `INSERT INTO {p}jt_pro_conversations (id, type, created_by, created_at) VALUES (?, 'direct', ?, NOW())`, late, f.users[0])
	f.clock.advance(10 * time.Minute) // they are looked at again now and then
	f.reconcile()
	if c := f.view(f.users[1], late); !c.Unread || c.MessageCount != 1 || c.LastMessagePreview != "late" {
		t.Errorf("unread %v, %d messages, %q", c.Unread, c.MessageCount, c.LastMessagePreview)
	}
}

func TestReconcileFromTwoProcessesWhileMembersWrite(t *testing.T) {
	f := newFixture(t, 6)
	var ids []uint64
	for i := range 5 {
		ids = append(ids, f.seed(f.users[0], f.users[i+1], nil, "one", "two", "three"))
	}
	mustAll(t, together(12, func(i int) error {
		if i < 2 {
			return f.store.Backfill(t.Context(), func(string, ...any) {})
		}
		_, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[0], ConversationID: ids[i%5], Content: content("now")})
		return err
	}))
	f.reconcile()
	for i, id := range ids {
		c := f.view(f.users[i+1], id)
		exact := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE conversation_id = ? AND sender_id = ? AND id > (
			SELECT MAX(id) FROM {p}jt_pro_messages WHERE conversation_id = ? AND sender_id = ?)`, id, f.users[0], id, f.users[i+1])
		if c.UnreadCount != exact || c.MessageCount != f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE conversation_id = ?`, id) {
			t.Errorf("conversation %d: %d unread of %d messages, counted %d", id, c.UnreadCount, c.MessageCount, exact)
		}
	}
}
