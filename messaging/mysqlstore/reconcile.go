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

// reconcileBatch is how many conversations are worked in at once, under lock.
const reconcileBatch = 200

// Reconcile works in what other code wrote: rows that carry jts_accounted = 0, which after the adoption
// of a site's tables are all participants. It handles one batch of conversations behind the id after, lowest
// first (so that of several direct conversations of a pair the oldest becomes the one that is reused), and
// says how many there were and where to go on: next is 0 when nothing was left. Rows whose conversation is
// not there (yet) wait for it. Safe to run from several processes at once.
func (s *Store) Reconcile(ctx context.Context, after uint64) (n int, next uint64, err error) {
	var ids []uint64
	for _, table := range []string{"jt_pro_conversation_participants", "jt_pro_messages"} {
		// Without DISTINCT, for which the server would read all of them: what is found more than once is
		// found in a row.
		found, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
			SELECT conversation_id FROM {p}`+table+` FORCE INDEX (jts_unaccounted)
			WHERE jts_accounted = 0 AND conversation_id > ? ORDER BY conversation_id LIMIT ?`), after, 10*reconcileBatch)
		if err != nil {
			return 0, 0, fmt.Errorf("mysqlstore: unaccounted rows of %s: %w", table, err)
		}
		ids = append(ids, slices.Compact(found)...)
	}
	if len(ids) == 0 {
		return 0, 0, nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	ids = ids[:min(len(ids), reconcileBatch)]
	err = mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		n, err = s.account(ctx, tx, ids)
		return err
	})
	return n, ids[len(ids)-1], err
}

// Backfill reconciles everything once and tells its progress from time to time.
func (s *Store) Backfill(ctx context.Context, progress func(format string, args ...any)) error {
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
// there are, whose rows it locks, and says how many. Other code takes no lock of ours: a row that it inserts
// meanwhile may or may not be counted, but is not marked as accounted, so the next round sees to it.
func (s *Store) account(ctx context.Context, tx *sql.Tx, ids []uint64) (int, error) {
	ids, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT id FROM {p}jt_pro_conversations WHERE id IN (`+mysqldb.Placeholders(len(ids))+`) ORDER BY id FOR UPDATE`), args(ids)...)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: lock conversations: %w", err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	in := "IN (" + mysqldb.Placeholders(len(ids)) + ")"
	messages, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT id FROM {p}jt_pro_messages FORCE INDEX (jts_unaccounted)
		WHERE jts_accounted = 0 AND conversation_id `+in), args(ids)...)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: unaccounted messages: %w", err)
	}
	if err := s.accountPreviews(ctx, tx, ids); err != nil {
		return 0, err
	}
	for _, step := range []struct{ operation, query string }{
		{"count messages", `
			UPDATE {p}jt_pro_conversations c
			JOIN (
				SELECT conversation_id, COUNT(*) AS total, SUM(COALESCE(is_system, 0) = 0) AS members, MAX(id) AS newest
				FROM {p}jt_pro_messages WHERE conversation_id ` + in + ` GROUP BY conversation_id
			) m ON m.conversation_id = c.id
			SET c.message_count = m.total, c.jts_user_message_count = m.members, c.jts_last_message_id = m.newest`},
		// New activity takes a conversation back to the inbox; what was there at the adoption is not new.
		{"return from archive", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN (
				SELECT p.conversation_id, p.user_id, MAX(m.id) AS incoming
				FROM {p}jt_pro_conversation_participants p
				JOIN {p}jt_pro_messages m ON m.conversation_id = p.conversation_id
					AND m.sender_id <> p.user_id AND COALESCE(m.is_system, 0) = 0
				WHERE p.jts_accounted = 1 AND p.conversation_id ` + in + `
				GROUP BY p.conversation_id, p.user_id
			) a ON a.conversation_id = p.conversation_id AND a.user_id = p.user_id
			SET p.is_archived = 0
			WHERE a.incoming > p.jts_last_incoming_id AND p.jts_folder = 2`},
		// The paid edition knows only when somebody read; our own rows know up to which message.
		{"find read marks", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN (
				SELECT p.conversation_id, p.user_id, MAX(m.id) AS newest,
					MAX(IF(m.sender_id <> p.user_id AND COALESCE(m.is_system, 0) = 0, m.id, 0)) AS incoming,
					MAX(IF(m.sender_id = p.user_id OR m.id <= p.jts_last_read_id
						OR (p.jts_accounted = 0 AND m.created_at <= p.last_read_at), m.id, 0)) AS seen
				FROM {p}jt_pro_conversation_participants p
				JOIN {p}jt_pro_messages m ON m.conversation_id = p.conversation_id
				WHERE p.conversation_id ` + in + `
				GROUP BY p.conversation_id, p.user_id
			) a ON a.conversation_id = p.conversation_id AND a.user_id = p.user_id
			SET p.jts_last_message_id = a.newest, p.jts_last_incoming_id = a.incoming, p.jts_last_read_id = a.seen`},
		{"count what was read", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN (
				SELECT p.conversation_id, p.user_id, SUM(m.id <= p.jts_last_read_id AND COALESCE(m.is_system, 0) = 0) AS seen
				FROM {p}jt_pro_conversation_participants p
				JOIN {p}jt_pro_messages m ON m.conversation_id = p.conversation_id
				WHERE p.conversation_id ` + in + `
				GROUP BY p.conversation_id, p.user_id
			) a ON a.conversation_id = p.conversation_id AND a.user_id = p.user_id
			SET p.jts_read_count = a.seen`},
		{"mirror blocks", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id AND c.type = 'direct'
			JOIN {p}jt_pro_conversation_participants other
				ON other.conversation_id = p.conversation_id AND other.user_id <> p.user_id
			JOIN {p}jt_sidecar_blocks b ON b.blocker_id = other.user_id AND b.blocked_id = p.user_id
			SET p.is_blocked = 1
			WHERE p.conversation_id ` + in},
		// A row that came after the read marks were found, or a message that came between the counts, shows
		// by the newest message, and is left for the next round.
		{"mark participants", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id AND c.jts_last_message_id = p.jts_last_message_id
			SET p.jts_accounted = 1
			WHERE p.jts_accounted = 0 AND p.conversation_id ` + in},
	} {
		if _, err := s.exec(ctx, tx, step.operation, step.query, args(ids)...); err != nil {
			return 0, err
		}
	}
	if err := s.accountPairs(ctx, tx, ids); err != nil {
		return 0, err
	}
	return len(ids), s.markMessages(ctx, tx, messages)
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

func (s *Store) markMessages(ctx context.Context, tx *sql.Tx, messages []uint64) error {
	for ids := range slices.Chunk(messages, 1000) {
		if _, err := s.exec(ctx, tx, "mark messages", `
			UPDATE {p}jt_pro_messages SET jts_accounted = 1
			WHERE id IN (`+mysqldb.Placeholders(len(ids))+`)`, args(ids)...); err != nil {
			return err
		}
	}
	return nil
}
