package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

const (
	// exportPage is how many items a page of an export holds at most, and how many messages it looks at.
	exportPage = 500

	// exportCounted is how far ExportVolume counts.
	exportCounted = 2001
)

// exportKey is a place in a group of an export: the columns of the key that its rows are read along. What is read
// lies behind it. The zero value is the beginning.
type exportKey struct{ first, second uint64 }

// exportPart is what a page takes of a group: items, the last row that was looked at, and whether there may be more.
type exportPart struct {
	items []messaging.ExportItem
	last  exportKey
	more  bool
}

// exportGroups are the groups in the order of an export, with the letter that a cursor names each by.
var exportGroups = []struct {
	letter string
	read   func(s *Store, ctx context.Context, userID uint64, behind exportKey, most int) (exportPart, error)
}{
	{"m", (*Store).exportMessages}, // conversation, message
	{"s", (*Store).exportSettings}, // conversation
	{"b", (*Store).exportBlocks},   // blocked member
	{"r", (*Store).exportReports},  // conversation, report
}

// Export gives the items of what is kept of a member behind a cursor, "" for the beginning, and the cursor to go on
// from, "" after the last one. A page costs the same at the beginning and at the end of the longest history. Nothing
// that was there before the export and stays is left out or comes twice; what is written meanwhile may be in it. A
// page may be empty and not the last one.
func (s *Store) Export(ctx context.Context, userID uint64, cursor string) (items []messaging.ExportItem, next string, err error) {
	group, behind, err := parseExportCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	for ; group < len(exportGroups); group, behind = group+1, (exportKey{}) {
		room := exportPage - len(items)
		if room == 0 {
			return items, exportCursor(group, behind), nil
		}
		part, err := exportGroups[group].read(s, ctx, userID, behind, room)
		if err != nil {
			return nil, "", err
		}
		items = append(items, part.items...)
		if part.more {
			return items, exportCursor(group, part.last), nil
		}
	}
	return items, "", nil
}

// exportCursor is a place as text: the group's letter and the two numbers of the key.
func exportCursor(group int, k exportKey) string {
	return fmt.Sprintf("%s:%d:%d", exportGroups[group].letter, k.first, k.second)
}

func parseExportCursor(cursor string) (group int, k exportKey, err error) {
	if cursor == "" {
		return 0, k, nil
	}
	letter, numbers, _ := strings.Cut(cursor, ":")
	first, second, _ := strings.Cut(numbers, ":")
	for i, g := range exportGroups {
		if g.letter == letter {
			var err1, err2 error
			k.first, err1 = strconv.ParseUint(first, 10, 64)
			k.second, err2 = strconv.ParseUint(second, 10, 64)
			if err1 == nil && err2 == nil {
				return i, k, nil
			}
		}
	}
	return 0, k, messaging.InvalidParam("cursor", "Use the cursor that the page before gave.")
}

// ExportVolume says how much an export of a member will hold, at the cost of a few pages of it: items, counted up to
// 2001, and the bytes of the first so many messages. Both may be more than what the member may read of groups that
// they left.
func (s *Store) ExportVolume(ctx context.Context, userID uint64) (v messaging.ExportVolume, err error) {
	for _, group := range []string{
		`COALESCE(LENGTH(IF(m.content_plain <> '', m.content_plain, m.content)), 0)
			FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_member)
			STRAIGHT_JOIN {p}jt_pro_messages m FORCE INDEX (jts_thread) ON m.conversation_id = p.conversation_id
			WHERE p.user_id = ?`,
		`0 FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_member) WHERE user_id = ?`,
		`0 FROM {p}jt_sidecar_blocks WHERE blocker_id = ?`,
		`LENGTH(note) FROM {p}jt_sidecar_reports FORCE INDEX (reporter) WHERE reporter_id = ?`,
	} {
		sizes, err := mysqldb.Query(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(`SELECT `+group+` LIMIT ?`), userID, exportCounted)
		if err != nil {
			return v, fmt.Errorf("mysqlstore: volume of user %d's export: %w", userID, err)
		}
		v.Items = min(exportCounted, v.Items+len(sizes))
		for _, size := range sizes {
			v.Bytes += size
		}
	}
	return v, nil
}

// exportedPlace is a member's part in a conversation.
type exportedPlace struct {
	messaging.Conversation
	joinedAt, leftAt time.Time
}

// title tells nothing that was decided after the member left.
func (p exportedPlace) title() string {
	if !p.leftAt.IsZero() {
		return "Conversation " + strconv.FormatUint(p.ID, 10)
	}
	return p.DisplayTitle()
}

// exportPlaces reads the member's parts in conversations. where may go on with ORDER BY and LIMIT.
func (s *Store) exportPlaces(ctx context.Context, userID uint64, where string, list ...any) ([]exportedPlace, error) {
	places, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (exportedPlace, error) {
		var joined, left sql.NullTime
		l, err := scanConversation(row, &joined, &left)
		return exportedPlace{l.Conversation, joined.Time, left.Time}, err
	}, s.prefix.Expand(`
		SELECT `+conversationColumns+`, p.joined_at, IF(p.jts_folder = 0, p.left_at, NULL)
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_member)
		STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id`+lastMessageJoin+`
		WHERE p.user_id = ? AND `+where), append([]any{userID}, list...)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: places of user %d: %w", userID, err)
	}
	if len(places) == 0 {
		return nil, nil
	}
	conversations := make([]messaging.Conversation, len(places))
	ids := make([]uint64, len(places))
	for i, p := range places {
		conversations[i], ids[i] = p.Conversation, p.ID
	}
	if err := s.fill(ctx, conversations, ids); err != nil {
		return nil, err
	}
	for i := range places {
		places[i].Conversation = conversations[i]
	}
	return places, nil
}

func (s *Store) exportSettings(ctx context.Context, userID uint64, behind exportKey, most int) (exportPart, error) {
	places, err := s.exportPlaces(ctx, userID, `p.conversation_id > ? ORDER BY p.conversation_id LIMIT ?`, behind.first, most)
	if err != nil {
		return exportPart{}, err
	}
	part := exportPart{more: len(places) == most}
	for _, p := range places {
		fields := []messaging.ExportField{
			{Name: "Conversation", Value: p.title()},
			{Name: "Joined", Value: exportTime(p.joinedAt)},
			{Name: "Muted", Value: yesNo(p.Muted)},
			{Name: "Archived", Value: yesNo(p.Archived)},
		}
		if !p.leftAt.IsZero() {
			fields = append(fields, messaging.ExportField{Name: "Left", Value: exportTime(p.leftAt)})
		}
		part.items = append(part.items, messaging.ExportItem{
			Group: messaging.ExportSettings, ID: "conversation-" + strconv.FormatUint(p.ID, 10), ConversationID: p.ID, Fields: fields,
		})
		part.last = exportKey{first: p.ID}
	}
	return part, nil
}

func (s *Store) exportBlocks(ctx context.Context, userID uint64, behind exportKey, most int) (exportPart, error) {
	columns, joins := s.site.ProfileSQL("b.blocked_id", "m")
	var part exportPart
	items, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.ExportItem, error) {
		var id uint64
		var since sql.NullTime
		var profile profileScan
		err := row.Scan(append([]any{&id, &since}, profile.dest(s.site)...)...)
		person := profile.person(id)
		part.last = exportKey{first: id}
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
		WHERE b.blocker_id = ? AND b.blocked_id > ? ORDER BY b.blocked_id LIMIT ?`), userID, behind.first, most)
	if err != nil {
		return exportPart{}, fmt.Errorf("mysqlstore: blocks of user %d: %w", userID, err)
	}
	part.items, part.more = items, len(items) == most
	return part, nil
}

// exportReports has what the member said, and whether a moderator has seen it; what was decided concerns somebody
// else.
func (s *Store) exportReports(ctx context.Context, userID uint64, behind exportKey, most int) (exportPart, error) {
	var part exportPart
	items, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.ExportItem, error) {
		var id, conversationID uint64
		var at time.Time
		var reason, note string
		var open bool
		err := row.Scan(&id, &conversationID, &at, &reason, &note, &open)
		part.last = exportKey{conversationID, id}
		return messaging.ExportItem{
			Group: messaging.ExportReports, ID: "report-" + strconv.FormatUint(id, 10), ConversationID: conversationID,
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
		FROM {p}jt_sidecar_reports FORCE INDEX (reporter)
		WHERE reporter_id = ? AND conversation_id >= ? AND (conversation_id > ? OR id > ?)
		ORDER BY conversation_id, id LIMIT ?`), userID, behind.first, behind.first, behind.second, most)
	if err != nil {
		return exportPart{}, fmt.Errorf("mysqlstore: reports by user %d: %w", userID, err)
	}
	part.items, part.more = items, len(items) == most
	return part, nil
}

// exportTime is a time as an export has it. The epoch stands for one that is not known.
func exportTime(t time.Time) string {
	if t.Unix() <= 0 {
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
