package adminpage

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

func TestList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	people := []oversight.Participant{{Person: one}, {Person: two}, {Person: gone}, {Person: ann}, {Person: mod}}
	s.page = oversight.Page{
		Rows: []oversight.Row{
			{ID: 12, Type: messaging.Group, Title: hostile, Participants: people, MessageCount: 1234, CreatedAt: now.AddDate(0, 0, -1), LastActivity: now, OpenReports: 2, Held: true},
			{ID: 11, Type: messaging.Direct, Participants: people[:2]},
		},
		Next: "abc",
	}
	s.glance = oversight.Glance{Conversations: 2000, ActiveMembers: 17, UnreadShare: 0.125, Pending: 1000, PendingMore: true, Parked: 1, TotalsAsOf: now, DaysAsOf: now.Add(-time.Minute)}
	for i := range 30 {
		s.glance.Days = append(s.glance.Days, oversight.Day{Date: now.Truncate(24*time.Hour).AddDate(0, 0, i-29), Messages: i * 2})
	}
	html := s.shows(t, "list", nil,
		harmless, "Member 1, Member 2", "<td class=\"id column-id\"", "+2", "and 2 more", "Deleted user", "1,234", `title="March 9, 2026 at 9:05 pm">2026/03/09 at 9:05 pm<`,
		"2 open reports", "Legal hold", "2,000", "12.5 %", "1 failed", "1,000 or more", "870 messages sent in the last 30 days (UTC), deleted or not", "the oldest number is of March 9, 2026 at 9:04 pm", "cursor=abc", "March 9, 2026: 58 messages",
		`aria-sort="descending"`, `name="page" value="conversations"`, "wp-list-table widefat fixed striped",
	)
	lacks(t, html, "<script>", `onmouseover="`, "ids=12")
	if n := strings.Count(html, "<title>"); n != 30 {
		t.Errorf("%d days in the chart", n)
	}
	if s.who != (oversight.Visitor{UserID: 1, Login: "admin", Address: "192.0.2.7", Session: "session:1"}) {
		t.Errorf("visitor %+v", s.who)
	}
}

func TestListOfNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shows(t, "list", nil, "Nobody has written a private message yet.", "Some numbers are being counted for the first time.", "<dt>Conversations</dt><dd>–</dd>",
		"<dt>Unread</dt><dd>–</dd>", "<dt>Members who wrote in 30 days</dt><dd>–</dd>", "The messages of the last 30 days are being counted.")
	// Nothing says 0 before it was counted.
	s.glance = oversight.Glance{Conversations: 75, TotalsAsOf: now}
	s.shows(t, "list", nil, "Some numbers are being counted for the first time.", "<dt>Conversations</dt><dd>75</dd>", "<dt>Members who wrote in 30 days</dt><dd>–</dd>")
	s.shows(t, "list", query{"s": "x"}, "No conversation matches.")
	s.page = oversight.Page{Partial: true, Next: "further"}
	s.shows(t, "list", query{"s": "x"}, "Nothing found so far.", "Search on", "cursor=further", "s=x")
	s.page = oversight.Page{Previous: "back"}
	s.shows(t, "list", query{"at": "2001-01-01"}, "There are no conversations before that.", "back=1")
	s.shows(t, "list", query{"at": "2050-01-01", "order": "asc"}, "There are no conversations after that.", "back=1")
	s.shows(t, "list", query{"at": "2001-01-01", "type": "group"}, "There are no conversations before that.", "type=group")
}

func TestFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.page = oversight.Page{Rows: []oversight.Row{{ID: 1}}, Previous: "p", Next: "n"}
	html := s.shows(t, "list", query{
		"member": "member1", "type": "group", "s": "trip", "from": "2026-03-01", "until": "2026-03-08", "orderby": "messages", "cursor": "here", "back": "1",
	}, "cursor=n", "back=1&amp;cursor=p", "member=member1", `value="trip"`)
	zone := time.FixedZone("", 3600)
	want := oversight.Filter{
		Member: 3, Type: messaging.Group, From: time.Date(2026, 3, 1, 0, 0, 0, 0, zone), Until: time.Date(2026, 3, 9, 0, 0, 0, 0, zone),
		Title: "trip", Sort: oversight.ByMessages, Cursor: "here", Back: true,
	}
	if got := s.filter; !got.From.Equal(want.From) || !got.Until.Equal(want.Until) || got.Member != want.Member || got.Type != want.Type ||
		got.Title != want.Title || got.Sort != want.Sort || got.Cursor != want.Cursor || !got.Back {
		t.Errorf("filter %+v, want %+v", got, want)
	}
	lacks(t, html, "At a glance")

	s.calls = nil
	s.shows(t, "list", query{"member": "nobody"}, "There is no member with the login “nobody”.", "No conversation matches.")
	if slices.Contains(s.calls, "list") {
		t.Error("a member whom nobody knows shows everybody's")
	}
	s.shows(t, "list", query{"member": "#5"})
	if s.filter.Member != 5 {
		t.Errorf("member %d", s.filter.Member)
	}
	s.shows(t, "list", query{"type": hostile, "from": "yesterday", "orderby": hostile, "at": "2026-02-28"})
	if s.filter.Type != "" || !s.filter.From.IsZero() || s.filter.Sort != oversight.ByActivity || s.filter.At.Format(time.DateOnly) != "2026-03-01" {
		t.Errorf("filter %+v", s.filter)
	}
}

// The column that the list is sorted by turns it round, the other one begins with the most. Pages and forms keep
// the order.
func TestOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.page = oversight.Page{Rows: []oversight.Row{{ID: 1}}, Previous: "p", Next: "n"}
	const address = "https://example.org/wp-admin/admin.php?"
	head := func(column, classes, sort, order string) string {
		if sort = ` aria-sort="` + sort + `"`; order != "" {
			order += "&amp;"
		}
		if sort == ` aria-sort=""` {
			sort = ""
		}
		return `<th scope="col" id="` + column + `" class="manage-column column-` + column + " " + classes + `"` + sort + `><a href="` + address + order + `page=conversations&amp;s=x">`
	}
	for _, c := range []struct {
		asked              query
		by                 oversight.Sort
		ascending          bool
		messages, activity string
		place              string
	}{
		{query{}, oversight.ByActivity, false,
			head("messages", "sortable asc", "", "orderby=messages"), head("activity", "sorted desc", "descending", "order=asc"), "?cursor=n&amp;page="},
		{query{"order": "asc"}, oversight.ByActivity, true,
			head("messages", "sortable asc", "", "orderby=messages"), head("activity", "sorted asc", "ascending", ""), "?cursor=n&amp;order=asc&amp;page="},
		{query{"orderby": "messages", "order": "desc"}, oversight.ByMessages, false,
			head("messages", "sorted desc", "descending", "order=asc&amp;orderby=messages"), head("activity", "sortable asc", "", ""), "?cursor=n&amp;orderby=messages&amp;page="},
		{query{"orderby": "messages", "order": "asc"}, oversight.ByMessages, true,
			head("messages", "sorted asc", "ascending", "orderby=messages"), head("activity", "sortable asc", "", ""), "?cursor=n&amp;order=asc&amp;orderby=messages&amp;page="},
		// Only activity has dates.
		{query{"orderby": "messages", "order": "asc", "at": "2026-03-01"}, oversight.ByActivity, false,
			head("messages", "sortable asc", "", "orderby=messages"), head("activity", "sorted desc", "descending", "order=asc"), "?cursor=n&amp;page="},
		{query{"orderby": hostile, "order": hostile}, oversight.ByActivity, false,
			head("messages", "sortable asc", "", "orderby=messages"), head("activity", "sorted desc", "descending", "order=asc"), "?cursor=n&amp;page="},
	} {
		c.asked["s"] = "x"
		html := s.shows(t, "list", c.asked, c.messages, c.activity, c.place)
		if s.filter.Sort != c.by || s.filter.Ascending != c.ascending {
			t.Errorf("%v: by %s, ascending %t", c.asked, s.filter.Sort, s.filter.Ascending)
		}
		if got := strings.Contains(html, `<input type="hidden" name="orderby" value="messages">`); got != (c.by == oversight.ByMessages) {
			t.Errorf("%v: the form keeps its column: %t", c.asked, got)
		}
		if got := strings.Contains(html, `<input type="hidden" name="order" value="asc">`); got != c.ascending {
			t.Errorf("%v: the form keeps its order: %t", c.asked, got)
		}
	}
	// A day begins where the list comes from.
	for order, want := range map[string]string{"": "2026-03-02", "asc": "2026-03-01"} {
		s.shows(t, "list", query{"at": "2026-03-01", "order": order})
		if got := s.filter.At.Format(time.DateOnly); got != want {
			t.Errorf("from 2026-03-01 %s: %s, want %s", order, got, want)
		}
	}
}

// What is chosen above the list counts with the button there, and so below it; nothing chosen is the list.
func TestBulk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.page = oversight.Page{Rows: []oversight.Row{{ID: 7}}}
	s.previews = []oversight.Preview{{ID: 7, Title: "Trip"}}
	const list, question = `<tr id="conversation-7">`, "Permanently delete this conversation for all participants?"
	for _, c := range []struct {
		view  string
		asked query
		want  string
	}{
		{"bulk", query{"bulk": "purge"}, question}, {"bulk2", query{"bulk2": "purge"}, question},
		{"bulk", query{"bulk2": "purge"}, list}, {"bulk2", query{"bulk": "purge", "bulk2": ""}, list},
		{"bulk", query{"bulk": hostile}, list}, {"list", query{"bulk": "purge", "bulk2": "purge"}, list},
	} {
		c.asked["ids"] = []string{"7"}
		s.shows(t, c.view, c.asked, c.want)
	}
	lacks(t, s.shows(t, "bulk", query{"bulk": "purge"}, "No conversation is selected."), question)
}

// Who looks for "0" looks for it on the next page, too; the number 0 is no conversation and no user.
func TestLinksKeepAZeroThatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.page = oversight.Page{Rows: []oversight.Row{{ID: 1}}, Next: "n"}
	s.shows(t, "list", query{"s": "0"}, "cursor=n&amp;page=conversations&amp;s=0")
	s.detail, s.given = oversight.Detail{Row: oversight.Row{ID: 7}}, &oversight.Given{Reason: oversight.ReasonCourt}
	s.thread = oversight.Thread{Older: 5}
	s.shows(t, "detail", query{"id": "7", "q": "0"}, "before=5&amp;id=7&amp;page=conversations&amp;q=0")
	s.next = 3
	lacks(t, s.shows(t, "log", query{"user": "member1"}, "before=3&amp;page=conversations&amp;user=member1"), "conversation=0")
}
