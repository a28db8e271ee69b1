package mysqlstore_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
)

// write appends n entries.
func writeLog(t *testing.T, o *mysqlstore.Oversight, n int) []oversight.Entry {
	t.Helper()
	var list []oversight.Entry
	for i := range n {
		e, err := o.Log(t.Context(), oversight.Entry{
			UserID: uint64(1 + i%2), Login: "admin", Address: "2001:db8::1", Action: oversight.ActionOpen,
			ConversationID: uint64(10 + i%3), Reason: oversight.ReasonCourt, Note: fmt.Sprintf("case %d ä🎉 ", i),
		})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func verify(t *testing.T, o *mysqlstore.Oversight) oversight.Verified {
	t.Helper()
	v, err := o.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAccessLog(t *testing.T) {
	f, o := overseen(t, 1)
	if v := verify(t, o); !v.Unchanged() || v.Rows != 0 {
		t.Errorf("empty: %+v", v)
	}
	var copied []oversight.Entry
	f.store.OnAccess(func(e oversight.Entry) { copied = append(copied, e) })
	written := writeLog(t, o, 7)
	if fmt.Sprint(copied) != fmt.Sprint(written) {
		t.Errorf("copied %v, written %v", copied, written)
	}
	v := verify(t, o)
	if !v.Unchanged() || v.Rows != 7 || v.Newest != 7 || v.Head != written[6].Hash {
		t.Errorf("%+v", v)
	}
	var read []oversight.Entry
	for q := (oversight.LogFilter{Limit: 3}); ; {
		entries, next, err := o.Entries(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if read = append(read, entries...); next == 0 {
			break
		}
		q.Before = next
	}
	slices.Reverse(read)
	if fmt.Sprint(read) != fmt.Sprint(written) {
		t.Errorf("read %v, written %v", read, written)
	}
	for _, test := range []struct {
		filter oversight.LogFilter
		want   string
	}{
		{oversight.LogFilter{UserID: 2}, "[6 4 2]"},
		{oversight.LogFilter{ConversationID: 10}, "[7 4 1]"},
		{oversight.LogFilter{UserID: 1, ConversationID: 10, Before: 7}, "[1]"},
	} {
		entries, _, err := o.Entries(t.Context(), test.filter)
		ids := []uint64{}
		for _, e := range entries {
			ids = append(ids, e.ID)
		}
		if err != nil || fmt.Sprint(ids) != test.want {
			t.Errorf("%+v: %v, %v", test.filter, ids, err)
		}
	}
	// WordPress hears of each, but not of what nobody did.
	if _, err := o.Log(t.Context(), oversight.Entry{Action: oversight.ActionRetention}); err != nil {
		t.Fatal(err)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type = 'access.logged'`); n != 7 {
		t.Errorf("%d events, want 7", n)
	}
}

// What is longer than a column is cut before it is hashed.
func TestAccessLogOfAnyLength(t *testing.T) {
	_, o := overseen(t, 1)
	long := strings.Repeat("🎉", 700) + "\xff"
	e, err := o.Log(t.Context(), oversight.Entry{UserID: 1, Login: long, Address: long, Action: oversight.ActionSearch, Note: "\xff" + long})
	if err != nil || len([]rune(e.Note)) != 500 {
		t.Fatalf("%+v, %v", e, err)
	}
	if v := verify(t, o); !v.Unchanged() || v.Rows != 1 {
		t.Errorf("%+v", v)
	}
}

// Whatever is done to the rows behind the service's back is found.
func TestAccessLogTampered(t *testing.T) {
	const rows = 5
	change := func(set string) string { return `UPDATE {p}jt_sidecar_access_log SET ` + set + ` WHERE id = 3` }
	head := func(id, hashOf int) string {
		return fmt.Sprintf(`UPDATE {p}jt_sidecar_state SET value = (
			SELECT CONCAT(%d, ':', LOWER(HEX(hash))) FROM {p}jt_sidecar_access_log WHERE id = %d) WHERE name = 'audit'`, id, hashOf)
	}
	for name, test := range map[string]struct {
		query  string
		broken int64 // -1 for none
		cut    bool
	}{
		"id":              {change("id = 99"), 4, false},
		"at":              {change("at = at + INTERVAL 1 SECOND"), 3, false},
		"user_id":         {change("user_id = 2"), 3, false},
		"login":           {change("login = 'Admin'"), 3, false},
		"address":         {change("address = ''"), 3, false},
		"action":          {change("action = 'text'"), 3, false},
		"conversation_id": {change("conversation_id = 0"), 3, false},
		"member_id":       {change("member_id = 1"), 3, false},
		"reason":          {change("reason = 'other'"), 3, false},
		"note":            {change("note = CONCAT(note, ' ')"), 3, false},
		"between columns": {change("login = CONCAT(login, LEFT(address, 1)), address = SUBSTRING(address, 2)"), 3, false},
		"previous":        {change("previous = REVERSE(previous)"), 3, false},
		"hash":            {change("hash = REVERSE(hash)"), 3, false},
		"one is put before the first": {`INSERT INTO {p}jt_sidecar_access_log SELECT 0, at, user_id, login, address, action, 1, member_id, reason, note, previous, hash
			FROM (SELECT * FROM {p}jt_sidecar_access_log WHERE id = 2) x`, 0, false},
		"one is put at the end": {`INSERT INTO {p}jt_sidecar_access_log SELECT 6, at, user_id, login, address, action, 1, member_id, reason, note, previous, hash
			FROM (SELECT * FROM {p}jt_sidecar_access_log WHERE id = 2) x`, 6, false},
		"the first is gone":         {`DELETE FROM {p}jt_sidecar_access_log WHERE id = 1`, 2, false},
		"one in the middle is gone": {`DELETE FROM {p}jt_sidecar_access_log WHERE id = 3`, 4, false},
		"the last is gone":          {`DELETE FROM {p}jt_sidecar_access_log WHERE id = 5`, -1, true},
		"the last two are gone":     {`DELETE FROM {p}jt_sidecar_access_log WHERE id > 3`, -1, true},
		"all are gone":              {`DELETE FROM {p}jt_sidecar_access_log`, -1, true},
		"the head is gone":          {`DELETE FROM {p}jt_sidecar_state WHERE name = 'audit'`, -1, true},
		"the head is nonsense":      {`UPDATE {p}jt_sidecar_state SET value = 'x' WHERE name = 'audit'`, -1, true},
		"the head is set back":      {head(2, 2), 3, false},
		"the head is of another":    {head(5, 2), 5, false},
		"the newest and its head":   {`UPDATE {p}jt_sidecar_state SET value = CONCAT('5:', REPEAT('0', 64)) WHERE name = 'audit'`, 5, false},
	} {
		t.Run(name, func(t *testing.T) {
			f, o := overseen(t, 1)
			writeLog(t, o, rows)
			f.Exec(t, test.query)
			v := verify(t, o)
			if broken := int64(v.Broken); v.IsBroken != (test.broken >= 0) || v.IsBroken && broken != test.broken || v.Cut != test.cut || v.Unchanged() {
				t.Errorf("%+v, want broken %d, cut %t", v, test.broken, test.cut)
			}
			// What is written on top makes nothing good.
			if _, err := o.Log(t.Context(), oversight.Entry{UserID: 1, Action: oversight.ActionOpen}); err != nil {
				t.Fatal(err)
			}
			if v := verify(t, o); v.Unchanged() {
				t.Errorf("after one more row: %+v", v)
			}
		})
	}
}

// A log that was made anew as a whole, hashes and head included, differs from the copies that left the database.
func TestAccessLogRewritten(t *testing.T) {
	f, o := overseen(t, 1)
	kept := writeLog(t, o, 3)
	f.Exec(t, `DELETE FROM {p}jt_sidecar_access_log`)
	f.Exec(t, `DELETE FROM {p}jt_sidecar_state WHERE name = 'audit'`)
	f.clock.advance(time.Second)
	writeLog(t, o, 3)
	same := 0
	v, err := o.Verify(t.Context(), func(e oversight.Entry) {
		if e.Hash == kept[e.ID-1].Hash {
			same++
		}
	})
	if err != nil || !v.Unchanged() || same != 0 {
		t.Errorf("%+v, %v, %d rows the same", v, err, same)
	}
}

// Many at a time, on two replicas, leave one chain.
func TestAccessLogConcurrently(t *testing.T) {
	f, o := overseen(t, 1)
	other := f.storeOn(t, f.DB.DB).Oversight()
	mustAll(t, together(16, func(i int) error {
		for range 5 {
			if _, err := []*mysqlstore.Oversight{o, other}[i%2].Log(t.Context(), oversight.Entry{UserID: uint64(i + 1), Action: oversight.ActionOpen}); err != nil {
				return err
			}
		}
		return nil
	}))
	if v := verify(t, o); !v.Unchanged() || v.Rows != 80 {
		t.Errorf("%+v", v)
	}
}

func TestVisits(t *testing.T) {
	f, o := overseen(t, 1)
	id := f.direct(f.users[0], f.users[0]+1, "x").ConversationID
	admin := oversight.Visitor{UserID: 1, Session: "session:a"}
	given := oversight.Given{Reason: oversight.ReasonPrivacy, Note: "case 7"}
	running := func(v oversight.Visitor, conversation uint64) bool {
		t.Helper()
		g, ok, err := o.Visit(t.Context(), v, conversation)
		if err != nil || ok && g != given {
			t.Fatalf("%+v, %v", g, err)
		}
		return ok
	}
	if running(admin, id) {
		t.Error("a visit before there was one")
	}
	for range 2 {
		if err := o.BeginVisit(t.Context(), admin, id, given); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		f.clock.advance(oversight.VisitLength - time.Second)
		if !running(admin, id) {
			t.Fatal("over while it was used")
		}
	}
	for name, v := range map[string]oversight.Visitor{
		"another session": {UserID: 1, Session: "session:b"}, "another admin": {UserID: 2, Session: "session:a"}, "no session": {UserID: 1},
	} {
		if running(v, id) {
			t.Errorf("a visit of %s", name)
		}
	}
	if running(admin, id+1) {
		t.Error("a visit to another conversation")
	}
	if n, err := f.store.ForgetVisits(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("forgotten while it ran: %d, %v", n, err)
	}
	f.clock.advance(oversight.VisitLength)
	if running(admin, id) {
		t.Error("it never ends")
	}
	if n, err := f.store.ForgetVisits(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("%d forgotten, %v", n, err)
	}
}

func TestHolds(t *testing.T) {
	f, o := overseen(t, 3)
	held := f.direct(f.users[0], f.users[1], "evidence").ConversationID
	free := f.direct(f.users[0], f.users[2], "nothing").ConversationID
	admin := oversight.Entry{UserID: 7, Action: oversight.ActionHold}
	hold := func(on bool) {
		t.Helper()
		if err := o.SetHold(t.Context(), held, on, "court order 12", admin); err != nil {
			t.Fatal(err)
		}
	}
	hold(true)
	hold(true) // changes nothing, and is no row of the log
	d, err := o.Detail(t.Context(), 0, held)
	if err != nil || !d.Held || d.Hold == nil || d.Hold.Reason != "court order 12" || d.Hold.By != 7 || !d.Hold.Since.Equal(f.clock.now()) {
		t.Errorf("%+v, %v", d.Hold, err)
	}
	if err := o.SetHold(t.Context(), 12345, true, "x", admin); !errors.Is(err, messaging.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}

	// Purge, from the page and from WordPress.
	if purged, err := o.Purge(t.Context(), held, oversight.Entry{}); purged || !errors.Is(err, oversight.ErrHeld) {
		t.Errorf("purge: %t, %v", purged, err)
	}
	if purged, err := f.store.Purge(t.Context(), held, 7); purged || !errors.Is(err, oversight.ErrHeld) {
		t.Errorf("purge by WordPress: %t, %v", purged, err)
	}
	// Retention.
	f.clock.advance(100 * 24 * time.Hour)
	inactive, err := o.Inactive(t.Context(), f.clock.now().Add(-24*time.Hour), nil, 10)
	if err != nil || fmt.Sprint(rowIDs(inactive)) != fmt.Sprint([]uint64{free}) {
		t.Errorf("inactive: %v, %v", rowIDs(inactive), err)
	}
	if purged, err := o.PurgeInactive(t.Context(), held, f.clock.now(), oversight.Entry{}); purged || err != nil {
		t.Errorf("retention: %t, %v", purged, err)
	}
	// Erasure: the rest goes, the answer says what stays.
	if _, done, err := f.store.Erase(t.Context(), f.users[0]); !done || err != nil {
		t.Fatalf("done %t, %v", done, err)
	}
	if n, err := f.store.Retained(t.Context(), f.users[0]); n != 1 || err != nil {
		t.Errorf("%d retained, %v", n, err)
	}
	texts := func(conversation uint64) string {
		thread, err := o.Thread(t.Context(), conversation, oversight.ThreadFilter{})
		if err != nil || len(thread.Messages) != 1 {
			t.Fatalf("%+v, %v", thread, err)
		}
		return thread.Messages[0].Excerpt
	}
	if texts(held) != "evidence" || texts(free) != "Message deleted" {
		t.Errorf("held %q, free %q", texts(held), texts(free))
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversations WHERE id = ? AND last_message_preview = 'evidence'`, held); n != 1 {
		t.Error("its preview was erased")
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`); n != 1 {
		t.Errorf("%d rows of the log, want 1", n)
	}

	// Lifted, all of it goes.
	hold(false)
	if _, done, err := f.store.Erase(t.Context(), f.users[0]); !done || err != nil || texts(held) != "Message deleted" {
		t.Errorf("done %t, %v, %q", done, err, texts(held))
	}
	if purged, err := o.Purge(t.Context(), held, oversight.Entry{}); !purged || err != nil {
		t.Errorf("purge: %t, %v", purged, err)
	}
}

// A hold and those who delete at the same moment: what the hold says it protects is there.
func TestHoldRaces(t *testing.T) {
	f, o := overseen(t, 2)
	for range 5 {
		id := f.direct(f.users[0], f.users[1], "evidence").ConversationID
		var mu sync.Mutex
		held, purged := false, false
		mustAll(t, together(3, func(i int) error {
			var err error
			switch i {
			case 0:
				err = o.SetHold(t.Context(), id, true, "x", oversight.Entry{})
				mu.Lock()
				held = err == nil
				mu.Unlock()
				return but(err, messaging.ErrNotFound)
			case 1:
				var ok bool
				ok, err = o.Purge(t.Context(), id, oversight.Entry{})
				mu.Lock()
				purged = ok
				mu.Unlock()
				return but(err, oversight.ErrHeld)
			}
			_, _, err = f.store.Erase(t.Context(), f.users[0])
			return err
		}))
		if held == purged {
			t.Errorf("held %t, purged %t", held, purged)
		}
		if held {
			if _, err := o.Detail(t.Context(), 0, id); err != nil {
				t.Error(err)
			}
			if err := o.SetHold(t.Context(), id, false, "", oversight.Entry{}); err != nil {
				t.Fatal(err)
			}
			if _, err := o.Purge(t.Context(), id, oversight.Entry{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
