package mysqlstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging/mysqlstore"
)

// Events that wait behind a failed one of their conversation, however many, keep no other's back. They are passed
// over where they stand, and nothing is sorted for it.
func TestBusyConversationHoldsUpItself(t *testing.T) {
	f := newFixture(t, 4)
	busy := f.direct(f.users[0], f.users[1], "busy").ConversationID
	f.deliver()
	f.send(f.users[0], busy, "fails")
	failed := uint64(f.due()[0]["id"].(float64))
	if err := f.store.Failed(t.Context(), failed, "a hook threw an exception"); err != nil {
		t.Fatal(err)
	}
	behind := f.send(f.users[0], busy, "waits")
	for range 12 { // 4,096 events
		f.Exec(t, `INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at)
			SELECT conversation_id, type, payload, created_at FROM {p}jt_sidecar_outbox WHERE id > ?`, failed)
	}
	f.direct(f.users[2], f.users[3], "others")
	f.Exec(t, `ANALYZE TABLE {p}jt_sidecar_outbox, {p}jt_sidecar_failures`)

	pool, trace := f.Traced(t)
	f.store = f.storeOn(t, pool)
	trace.Take()
	if got, want := kinds(f.due()), []string{"conversation.created", "message.sent"}; !slices.Equal(got, want) {
		t.Errorf("due are %v, want %v", got, want)
	}
	pending := trace.Take()[0]
	rows := f.DB.Explain(t, pending)
	for i, r := range rows {
		if i == 0 && (r.Table != "o" || r.Key != "PRIMARY") || strings.Contains(r.Extra, "filesort") || r.Type == "ALL" && r.Table == "first" {
			t.Errorf("%s: %s, key %q, %s, in\n%s", r.Table, r.Type, r.Key, r.Extra, pending.Query)
		}
	}

	f.clock.advance(time.Minute)
	events := f.due()
	if len(events) != 100 || events[0]["id"] != float64(failed) || events[1]["message_id"] != float64(behind) {
		t.Errorf("after the pause %d are due, first %v", len(events), events[0])
	}
}

// What is moot is dropped on the way, and hides nothing that is behind it.
func TestMootEventsInAnyNumber(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "one").ConversationID
	for i := range 250 {
		f.Exec(t, `INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at) VALUES (?, 'message.sent', ?, NOW())`,
			id, fmt.Sprintf(`{"conversation_id":%d,"user_id":%d,"message_id":%d}`, id, f.users[0], 1000+i))
	}
	f.read(f.users[1], id, 0)
	if got, want := kinds(f.due()), []string{"conversation.created", "message.sent", "conversation.read"}; !slices.Equal(got, want) {
		t.Errorf("due are %v, want %v", got, want)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox`); n != 3 {
		t.Errorf("%d rows, want 3", n)
	}
}

// The plugin remembers ids for a month: none is given twice, also where the database has forgotten which it gave to
// rows that are gone, as InnoDB does up to MySQL 5.7 when the server starts.
func TestEventIDsAreNeverGivenAgain(t *testing.T) {
	f := newFixture(t, 3)
	f.store.SetMailDelay(func() time.Duration { return 5 * time.Minute })
	newest := func() int { return f.Count(t, `SELECT COALESCE(MAX(id), 0) FROM {p}jt_sidecar_outbox`) }
	highest := 0
	for _, way := range []struct {
		name string
		gone func()
	}{
		{"delivered", func() { f.deliver() }},
		{"delivered after others", func() {
			f.deliver()
			f.send(f.users[0], f.direct(f.users[0], f.users[1], "one").ConversationID, "two")
			f.deliver()
		}},
		{"delivered one by one, the last first", func() {
			events := f.due()
			for _, e := range slices.Backward(events) {
				if err := f.store.Delivered(t.Context(), []uint64{uint64(e["id"].(float64))}); err != nil {
					t.Fatal(err)
				}
			}
		}},
		{"moot", func() {
			f.Exec(t, `DELETE FROM {p}jt_pro_messages`)
			f.deliver()
		}},
		{"too old", func() {
			f.clock.advance(mysqlstore.EventLifetime + time.Second)
			if n, err := f.store.DropEvents(t.Context(), 100); n == 0 || err != nil {
				t.Fatalf("%d dropped, %v", n, err)
			}
			if n, err := f.store.DropEvents(t.Context(), 100); n != 0 || err != nil {
				t.Errorf("%d dropped again, %v", n, err)
			}
		}},
		{"of an erased member", func() {
			f.deliver()
			f.clock.advance(5 * time.Minute)
			if n, err := f.store.QueueMail(t.Context()); n == 0 || err != nil {
				t.Fatalf("%d mails, %v", n, err)
			}
			highest = newest()
			f.erase(f.users[1])
		}},
		{"purged", func() {
			id := uint64(f.Count(t, `SELECT MAX(id) FROM {p}jt_pro_conversations`))
			if _, err := f.store.Purge(t.Context(), id, 1); err != nil {
				t.Fatal(err)
			}
			highest = newest()
			f.deliver()
		}},
		{"delivered and dropped by others at once", func() {
			events := f.due()
			other := f.storeOn(t, f.DB.DB)
			f.clock.advance(mysqlstore.EventLifetime + time.Second)
			mustAll(t, together(3, func(i int) error {
				if i == 0 {
					_, err := other.DropEvents(t.Context(), 100)
					return err
				}
				for _, e := range events {
					if err := f.store.Delivered(t.Context(), []uint64{uint64(e["id"].(float64))}); err != nil {
						return err
					}
				}
				return nil
			}))
		}},
	} {
		f.direct(f.users[0], f.users[1], "before")
		highest = max(highest, newest())
		way.gone()
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type <> 'delivered' OR conversation_id <> 0 OR payload <> '{}'`); n != 0 {
			t.Errorf("%s: %d rows tell of something", way.name, n)
		}
		if due := f.due(); len(due) != 0 {
			t.Errorf("%s: still due is %v", way.name, due)
		}
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox`); n != 1 {
			t.Errorf("%s: %d rows stay, want one", way.name, n)
		}
		if status, err := f.store.OutboxStatus(t.Context()); err != nil || status.Pending != 0 || status.OldestSeconds != 0 {
			t.Errorf("%s: status %+v, %v", way.name, status, err)
		}
		f.Exec(t, `ALTER TABLE {p}jt_sidecar_outbox AUTO_INCREMENT = 1`)
		f.send(f.users[0], f.direct(f.users[0], f.users[1], "behind").ConversationID, "behind")
		if got := int(f.due()[0]["id"].(float64)); got <= highest {
			t.Errorf("%s: id %d, but %d was given", way.name, got, highest)
		}
	}
}

// Nothing is left of the failures of an event that was dropped for its age.
func TestDroppedEventsLeaveNoFailures(t *testing.T) {
	f := newFixture(t, 2)
	f.direct(f.users[0], f.users[1], "old")
	for _, e := range f.due() {
		if err := f.store.Failed(t.Context(), uint64(e["id"].(float64)), "old error"); err != nil {
			t.Fatal(err)
		}
	}
	f.clock.advance(mysqlstore.EventLifetime + time.Second)
	if n, err := f.store.DropEvents(t.Context(), 100); n != 2 || err != nil {
		t.Errorf("%d dropped, %v", n, err)
	}
	if status, err := f.store.OutboxStatus(t.Context()); err != nil || status.LastError != "" {
		t.Errorf("status %+v, %v", status, err)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_failures`); n != 0 {
		t.Errorf("%d failures are left", n)
	}
}
