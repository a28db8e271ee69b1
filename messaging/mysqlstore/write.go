package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// StartDirect implements messaging.Store.
func (s *Store) StartDirect(ctx context.Context, c messaging.StartCommand) (messaging.Outcome, error) {
	other := c.Recipients[0]
	return s.mutate(ctx, c.Sender, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		conv, err := s.pair(ctx, tx, c.Sender, other)
		if err != nil {
			return messaging.Outcome{}, err
		}
		if err := s.checkBlocks(ctx, tx, c.Sender, c.Recipients); err != nil {
			return messaging.Outcome{}, err
		}
		places, err := s.places(ctx, tx, conv.id)
		if err != nil {
			return messaging.Outcome{}, err
		}
		// Only the transaction that makes a conversation can see it without participants.
		created := len(places) == 0
		if created {
			if err := c.Allowed(); err != nil {
				return messaging.Outcome{}, err
			}
			conv.id, err = s.neverGiven(ctx, tx, conv.id, func() (uint64, error) { return s.insertDirect(ctx, tx, c.Sender, other) })
			if err != nil {
				return messaging.Outcome{}, err
			}
			if err := s.join(ctx, tx, conv, []uint64{c.Sender, other}); err != nil {
				return messaging.Outcome{}, err
			}
			if err := s.emit(ctx, tx, eventCreated, event{ConversationID: conv.id, UserID: c.Sender, Participants: append([]uint64{c.Sender}, c.Recipients...)}); err != nil {
				return messaging.Outcome{}, err
			}
		} else if err := s.seatBoth(ctx, tx, conv, places, c.Sender, other); err != nil {
			return messaging.Outcome{}, err
		}
		messageID, err := s.writeAs(ctx, tx, conv, places[c.Sender], c.Sender, c.Content)
		return messaging.Outcome{ConversationID: conv.id, MessageID: messageID, Created: created}, err
	})
}

// pair gives the direct conversation of two members, locked, and makes it if need be. The unique key
// of the pair decides between two that make it at the same time: the second waits for the first and
// then has its row. The insert takes the row's lock at once (an insert that fails, followed by a
// SELECT … FOR UPDATE, would take a shared one first, and many at a time would deadlock).
func (s *Store) pair(ctx context.Context, tx *sql.Tx, a, b uint64) (lockedConversation, error) {
	low, high := min(a, b), max(a, b)
	ids, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT id FROM {p}jt_pro_conversations WHERE jts_direct_low = ? AND jts_direct_high = ?`), low, high)
	if err != nil {
		return lockedConversation{}, fmt.Errorf("mysqlstore: conversation of %d and %d: %w", low, high, err)
	}
	if len(ids) > 0 {
		if c, err := s.lock(ctx, tx, ids[0]); err != messaging.ErrNotParticipant {
			return c, err
		}
		// Purged between the two statements: make a new one.
	}
	id, err := s.insertDirect(ctx, tx, a, b)
	if err != nil {
		return lockedConversation{}, err
	}
	return s.lock(ctx, tx, id)
}

// insertDirect makes the direct conversation of two members, or locks the one that is there, and gives its id.
func (s *Store) insertDirect(ctx context.Context, tx *sql.Tx, a, b uint64) (uint64, error) {
	res, err := s.exec(ctx, tx, "insert direct conversation", `
		INSERT INTO {p}jt_pro_conversations
			(type, title, created_by, last_message_preview, message_count, created_at, jts_direct_low, jts_direct_high)
		VALUES ('direct', '', ?, '', 0, ?, ?, ?)
		ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)`, a, s.clock(), min(a, b), max(a, b))
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: insert direct conversation: %w", err)
	}
	return uint64(id), nil
}

// StartGroup implements messaging.Store.
func (s *Store) StartGroup(ctx context.Context, c messaging.StartCommand, limit int) (messaging.Outcome, error) {
	if len(c.Recipients)+1 > limit {
		return messaging.Outcome{}, messaging.TooManyParticipants(limit)
	}
	return s.mutate(ctx, c.Sender, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		if err := s.checkBlocks(ctx, tx, c.Sender, c.Recipients); err != nil {
			return messaging.Outcome{}, err
		}
		if err := c.Allowed(); err != nil {
			return messaging.Outcome{}, err
		}
		insert := func() (uint64, error) { return s.insertGroup(ctx, tx, c.Sender, c.Title) }
		id, err := insert()
		if err != nil {
			return messaging.Outcome{}, err
		}
		if id, err = s.neverGiven(ctx, tx, id, insert); err != nil {
			return messaging.Outcome{}, err
		}
		conv := lockedConversation{id: id, kind: messaging.Group}
		if err := s.join(ctx, tx, conv, append([]uint64{c.Sender}, c.Recipients...)); err != nil {
			return messaging.Outcome{}, err
		}
		if err := s.emit(ctx, tx, eventCreated, event{ConversationID: conv.id, UserID: c.Sender, Participants: append([]uint64{c.Sender}, c.Recipients...)}); err != nil {
			return messaging.Outcome{}, err
		}
		messageID, err := s.write(ctx, tx, conv, c.Sender, c.Content, false)
		return messaging.Outcome{ConversationID: conv.id, MessageID: messageID, Created: true}, err
	})
}

// insertGroup makes a group and gives its id.
func (s *Store) insertGroup(ctx context.Context, tx *sql.Tx, creator uint64, title string) (uint64, error) {
	res, err := s.exec(ctx, tx, "insert group", `
		INSERT INTO {p}jt_pro_conversations
			(type, title, created_by, last_message_preview, message_count, created_at)
		VALUES ('group', ?, ?, '', 0, ?)`, title, creator, s.clock())
	if err != nil {
		return 0, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: insert group: %w", err)
	}
	return uint64(id), nil
}

// Send implements messaging.Store.
func (s *Store) Send(ctx context.Context, c messaging.SendCommand) (messaging.Outcome, error) {
	return s.mutate(ctx, c.Sender, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		conv, places, err := s.lockAs(ctx, tx, c.ConversationID, c.Sender)
		if err != nil {
			return messaging.Outcome{}, err
		}
		if c.NeedsIncoming && !places[c.Sender].incoming {
			return messaging.Outcome{}, messaging.ErrTrust(c.TrustLevel)
		}
		if conv.kind == messaging.Direct {
			other := counterpart(places, c.Sender)
			if other == 0 {
				return messaging.Outcome{}, messaging.ErrCannotMessage
			}
			if err := s.checkBlocks(ctx, tx, c.Sender, []uint64{other}); err != nil {
				return messaging.Outcome{}, err
			}
			if err := s.seatBoth(ctx, tx, conv, places, c.Sender, other); err != nil {
				return messaging.Outcome{}, err
			}
		}
		messageID, err := s.writeAs(ctx, tx, conv, places[c.Sender], c.Sender, c.Content)
		return messaging.Outcome{ConversationID: conv.id, MessageID: messageID}, err
	})
}

// join makes members participants, all at the same moment and with nothing read or unread.
func (s *Store) join(ctx context.Context, tx *sql.Tx, conv lockedConversation, members []uint64) error {
	now := s.clock()
	values := make([]any, 0, 6*len(members))
	for _, id := range members {
		values = append(values, conv.id, id, now, conv.lastMessageID, conv.lastMessageID, conv.userMessageCount)
	}
	row := "(?, ?, ?, ?, ?, ?, 1)"
	_, err := s.exec(ctx, tx, "insert participants", `
		INSERT INTO {p}jt_pro_conversation_participants
			(conversation_id, user_id, joined_at, jts_last_message_id, jts_last_read_id, jts_read_count, jts_accounted)
		VALUES `+row+repeat(", "+row, len(members)-1), values...)
	return err
}

// writeAs adds a message of a member who may have something unread: whoever answers has read it, and that is told
// like any reading. It stands before the message, which listeners may hold up.
func (s *Store) writeAs(ctx context.Context, tx *sql.Tx, conv lockedConversation, p place, sender uint64, content messaging.Content) (uint64, error) {
	if p.unread {
		read := event{ConversationID: conv.id, UserID: sender, MessageID: conv.lastMessageID}
		if err := s.emit(ctx, tx, eventRead, read); err != nil {
			return 0, err
		}
	}
	return s.write(ctx, tx, conv, sender, content, false)
}

// write adds a message to a locked conversation and makes every row that repeats something of it
// true again. A member's message returns the conversation to the inbox of everybody and counts as
// unread for the others; a system note does neither.
func (s *Store) write(ctx context.Context, tx *sql.Tx, conv lockedConversation, sender uint64, content messaging.Content, system bool) (uint64, error) {
	now := s.clock()
	res, err := s.exec(ctx, tx, "insert message", `
		INSERT INTO {p}jt_pro_messages
			(conversation_id, sender_id, content, content_plain, is_system, created_at, jts_accounted)
		VALUES (?, ?, ?, ?, ?, ?, 1)`, conv.id, sender, content.HTML, content.Plain, system, now)
	if err != nil {
		return 0, err
	}
	inserted, err := res.LastInsertId()
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: insert message: %w", err)
	}
	id := uint64(inserted)

	count := conv.userMessageCount
	if !system {
		count++
	}
	if _, err := s.exec(ctx, tx, "update conversation", `
		UPDATE {p}jt_pro_conversations
		SET last_message_at = ?, last_message_preview = ?, message_count = COALESCE(message_count, 0) + 1,
			jts_last_message_id = ?, jts_user_message_count = ?
		WHERE id = ?`, now, content.Preview, id, count, conv.id); err != nil {
		return 0, err
	}
	if system {
		_, err = s.exec(ctx, tx, "update participants", `
			UPDATE {p}jt_pro_conversation_participants SET jts_last_message_id = ?
			WHERE conversation_id = ? AND jts_folder <> 0`, id, conv.id)
		return id, err
	}
	if _, err := s.exec(ctx, tx, "update participants", `
		UPDATE {p}jt_pro_conversation_participants
		SET jts_last_message_id = ?,
			jts_last_incoming_id = IF(user_id = ?, jts_last_incoming_id, ?),
			jts_last_read_id = IF(user_id = ?, ?, jts_last_read_id),
			jts_read_count = IF(user_id = ?, ?, jts_read_count),
			jts_marked_unread = IF(user_id = ?, 0, jts_marked_unread),
			last_read_at = IF(user_id = ?, ?, last_read_at),
			is_archived = 0
		WHERE conversation_id = ? AND jts_folder <> 0`,
		id, sender, id, sender, id, sender, count, sender, sender, now, conv.id); err != nil {
		return 0, err
	}
	return id, s.emit(ctx, tx, eventSent, event{ConversationID: conv.id, UserID: sender, MessageID: id})
}

// activeMembers are the ids of those who take part, in a stable order.
func activeMembers(places map[uint64]place) []uint64 {
	var ids []uint64
	for id, p := range places {
		if p.active {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
