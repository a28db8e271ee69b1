package mysqlstore_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"jetonomy-sidecar/messaging"
)

func TestPurge(t *testing.T) {
	f := newFixture(t, 3)
	id := f.direct(f.users[0], f.users[1], canary).ConversationID
	kept := f.direct(f.users[0], f.users[2], "kept").ConversationID
	f.send(f.users[1], id, canary)
	if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: f.users[0], ConversationID: id, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	event := f.Count(t, `SELECT MAX(id) FROM {p}jt_sidecar_outbox WHERE conversation_id = ?`, id)
	f.Exec(t, `INSERT INTO {p}jt_sidecar_failures (event_id, attempts, due_at, parked, error) VALUES (?, 11, NOW(), 1, 'x')`, event)

	if purged, err := f.store.Purge(t.Context(), id, 7); !purged || err != nil {
		t.Fatalf("%v, %v", purged, err)
	}
	if purged, err := f.store.Purge(t.Context(), id, 7); purged || err != nil {
		t.Errorf("again: %v, %v", purged, err)
	}
	// It is gone for everybody before its messages are.
	if _, err := f.store.Thread(t.Context(), f.users[0], id, messaging.ThreadQuery{Limit: 10}); !errors.Is(err, messaging.ErrNotParticipant) {
		t.Errorf("reading: %v", err)
	}
	if _, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[1], ConversationID: id, Content: content("x")}); !errors.Is(err, messaging.ErrNotParticipant) {
		t.Errorf("sending: %v", err)
	}
	if f.unread(f.users[0]) != 0 || fmt.Sprint(f.list(f.users[0], messaging.FilterAll)) != fmt.Sprint([]uint64{kept}) {
		t.Error("it is still in the inbox")
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages WHERE conversation_id = ?`, id); n != 2 {
		t.Errorf("%d messages before the sweep", n)
	}

	// The process that purged it died: another one sweeps.
	store := f.storeOn(t, f.DB.DB)
	for i, want := range []int64{1, 1, 0} {
		if n, err := store.SweepPurged(t.Context(), 1); n != want || err != nil {
			t.Errorf("sweep %d: %d, %v", i, n, err)
		}
	}
	if found := f.whereIs(canary); found != nil {
		t.Errorf("the text is in %v", found)
	}
	for table, want := range map[string]int{
		"jt_pro_messages": 1, "jt_pro_conversations": 1, "jt_pro_conversation_participants": 2,
		"jt_sidecar_blocks": 1, "jt_sidecar_failures": 0, "jt_sidecar_state WHERE name LIKE 'purge:%'": 0,
		"jt_sidecar_access_log": 1,
	} {
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}`+table); n != want {
			t.Errorf("%s has %d rows, want %d", table, n, want)
		}
	}
	payload := fmt.Sprintf(`{"conversation_id":%d,"user_id":7,"participant_ids":[%d,%d]}`, id, f.users[0], f.users[1])
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE conversation_id = ?`, id); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type = 'conversation.purged' AND payload = ?`, payload); n != 1 {
		t.Errorf("no event %s", payload)
	}

	// The block outlives the conversation, and the pair can have a new one without it.
	start := messaging.StartCommand{Sender: f.users[1], Recipients: []uint64{f.users[0]}, Content: content("new")}
	if _, err := f.store.StartDirect(t.Context(), start); !errors.Is(err, messaging.ErrCannotMessage) {
		t.Errorf("past the block: %v", err)
	}
	if n, _, err := f.store.Unblock(t.Context(), f.users[0], f.users[1]); n != 1 || err != nil {
		t.Errorf("unblock: %d, %v", n, err)
	}
	if o, err := f.store.StartDirect(t.Context(), start); err != nil || !o.Created || o.ConversationID == id {
		t.Errorf("a new conversation: %+v, %v", o, err)
	}
}

// Of many who purge, write, leave and read, one purges; nothing is left and nothing was told twice.
func TestPurgeRaces(t *testing.T) {
	f := newFixture(t, 3)
	for round := range 5 {
		id := f.group(f.users[0], f.users[1:]...).ConversationID
		var purged atomic.Int32
		mustAll(t, together(12, func(i int) error {
			switch {
			case i < 3:
				ok, err := f.store.Purge(t.Context(), id, 9)
				if ok {
					purged.Add(1)
				}
				if err == nil {
					_, err = f.store.SweepPurged(t.Context(), 1000)
				}
				return err
			case i == 3:
				_, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: f.users[2], ConversationID: id, Note: content("left")})
				return but(err, messaging.ErrNotParticipant)
			case i == 4:
				_, err := f.store.Read(t.Context(), messaging.ReadCommand{UserID: f.users[1], ConversationID: id})
				return but(err, messaging.ErrNotParticipant)
			}
			for range 3 {
				_, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[i%2], ConversationID: id, Content: content("x")})
				if err := but(err, messaging.ErrNotParticipant); err != nil {
					return err
				}
			}
			return nil
		}))
		if _, err := f.store.SweepPurged(t.Context(), 1000); err != nil {
			t.Fatal(err)
		}
		if purged.Load() != 1 {
			t.Errorf("round %d: %d purged it", round, purged.Load())
		}
		for _, table := range []string{"jt_pro_messages", "jt_pro_conversations", "jt_pro_conversation_participants", "jt_sidecar_state WHERE name LIKE 'purge:%'"} {
			if n := f.Count(t, `SELECT COUNT(*) FROM {p}`+table); n != 0 {
				t.Errorf("round %d: %d rows in %s", round, n, table)
			}
		}
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE conversation_id = ? AND type = 'conversation.purged'`, id); n != 1 {
			t.Errorf("round %d: %d events", round, n)
		}
	}
}

func but(err, allowed error) error {
	if errors.Is(err, allowed) {
		return nil
	}
	return err
}

// A conversation of any length is gone at once, and its messages batch by batch.
func TestPurgeOfManyMessages(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "first").ConversationID
	row := fmt.Sprintf("(%d, %d, 'x', 'x', NOW())", id, f.users[0])
	f.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at) VALUES `+row+strings.Repeat(", "+row, 1999))
	if purged, err := f.store.Purge(t.Context(), id, 1); !purged || err != nil {
		t.Fatalf("%v, %v", purged, err)
	}
	for i, want := range []int64{1500, 501} {
		if n, err := f.store.SweepPurged(t.Context(), 1500); n != want || err != nil {
			t.Errorf("sweep %d: %d, %v; want %d", i, n, err, want)
		}
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); n != 0 {
		t.Errorf("%d messages are left", n)
	}
}
