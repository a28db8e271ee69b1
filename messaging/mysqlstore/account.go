package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"jetonomy-sidecar/internal/mysqldb"
)

// foreignMessage is a message of other code as far as others' rows repeat something of it.
type foreignMessage struct {
	id, conversationID, senderID uint64
	system                       bool
}

// unaccountedMessages gives the first messagesBatch of them, by conversation and id.
func (s *Store) unaccountedMessages(ctx context.Context, tx *sql.Tx, conversations []uint64) ([]foreignMessage, error) {
	messages, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (foreignMessage, error) {
		var m foreignMessage
		err := row.Scan(&m.id, &m.conversationID, &m.senderID, &m.system)
		return m, err
	}, s.prefix.Expand(`
		SELECT id, conversation_id, COALESCE(sender_id, 0), COALESCE(is_system <> 0, 0)
		FROM {p}jt_pro_messages FORCE INDEX (jts_unaccounted)
		WHERE jts_accounted = 0 AND conversation_id IN (`+mysqldb.Placeholders(len(conversations))+`)
		ORDER BY conversation_id, id LIMIT ?`), append(args(conversations), messagesBatch)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: unaccounted messages: %w", err)
	}
	return messages, nil
}

// addMessages adds messages, which are in order, to what their conversations and the participants that are accounted
// repeat of them.
func (s *Store) addMessages(ctx context.Context, tx *sql.Tx, messages []foreignMessage) error {
	for chunk := range slices.Chunk(messages, 1000) {
		var ids []uint64
		for _, m := range chunk {
			ids = append(ids, m.id)
		}
		if _, err := s.exec(ctx, tx, "mark messages", `
			UPDATE {p}jt_pro_messages SET jts_accounted = 1
			WHERE id IN (`+mysqldb.Placeholders(len(ids))+`)`, args(ids)...); err != nil {
			return err
		}
	}
	for len(messages) > 0 {
		n := slices.IndexFunc(messages, func(m foreignMessage) bool { return m.conversationID != messages[0].conversationID })
		if n < 0 {
			n = len(messages)
		}
		if err := s.addTo(ctx, tx, messages[0].conversationID, messages[:n]); err != nil {
			return err
		}
		messages = messages[n:]
	}
	return nil
}

// addTo adds messages to one conversation. Their ids may be lower than those of others that are accounted.
func (s *Store) addTo(ctx context.Context, tx *sql.Tx, conversationID uint64, messages []foreignMessage) error {
	newest, members := messages[len(messages)-1].id, 0
	for _, m := range messages {
		if !m.system {
			members++
		}
	}
	if _, err := s.exec(ctx, tx, "add messages", `
		UPDATE {p}jt_pro_conversations
		SET jts_user_message_count = jts_user_message_count + ?, jts_last_message_id = GREATEST(jts_last_message_id, ?)
		WHERE id = ? AND jts_last_message_id <> 0`, members, newest, conversationID); err != nil {
		return err
	}
	marks, err := s.lockMarks(ctx, tx, conversationID)
	if err != nil {
		return err
	}
	for _, m := range marks {
		before := m
		m.add(messages)
		if m.read > before.read {
			// With their own message they have read all before it.
			n, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[int], s.prefix.Expand(`
				SELECT COUNT(*) FROM {p}jt_pro_messages FORCE INDEX (jts_thread)
				WHERE conversation_id = ? AND id > ? AND id <= ? AND jts_accounted = 1 AND COALESCE(is_system, 0) = 0`),
				conversationID, before.read, m.read)
			if err != nil {
				return fmt.Errorf("mysqlstore: messages of conversation %d between %d and %d: %w", conversationID, before.read, m.read, err)
			}
			m.readCount += n
		}
		// New activity takes a conversation back to the inbox.
		back := before.archived && m.incoming > before.incoming
		if _, err := s.exec(ctx, tx, "add messages to participant", `
			UPDATE {p}jt_pro_conversation_participants
			SET jts_last_message_id = GREATEST(jts_last_message_id, ?), jts_last_incoming_id = ?, jts_last_read_id = ?, jts_read_count = ?,
				is_archived = IF(?, 0, is_archived)
			WHERE conversation_id = ? AND user_id = ?`,
			newest, m.incoming, m.read, m.readCount, back, conversationID, m.userID); err != nil {
			return err
		}
	}
	return nil
}

// marks are what a participant's row repeats of messages.
type marks struct {
	userID, incoming, read uint64
	readCount              int
	archived               bool
}

// add adds messages, of which those up to the read mark count as read.
func (p *marks) add(messages []foreignMessage) {
	mark := p.read
	for _, m := range messages {
		switch {
		case m.senderID == p.userID:
			p.read = max(p.read, m.id)
		case !m.system:
			p.incoming = max(p.incoming, m.id)
		}
		if m.id <= mark && !m.system {
			p.readCount++
		}
	}
}

// lockMarks reads, and locks, the rows of a conversation's participants that are accounted: reading takes no lock but
// theirs.
func (s *Store) lockMarks(ctx context.Context, tx *sql.Tx, conversationID uint64) ([]marks, error) {
	list, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (marks, error) {
		var m marks
		err := row.Scan(&m.userID, &m.incoming, &m.read, &m.readCount, &m.archived)
		return m, err
	}, s.prefix.Expand(`
		SELECT user_id, jts_last_incoming_id, jts_last_read_id, jts_read_count, jts_folder = 2
		FROM {p}jt_pro_conversation_participants WHERE conversation_id = ? AND jts_accounted = 1
		ORDER BY user_id FOR UPDATE`), conversationID)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: participants of conversation %d: %w", conversationID, err)
	}
	return list, nil
}

// countMessages counts those of conversations for the first time: other code's, or an adopted site's.
func (s *Store) countMessages(ctx context.Context, tx *sql.Tx, ids []uint64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := s.exec(ctx, tx, "count messages", `
		UPDATE {p}jt_pro_conversations c
		JOIN (
			SELECT conversation_id, SUM(COALESCE(is_system, 0) = 0) AS members, MAX(id) AS newest
			FROM {p}jt_pro_messages
			WHERE jts_accounted = 1 AND conversation_id IN (`+mysqldb.Placeholders(len(ids))+`) GROUP BY conversation_id
		) m ON m.conversation_id = c.id
		SET c.jts_user_message_count = m.members, c.jts_last_message_id = m.newest`, args(ids)...)
	return err
}

// accountTotals sets the number of messages, which other code may keep as well, or not, by counting them in the index.
func (s *Store) accountTotals(ctx context.Context, tx *sql.Tx, ids []uint64) error {
	type total struct{ id, messages uint64 }
	totals, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (total, error) {
		var t total
		err := row.Scan(&t.id, &t.messages)
		return t, err
	}, s.prefix.Expand(`
		SELECT c.id, COUNT(*)
		FROM {p}jt_pro_conversations c
		JOIN {p}jt_pro_messages m FORCE INDEX (jts_thread) ON m.conversation_id = c.id
		WHERE c.id IN (`+mysqldb.Placeholders(len(ids))+`)
		GROUP BY c.id, c.message_count HAVING COUNT(*) <> COALESCE(c.message_count, 0)`), args(ids)...)
	if err != nil {
		return fmt.Errorf("mysqlstore: count messages: %w", err)
	}
	for _, t := range totals {
		if _, err := s.exec(ctx, tx, "set number of messages",
			`UPDATE {p}jt_pro_conversations SET message_count = ? WHERE id = ?`, t.messages, t.id); err != nil {
			return err
		}
	}
	return nil
}

// accountParticipants works in the participants that other code inserted, whose conversations have been counted.
func (s *Store) accountParticipants(ctx context.Context, tx *sql.Tx, ids []uint64) error {
	in := "IN (" + mysqldb.Placeholders(len(ids)) + ")"
	for _, step := range []struct{ operation, query string }{
		// The paid edition knows only when somebody read; our own rows know up to which message. What was there
		// before them is not new, and takes nothing back from the archive.
		{"find read marks", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
			JOIN (
				SELECT p.conversation_id, p.user_id,
					MAX(IF(m.sender_id <> p.user_id AND COALESCE(m.is_system, 0) = 0, m.id, 0)) AS incoming,
					MAX(IF(m.sender_id = p.user_id OR m.id <= p.jts_last_read_id OR m.created_at <= p.last_read_at, m.id, 0)) AS seen
				FROM {p}jt_pro_conversation_participants p
				LEFT JOIN {p}jt_pro_messages m ON m.conversation_id = p.conversation_id AND m.jts_accounted = 1
				WHERE p.jts_accounted = 0 AND p.conversation_id ` + in + `
				GROUP BY p.conversation_id, p.user_id
			) a ON a.conversation_id = p.conversation_id AND a.user_id = p.user_id
			SET p.jts_last_message_id = c.jts_last_message_id,
				p.jts_last_incoming_id = COALESCE(a.incoming, 0), p.jts_last_read_id = COALESCE(a.seen, 0)`},
		{"count what was read", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN (
				SELECT p.conversation_id, p.user_id, SUM(m.id <= p.jts_last_read_id AND COALESCE(m.is_system, 0) = 0) AS seen
				FROM {p}jt_pro_conversation_participants p
				LEFT JOIN {p}jt_pro_messages m ON m.conversation_id = p.conversation_id AND m.jts_accounted = 1
				WHERE p.jts_accounted = 0 AND p.conversation_id ` + in + `
				GROUP BY p.conversation_id, p.user_id
			) a ON a.conversation_id = p.conversation_id AND a.user_id = p.user_id
			SET p.jts_read_count = COALESCE(a.seen, 0)`},
		{"mirror blocks", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id AND c.type = 'direct'
			JOIN {p}jt_pro_conversation_participants other
				ON other.conversation_id = p.conversation_id AND other.user_id <> p.user_id
			JOIN {p}jt_sidecar_blocks b ON b.blocker_id = other.user_id AND b.blocked_id = p.user_id
			SET p.is_blocked = 1
			WHERE p.conversation_id ` + in},
		// A row that came after the read marks were found shows by the newest message, and is left for the next round.
		{"mark participants", `
			UPDATE {p}jt_pro_conversation_participants p
			JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id AND c.jts_last_message_id = p.jts_last_message_id
			SET p.jts_accounted = 1
			WHERE p.jts_accounted = 0 AND p.conversation_id ` + in},
	} {
		if _, err := s.exec(ctx, tx, step.operation, step.query, args(ids)...); err != nil {
			return err
		}
	}
	return nil
}
