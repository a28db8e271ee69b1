package messaging

import "time"

// Message is one message of a thread.
type Message struct {
	ID             uint64
	ConversationID uint64
	SenderID       uint64
	Sender         Person // without a login when the account is gone
	HTML           string // sanitized
	Plain          string
	System         bool // a note such as "… left the conversation"
	CreatedAt      time.Time
}

// Order is the order in which a page of messages is listed.
type Order string

const (
	OldestFirst Order = "asc"
	NewestFirst Order = "desc"
)

// ThreadQuery asks for a page of a thread. Before and After exclude each other; with neither, Order
// decides at which end the thread is opened.
type ThreadQuery struct {
	Before uint64 // messages older than this id, those nearest to it; 0 = none
	After  uint64 // messages newer than this id, those nearest to it, when HasAfter
	Limit  int    // 1 to MaxPage
	Offset int    // for clients that page by number

	// HasAfter tells After = 0 (from the beginning) from no After.
	HasAfter bool
	// Order defaults to NewestFirst, with After to OldestFirst.
	Order Order
}

// ThreadPage is a page of a thread.
type ThreadPage struct {
	Messages []Message // in the order asked for
	HasMore  bool      // in the direction of the query
	Total    int       // messages in the conversation

	// State of the viewer and the conversation when the page was read.
	LastMessageID     uint64
	LastReadMessageID uint64
	Unread            bool
}

// Newest is the highest message id of the page, 0 for an empty one.
func (p ThreadPage) Newest() uint64 {
	var newest uint64
	for _, m := range p.Messages {
		newest = max(newest, m.ID)
	}
	return newest
}

// ReachesEnd says whether the page shows the newest message of the conversation.
func (p ThreadPage) ReachesEnd() bool {
	return len(p.Messages) > 0 && p.Newest() >= p.LastMessageID
}
