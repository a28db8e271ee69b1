package messaging

import (
	"strconv"
	"strings"
	"time"
)

// Type tells direct from group conversations. The values are those of the column.
type Type string

const (
	Direct Type = "direct" // between two members, one per pair
	Group  Type = "group"  // three members or more when made
)

// Conversation is a conversation as one participant, the viewer, sees it.
type Conversation struct {
	ID        uint64
	Type      Type
	Title     string // as stored, may be empty: see DisplayTitle
	CreatedBy uint64
	CreatedAt time.Time

	LastMessageID       uint64 // 0 while there is none
	LastMessageAt       time.Time
	LastMessagePreview  string // plain text, at most 255 characters
	LastMessageByViewer bool   // false for system notes, whoever caused them
	MessageCount        int    // system notes included

	Participants []Participant // in the order they joined, those who left included

	// The viewer's own state.
	ViewerID          uint64
	Unread            bool
	UnreadCount       int // messages of others after the last one read; 1 when only marked as unread
	LastReadMessageID uint64
	LastReadAt        time.Time
	Muted             bool
	Archived          bool
	BlockedByViewer   bool // the viewer blocks the other side of a direct conversation
}

// Participant is a member's place in a conversation. It carries nothing that is private to them.
type Participant struct {
	Person
	JoinedAt time.Time
	LeftAt   time.Time // zero while they take part
}

// Active says whether the participant still takes part.
func (p Participant) Active() bool { return p.LeftAt.IsZero() }

// Others are the participants without the viewer.
func (c Conversation) Others() []Participant {
	others := make([]Participant, 0, len(c.Participants))
	for _, p := range c.Participants {
		if p.ID != c.ViewerID {
			others = append(others, p)
		}
	}
	return others
}

// titleNames is how many names stand in for the title of a group without one.
const titleNames = 3

// DisplayTitle is the title, or where there is none the names of the others.
func (c Conversation) DisplayTitle() string {
	if c.Title != "" {
		return c.Title
	}
	var names []string
	rest := 0
	for _, p := range c.Others() {
		switch {
		case c.Type == Group && !p.Active():
		case len(names) == titleNames:
			rest++
		default:
			names = append(names, p.Name())
		}
	}
	if len(names) == 0 {
		return DeletedName
	}
	title := strings.Join(names, ", ")
	if rest > 0 {
		title += " +" + strconv.Itoa(rest)
	}
	return title
}

// Filter is a view of the inbox.
type Filter string

const (
	FilterActive   Filter = "active"   // the inbox
	FilterArchived Filter = "archived" //
	FilterUnread   Filter = "unread"   // of the inbox, those with something unread
	FilterAll      Filter = "all"      // inbox and archive
)

// ListQuery asks for a page of a member's conversations, newest activity first.
type ListQuery struct {
	Filter Filter
	Search string      // of the filter, those with this text in their title or another participant's name; "" for all
	With   uint64      // of the filter, the direct conversation with this member alone; 0 for all. Without Search, Offset and After
	Limit  int         // 1 to MaxPage
	Offset int         // for clients that page by number; 0 with After
	After  *ListCursor // continue behind this place, unmoved by what moves to the top meanwhile
}

// MaxPage is the most rows of one answer.
const MaxPage = 100

// ListCursor is a place in the list: a conversation and the message that put it there.
type ListCursor struct {
	LastMessageID  uint64
	ConversationID uint64
}

// ConversationPage is a page of the list.
type ConversationPage struct {
	Conversations []Conversation
	Total         int // in the filter, and found
	Next          *ListCursor
}
