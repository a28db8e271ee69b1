package mysqlstore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
)

// hold sets or lifts a hold.
func (f *fixture) hold(o *mysqlstore.Oversight, conversation uint64, on bool) {
	f.t.Helper()
	if err := o.SetHold(f.t.Context(), conversation, on, "court order 12", oversight.Entry{UserID: 7, Action: oversight.ActionHold}); err != nil {
		f.t.Fatal(err)
	}
}

// finish finishes what erasures owe and says of how many members.
func (f *fixture) finish() int {
	f.t.Helper()
	for n := range 100 {
		more, err := f.store.FinishErasure(f.t.Context())
		if err != nil {
			f.t.Fatal(err)
		}
		if !more {
			return n
		}
	}
	f.t.Fatal("the erasures never end")
	return 0
}

// owed says how many members' erasures wait for a hold.
func (f *fixture) owed() int {
	f.t.Helper()
	n, err := f.store.HeldErasures(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return n
}

func (f *fixture) delete(user uint64) {
	f.t.Helper()
	f.Exec(f.t, `DELETE FROM {p}users WHERE ID = ?`, user)
	f.Exec(f.t, `DELETE FROM {p}jt_user_profiles WHERE user_id = ?`, user)
}

// A deleted member's text under a hold goes when the last hold is lifted, though nobody asks for it again, and
// also if another process comes to it.
func TestHeldTextOfDeletedMemberGoesWithTheHold(t *testing.T) {
	f, o := overseen(t, 3)
	me := f.users[0]
	one, two := f.direct(me, f.users[1], canary).ConversationID, f.direct(me, f.users[2], canary).ConversationID
	f.hold(o, one, true)
	f.hold(o, two, true)
	f.delete(me)
	if n := f.erase(me); n != 0 {
		t.Errorf("%d removed under holds", n)
	}
	if f.owed() != 1 || f.finish() != 0 || f.whereIs(canary) == nil {
		t.Fatalf("%d wait, the text is in %v", f.owed(), f.whereIs(canary))
	}

	f.hold(o, one, false)
	if n := f.finish(); n != 1 || f.owed() != 1 {
		t.Errorf("after the first: %d gone on with, %d wait", n, f.owed())
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE content_plain = ?`, canary); n != 1 {
		t.Errorf("%d messages have their text, want that of the other hold", n)
	}

	f.hold(o, two, false)
	f.store = f.storeOn(t, f.DB.DB)
	if n := f.finish(); n != 1 || f.owed() != 0 || f.finish() != 0 {
		t.Errorf("after the last: %d gone on with, %d wait", n, f.owed())
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_state WHERE name LIKE 'owed%' OR name LIKE 'erase%'`); n != 0 {
		t.Errorf("%d rows are left of the erasure", n)
	}
	f.exact()
}

// A member who stays asked for what there was then. What they write and whom they block later is not part of it.
func TestHeldErasureOfMemberWhoStays(t *testing.T) {
	f, o := overseen(t, 4)
	me := f.users[0]
	held, free := f.direct(me, f.users[1], canary).ConversationID, f.direct(me, f.users[2], canary).ConversationID
	f.hold(o, held, true)
	f.erase(me)
	f.send(me, held, "later, here")
	f.send(me, free, "later, there")
	f.block(me, f.users[3])

	f.hold(o, held, false)
	if n := f.finish(); n != 1 || f.owed() != 0 {
		t.Errorf("%d gone on with, %d wait", n, f.owed())
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	for _, text := range []string{"later, here", "later, there"} {
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE content_plain = ?`, text); n != 1 {
			t.Errorf("%q was erased with what was before", text)
		}
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_blocks WHERE blocker_id = ?`, me); n != 1 {
		t.Error("their block was taken back")
	}
	f.exact()
}

// Whoever is asked for again owes what is held now, and no more.
func TestHeldErasureIsAskedForAgain(t *testing.T) {
	f, o := overseen(t, 2)
	me := f.users[0]
	id := f.direct(me, f.users[1], canary).ConversationID
	f.hold(o, id, true)
	f.erase(me)
	f.send(me, id, canary)
	f.erase(me)
	f.hold(o, id, false)
	f.finish()
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	f.send(me, id, canary)
	f.hold(o, id, true)
	f.erase(me)
	f.hold(o, id, false)
	if n := f.erase(me); n != 1 || f.owed() != 0 || f.finish() != 0 {
		t.Errorf("%d removed by the member's own second request, %d wait", n, f.owed())
	}
}

// The name of a deleted member in what others noted goes with the hold, too. By then no account and no index
// knows it.
func TestHeldNoteLosesTheNameOfDeletedMember(t *testing.T) {
	f, o := overseen(t, 4)
	me, other := f.users[0], f.users[1]
	id := f.group(other, f.users[2:]...).ConversationID
	if _, err := f.store.Add(t.Context(), messaging.AddCommand{
		By: other, ConversationID: id, Members: []uint64{me}, Limit: 20, Names: map[uint64]string{me: "Member1"},
		Note: func(list []string) messaging.Content { return content("Member2 added " + strings.Join(list, ", ")) },
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.SyncNames(t.Context(), 0, 100); err != nil {
		t.Fatal(err)
	}
	f.hold(o, id, true)
	f.delete(me)
	f.erase(me)
	if f.owed() != 1 {
		t.Fatal("nothing waits for the hold")
	}
	if _, err := f.store.SyncNames(t.Context(), 0, 100); err != nil {
		t.Fatal(err)
	}
	f.hold(o, id, false)
	f.finish()
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE content_plain = 'Member2 added A former member'`); n != 1 {
		t.Error("the note has the name still")
	}
	if found := f.whereIs("Member1"); found != nil {
		t.Errorf("the name is in %v", found)
	}
	f.exact()
}

// What a hold keeps of somebody else's is no reason to wait.
func TestNothingIsOwedOfOthersMessages(t *testing.T) {
	f, o := overseen(t, 3)
	me := f.users[0]
	f.hold(o, f.direct(f.users[1], me, "theirs").ConversationID, true)
	f.hold(o, f.group(f.users[1], f.users[2], me).ConversationID, true)
	erased := f.direct(me, f.users[2], canary).ConversationID
	f.erase(me)
	f.hold(o, erased, true)
	f.erase(me)
	if n := f.owed(); n != 0 {
		t.Errorf("%d wait", n)
	}
}

// Whatever comes first, a hold that is lifted while a member is erased leaves nothing.
func TestLiftingRacesErasing(t *testing.T) {
	f, o := overseen(t, 2)
	me := f.users[0]
	id := f.direct(me, f.users[1], canary).ConversationID
	f.manyMessages(id, me, 1200)
	for range 5 {
		f.hold(o, id, true)
		f.manyMessages(id, me, 100)
		mustAll(t, together(4, func(i int) error {
			if i == 0 {
				return o.SetHold(t.Context(), id, false, "", oversight.Entry{})
			}
			if i == 1 {
				_, err := f.store.FinishErasure(t.Context())
				return err
			}
			for done := false; !done; {
				var err error
				if _, done, err = f.store.Erase(t.Context(), me); err != nil {
					return err
				}
			}
			return nil
		}))
		f.finish()
		if n := f.owed(); n != 0 {
			t.Fatalf("%d wait", n)
		}
		if found := f.whereIs(canary); found != nil {
			t.Fatalf("the text is in %v", found)
		}
	}
	f.exact()
}

// Whom no lifted hold concerns costs the background one look into a key.
func TestLookingForErasuresIsCheap(t *testing.T) {
	f, o := overseen(t, 2)
	f.hold(o, f.direct(f.users[0], f.users[1], canary).ConversationID, true)
	f.erase(f.users[0])
	for i := range 500 {
		f.Exec(t, `INSERT INTO {p}jt_sidecar_state (name, value) VALUES (?, '')`, fmt.Sprint("other:", i))
	}
	pool, trace := f.Traced(t)
	store := f.storeOn(t, pool)
	trace.Take()
	if more, err := store.FinishErasure(t.Context()); more || err != nil {
		t.Errorf("%v, %v", more, err)
	}
	statements := trace.Take()
	if len(statements) > 2 {
		t.Errorf("%d statements", len(statements))
	}
	for _, s := range statements {
		rows := f.DB.Explain(t, s)
		for _, r := range rows {
			if r.Type == "ALL" || r.Type == "index" || strings.Contains(r.Extra, "filesort") {
				t.Errorf("%+v, in\n%s", r, s.Query)
			}
		}
	}
	f.clock.advance(365 * 24 * time.Hour)
	if f.owed() != 1 {
		t.Error("a year later nothing waits any more")
	}
}
