package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// Add implements messaging.Store. The limit is counted under the lock of the conversation, so that
// two who add at the same time cannot pass it together.
func (s *Store) Add(ctx context.Context, c messaging.AddCommand) (messaging.Outcome, error) {
	return s.mutate(ctx, c.By, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		outcome := messaging.Outcome{ConversationID: c.ConversationID}
		conv, places, err := s.lockAs(ctx, tx, c.ConversationID, c.By)
		if err != nil {
			return outcome, err
		}
		if conv.kind != messaging.Group {
			return outcome, messaging.ErrGroupOnly
		}
		var joining, back []uint64
		var names []string
		for _, id := range c.Members {
			p, known := places[id]
			if p.active {
				continue
			}
			if known {
				back = append(back, id)
			} else {
				joining = append(joining, id)
			}
			names = append(names, c.Names[id])
		}
		if len(names) == 0 {
			return outcome, nil
		}
		if len(activeMembers(places))+len(names) > c.Limit {
			return outcome, messaging.TooManyParticipants(c.Limit)
		}
		if err := s.checkBlocks(ctx, tx, c.By, append(joining, back...)); err != nil {
			return outcome, err
		}
		if len(joining) > 0 {
			if err := s.join(ctx, tx, conv, joining); err != nil {
				return outcome, err
			}
		}
		if len(back) > 0 {
			if _, err := s.exec(ctx, tx, "return participants", `
				UPDATE {p}jt_pro_conversation_participants
				SET left_at = NULL, joined_at = ?, is_archived = 0, is_muted = 0,
					jts_last_message_id = ?, jts_last_read_id = ?, jts_read_count = ?
				WHERE conversation_id = ? AND user_id IN (`+mysqldb.Placeholders(len(back))+`)`,
				args(back, s.clock(), conv.lastMessageID, conv.lastMessageID, conv.userMessageCount, conv.id)...); err != nil {
				return outcome, err
			}
		}
		// What was written before they came is not news to them, but that they are in is.
		added := append(joining, back...)
		if _, err := s.exec(ctx, tx, "mark added", `
			UPDATE {p}jt_pro_conversation_participants SET jts_marked_unread = 1
			WHERE conversation_id = ? AND user_id IN (`+mysqldb.Placeholders(len(added))+`)`, args(added, conv.id)...); err != nil {
			return outcome, err
		}
		if outcome.MessageID, err = s.write(ctx, tx, conv, c.By, c.Note(names), true); err != nil {
			return outcome, err
		}
		return outcome, s.emit(ctx, tx, eventAdded, event{ConversationID: conv.id, UserID: c.By, MessageID: outcome.MessageID, Participants: added})
	})
}

// Leave implements messaging.Store.
func (s *Store) Leave(ctx context.Context, c messaging.LeaveCommand) (messaging.Outcome, error) {
	return s.mutate(ctx, c.UserID, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		outcome := messaging.Outcome{ConversationID: c.ConversationID, Value: true}
		conv, _, err := s.lockAs(ctx, tx, c.ConversationID, c.UserID)
		if err != nil {
			return outcome, err
		}
		if conv.kind != messaging.Group {
			return outcome, messaging.ErrDirectCannotBeLeft
		}
		// First out, then the note: it is for those who stay.
		if _, err := s.exec(ctx, tx, "leave", `
			UPDATE {p}jt_pro_conversation_participants SET left_at = ?, jts_marked_unread = 0
			WHERE conversation_id = ? AND user_id = ?`, s.clock(), conv.id, c.UserID); err != nil {
			return outcome, err
		}
		if outcome.MessageID, err = s.write(ctx, tx, conv, c.UserID, c.Note, true); err != nil {
			return outcome, err
		}
		return outcome, s.emit(ctx, tx, eventLeft, event{ConversationID: conv.id, UserID: c.UserID, MessageID: outcome.MessageID})
	})
}

// Rename implements messaging.Store.
func (s *Store) Rename(ctx context.Context, c messaging.RenameCommand) (messaging.Outcome, error) {
	return s.mutate(ctx, c.UserID, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		outcome := messaging.Outcome{ConversationID: c.ConversationID}
		conv, _, err := s.lockAs(ctx, tx, c.ConversationID, c.UserID)
		if err != nil {
			return outcome, err
		}
		if conv.kind != messaging.Group {
			return outcome, messaging.ErrGroupOnly
		}
		_, err = s.exec(ctx, tx, "rename", `UPDATE {p}jt_pro_conversations SET title = ? WHERE id = ?`, c.Title, conv.id)
		return outcome, err
	})
}

// seatBoth makes sure that both sides of a direct conversation can read what is about to be written. One cannot leave
// a direct conversation; where other code says that somebody has, they are back, with all that they missed unread, and
// where it took a row away, there is a new one. With others in it besides, it is no conversation of two: refused.
func (s *Store) seatBoth(ctx context.Context, tx *sql.Tx, conv lockedConversation, places map[uint64]place, a, b uint64) error {
	var missing, left []uint64
	for _, id := range []uint64{a, b} {
		switch p, known := places[id]; {
		case !known:
			missing = append(missing, id)
		case !p.active:
			left = append(left, id)
		}
	}
	if len(places)+len(missing) > 2 {
		return messaging.ErrCannotMessage
	}
	if len(missing) > 0 {
		if err := s.join(ctx, tx, conv, missing); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		_, err := s.exec(ctx, tx, "return to direct conversation", `
			UPDATE {p}jt_pro_conversation_participants SET left_at = NULL
			WHERE conversation_id = ? AND user_id IN (`+mysqldb.Placeholders(len(left))+`)`, args(left, conv.id)...)
		return err
	}
	return nil
}

// Counterpart implements messaging.Store.
func (s *Store) Counterpart(ctx context.Context, userID, conversationID uint64) (messaging.Type, uint64, error) {
	var kind string
	others, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (uint64, error) {
		var other sql.Null[uint64]
		err := row.Scan(&kind, &other)
		return other.V, err
	}, s.prefix.Expand(`
		SELECT COALESCE(c.type, ''), o.user_id
		FROM {p}jt_pro_conversation_participants p
		JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		LEFT JOIN {p}jt_pro_conversation_participants o
			ON c.type = 'direct' AND o.conversation_id = p.conversation_id AND o.user_id <> p.user_id
		WHERE p.conversation_id = ? AND p.user_id = ? AND p.jts_folder <> 0`), conversationID, userID)
	switch {
	case err != nil:
		return "", 0, fmt.Errorf("mysqlstore: counterpart of user %d in conversation %d: %w", userID, conversationID, err)
	case len(others) == 0:
		return "", 0, messaging.ErrNotParticipant
	case typeOf(kind) == messaging.Direct && len(others) == 1:
		return messaging.Direct, others[0], nil
	}
	return typeOf(kind), 0, nil
}

func repeat(text string, n int) string { return strings.Repeat(text, max(n, 0)) }
