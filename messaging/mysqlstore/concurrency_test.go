package mysqlstore_test

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"jetonomy-sidecar/messaging"
)

func TestParallelStartsOfOnePairMakeOneConversation(t *testing.T) {
	f := newFixture(t, 2)
	outcomes := make([]messaging.Outcome, 100)
	mustAll(t, together(100, func(i int) (err error) {
		from, to := f.users[i%2], f.users[(i+1)%2]
		outcomes[i], err = f.store.StartDirect(t.Context(), messaging.StartCommand{Sender: from, Recipients: []uint64{to}, Content: content(fmt.Sprint(i))})
		return err
	}))
	created := 0
	messages := map[uint64]bool{}
	for _, o := range outcomes {
		if o.ConversationID != outcomes[0].ConversationID {
			t.Fatalf("conversations %d and %d", o.ConversationID, outcomes[0].ConversationID)
		}
		messages[o.MessageID] = true
		if o.Created {
			created++
		}
	}
	if created != 1 {
		t.Errorf("%d of 100 made the conversation, want 1", created)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversations`); n != 1 {
		t.Errorf("%d conversations, want 1", n)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants`); n != 2 {
		t.Errorf("%d participants, want 2", n)
	}
	if c := f.view(f.users[0], outcomes[0].ConversationID); len(messages) != 100 || c.MessageCount != 100 {
		t.Errorf("%d different messages, message_count %d, want 100", len(messages), c.MessageCount)
	}
}

// Readers poll while 50 members' sends run: what they see never has a gap that fills up later, and
// at the end everybody's unread count is exact.
func TestParallelSendsAreOrderedAndCounted(t *testing.T) {
	f := newFixture(t, 5)
	id := f.group(f.users[0], f.users[1:]...).ConversationID
	for _, u := range f.users {
		f.read(u, id, 0)
	}

	done := make(chan struct{})
	var seen []uint64
	polled := make(chan error, 1)
	go func() {
		var err error
		defer func() { polled <- err }()
		after := uint64(0)
		for last := false; ; {
			page, e := f.store.Thread(t.Context(), f.users[4], id, messaging.ThreadQuery{After: after, HasAfter: true, Limit: 100})
			if e != nil {
				err = e
				return
			}
			for _, m := range page.Messages {
				seen = append(seen, m.ID)
			}
			after = max(after, page.Newest())
			if last {
				return
			}
			select {
			case <-done:
				last = true
			default:
			}
		}
	}()

	var sentBy [5]atomic.Int32
	errs := together(50, func(i int) error {
		who := i % 4 // the fifth only reads
		_, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[who], ConversationID: id, Content: content(fmt.Sprint(i))})
		sentBy[who].Add(1)
		return err
	})
	close(done)
	mustAll(t, errs)
	if err := <-polled; err != nil {
		t.Fatal(err)
	}

	page, err := f.store.Thread(t.Context(), f.users[4], id, messaging.ThreadQuery{HasAfter: true, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var stored []uint64
	for _, m := range page.Messages {
		stored = append(stored, m.ID)
	}
	if len(stored) != 51 || !slices.IsSorted(stored) {
		t.Fatalf("%d messages, sorted %v, want 51 in order", len(stored), slices.IsSorted(stored))
	}
	if !slices.Equal(seen, stored) {
		t.Errorf("a poll that never looked back saw %d of %d messages", len(seen), len(stored))
	}
	if c := f.view(f.users[4], id); c.UnreadCount != 50 || !c.Unread || c.MessageCount != 51 {
		t.Errorf("reader: unread %v, %d messages of %d, want 50 of 51", c.Unread, c.UnreadCount, c.MessageCount)
	}
	for _, u := range f.users {
		c := f.view(u, id)
		exact := f.Count(t, `
			SELECT COUNT(*) FROM {p}jt_pro_messages m JOIN {p}jt_pro_conversation_participants p USING (conversation_id)
			WHERE p.user_id = ? AND m.id > p.jts_last_read_id AND m.sender_id <> p.user_id`, u)
		if c.UnreadCount != exact || c.Unread != (exact > 0) {
			t.Errorf("user %d: unread %v with %d messages, counted %d", u, c.Unread, c.UnreadCount, exact)
		}
	}
}

func TestParallelAddsNeverPassTheLimit(t *testing.T) {
	f := newFixture(t, 30)
	id := f.group(f.users[0], f.users[1:18]...).ConversationID // 18 take part
	errs := together(12, func(i int) error {
		_, err := f.store.Add(t.Context(), messaging.AddCommand{
			By: f.users[i%18], ConversationID: id, Members: []uint64{f.users[18+i]}, Limit: messaging.MaxGroup,
			Names: map[uint64]string{}, Note: func([]string) messaging.Content { return content("added") },
		})
		return err
	})
	added := 0
	for _, err := range errs {
		switch {
		case err == nil:
			added++
		case !errors.Is(err, messaging.TooManyParticipants(messaging.MaxGroup)):
			t.Errorf("refused with %v", err)
		}
	}
	n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE conversation_id = ? AND jts_folder <> 0`, id)
	if added != 2 || n != messaging.MaxGroup {
		t.Errorf("%d added, %d take part, want 2 and %d", added, n, messaging.MaxGroup)
	}
}

// A message that races a block is sent before it or refused: none has an id above what was the newest
// when the block was answered.
func TestBlockRacesSend(t *testing.T) {
	f := newFixture(t, 2)
	for round := range 10 {
		id := f.direct(f.users[0], f.users[1], "hello").ConversationID
		var newest atomic.Uint64
		errs := together(9, func(i int) error {
			if i == 4 {
				_, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: f.users[1], ConversationID: id, Value: value(true)})
				newest.Store(f.view(f.users[1], id).LastMessageID)
				return err
			}
			_, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[0], ConversationID: id, Content: content("again")})
			if errors.Is(err, messaging.ErrCannotMessage) {
				return nil
			}
			return err
		})
		mustAll(t, errs)
		if last := f.view(f.users[0], id).LastMessageID; last != newest.Load() {
			t.Fatalf("round %d: message %d came after the block, which saw %d", round, last, newest.Load())
		}
		if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: f.users[1], ConversationID: id, Value: value(false)}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestParallelRequestsWithOneKeyActOnce(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "hello").ConversationID
	request := messaging.Request{Key: "key-1", Fingerprint: [32]byte{1}}
	outcomes := make([]messaging.Outcome, 20)
	mustAll(t, together(20, func(i int) (err error) {
		outcomes[i], err = f.store.Send(t.Context(), messaging.SendCommand{Request: request, Sender: f.users[0], ConversationID: id, Content: content("once")})
		return err
	}))
	first := 0
	for _, o := range outcomes {
		if o.MessageID != outcomes[0].MessageID {
			t.Errorf("messages %d and %d", o.MessageID, outcomes[0].MessageID)
		}
		if !o.Replayed {
			first++
		}
	}
	if c := f.view(f.users[1], id); c.MessageCount != 2 || first != 1 {
		t.Errorf("%d messages, %d first answers, want 2 and 1", c.MessageCount, first)
	}
	// The same key of the same member for something else, of another member, and after it was used.
	other := request
	other.Fingerprint = [32]byte{2}
	if _, err := f.store.Send(t.Context(), messaging.SendCommand{Request: other, Sender: f.users[0], ConversationID: id, Content: content("else")}); !errors.Is(err, messaging.ErrKeyReused) {
		t.Errorf("another wish with the same key: %v", err)
	}
	if o, err := f.store.Send(t.Context(), messaging.SendCommand{Request: request, Sender: f.users[1], ConversationID: id, Content: content("mine")}); err != nil || o.Replayed {
		t.Errorf("the same key of another member: %+v, %v", o, err)
	}
	f.clock.advance(31 * 24 * 60 * 60 * 1e9)
	if n, err := f.store.ForgetRequests(t.Context(), 100); err != nil || n != 2 {
		t.Errorf("forgot %d keys, %v; want 2", n, err)
	}
}

// A toggle that is repeated with its key does not turn back.
func TestRepeatedToggle(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "hello").ConversationID
	command := messaging.StateCommand{Request: messaging.Request{Key: "k"}, UserID: f.users[0], ConversationID: id}
	for range 3 {
		if o, err := f.store.SetMuted(t.Context(), command); err != nil || !o.Value {
			t.Fatalf("%+v, %v", o, err)
		}
	}
	if !f.view(f.users[0], id).Muted {
		t.Error("not muted")
	}
}

func TestSendRacesLeave(t *testing.T) {
	f := newFixture(t, 3)
	for range 10 {
		id := f.group(f.users[0], f.users[1:]...).ConversationID
		errs := together(6, func(i int) error {
			if i == 3 {
				_, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: f.users[1], ConversationID: id, Note: content("left")})
				return err
			}
			_, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[1], ConversationID: id, Content: content("x")})
			if errors.Is(err, messaging.ErrNotParticipant) {
				return nil
			}
			return err
		})
		mustAll(t, errs)
		if last := f.Count(t, `SELECT is_system FROM {p}jt_pro_messages WHERE conversation_id = ? ORDER BY id DESC LIMIT 1`, id); last != 1 {
			t.Fatal("a message of the member who left stands behind the note that they left")
		}
	}
}
