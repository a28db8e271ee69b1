package mysqlstore_test

import (
	"errors"
	"testing"

	"jetonomy-sidecar/messaging"
)

// What other code may have done to the places in a direct conversation, which nobody can leave here.
const (
	leave  = `UPDATE {p}jt_pro_conversation_participants SET left_at = '2020-01-01 00:00:00' WHERE conversation_id = ? AND user_id = ?`
	remove = `DELETE FROM {p}jt_pro_conversation_participants WHERE conversation_id = ? AND user_id = ?`
)

// A message that is said to be sent can be read by both, whatever other code did to their places.
func TestDirectConversationReachesBothSides(t *testing.T) {
	for name, test := range map[string]struct {
		sender, recipient string // what happened to their places
		send              bool   // written to the conversation, not to the member
		unread            int    // of the recipient, who has read the first message and not the second
	}{
		"sender left":                {sender: leave, unread: 2},
		"recipient left":             {recipient: leave, unread: 2},
		"both left":                  {sender: leave, recipient: leave, unread: 2},
		"sender gone":                {sender: remove, unread: 2},
		"recipient gone":             {recipient: remove, unread: 1}, // and with the row, how far they had read
		"one gone, one left":         {sender: remove, recipient: leave, unread: 2},
		"both gone":                  {sender: remove, recipient: remove, unread: 1},
		"sent to somebody who left":  {recipient: leave, send: true, unread: 2},
		"sent, nothing had happened": {send: true, unread: 2},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, 2)
			sender, recipient := f.users[0], f.users[1]
			id := f.direct(sender, recipient, "one").ConversationID
			f.read(recipient, id, 0)
			f.send(sender, id, "two")
			for user, change := range map[uint64]string{sender: test.sender, recipient: test.recipient} {
				if change != "" {
					f.Exec(t, change, id, user)
				}
			}
			var message uint64
			if test.send {
				message = f.send(sender, id, "three")
			} else {
				o := f.direct(sender, recipient, "three")
				if message = o.MessageID; o.ConversationID != id || o.Created != (test.sender == remove && test.recipient == remove) {
					t.Errorf("%+v, want conversation %d", o, id)
				}
			}
			for _, user := range f.users {
				page, err := f.store.Thread(t.Context(), user, id, messaging.ThreadQuery{Limit: 1})
				if err != nil || page.Messages[0].ID != message {
					t.Errorf("user %d reads %+v, %v", user, page.Messages, err)
				}
				if got := f.list(user, messaging.FilterActive); len(got) != 1 || got[0] != id {
					t.Errorf("user %d has %v in the inbox", user, got)
				}
			}
			if c := f.view(recipient, id); !c.Unread || c.UnreadCount != test.unread {
				t.Errorf("recipient: unread %v, %d; want %d", c.Unread, c.UnreadCount, test.unread)
			}
			if c := f.view(sender, id); c.Unread || c.UnreadCount != 0 {
				t.Errorf("sender: unread %v, %d", c.Unread, c.UnreadCount)
			}
			// The other side answers, and it counts as well.
			f.send(recipient, id, "four")
			if c := f.view(sender, id); !c.Unread || c.UnreadCount != 1 {
				t.Errorf("the answer is unread: %v, %d", c.Unread, c.UnreadCount)
			}
		})
	}
}

// Where it cannot be brought to both, and to nobody else, nothing is written.
func TestDirectConversationThatIsNone(t *testing.T) {
	f := newFixture(t, 3)
	id := f.direct(f.users[0], f.users[1], "one").ConversationID
	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, messaging.ErrCannotMessage) {
			t.Errorf("%s: %v", what, err)
		}
		if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_messages`); n != 1 {
			t.Errorf("%s: %d messages, want 1", what, n)
		}
	}
	send := func() error {
		_, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: f.users[0], ConversationID: id, Content: content("two")})
		return err
	}
	start := func() error {
		_, err := f.store.StartDirect(t.Context(), messaging.StartCommand{Sender: f.users[0], Recipients: f.users[1:2], Content: content("two")})
		return err
	}
	f.Exec(t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at) VALUES (?, ?, NOW())`, id, f.users[2])
	refused("start with a third", start())
	refused("send with a third", send())
	f.Exec(t, remove, id, f.users[1])
	refused("start with another than the pair", start())
	f.Exec(t, remove, id, f.users[2])
	refused("send to nobody", send())
	if _, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: f.users[1], ConversationID: f.direct(f.users[1], f.users[0], "back").ConversationID, Value: value(true)}); err != nil {
		t.Fatal(err)
	}
	f.Exec(t, leave, id, f.users[1])
	if err := start(); !errors.Is(err, messaging.ErrCannotMessage) {
		t.Errorf("to somebody who left and blocks: %v", err)
	}
	if n := f.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE left_at IS NOT NULL`); n != 1 {
		t.Errorf("the refused start brought them back")
	}
}
