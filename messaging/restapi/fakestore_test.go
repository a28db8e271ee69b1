package restapi_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"jetonomy-sidecar/messaging"
)

// fakeStore keeps conversations in memory, true to the rules of messaging.Store as far as the wire shows
// them. fails makes a method fail.
type fakeStore struct {
	mu            sync.Mutex
	people        map[uint64]messaging.Member
	now           func() time.Time
	conversations []*fakeConversation
	blocks        map[[2]uint64]bool // blocker, blocked
	requests      map[uint64]map[string]fakeRequest
	lastMessageID uint64
	reports       []fakeReport
	fails         map[string]error
	reads         int // calls of Read
}

type fakeConversation struct {
	messaging.Conversation // without the viewer's part
	messages               []messaging.Message
	places                 []*fakePlace
}

type fakePlace struct {
	userID          uint64
	joined, left    time.Time
	muted, archived bool
	markedUnread    bool
	lastRead        uint64
	readAt          time.Time
}

type fakeRequest struct {
	fingerprint [32]byte
	outcome     messaging.Outcome
}

func (f *fakeStore) enter(method string) (func(), error) {
	f.mu.Lock()
	return f.mu.Unlock, f.fails[method]
}

// find gives a conversation and the place of a member who takes part in it.
func (f *fakeStore) find(userID, conversationID uint64) (*fakeConversation, *fakePlace, error) {
	for _, c := range f.conversations {
		if c.ID != conversationID {
			continue
		}
		for _, p := range c.places {
			if p.userID == userID && p.left.IsZero() {
				return c, p, nil
			}
		}
	}
	return nil, nil, messaging.ErrNotParticipant
}

func (f *fakeStore) unread(c *fakeConversation, p *fakePlace) int {
	n := 0
	for _, m := range c.messages {
		if m.ID > p.lastRead && m.SenderID != p.userID && !m.System {
			n++
		}
	}
	if p.markedUnread {
		n = max(n, 1)
	}
	return n
}

func (f *fakeStore) seen(c *fakeConversation, p *fakePlace) messaging.Conversation {
	v := c.Conversation
	v.ViewerID, v.UnreadCount = p.userID, f.unread(c, p)
	v.Unread = v.UnreadCount > 0
	v.Muted, v.Archived = p.muted, p.archived
	v.LastReadMessageID, v.LastReadAt = p.lastRead, p.readAt
	v.MessageCount = len(c.messages)
	if n := len(c.messages); n > 0 {
		last := c.messages[n-1]
		v.LastMessageID, v.LastMessageAt, v.LastMessagePreview = last.ID, last.CreatedAt, last.Plain
		v.LastMessageByViewer = last.SenderID == p.userID && !last.System
	}
	for _, other := range c.places {
		person := f.people[other.userID].Person
		person.ID = other.userID
		v.Participants = append(v.Participants, messaging.Participant{Person: person, JoinedAt: other.joined, LeftAt: other.left})
		if c.Type == messaging.Direct && other != p {
			v.BlockedByViewer = f.blocks[[2]uint64{p.userID, other.userID}]
		}
	}
	return v
}

func (f *fakeStore) UnreadCount(_ context.Context, userID uint64) (int, error) {
	done, err := f.enter("UnreadCount")
	defer done()
	n := 0
	for _, c := range f.conversations {
		if _, p, err := f.find(userID, c.ID); err == nil && !p.archived && f.unread(c, p) > 0 {
			n++
		}
	}
	return n, err
}

// found says whether a search for text finds c.
func found(c messaging.Conversation, text string) bool {
	texts := []string{c.Title}
	for _, other := range c.Others() {
		texts = append(texts, other.DisplayName, other.Login)
	}
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), strings.ToLower(text)) })
}

func (f *fakeStore) Conversations(_ context.Context, userID uint64, q messaging.ListQuery) (messaging.ConversationPage, error) {
	done, err := f.enter("Conversations")
	defer done()
	var all []messaging.Conversation
	for _, c := range f.conversations {
		_, p, err := f.find(userID, c.ID)
		if err != nil {
			continue
		}
		v := f.seen(c, p)
		switch {
		case !found(v, q.Search), q.With != 0 && (v.Type != messaging.Direct || v.Others()[0].ID != q.With):
		case q.Filter == messaging.FilterAll,
			q.Filter == messaging.FilterActive && !v.Archived,
			q.Filter == messaging.FilterArchived && v.Archived,
			q.Filter == messaging.FilterUnread && !v.Archived && v.Unread:
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b messaging.Conversation) int {
		return cmp.Or(cmp.Compare(b.LastMessageID, a.LastMessageID), cmp.Compare(b.ID, a.ID))
	})
	page := messaging.ConversationPage{Total: len(all)}
	if q.After != nil {
		all = slices.DeleteFunc(all, func(c messaging.Conversation) bool { return c.LastMessageID >= q.After.LastMessageID })
	}
	all = all[min(q.Offset, len(all)):]
	if len(all) > q.Limit {
		all = all[:q.Limit]
		last := all[len(all)-1]
		page.Next = &messaging.ListCursor{LastMessageID: last.LastMessageID, ConversationID: last.ID}
	}
	page.Conversations = all
	return page, err
}

func (f *fakeStore) Conversation(_ context.Context, userID, conversationID uint64) (messaging.Conversation, error) {
	done, err := f.enter("Conversation")
	defer done()
	if err != nil {
		return messaging.Conversation{}, err
	}
	c, p, err := f.find(userID, conversationID)
	if err != nil {
		return messaging.Conversation{}, err
	}
	return f.seen(c, p), nil
}

func (f *fakeStore) Thread(_ context.Context, userID, conversationID uint64, q messaging.ThreadQuery) (messaging.ThreadPage, error) {
	done, err := f.enter("Thread")
	defer done()
	if err != nil {
		return messaging.ThreadPage{}, err
	}
	c, p, err := f.find(userID, conversationID)
	if err != nil {
		return messaging.ThreadPage{}, err
	}
	v := f.seen(c, p)
	page := messaging.ThreadPage{Total: len(c.messages), LastMessageID: v.LastMessageID, LastReadMessageID: p.lastRead, Unread: v.Unread}
	forward := q.HasAfter || q.Before == 0 && q.Order == messaging.OldestFirst
	rows := slices.DeleteFunc(slices.Clone(c.messages), func(m messaging.Message) bool {
		return q.HasAfter && m.ID <= q.After || q.Before > 0 && m.ID >= q.Before
	})
	if !forward {
		slices.Reverse(rows)
	}
	rows = rows[min(q.Offset, len(rows)):]
	if len(rows) > q.Limit {
		rows, page.HasMore = rows[:q.Limit], true
	}
	if q.Order != "" && forward != (q.Order == messaging.OldestFirst) {
		slices.Reverse(rows)
	}
	page.Messages = rows
	return page, nil
}

func (f *fakeStore) Message(_ context.Context, userID, conversationID, messageID uint64) (messaging.Message, error) {
	done, err := f.enter("Message")
	defer done()
	if err != nil {
		return messaging.Message{}, err
	}
	c, _, err := f.find(userID, conversationID)
	if err != nil {
		return messaging.Message{}, err
	}
	i := slices.IndexFunc(c.messages, func(m messaging.Message) bool { return m.ID == messageID })
	return c.messages[i], nil
}

func (f *fakeStore) Counterpart(_ context.Context, userID, conversationID uint64) (messaging.Type, uint64, error) {
	done, err := f.enter("Counterpart")
	defer done()
	if err != nil {
		return "", 0, err
	}
	c, _, err := f.find(userID, conversationID)
	if err != nil {
		return "", 0, err
	}
	return c.Type, c.other(userID), nil
}

func (c *fakeConversation) other(userID uint64) uint64 {
	for _, p := range c.places {
		if c.Type == messaging.Direct && p.userID != userID {
			return p.userID
		}
	}
	return 0
}

func (f *fakeStore) Suggest(_ context.Context, userID uint64, prefix string, after *messaging.Candidate, limit int) ([]messaging.Candidate, error) {
	done, err := f.enter("Suggest")
	defer done()
	var found []messaging.Candidate
	for id, m := range f.people {
		if id != userID && strings.HasPrefix(m.Login, prefix) && (after == nil || m.Login > after.Login) {
			found = append(found, messaging.Candidate{Person: m.Person})
		}
	}
	slices.SortFunc(found, func(a, b messaging.Candidate) int { return cmp.Compare(a.Login, b.Login) })
	return found[:min(limit, len(found))], err
}
