package mysqlstore_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// The process dies after any statement, each time somewhat further, and another one goes on.
func TestEraseAfterCrashes(t *testing.T) {
	f := newFixture(t, 30)
	me := f.users[0]
	for _, other := range f.users[1:20] {
		f.direct(me, other, canary)
	}
	group := f.group(f.users[1], f.users[20:]...).ConversationID
	name := map[uint64]string{me: "Member1"}
	if _, err := f.store.Add(t.Context(), messaging.AddCommand{
		By: f.users[1], ConversationID: group, Members: []uint64{me}, Limit: 20, Names: name,
		Note: func(list []string) messaging.Content { return content("Member2 added " + strings.Join(list, ", ")) },
	}); err != nil {
		t.Fatal(err)
	}
	f.manyMessages(group, me, 1100)

	crashes := 0
	for n := int64(1); ; n += 5 {
		ctx, crash := context.WithCancel(t.Context())
		var left atomic.Int64 // statements until the crash
		pool, err := mysqldb.Open(t.Context(), f.DSN, mysqldb.Options{OnQuery: func(context.Context, string, []any) {
			if left.Add(-1) == 0 {
				crash()
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		store := f.storeOn(t, pool)
		left.Store(n)
		_, done, err := store.Erase(ctx, me)
		crash()
		pool.Close()
		if done {
			break
		}
		if err != nil {
			crashes++
		}
	}
	if crashes < 5 {
		t.Errorf("only %d crashes", crashes)
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE content_plain = 'Member2 added A former member'`); n != 1 {
		t.Errorf("%d notes without the name, want 1", n)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE sender_id = ? AND content_plain <> ?`, me, tombstone(t)); n != 0 {
		t.Errorf("%d messages have another text than the tombstone", n)
	}
	f.exact()
}

// A call is of bounded size, whatever there is, and goes on where the one before stopped.
func TestEraseGoesOn(t *testing.T) {
	f := newFixture(t, 3)
	me := f.users[0]
	a, b := f.direct(me, f.users[1], canary).ConversationID, f.direct(me, f.users[2], canary).ConversationID
	for range 3 {
		f.manyMessages(a, me, 6000)
	}
	f.manyMessages(b, me, 3000)

	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)
	total, calls := 0, 0
	for done := false; !done; calls++ {
		trace.Take()
		n, ended, err := store.Erase(t.Context(), me)
		if err != nil {
			t.Fatal(err)
		}
		if total, done = total+n, ended; n > 5000 {
			t.Errorf("call %d rewrote %d messages", calls, n)
		}
		walked := 0
		for _, s := range trace.Take() {
			if strings.Contains(s.Query, "FORCE INDEX (jts_sender)") {
				walked++
				rows := f.DB.Explain(t, s)
				// The table of holds is looked at row by row, by its key.
				held := len(rows) == 2 && rows[1].Key == "PRIMARY" && !strings.Contains(rows[1].Extra, "temporary")
				if len(rows) != 1 && !held || rows[0].Key != "jts_sender" || strings.Contains(rows[0].Extra, "filesort") {
					t.Fatalf("%+v, in\n%s", rows, s.Query)
				}
			}
		}
		if walked > 90 {
			t.Errorf("call %d read %d times", calls, walked)
		}
	}
	if total != 21_002 || calls < 5 || calls > 10 {
		t.Errorf("%d messages in %d calls", total, calls)
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	f.exact()
}

// An erasure that nobody went on with starts anew, with all that was written since.
func TestEraseStartsAnew(t *testing.T) {
	f := newFixture(t, 2)
	me := f.users[0]
	id := f.direct(me, f.users[1], canary).ConversationID
	state := func(at time.Time) {
		f.Exec(t, `REPLACE INTO {p}jt_sidecar_state (name, value) VALUES (?, ?)`, fmt.Sprintf("erase:%d", me),
			fmt.Sprintf(`{"after":1000000,"changed":false,"group":0,"note":0,"at":%q}`, at.Format(time.RFC3339)))
	}
	state(f.clock.now().Add(-time.Minute))
	if n := f.erase(me); n != 0 {
		t.Errorf("%d rewritten behind the place where it stood", n)
	}
	state(f.clock.now().Add(-2 * time.Hour))
	if n := f.erase(me); n != 1 {
		t.Errorf("%d rewritten, want all that there is", n)
	}
	f.send(me, id, canary)
	f.Exec(t, `REPLACE INTO {p}jt_sidecar_state (name, value) VALUES (?, '12345')`, fmt.Sprintf("erase:%d", me))
	if n := f.erase(me); n != 1 {
		t.Errorf("%d rewritten from a place that cannot be read, want 1", n)
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
}

// A call rewrites a bounded part, and a crash between two calls loses nothing.
func TestEraseIsResumed(t *testing.T) {
	f := newFixture(t, 62)
	me := f.users[0]
	for _, other := range f.users[1:] {
		f.direct(me, other, canary)
	}
	n, done, err := f.store.Erase(t.Context(), me)
	if err != nil || done || n != 50 {
		t.Fatalf("first call: %d, %v, %v", n, done, err)
	}
	f.clock.advance(time.Hour)
	f.store = f.storeOn(t, f.DB.DB)
	if n := f.erase(me); n != 11 {
		t.Errorf("%d in further calls, want 11", n)
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
}
