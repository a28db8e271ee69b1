package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// Overview tells how much there is of a member, and their blocks. Messages are counted by a key alone, also
// those in conversations that the member has no part in any more.
func (s *Store) Overview(ctx context.Context, userID uint64) (messaging.Overview, error) {
	o, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (messaging.Overview, error) {
		var o messaging.Overview
		err := row.Scan(&o.Conversations, &o.Messages)
		return o, err
	}, s.prefix.Expand(`
		SELECT
			(SELECT COUNT(*) FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_all) WHERE user_id = ?),
			(SELECT COUNT(*) FROM {p}jt_pro_messages FORCE INDEX (jts_sender)
			 WHERE sender_id = ? AND COALESCE(is_system, 0) = 0)`), userID, userID)
	if err != nil {
		return o, fmt.Errorf("mysqlstore: overview of user %d: %w", userID, err)
	}
	if o.Blocks, err = s.blocksWhere(ctx, `SELECT blocked_id, created_at FROM {p}jt_sidecar_blocks WHERE blocker_id = ? ORDER BY blocked_id`, userID); err != nil {
		return o, err
	}
	o.BlockedBy, err = s.blocksWhere(ctx, `SELECT blocker_id, created_at FROM {p}jt_sidecar_blocks WHERE blocked_id = ? ORDER BY blocker_id`, userID)
	return o, err
}

// blocksWhere reads blocks by a query for the other member and the time.
func (s *Store) blocksWhere(ctx context.Context, query string, list ...any) ([]messaging.Block, error) {
	blocks, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.Block, error) {
		var b messaging.Block
		var since sql.NullTime
		err := row.Scan(&b.UserID, &since)
		b.Since = since.Time
		return b, err
	}, s.prefix.Expand(query), list...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: blocks: %w", err)
	}
	return blocks, nil
}

// Unblock takes the block of blockedID by blockerID back; with one of them 0, all of the other's. It says
// how many there were.
func (s *Store) Unblock(ctx context.Context, blockerID, blockedID uint64) (int, error) {
	others := []uint64{blockedID}
	pair := func(other uint64) (uint64, uint64) { return blockerID, other }
	if blockerID == 0 || blockedID == 0 {
		known, mine, theirs := blockerID, "blocker_id", "blocked_id"
		if blockerID == 0 {
			known, mine, theirs = blockedID, "blocked_id", "blocker_id"
			pair = func(other uint64) (uint64, uint64) { return other, blockedID }
		}
		var err error
		others, err = mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(
			`SELECT `+theirs+` FROM {p}jt_sidecar_blocks WHERE `+mine+` = ? ORDER BY `+theirs), known)
		if err != nil {
			return 0, fmt.Errorf("mysqlstore: blocks of user %d: %w", known, err)
		}
	}
	removed := 0
	for _, other := range others {
		blocker, blocked := pair(other)
		was := false
		err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
			res, err := s.exec(ctx, tx, "unblock",
				`DELETE FROM {p}jt_sidecar_blocks WHERE blocker_id = ? AND blocked_id = ?`, blocker, blocked)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if was = n > 0; err != nil || !was {
				return err
			}
			return s.mirrorBlock(ctx, tx, blocker, blocked, false)
		})
		if err != nil {
			return removed, err
		}
		if was {
			removed++
		}
	}
	return removed, nil
}

// Summaries lists conversations behind the id after, lowest first. next is where to go on, 0 after the
// last one.
func (s *Store) Summaries(ctx context.Context, after uint64, limit int) (list []messaging.ConversationSummary, next uint64, err error) {
	list, err = mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.ConversationSummary, error) {
		var c messaging.ConversationSummary
		var kind string
		var at sql.NullTime
		err := row.Scan(&c.ID, &kind, &c.Title, &c.MessageCount, &at)
		c.Type, c.LastMessageAt = typeOf(kind), at.Time
		return c, err
	}, s.prefix.Expand(`
		SELECT id, COALESCE(type, ''), COALESCE(title, ''), COALESCE(message_count, 0), last_message_at
		FROM {p}jt_pro_conversations WHERE id > ? ORDER BY id LIMIT ?`), after, limit+1)
	if err != nil {
		return nil, 0, fmt.Errorf("mysqlstore: conversations behind %d: %w", after, err)
	}
	if len(list) == 0 {
		return nil, 0, nil
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	ids := make([]uint64, len(list))
	places := make(map[uint64]int, len(list))
	for i, c := range list {
		ids[i], places[c.ID] = c.ID, i
	}
	_, err = mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (struct{}, error) {
		var conversationID, userID uint64
		err := row.Scan(&conversationID, &userID)
		c := &list[places[conversationID]]
		c.Participants = append(c.Participants, userID)
		return struct{}{}, err
	}, s.prefix.Expand(`
		SELECT conversation_id, user_id FROM {p}jt_pro_conversation_participants
		WHERE conversation_id IN (`+mysqldb.Placeholders(len(ids))+`) ORDER BY conversation_id, user_id`), args(ids)...)
	if err != nil {
		return nil, 0, fmt.Errorf("mysqlstore: participants of %d conversations: %w", len(ids), err)
	}
	return list, next, nil
}
