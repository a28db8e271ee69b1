package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// mailBatch is how many members QueueMail looks at in one go, and mailConversations how many conversations
// one mail names.
const (
	mailBatch         = 100
	mailConversations = 20
)

// SetMailDelay makes members get a mail for what they have not read delay after it came; 0 sends none. It
// belongs to the Store's making.
func (s *Store) SetMailDelay(delay func() time.Duration) { s.mailDelay = delay }

// scheduleMail makes sure that members who have something unread will get a mail for it. The first unread
// message decides when; more of them make no difference.
func (s *Store) scheduleMail(ctx context.Context, users []uint64) error {
	delay := time.Duration(0)
	if s.mailDelay != nil {
		delay = s.mailDelay()
	}
	if delay == 0 || len(users) == 0 {
		return nil
	}
	var values []any
	for _, id := range users {
		values = append(values, id, s.clock().Add(delay))
	}
	_, err := s.exec(ctx, s.db, "schedule mail", `
		INSERT INTO {p}jt_sidecar_mail (user_id, due_at) VALUES (?, ?)`+repeat(", (?, ?)", len(users)-1)+`
		ON DUPLICATE KEY UPDATE due_at = COALESCE(due_at, VALUES(due_at))`, values...)
	return err
}

// mailPayload is what is stored of a mail.due event.
type mailPayload struct {
	UserID uint64 `json:"user_id"`
	After  uint64 `json:"after_message_id"` // what came up to here was told before
}

// QueueMail turns mail that is due into events and says how many. Where everything was read meanwhile there
// is no mail.
func (s *Store) QueueMail(ctx context.Context) (int, error) {
	users, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT user_id FROM {p}jt_sidecar_mail WHERE due_at <= ? ORDER BY due_at LIMIT ?`), s.clock(), mailBatch)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: due mail: %w", err)
	}
	queued := 0
	for _, id := range users {
		mailed := false
		err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) (err error) {
			mailed, err = s.queueMail(ctx, tx, id)
			return err
		})
		if err != nil {
			return queued, err
		}
		if mailed {
			queued++
		}
	}
	return queued, nil
}

func (s *Store) queueMail(ctx context.Context, tx *sql.Tx, userID uint64) (bool, error) {
	told, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT message_id FROM {p}jt_sidecar_mail WHERE user_id = ? AND due_at <= ? FOR UPDATE`), userID, s.clock())
	if err != nil {
		return false, fmt.Errorf("mysqlstore: mail of user %d: %w", userID, err)
	}
	if len(told) == 0 {
		return false, nil // another replica was faster
	}
	newest, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT COALESCE(MAX(jts_last_incoming_id), 0)
		FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_unread_inbox)
		WHERE user_id = ? AND jts_unread = 1 AND jts_folder = 1
			AND jts_last_incoming_id > jts_last_read_id AND COALESCE(is_muted, 0) = 0`), userID)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: unread messages of user %d: %w", userID, err)
	}
	if newest <= told[0] {
		_, err := s.exec(ctx, tx, "cancel mail", `UPDATE {p}jt_sidecar_mail SET due_at = NULL WHERE user_id = ?`, userID)
		return false, err
	}
	if _, err := s.exec(ctx, tx, "note mail",
		`UPDATE {p}jt_sidecar_mail SET due_at = NULL, message_id = ? WHERE user_id = ?`, newest, userID); err != nil {
		return false, err
	}
	payload, err := json.Marshal(mailPayload{UserID: userID, After: told[0]})
	if err != nil {
		return false, fmt.Errorf("mysqlstore: event %s: %w", eventMail, err)
	}
	_, err = s.exec(ctx, tx, "emit "+eventMail,
		`INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at) VALUES (0, ?, ?, ?)`,
		eventMail, string(payload), s.clock())
	return err == nil, err
}

// mailedConversation is a conversation as a mail names it.
type mailedConversation struct {
	ConversationID uint64 `json:"conversation_id"`
	Title          string `json:"title"`
	SenderID       uint64 `json:"sender_id"`
	SenderName     string `json:"sender_name"`
	UnreadCount    int    `json:"unread_count"`
	Preview        string `json:"preview"`
	LastMessageAt  int64  `json:"last_message_at"`
}

// completeMail says what is unread now; nothing any more makes the event moot, and so does a ban.
func (s *Store) completeMail(ctx context.Context, p pending, userID uint64, body map[string]any) error {
	var payload mailPayload
	if err := json.Unmarshal([]byte(p.payload), &payload); err != nil {
		return fmt.Errorf("mysqlstore: payload of event %d: %w", p.id, err)
	}
	member, exists, err := s.site.Member(ctx, userID)
	if err != nil {
		return err
	}
	if !exists || member.Banned {
		return errMoot
	}
	columns, joins := s.site.ProfileSQL("m.sender_id", "s")
	conversations, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (mailedConversation, error) {
		var c mailedConversation
		var plain, html string
		var at sql.NullTime
		var profile profileScan
		err := row.Scan(append([]any{&c.ConversationID, &c.UnreadCount, &c.SenderID, &plain, &html, &at}, profile.dest(s.site)...)...)
		if plain == "" {
			plain = s.format.Plain(html)
		}
		c.SenderName, c.Preview, c.LastMessageAt = profile.person(c.SenderID).Name(), s.format.Preview(plain, eventPreview), at.Time.Unix()
		return c, err
	}, s.prefix.Expand(`
		SELECT p.conversation_id, c.jts_user_message_count - p.jts_read_count, m.sender_id,
			COALESCE(m.content_plain, ''), m.content, m.created_at, `+columns+`
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_unread_inbox)
		STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		STRAIGHT_JOIN {p}jt_pro_messages m ON m.id = p.jts_last_incoming_id `+joins+`
		WHERE p.user_id = ? AND p.jts_unread = 1 AND p.jts_folder = 1 AND p.jts_last_incoming_id > ?
			AND p.jts_last_incoming_id > p.jts_last_read_id AND COALESCE(p.is_muted, 0) = 0
		ORDER BY p.jts_last_message_id DESC LIMIT ?`), userID, payload.After, mailConversations)
	if err != nil {
		return fmt.Errorf("mysqlstore: mail of user %d: %w", userID, err)
	}
	if len(conversations) == 0 {
		return errMoot
	}
	for i, c := range conversations {
		view, err := s.Conversation(ctx, userID, c.ConversationID)
		if err == messaging.ErrNotParticipant {
			continue // left this very moment; the title is all that is missing
		}
		if err != nil {
			return err
		}
		conversations[i].Title = view.DisplayTitle()
	}
	delete(body, "after_message_id")
	body["conversations"] = conversations
	return nil
}
