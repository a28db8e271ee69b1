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
	o.Blocks, o.BlockCount, err = s.blocksOf(ctx, "blocker_id", "blocked_id", userID)
	if err != nil {
		return o, err
	}
	o.BlockedBy, o.BlockedByCount, err = s.blocksOf(ctx, "blocked_id", "blocker_id", userID)
	return o, err
}

// blocksKey has for each side of a block the key that begins with it. It is named in statements with an order and a
// limit: some servers think that walking along the other key until enough rows are found costs less.
var blocksKey = map[string]string{"blocker_id": "PRIMARY", "blocked_id": "blocked"}

// blocksOf gives the first blocks that have a member in the column mine, with the other in theirs, and says
// how many there are.
func (s *Store) blocksOf(ctx context.Context, mine, theirs string, userID uint64) ([]messaging.Block, int, error) {
	blocks, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.Block, error) {
		var b messaging.Block
		var since sql.NullTime
		err := row.Scan(&b.UserID, &since)
		if since.Time.Unix() > 0 { // an adopted block has the epoch
			b.Since = since.Time
		}
		return b, err
	}, s.prefix.Expand(`
		SELECT `+theirs+`, created_at FROM {p}jt_sidecar_blocks FORCE INDEX (`+blocksKey[mine]+`)
		WHERE `+mine+` = ? ORDER BY `+theirs+` LIMIT ?`), userID, messaging.MaxBlocks)
	if err != nil {
		return nil, 0, fmt.Errorf("mysqlstore: blocks of user %d: %w", userID, err)
	}
	if len(blocks) < messaging.MaxBlocks {
		return blocks, len(blocks), nil
	}
	count, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(
		`SELECT COUNT(*) FROM {p}jt_sidecar_blocks WHERE `+mine+` = ?`), userID)
	if err != nil {
		return nil, 0, fmt.Errorf("mysqlstore: blocks of user %d: %w", userID, err)
	}
	return blocks, count, nil
}

// unblockBatch is how many blocks one call of Unblock takes back at most.
const unblockBatch = 100

// Unblock takes the block of blockedID by blockerID back; with one of them 0, some of the other's, in one
// transaction. It says how many there were, and done once there are no more; until then it is to be called
// again.
func (s *Store) Unblock(ctx context.Context, blockerID, blockedID uint64) (removed int, done bool, err error) {
	others := []uint64{blockedID}
	pair := func(other uint64) (uint64, uint64) { return blockerID, other }
	done = true
	if blockerID == 0 || blockedID == 0 {
		known, mine, theirs := blockerID, "blocker_id", "blocked_id"
		if blockerID == 0 {
			known, mine, theirs = blockedID, "blocked_id", "blocker_id"
			pair = func(other uint64) (uint64, uint64) { return other, blockedID }
		}
		others, err = mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(
			`SELECT `+theirs+` FROM {p}jt_sidecar_blocks FORCE INDEX (`+blocksKey[mine]+`)
			WHERE `+mine+` = ? ORDER BY `+theirs+` LIMIT ?`), known, unblockBatch+1)
		if err != nil {
			return 0, false, fmt.Errorf("mysqlstore: blocks of user %d: %w", known, err)
		}
		if done = len(others) <= unblockBatch; !done {
			others = others[:unblockBatch]
		}
	}
	err = mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		removed = 0
		for _, other := range others {
			blocker, blocked := pair(other)
			res, err := s.exec(ctx, tx, "unblock",
				`DELETE FROM {p}jt_sidecar_blocks WHERE blocker_id = ? AND blocked_id = ?`, blocker, blocked)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return fmt.Errorf("mysqlstore: unblock: %w", err)
			}
			if n == 0 {
				continue
			}
			if err := s.mirrorBlock(ctx, tx, blocker, blocked, false); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	if err != nil {
		return 0, false, err
	}
	return removed, done, nil
}

// unblockAll takes back all blocks by blockerID, or with 0 for it all of blockedID, and says how many there were.
func (s *Store) unblockAll(ctx context.Context, blockerID, blockedID uint64) (removed int, err error) {
	for done := false; !done && err == nil; {
		var n int
		n, done, err = s.Unblock(ctx, blockerID, blockedID)
		removed += n
	}
	return removed, err
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
