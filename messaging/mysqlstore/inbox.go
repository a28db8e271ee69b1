package mysqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// UnreadCount implements messaging.Store with one range of one index. Those who ask at the same time share a
// statement.
func (s *Store) UnreadCount(ctx context.Context, userID uint64) (int, error) {
	return s.unreadCounts.Get(ctx, userID)
}

func (s *Store) loadUnreadCounts(ctx context.Context, users []uint64) (map[uint64]int, error) {
	type count struct {
		userID uint64
		unread int
	}
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (count, error) {
		var c count
		err := row.Scan(&c.userID, &c.unread)
		return c, err
	}, s.prefix.Expand(`
		SELECT user_id, COUNT(*) FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_unread_inbox)
		WHERE user_id IN (`+mysqldb.Placeholders(len(users))+`) AND jts_unread = 1 AND jts_folder = 1
		GROUP BY user_id`), args(users)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: unread counts of %d users: %w", len(users), err)
	}
	counts := make(map[uint64]int, len(rows))
	for _, r := range rows {
		counts[r.userID] = r.unread
	}
	return counts, nil
}

// view is a filter of the list in SQL: the index that holds it in the order of the list, and the
// condition of that index. The hint is needed: where a member has few rows, the server would rather
// read and sort them.
type view struct{ index, condition string }

var views = map[messaging.Filter]view{
	messaging.FilterActive:   {"jts_inbox", "p.jts_folder = 1"},
	messaging.FilterArchived: {"jts_inbox", "p.jts_folder = 2"},
	messaging.FilterUnread:   {"jts_unread_inbox", "p.jts_unread = 1 AND p.jts_folder = 1"},
	messaging.FilterAll:      {"jts_all", "p.jts_folder <> 0"},
}

const conversationColumns = `
	p.conversation_id, p.user_id, p.jts_last_message_id, p.jts_last_read_id, p.last_read_at,
	p.jts_unread, p.jts_read_count, COALESCE(p.is_muted <> 0, 0), p.jts_folder = 2,
	COALESCE(c.type, ''), COALESCE(c.title, ''), COALESCE(c.created_by, 0), c.created_at,
	c.last_message_at, COALESCE(c.last_message_preview, ''), c.message_count, c.jts_user_message_count,
	COALESCE(l.sender_id = p.user_id AND l.is_system = 0, 0)`

// lastMessageJoin finds the message that gives a row its place, one row of the primary key for each row of the page.
const lastMessageJoin = ` LEFT JOIN {p}jt_pro_messages l ON l.id = p.jts_last_message_id`

// listed is a row of the list, with the message that gives it its place.
type listed struct {
	messaging.Conversation
	place uint64
	total int
}

func scanConversation(row mysqldb.Scanner, more ...any) (listed, error) {
	var (
		l                         listed
		kind                      string
		readAt, createdAt, lastAt sql.NullTime
		count                     sql.NullInt64
		readCount, userCount      int
	)
	err := row.Scan(append([]any{
		&l.ID, &l.ViewerID, &l.place, &l.LastReadMessageID, &readAt,
		&l.Unread, &readCount, &l.Muted, &l.Archived,
		&kind, &l.Title, &l.CreatedBy, &createdAt,
		&lastAt, &l.LastMessagePreview, &count, &userCount,
		&l.LastMessageByViewer,
	}, more...)...)
	l.Type = typeOf(kind)
	l.LastMessageID = l.place
	l.LastReadAt, l.CreatedAt, l.LastMessageAt = readAt.Time, createdAt.Time, lastAt.Time
	l.MessageCount = int(count.Int64)
	if l.Unread {
		l.UnreadCount = max(1, userCount-readCount)
	}
	return l, err
}

// Conversations implements messaging.Store: one statement for the rows and their total, one for the
// participants of all of them; the same for a pair, by its key. What a search takes, [Store.search] says.
func (s *Store) Conversations(ctx context.Context, userID uint64, q messaging.ListQuery) (messaging.ConversationPage, error) {
	v, ok := views[q.Filter]
	if !ok {
		return messaging.ConversationPage{}, fmt.Errorf("mysqlstore: unknown filter %q", q.Filter)
	}
	if q.Search != "" {
		return s.search(ctx, userID, v, q)
	}
	if q.With != 0 {
		return s.direct(ctx, userID, v, q.With)
	}
	condition := "p.user_id = ? AND " + v.condition
	list := []any{userID, userID}
	if q.After != nil {
		// As one range with a filter on its edge: an OR of two ranges would not be read in order.
		condition += " AND p.jts_last_message_id <= ? AND (p.jts_last_message_id < ? OR p.conversation_id < ?)"
		list = append(list, q.After.LastMessageID, q.After.LastMessageID, q.After.ConversationID)
	}
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (listed, error) {
		var total int
		l, err := scanConversation(row, &total)
		l.total = total
		return l, err
	}, s.prefix.Expand(`
		SELECT `+conversationColumns+`,
			(SELECT COUNT(*) FROM {p}jt_pro_conversation_participants p FORCE INDEX (`+v.index+`)
			 WHERE p.user_id = ? AND `+v.condition+`)
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (`+v.index+`)
		STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id`+lastMessageJoin+`
		WHERE `+condition+`
		ORDER BY p.jts_last_message_id DESC, p.conversation_id DESC
		LIMIT ? OFFSET ?`), append(list, q.Limit+1, q.Offset)...)
	if err != nil {
		return messaging.ConversationPage{}, fmt.Errorf("mysqlstore: conversations of user %d: %w", userID, err)
	}
	page := messaging.ConversationPage{Conversations: []messaging.Conversation{}}
	if len(rows) == 0 {
		if q.After != nil || q.Offset > 0 {
			page.Total, err = s.total(ctx, userID, v)
		}
		return page, err
	}
	page.Total = rows[0].total
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		last := rows[q.Limit-1]
		page.Next = &messaging.ListCursor{LastMessageID: last.place, ConversationID: last.ID}
	}
	ids := make([]uint64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
		page.Conversations = append(page.Conversations, row.Conversation)
	}
	return page, s.fill(ctx, page.Conversations, ids)
}

// direct is Conversations for a pair, which has one conversation at most.
func (s *Store) direct(ctx context.Context, userID uint64, v view, otherID uint64) (messaging.ConversationPage, error) {
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (listed, error) { return scanConversation(row) },
		s.prefix.Expand(`
		SELECT `+conversationColumns+`
		FROM {p}jt_pro_conversations c
		STRAIGHT_JOIN {p}jt_pro_conversation_participants p ON p.conversation_id = c.id AND p.user_id = ? AND `+v.condition+lastMessageJoin+`
		WHERE c.jts_direct_low = ? AND c.jts_direct_high = ?`), userID, min(userID, otherID), max(userID, otherID))
	if err != nil {
		return messaging.ConversationPage{}, fmt.Errorf("mysqlstore: conversation of users %d and %d: %w", userID, otherID, err)
	}
	page := messaging.ConversationPage{Conversations: []messaging.Conversation{}, Total: len(rows)}
	if len(rows) == 0 {
		return page, nil
	}
	page.Conversations = append(page.Conversations, rows[0].Conversation)
	return page, s.fill(ctx, page.Conversations, []uint64{rows[0].ID})
}

func (s *Store) total(ctx context.Context, userID uint64, v view) (int, error) {
	n, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(`
		SELECT COUNT(*) FROM {p}jt_pro_conversation_participants p FORCE INDEX (`+v.index+`)
		WHERE p.user_id = ? AND `+v.condition), userID)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: number of conversations of user %d: %w", userID, err)
	}
	return n, nil
}

// Conversation implements messaging.Store.
func (s *Store) Conversation(ctx context.Context, userID, conversationID uint64) (messaging.Conversation, error) {
	l, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (listed, error) { return scanConversation(row) },
		s.prefix.Expand(`
		SELECT `+conversationColumns+`
		FROM {p}jt_pro_conversation_participants p
		JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id`+lastMessageJoin+`
		WHERE p.conversation_id = ? AND p.user_id = ? AND p.jts_folder <> 0`), conversationID, userID)
	if errors.Is(err, sql.ErrNoRows) {
		return messaging.Conversation{}, messaging.ErrNotParticipant
	}
	if err != nil {
		return messaging.Conversation{}, fmt.Errorf("mysqlstore: conversation %d of user %d: %w", conversationID, userID, err)
	}
	one := []messaging.Conversation{l.Conversation}
	err = s.fill(ctx, one, []uint64{conversationID})
	return one[0], err
}

// fill reads the participants of all conversations, which are of one viewer, in one statement. The
// flag on the other side's row of a direct conversation is the viewer's own block.
func (s *Store) fill(ctx context.Context, conversations []messaging.Conversation, ids []uint64) error {
	columns, joins := s.site.ProfileSQL("p.user_id", "m")
	type row struct {
		conversationID uint64
		participant    messaging.Participant
		blocked        bool
	}
	rows, err := mysqldb.Query(ctx, s.db, func(scanner mysqldb.Scanner) (row, error) {
		var r row
		var profile profileScan
		var joined, left sql.NullTime
		var userID uint64
		err := scanner.Scan(append([]any{&r.conversationID, &userID, &joined, &left, &r.blocked}, profile.dest(s.site)...)...)
		r.participant = messaging.Participant{Person: profile.person(userID), JoinedAt: joined.Time, LeftAt: left.Time}
		return r, err
	}, s.prefix.Expand(`
		SELECT p.conversation_id, p.user_id, p.joined_at, IF(p.jts_folder = 0, p.left_at, NULL),
			COALESCE(p.is_blocked <> 0, 0), `+columns+`
		FROM {p}jt_pro_conversation_participants p `+joins+`
		WHERE p.conversation_id IN (`+mysqldb.Placeholders(len(ids))+`)`), args(ids)...)
	if err != nil {
		return fmt.Errorf("mysqlstore: participants of %d conversations: %w", len(ids), err)
	}
	index := make(map[uint64]*messaging.Conversation, len(conversations))
	for i := range conversations {
		index[conversations[i].ID] = &conversations[i]
	}
	for _, r := range rows {
		c := index[r.conversationID]
		c.Participants = append(c.Participants, r.participant)
		if c.Type == messaging.Direct && r.participant.ID != c.ViewerID {
			c.BlockedByViewer = r.blocked
		}
	}
	for i := range conversations {
		slices.SortFunc(conversations[i].Participants, func(a, b messaging.Participant) int {
			return cmp.Or(a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.ID, b.ID))
		})
	}
	return nil
}
