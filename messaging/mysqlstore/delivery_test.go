package mysqlstore_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
)

// due gives what may be delivered now, decoded.
func (f *fixture) due() []map[string]any {
	f.t.Helper()
	events, err := f.store.Due(f.t.Context(), 100)
	if err != nil {
		f.t.Fatal(err)
	}
	var decoded []map[string]any
	for _, e := range events {
		var body map[string]any
		if err := json.Unmarshal(e.Body, &body); err != nil {
			f.t.Fatal(err)
		}
		if uint64(body["id"].(float64)) != e.ID {
			f.t.Errorf("event %d says that it is %v", e.ID, body["id"])
		}
		decoded = append(decoded, body)
	}
	return decoded
}

func kinds(events []map[string]any) []string {
	var list []string
	for _, e := range events {
		list = append(list, fmt.Sprint(e["type"]))
	}
	return list
}

func ids(v any) []uint64 {
	list := []uint64{}
	for _, x := range v.([]any) {
		list = append(list, uint64(x.(float64)))
	}
	return list
}

// deliver delivers all that is due, as a WordPress that can handle everything.
func (f *fixture) deliver() []map[string]any {
	f.t.Helper()
	events := f.due()
	var done []uint64
	for _, e := range events {
		done = append(done, uint64(e["id"].(float64)))
	}
	if len(done) > 0 {
		if err := f.store.Delivered(f.t.Context(), done); err != nil {
			f.t.Fatal(err)
		}
	}
	return events
}

func TestEventsTellWhoIsToBeTold(t *testing.T) {
	f := newFixture(t, 6)
	sender, plain, muted, left, blocker, banned := f.users[0], f.users[1], f.users[2], f.users[3], f.users[4], f.users[5]
	direct := f.direct(blocker, sender, "x").ConversationID
	group := f.group(sender, plain, muted, left, blocker, banned).ConversationID
	f.deliver()

	if _, err := f.store.SetMuted(t.Context(), messaging.StateCommand{UserID: muted, ConversationID: group}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: left, ConversationID: group, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: blocker, ConversationID: direct}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, `INSERT INTO {p}jt_restrictions (user_id, type) VALUES (?, 'global_ban')`, banned)
	f.store = f.storeOn(t, f.DB.DB) // with nobody cached
	message := f.send(sender, group, "to the group")

	events := f.deliver()
	if got, want := kinds(events), []string{"conversation.left", "conversation.blocked", "message.sent"}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	sent := events[2]
	if sent["preview"] != "to the group" || sent["message_id"] != float64(message) || sent["user_id"] != float64(sender) {
		t.Errorf("%v", sent)
	}
	if got, want := ids(sent["participant_ids"]), []uint64{plain, muted, blocker, banned}; !slices.Equal(got, want) {
		t.Errorf("participants %v, want %v", got, want)
	}
	for _, list := range []string{"recipient_ids", "unread_ids"} {
		if got, want := ids(sent[list]), []uint64{plain}; !slices.Equal(got, want) {
			t.Errorf("%s %v, want %v", list, got, want)
		}
	}
	if n := len(f.due()); n != 0 {
		t.Errorf("%d events after all were delivered", n)
	}
}

// A message's text is in one place: events carry it only on the wire.
func TestOutboxHoldsNoText(t *testing.T) {
	f := newFixture(t, 2)
	f.direct(f.users[0], f.users[1], "canary-text")
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE payload LIKE '%canary%'`); n != 0 {
		t.Error("the text is in the outbox")
	}
}

func TestWhatWasReadIsNotUnreadAnyMore(t *testing.T) {
	f := newFixture(t, 2)
	id := f.direct(f.users[0], f.users[1], "one").ConversationID
	f.read(f.users[1], id, 0)
	if events := f.deliver(); !slices.Equal(kinds(events), []string{"conversation.created", "message.sent", "conversation.read"}) ||
		len(ids(events[1]["unread_ids"])) != 0 || len(ids(events[1]["recipient_ids"])) != 1 || len(ids(events[2]["unread_ids"])) != 0 {
		t.Errorf("%v", events)
	}
	// Read, and written to again before the event is on its way: the bell must not go.
	f.send(f.users[0], id, "two")
	f.read(f.users[1], id, 0)
	f.send(f.users[0], id, "three")
	events := f.deliver()
	if got, want := kinds(events), []string{"message.sent", "conversation.read", "message.sent"}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if got, want := ids(events[1]["unread_ids"]), []uint64{f.users[1]}; !slices.Equal(got, want) {
		t.Errorf("still unread for %v, want %v", got, want)
	}
	// Sent, and purged before it is on its way.
	f.send(f.users[0], id, "four")
	f.Exec(t, `DELETE FROM {p}jt_pro_messages`)
	if got := kinds(f.deliver()); len(got) != 0 {
		t.Errorf("%v, want none", got)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type <> 'delivered'`); n != 0 {
		t.Errorf("%d events left", n)
	}
}

// WordPress is slow with a reading when the next message comes. That message does not overtake: its bell would
// be rung, and then taken away by the reading.
func TestMessageStaysBehindReading(t *testing.T) {
	f := newFixture(t, 2)
	reader := f.users[1]
	id := f.direct(f.users[0], reader, "one").ConversationID
	f.deliver()
	f.read(reader, id, 0)
	if events := f.due(); !slices.Equal(kinds(events), []string{"conversation.read"}) || len(ids(events[0]["unread_ids"])) != 0 {
		t.Fatalf("first delivery, not answered: %v", events)
	}
	f.send(f.users[0], id, "two")
	events := f.deliver()
	if got, want := kinds(events), []string{"conversation.read", "message.sent"}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for _, e := range events {
		if got, want := ids(e["unread_ids"]), []uint64{reader}; !slices.Equal(got, want) {
			t.Errorf("%s: still unread for %v, want %v", e["type"], got, want)
		}
	}
	// Reading everything says the same.
	f.send(f.users[0], id, "three")
	if n, err := f.store.ReadAll(t.Context(), reader); n != 1 || err != nil {
		t.Fatalf("read all: %d, %v", n, err)
	}
	events = f.deliver()
	if got, want := kinds(events), []string{"message.sent", "conversation.read"}; !slices.Equal(got, want) || len(ids(events[1]["unread_ids"])) != 0 {
		t.Errorf("%v, want %v with nothing unread", events, want)
	}
}

// Whoever answers has read what was there: it is told like any reading, once, so that the bell goes.
func TestAnsweringIsReading(t *testing.T) {
	f := newFixture(t, 3)
	from, me := f.users[0], f.users[1]
	direct := f.direct(from, me, "one").ConversationID
	group := f.group(from, me, f.users[2]).ConversationID
	f.deliver()
	answers := map[string]func(){
		"sent":    func() { f.send(me, direct, "answer") },
		"started": func() { f.direct(me, from, "answer") },
		"group":   func() { f.send(me, group, "answer") },
	}
	for name, answer := range answers {
		conversation := direct
		if name == "group" {
			conversation = group
		}
		newest := f.send(from, conversation, "news")
		f.deliver()
		answer()
		f.read(me, conversation, 0)
		events := f.deliver()
		if got, want := kinds(events), []string{"conversation.read", "message.sent"}; !slices.Equal(got, want) {
			t.Fatalf("%s: %v, want %v", name, got, want)
		}
		read := events[0]
		if read["user_id"] != float64(me) || read["conversation_id"] != float64(conversation) || read["message_id"] != float64(newest) || len(ids(read["unread_ids"])) != 0 {
			t.Errorf("%s: %v", name, read)
		}
		// With nothing unread there is nothing to tell, and others have not read anything.
		answer()
		if got, want := kinds(f.deliver()), []string{"message.sent"}; !slices.Equal(got, want) {
			t.Errorf("%s again: %v, want %v", name, got, want)
		}
		f.read(from, conversation, 0)
		f.deliver()
	}
	// A message that comes before this is told keeps the bell.
	f.send(from, direct, "news")
	f.deliver()
	f.send(me, direct, "answer")
	f.send(from, direct, "more news")
	events := f.deliver()
	if got, want := kinds(events), []string{"conversation.read", "message.sent", "conversation.read", "message.sent"}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if got, want := ids(events[0]["unread_ids"]), []uint64{me}; !slices.Equal(got, want) {
		t.Errorf("still unread for %v, want %v", got, want)
	}
}

// Who has left a conversation, or is gone from it, has nothing unread in it.
func TestReadingOfOneWhoLeft(t *testing.T) {
	f := newFixture(t, 3)
	id := f.group(f.users[0], f.users[1:]...).ConversationID
	f.deliver()
	for _, reader := range f.users[1:] {
		f.read(reader, id, 0)
	}
	f.send(f.users[0], id, "more")
	if _, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: f.users[1], ConversationID: id, Note: content("left")}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, `DELETE FROM {p}jt_pro_conversation_participants WHERE conversation_id = ? AND user_id = ?`, id, f.users[2])
	read := 0
	for _, e := range f.deliver() {
		if e["type"] == "conversation.read" {
			read++
			if got := ids(e["unread_ids"]); len(got) != 0 {
				t.Errorf("still unread for %v", got)
			}
		}
	}
	if read != 2 {
		t.Errorf("%d readings, want 2", read)
	}
}

// What comes behind a failed event in its conversation waits; other conversations do not. After ten
// further tries the event is parked, and the rest goes on.
func TestFailedEventsKeepTheirOrder(t *testing.T) {
	f := newFixture(t, 3)
	a := f.direct(f.users[0], f.users[1], "a").ConversationID
	b := f.direct(f.users[0], f.users[2], "b").ConversationID
	f.deliver()
	f.send(f.users[0], a, "a2")
	f.send(f.users[0], a, "a3")
	f.send(f.users[0], b, "b2")
	failed := uint64(f.due()[0]["id"].(float64))

	conversations := func() string {
		var list []string
		for _, e := range f.due() {
			list = append(list, fmt.Sprint(e["preview"]))
		}
		return strings.Join(list, " ")
	}
	elapsed := time.Duration(0)
	for try := 1; ; try++ {
		if err := f.store.Failed(t.Context(), failed, "a hook threw an exception"); err != nil {
			t.Fatal(err)
		}
		status, err := f.store.OutboxStatus(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if status.Parked == 1 {
			if try != 11 || elapsed < 23*time.Hour || elapsed > 25*time.Hour {
				t.Errorf("parked at try %d after %s, want the first and ten more over a day", try, elapsed)
			}
			if status.Pending != 2 || status.Failing != 0 || status.LastError != "a hook threw an exception" {
				t.Errorf("status %+v", status)
			}
			break
		}
		if status.Pending != 3 || status.Failing != 1 {
			t.Errorf("try %d: status %+v", try, status)
		}
		if got := conversations(); got != "b2" {
			t.Fatalf("try %d: due are %q, want b2 alone", try, got)
		}
		for conversations() == "b2" {
			f.clock.advance(time.Minute)
			elapsed += time.Minute
		}
		if got := conversations(); got != "a2 a3 b2" {
			t.Fatalf("try %d, after the pause: %q", try, got)
		}
	}
	if got := conversations(); got != "a3 b2" {
		t.Errorf("behind a parked event: %q, want a3 b2", got)
	}
	// Not only what was given up: nobody waits for hours once the reason is gone.
	if err := f.store.Failed(t.Context(), uint64(f.due()[1]["id"].(float64)), "another exception"); err != nil {
		t.Fatal(err)
	}
	if got := conversations(); got != "a3" {
		t.Errorf("with another failure: %q, want a3", got)
	}
	if status, err := f.store.OutboxStatus(t.Context()); err != nil || status.Failing != 1 || status.Parked != 1 || status.LastError != "another exception" {
		t.Errorf("status %+v, %v", status, err)
	}
	if n, err := f.store.RetryFailed(t.Context()); n != 2 || err != nil {
		t.Errorf("%d retried, %v", n, err)
	}
	if got := conversations(); got != "a2 a3 b2" {
		t.Errorf("after the retry: %q", got)
	}
	f.deliver()
	if status, err := f.store.OutboxStatus(t.Context()); err != nil || status.Pending != 0 || status.Parked != 0 ||
		status.LastError != "" || !status.LastDeliveredAt.Equal(f.clock.now()) {
		t.Errorf("status %+v, %v", status, err)
	}
}

func TestOneReplicaDelivers(t *testing.T) {
	f := newFixture(t, 1)
	other := f.storeOn(t, f.DB.DB)
	held, err := f.store.Hold(t.Context(), func(ctx context.Context) error {
		inner, err := other.Hold(ctx, func(context.Context) error { t.Error("two hold the lease"); return nil })
		if inner || err != nil {
			t.Errorf("second: held %v, %v", inner, err)
		}
		return nil
	})
	if !held || err != nil {
		t.Errorf("first: held %v, %v", held, err)
	}
	if held, err := other.Hold(t.Context(), func(context.Context) error { return nil }); !held || err != nil {
		t.Errorf("afterwards: held %v, %v", held, err)
	}
}

// Nothing is remembered of a delivery that failed once its event is gone: purged on its way, at the same moment, or
// dropped for its age.
func TestFailuresGoWithTheirEvents(t *testing.T) {
	f := newFixture(t, 2)
	none := func(when string) {
		t.Helper()
		status, err := f.store.OutboxStatus(t.Context())
		if err != nil || status.LastError != "" {
			t.Errorf("%s: last error %q, %v", when, status.LastError, err)
		}
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_failures`); n != 0 {
			t.Errorf("%s: %d failures are left", when, n)
		}
	}
	id := f.direct(f.users[0], f.users[1], "x").ConversationID
	event := uint64(f.due()[0]["id"].(float64))
	f.purge(id)
	if err := f.store.Failed(t.Context(), event, "a hook threw an exception"); err != nil {
		t.Fatal(err)
	}
	none("purged on its way")

	f.deliver()
	for range 10 {
		id := f.direct(f.users[0], f.users[1], "x").ConversationID
		events := f.due()
		mustAll(t, together(2, func(i int) error {
			if i == 0 {
				_, err := f.store.Purge(t.Context(), id, 1)
				return err
			}
			for _, e := range events {
				if err := f.store.Failed(t.Context(), uint64(e["id"].(float64)), "a hook threw an exception"); err != nil {
					return err
				}
			}
			return nil
		}))
		none("purged at the same moment")
		f.deliver()
	}

	f.direct(f.users[0], f.users[1], "x")
	if err := f.store.Failed(t.Context(), uint64(f.due()[0]["id"].(float64)), "a hook threw an exception"); err != nil {
		t.Fatal(err)
	}
	f.clock.advance(mysqlstore.EventLifetime + time.Second)
	if n, err := f.store.DropEvents(t.Context(), 100); n != 2 || err != nil {
		t.Errorf("%d events dropped, %v", n, err)
	}
	none("dropped for its age")
}
