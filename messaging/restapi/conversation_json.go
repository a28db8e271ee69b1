package restapi

import (
	"slices"
	"time"

	"jetonomy-sidecar/messaging"
)

// conversationJSON is a conversation as its viewer sees it.
type conversationJSON struct {
	ID           uint64            `json:"id"`
	Type         messaging.Type    `json:"type"`
	Title        string            `json:"title"`
	CreatedBy    uint64            `json:"created_by"`
	Participants []participantJSON `json:"participants"`

	LastMessageID      uint64  `json:"last_message_id"`
	LastMessageAt      *string `json:"last_message_at"`
	LastMessage        *string `json:"last_message"`
	LastMessagePreview *string `json:"last_message_preview"`
	LastMessageIsOwn   bool    `json:"last_message_is_own"`
	MessageCount       int     `json:"message_count"`

	Unread            bool    `json:"unread"`
	UnreadCount       int     `json:"unread_count"`
	LastReadMessageID uint64  `json:"last_read_message_id"`
	IsMuted           bool    `json:"is_muted"`
	Muted             bool    `json:"muted"`
	IsArchived        bool    `json:"is_archived"`
	Archived          bool    `json:"archived"`
	IsBlocked         bool    `json:"is_blocked"`
	LeftAt            *string `json:"left_at"`

	CreatedAt *string `json:"created_at"`
	UpdatedAt *string `json:"updated_at"`
}

// participantJSON is a participant's row. Everything below JoinedAt is private and filled in for the
// viewer's eyes only.
type participantJSON struct {
	personJSON
	JoinedAt *string `json:"joined_at"`
	LeftAt   *string `json:"left_at"`

	LastReadAt *string `json:"last_read_at"`
	IsMuted    bool    `json:"is_muted"`
	IsArchived bool    `json:"is_archived"`
	IsBlocked  bool    `json:"is_blocked"`
}

func newConversationJSON(c messaging.Conversation) conversationJSON {
	j := conversationJSON{
		ID: c.ID, Type: c.Type, Title: c.DisplayTitle(), CreatedBy: c.CreatedBy,
		Participants:  make([]participantJSON, len(c.Participants)),
		LastMessageID: c.LastMessageID, LastMessageAt: timeJSON(c.LastMessageAt), LastMessageIsOwn: c.LastMessageByViewer, MessageCount: c.MessageCount,
		Unread: c.Unread, UnreadCount: c.UnreadCount, LastReadMessageID: c.LastReadMessageID,
		IsMuted: c.Muted, Muted: c.Muted,
		IsArchived: c.Archived, Archived: c.Archived,
		IsBlocked: c.BlockedByViewer,
		CreatedAt: timeJSON(c.CreatedAt), UpdatedAt: timeJSON(c.LastMessageAt),
	}
	if j.UpdatedAt == nil {
		j.UpdatedAt = j.CreatedAt
	}
	if c.LastMessageID > 0 {
		j.LastMessage, j.LastMessagePreview = &c.LastMessagePreview, &c.LastMessagePreview
	}
	for i, p := range c.Participants {
		j.Participants[i] = newParticipantJSON(c, p)
	}
	return j
}

func newParticipantJSON(c messaging.Conversation, p messaging.Participant) participantJSON {
	j := participantJSON{personJSON: newPersonJSON(p.ID, p.Person), JoinedAt: timeJSON(p.JoinedAt), LeftAt: timeJSON(p.LeftAt)}
	if p.ID == c.ViewerID {
		j.LastReadAt, j.IsMuted, j.IsArchived = timeJSON(c.LastReadAt), c.Muted, c.Archived
	} else if c.Type == messaging.Direct {
		// The block stands on the blocked side's row. It is the viewer's own doing.
		j.IsBlocked = c.BlockedByViewer
	}
	return j
}

// changedJSON answers an action: the conversation at the top level for the mobile app, and under data for
// those who go by Jetonomy's tests.
type changedJSON struct {
	conversationJSON
	ConversationID uint64           `json:"conversation_id"`
	Success        bool             `json:"success"`
	Data           conversationJSON `json:"data"`
}

func newChangedJSON(c messaging.Conversation) changedJSON {
	j := newConversationJSON(c)
	return changedJSON{conversationJSON: j, ConversationID: c.ID, Success: true, Data: j}
}

// startedJSON answers a start: the conversation twice as above, and its new message.
type startedJSON struct {
	changedJSON
	MessageID uint64      `json:"message_id"`
	Message   messageJSON `json:"message"`
}

// leftJSON answers a leave: the conversation as the member last saw it, which they cannot ask for again.
type leftJSON struct {
	changedJSON
	Deleted bool `json:"deleted"`
	Left    bool `json:"left"`
}

func newLeftJSON(c messaging.Conversation, at time.Time) leftJSON {
	c.Unread, c.UnreadCount = false, 0
	c.Participants = slices.Clone(c.Participants)
	for i, p := range c.Participants {
		if p.ID == c.ViewerID {
			c.Participants[i].LeftAt = at
		}
	}
	j := leftJSON{changedJSON: newChangedJSON(c), Deleted: true, Left: true}
	j.LeftAt, j.Data.LeftAt = timeJSON(at), timeJSON(at)
	return j
}

// leftAgainJSON answers a repeated leave, when there is no conversation to show any more.
type leftAgainJSON struct {
	leftDataJSON
	Success bool         `json:"success"`
	Deleted bool         `json:"deleted"`
	Left    bool         `json:"left"`
	Data    leftDataJSON `json:"data"`
}

type leftDataJSON struct {
	ID             uint64  `json:"id"`
	ConversationID uint64  `json:"conversation_id"`
	LeftAt         *string `json:"left_at"`
}
