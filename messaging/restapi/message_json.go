package restapi

import (
	"time"

	"jetonomy-sidecar/messaging"
)

// messageJSON is a message. Body is the HTML again: a client that shows it as text shows tags, while one
// that took plain text for HTML would run what members type.
type messageJSON struct {
	ID             uint64     `json:"id"`
	ConversationID uint64     `json:"conversation_id"`
	Cursor         string     `json:"cursor"`
	SenderID       uint64     `json:"sender_id"`
	SenderName     string     `json:"sender_name"`
	SenderAvatar   string     `json:"sender_avatar"`
	Sender         personJSON `json:"sender"`
	Content        string     `json:"content"`
	Body           string     `json:"body"`
	ContentPlain   string     `json:"content_plain"`
	IsSystem       bool       `json:"is_system"`
	IsOwn          bool       `json:"is_own"`
	CreatedAt      *string    `json:"created_at"`
	CreatedAtHuman string     `json:"created_at_human"`
}

func newMessageJSON(m messaging.Message, viewerID uint64, now time.Time) messageJSON {
	sender := newPersonJSON(m.SenderID, m.Sender)
	return messageJSON{
		ID: m.ID, ConversationID: m.ConversationID, Cursor: messageCursor(m.ID),
		SenderID: m.SenderID, SenderName: sender.Name, SenderAvatar: sender.Avatar, Sender: sender,
		Content: m.HTML, Body: m.HTML, ContentPlain: m.Plain,
		IsSystem: m.System, IsOwn: !m.System && m.SenderID == viewerID,
		CreatedAt: timeJSON(m.CreatedAt), CreatedAtHuman: ago(m.CreatedAt, now),
	}
}

// sentJSON answers a send: the message at the top level and under data.
type sentJSON struct {
	messageJSON
	Data messageJSON `json:"data"`
}
