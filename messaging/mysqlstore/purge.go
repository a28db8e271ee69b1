package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

const eventPurged = "conversation.purged"

// statePurge is what the names of rows of jt_sidecar_state begin with that remember a purge: the id of
// the conversation follows. The row is there as long as messages may be.
const statePurge = "purge:"

// purgeBatch is how many messages one statement deletes.
const purgeBatch = 500

// Purge makes a conversation unreachable, for good and for everybody, and says whether this call did it.
// Its messages are deleted by [Store.SweepPurged] afterwards, so that nobody waits for a long transaction.
// Blocks between its members stay. What was still to be told of the conversation is not told any more.
func (s *Store) Purge(ctx context.Context, conversationID, adminID uint64) (bool, error) {
	purged := false
	err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		purged = false
		if _, err := s.lock(ctx, tx, conversationID); errors.Is(err, messaging.ErrNotParticipant) {
			return nil
		} else if err != nil {
			return err
		}
		places, err := s.places(ctx, tx, conversationID)
		if err != nil {
			return err
		}
		members := slices.Sorted(maps.Keys(places))
		for _, step := range []struct{ operation, query string }{
			{"purge participants", `DELETE FROM {p}jt_pro_conversation_participants WHERE conversation_id = ?`},
			{"purge conversation", `DELETE FROM {p}jt_pro_conversations WHERE id = ?`},
			{"purge failures", `DELETE f FROM {p}jt_sidecar_failures f JOIN {p}jt_sidecar_outbox o ON o.id = f.event_id WHERE o.conversation_id = ?`},
			{"purge events", `DELETE FROM {p}jt_sidecar_outbox WHERE conversation_id = ?`},
		} {
			if _, err := s.exec(ctx, tx, step.operation, step.query, conversationID); err != nil {
				return err
			}
		}
		if _, err := s.exec(ctx, tx, "remember purge", `INSERT IGNORE INTO {p}jt_sidecar_state (name, value) VALUES (?, '')`,
			statePurge+strconv.FormatUint(conversationID, 10)); err != nil {
			return err
		}
		purged = true
		return s.emit(ctx, tx, eventPurged, event{ConversationID: conversationID, UserID: adminID, Participants: members})
	})
	if err != nil {
		return false, err
	}
	return purged, nil
}

// SweepPurged deletes at most limit messages of purged conversations and says how many there were; with
// fewer than limit, there are no more. Safe to run from several processes at once.
func (s *Store) SweepPurged(ctx context.Context, limit int) (int64, error) {
	names, err := mysqldb.Query(ctx, s.db, mysqldb.Value[string], s.prefix.Expand(
		`SELECT name FROM {p}jt_sidecar_state WHERE name LIKE ? ORDER BY name LIMIT ?`), statePurge+"%", limit)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: unfinished purges: %w", err)
	}
	total := int64(0)
	for _, name := range names {
		id, err := strconv.ParseUint(strings.TrimPrefix(name, statePurge), 10, 64)
		if err != nil {
			return total, fmt.Errorf("mysqlstore: unfinished purge %q: %w", name, err)
		}
		for {
			batch := min(purgeBatch, int64(limit)-total)
			if batch <= 0 {
				return total, nil
			}
			res, err := s.exec(ctx, s.db, "purge messages",
				`DELETE FROM {p}jt_pro_messages WHERE conversation_id = ? ORDER BY id LIMIT ?`, id, batch)
			if err != nil {
				return total, err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return total, fmt.Errorf("mysqlstore: purge messages: %w", err)
			}
			if total += n; n < batch {
				break
			}
		}
		if _, err := s.exec(ctx, s.db, "finish purge", `DELETE FROM {p}jt_sidecar_state WHERE name = ?`, name); err != nil {
			return total, err
		}
	}
	return total, nil
}
