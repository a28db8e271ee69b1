package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// Thread implements messaging.Store: one look-up of the member's place and the conversation, and, unless
// that shows that there is nothing newer (the usual answer to a poll), one range of messages.
func (s *Store) Thread(ctx context.Context, userID, conversationID uint64, q messaging.ThreadQuery) (messaging.ThreadPage, error) {
	state, err := s.threadStates.Get(ctx, threadKey{conversationID, userID})
	if err != nil {
		return messaging.ThreadPage{}, err
	}
	if !state.active {
		return messaging.ThreadPage{}, messaging.ErrNotParticipant
	}
	page := messaging.ThreadPage{
		Messages: []messaging.Message{}, LastReadMessageID: state.lastRead, Unread: state.unread,
		LastMessageID: state.lastMessage, Total: state.total,
	}
	if q.HasAfter && q.After >= page.LastMessageID {
		return page, nil
	}

	// The direction in which the index is read, which need not be the order of the answer.
	forward := q.HasAfter || q.Before == 0 && q.Order == messaging.OldestFirst
	condition, direction := "", "DESC"
	list := []any{conversationID}
	if q.Before > 0 {
		condition = " AND m.id < ?"
		list = append(list, q.Before)
	}
	if q.HasAfter {
		condition += " AND m.id > ?"
		list = append(list, q.After)
	}
	if forward {
		direction = "ASC"
	}
	messages, err := s.messages(ctx, s.db, `m.conversation_id = ?`+condition+`
		ORDER BY m.id `+direction+` LIMIT ? OFFSET ?`, append(list, q.Limit+1, q.Offset)...)
	if err != nil {
		return messaging.ThreadPage{}, fmt.Errorf("mysqlstore: messages of conversation %d: %w", conversationID, err)
	}
	if len(messages) > q.Limit {
		page.HasMore = true
		messages = messages[:q.Limit]
	}
	order := q.Order
	if order == "" {
		order = messaging.NewestFirst
		if forward {
			order = messaging.OldestFirst
		}
	}
	if forward != (order == messaging.OldestFirst) {
		slices.Reverse(messages)
	}
	page.Messages = append(page.Messages, messages...)
	return page, nil
}

// threadKey is a member's place in a conversation, and threadState how things are there.
type threadKey struct{ conversationID, userID uint64 }

type threadState struct {
	active                bool // the member takes part
	unread                bool
	lastRead, lastMessage uint64
	total                 int
}

// loadThreadStates finds each place by the key of both, by joining: of a condition with many pairs some servers
// would rather make an index_merge with the keys of the members alone.
func (s *Store) loadThreadStates(ctx context.Context, keys []threadKey) (map[threadKey]threadState, error) {
	list := make([]any, 0, 2*len(keys))
	for _, k := range keys {
		list = append(list, k.conversationID, k.userID)
	}
	states := make(map[threadKey]threadState, len(keys))
	_, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (struct{}, error) {
		var k threadKey
		v := threadState{active: true}
		var count sql.NullInt64
		err := row.Scan(&k.conversationID, &k.userID, &v.lastRead, &v.unread, &v.lastMessage, &count)
		v.total = int(count.Int64)
		states[k] = v
		return struct{}{}, err
	}, s.prefix.Expand(`
		SELECT p.conversation_id, p.user_id, p.jts_last_read_id, p.jts_unread, c.jts_last_message_id, c.message_count
		FROM (SELECT ? AS conversation_id, ? AS user_id`+repeat(" UNION ALL SELECT ?, ?", len(keys)-1)+`) k
		STRAIGHT_JOIN {p}jt_pro_conversation_participants p ON p.conversation_id = k.conversation_id AND p.user_id = k.user_id
		STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		WHERE p.jts_folder <> 0`), list...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: threads of %d readers: %w", len(keys), err)
	}
	return states, nil
}

// Message implements messaging.Store.
func (s *Store) Message(ctx context.Context, userID, conversationID, messageID uint64) (messaging.Message, error) {
	messages, err := s.messages(ctx, s.db, `m.conversation_id = ? AND m.id = ? AND EXISTS (
			SELECT 1 FROM {p}jt_pro_conversation_participants p
			WHERE p.conversation_id = m.conversation_id AND p.user_id = ? AND p.jts_folder <> 0)`,
		conversationID, messageID, userID)
	if err != nil {
		return messaging.Message{}, fmt.Errorf("mysqlstore: message %d: %w", messageID, err)
	}
	if len(messages) == 0 {
		return messaging.Message{}, messaging.ErrNotParticipant
	}
	return messages[0], nil
}

// messages reads messages with their senders. where may go on with ORDER BY and LIMIT.
func (s *Store) messages(ctx context.Context, q mysqldb.Queryer, where string, list ...any) ([]messaging.Message, error) {
	columns, joins := s.site.ProfileSQL("m.sender_id", "s")
	return mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (messaging.Message, error) {
		var m messaging.Message
		var profile profileScan
		var at sql.NullTime
		err := row.Scan(append([]any{&m.ID, &m.ConversationID, &m.SenderID, &m.HTML, &m.Plain, &m.System, &at}, profile.dest(s.site)...)...)
		m.CreatedAt = at.Time
		m.Sender = profile.person(m.SenderID)
		return m, err
	}, s.prefix.Expand(`
		SELECT m.id, m.conversation_id, COALESCE(m.sender_id, 0), COALESCE(m.content, ''), COALESCE(m.content_plain, ''),
			COALESCE(m.is_system <> 0, 0), m.created_at, `+columns+`
		FROM {p}jt_pro_messages m FORCE INDEX (jts_thread) `+joins+`
		WHERE `+where), list...)
}
