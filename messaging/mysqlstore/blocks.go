package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// checkBlocks refuses where userID and any of others block each other, in messaging or in the whole
// community, whoever began.
func (s *Store) checkBlocks(ctx context.Context, tx *sql.Tx, userID uint64, others []uint64) error {
	blocked, err := s.blockedBetween(ctx, tx, userID, others)
	if err != nil {
		return err
	}
	if len(blocked) > 0 {
		return messaging.ErrCannotMessage
	}
	return nil
}

// blockedBetween gives those of others whom userID blocks or who block userID.
func (s *Store) blockedBetween(ctx context.Context, q mysqldb.Queryer, userID uint64, others []uint64) (map[uint64]bool, error) {
	blocked, err := s.site.BlockedBetween(ctx, q, userID, others)
	if err != nil {
		return nil, err
	}
	list := mysqldb.Placeholders(len(others))
	rows, err := mysqldb.Query(ctx, q, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT blocked_id FROM {p}jt_sidecar_blocks WHERE blocker_id = ? AND blocked_id IN (`+list+`)
		UNION ALL
		SELECT blocker_id FROM {p}jt_sidecar_blocks WHERE blocked_id = ? AND blocker_id IN (`+list+`)`),
		append(args(others, userID), args(others, userID)...)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: blocks of user %d: %w", userID, err)
	}
	if blocked == nil {
		blocked = make(map[uint64]bool, len(rows))
	}
	for _, id := range rows {
		blocked[id] = true
	}
	return blocked, nil
}

// SetBlocked implements messaging.Store. It holds the lock of the conversation, as a send does, so a
// message is either sent before the block or refused.
func (s *Store) SetBlocked(ctx context.Context, c messaging.StateCommand) (messaging.Outcome, error) {
	return s.mutate(ctx, c.UserID, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		conv, places, err := s.lockAs(ctx, tx, c.ConversationID, c.UserID)
		if err != nil {
			return messaging.Outcome{}, err
		}
		other := counterpart(places, c.UserID)
		if conv.kind != messaging.Direct || other == 0 {
			return messaging.Outcome{}, messaging.ErrGroupCannotBeBlocked
		}
		blocked, err := s.blocks(ctx, tx, c.UserID, other)
		if err != nil {
			return messaging.Outcome{}, err
		}
		value := !blocked
		if c.Value != nil {
			value = *c.Value
		}
		outcome := messaging.Outcome{ConversationID: c.ConversationID, Value: value}
		if value == blocked {
			return outcome, nil
		}
		if value {
			_, err = s.exec(ctx, tx, "block",
				`INSERT IGNORE INTO {p}jt_sidecar_blocks (blocker_id, blocked_id, created_at) VALUES (?, ?, ?)`,
				c.UserID, other, s.clock())
		} else {
			_, err = s.exec(ctx, tx, "unblock",
				`DELETE FROM {p}jt_sidecar_blocks WHERE blocker_id = ? AND blocked_id = ?`, c.UserID, other)
		}
		if err != nil {
			return outcome, err
		}
		if err := s.mirrorBlock(ctx, tx, c.UserID, other, value); err != nil {
			return outcome, err
		}
		return outcome, s.emit(ctx, tx, eventBlocked, event{ConversationID: c.ConversationID, UserID: c.UserID, Participants: []uint64{other}, Value: &value})
	})
}

func (s *Store) blocks(ctx context.Context, tx *sql.Tx, blocker, blocked uint64) (bool, error) {
	_, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[int], s.prefix.Expand(
		`SELECT 1 FROM {p}jt_sidecar_blocks WHERE blocker_id = ? AND blocked_id = ?`), blocker, blocked)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("mysqlstore: block of %d by %d: %w", blocked, blocker, err)
	}
	return true, nil
}

// mirrorBlock keeps the paid edition's flag true: it stands on the blocked participant's row, in each
// direct conversation of the pair (a site may have brought several).
func (s *Store) mirrorBlock(ctx context.Context, tx *sql.Tx, blocker, blocked uint64, value bool) error {
	ids, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT c.id
		FROM {p}jt_pro_conversation_participants me
		JOIN {p}jt_pro_conversation_participants other
			ON other.conversation_id = me.conversation_id AND other.user_id = ?
		JOIN {p}jt_pro_conversations c ON c.id = me.conversation_id AND c.type = 'direct'
		WHERE me.user_id = ?`), blocked, blocker)
	if err != nil {
		return fmt.Errorf("mysqlstore: direct conversations of %d and %d: %w", blocker, blocked, err)
	}
	if len(ids) == 0 {
		return nil
	}
	_, err = s.exec(ctx, tx, "mirror block", `
		UPDATE {p}jt_pro_conversation_participants SET is_blocked = ?
		WHERE user_id = ? AND conversation_id IN (`+mysqldb.Placeholders(len(ids))+`)`,
		args(ids, value, blocked)...)
	return err
}

// counterpart is the other side of a direct conversation, 0 if there isn't exactly one.
func counterpart(places map[uint64]place, userID uint64) uint64 {
	if len(places) != 2 {
		return 0
	}
	for id := range places {
		if id != userID {
			return id
		}
	}
	return 0
}
