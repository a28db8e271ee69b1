package mysqlstore_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/migrations"
)

// proTables are the paid edition's as they may be found: other types, other keys, columns of their own.
var proTables = []string{
	`CREATE TABLE {p}jt_pro_conversations (
		id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
		title varchar(200) NULL,
		type enum('direct','group') NOT NULL DEFAULT 'direct',
		created_by bigint NOT NULL,
		last_message_at datetime NULL,
		last_message_preview varchar(255) NULL,
		message_count int NOT NULL DEFAULT 0,
		created_at datetime NOT NULL,
		colour varchar(7) NOT NULL DEFAULT '#ffffff'
	) ENGINE=InnoDB DEFAULT CHARSET=utf8`,
	`CREATE TABLE {p}jt_pro_conversation_participants (
		id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
		conversation_id bigint unsigned NOT NULL,
		user_id bigint unsigned NOT NULL,
		last_read_at datetime NULL,
		is_muted tinyint(1) NULL,
		is_archived tinyint(1) NOT NULL DEFAULT 0,
		left_at datetime NULL,
		is_blocked tinyint(1) NOT NULL DEFAULT 0,
		joined_at datetime NOT NULL,
		KEY user_id (user_id)
	) ENGINE=InnoDB DEFAULT CHARSET=utf8`,
	`CREATE TABLE {p}jt_pro_messages (
		id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
		conversation_id bigint unsigned NOT NULL,
		sender_id bigint unsigned NOT NULL,
		content text NOT NULL,
		content_plain text NOT NULL,
		is_system tinyint(1) NOT NULL DEFAULT 0,
		created_at datetime NOT NULL
	) ENGINE=InnoDB DEFAULT CHARSET=utf8`,
}

// A site that comes from the paid edition opens its inbox and finds everything as it was.
func TestAdoptedSite(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	db.WordPress(t)
	db.Jetonomy(t)
	users := db.AddUsers(t, 4, testdb.Trust(1))
	a, b, c, d := users[0], users[1], users[2], users[3]
	for _, table := range proTables {
		db.Exec(t, table)
	}
	day := func(n int) string {
		return time.Date(2025, 3, n, 12, 0, 0, 0, time.UTC).Format(time.DateTime)
	}
	conversation := func(id int, kind, title string, by uint64, last int, preview string, count int) {
		db.Exec(t, `INSERT INTO {p}jt_pro_conversations (id, type, title, created_by, last_message_at, last_message_preview, message_count, created_at)
			VALUES (?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?)`, id, kind, title, by, day(last), preview, count, day(1))
	}
	participant := func(id int, user uint64, read any, muted, archived, blocked int, left any) {
		db.Exec(t, `INSERT INTO {p}jt_pro_conversation_participants
			(conversation_id, user_id, last_read_at, is_muted, is_archived, is_blocked, left_at, joined_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, id, user, read, muted, archived, blocked, left, day(1))
	}
	message := func(id int, by uint64, text string, system, at int) {
		db.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, is_system, created_at)
			VALUES (?, ?, ?, ?, ?, ?)`, id, by, "<p>"+text+"</p>", text, system, day(at))
	}
	// A direct conversation: b has read the first of three and muted it.
	conversation(1, "direct", "", a, 4, "three", 3)
	participant(1, a, day(4), 0, 0, 0, nil)
	participant(1, b, day(2), 1, 0, 0, nil)
	message(1, a, "one", 0, 2)
	message(1, a, "two", 0, 3)
	message(1, a, "three", 0, 4)
	// The same pair once more, archived by a.
	conversation(2, "direct", "", b, 2, "again", 1)
	participant(2, a, day(5), 0, 1, 0, nil)
	participant(2, b, day(5), 0, 0, 0, nil)
	message(2, b, "again", 0, 2)
	// A group that b has left, with the note of it as the last word.
	conversation(3, "group", "Plans", c, 6, "Member 2 left the conversation", 3)
	participant(3, a, nil, 0, 0, 0, nil)
	participant(3, b, day(5), 0, 0, 0, day(6))
	participant(3, c, day(6), 0, 0, 0, nil)
	message(3, c, "plan A", 0, 4)
	message(3, c, "plan B", 0, 5)
	message(3, b, "Member 2 left the conversation", 1, 6)
	// c blocked d: the flag stands on d's row.
	conversation(4, "direct", "", d, 3, "hey", 1)
	participant(4, c, day(3), 0, 0, 0, nil)
	participant(4, d, day(3), 0, 0, 1, nil)
	message(4, d, "hey", 0, 3)
	// Nothing was said in this one.
	conversation(5, "group", "Empty", a, 1, "", 0)
	participant(5, a, nil, 0, 0, 0, nil)
	participant(5, d, nil, 0, 0, 0, nil)

	if err := migrations.Up(t.Context(), db.DB, db.Prefix, t.Logf); err != nil {
		t.Fatal(err)
	}
	f := &fixture{DB: db, t: t, clock: &clock{at: time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)}, users: users}
	f.store = f.storeOn(t, db.DB)
	f.reconcile()

	for _, test := range []struct {
		name   string
		user   uint64
		filter messaging.Filter
		want   []uint64
	}{
		{"a's inbox", a, messaging.FilterActive, []uint64{3, 1, 5}},
		{"a's archive", a, messaging.FilterArchived, []uint64{2}},
		{"a's unread", a, messaging.FilterUnread, []uint64{3}},
		{"b's inbox", b, messaging.FilterActive, []uint64{2, 1}},
		{"b's unread", b, messaging.FilterUnread, []uint64{1}},
		{"c's inbox", c, messaging.FilterActive, []uint64{4, 3}},
		{"d's inbox", d, messaging.FilterActive, []uint64{4, 5}},
	} {
		if got := f.list(test.user, test.filter); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
	if v := f.view(b, 1); v.UnreadCount != 2 || !v.Muted || v.MessageCount != 3 || v.LastMessagePreview != "three" {
		t.Errorf("b's view: %d unread, muted %v, %d messages, %q", v.UnreadCount, v.Muted, v.MessageCount, v.LastMessagePreview)
	}
	if v := f.view(a, 3); v.UnreadCount != 2 || v.Title != "Plans" || v.MessageCount != 3 {
		t.Errorf("a's view of the group: %d unread, %q, %d messages", v.UnreadCount, v.Title, v.MessageCount)
	}
	if _, err := f.store.Conversation(t.Context(), b, 3); !errors.Is(err, messaging.ErrNotParticipant) {
		t.Errorf("b reads the group they left: %v", err)
	}
	// The oldest is the pair's, the other stays readable.
	if o := f.direct(b, a, "new"); o.ConversationID != 1 || o.Created {
		t.Errorf("b writes to a: %+v", o)
	}
	if page, err := f.store.Thread(t.Context(), a, 2, messaging.ThreadQuery{Limit: 10}); err != nil || len(page.Messages) != 1 {
		t.Errorf("the pair's other conversation: %+v, %v", page, err)
	}
	// The block holds, and only its owner sees it.
	if _, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: d, ConversationID: 4, Content: content("hello?")}); !errors.Is(err, messaging.ErrCannotMessage) {
		t.Errorf("the blocked writes: %v", err)
	}
	if !f.view(c, 4).BlockedByViewer || f.view(d, 4).BlockedByViewer {
		t.Error("the block shows to the wrong side")
	}
	// Emoji need four bytes a character.
	f.send(c, 3, "👋🏽 – नमस्ते")
	page, err := f.store.Thread(t.Context(), a, 3, messaging.ThreadQuery{Limit: 1})
	if err != nil || page.Messages[0].Plain != "👋🏽 – नमस्ते" {
		t.Errorf("%+v, %v", page.Messages, err)
	}
}

// The service works with the rights that the documentation tells operators to give, and no others.
func TestDocumentedGrantsAreEnough(t *testing.T) {
	f := newFixture(t, 4)
	f.store = f.storeOn(t, f.Restricted(t, migrations.Grants()))
	direct := f.direct(f.users[0], f.users[1], "hello").ConversationID
	group := f.group(f.users[0], f.users[1], f.users[2]).ConversationID
	f.send(f.users[1], direct, "hi")
	f.read(f.users[0], direct, 0)
	f.syncNames()
	f.suggest(f.users[0], "mem")
	f.list(f.users[0], messaging.FilterAll)
	f.unread(f.users[0])
	f.seed(f.users[2], f.users[3], nil, "seeded") // by WordPress, with its own rights
	f.reconcile()
	must := func(_ messaging.Outcome, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	ctx := t.Context()
	must(f.store.SetMuted(ctx, messaging.StateCommand{UserID: f.users[0], ConversationID: direct}))
	must(f.store.SetArchived(ctx, messaging.StateCommand{UserID: f.users[0], ConversationID: direct}))
	must(f.store.SetBlocked(ctx, messaging.StateCommand{UserID: f.users[0], ConversationID: direct}))
	must(f.store.SetBlocked(ctx, messaging.StateCommand{UserID: f.users[0], ConversationID: direct}))
	must(f.store.Add(ctx, messaging.AddCommand{By: f.users[0], ConversationID: group, Members: f.users[3:], Limit: 20, Note: func([]string) messaging.Content { return content("added") }}))
	must(f.store.Rename(ctx, messaging.RenameCommand{UserID: f.users[0], ConversationID: group, Title: "Title"}))
	must(f.store.Leave(ctx, messaging.LeaveCommand{Request: messaging.Request{Key: "k"}, UserID: f.users[1], ConversationID: group, Note: content("left")}))
	if _, err := f.store.ReadAll(ctx, f.users[2]); err != nil {
		t.Error(err)
	}
	f.clock.advance(100 * 24 * time.Hour)
	if n, err := f.store.ForgetRequests(ctx, 10); n != 1 || err != nil {
		t.Errorf("%d requests forgotten, %v", n, err)
	}
	if n, err := f.store.DropEvents(ctx, 1000); n == 0 || err != nil {
		t.Errorf("%d events dropped, %v", n, err)
	}
}
