package mysqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// everything is what all tables hold, by table.
func (f *fixture) everything() map[string]string {
	f.t.Helper()
	tables, err := mysqldb.Query(f.t.Context(), f.DB.DB, mysqldb.Value[string], `
		SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE ? ORDER BY table_name`,
		string(f.Prefix)+"jt\\_%")
	if err != nil {
		f.t.Fatal(err)
	}
	all := make(map[string]string)
	for _, table := range tables {
		rows, err := mysqldb.Query(f.t.Context(), f.DB.DB, func(row mysqldb.Scanner) (string, error) {
			var name, sum string
			err := row.Scan(&name, &sum)
			return sum, err
		}, "CHECKSUM TABLE `"+table+"`")
		if err != nil {
			f.t.Fatal(err)
		}
		all[table] = rows[0]
	}
	return all
}

func TestRetention(t *testing.T) {
	f, o := overseen(t, 4)
	service := oversight.New(o)
	old := f.clock.now()
	var inactive []uint64
	for i := range 7 {
		inactive = append(inactive, f.direct(f.users[i%3], f.users[3], "old").ConversationID)
	}
	inactive = slices.Compact(slices.Sorted(slices.Values(inactive)))
	f.clock.advance(time.Minute)
	// Without a message: as old as itself, or of another age.
	empty := f.insert(conversation{kind: messaging.Group, members: f.users[:2]}).id
	f.Exec(t, `UPDATE {p}jt_pro_conversations SET created_at = ?, last_message_at = '0000-00-00' WHERE id = ?`, old, empty)
	young := f.insert(conversation{kind: messaging.Group, members: f.users[:2]}).id
	f.clock.advance(1000 * time.Hour)
	f.Exec(t, `UPDATE {p}jt_pro_conversations SET created_at = ? WHERE id = ?`, f.clock.now(), young)
	active := f.direct(f.users[0], f.users[1], "new").ConversationID
	held := f.insert(conversation{kind: messaging.Group, members: f.users[:2], activity: old}).id
	if err := o.SetHold(t.Context(), held, true, "court", oversight.Entry{}); err != nil {
		t.Fatal(err)
	}
	before := f.clock.now().Add(-time.Hour)

	// A dry run changes nothing.
	untouched := f.everything()
	var listed []uint64
	if err := service.EachInactive(t.Context(), before, func(r oversight.Row) error {
		listed = append(listed, r.ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := append([]uint64{empty}, inactive...)
	if !slices.Equal(listed, want) {
		t.Errorf("listed %v, want %v", listed, want)
	}
	if got := f.everything(); fmt.Sprint(got) != fmt.Sprint(untouched) {
		t.Errorf("a look changed\n%v\nto\n%v", untouched, got)
	}

	// The process dies behind the second batch; another one goes on.
	for i := range 2 {
		if n, err := service.PurgeInactive(t.Context(), before, 1, "test"); n != 1 || err != nil {
			t.Fatalf("batch %d: %d, %v", i, n, err)
		}
	}
	other := f.storeOn(t, f.DB.DB)
	again := oversight.New(other.Oversight())
	for done := false; !done; {
		n, err := again.PurgeInactive(t.Context(), before, 2, "test")
		if err != nil {
			t.Fatal(err)
		}
		done = n < 2
	}
	if _, err := other.SweepPurged(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}
	left, err := mysqldb.Query(t.Context(), f.DB.DB, mysqldb.Value[uint64], f.Prefix.Expand(`SELECT id FROM {p}jt_pro_conversations ORDER BY id`))
	if fmt.Sprint(left) != fmt.Sprint([]uint64{young, active, held}) || err != nil {
		t.Errorf("left are %v, want %d, %d and %d", left, young, active, held)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); n != 1 {
		t.Errorf("%d messages are left", n)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log WHERE action = 'retention' AND user_id = 0 AND note = 'test'`); n != len(want) {
		t.Errorf("%d rows of the log, want %d", n, len(want))
	}
	if v, err := again.Verify(t.Context()); err != nil || !v.Unchanged() {
		t.Errorf("%+v, %v", v, err)
	}
}

// Many pages of inactive conversations, some of the same second.
func TestInactivePages(t *testing.T) {
	f, o := overseen(t, 2)
	var want []conversation
	for i := range 250 {
		c := conversation{kind: messaging.Group, activity: f.clock.now().Add(time.Duration(i/9)*time.Minute - 1000*time.Hour)}
		if i%25 == 0 {
			c.activity = time.Time{}
		}
		want = append(want, f.insert(c))
	}
	slices.SortStableFunc(want, func(a, b conversation) int { return a.activity.Compare(b.activity) })
	i := 0
	if err := oversight.New(o).EachInactive(t.Context(), f.clock.now(), func(r oversight.Row) error {
		if i >= len(want) || r.ID != want[i].id {
			t.Fatalf("number %d is %d", i, r.ID)
		}
		i++
		return nil
	}); err != nil || i != len(want) {
		t.Errorf("%d of %d, %v", i, len(want), err)
	}
}

// Somebody writes while retention is at it: either the message is refused, or everything stays.
func TestRetentionRacesASend(t *testing.T) {
	f, o := overseen(t, 2)
	for range 8 {
		c := f.direct(f.users[0], f.users[1], "old").ConversationID
		f.clock.advance(1000 * time.Hour)
		before := f.clock.now().Add(-time.Hour)
		var purged bool
		var sent error
		mustAll(t, together(2, func(i int) (err error) {
			if i == 0 {
				purged, err = o.PurgeInactive(t.Context(), c, before, oversight.Entry{})
				return err
			}
			_, sent = f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[1], ConversationID: c, Content: content("new")})
			return but(sent, messaging.ErrNotParticipant)
		}))
		if purged == (sent == nil) {
			t.Errorf("purged %t, sent %v", purged, sent)
		}
	}
}

func TestLastRetention(t *testing.T) {
	f, _ := overseen(t, 1)
	if at, err := f.store.LastRetention(t.Context()); !at.IsZero() || err != nil {
		t.Errorf("%s, %v", at, err)
	}
	for _, want := range []time.Time{f.clock.now(), {}} {
		if err := f.store.SetLastRetention(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		if at, err := f.store.LastRetention(t.Context()); !at.Equal(want) || err != nil {
			t.Errorf("%s, %v; want %s", at, err, want)
		}
	}
}

// A process may die behind any statement of a purge: the next one leaves nothing of it.
func TestPurgeAfterACrash(t *testing.T) {
	f, _ := overseen(t, 3)
	// The driver's rollback comes from another goroutine.
	var left atomic.Int64
	var crash atomic.Pointer[context.CancelFunc]
	pool, err := mysqldb.Open(t.Context(), f.DSN, mysqldb.Options{OnQuery: func(context.Context, string, []any) {
		if left.Add(-1) == 0 {
			(*crash.Load())()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	store := f.storeOn(t, pool)
	crashes := 0
	for n := 1; ; n++ {
		c := f.group(f.users[0], f.users[1:]...).ConversationID
		f.send(f.users[1], c, canary)
		ctx, cancel := context.WithCancel(t.Context())
		crash.Store(&cancel)
		left.Store(int64(n))
		purged, err := store.Purge(ctx, c, 0)
		if err == nil {
			for swept := int64(1); swept > 0 && err == nil; {
				swept, err = store.SweepPurged(ctx, 1)
			}
		}
		cancel()
		if err == nil && left.Load() > 0 {
			if !purged || crashes < 8 {
				t.Errorf("purged %t behind %d crashes", purged, crashes)
			}
			return
		}
		crashes++
		if _, err := f.store.Purge(t.Context(), c, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := f.store.SweepPurged(t.Context(), 1000); err != nil {
			t.Fatal(err)
		}
		if found := f.whereIs(canary); found != nil {
			t.Fatalf("behind a crash at statement %d the text is in %v", n, found)
		}
		for _, table := range []string{"jt_pro_conversations", "jt_pro_conversation_participants", "jt_pro_messages"} {
			if n := f.Count(t, `SELECT COUNT(*) FROM {p}`+table); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		if events := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type = 'conversation.purged' AND conversation_id = ?`, c); events != 1 {
			t.Errorf("%d events behind a crash at statement %d", events, n)
		}
		if errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
	}
}
