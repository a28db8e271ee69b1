package restapi_test

import (
	"context"
	"slices"

	"jetonomy-sidecar/messaging"
)

func (f *fakeStore) Recall(_ context.Context, userID uint64, r messaging.Request) (messaging.Outcome, bool, error) {
	done, err := f.enter("Recall")
	defer done()
	if err != nil {
		return messaging.Outcome{}, false, err
	}
	return f.recall(userID, r)
}

func (f *fakeStore) recall(userID uint64, r messaging.Request) (messaging.Outcome, bool, error) {
	known, found := f.requests[userID][r.Key]
	if r.Key == "" || !found {
		return messaging.Outcome{}, false, nil
	}
	if known.fingerprint != r.Fingerprint {
		return messaging.Outcome{}, false, messaging.ErrKeyReused
	}
	known.outcome.Replayed = true
	return known.outcome, true, nil
}

// mutate runs a change once per client key.
func (f *fakeStore) mutate(method string, userID uint64, r messaging.Request, do func() (messaging.Outcome, error)) (messaging.Outcome, error) {
	done, err := f.enter(method)
	defer done()
	if err != nil {
		return messaging.Outcome{}, err
	}
	if o, found, err := f.recall(userID, r); err != nil || found {
		return o, err
	}
	o, err := do()
	if err == nil && r.Key != "" {
		if f.requests[userID] == nil {
			f.requests[userID] = map[string]fakeRequest{}
		}
		f.requests[userID][r.Key] = fakeRequest{r.Fingerprint, o}
	}
	return o, err
}

func (f *fakeStore) blocked(a, b uint64) bool {
	return f.blocks[[2]uint64{a, b}] || f.blocks[[2]uint64{b, a}]
}

func (f *fakeStore) write(c *fakeConversation, sender uint64, content messaging.Content, system bool) uint64 {
	f.lastMessageID++
	person := f.people[sender].Person
	person.ID = sender
	c.messages = append(c.messages, messaging.Message{
		ID: f.lastMessageID, ConversationID: c.ID, SenderID: sender, Sender: person,
		HTML: content.HTML, Plain: content.Plain, System: system, CreatedAt: f.now(),
	})
	for _, p := range c.places {
		p.archived = p.archived && system
		if p.userID == sender && !system {
			p.lastRead, p.readAt, p.markedUnread = f.lastMessageID, f.now(), false
		}
	}
	return f.lastMessageID
}

func (f *fakeStore) start(kind messaging.Type, c messaging.StartCommand) (messaging.Outcome, error) {
	for _, id := range c.Recipients {
		if f.blocked(c.Sender, id) {
			return messaging.Outcome{}, messaging.ErrCannotMessage
		}
	}
	for _, known := range f.conversations {
		if kind == messaging.Direct && known.Type == messaging.Direct && known.other(c.Sender) == c.Recipients[0] && known.other(c.Recipients[0]) == c.Sender {
			return messaging.Outcome{ConversationID: known.ID, MessageID: f.write(known, c.Sender, c.Content, false)}, nil
		}
	}
	if err := c.Allowed(); err != nil {
		return messaging.Outcome{}, err
	}
	made := &fakeConversation{Conversation: messaging.Conversation{
		ID: uint64(len(f.conversations) + 1), Type: kind, Title: c.Title, CreatedBy: c.Sender, CreatedAt: f.now(),
	}}
	for _, id := range append([]uint64{c.Sender}, c.Recipients...) {
		made.places = append(made.places, &fakePlace{userID: id, joined: f.now()})
	}
	f.conversations = append(f.conversations, made)
	return messaging.Outcome{ConversationID: made.ID, MessageID: f.write(made, c.Sender, c.Content, false), Created: true}, nil
}

func (f *fakeStore) StartDirect(_ context.Context, c messaging.StartCommand) (messaging.Outcome, error) {
	return f.mutate("StartDirect", c.Sender, c.Request, func() (messaging.Outcome, error) { return f.start(messaging.Direct, c) })
}

func (f *fakeStore) StartGroup(_ context.Context, c messaging.StartCommand, _ int) (messaging.Outcome, error) {
	return f.mutate("StartGroup", c.Sender, c.Request, func() (messaging.Outcome, error) { return f.start(messaging.Group, c) })
}

func (f *fakeStore) Send(_ context.Context, c messaging.SendCommand) (messaging.Outcome, error) {
	return f.mutate("Send", c.Sender, c.Request, func() (messaging.Outcome, error) {
		conversation, _, err := f.find(c.Sender, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		if other := conversation.other(c.Sender); f.blocked(c.Sender, other) {
			return messaging.Outcome{}, messaging.ErrCannotMessage
		}
		return messaging.Outcome{ConversationID: c.ConversationID, MessageID: f.write(conversation, c.Sender, c.Content, false)}, nil
	})
}

func (f *fakeStore) Add(_ context.Context, c messaging.AddCommand) (messaging.Outcome, error) {
	return f.mutate("Add", c.By, c.Request, func() (messaging.Outcome, error) {
		conversation, _, err := f.find(c.By, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		if len(conversation.places)+len(c.Members) > c.Limit {
			return messaging.Outcome{}, messaging.TooManyParticipants(c.Limit)
		}
		var names []string
		for _, id := range c.Members {
			conversation.places = append(conversation.places, &fakePlace{userID: id, joined: f.now()})
			names = append(names, c.Names[id])
		}
		return messaging.Outcome{ConversationID: c.ConversationID, MessageID: f.write(conversation, c.By, c.Note(names), true)}, nil
	})
}

func (f *fakeStore) Leave(_ context.Context, c messaging.LeaveCommand) (messaging.Outcome, error) {
	return f.mutate("Leave", c.UserID, c.Request, func() (messaging.Outcome, error) {
		conversation, p, err := f.find(c.UserID, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		if conversation.Type != messaging.Group {
			return messaging.Outcome{}, messaging.ErrDirectCannotBeLeft
		}
		p.left = f.now()
		return messaging.Outcome{ConversationID: c.ConversationID, MessageID: f.write(conversation, c.UserID, c.Note, true)}, nil
	})
}

func (f *fakeStore) setFlag(method string, c messaging.StateCommand, flag func(*fakeConversation, *fakePlace) *bool) (messaging.Outcome, error) {
	return f.mutate(method, c.UserID, c.Request, func() (messaging.Outcome, error) {
		conversation, p, err := f.find(c.UserID, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		to := flag(conversation, p)
		*to = c.Value == nil && !*to || c.Value != nil && *c.Value
		return messaging.Outcome{ConversationID: c.ConversationID, Value: *to}, nil
	})
}

func (f *fakeStore) SetMuted(_ context.Context, c messaging.StateCommand) (messaging.Outcome, error) {
	return f.setFlag("SetMuted", c, func(_ *fakeConversation, p *fakePlace) *bool { return &p.muted })
}

func (f *fakeStore) SetArchived(_ context.Context, c messaging.StateCommand) (messaging.Outcome, error) {
	return f.setFlag("SetArchived", c, func(_ *fakeConversation, p *fakePlace) *bool { return &p.archived })
}

func (f *fakeStore) SetBlocked(_ context.Context, c messaging.StateCommand) (messaging.Outcome, error) {
	return f.mutate("SetBlocked", c.UserID, c.Request, func() (messaging.Outcome, error) {
		conversation, _, err := f.find(c.UserID, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		pair := [2]uint64{c.UserID, conversation.other(c.UserID)}
		f.blocks[pair] = c.Value == nil && !f.blocks[pair] || c.Value != nil && *c.Value
		return messaging.Outcome{ConversationID: c.ConversationID, Value: f.blocks[pair]}, nil
	})
}

func (f *fakeStore) Rename(_ context.Context, c messaging.RenameCommand) (messaging.Outcome, error) {
	return f.mutate("Rename", c.UserID, c.Request, func() (messaging.Outcome, error) {
		conversation, _, err := f.find(c.UserID, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		if conversation.Type != messaging.Group {
			return messaging.Outcome{}, messaging.ErrGroupOnly
		}
		conversation.Title = c.Title
		return messaging.Outcome{ConversationID: c.ConversationID}, nil
	})
}

func (f *fakeStore) Read(_ context.Context, c messaging.ReadCommand) (messaging.Outcome, error) {
	return f.mutate("Read", c.UserID, c.Request, func() (messaging.Outcome, error) {
		f.reads++
		conversation, p, err := f.find(c.UserID, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		if c.Unread {
			p.markedUnread = true
			return messaging.Outcome{ConversationID: c.ConversationID, Value: true}, nil
		}
		p.markedUnread = false
		for _, m := range slices.Backward(conversation.messages) {
			if c.UpTo == 0 || m.ID <= c.UpTo {
				if m.ID > p.lastRead {
					p.lastRead, p.readAt = m.ID, m.CreatedAt
				}
				break
			}
		}
		return messaging.Outcome{ConversationID: c.ConversationID}, nil
	})
}

func (f *fakeStore) ReadAll(_ context.Context, userID uint64) (int, error) {
	done, err := f.enter("ReadAll")
	defer done()
	n := 0
	for _, c := range f.conversations {
		if _, p, err := f.find(userID, c.ID); err == nil && !p.archived && f.unread(c, p) > 0 {
			p.lastRead, p.readAt, p.markedUnread = f.lastMessageID, f.now(), false
			n++
		}
	}
	return n, err
}

// fakeReport is a report, with the ids of what it seals.
type fakeReport struct {
	messaging.ReportCommand
	sealed []uint64
}

func (f *fakeStore) Report(_ context.Context, c messaging.ReportCommand) (messaging.Outcome, error) {
	return f.mutate("Report", c.Reporter, c.Request, func() (messaging.Outcome, error) {
		conversation, _, err := f.find(c.Reporter, c.ConversationID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		for i, known := range f.reports {
			if known.Reporter == c.Reporter && known.ConversationID == c.ConversationID && known.MessageID == c.MessageID {
				return messaging.Outcome{ConversationID: c.ConversationID, MessageID: uint64(i + 1)}, nil
			}
		}
		target := -1
		for i, m := range conversation.messages {
			if m.SenderID != c.Reporter && !m.System && (c.MessageID == 0 || c.MessageID == m.ID) {
				target = i
			}
		}
		if target < 0 {
			return messaging.Outcome{}, messaging.InvalidParam("message_id", "There is nothing to report.")
		}
		made := fakeReport{ReportCommand: c}
		for _, m := range conversation.messages[:target+1] {
			made.sealed = append(made.sealed, m.ID)
		}
		f.reports = append(f.reports, made)
		return messaging.Outcome{ConversationID: c.ConversationID, MessageID: uint64(len(f.reports)), Created: true}, nil
	})
}
