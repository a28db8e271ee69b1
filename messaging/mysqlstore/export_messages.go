package mysqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

const (
	// exportConversations is how many of the member's conversations one statement looks at.
	exportConversations = 200

	// exportRounds is how often a page looks at more conversations: those of a member may all be empty.
	exportRounds = 5

	// exportTextBatch is how many texts one statement reads, and exportTextBytes how many bytes of them end a page.
	exportTextBatch = 100
	exportTextBytes = 1 << 20
)

// exportedRow is a message as far as it decides whether the member may read it.
type exportedRow struct {
	id, conversationID, senderID uint64
	system                       bool
	at                           sql.NullTime
}

// exportMessages reads messages conversation by conversation, in the order of their ids. Of a group that the member
// left, they get what they wrote, and what others wrote before the second in which they left. The last row is one
// that was looked at, whether or not they may read it: a page's cost does not follow what it shows.
func (s *Store) exportMessages(ctx context.Context, userID uint64, behind exportKey, most int) (exportPart, error) {
	part := exportPart{last: behind, more: true}
	left := map[uint64]time.Time{}
	var rows []exportedRow
	for round := 0; part.more && len(rows) < most && round < exportRounds; round++ {
		places, err := s.placesFrom(ctx, userID, part.last.first)
		if err != nil {
			return part, err
		}
		var ids []uint64
		for _, p := range places {
			left[p.conversationID] = p.leftAt
			if p.conversationID != part.last.first || part.last.second == 0 {
				ids = append(ids, p.conversationID)
				continue
			}
			rest, err := s.rowsWhere(ctx, `m.conversation_id = ? AND m.id > ?`, []any{p.conversationID, part.last.second}, most-len(rows))
			if err != nil {
				return part, err
			}
			rows = append(rows, rest...)
		}
		if len(ids) > 0 && len(rows) < most {
			some, err := s.rowsWhere(ctx, `m.conversation_id IN (`+mysqldb.Placeholders(len(ids))+`)`, args(ids), most-len(rows))
			if err != nil {
				return part, err
			}
			rows = append(rows, some...)
		}
		switch n := len(places); {
		case len(rows) == most:
			part.last = exportKey{rows[most-1].conversationID, rows[most-1].id}
		case n < exportConversations:
			part.more = false
		default: // all there is in them was read
			part.last = exportKey{first: places[n-1].conversationID + 1}
		}
	}
	rows = slices.DeleteFunc(rows, func(r exportedRow) bool {
		at := left[r.conversationID]
		return !at.IsZero() && !(r.at.Valid && r.at.Time.Before(at)) && (r.senderID != userID || r.system)
	})
	items, read, err := s.exportTexts(ctx, userID, rows)
	if err != nil {
		return part, err
	}
	part.items = items
	if read < len(rows) {
		part.last, part.more = exportKey{rows[read-1].conversationID, rows[read-1].id}, true
	}
	return part, nil
}

// memberPlace is when a member left a conversation, zero while they take part.
type memberPlace struct {
	conversationID uint64
	leftAt         time.Time
}

// placesFrom reads the member's next places, from a conversation on.
func (s *Store) placesFrom(ctx context.Context, userID, conversationID uint64) ([]memberPlace, error) {
	places, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (memberPlace, error) {
		var p memberPlace
		var left sql.NullTime
		err := row.Scan(&p.conversationID, &left)
		p.leftAt = left.Time
		return p, err
	}, s.prefix.Expand(`
		SELECT conversation_id, IF(jts_folder = 0, left_at, NULL)
		FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_member)
		WHERE user_id = ? AND conversation_id >= ? ORDER BY conversation_id LIMIT ?`), userID, conversationID, exportConversations)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: places of user %d: %w", userID, err)
	}
	return places, nil
}

// rowsWhere reads messages along the key of threads.
func (s *Store) rowsWhere(ctx context.Context, where string, list []any, most int) ([]exportedRow, error) {
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (exportedRow, error) {
		var r exportedRow
		err := row.Scan(&r.id, &r.conversationID, &r.senderID, &r.system, &r.at)
		return r, err
	}, s.prefix.Expand(`
		SELECT m.id, m.conversation_id, COALESCE(m.sender_id, 0), COALESCE(m.is_system <> 0, 0), m.created_at
		FROM {p}jt_pro_messages m FORCE INDEX (jts_thread)
		WHERE `+where+` ORDER BY m.conversation_id, m.id LIMIT ?`), append(list, most)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: messages of an export: %w", err)
	}
	return rows, nil
}

// exportTexts makes items of rows, in their order: of all of them, or of so many of the first as it says it has read,
// where their texts are long. What was purged since is left out.
func (s *Store) exportTexts(ctx context.Context, userID uint64, rows []exportedRow) (items []messaging.ExportItem, read int, err error) {
	var messages []messaging.Message
	var conversations []uint64
	for bytes := 0; read < len(rows) && bytes < exportTextBytes; {
		batch := rows[read:min(len(rows), read+exportTextBatch)]
		some, err := s.exportedMessages(ctx, batch)
		if err != nil {
			return nil, 0, err
		}
		for _, m := range some {
			bytes += len(m.Plain)
			if !slices.Contains(conversations, m.ConversationID) {
				conversations = append(conversations, m.ConversationID)
			}
		}
		messages = append(messages, some...)
		read += len(batch)
	}
	if len(messages) == 0 {
		return nil, read, nil
	}
	places, err := s.exportPlaces(ctx, userID, `p.conversation_id IN (`+mysqldb.Placeholders(len(conversations))+`)`, args(conversations)...)
	if err != nil {
		return nil, 0, err
	}
	titles := make(map[uint64]string, len(places))
	for _, p := range places {
		titles[p.ID] = p.title()
	}
	for _, m := range messages {
		items = append(items, messaging.ExportItem{
			Group: messaging.ExportConversations, ID: "message-" + strconv.FormatUint(m.ID, 10), ConversationID: m.ConversationID,
			Fields: []messaging.ExportField{
				{Name: "Conversation", Value: titles[m.ConversationID]},
				{Name: "Date", Value: exportTime(m.CreatedAt)},
				{Name: "From", Value: m.Sender.Name()},
				{Name: "Message", Value: m.Plain},
			},
		})
	}
	return items, read, nil
}

// exportedMessages reads the messages of rows with their texts and senders.
func (s *Store) exportedMessages(ctx context.Context, rows []exportedRow) ([]messaging.Message, error) {
	ids := make([]uint64, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	columns, joins := s.site.ProfileSQL("m.sender_id", "s")
	messages, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.Message, error) {
		var m messaging.Message
		var at sql.NullTime
		var profile profileScan
		err := row.Scan(append([]any{&m.ID, &m.ConversationID, &m.SenderID, &m.HTML, &m.Plain, &at}, profile.dest(s.site)...)...)
		m.CreatedAt, m.Sender = at.Time, profile.person(m.SenderID)
		if m.Plain == "" {
			m.Plain = s.format.Plain(m.HTML)
		}
		return m, err
	}, s.prefix.Expand(`
		SELECT m.id, m.conversation_id, COALESCE(m.sender_id, 0), IF(m.content_plain <> '', '', COALESCE(m.content, '')),
			COALESCE(m.content_plain, ''), m.created_at, `+columns+`
		FROM {p}jt_pro_messages m `+joins+`
		WHERE m.id IN (`+mysqldb.Placeholders(len(ids))+`)`), args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: %d texts of an export: %w", len(ids), err)
	}
	slices.SortFunc(messages, func(a, b messaging.Message) int {
		return cmp.Or(cmp.Compare(a.ConversationID, b.ConversationID), cmp.Compare(a.ID, b.ID))
	})
	return messages, nil
}
