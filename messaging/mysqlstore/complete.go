package mysqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
)

// errMoot drops an event that has nothing to tell any more.
var errMoot = errors.New("mysqlstore: event is moot")

// eventPreview is how much of a message an event shows, in characters.
const eventPreview = 140

// complete makes an event as it is delivered: what was stored of it, and what is looked up now, so that text
// and names are never older than the delivery and stand in no queue.
func (s *Store) complete(ctx context.Context, p pending) (json.RawMessage, error) {
	body := make(map[string]any)
	if err := json.Unmarshal([]byte(p.payload), &body); err != nil {
		return nil, fmt.Errorf("mysqlstore: payload of event %d: %w", p.id, err)
	}
	var e event
	if err := json.Unmarshal([]byte(p.payload), &e); err != nil {
		return nil, fmt.Errorf("mysqlstore: payload of event %d: %w", p.id, err)
	}
	body["id"], body["type"], body["created_at"] = p.id, p.kind, p.createdAt.Unix()
	var err error
	switch p.kind {
	case eventSent:
		err = s.completeSent(ctx, e, body)
	case eventRead:
		err = s.completeRead(ctx, e, body)
	case eventMail:
		err = s.completeMail(ctx, p, e.UserID, body)
	case eventAccessLogged:
		err = s.completeAccess(ctx, e, body)
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(body)
}

// completeSent says who is in the conversation, who is to be told, and to whom the message is still unread.
func (s *Store) completeSent(ctx context.Context, e event, body map[string]any) error {
	texts, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) ([2]string, error) {
		var t [2]string
		err := row.Scan(&t[0], &t[1])
		return t, err
	}, s.prefix.Expand(`
		SELECT COALESCE(content_plain, ''), content FROM {p}jt_pro_messages WHERE id = ?`), e.MessageID)
	if err != nil {
		return fmt.Errorf("mysqlstore: message %d: %w", e.MessageID, err)
	}
	if len(texts) == 0 {
		return errMoot
	}
	plain := texts[0][0]
	if plain == "" {
		plain = s.format.Plain(texts[0][1])
	}

	type recipient struct {
		id            uint64
		muted, unread bool
	}
	others, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (recipient, error) {
		var r recipient
		err := row.Scan(&r.id, &r.muted, &r.unread)
		return r, err
	}, s.prefix.Expand(`
		SELECT user_id, COALESCE(is_muted <> 0, 0), jts_last_read_id < ?
		FROM {p}jt_pro_conversation_participants
		WHERE conversation_id = ? AND user_id <> ? AND jts_folder <> 0 ORDER BY user_id`),
		e.MessageID, e.ConversationID, e.UserID)
	if err != nil {
		return fmt.Errorf("mysqlstore: recipients of message %d: %w", e.MessageID, err)
	}
	participants, recipients, unread := []uint64{}, []uint64{}, []uint64{}
	for _, r := range others {
		participants = append(participants, r.id)
	}
	if len(participants) > 0 {
		blocked, err := s.blockedBetween(ctx, s.db, e.UserID, participants)
		if err != nil {
			return err
		}
		members, err := s.site.Members(ctx, participants)
		if err != nil {
			return err
		}
		for _, r := range others {
			member, exists := members[r.id]
			if r.muted || blocked[r.id] || !exists || member.Banned {
				continue
			}
			recipients = append(recipients, r.id)
			if r.unread {
				unread = append(unread, r.id)
			}
		}
	}
	body["participant_ids"], body["recipient_ids"], body["unread_ids"] = participants, recipients, unread
	body["preview"] = s.format.Preview(plain, eventPreview)
	return s.scheduleMail(ctx, unread)
}

// completeRead names the reader where something has come since: its bell is not to be taken away. The event
// itself always goes out, also then. WordPress may still be at an earlier delivery of it, which knew of nothing
// unread; as long as it is, the message behind it has to wait, or its bell would be taken away by that.
func (s *Store) completeRead(ctx context.Context, e event, body map[string]any) error {
	unread, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT user_id FROM {p}jt_pro_conversation_participants
		WHERE conversation_id = ? AND user_id = ? AND jts_unread = 1`), e.ConversationID, e.UserID)
	if err != nil {
		return fmt.Errorf("mysqlstore: state of conversation %d: %w", e.ConversationID, err)
	}
	body["unread_ids"] = append([]uint64{}, unread...) // a list, also when it is empty
	return nil
}

// completeAccess says what was done, and to what. The note stays in the log: it may quote what was searched for.
func (s *Store) completeAccess(ctx context.Context, e event, body map[string]any) error {
	type entry struct {
		action, reason         string
		conversation, memberID uint64
	}
	list, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (entry, error) {
		var l entry
		err := row.Scan(&l.action, &l.reason, &l.conversation, &l.memberID)
		return l, err
	}, s.prefix.Expand(`
		SELECT action, reason, conversation_id, member_id FROM {p}jt_sidecar_access_log WHERE id = ?`), e.EntryID)
	if err != nil {
		return fmt.Errorf("mysqlstore: access log entry %d: %w", e.EntryID, err)
	}
	if len(list) == 0 {
		return errMoot
	}
	body["entry"] = map[string]any{
		"action": list[0].action, "reason": list[0].reason,
		"conversation_id": list[0].conversation, "member_id": list[0].memberID,
	}
	return nil
}
