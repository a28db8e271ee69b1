package adminpage

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// shownPeople is how many participants a row of the list names.
const shownPeople = 3

// ascending is the value of the parameter order that turns the order round, as in all of wp-admin.
const ascending = "asc"

// columns are those of the list that can be hidden, in their order.
var columns = []string{"id", "type", "participants", "messages", "created", "activity", "reports"}

// listData is what the list shows.
type listData struct {
	Glance         *glance
	Rows           []listRow
	Columns        []column
	Ascending      bool
	Order          []field // what a form has to carry along, so that the order stays
	Previous, Next string  // addresses, "" for none
	First          string  // address of the first page, "" on it
	Partial        bool
	Filtered       bool
	Types          []choice
}

// column is a head of the list.
type column struct {
	Name, Text string
	Hidden     bool
	Sort       string // address of the list sorted by it, "" where it cannot be
	Sorted     bool
}

type listRow struct {
	ID           uint64
	Title        string
	Type         string
	People       []person
	More         int
	Messages     int
	CreatedAt    time.Time
	LastActivity time.Time
	OpenReports  int
	Held         bool
}

func (a *api) list(ctx context.Context, p *page) (answer, error) {
	p.sayDone()
	f, err := a.filter(ctx, p)
	if err != nil {
		return answer{}, err
	}
	data := listData{Columns: p.listColumns(f), Ascending: f.Ascending, Order: order(f)}
	if f.Member != 0 || p.Asked("member") == "" {
		found, err := a.Oversight.Conversations(ctx, p.visitor(), f)
		if err != nil {
			return answer{}, err
		}
		data.Partial = found.Partial
		data.Previous, data.Next = p.cursorLink(f, found.Previous, true), p.cursorLink(f, found.Next, false)
		for _, row := range found.Rows {
			data.Rows = append(data.Rows, p.listRow(row))
		}
	}
	if data.Previous != "" {
		data.First = p.Link(p.filterParams(f)...)
	}
	data.Filtered = f.Member != 0 || f.Type != "" || f.Title != "" || !f.From.IsZero() || !f.Until.IsZero() || p.Asked("member") != ""
	if !data.Filtered && f.Cursor == "" && f.At.IsZero() {
		g, err := a.Oversight.Glance(ctx)
		if err != nil {
			return answer{}, err
		}
		data.Glance = p.glance(g)
	}
	for _, t := range []messaging.Type{messaging.Direct, messaging.Group} {
		data.Types = append(data.Types, choice{string(t), p.kind(t), f.Type == t})
	}
	return p.render("list", p.T("title_conversations"), data)
}

// bulk does what was chosen for the selected rows in the field of this name; with nothing chosen it is the list.
func (a *api) bulk(name string) func(ctx context.Context, p *page) (answer, error) {
	return func(ctx context.Context, p *page) (answer, error) {
		if p.Asked(name) == "purge" {
			return a.purgePreview(ctx, p)
		}
		return a.list(ctx, p)
	}
}

// filter is what the list is to show. A member whom nobody knows is said on the page.
func (a *api) filter(ctx context.Context, p *page) (oversight.Filter, error) {
	q := p.Query
	f := oversight.Filter{Title: q.Get("s"), Cursor: q.Get("cursor"), Back: q.Get("back") == "1", Sort: oversight.Sort(q.Get("orderby"))}
	switch t := messaging.Type(q.Get("type")); t {
	case messaging.Direct, messaging.Group:
		f.Type = t
	}
	f.Ascending = q.Get("order") == ascending
	begin, end := q.day("at", p.location)
	switch {
	case f.Sort != oversight.ByMessages:
		f.Sort = oversight.ByActivity
	case !begin.IsZero(): // a number of messages has no date
		f.Sort, f.Ascending = oversight.ByActivity, false
	}
	if f.At = end; f.Ascending {
		f.At = begin
	}
	f.From, _ = q.day("from", p.location)
	_, f.Until = q.day("until", p.location)
	if text := q.Get("member"); text != "" {
		id, err := a.memberID(ctx, text)
		if err != nil {
			return f, err
		}
		if f.Member = id; id == 0 {
			p.notify("warning", p.T("no_such_member", text))
		}
	}
	return f, nil
}

// memberID finds a member by login, or by #ID, which may be that of an account that is gone. 0 is nobody.
func (a *api) memberID(ctx context.Context, text string) (uint64, error) {
	if digits, ok := strings.CutPrefix(text, "#"); ok {
		id, err := strconv.ParseUint(digits, 10, 63)
		if err != nil {
			return 0, nil
		}
		return id, nil
	}
	member, found, err := a.Members.MemberByLogin(ctx, text)
	if err != nil || !found {
		return 0, err
	}
	return member.ID, nil
}

// order are the parameters for the order of a list; there are none for the first one.
func order(f oversight.Filter) []field {
	var fields []field
	if f.Sort != oversight.ByActivity {
		fields = append(fields, field{"orderby", string(f.Sort)})
	}
	if f.Ascending {
		fields = append(fields, field{"order", ascending})
	}
	return fields
}

// filterParams are the parameters of the list as it is, without the place in it.
func (p *page) filterParams(f oversight.Filter) []any {
	var params []any
	for _, name := range filterNames {
		params = append(params, name, p.Asked(name))
	}
	for _, o := range order(f) {
		params = append(params, o.Name, o.Value)
	}
	return params
}

func (p *page) cursorLink(f oversight.Filter, cursor string, back bool) string {
	if cursor == "" {
		return ""
	}
	params := append(p.filterParams(f), "cursor", cursor)
	if back {
		params = append(params, "back", 1)
	}
	return p.Link(params...)
}

func (p *page) listColumns(f oversight.Filter) []column {
	list := make([]column, len(columns))
	for i, name := range columns {
		list[i] = column{Name: name, Text: p.T("column_" + name), Hidden: !p.Shown(name)}
		by := map[string]oversight.Sort{"messages": oversight.ByMessages, "activity": oversight.ByActivity}[name]
		if by == "" {
			continue
		}
		list[i].Sorted = by == f.Sort
		to := f
		to.Sort, to.Ascending = by, list[i].Sorted && !f.Ascending
		list[i].Sort = p.Link(p.filterParams(to)...)
	}
	return list
}

// head is the list's head, or its foot, whose columns have no ids: by these wp-admin's screen options know them.
type head struct {
	*page
	Top bool
}

func (p *page) Head(top bool) head { return head{p, top} }

// Shown says whether a column of the list is.
func (p *page) Shown(name string) bool { return slices.Contains(p.Frame.Columns, name) }

func (p *page) listRow(row oversight.Row) listRow {
	r := listRow{
		ID: row.ID, Type: p.kind(row.Type), Messages: row.MessageCount, CreatedAt: row.CreatedAt, LastActivity: row.LastActivity,
		OpenReports: row.OpenReports, Held: row.Held,
	}
	var people []messaging.Person
	for i, m := range row.Participants {
		people = append(people, m.Person)
		if i < shownPeople {
			r.People = append(r.People, p.person(m.Person))
		}
	}
	r.More = len(row.Participants) - len(r.People)
	r.Title = p.title(row.ID, row.Title, people)
	return r
}

// sayDone says what was done before the browser came here.
func (p *page) sayDone() {
	switch n := p.Query.Int("count"); p.Asked("done") {
	case "purged":
		if n == 1 || n == 0 && p.Query.Int("held") == 0 {
			p.notify("success", p.T("done_purged"))
		} else if n > 0 {
			p.notify("success", p.N("done_purged_many", n))
		}
		if held := p.Query.Int("held"); held > 0 {
			p.notify("warning", p.N("done_held_back", held))
		}
	case "held", "released", "dismissed", "warned", "silenced":
		p.notify("success", p.T("done_"+p.Asked("done")))
	case "nothing":
		p.notify("info", p.T("done_nothing"))
	case "decided-before":
		p.notify("info", p.T("done_decided_before"))
	}
}
