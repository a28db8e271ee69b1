package mysqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging"
)

// export reads all pages and gives the items by id; between is called after each page but the last, with its number
// from 1.
func (f *fixture) export(user uint64, between func(page int)) (items map[string]messaging.ExportItem, pages int) {
	f.t.Helper()
	items = map[string]messaging.ExportItem{}
	for cursor := ""; pages == 0 || cursor != ""; {
		page, next, err := f.store.Export(f.t.Context(), user, cursor)
		if err != nil {
			f.t.Fatal(err)
		}
		if len(page) > 500 {
			f.t.Errorf("a page of %d items", len(page))
		}
		for _, item := range page {
			if _, again := items[item.ID]; again {
				f.t.Errorf("%s comes twice", item.ID)
			}
			items[item.ID] = item
		}
		pages++
		if cursor = next; cursor != "" && between != nil {
			between(pages)
		}
	}
	return items, pages
}

// rows inserts n rows of the same columns, the values of each made by row.
func (f *fixture) rows(table, columns string, n int, row func(i int) []any) {
	f.t.Helper()
	const batch = 5000
	for from := 0; from < n; from += batch {
		var values []any
		groups := make([]string, min(batch, n-from))
		for i := range groups {
			list := row(from + i)
			values = append(values, list...)
			groups[i] = "(" + mysqldb.Placeholders(len(list)) + ")"
		}
		f.Exec(f.t, `INSERT INTO {p}`+table+` (`+columns+`) VALUES `+strings.Join(groups, ", "), values...)
	}
}

// lines inserts n messages of one sender into one conversation.
func (f *fixture) lines(conversation, sender uint64, n int, text string) {
	f.t.Helper()
	f.rows("jt_pro_messages", "conversation_id, sender_id, content, content_plain, created_at, jts_accounted", n, func(int) []any {
		return []any{conversation, sender, "<p>" + text + "</p>", text, f.clock.now(), 1}
	})
}

// messagesOf are the ids of a conversation's messages, as an export has them.
func (f *fixture) messagesOf(conversation uint64) []string {
	f.t.Helper()
	ids, err := mysqldb.Query(f.t.Context(), f.DB.DB, mysqldb.Value[string], f.Prefix.Expand(
		`SELECT CONCAT('message-', id) FROM {p}jt_pro_messages WHERE conversation_id = ?`), conversation)
	if err != nil {
		f.t.Fatal(err)
	}
	return ids
}

func values(item messaging.ExportItem) []string {
	var list []string
	for _, f := range item.Fields {
		list = append(list, f.Name+": "+f.Value)
	}
	return list
}

func TestExport(t *testing.T) {
	f := newFixture(t, 4)
	me, other, third := f.users[0], f.users[1], f.users[2]
	foreign := f.direct(other, third, "of others") // mine it is not
	received := f.direct(other, me, "for you")
	sent := f.send(me, received.ConversationID, "for them")
	f.block(me, f.users[3])
	f.block(third, me)
	if _, err := f.store.SetMuted(t.Context(), messaging.StateCommand{UserID: me, ConversationID: received.ConversationID, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	// Others' state is not mine.
	if _, err := f.store.SetArchived(t.Context(), messaging.StateCommand{UserID: other, ConversationID: received.ConversationID, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	group := f.group(other, me, third)
	f.clock.advance(time.Minute)
	mine := f.send(me, group.ConversationID, "last words")
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: me, ConversationID: group.ConversationID, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	same := f.send(other, group.ConversationID, "in the same second")
	f.clock.advance(time.Minute)
	later := f.send(other, group.ConversationID, "behind my back")
	if _, err := f.store.Rename(t.Context(), messaging.RenameCommand{UserID: other, ConversationID: group.ConversationID, Title: "Without me"}); err != nil {
		t.Fatal(err)
	}

	items, pages := f.export(me, nil)
	if pages != 1 {
		t.Errorf("%d pages", pages)
	}
	for _, id := range []uint64{foreign.MessageID, same, later} {
		if item, found := items[fmt.Sprint("message-", id)]; found {
			t.Errorf("not theirs: %+v", item)
		}
	}
	for id, want := range map[string][]string{
		fmt.Sprint("message-", received.MessageID):           {"Conversation: Member2", "Date: 2026-01-02 15:04:05 UTC", "From: Member2", "Message: for you"},
		fmt.Sprint("message-", sent):                         {"Conversation: Member2", "Date: 2026-01-02 15:04:05 UTC", "From: Member1", "Message: for them"},
		fmt.Sprint("message-", group.MessageID):              {fmt.Sprint("Conversation: Conversation ", group.ConversationID), "Date: 2026-01-02 15:04:05 UTC", "From: Member2", "Message: first"},
		fmt.Sprint("message-", mine):                         {fmt.Sprint("Conversation: Conversation ", group.ConversationID), "Date: 2026-01-02 15:05:05 UTC", "From: Member1", "Message: last words"},
		fmt.Sprint("conversation-", received.ConversationID): {"Conversation: Member2", "Joined: 2026-01-02 15:04:05 UTC", "Muted: Yes", "Archived: No"},
		fmt.Sprint("block-", f.users[3]):                     {"Blocked member: Member4", "Since: 2026-01-02 15:04:05 UTC"},
	} {
		if got := values(items[id]); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if got := items[fmt.Sprint("message-", sent)].ConversationID; got != received.ConversationID {
		t.Errorf("a message of conversation %d is one of %d", received.ConversationID, got)
	}
	if _, found := items[fmt.Sprint("block-", third)]; found {
		t.Error("the export tells who blocks the member")
	}
	if len(items) != 6+4+1 { // messages, conversations, blocks
		t.Errorf("%d items: %v", len(items), items)
	}
	if items, _ := f.export(12345, nil); len(items) != 0 {
		t.Errorf("of nobody: %v", items)
	}
}

// What was there before and stays is in the export, once, whatever is written and purged between its pages.
func TestExportWhileOthersWriteAndPurge(t *testing.T) {
	f := newFixture(t, 5)
	me := f.users[0]
	var conversations []uint64
	for _, other := range f.users[1:] {
		id := f.direct(other, me, "hello").ConversationID
		f.lines(id, me, 650, "text")
		conversations = append(conversations, id)
	}
	first, kept := conversations[0], conversations[1:]
	var before []string
	for _, id := range kept {
		before = append(before, f.messagesOf(id)...)
	}
	items, pages := f.export(me, func(page int) {
		f.send(me, kept[page%len(kept)], "meanwhile")
		if page == 1 { // half of the first conversation is in the export
			if _, err := f.store.Purge(t.Context(), first, f.users[4]); err != nil {
				t.Fatal(err)
			}
			for {
				if n, err := f.store.SweepPurged(t.Context(), 1000); err != nil {
					t.Fatal(err)
				} else if n == 0 {
					break
				}
			}
		}
	})
	if pages < 5 {
		t.Errorf("%d pages", pages)
	}
	for _, id := range before {
		if _, found := items[id]; !found {
			t.Fatalf("%s is missing", id)
		}
	}
}

// All groups are paged, messages of empty and of unreadable conversations cost pages and lose nothing.
func TestExportOfManyOfEverything(t *testing.T) {
	f := newFixture(t, 4)
	me, other := f.users[0], f.users[1]
	// A group that the member left long ago has gone on without them.
	group := f.group(other, me, f.users[2])
	f.clock.advance(time.Minute)
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: me, ConversationID: group.ConversationID, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(time.Minute)
	f.lines(group.ConversationID, other, 1200, "behind my back")
	const empty = 2300
	f.rows("jt_pro_conversations", "id, type, created_at", empty, func(i int) []any { return []any{1000 + i, "direct", f.clock.now()} })
	f.rows("jt_pro_conversation_participants", "conversation_id, user_id, joined_at, jts_accounted", 2*empty, func(i int) []any {
		return []any{1000 + i/2, f.users[i%2], f.clock.now(), 1}
	})
	last := f.direct(f.users[3], me, "at last")
	f.rows("jt_sidecar_blocks", "blocker_id, blocked_id, created_at", 700, func(i int) []any { return []any{me, 5000 + i, f.clock.now()} })
	f.rows("jt_sidecar_reports", "conversation_id, message_id, whole, reporter_id, reported_id, reason, note, created_at", 1300, func(i int) []any {
		return []any{7 - i/200, i, 0, me, other, "spam", "note", f.clock.now()} // ids fall where conversations rise
	})

	items, pages := f.export(me, nil)
	count := map[messaging.ExportGroup]int{}
	for _, item := range items {
		count[item.Group]++
	}
	want := map[messaging.ExportGroup]int{
		messaging.ExportConversations: 2, // the group's first one, the last one
		messaging.ExportSettings:      empty + 2,
		messaging.ExportBlocks:        700,
		messaging.ExportReports:       1300,
	}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := values(items[fmt.Sprint("message-", last.MessageID)]); len(got) != 4 || got[3] != "Message: at last" {
		t.Errorf("the last message: %q", got)
	}
	if pages < 9 || pages > 16 {
		t.Errorf("%d pages", pages)
	}
}

// A page ends with the text that fills it.
func TestExportOfLongTexts(t *testing.T) {
	f := newFixture(t, 2)
	me := f.users[0]
	id := f.direct(me, f.users[1], "hello").ConversationID
	long := strings.Repeat("long ", 4000)
	for range 9 {
		f.lines(id, me, 50, long)
	}
	found := 0
	for cursor := ""; found == 0 || cursor != ""; {
		items, next, err := f.store.Export(t.Context(), me, cursor)
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for _, item := range items {
			if item.Group == messaging.ExportConversations {
				found++
				size += len(item.Fields[3].Value)
			}
		}
		if size > 3<<20 {
			t.Errorf("a page of %d bytes", size)
		}
		cursor = next
	}
	if found != 451 {
		t.Errorf("%d messages, want 451", found)
	}
}

// A page reads as many rows at the end of a long history as at its beginning, each along an index: nothing is read
// through, nothing is sorted.
func TestExportCostsTheSameAtAnyDepth(t *testing.T) {
	f := newFixture(t, 43)
	me := f.users[0]
	id := f.direct(me, f.users[1], "hello").ConversationID
	f.lines(id, me, 12_000, "text")
	for _, other := range f.users[2:] {
		f.lines(f.direct(other, me, "hello").ConversationID, other, 40, "text")
	}
	f.rows("jt_sidecar_blocks", "blocker_id, blocked_id, created_at", 700, func(i int) []any { return []any{me, 5000 + i, f.clock.now()} })
	f.rows("jt_sidecar_reports", "conversation_id, message_id, whole, reporter_id, reported_id, reason, note, created_at", 1300, func(i int) []any {
		return []any{i % 30, i, 0, me, f.users[1], "spam", "note", f.clock.now()}
	})
	f.rows("jt_pro_conversation_participants", "conversation_id, user_id, joined_at, jts_accounted", 4000, func(i int) []any {
		return []any{5000 + i/2, 5000 + i%2, f.clock.now(), 1} // of others, so that the optimizer has a choice
	})
	f.Exec(t, `ANALYZE TABLE {p}jt_pro_conversations, {p}jt_pro_conversation_participants, {p}jt_pro_messages, {p}jt_sidecar_blocks, {p}jt_sidecar_reports`)

	trace := []testdb.Statement{}
	pool, err := mysqldb.Open(t.Context(), f.DSN, mysqldb.Options{MaxOpen: 1, OnQuery: func(_ context.Context, query string, args []any) {
		trace = append(trace, testdb.Statement{Query: query, Args: args})
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	store := f.storeOn(t, pool)
	reads := func() (n int) {
		values, err := mysqldb.Query(t.Context(), pool, func(row mysqldb.Scanner) (n int, err error) {
			var name string
			err = row.Scan(&name, &n)
			return n, err
		}, `SHOW SESSION STATUS LIKE 'Handler_read%'`)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			n += v
		}
		return n
	}
	if _, err := store.ExportVolume(t.Context(), me); err != nil { // its plans are looked at, too
		t.Fatal(err)
	}

	full := []int{} // rows read for pages of nothing but messages
	for cursor := ""; ; {
		before := reads()
		items, next, err := store.Export(t.Context(), me, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if n := reads() - before; len(items) == 500 && items[499].Group == messaging.ExportConversations && items[499].ConversationID == id {
			full = append(full, n)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if len(full) != 24 || slices.Max(full[1:])-slices.Min(full[1:]) > 5 {
		t.Errorf("rows read for each page of one conversation: %v", full)
	}

	seen := map[string]bool{}
	for _, s := range trace {
		if !strings.Contains(s.Query, "jt_") || seen[s.Query] {
			continue
		}
		seen[s.Query] = true
		rows := f.DB.Explain(t, s)
		for _, r := range rows {
			if r.Type == "ALL" || r.Type == "index" || r.Key == "" && r.Type != "" ||
				strings.Contains(r.Extra, "filesort") || strings.Contains(r.Extra, "temporary") {
				t.Errorf("%s: %s, key %q, %s, in\n%s", r.Table, r.Type, r.Key, r.Extra, s.Query)
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d statements were looked at", len(seen))
	}
}

func TestExportCursors(t *testing.T) {
	f := newFixture(t, 3)
	me := f.users[0]
	first := f.direct(me, f.users[1], "one").ConversationID
	second := f.direct(me, f.users[2], "two")
	for _, cursor := range []string{"x", "1", "m", "m:", "m:1", "m:1:", "m:1:2:3", "m:-1:0", "m:1.5:0", "q:1:1", "m:18446744073709551616:0", " m:1:1"} {
		_, _, err := f.store.Export(t.Context(), me, cursor)
		if e, ok := messaging.AsError(err); !ok || e.Kind != messaging.Invalid || e.Param != "cursor" {
			t.Errorf("%q: %v", cursor, err)
		}
	}
	// The conversation that a cursor names may be gone, and another member's tells nothing.
	for cursor, want := range map[string]int{
		fmt.Sprintf("m:%d:%d", first, second.MessageID): 1 + 2,
		"m:99999:5":                0 + 2,
		"m:0:5":                    2 + 2,
		"s:0:0":                    2,
		"b:0:0":                    0,
		"s:18446744073709551615:0": 0,
	} {
		items, next, err := f.store.Export(t.Context(), me, cursor)
		if err != nil || next != "" || len(items) != want {
			t.Errorf("%s: %d items, %q, %v; want %d", cursor, len(items), next, err, want)
		}
	}
}

func TestExportVolume(t *testing.T) {
	f := newFixture(t, 3)
	me := f.users[0]
	volume := func() messaging.ExportVolume {
		t.Helper()
		v, err := f.store.ExportVolume(t.Context(), me)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if got := volume(); got != (messaging.ExportVolume{}) {
		t.Errorf("of nothing: %+v", got)
	}
	id := f.direct(me, f.users[1], "12345").ConversationID
	f.direct(f.users[1], f.users[2], "of others")
	f.block(me, f.users[2]) // with a message: hello
	if got, want := volume(), (messaging.ExportVolume{Items: 2 + 2 + 1, Bytes: 10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	f.lines(id, me, 3000, "1234567890")
	f.Exec(t, `UPDATE {p}jt_pro_messages SET content_plain = NULL, content = '12345678901234567890' WHERE content_plain = '1234567890' ORDER BY id LIMIT 1`)
	if got, want := volume(), (messaging.ExportVolume{Items: 2001, Bytes: 5 + 20 + 1999*10}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
