package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// SetHold implements oversight.Store. It holds the conversation's lock, as do all who delete or blank
// something of it: what they began before is done, and nothing begins behind it.
func (o *Oversight) SetHold(ctx context.Context, conversationID uint64, on bool, reason string, e oversight.Entry) error {
	s := o.store
	_, _, err := s.logged(ctx, e, func(ctx context.Context, tx *sql.Tx) (bool, error) {
		if _, err := s.lock(ctx, tx, conversationID); errors.Is(err, messaging.ErrNotParticipant) {
			return false, messaging.ErrNotFound
		} else if err != nil {
			return false, err
		}
		held, err := s.held(ctx, tx, conversationID)
		if err != nil || held == on {
			return false, err
		}
		if !on {
			if _, err := s.exec(ctx, tx, "lift hold", `DELETE FROM {p}jt_sidecar_holds WHERE conversation_id = ?`, conversationID); err != nil {
				return false, err
			}
			return true, s.countLift(ctx, tx)
		}
		_, err = s.exec(ctx, tx, "hold", `
			INSERT INTO {p}jt_sidecar_holds (conversation_id, since, user_id, reason) VALUES (?, ?, ?, ?)`,
			conversationID, s.clock(), e.UserID, text(reason, oversight.MaxNote))
		return true, err
	})
	return err
}

// held says whether a conversation, which is locked, is under a legal hold.
func (s *Store) held(ctx context.Context, tx *sql.Tx, conversationID uint64) (bool, error) {
	held, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[bool], s.prefix.Expand(
		`SELECT EXISTS (SELECT 1 FROM {p}jt_sidecar_holds WHERE conversation_id = ?)`), conversationID)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: hold of conversation %d: %w", conversationID, err)
	}
	return held, nil
}

// hold gives a conversation's hold, nil for none.
func (o *Oversight) hold(ctx context.Context, conversationID uint64) (*oversight.Hold, error) {
	holds, err := mysqldb.Query(ctx, o.store.db, func(row mysqldb.Scanner) (*oversight.Hold, error) {
		h := new(oversight.Hold)
		err := row.Scan(&h.Since, &h.By, &h.Reason)
		return h, err
	}, o.store.prefix.Expand(`SELECT since, user_id, reason FROM {p}jt_sidecar_holds WHERE conversation_id = ?`), conversationID)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: hold of conversation %d: %w", conversationID, err)
	}
	if len(holds) == 0 {
		return nil, nil
	}
	return holds[0], nil
}

// Retained is how many messages of a member an erasure leaves as they are: those in conversations under a legal
// hold, and those that reports seal.
func (s *Store) Retained(ctx context.Context, userID uint64) (int, error) {
	held, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(`
		SELECT COUNT(*) FROM {p}jt_sidecar_holds h
		STRAIGHT_JOIN {p}jt_pro_messages m FORCE INDEX (jts_thread) ON m.conversation_id = h.conversation_id
		WHERE m.sender_id = ? AND `+textLeft), userID)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: held messages of user %d: %w", userID, err)
	}
	sealed, err := s.sealedOf(ctx, userID)
	return held + sealed, err
}
