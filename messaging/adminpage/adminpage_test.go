package adminpage

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

const hostile = `<script>alert(1)</script>" onmouseover="x`

// harmless is how hostile looks in HTML.
const harmless = `&lt;script&gt;alert(1)&lt;/script&gt;&#34; onmouseover=&#34;x`

func TestEachRole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.detail = oversight.Detail{Row: oversight.Row{ID: 7}}
	s.reports.report = oversight.Report{ID: 9, Decision: oversight.Open}
	type attempt struct {
		path, page string
		form       query
	}
	forAll := []attempt{{"/page", "reports", nil}, {"/page", "report", nil}, {"/page", "count", nil}, {"/page", "reports", query{"task": "decide", "decision": "dismissed"}}}
	forAdministrators := []attempt{
		{"/page", "list", nil}, {"/page", "bulk", nil}, {"/page", "bulk2", nil}, {"/page", "detail", nil}, {"/page", "purge", nil}, {"/page", "member", nil}, {"/page", "log", nil},
		{"/page", "detail", query{"task": "open", "reason": "court_order"}}, {"/page", "detail", query{"task": "hold", "hold_reason": "x"}},
		{"/page", "detail", query{"task": "release"}}, {"/page", "purge", query{"task": "purge", "ids": "7", "reason": "court_order"}},
		{"/page", "member", query{"task": "purge_member", "reason": "court_order"}},
		// A moderator's view with an administrator's form.
		{"/page", "reports", query{"task": "purge", "ids": "7", "reason": "court_order"}},
		{"/export", "", query{"task": "export", "format": "csv"}}, {"/export", "", query{"task": "export_member", "format": "csv"}},
	}
	q := query{"id": "7", "user": "3", "ids": "7"}
	for role, want := range map[string][2]int{
		"admin": {200, 200}, "moderator": {200, 403}, "member": {403, 403}, "": {401, 401}, "of-another-site": {401, 401}, "unsigned": {404, 404},
	} {
		for i, list := range [][]attempt{forAll, forAdministrators} {
			for _, a := range list {
				before := len(s.calls) + len(s.reports.asked)
				w, _ := s.call(t, a.path, role, a.page, q, a.form)
				if w.Code != want[i] {
					t.Errorf("%q, %s %s %v: %d %s, want %d", role, a.path, a.page, a.form, w.Code, w.Body, want[i])
				}
				if want[i] != 200 && len(s.calls)+len(s.reports.asked) != before {
					t.Errorf("%q, %s %s %v: did %v", role, a.path, a.page, a.form, s.calls[before:])
				}
			}
		}
	}
	if n := len(forAll) + len(forAdministrators); len(s.unsigned) != n {
		t.Errorf("%d calls without a signature were noted, want %d", len(s.unsigned), n)
	}
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		r, err := http.NewRequest(method, "http://localhost"+Prefix+"/page", nil)
		if err != nil {
			t.Fatal(err)
		}
		w := newRecorder(s, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}

func TestTheFirstViewIsThatOfTheRole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.reports.open = 3
	_, a := s.ask(t, "admin", "", nil, nil)
	contains(t, a.HTML, "<h1 class=\"wp-heading-inline\">Conversations</h1>", "Access log", `<span class="count">(3)</span>`)
	if a.OpenReports != 3 {
		t.Errorf("%d open reports", a.OpenReports)
	}
	_, a = s.ask(t, "moderator", "", nil, nil)
	contains(t, a.HTML, "<h1 class=\"wp-heading-inline\">Reports</h1>")
	lacks(t, a.HTML, "Access log", "view=log")
}

func TestARefusalIsAPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, c := range []struct {
		err    error
		status int
		text   string
	}{
		{messaging.ErrNotFound, 404, "This does not exist, or not any more."},
		{messaging.InvalidParam("cursor", "x"), 400, "This link to a page of the list is not valid any more."},
		{messaging.InvalidParam("sort", "Sort by "+hostile), 400, "Sort by " + harmless},
	} {
		s.err = c.err
		w, a := s.ask(t, "admin", "list", nil, nil)
		if w.Code != 200 || a.Status != c.status {
			t.Errorf("%v: %d, %d", c.err, w.Code, a.Status)
		}
		contains(t, a.HTML, c.text, `role="alert"`)
	}
	s.err = nil
	if _, a := s.ask(t, "admin", "no-such-view", nil, nil); a.Status != 404 {
		t.Errorf("no such view: %d", a.Status)
	}
	s.err = errors.New("the database is away")
	w, _ := s.ask(t, "admin", "list", nil, nil)
	if w.Code != 500 || strings.Contains(w.Body.String(), "away") || len(s.logged) != 1 {
		t.Errorf("%d %s, logged %v", w.Code, w.Body, s.logged)
	}
	s.err = context.DeadlineExceeded
	if w, _ := s.ask(t, "admin", "list", nil, nil); w.Code != 503 {
		t.Errorf("late: %d", w.Code)
	}
}

func TestDetailAsksForAReason(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.detail = oversight.Detail{Row: oversight.Row{
		ID: 7, Title: hostile, Participants: []oversight.Participant{{Person: one, JoinedAt: now}, {Person: gone, JoinedAt: now, LeftAt: now.AddDate(0, 0, 2)}},
	}, CreatedBy: one}
	html := s.shows(t, "detail", query{"id": "7"}, "Why do you open this conversation?", harmless, "2 participants", "Left March 11, 2026", "Court order", `value="a1b2c3"`)
	lacks(t, html, "<script>", "Export as JSON")
	if slices.Contains(s.calls, "thread 7") {
		t.Error("the thread was opened without a reason")
	}

	_, a := s.ask(t, "admin", "detail", query{"id": "7"}, query{"task": "open", "reason": "court_order", "note": "Case 12"})
	if a.Redirect["view"] != "detail" || a.Redirect["id"] != "7" || !slices.Contains(s.calls, "visit 7 court_order Case 12") {
		t.Errorf("%v, %v", a.Redirect, s.calls)
	}
	// The reason ran out in the middle of a thread: the way leads back to the same place.
	place := query{"id": "7", "q": "emoji", "before": "31", "at": "2026-03-01", "text": "30"}
	s.shows(t, "detail", place, `action="https://example.org/wp-admin/admin.php?at=2026-03-01&amp;before=31&amp;id=7&amp;page=conversations&amp;q=emoji&amp;text=30&amp;view=detail"`)
	if _, a = s.ask(t, "admin", "detail", place, query{"task": "open", "reason": "court_order"}); a.Redirect["q"] != "emoji" || a.Redirect["before"] != "31" || a.Redirect["text"] != "30" {
		t.Errorf("%v", a.Redirect)
	}
	s.err = messaging.InvalidParam("note", "Say in words what the reason is.")
	w, _ := s.ask(t, "admin", "detail", query{"id": "7"}, query{"task": "open", "reason": "other"})
	if w.Code != 200 {
		t.Errorf("a refused reason: %d %s", w.Code, w.Body)
	}
}

func TestThread(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.detail = oversight.Detail{Row: oversight.Row{ID: 7}, Hold: &oversight.Hold{Since: now, By: 1, Reason: hostile}}
	s.given = &oversight.Given{Reason: oversight.ReasonCourt, Note: hostile}
	s.thread = oversight.Thread{
		Messages: []oversight.Message{
			{ID: 31, Sender: one, Excerpt: hostile, Cut: true, SentAt: now}, {ID: 30, Sender: gone, Excerpt: "before", SentAt: now},
			{ID: 29, Sender: one, Excerpt: "joined", IsSystem: true, SentAt: now},
		},
		Older: 29, Newer: 31,
	}
	page := s.shows(t, "detail", query{"id": "7", "q": "be"},
		harmless+"…", "Deleted user", "Your reason: Court order.", "before=29", "after=31", "q=be", "text=31&amp;view=detail#message-31", "Since March 9, 2026 at 9:05 pm, by Admin.", "Export as CSV", "Lift the hold",
	)
	lacks(t, page, "<script>", "view=purge")
	if s.asked.Text != "be" {
		t.Errorf("asked for %+v", s.asked)
	}
	s.text = "all of " + hostile
	page = s.shows(t, "detail", query{"id": "7", "text": "31", "before": "40", "at": "2026-03-08"}, "all of "+harmless)
	lacks(t, page, "Show the whole text")
	if !slices.Contains(s.calls, "text 7 31") || s.asked.Before != 40 || s.asked.At.Format(time.DateOnly) != "2026-03-09" {
		t.Errorf("%v, asked for %+v", s.calls, s.asked)
	}
	s.thread = oversight.Thread{Partial: true, Older: 5}
	s.shows(t, "detail", query{"id": "7", "q": "x"}, "Nothing found so far.", "go on to the older ones", "before=5")
	s.thread = oversight.Thread{}
	s.shows(t, "detail", query{"id": "7", "q": "x"}, "No message matches.")
	lacks(t, s.shows(t, "detail", query{"id": "7", "at": "2050-01-01"}, "Nothing was written here yet."), ">Newest<")
	s.thread = oversight.Thread{Newer: 30}
	s.shows(t, "detail", query{"id": "7", "at": "2001-01-01"}, "There are no messages before that.", ">Newest<")
}

func TestHold(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for task, want := range map[string]string{"hold": "hold 7 true Case 12", "release": "hold 7 false "} {
		form := query{"task": task}
		if task == "hold" {
			form["hold_reason"] = "Case 12"
		}
		_, a := s.ask(t, "admin", "detail", query{"id": "7"}, form)
		if a.Redirect["id"] != "7" || !slices.Contains(s.calls, want) {
			t.Errorf("%s: %v, %v", task, a.Redirect, s.calls)
		}
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.previews = []oversight.Preview{{ID: 7, Title: hostile, Messages: 3, People: []messaging.Person{one, gone}}}
	html := s.shows(t, "purge", query{"ids": "7"}, "Permanently delete this conversation for all participants?", harmless, "3 messages go", "Deleted user", `name="reason"`,
		`<tr class="is-expanded">`) // whom it is taken from is seen on a phone too
	lacks(t, html, "<script>")
	s.given = &oversight.Given{Reason: oversight.ReasonCourt}
	lacks(t, s.shows(t, "purge", query{"ids": "7"}, "Your reason: Court order."), `name="reason"`)
	s.shows(t, "purge", nil, "No conversation is selected.")

	_, a := s.ask(t, "admin", "purge", query{"ids": "7"}, query{"task": "purge", "ids": "7"})
	if a.Redirect["done"] != "purged" || a.Redirect["count"] != "1" || !slices.Equal(s.purged, []uint64{7}) {
		t.Errorf("%v, %v", a.Redirect, s.purged)
	}
	s.shows(t, "list", query{"done": "purged", "count": "1", "held": "0"}, "Conversation purged")
	s.shows(t, "list", query{"done": "purged", "count": "12", "held": "1"}, "12 conversations purged", "1 conversation is under a legal hold and was left.")

	// The list that one came from, with its filter, is what one comes back to.
	filter := query{"ids": "7", "member": "member1", "s": "0", "type": "group", "from": "2026-03-01", "orderby": "messages", "order": "asc", "cursor": "abc"}
	const back = "from=2026-03-01&amp;member=member1&amp;order=asc&amp;orderby=messages&amp;page=conversations&amp;s=0&amp;type=group"
	s.shows(t, "purge", filter, `admin.php?`+back+`">Cancel`, `action="https://example.org/wp-admin/admin.php?from=2026-03-01&amp;ids=7&amp;member=member1`)
	if _, a = s.ask(t, "admin", "purge", filter, query{"task": "purge", "ids": "7"}); a.Redirect["member"] != "member1" || a.Redirect["s"] != "0" || a.Redirect["order"] != "asc" {
		t.Errorf("%v", a.Redirect)
	}
	s.purged = s.purged[:1]

	// What is held is not among what is asked about.
	s.previews = append(s.previews, oversight.Preview{ID: 8, Messages: 100, Held: true, People: []messaging.Person{one}})
	s.shows(t, "purge", query{"ids": "7,8"}, "Permanently delete this conversation for all participants?", "3 messages go", "1 conversation is under a legal hold and stays.", "Cancel")

	s.held = map[uint64]bool{8: true}
	s.previews[0].Held = true
	lacks(t, s.shows(t, "purge", query{"ids": "7,8"}, "2 conversations are under a legal hold and stay."), "Permanently delete", "messages go", "jetonomy-sidecar-danger")
	_, a = s.ask(t, "admin", "purge", query{"ids": "8"}, query{"task": "purge", "ids": "8", "reason": "court_order"})
	if a.Status != 409 {
		t.Errorf("held: %d", a.Status)
	}
	contains(t, a.HTML, "This conversation is under a legal hold. Lift the hold first.")
	if _, a = s.ask(t, "admin", "purge", query{"ids": "1,2"}, query{"task": "purge", "ids": "1,2"}); a.Status != 403 || len(s.purged) != 1 {
		t.Errorf("many without a reason: %d, %v", a.Status, s.purged)
	}
}

// A purge of many goes on form by form, leaves what is held, and ends on the list.
func TestPurgeOfMany(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.held = map[uint64]bool{3: true, 44: true}
	var ids []string
	for id := 1; id <= 45; id++ {
		ids = append(ids, fmt.Sprint(id))
	}
	s.ofMember = make([]uint64, 45)
	for i := range s.ofMember {
		s.ofMember[i] = uint64(i + 1)
	}
	for page, form := range map[string]query{
		"purge":  {"task": "purge", "ids": strings.Join(ids, ","), "reason": "court_order", "note": hostile},
		"member": {"task": "purge_member", "reason": "court_order", "note": hostile},
	} {
		s.purged = nil
		steps := 0
		for {
			_, a := s.ask(t, "admin", page, query{"user": "3"}, form)
			if steps++; steps > 5 {
				t.Fatalf("%s: does not end", page)
			}
			if a.Redirect != nil {
				if a.Redirect["count"] != "43" || a.Redirect["held"] != "2" {
					t.Errorf("%s: %v", page, a.Redirect)
				}
				break
			}
			contains(t, a.HTML, "Continue", "data-jetonomy-sidecar-continue", harmless)
			lacks(t, a.HTML, "<script>")
			form = query{}
			for _, m := range regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`).FindAllStringSubmatch(a.HTML, -1) {
				form[m[1]] = html.UnescapeString(m[2])
			}
		}
		if steps != 3 || len(s.purged) != 43 {
			t.Errorf("%s: %d steps, %d purged", page, steps, len(s.purged))
		}
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shows(t, "member", query{"user": "3"}, "Conversations of Member 1", "This member has no conversations.", "member=member1")
	if !slices.Contains(s.calls, "member 3") || s.who.UserID != ann.ID || s.who.Address != "192.0.2.7" {
		t.Errorf("%v by %+v", s.calls, s.who) // what is logged
	}
	s.ofMember, s.previews = []uint64{7, 8}, []oversight.Preview{{ID: 7, Title: hostile}, {ID: 8, Held: true}}
	lacks(t, s.shows(t, "member", query{"user": "99"}, "Conversations of Deleted user (99)", harmless, "1 conversation is under a legal hold and stays.", "member=%2399"), "<script>")
	s.shows(t, "member", query{"user": "3"}, "<strong>1 conversation is deleted for all participants.</strong> 0 messages go", "Delete all permanently")
	s.previews[0].Held = true
	lacks(t, s.shows(t, "member", query{"user": "3"}, "2 conversations are under a legal hold and stay."), "Delete all permanently", "deleted for all participants")
	if _, a := s.ask(t, "admin", "member", nil, nil); a.Status != 404 {
		t.Errorf("nobody: %d", a.Status)
	}
	if _, a := s.ask(t, "admin", "member", query{"user": "3"}, query{"task": "purge_member"}); a.Status != 403 || len(s.purged) != 0 {
		t.Errorf("without a reason: %d %v", a.Status, s.purged)
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	report := oversight.Report{
		ID: 9, ConversationID: 7, Reporter: messaging.Person{ID: 4, Login: "member2", DisplayName: hostile}, Members: []messaging.Person{one}, Reason: messaging.ReportThreat,
		Note: "note " + hostile, CreatedAt: now, Decision: oversight.Open,
	}
	s.reports.list, s.reports.next = []oversight.Report{report}, 9
	html := s.shows(t, "reports", nil, harmless, "Member 1", "Threat", "A message", "before=9", "Review")
	lacks(t, html, "<script>")
	s.reports.list = nil
	s.shows(t, "reports", nil, "There is nothing to review.")
	s.shows(t, "reports", query{"closed": "1"}, "No report was closed yet.")
	if !slices.Equal(s.reports.asked, []bool{true, true, false}) {
		t.Errorf("asked for %v", s.reports.asked)
	}
	closed := report
	closed.Decision, closed.SilenceDays, closed.DecidedBy, closed.DecidedAt = oversight.Silenced, 7, mod, now
	s.reports.list = []oversight.Report{closed}
	s.shows(t, "reports", query{"closed": "1"}, "Silenced for 7 days", "Moderator, March 9, 2026 at 9:05 pm")

	s.reports.report = report
	s.reports.sealed = []oversight.Sealed{{Sender: two, Text: "before"}, {Sender: one, Text: "text " + hostile, Reported: true, SentAt: now}}
	_, a := s.ask(t, "moderator", "report", query{"id": "9"}, nil)
	contains(t, a.HTML, "text "+harmless, "note "+harmless, ">Reported<", "Dismiss", "Warn", "until somebody lifts it")
	lacks(t, a.HTML, "<script>", "view=detail", `name="member"`)
	s.shows(t, "report", query{"id": "9"}, "view=detail")
	s.reports.report, s.reports.sealed = closed, nil
	lacks(t, s.shows(t, "report", query{"id": "9"}, "The texts were deleted some time after the decision."), "name=\"decision\"")
	if _, a := s.ask(t, "moderator", "report", query{"id": "10"}, nil); a.Status != 404 {
		t.Errorf("no such report: %d", a.Status)
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.reports.report = oversight.Report{ID: 9, Decision: oversight.Open}
	for _, c := range []struct {
		form query
		want oversight.Ruling
	}{
		{query{"decision": "dismissed", "days": "7"}, oversight.Ruling{Decision: oversight.Dismissed}},
		{query{"decision": "warned"}, oversight.Ruling{Decision: oversight.Warned}},
		{query{"decision": "silenced", "days": "7"}, oversight.Ruling{Decision: oversight.Silenced, SilenceDays: 7}},
		{query{"decision": "warned", "member": "3"}, oversight.Ruling{Decision: oversight.Warned, Member: 3}},
		{query{"decision": "silenced", "days": "0"}, oversight.Ruling{Decision: oversight.Silenced}},
	} {
		c.form["task"] = "decide"
		_, a := s.ask(t, "moderator", "report", query{"id": "9"}, c.form)
		if s.reports.ruling != c.want || a.Redirect["done"] != string(c.want.Decision) || a.Redirect["view"] != "reports" {
			t.Errorf("%v: %+v, %v", c.form, s.reports.ruling, a.Redirect)
		}
		s.shows(t, "reports", query{"done": a.Redirect["done"]}, "notice-success")
	}
	if _, a := s.ask(t, "moderator", "report", query{"id": "9"}, query{"task": "decide", "decision": "silenced"}); a.Status != 400 {
		t.Errorf("silenced for no time: %d", a.Status)
	}
	s.reports.decided = false
	if _, a := s.ask(t, "moderator", "report", query{"id": "9"}, query{"task": "decide", "decision": "warned"}); a.Redirect["done"] != "decided-before" {
		t.Errorf("decided before: %v", a.Redirect)
	}
	s.reports.err = oversight.ErrSilenceAdmin
	_, a := s.ask(t, "moderator", "report", query{"id": "9"}, query{"task": "decide", "decision": "silenced", "days": "1"})
	if a.Status != 403 {
		t.Errorf("an administrator: %d", a.Status)
	}
	contains(t, a.HTML, "Administrators cannot be silenced.")
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shows(t, "log", nil, "Nobody has looked at anything yet.")
	for i, action := range actions {
		s.entries = append(s.entries, oversight.Entry{ID: uint64(100 - i), At: now, UserID: uint64(i), Login: "login", Address: "192.0.2.7", Action: action, ConversationID: 7, MemberID: 99, Reason: oversight.ReasonCourt, Note: hostile})
	}
	s.next = 90
	html := s.shows(t, "log", query{"user": "member1", "conversation": "7", "before": "101"},
		"Opened", "Deleted by retention", "The service itself", "Admin", "Deleted user (99)", harmless, "Conversation 7", "000000000000…", "before=90", "user=member1", "conversation=7", "Row 100")
	lacks(t, html, "<script>", "action_")
	if s.log != (oversight.LogFilter{UserID: 3, ConversationID: 7, Before: 101}) {
		t.Errorf("filter %+v", s.log)
	}
	for _, c := range []struct {
		found oversight.Verified
		text  string
	}{
		{oversight.Verified{}, "The log is empty."},
		{oversight.Verified{Rows: 12, Newest: 12, Head: [32]byte{0xab}}, "12 rows, unchanged; the newest is 12:ab00"},
		{oversight.Verified{Rows: 5, IsBroken: true, Broken: 6}, "row 6 is not as it was written"},
		{oversight.Verified{Rows: 5, Newest: 5, Cut: true}, "rows behind row 5 are missing"},
	} {
		s.verified = c.found
		s.shows(t, "log", query{"verify": "1"}, c.text)
	}
	s.calls = nil
	s.shows(t, "log", query{"user": "nobody"}, "There is no member with the login “nobody”.")
	if slices.Contains(s.calls, "entries") {
		t.Error("somebody whom nobody knows shows everybody's")
	}
}
