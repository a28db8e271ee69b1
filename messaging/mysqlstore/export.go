package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// exportPage is how many items of each group a page of an export holds. Each page looks at the ids of all that the
// member may read, so few large pages cost less than many small ones: 0.1 s a page where these are 150,000, 0.6 s where
// they are 1.5 million.
const exportPage = 500

// Export gives a page, from 1, of what is kept of a member, and whether it is the last one. Each group is
// paged by ids, so that what is written meanwhile comes at its end and moves nothing.
func (s *Store) Export(ctx context.Context, userID uint64, page int) (items []messaging.ExportItem, done bool, err error) {
	offset := (page - 1) * exportPage
	done = true
	for _, group := range []func(context.Context, uint64, int) ([]messaging.ExportItem, error){
		s.exportMessages, s.exportSettings, s.exportBlocks, s.exportReports,
	} {
		some, err := group(ctx, userID, offset)
		if err != nil {
			return nil, false, err
		}
		if len(some) > exportPage {
			some, done = some[:exportPage], false
		}
		items = append(items, some...)
	}
	return items, done, nil
}

// exportMessages gives one more message than a page holds, if there are. Of a group that the member left,
// they get what they wrote, and what others wrote before the second in which they left.
func (s *Store) exportMessages(ctx context.Context, userID uint64, offset int) ([]messaging.ExportItem, error) {
	const from = `
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_all)
		STRAIGHT_JOIN {p}jt_pro_messages m FORCE INDEX (jts_thread) ON m.conversation_id = p.conversation_id
		WHERE p.user_id = ? AND p.jts_folder `
	ids, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT id FROM (
			SELECT m.id AS id `+from+` <> 0
			UNION ALL
			SELECT m.id AS id `+from+` = 0
				AND (m.created_at < p.left_at OR (m.sender_id = p.user_id AND COALESCE(m.is_system, 0) = 0))
		) m ORDER BY id LIMIT ? OFFSET ?`), userID, userID, exportPage+1, offset)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: messages of user %d: %w", userID, err)
	}
	if len(ids) == 0 {
		return nil, nil
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
		SELECT m.id, m.conversation_id, COALESCE(m.sender_id, 0), COALESCE(m.content, ''), COALESCE(m.content_plain, ''),
			m.created_at, `+columns+`
		FROM {p}jt_pro_messages m `+joins+`
		WHERE m.id IN (`+mysqldb.Placeholders(len(ids))+`) ORDER BY m.id`), args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: texts of user %d: %w", userID, err)
	}
	var conversations []uint64
	for _, m := range messages {
		conversations = append(conversations, m.ConversationID)
	}
	parts, err := s.exportParts(ctx, userID,
		`p.conversation_id IN (`+mysqldb.Placeholders(len(conversations))+`)`, args(conversations)...)
	if err != nil {
		return nil, err
	}
	titles := make(map[uint64]string, len(parts))
	for _, p := range parts {
		titles[p.ID] = p.title()
	}
	items := make([]messaging.ExportItem, len(messages))
	for i, m := range messages {
		items[i] = messaging.ExportItem{
			Group: messaging.ExportConversations, ID: "message-" + strconv.FormatUint(m.ID, 10),
			Fields: []messaging.ExportField{
				{Name: "Conversation", Value: titles[m.ConversationID]},
				{Name: "Date", Value: exportTime(m.CreatedAt)},
				{Name: "From", Value: m.Sender.Name()},
				{Name: "Message", Value: m.Plain},
			},
		}
	}
	return items, nil
}

// exportedPart is a member's part in a conversation.
type exportedPart struct {
	messaging.Conversation
	joinedAt, leftAt time.Time
}

// title tells nothing that was decided after the member left.
func (p exportedPart) title() string {
	if !p.leftAt.IsZero() {
		return "Conversation " + strconv.FormatUint(p.ID, 10)
	}
	return p.DisplayTitle()
}

// exportParts reads the member's parts in conversations, by id. where may go on with LIMIT.
func (s *Store) exportParts(ctx context.Context, userID uint64, where string, list ...any) ([]exportedPart, error) {
	parts, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (exportedPart, error) {
		var joined, left sql.NullTime
		l, err := scanConversation(row, &joined, &left)
		return exportedPart{l.Conversation, joined.Time, left.Time}, err
	}, s.prefix.Expand(`
		SELECT `+conversationColumns+`, p.joined_at, IF(p.jts_folder = 0, p.left_at, NULL)
		FROM {p}jt_pro_conversation_participants p
		JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id`+lastMessageJoin+`
		WHERE p.user_id = ? AND `+where), append([]any{userID}, list...)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: parts of user %d: %w", userID, err)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	conversations := make([]messaging.Conversation, len(parts))
	ids := make([]uint64, len(parts))
	for i, p := range parts {
		conversations[i], ids[i] = p.Conversation, p.ID
	}
	if err := s.fill(ctx, conversations, ids); err != nil {
		return nil, err
	}
	for i := range parts {
		parts[i].Conversation = conversations[i]
	}
	return parts, nil
}

func (s *Store) exportSettings(ctx context.Context, userID uint64, offset int) ([]messaging.ExportItem, error) {
	parts, err := s.exportParts(ctx, userID, `1 = 1 ORDER BY p.conversation_id LIMIT ? OFFSET ?`, exportPage+1, offset)
	if err != nil {
		return nil, err
	}
	items := make([]messaging.ExportItem, len(parts))
	for i, p := range parts {
		fields := []messaging.ExportField{
			{Name: "Conversation", Value: p.title()},
			{Name: "Joined", Value: exportTime(p.joinedAt)},
			{Name: "Muted", Value: yesNo(p.Muted)},
			{Name: "Archived", Value: yesNo(p.Archived)},
		}
		if !p.leftAt.IsZero() {
			fields = append(fields, messaging.ExportField{Name: "Left", Value: exportTime(p.leftAt)})
		}
		items[i] = messaging.ExportItem{Group: messaging.ExportSettings, ID: "conversation-" + strconv.FormatUint(p.ID, 10), Fields: fields}
	}
	return items, nil
}

func (s *Store) exportBlocks(ctx context.Context, userID uint64, offset int) ([]messaging.ExportItem, error) {
	columns, joins := s.site.ProfileSQL("b.blocked_id", "m")
	items, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.ExportItem, error) {
		var id uint64
		var since sql.NullTime
		var profile profileScan
		err := row.Scan(append([]any{&id, &since}, profile.dest(s.site)...)...)
		person := profile.person(id)
		return messaging.ExportItem{
			Group: messaging.ExportBlocks, ID: "block-" + strconv.FormatUint(id, 10),
			Fields: []messaging.ExportField{
				{Name: "Blocked member", Value: person.Name()},
				{Name: "Since", Value: exportTime(since.Time)},
			},
		}, err
	}, s.prefix.Expand(`
		SELECT b.blocked_id, b.created_at, `+columns+`
		FROM {p}jt_sidecar_blocks b `+joins+`
		WHERE b.blocker_id = ? ORDER BY b.blocked_id LIMIT ? OFFSET ?`), userID, exportPage+1, offset)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: blocks of user %d: %w", userID, err)
	}
	return items, nil
}

// exportReports has what the member said, and whether a moderator has seen it; what was decided concerns somebody
// else.
func (s *Store) exportReports(ctx context.Context, userID uint64, offset int) ([]messaging.ExportItem, error) {
	items, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.ExportItem, error) {
		var id, conversationID uint64
		var at time.Time
		var reason, note string
		var open bool
		err := row.Scan(&id, &conversationID, &at, &reason, &note, &open)
		return messaging.ExportItem{
			Group: messaging.ExportReports, ID: "report-" + strconv.FormatUint(id, 10),
			Fields: []messaging.ExportField{
				{Name: "Conversation", Value: "Conversation " + strconv.FormatUint(conversationID, 10)},
				{Name: "Date", Value: exportTime(at)},
				{Name: "Reason", Value: reason},
				{Name: "Note", Value: note},
				{Name: "Reviewed", Value: yesNo(!open)},
			},
		}, err
	}, s.prefix.Expand(`
		SELECT id, conversation_id, created_at, reason, note, is_open
		FROM {p}jt_sidecar_reports WHERE reporter_id = ? ORDER BY id LIMIT ? OFFSET ?`), userID, exportPage+1, offset)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: reports by user %d: %w", userID, err)
	}
	return items, nil
}

// exportTime is a time as people read it; empty where it is not known.
func exportTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}
