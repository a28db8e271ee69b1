package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// mark is a place up to which somebody has read: a message, its time, and how many messages of members
// there are up to it. The three belong together and are written together.
type mark struct {
	messageID uint64
	at        time.Time
	count     int
}

// Read implements messaging.Store.
func (s *Store) Read(ctx context.Context, c messaging.ReadCommand) (messaging.Outcome, error) {
	if c.Unread {
		return s.markUnread(ctx, c)
	}
	outcome := messaging.Outcome{ConversationID: c.ConversationID}
	if o, found, err := s.Recall(ctx, c.UserID, c.Request); err != nil || found {
		return o, err
	}
	m, unread, err := s.markAt(ctx, c.UserID, c.ConversationID, c.UpTo)
	if err != nil {
		return outcome, err
	}
	if !unread && c.Request.Key == "" {
		return outcome, nil
	}
	return s.mutate(ctx, c.UserID, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		if err := s.moveMark(ctx, tx, c.UserID, c.ConversationID, m); err != nil || !unread {
			return outcome, err
		}
		still, err := s.unread(ctx, tx, c.UserID, c.ConversationID)
		if err != nil || still {
			return outcome, err
		}
		return outcome, s.emit(ctx, tx, eventRead, event{ConversationID: c.ConversationID, UserID: c.UserID, MessageID: m.messageID})
	})
}

// unread says whether a conversation is unread for a member, also when that has just changed.
func (s *Store) unread(ctx context.Context, tx *sql.Tx, userID, conversationID uint64) (bool, error) {
	unread, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[bool], s.prefix.Expand(`
		SELECT jts_unread FROM {p}jt_pro_conversation_participants
		WHERE conversation_id = ? AND user_id = ? AND jts_folder <> 0`), conversationID, userID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, messaging.ErrNotParticipant
	}
	if err != nil {
		return false, fmt.Errorf("mysqlstore: unread state of user %d in conversation %d: %w", userID, conversationID, err)
	}
	return unread, nil
}

// markAt finds the newest message at or before upTo (0 = the newest of all) and says whether the
// conversation is unread now. The mark of the newest message stands in the conversation's row; one
// further back is found by counting from there, in one index and over the unread part alone. No
// message can later come between, since ids grow within a conversation.
func (s *Store) markAt(ctx context.Context, userID, conversationID, upTo uint64) (mark, bool, error) {
	var unread bool
	m, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (mark, error) {
		var m mark
		var at sql.NullTime
		err := row.Scan(&unread, &m.messageID, &at, &m.count)
		m.at = at.Time
		return m, err
	}, s.prefix.Expand(`
		SELECT p.jts_unread, c.jts_last_message_id, c.last_message_at, c.jts_user_message_count
		FROM {p}jt_pro_conversation_participants p
		JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		WHERE p.conversation_id = ? AND p.user_id = ? AND p.jts_folder <> 0`), conversationID, userID)
	if errors.Is(err, sql.ErrNoRows) {
		return mark{}, false, messaging.ErrNotParticipant
	}
	if err != nil {
		return mark{}, false, fmt.Errorf("mysqlstore: read mark of user %d in conversation %d: %w", userID, conversationID, err)
	}
	if upTo == 0 || upTo >= m.messageID {
		return m, unread, nil
	}
	older, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (mark, error) {
		var older mark
		var at sql.NullTime
		err := row.Scan(&older.messageID, &at, &older.count)
		older.at = at.Time
		return older, err
	}, s.prefix.Expand(`
		SELECT m.id, m.created_at, (
			SELECT COUNT(*) FROM {p}jt_pro_messages n FORCE INDEX (jts_thread)
			WHERE n.conversation_id = ? AND n.id > ? AND n.id <= ? AND COALESCE(n.is_system, 0) = 0)
		FROM {p}jt_pro_messages m FORCE INDEX (jts_thread)
		WHERE m.conversation_id = ? AND m.id <= ? ORDER BY m.id DESC LIMIT 1`),
		conversationID, upTo, m.messageID, conversationID, upTo)
	if errors.Is(err, sql.ErrNoRows) {
		return mark{}, unread, nil // before the first message: nothing was read
	}
	if err != nil {
		return mark{}, false, fmt.Errorf("mysqlstore: message %d of conversation %d: %w", upTo, conversationID, err)
	}
	older.count = m.count - older.count
	return older, unread, nil
}

// moveMark moves a member's read mark to m unless it is there or further, and takes the mark "unread"
// away: whoever reads has seen it.
func (s *Store) moveMark(ctx context.Context, tx *sql.Tx, userID, conversationID uint64, m mark) error {
	if m.messageID > 0 {
		if _, err := s.exec(ctx, tx, "move read mark", `
			UPDATE {p}jt_pro_conversation_participants
			SET jts_read_count = IF(jts_last_read_id < ?, ?, jts_read_count),
				last_read_at = IF(jts_last_read_id < ?, ?, last_read_at),
				jts_last_read_id = GREATEST(jts_last_read_id, ?),
				jts_marked_unread = 0
			WHERE conversation_id = ? AND user_id = ? AND jts_folder <> 0`,
			m.messageID, m.count, m.messageID, sql.NullTime{Time: m.at, Valid: !m.at.IsZero()}, m.messageID,
			conversationID, userID); err != nil {
			return err
		}
		return nil
	}
	_, err := s.exec(ctx, tx, "take unread mark away", `
		UPDATE {p}jt_pro_conversation_participants SET jts_marked_unread = 0
		WHERE conversation_id = ? AND user_id = ? AND jts_folder <> 0`, conversationID, userID)
	return err
}

func (s *Store) markUnread(ctx context.Context, c messaging.ReadCommand) (messaging.Outcome, error) {
	return s.mutate(ctx, c.UserID, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		outcome := messaging.Outcome{ConversationID: c.ConversationID, Value: true}
		res, err := s.exec(ctx, tx, "mark unread", `
			UPDATE {p}jt_pro_conversation_participants SET jts_marked_unread = 1
			WHERE conversation_id = ? AND user_id = ? AND jts_folder <> 0`, c.ConversationID, c.UserID)
		if err != nil {
			return outcome, err
		}
		// The pool counts rows that were found, changed or not.
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return outcome, errors.Join(err, messaging.ErrNotParticipant)
		}
		return outcome, nil
	})
}

// readBatch is how many conversations ReadAll marks in one transaction.
const readBatch = 200

// ReadAll implements messaging.Store. The marks are those of the moment when each batch is read: what
// arrives meanwhile stays unread.
func (s *Store) ReadAll(ctx context.Context, userID uint64) (int, error) {
	type target struct {
		conversationID uint64
		mark
	}
	total := 0
	for after := uint64(0); ; {
		targets, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (target, error) {
			var t target
			var at sql.NullTime
			err := row.Scan(&t.conversationID, &t.messageID, &at, &t.count)
			t.at = at.Time
			return t, err
		}, s.prefix.Expand(`
			SELECT p.conversation_id, c.jts_last_message_id, c.last_message_at, c.jts_user_message_count
			FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_unread_inbox)
			STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
			WHERE p.user_id = ? AND p.jts_unread = 1 AND p.jts_folder = 1 AND p.conversation_id > ?
			ORDER BY p.conversation_id LIMIT ?`), userID, after, readBatch)
		if err != nil {
			return total, fmt.Errorf("mysqlstore: unread conversations of user %d: %w", userID, err)
		}
		if len(targets) == 0 {
			return total, nil
		}
		err = mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
			for _, t := range targets {
				if err := s.moveMark(ctx, tx, userID, t.conversationID, t.mark); err != nil {
					return err
				}
				if err := s.emit(ctx, tx, eventRead, event{ConversationID: t.conversationID, UserID: userID, MessageID: t.messageID}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return total, err
		}
		total += len(targets)
		after = targets[len(targets)-1].conversationID
	}
}
