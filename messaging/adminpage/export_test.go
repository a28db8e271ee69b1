package adminpage

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

func TestExport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.export = "id\n1\n"
	w, _ := s.call(t, "/export", "admin", "", query{"id": "7"}, query{"task": "export", "format": "csv"})
	if w.Code != 200 || w.Body.String() != s.export || w.Header().Get("Content-Disposition") != `attachment; filename="conversation-7.csv"` || w.Header().Get("Content-Type") != "text/csv; charset=UTF-8" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	w, _ = s.call(t, "/export", "admin", "", query{"user": "3"}, query{"task": "export_member", "format": "json", "reason": "privacy_request"})
	if w.Code != 200 || w.Header().Get("Content-Disposition") != `attachment; filename="member-3.json"` || !slices.Contains(s.calls, "export member 3 privacy_request") {
		t.Errorf("%d %v %v", w.Code, w.Header(), s.calls)
	}
	// What breaks behind the first byte breaks off.
	s.err = errors.New("the database is away")
	func() {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				t.Errorf("ended with %v", p)
			}
		}()
		s.call(t, "/export", "admin", "", query{"id": "7"}, query{"task": "export", "format": "csv"})
	}()
}

// What is refused of an export is said where its form is, which keeps what was chosen.
func TestRefusedExport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.reports.open = 3
	s.ofMember, s.previews = []uint64{7}, []oversight.Preview{{ID: 7}}
	s.refusal = messaging.InvalidParam("note", "Say in words what the reason is.")
	w, a := s.call(t, "/export", "admin", "member", query{"user": "3"}, query{"task": "export_member", "format": "csv", "reason": "other"})
	if w.Code != 400 || a.Status != 400 || a.Title != "Conversations of Member 1" || a.OpenReports != 3 || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d, %d %q %v", w.Code, a.Status, a.Title, w.Header())
	}
	contains(t, a.HTML, `role="alert"><p>Say in words why. At most 500 characters are kept.`, "nav-tab-active", "Export as JSON")
	if export, purge, found := strings.Cut(a.HTML, `id="delete"`); !found || !strings.Contains(export, `<option value="other" selected>`) || strings.Contains(purge, "selected") {
		t.Errorf("the form that was sent keeps its reason, and no other: %s", a.HTML)
	}

	// A visit is over: the view asks for a reason.
	s.detail, s.refusal = oversight.Detail{Row: oversight.Row{ID: 7}}, oversight.ErrReasonNeeded
	w, a = s.call(t, "/export", "admin", "detail", query{"id": "7"}, query{"task": "export", "format": "csv"})
	if w.Code != 403 || a.Status != 403 {
		t.Errorf("a visit that is over: %d, %d", w.Code, a.Status)
	}
	contains(t, a.HTML, "Say first why.", "Why do you open this conversation?")

	// So is the conversation.
	s.refusal = messaging.ErrNotFound
	w, a = s.call(t, "/export", "admin", "detail", query{"id": "8"}, query{"task": "export", "format": "csv"})
	if w.Code != 404 || a.Status != 404 {
		t.Errorf("a conversation that is gone: %d, %d", w.Code, a.Status)
	}
	if n := strings.Count(a.HTML, "This does not exist, or not any more."); n != 1 {
		t.Errorf("said %d times", n)
	}

	s.refusal = errors.New("the database is away")
	if w, a = s.call(t, "/export", "admin", "detail", query{"id": "7"}, query{"task": "export", "format": "csv"}); w.Code != 500 || a.HTML != "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w, a = s.call(t, "/export", "moderator", "reports", query{"id": "7"}, query{"task": "export", "format": "csv"}); w.Code != 403 || a.HTML != "" {
		t.Errorf("a moderator: %d %s", w.Code, w.Body)
	}
}
