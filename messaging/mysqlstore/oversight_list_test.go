package mysqlstore_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/mysqlstore"
	"jetonomy-sidecar/messaging/oversight"
)

// conversation is a row that a test makes, and what it expects of the list.
type conversation struct {
	id       uint64
	kind     messaging.Type
	title    string
	activity time.Time // zero for none
	messages int
	members  []uint64
}

// fill makes n conversations of all kinds. Many have their last activity in the same second, or none.
func (f *fixture) fill(n int) []conversation {
	f.t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	start := f.clock.now().Add(-240 * time.Hour)
	list := make([]conversation, n)
	for i := range list {
		c := conversation{kind: messaging.Group, title: fmt.Sprintf("Topic %d", i%7), messages: r.IntN(6)}
		if i%3 == 0 {
			c.kind, c.title = messaging.Direct, ""
		}
		if i%5 != 0 {
			c.activity = start.Add(time.Duration(r.IntN(40)) * time.Hour)
		}
		for _, u := range f.users {
			if r.IntN(2) == 0 {
				c.members = append(c.members, u)
			}
		}
		list[i] = f.insert(c)
	}
	return list
}

func (f *fixture) insert(c conversation) conversation {
	f.t.Helper()
	at := any(c.activity)
	if c.activity.IsZero() {
		at = nil
	}
	res := f.Exec(f.t, `INSERT INTO {p}jt_pro_conversations (type, title, created_by, last_message_at, message_count, created_at)
		VALUES (?, ?, ?, ?, ?, ?)`, string(c.kind), c.title, f.users[0], at, c.messages, f.clock.now().Add(-480*time.Hour))
	id, err := res.LastInsertId()
	if err != nil {
		f.t.Fatal(err)
	}
	c.id = uint64(id)
	for _, u := range c.members {
		f.Exec(f.t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at, jts_accounted) VALUES (?, ?, ?, 1)`,
			c.id, u, f.clock.now())
	}
	return c
}

// sorted are the ids that match, in the order of the list.
func sorted(list []conversation, by oversight.Sort, match func(conversation) bool) []uint64 {
	list = slices.Clone(list)
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if by == oversight.ByMessages && a.messages != b.messages {
			return a.messages > b.messages
		}
		if by != oversight.ByMessages && !a.activity.Equal(b.activity) {
			return a.activity.After(b.activity)
		}
		return a.id > b.id
	})
	ids := []uint64{}
	for _, c := range list {
		if match(c) {
			ids = append(ids, c.id)
		}
	}
	return ids
}

func rowIDs(rows []oversight.Row) []uint64 {
	ids := []uint64{}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// Every filter in every order, page by page, there and back again.
func TestOversightList(t *testing.T) {
	f, o := overseen(t, 5)
	list := f.fill(240)
	from, until := f.clock.now().Add(-230*time.Hour), f.clock.now().Add(-210*time.Hour)
	all := func(conversation) bool { return true }
	for name, test := range map[string]struct {
		filter oversight.Filter
		match  func(conversation) bool
	}{
		"all":          {oversight.Filter{}, all},
		"direct":       {oversight.Filter{Type: messaging.Direct}, func(c conversation) bool { return c.kind == messaging.Direct }},
		"groups":       {oversight.Filter{Type: messaging.Group}, func(c conversation) bool { return c.kind == messaging.Group }},
		"a member":     {oversight.Filter{Member: f.users[2]}, func(c conversation) bool { return slices.Contains(c.members, f.users[2]) }},
		"a title":      {oversight.Filter{Title: "TOPIC 3"}, func(c conversation) bool { return c.title == "Topic 3" }},
		"no wildcards": {oversight.Filter{Title: "_opic%"}, func(conversation) bool { return false }},
		"a time": {oversight.Filter{From: from, Until: until}, func(c conversation) bool {
			return !c.activity.IsZero() && !c.activity.Before(from) && c.activity.Before(until)
		}},
		"all at once": {oversight.Filter{Member: f.users[1], Type: messaging.Group, Title: "topic", From: from, Until: until}, func(c conversation) bool {
			return slices.Contains(c.members, f.users[1]) && c.kind == messaging.Group && !c.activity.IsZero() && !c.activity.Before(from) && c.activity.Before(until)
		}},
	} {
		for _, by := range []oversight.Sort{"", oversight.ByActivity, oversight.ByMessages} {
			want := sorted(list, by, test.match)
			for _, ascending := range []bool{false, true} {
				q := test.filter
				q.Sort, q.Ascending, q.Limit = by, ascending, 9
				walkList(t, o, fmt.Sprintf("%s by %q, ascending %t", name, by, ascending), q, want)
				slices.Reverse(want)
			}
		}
	}
}

// walkList reads a list page by page to its end and back again.
func walkList(t *testing.T, o *mysqlstore.Oversight, name string, q oversight.Filter, want []uint64) {
	t.Helper()
	got, pages := []uint64{}, [][]uint64{}
	var page oversight.Page
	for {
		var err error
		if page, err = o.Conversations(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if (page.Previous == "") != (q.Cursor == "") || page.Partial {
			t.Errorf("%s: previous %q at %q, partial %t", name, page.Previous, q.Cursor, page.Partial)
		}
		pages = append(pages, rowIDs(page.Rows))
		got = append(got, rowIDs(page.Rows)...)
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", name, got, want)
	}
	for i := len(pages) - 2; i >= 0; i-- {
		q.Cursor, q.Back = page.Previous, true
		var err error
		if page, err = o.Conversations(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(rowIDs(page.Rows), pages[i]) || page.Next == "" || (page.Previous == "") != (i == 0) {
			t.Errorf("%s, back to page %d: %v, want %v (%q, %q)", name, i, rowIDs(page.Rows), pages[i], page.Previous, page.Next)
		}
	}
}

// What changes between two pages neither repeats a conversation that stayed nor leaves one out.
func TestOversightListUnderChange(t *testing.T) {
	f, o := overseen(t, 3)
	list := f.fill(60)
	want := sorted(list, oversight.ByActivity, func(conversation) bool { return true })
	first, err := o.Conversations(t.Context(), oversight.Filter{Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	// One of the first page and one of the last become the newest, one that was to come is gone, so is the row
	// the page ended with.
	for _, id := range []uint64{want[3], want[50]} {
		f.Exec(t, `UPDATE {p}jt_pro_conversations SET last_message_at = ? WHERE id = ?`, f.clock.now(), id)
	}
	for _, id := range []uint64{want[19], want[25]} {
		if _, err := o.Purge(t.Context(), id, oversight.Entry{}); err != nil {
			t.Fatal(err)
		}
	}
	second, err := o.Conversations(t.Context(), oversight.Filter{Limit: 20, Cursor: first.Next})
	if err != nil {
		t.Fatal(err)
	}
	rest := slices.Delete(slices.Clone(want[20:41]), 5, 6)
	if got := rowIDs(second.Rows); !slices.Equal(got, rest) {
		t.Errorf("second page %v, want %v", got, rest)
	}
	// Back is less than a page by now: the first one, whole.
	back, err := o.Conversations(t.Context(), oversight.Filter{Limit: 20, Cursor: second.Previous, Back: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := rowIDs(back.Rows); len(got) != 20 || got[0] != max(want[3], want[50]) {
		t.Errorf("back: %v", got)
	}
}

func TestOversightListFromATime(t *testing.T) {
	f, o := overseen(t, 2)
	list := f.fill(80)
	at := f.clock.now().Add(-220 * time.Hour)
	page, err := o.Conversations(t.Context(), oversight.Filter{Limit: 10, At: at})
	if err != nil {
		t.Fatal(err)
	}
	before := sorted(list, "", func(c conversation) bool { return c.activity.Before(at) })
	if got := rowIDs(page.Rows); !slices.Equal(got, before[:10]) {
		t.Errorf("%v, want %v", got, before[:10])
	}
	newer, err := o.Conversations(t.Context(), oversight.Filter{Limit: 10, Cursor: page.Previous, Back: true})
	if err != nil {
		t.Fatal(err)
	}
	after := sorted(list, "", func(c conversation) bool { return !c.activity.Before(at) })
	if got := rowIDs(newer.Rows); !slices.Equal(got, after[len(after)-10:]) {
		t.Errorf("before: %v, want %v", got, after[len(after)-10:])
	}

	// Ascending it begins with what was active at the time or later.
	up, err := o.Conversations(t.Context(), oversight.Filter{Limit: 10, At: at, Ascending: true})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(after)
	if got := rowIDs(up.Rows); !slices.Equal(got, after[:10]) {
		t.Errorf("ascending: %v, want %v", got, after[:10])
	}
	older, err := o.Conversations(t.Context(), oversight.Filter{Limit: 10, Cursor: up.Previous, Back: true, Ascending: true})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(older.Rows)
	if got := rowIDs(older.Rows); !slices.Equal(got, before[:10]) {
		t.Errorf("ascending, before: %v, want %v from the end", got, before[:10])
	}

	// From a time that nothing is behind it is the first page, also where that is of those that match.
	for _, q := range []oversight.Filter{{}, {Title: "topic 3"}, {Type: messaging.Group}, {Member: f.users[0]}} {
		q.Limit = 10
		first, err := o.Conversations(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		q.At = f.clock.now()
		page, err := o.Conversations(t.Context(), q)
		if err != nil || page.Previous != "" || page.Next != first.Next || !slices.Equal(rowIDs(page.Rows), rowIDs(first.Rows)) {
			t.Errorf("%+v: %v, previous %q, %v; want %v", q, rowIDs(page.Rows), page.Previous, err, rowIDs(first.Rows))
		}
		q.At = f.clock.now().Add(-2400 * time.Hour)
		if page, err := o.Conversations(t.Context(), q); err != nil || page.Previous == "" {
			t.Errorf("%+v: no way back to what is behind it, %v", q, err)
		}
	}
}

// A search that no index serves looks at so many rows, says so, and goes on from there.
func TestOversightListIsBounded(t *testing.T) {
	f, o := overseen(t, 1)
	values := strings.Repeat(", ('group', 'noise', NOW(), 1, NOW())", 1999)
	for range 6 {
		f.Exec(t, `INSERT INTO {p}jt_pro_conversations (type, title, last_message_at, message_count, created_at) VALUES ('group', 'noise', NOW(), 1, NOW())`+values)
	}
	old := f.insert(conversation{kind: messaging.Group, title: "needle", activity: f.clock.now().Add(-time.Hour), messages: 1})
	f.Exec(t, `UPDATE {p}jt_pro_conversations SET last_message_at = ? WHERE title = 'noise'`, f.clock.now())
	q := oversight.Filter{Title: "needle"}
	for i, want := range []int{0, 0, 1} {
		page, err := o.Conversations(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Rows) != want || page.Partial == (want == 1) {
			t.Fatalf("page %d: %v, partial %t", i, rowIDs(page.Rows), page.Partial)
		}
		if want == 1 && page.Rows[0].ID != old.id {
			t.Errorf("found %d, want %d", page.Rows[0].ID, old.id)
		}
		q.Cursor = page.Next
	}
}

func TestOversightBadCursors(t *testing.T) {
	f, o := overseen(t, 1)
	f.fill(20)
	page, err := o.Conversations(t.Context(), oversight.Filter{Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []oversight.Filter{
		{Cursor: "x"}, {Cursor: page.Next + "A"}, {Cursor: page.Next, Sort: oversight.ByMessages}, {Sort: "id"},
		{Cursor: "YWN0aXZpdHkvMScgT1IgMS8x"}, // activity/1' OR 1/1
	} {
		if _, err := o.Conversations(t.Context(), q); err == nil {
			t.Errorf("%+v was taken", q)
		} else if e, ok := messaging.AsError(err); !ok || e.Kind != messaging.Invalid {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// A page is read along an index from where it begins, in every order and both directions: nothing is sorted, so
// that the number of conversations makes no difference.
func TestOversightListIsReadInOrder(t *testing.T) {
	f, _ := overseen(t, 3)
	f.fill(300)
	f.Exec(t, `ANALYZE TABLE {p}jt_pro_conversations`)
	pool, trace := f.Traced(t)
	o := f.storeOn(t, pool).Oversight()
	for key, q := range map[string]oversight.Filter{
		"jts_activity":      {},
		"jts_type_activity": {Type: messaging.Group},
		"jts_count":         {Sort: oversight.ByMessages},
	} {
		for _, q.Ascending = range []bool{false, true} {
			q.Limit, q.Cursor, q.Back = 20, "", false
			looked := 0
			trace.Take()
			for _, back := range []bool{false, false, true, false} {
				page, err := o.Conversations(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if q.Cursor, q.Back = page.Next, back; back {
					q.Cursor = page.Previous
				}
				for _, s := range trace.Take() {
					if !strings.Contains(s.Query, "FORCE INDEX ("+key+")") {
						continue
					}
					looked++
					rows := f.DB.Explain(t, s)
					if len(rows) == 1 && rows[0].Extra == "Impossible WHERE" { // of a column that is never NULL
						continue
					}
					if len(rows) != 1 || rows[0].Key != key || strings.Contains(rows[0].Extra, "filesort") || strings.Contains(rows[0].Extra, "temporary") {
						t.Errorf("%+v, in\n%s", rows, s.Query)
					}
				}
			}
			if looked < 4 {
				t.Errorf("%s, ascending %t: %d statements", key, q.Ascending, looked)
			}
		}
	}
}
