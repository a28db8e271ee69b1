package mysqlstore_test

import (
	"context"
	"slices"
	"testing"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// restart makes the tables forget which ids they gave to rows that are gone, as InnoDB does up to MySQL 5.7 when the
// server starts.
func (f *fixture) restart() {
	f.t.Helper()
	for _, table := range []string{"jt_pro_conversations", "jt_pro_messages"} {
		f.Exec(f.t, `ALTER TABLE {p}`+table+` AUTO_INCREMENT = 1`)
	}
}

func (f *fixture) purge(conversation uint64) {
	f.t.Helper()
	if purged, err := f.store.Purge(f.t.Context(), conversation, 1); !purged || err != nil {
		f.t.Fatal(purged, err)
	}
}

// A purged conversation's id is never another's, also where the database has forgotten that it gave it: before its
// messages are gone, and after. What is written meanwhile stays.
func TestPurgedIDIsNotGivenAgain(t *testing.T) {
	f := newFixture(t, 4)
	kept := f.direct(f.users[0], f.users[1], "kept").ConversationID
	purged := f.group(f.users[0], f.users[1:]...).ConversationID
	f.send(f.users[1], purged, canary)
	highest := f.direct(f.users[2], f.users[3], canary).ConversationID
	f.purge(purged)
	f.purge(highest)
	f.restart()

	group := f.group(f.users[0], f.users[1:]...).ConversationID
	direct := f.direct(f.users[2], f.users[3], "new").ConversationID
	if group <= highest || direct <= group {
		t.Errorf("ids %d and %d, but %d was given", group, direct, highest)
	}
	for _, c := range []uint64{group, direct} {
		if thread, err := f.store.Thread(t.Context(), f.users[3], c, messaging.ThreadQuery{Limit: 10}); err != nil || len(thread.Messages) != 1 {
			t.Errorf("conversation %d begins with %d messages, %v", c, len(thread.Messages), err)
		}
	}
	if n, err := f.store.SweepPurged(t.Context(), 100); n != 3 || err != nil {
		t.Errorf("%d messages swept, %v", n, err)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); n != 3 {
		t.Errorf("%d messages are left, want one of each conversation", n)
	}

	// Nothing of them is there any more, nor of what came behind them.
	f.purge(group)
	f.purge(direct)
	if _, err := f.store.SweepPurged(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	f.restart()
	if again := f.direct(f.users[2], f.users[3], "again").ConversationID; again <= direct {
		t.Errorf("id %d, but %d was given", again, direct)
	}
	// One that is purged while higher ones are there is not the highest.
	f.purge(kept)
	f.purge(f.direct(f.users[2], f.users[3], "and again").ConversationID)
	f.restart()
	if id := f.group(f.users[0], f.users[1:]...).ConversationID; id <= direct+1 {
		t.Errorf("id %d, but %d was given", id, direct+1)
	}
}

// Many who begin conversations at once behind a restart, some of them the same one, get ids that nobody had.
func TestPurgedIDsAtOnce(t *testing.T) {
	f := newFixture(t, 4)
	f.group(f.users[0], f.users[1:]...)
	var highest uint64
	for range 3 {
		highest = f.group(f.users[0], f.users[1:]...).ConversationID
		f.purge(highest)
	}
	f.restart()
	ids := make([]uint64, 12)
	mustAll(t, together(len(ids), func(i int) error {
		c := messaging.StartCommand{Sender: f.users[i%2], Recipients: []uint64{f.users[1-i%2]}, Content: content("x")}
		start := f.store.StartDirect
		if i%3 == 0 {
			c.Recipients = f.users[2:]
			start = func(ctx context.Context, c messaging.StartCommand) (messaging.Outcome, error) {
				return f.store.StartGroup(ctx, c, messaging.MaxGroup)
			}
		}
		o, err := start(t.Context(), c)
		ids[i] = o.ConversationID
		return err
	}))
	if slices.Sort(ids); ids[0] <= highest || len(slices.Compact(slices.Clone(ids))) != 5 {
		t.Errorf("ids %v, but %d was given", ids, highest)
	}
}

// A sweep takes what was there at the purge, and nothing that has the id by another way.
func TestSweepTakesWhatWasPurged(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "purged").ConversationID
	f.send(f.users[0], id, "purged")
	f.purge(id)
	f.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, created_at) VALUES (?, ?, 'of other code', NOW())`, id, f.users[0])
	for _, want := range []int64{2, 0} {
		if n, err := f.store.SweepPurged(t.Context(), 100); n != want || err != nil {
			t.Errorf("%d messages swept, %v; want %d", n, err, want)
		}
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE content = 'of other code'`); n != 1 {
		t.Errorf("%d messages that came later, want 1", n)
	}
}

// What is remembered of an id that is gone stays with what it was: a report and the log never come to mean another
// conversation.
func TestLogAndReportsKeepTheirConversation(t *testing.T) {
	f := newFixture(t, 3)
	id := f.direct(f.users[1], f.users[0], "bad").ConversationID
	f.report(f.users[0], id, 0)
	f.purge(id)
	if _, err := f.store.SweepPurged(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	f.restart()
	made := f.direct(f.users[1], f.users[2], "good").ConversationID
	o := f.store.Oversight()
	if d, err := o.Detail(t.Context(), 0, made); err != nil || d.OpenReports != 0 {
		t.Errorf("%d open reports, %v", d.OpenReports, err)
	}
	if entries, _, err := o.Entries(t.Context(), oversight.LogFilter{ConversationID: made}); err != nil || len(entries) != 0 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}
