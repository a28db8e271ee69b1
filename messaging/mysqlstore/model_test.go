package mysqlstore_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jetonomy-sidecar/messaging"
)

// model is what the inbox of every member should be, in the plainest terms.
type model struct {
	conversations map[uint64]*modelConversation
	blocks        map[[2]uint64]bool
}

type modelConversation struct {
	kind     messaging.Type
	messages []modelMessage
	places   map[uint64]*modelPlace
}

type modelMessage struct {
	id, sender uint64
	system     bool
}

type modelPlace struct {
	left, muted, archived, marked bool
	read                          uint64
}

func (c *modelConversation) last() uint64 {
	if len(c.messages) == 0 {
		return 0
	}
	return c.messages[len(c.messages)-1].id
}

func (c *modelConversation) unread(user uint64) (bool, int) {
	p := c.places[user]
	n := 0
	for _, m := range c.messages {
		if m.id > p.read && m.sender != user && !m.system {
			n++
		}
	}
	if n == 0 && p.marked {
		n = 1
	}
	return n > 0, n
}

func (c *modelConversation) sent(id, sender uint64) {
	c.messages = append(c.messages, modelMessage{id: id, sender: sender})
	for user, p := range c.places {
		if p.left {
			continue
		}
		p.archived = false
		if user == sender {
			p.read, p.marked = id, false
		}
	}
}

func (m *model) list(user uint64, keep func(*modelConversation, *modelPlace) bool) []uint64 {
	ids := []uint64{}
	for id, c := range m.conversations {
		if p := c.places[user]; p != nil && !p.left && keep(c, p) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b uint64) int {
		return -cmp.Or(cmp.Compare(m.conversations[a].last(), m.conversations[b].last()), cmp.Compare(a, b))
	})
	return ids
}

// Whatever members do, in whatever order, the inbox of each is what the model says.
func TestInboxState(t *testing.T) {
	f := newFixture(t, 4)
	rapid.Check(t, func(rt *rapid.T) {
		for _, table := range []string{"jt_pro_conversations", "jt_pro_conversation_participants", "jt_pro_messages", "jt_sidecar_blocks", "jt_sidecar_outbox"} {
			f.Exec(t, `DELETE FROM {p}`+table)
		}
		m := &model{conversations: map[uint64]*modelConversation{}, blocks: map[[2]uint64]bool{}}
		user := func() uint64 { return rapid.SampledFrom(f.users).Draw(rt, "user") }
		// any conversation, with a member who may or may not be in it
		pick := func() (uint64, *modelConversation, uint64, *modelPlace) {
			id := rapid.SampledFrom(slices.Sorted(maps.Keys(m.conversations))).Draw(rt, "conversation")
			u := user()
			p := m.conversations[id].places[u]
			if p != nil && p.left {
				p = nil
			}
			return id, m.conversations[id], u, p
		}
		blocked := func(a, b uint64) bool { return m.blocks[[2]uint64{a, b}] || m.blocks[[2]uint64{b, a}] }
		expect := func(err, want error) bool {
			if !errors.Is(err, want) {
				rt.Fatalf("got %v, want %v", err, want)
			}
			return want == nil
		}
		other := func(c *modelConversation, u uint64) uint64 {
			for id := range c.places {
				if id != u {
					return id
				}
			}
			return 0
		}
		start := func(a, b uint64) {
			o, err := f.store.StartDirect(t.Context(), messaging.StartCommand{Sender: a, Recipients: []uint64{b}, Content: content("x")})
			want := error(nil)
			if blocked(a, b) {
				want = messaging.ErrCannotMessage
			}
			if !expect(err, want) {
				return
			}
			var existing uint64
			for id, c := range m.conversations {
				if c.kind == messaging.Direct && c.places[a] != nil && c.places[b] != nil {
					existing = id
				}
			}
			if o.Created != (existing == 0) || existing != 0 && o.ConversationID != existing {
				rt.Fatalf("outcome %+v, the pair had %d", o, existing)
			}
			if o.Created {
				m.conversations[o.ConversationID] = &modelConversation{kind: messaging.Direct, places: map[uint64]*modelPlace{a: {}, b: {}}}
			}
			m.conversations[o.ConversationID].sent(o.MessageID, a)
		}
		start(f.users[0], f.users[1]) // so that there always is a conversation to pick
		rt.Repeat(map[string]func(*rapid.T){
			"start": func(*rapid.T) {
				a := user()
				others := slices.DeleteFunc(slices.Clone(f.users), func(id uint64) bool { return id == a })
				start(a, rapid.SampledFrom(others).Draw(rt, "other"))
			},
			"group": func(*rapid.T) {
				o, err := f.store.StartGroup(t.Context(), messaging.StartCommand{Sender: f.users[0], Recipients: f.users[1:3], Content: content("x")}, 20)
				want := error(nil)
				if blocked(f.users[0], f.users[1]) || blocked(f.users[0], f.users[2]) {
					want = messaging.ErrCannotMessage
				}
				if expect(err, want) {
					c := &modelConversation{kind: messaging.Group, places: map[uint64]*modelPlace{f.users[0]: {}, f.users[1]: {}, f.users[2]: {}}}
					m.conversations[o.ConversationID] = c
					c.sent(o.MessageID, f.users[0])
				}
			},
			"send": func(*rapid.T) {
				id, c, u, p := pick()
				o, err := f.store.Send(t.Context(), messaging.SendCommand{Sender: u, ConversationID: id, Content: content("y")})
				want := error(nil)
				switch {
				case p == nil:
					want = messaging.ErrNotParticipant
				case c.kind == messaging.Direct && blocked(u, other(c, u)):
					want = messaging.ErrCannotMessage
				}
				if expect(err, want) {
					c.sent(o.MessageID, u)
				}
			},
			"read": func(*rapid.T) {
				id, c, u, p := pick()
				upTo := uint64(0)
				if rapid.Bool().Draw(rt, "part") {
					upTo = c.messages[rapid.IntRange(0, len(c.messages)-1).Draw(rt, "message")].id
				}
				_, err := f.store.Read(t.Context(), messaging.ReadCommand{UserID: u, ConversationID: id, UpTo: upTo})
				if p == nil {
					expect(err, messaging.ErrNotParticipant)
					return
				}
				expect(err, nil)
				if upTo == 0 {
					upTo = c.last()
				}
				p.read, p.marked = max(p.read, upTo), false
			},
			"mark unread": func(*rapid.T) {
				id, _, u, p := pick()
				_, err := f.store.Read(t.Context(), messaging.ReadCommand{UserID: u, ConversationID: id, Unread: true})
				if p == nil {
					expect(err, messaging.ErrNotParticipant)
					return
				}
				expect(err, nil)
				p.marked = true
			},
			"read all": func(*rapid.T) {
				u := user()
				want := len(m.list(u, func(c *modelConversation, p *modelPlace) bool { un, _ := c.unread(u); return un && !p.archived }))
				n, err := f.store.ReadAll(t.Context(), u)
				if err != nil || n != want {
					rt.Fatalf("read all: %d, %v; want %d", n, err, want)
				}
				for _, c := range m.conversations {
					if p := c.places[u]; p != nil && !p.left && !p.archived {
						if un, _ := c.unread(u); un {
							p.read, p.marked = c.last(), false
						}
					}
				}
			},
			"archive": func(*rapid.T) {
				id, _, u, p := pick()
				o, err := f.store.SetArchived(t.Context(), messaging.StateCommand{UserID: u, ConversationID: id})
				if p == nil {
					expect(err, messaging.ErrNotParticipant)
					return
				}
				expect(err, nil)
				p.archived = !p.archived
				if o.Value != p.archived {
					rt.Fatalf("archived %v, want %v", o.Value, p.archived)
				}
			},
			"mute": func(*rapid.T) {
				id, _, u, p := pick()
				_, err := f.store.SetMuted(t.Context(), messaging.StateCommand{UserID: u, ConversationID: id})
				if p == nil {
					expect(err, messaging.ErrNotParticipant)
					return
				}
				expect(err, nil)
				p.muted = !p.muted
			},
			"leave": func(*rapid.T) {
				id, c, u, p := pick()
				o, err := f.store.Leave(t.Context(), messaging.LeaveCommand{UserID: u, ConversationID: id, Note: content("left")})
				switch {
				case p == nil:
					expect(err, messaging.ErrNotParticipant)
				case c.kind == messaging.Direct:
					expect(err, messaging.ErrDirectCannotBeLeft)
				default:
					expect(err, nil)
					p.left, p.marked = true, false
					c.messages = append(c.messages, modelMessage{id: o.MessageID, sender: u, system: true})
				}
			},
			"add": func(*rapid.T) {
				id, c, u, p := pick()
				who := user()
				o, err := f.store.Add(t.Context(), messaging.AddCommand{By: u, ConversationID: id, Members: []uint64{who}, Limit: 20,
					Note: func([]string) messaging.Content { return content("added") }})
				there := c.places[who] != nil && !c.places[who].left
				switch {
				case p == nil:
					expect(err, messaging.ErrNotParticipant)
				case c.kind == messaging.Direct:
					expect(err, messaging.ErrGroupOnly)
				case there:
					expect(err, nil)
				case blocked(u, who):
					expect(err, messaging.ErrCannotMessage)
				default:
					expect(err, nil)
					c.places[who] = &modelPlace{read: c.last(), marked: true}
					c.messages = append(c.messages, modelMessage{id: o.MessageID, sender: u, system: true})
				}
			},
			"block": func(*rapid.T) {
				id, c, u, p := pick()
				_, err := f.store.SetBlocked(t.Context(), messaging.StateCommand{UserID: u, ConversationID: id})
				switch {
				case p == nil:
					expect(err, messaging.ErrNotParticipant)
				case c.kind == messaging.Group:
					expect(err, messaging.ErrGroupCannotBeBlocked)
				default:
					expect(err, nil)
					pair := [2]uint64{u, other(c, u)}
					m.blocks[pair] = !m.blocks[pair]
				}
			},
			// Each step is looked at through the eyes of one member, the outcome through everybody's.
			"": func(rt *rapid.T) { f.compare(rt, m, rapid.SampledFrom(f.users).Draw(rt, "viewer")) },
		})
		f.compare(rt, m, f.users...)
	})
}

// compare holds members' inboxes against the model.
func (f *fixture) compare(rt *rapid.T, m *model, users ...uint64) {
	t := f.t
	for _, u := range users {
		inbox := m.list(u, func(_ *modelConversation, p *modelPlace) bool { return !p.archived })
		unread := m.list(u, func(c *modelConversation, p *modelPlace) bool { un, _ := c.unread(u); return un && !p.archived })
		for filter, want := range map[messaging.Filter][]uint64{
			messaging.FilterActive:   inbox,
			messaging.FilterUnread:   unread,
			messaging.FilterArchived: m.list(u, func(_ *modelConversation, p *modelPlace) bool { return p.archived }),
			messaging.FilterAll:      m.list(u, func(*modelConversation, *modelPlace) bool { return true }),
		} {
			if got := f.list(u, filter); !slices.Equal(got, want) {
				rt.Fatalf("user %d, %s: %v, want %v", u, filter, got, want)
			}
		}
		if n := f.unread(u); n != len(unread) {
			rt.Fatalf("user %d: %d unread, want %d", u, n, len(unread))
		}
		for id, c := range m.conversations {
			p := c.places[u]
			view, err := f.store.Conversation(t.Context(), u, id)
			if p == nil || p.left {
				if !errors.Is(err, messaging.ErrNotParticipant) {
					rt.Fatalf("user %d sees conversation %d: %v", u, id, err)
				}
				continue
			}
			if err != nil {
				rt.Fatal(err)
			}
			un, n := c.unread(u)
			mine := c.kind == messaging.Direct && m.blocks[[2]uint64{u, view.Others()[0].ID}]
			got := fmt.Sprint(view.Unread, view.UnreadCount, view.Muted, view.Archived, view.BlockedByViewer, view.MessageCount, view.LastMessageID)
			if want := fmt.Sprint(un, n, p.muted, p.archived, mine, len(c.messages), c.last()); got != want {
				rt.Fatalf("user %d, conversation %d: %s, want %s", u, id, got, want)
			}
		}
	}
}
