package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

const (
	// listWindow is how many conversations one page of a list looks at where no index holds just those it
	// is to show.
	listWindow = 5000

	// listStep is how many of them one statement looks at.
	listStep = 500
)

// position is the place of a conversation in a list: what it is sorted by, and its id. none is for no
// activity, which comes behind all others.
type position struct {
	value string // as SQL has it: a time, or a number
	none  bool
	id    uint64
}

// A cursor is a position as text, which names the order, too: it leads nowhere in another.
func (p position) cursor(sort oversight.Sort) string {
	value := p.value
	if p.none {
		value = "-"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(string(sort) + "/" + value + "/" + strconv.FormatUint(p.id, 10)))
}

func parseCursor(text string, sort oversight.Sort) (position, error) {
	bad := messaging.InvalidParam("cursor", "This link to a page of the list is not valid. Start at the first page.")
	b, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(b), "/")
	if err != nil || len(parts) != 3 || parts[0] != string(sort) {
		return position{}, bad
	}
	p := position{value: parts[1], none: parts[1] == "-"}
	if p.id, err = strconv.ParseUint(parts[2], 10, 64); err != nil {
		return p, bad
	}
	switch {
	case p.none:
		p.value = ""
	case sort == oversight.ByMessages:
		_, err = strconv.ParseUint(p.value, 10, 64)
	case p.value != zeroTime:
		_, err = time.Parse(sqlTime, p.value)
	}
	if err != nil {
		return p, bad
	}
	return p, nil
}

const (
	sqlTime  = "2006-01-02 15:04:05.999999"
	zeroTime = "0000-00-00 00:00:00"
)

// listQuery is a filter as SQL.
type listQuery struct {
	from      string // the table with its index
	column    string // that is sorted by
	condition string // that every row has to meet, in the index
	list      []any
	match     string // what else they have to meet, "1" for nothing
	matchList []any
	ascending bool // the way through the index
}

// Conversations implements oversight.Store. Where an index holds the rows in their order, a page takes as
// many as it has; where none does, it looks at a window of listWindow of them.
func (o *Oversight) Conversations(ctx context.Context, f oversight.Filter) (oversight.Page, error) {
	sort := f.Sort
	switch sort {
	case "":
		sort = oversight.ByActivity
	case oversight.ByActivity, oversight.ByMessages:
	default:
		return oversight.Page{}, messaging.InvalidParam("sort", "Sort by activity or by messages.")
	}
	var at *position
	switch {
	case f.Cursor != "":
		p, err := parseCursor(f.Cursor, sort)
		if err != nil {
			return oversight.Page{}, err
		}
		at = &p
	case !f.At.IsZero() && sort == oversight.ByActivity:
		at = &position{value: f.At.UTC().Format(sqlTime), id: 0}
	}
	q, err := o.listQuery(ctx, f, sort)
	if err != nil {
		return oversight.Page{}, err
	}
	back := f.Back && f.Cursor != ""
	q.ascending = f.Ascending != back
	limit := pageSize(f.Limit)
	found, end, err := o.walk(ctx, q, at, limit+1)
	if err != nil {
		return oversight.Page{}, err
	}
	if back && end == nil && len(found) < limit {
		// What was before is less than a page: this is the first one, whole.
		f.Cursor, f.Back, f.At = "", false, time.Time{}
		return o.Conversations(ctx, f)
	}
	page := oversight.Page{Partial: end != nil}
	more := len(found) > limit
	found = found[:min(limit, len(found))]
	ids := make([]uint64, len(found))
	for i, p := range found {
		ids[i] = p.id
	}
	if back {
		slices.Reverse(ids)
		slices.Reverse(found)
	}
	if page.Rows, err = o.rows(ctx, f.Viewer, ids); err != nil {
		return page, err
	}
	if at != nil && f.Cursor == "" {
		// From a time on, which may be one with nothing on the other side.
		other := q
		other.ascending = !q.ascending
		before, stopped, err := o.walk(ctx, other, at, 1)
		if err != nil {
			return page, err
		}
		if len(before) == 0 && stopped == nil {
			at = nil
		}
	}

	// Where the rows end in the direction of the walk, and where it began.
	ahead, behind := "", ""
	switch {
	case end != nil:
		ahead = end.cursor(sort)
	case more && back:
		ahead = found[0].cursor(sort)
	case more:
		ahead = found[len(found)-1].cursor(sort)
	}
	if at != nil {
		switch {
		case len(found) == 0:
			behind = at.cursor(sort)
		case back:
			behind = found[len(found)-1].cursor(sort)
		default:
			behind = found[0].cursor(sort)
		}
	}
	page.Next, page.Previous = ahead, behind
	if back {
		page.Next, page.Previous = behind, ahead
	}
	return page, nil
}

// listQuery says where the rows of a list are found.
func (o *Oversight) listQuery(ctx context.Context, f oversight.Filter, sort oversight.Sort) (listQuery, error) {
	q := listQuery{column: "c.last_message_at", condition: "1 = 1", match: "1"}
	index := "jts_activity"
	if sort == oversight.ByMessages {
		q.column, index = "c.message_count", "jts_count"
	}
	// In the index, or beside it.
	also := func(inIndex bool, condition string, value any) {
		if inIndex {
			q.condition += " AND " + condition
			q.list = append(q.list, value)
		} else {
			q.match += " AND " + condition
			q.matchList = append(q.matchList, value)
		}
	}
	few := false
	if f.Member != 0 {
		n, err := mysqldb.QueryRow(ctx, o.store.db, mysqldb.Value[int], o.store.prefix.Expand(`
			SELECT COUNT(*) FROM (
				SELECT 1 FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_all) WHERE user_id = ? LIMIT ?
			) theirs`), f.Member, listWindow+1)
		if err != nil {
			return q, fmt.Errorf("mysqlstore: number of conversations of user %d: %w", f.Member, err)
		}
		few = n <= listWindow
	}
	switch {
	case few:
		// All of theirs, sorted. So few of them are quicker than a walk through everybody's.
		q.from = `{p}jt_pro_conversation_participants theirs FORCE INDEX (jts_all)
			STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = theirs.conversation_id`
		also(true, "theirs.user_id = ?", f.Member)
	case f.Type != "" && sort == oversight.ByActivity:
		index = "jts_type_activity"
		fallthrough
	default:
		q.from = `{p}jt_pro_conversations c FORCE INDEX (` + index + `)`
		if f.Member != 0 {
			also(false, `EXISTS (SELECT 1 FROM {p}jt_pro_conversation_participants m
				WHERE m.conversation_id = c.id AND m.user_id = ?)`, f.Member)
		}
	}
	if f.Type != "" {
		also(few || sort == oversight.ByActivity, "c.type = ?", string(f.Type))
	}
	if !f.From.IsZero() {
		also(few || sort == oversight.ByActivity, "c.last_message_at >= ?", f.From.UTC())
	}
	if !f.Until.IsZero() {
		also(few || sort == oversight.ByActivity, "c.last_message_at < ?", f.Until.UTC())
	}
	if f.Title != "" {
		also(few, `c.title LIKE ?`+escaped, "%"+likeLiteral(f.Title)+"%")
	}
	return q, nil
}

// walk gives the first n positions behind at that match; nil is the beginning. end is where it stopped when it
// had looked at its window.
func (o *Oversight) walk(ctx context.Context, q listQuery, at *position, n int) (found []position, end *position, err error) {
	step := n
	if q.match != "1" {
		step = listStep
	}
	for looked := 0; ; {
		list, err := o.step(ctx, q, at, step)
		if err != nil {
			return nil, nil, err
		}
		for _, m := range list {
			if m.matches {
				found = append(found, m.position)
			}
			if len(found) == n {
				return found, nil, nil
			}
		}
		if len(list) < step {
			return found, nil, nil
		}
		at = &list[len(list)-1].position
		if looked += len(list); looked >= listWindow {
			return found, at, nil
		}
	}
}

type matched struct {
	position
	matches bool
}

// step reads the next n positions behind at. Those without activity are a range of their own: NULL is not
// smaller than anything. It is the last one, and ascending the first.
func (o *Oversight) step(ctx context.Context, q listQuery, at *position, n int) ([]matched, error) {
	values, nulls := "", q.column+" IS NULL"
	var valueList, nullList []any
	switch {
	case at == nil:
		values = q.column + " IS NOT NULL"
	case at.none && q.ascending:
		values, nulls = q.column+" IS NOT NULL", nulls+" AND c.id > ?"
		nullList = []any{at.id}
	case at.none:
		nulls += " AND c.id < ?"
		nullList = []any{at.id}
	case q.ascending:
		values, nulls = "("+q.column+" > ? OR ("+q.column+" = ? AND c.id > ?))", ""
		valueList = []any{at.value, at.value, at.id}
	default:
		values = "(" + q.column + " < ? OR (" + q.column + " = ? AND c.id < ?))"
		valueList = []any{at.value, at.value, at.id}
	}
	direction := " DESC"
	if q.ascending {
		direction = " ASC"
	}
	type part struct {
		condition string
		list      []any
		order     string
	}
	// Where all are NULL, to name the column makes the server sort what the index has in order.
	parts := []part{{values, valueList, q.column + direction + ", c.id" + direction}, {nulls, nullList, "c.id" + direction}}
	if q.ascending {
		slices.Reverse(parts)
	}
	var list []matched
	for _, p := range parts {
		if p.condition == "" || len(list) == n {
			continue
		}
		some, err := mysqldb.Query(ctx, o.store.db, scanMatched, o.store.prefix.Expand(`
			SELECT c.id, `+q.column+`, `+q.match+`
			FROM `+q.from+`
			WHERE `+q.condition+` AND `+p.condition+`
			ORDER BY `+p.order+` LIMIT ?`),
			slices.Concat(q.matchList, q.list, p.list, []any{n - len(list)})...)
		if err != nil {
			return nil, fmt.Errorf("mysqlstore: list of conversations: %w", err)
		}
		list = append(list, some...)
	}
	return list, nil
}

func scanMatched(row mysqldb.Scanner) (matched, error) {
	var m matched
	var value any
	var matches sql.NullBool
	err := row.Scan(&m.id, &value, &matches)
	m.matches = matches.Bool
	switch v := value.(type) {
	case nil:
		m.none = true
	case time.Time:
		m.value = zeroTime
		if !v.IsZero() {
			m.value = v.Format(sqlTime)
		}
	case int64:
		m.value = strconv.FormatInt(max(v, 0), 10)
	case uint64:
		m.value = strconv.FormatUint(v, 10)
	case []byte:
		m.value = string(v)
	default:
		err = errors.Join(err, fmt.Errorf("a list sorted by a %T", value))
	}
	return m, err
}
