package mysqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/wpbridge"
)

// match is a conversation that a search found, with the message that gives it its place in the member's list.
type match struct{ conversationID, lastMessageID uint64 }

func scanMatch(row mysqldb.Scanner) (match, error) {
	var m match
	err := row.Scan(&m.conversationID, &m.lastMessageID)
	return m, err
}

// search is Conversations for a query with a text: one statement for the places of all that it finds, which
// also counts them, one for the rows of the page and one for their participants.
//
// Only the member's own rows are looked at, each with its conversation and its participants by their keys:
// the cost grows with the member's conversations, and not with the tables. Neither an index of titles nor one
// of names would help, since what they find anywhere is nearly always somebody else's.
func (s *Store) search(ctx context.Context, userID uint64, v view, q messaging.ListQuery) (messaging.ConversationPage, error) {
	pattern := "%" + likeLiteral(q.Search) + "%"
	found, err := mysqldb.Query(ctx, s.db, scanMatch, s.prefix.Expand(`
		SELECT p.conversation_id, p.jts_last_message_id
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (`+v.index+`)
		STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		WHERE p.user_id = ? AND `+v.condition+` AND (c.title LIKE ?`+escaped+`OR EXISTS (
			SELECT 1 FROM {p}jt_pro_conversation_participants o
			STRAIGHT_JOIN {p}users u ON u.ID = o.user_id
			WHERE o.conversation_id = p.conversation_id AND o.user_id <> p.user_id
				AND (`+wpbridge.PlainNameSQL("u.display_name")+` LIKE ?`+escaped+`OR `+wpbridge.ComparableSQL("u.user_login")+` LIKE ?`+escaped+`)))
		ORDER BY p.jts_last_message_id DESC, p.conversation_id DESC`), userID, pattern, pattern, pattern)
	if err != nil {
		return messaging.ConversationPage{}, fmt.Errorf("mysqlstore: search conversations of user %d: %w", userID, err)
	}
	page := messaging.ConversationPage{Conversations: []messaging.Conversation{}, Total: len(found)}
	if q.After != nil {
		found = slices.DeleteFunc(found, func(m match) bool {
			return cmp.Or(cmp.Compare(m.lastMessageID, q.After.LastMessageID), cmp.Compare(m.conversationID, q.After.ConversationID)) >= 0
		})
	}
	found = found[min(q.Offset, len(found)):]
	if len(found) > q.Limit {
		found = found[:q.Limit]
		last := found[q.Limit-1]
		page.Next = &messaging.ListCursor{LastMessageID: last.lastMessageID, ConversationID: last.conversationID}
	}
	if len(found) == 0 {
		return page, nil
	}
	ids := make([]uint64, len(found))
	for i, m := range found {
		ids[i] = m.conversationID
	}
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (listed, error) { return scanConversation(row) },
		s.prefix.Expand(`
		SELECT `+conversationColumns+`
		FROM {p}jt_pro_conversation_participants p
		JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id`+lastMessageJoin+`
		WHERE p.user_id = ? AND p.jts_folder <> 0 AND p.conversation_id IN (`+mysqldb.Placeholders(len(ids))+`)`), args(ids, userID)...)
	if err != nil {
		return messaging.ConversationPage{}, fmt.Errorf("mysqlstore: %d conversations of user %d: %w", len(ids), userID, err)
	}
	slices.SortFunc(rows, func(a, b listed) int { return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID)) })
	for _, row := range rows {
		page.Conversations = append(page.Conversations, row.Conversation)
	}
	return page, s.fill(ctx, page.Conversations, ids)
}
