package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

const (
	// reconcileBatch is how many conversations are worked in at once, under lock. For an IN list of 200
	// (eq_range_index_dive_limit) the server guesses how many rows there are, and may rather read the whole table.
	reconcileBatch = 100

	// messagesBatch is how many messages are worked in under one lock.
	messagesBatch = 5000
)

// Reconcile works in what other code wrote: rows that carry jts_accounted = 0, which after the adoption
// of a site's tables are all participants. It handles one batch of conversations behind the id after, lowest
// first (so that of several direct conversations of a pair the oldest becomes the one that is reused), and
// says how many there were and where to go on: next is 0 when nothing was left. Rows whose conversation is
// not there (yet) are set aside, see [Store.Backfill]. Safe to run from several processes at once.
func (s *Store) Reconcile(ctx context.Context, after uint64) (n int, next uint64, err error) {
	ids, err := s.unaccounted(ctx, after)
	if err != nil || len(ids) == 0 {
		return 0, 0, err
	}
	var found []uint64
	for more := true; more; {
		err = mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
			found, more, err = s.account(ctx, tx, ids)
			return err
		})
		if err != nil {
			return 0, 0, err
		}
	}
	missing := slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { return slices.Contains(found, id) })
	return len(found), ids[len(ids)-1], s.setAside(ctx, missing)
}

// unaccounted gives the lowest conversations behind after that have rows of other code.
func (s *Store) unaccounted(ctx context.Context, after uint64) ([]uint64, error) {
	var ids []uint64
	for _, table := range accountedTables {
		// Without DISTINCT, for which the server would read all of them: what is found more than once is
		// found in a row.
		found, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
			SELECT conversation_id FROM {p}`+table+` FORCE INDEX (jts_unaccounted)
			WHERE jts_accounted = 0 AND conversation_id > ? ORDER BY conversation_id LIMIT ?`), after, 10*reconcileBatch)
		if err != nil {
			return nil, fmt.Errorf("mysqlstore: unaccounted rows of %s: %w", table, err)
		}
		ids = append(ids, slices.Compact(found)...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), reconcileBatch)], nil
}

// Backfill reconciles everything once and tells its progress from time to time. Rows that were set aside are
// looked at again every few minutes.
func (s *Store) Backfill(ctx context.Context, progress func(format string, args ...any)) error {
	if err := s.returnOrphans(ctx); err != nil {
		return err
	}
	total, told := 0, time.Now()
	for after := uint64(0); ; {
		n, next, err := s.Reconcile(ctx, after)
		if err != nil {
			return err
		}
		total += n
		if next == 0 {
			break
		}
		after = next
		if time.Since(told) > time.Second {
			told = time.Now()
			progress("%d conversations worked in, up to number %d", total, after)
		}
	}
	if total > 0 {
		progress("%d conversations worked in, done", total)
	}
	return nil
}

// account makes everything that repeats something true again for those of the conversations ids that
// there are, which it locks and gives. What is repeated is of the messages that are accounted, each of which is
// added once, under the lock: a long conversation is not counted anew for each message of other code. Other code
// takes no lock of ours: a row that it inserts meanwhile is not accounted, and the next round sees to it. With more
// messages than one transaction should work in, more is true, and participants wait for the last one.
func (s *Store) account(ctx context.Context, tx *sql.Tx, ids []uint64) (found []uint64, more bool, err error) {
	var fresh []uint64 // whose messages were never counted
	ids, err = mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (uint64, error) {
		var id, newest uint64
		err := row.Scan(&id, &newest)
		if newest == 0 {
			fresh = append(fresh, id)
		}
		return id, err
	}, s.prefix.Expand(`
		SELECT id, jts_last_message_id FROM {p}jt_pro_conversations
		WHERE id IN (`+mysqldb.Placeholders(len(ids))+`) ORDER BY id FOR UPDATE`), args(ids)...)
	if err != nil {
		return nil, false, fmt.Errorf("mysqlstore: lock conversations: %w", err)
	}
	if len(ids) == 0 {
		return nil, false, nil
	}
	messages, err := s.unaccountedMessages(ctx, tx, ids)
	if err != nil {
		return nil, false, err
	}
	if err := s.accountPreviews(ctx, tx, ids); err != nil {
		return nil, false, err
	}
	if err := s.addMessages(ctx, tx, messages); err != nil {
		return nil, false, err
	}
	if err := s.countMessages(ctx, tx, fresh); err != nil {
		return nil, false, err
	}
	if len(messages) == messagesBatch {
		return ids, true, nil
	}
	if err := s.accountTotals(ctx, tx, ids); err != nil {
		return nil, false, err
	}
	if err := s.accountParticipants(ctx, tx, ids); err != nil {
		return nil, false, err
	}
	return ids, false, s.accountPairs(ctx, tx, ids)
}

// accountPreviews gives conversations whose newest message is not the one they know its time and
// preview, and those that have none one. A preview that the site brought along is left as it is.
func (s *Store) accountPreviews(ctx context.Context, tx *sql.Tx, ids []uint64) error {
	type newest struct {
		conversationID uint64
		at             sql.NullTime
		html, plain    string
	}
	rows, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (newest, error) {
		var n newest
		err := row.Scan(&n.conversationID, &n.at, &n.html, &n.plain)
		return n, err
	}, s.prefix.Expand(`
		SELECT c.id, m.created_at, COALESCE(m.content, ''), COALESCE(m.content_plain, '')
		FROM {p}jt_pro_conversations c
		JOIN {p}jt_pro_messages m ON m.id = (
			SELECT MAX(n.id) FROM {p}jt_pro_messages n WHERE n.conversation_id = c.id)
		WHERE c.id IN (`+mysqldb.Placeholders(len(ids))+`) AND (
			(c.jts_last_message_id <> 0 AND c.jts_last_message_id <> m.id)
			OR COALESCE(c.last_message_preview, '') = '' OR COALESCE(YEAR(c.last_message_at), 0) = 0)`), args(ids)...)
	if err != nil {
		return fmt.Errorf("mysqlstore: newest messages: %w", err)
	}
	for _, n := range rows {
		if n.plain == "" {
			n.plain = s.format.Plain(n.html)
		}
		if _, err := s.exec(ctx, tx, "update preview", `
			UPDATE {p}jt_pro_conversations SET last_message_at = ?, last_message_preview = ? WHERE id = ?`,
			n.at, s.format.Preview(n.plain, messaging.MaxPreview), n.conversationID); err != nil {
			return err
		}
	}
	return nil
}

// accountPairs makes direct conversations findable by their pair, oldest first; where the pair has one
// already, a further one stays as it is.
func (s *Store) accountPairs(ctx context.Context, tx *sql.Tx, ids []uint64) error {
	type pair struct{ id, low, high uint64 }
	pairs, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (pair, error) {
		var p pair
		err := row.Scan(&p.id, &p.low, &p.high)
		return p, err
	}, s.prefix.Expand(`
		SELECT c.id, MIN(p.user_id), MAX(p.user_id)
		FROM {p}jt_pro_conversations c
		JOIN {p}jt_pro_conversation_participants p ON p.conversation_id = c.id
		WHERE c.id IN (`+mysqldb.Placeholders(len(ids))+`) AND c.type = 'direct' AND c.jts_direct_low IS NULL
		GROUP BY c.id HAVING COUNT(DISTINCT p.user_id) = 2
		ORDER BY c.id`), args(ids)...)
	if err != nil {
		return fmt.Errorf("mysqlstore: pairs: %w", err)
	}
	for _, p := range pairs {
		_, err := s.exec(ctx, tx, "set pair", `
			UPDATE {p}jt_pro_conversations SET jts_direct_low = ?, jts_direct_high = ? WHERE id = ?`, p.low, p.high, p.id)
		if err != nil && !mysqldb.IsDuplicate(err) {
			return err
		}
	}
	return nil
}
