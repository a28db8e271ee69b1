package restapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/messaging"
)

func TestReport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member2", member1)
	s.post("member2", path+"/messages", `{"content":"worse"}`).status(http.StatusCreated)
	report := path + "/report"

	r := s.post("member1", report, `{"message_id":1,"reason":"harassment","note":"  again  "}`).status(http.StatusCreated).
		is("id", 1).is("conversation_id", 1).is("message_id", 1).is("success", true).is("data.id", 1).is("data.conversation_id", 1).is("data.message_id", 1)
	if got := s.store.reports[0]; got.Reporter != member1 || got.Reason != messaging.ReportHarassment || got.Note != "again" {
		t.Errorf("kept %+v", got)
	}
	// The same while it is open is that report; another message, and the conversation, are others.
	if again := s.post("member1", report, `{"message_id":"msg_1","reason":"spam"}`).status(http.StatusOK); again.Body.String() != r.Body.String() {
		t.Errorf("again %s, first %s", again.Body, r.Body)
	}
	s.post("member1", report, `{"message_id":2,"reason":"spam"}`).status(http.StatusCreated).is("id", 2)
	s.post("member1", report, `{"reason":"threat"}`).status(http.StatusCreated).is("id", 3).is("message_id", nil).is("data.message_id", nil)
	s.send(request{login: "member1", method: "POST", path: report, body: `{"message_id":null,"reason":"threat"}`, loose: true}).status(http.StatusOK).is("id", 3)

	// What is not there, and what is one's own.
	s.post("member2", report, `{"message_id":1,"reason":"spam"}`).refusedParam("message_id")
	s.post("member2", report, `{"reason":"spam"}`).refusedParam("message_id")
	s.post("member1", report, `{"message_id":99,"reason":"spam"}`).refusedParam("message_id")
	s.post("member3", report, `{"reason":"spam"}`).refused(http.StatusForbidden, "jetonomy_forbidden")
}

func TestReportSpellings(t *testing.T) {
	t.Parallel()
	for _, note := range []string{"note", "details"} {
		s := newSite(t)
		report := s.direct("member2", member1) + "/report"
		for _, reason := range messaging.ReportReasons {
			s.post("member1", report, fmt.Sprintf(`{"reason":%q,%q:"why"}`, reason, note))
		}
		if len(s.store.reports) != 1 || s.store.reports[0].Note != "why" {
			t.Errorf("kept %+v", s.store.reports)
		}
		s.send(request{login: "member1", method: "POST", path: report, form: url.Values{"message_id": {"1"}, "reason": {"other"}, note: {"a & b"}}}).status(http.StatusCreated)
		if got := s.store.reports[1].Note; got != "a & b" {
			t.Errorf("the form's note is %q", got)
		}
		for _, value := range []string{`7`, `["x"]`, `true`, `"` + strings.Repeat("ä", messaging.MaxReportNote+1) + `"`, `"a\u0000"`} {
			s.post("member1", report, fmt.Sprintf(`{"reason":"spam",%q:%s}`, note, value)).refusedParam(note)
		}
		s.post("member1", report, fmt.Sprintf(`{"reason":"other",%q:"  "}`, note)).refusedParam(note)
		s.post("member1", report, fmt.Sprintf(`{"reason":"spam",%q:%q}`, note, strings.Repeat("ä", messaging.MaxReportNote))).status(http.StatusOK)
	}
	s := newSite(t)
	report := s.direct("member2", member1) + "/report"
	s.post("member1", report, `{"reason":"other"}`).refusedParam("note")
	s.post("member1", report, `{"reason":"spam","note":"a","details":"b"}`).refusedParam("details")
	for _, body := range []string{``, `{}`, `{"reason":"boring"}`, `{"reason":""}`, `{"reason":7}`, `{"reason":["spam"]}`, `{"reason":"SPAM"}`} {
		s.post("member1", report, body).refusedParam("reason")
	}
	for _, id := range []string{`"x"`, `-1`, `1.5`, `[1]`, `true`, `18446744073709551616`} {
		s.post("member1", report, fmt.Sprintf(`{"reason":"spam","message_id":%s}`, id)).refusedParam("message_id")
	}
	if len(s.store.reports) != 0 {
		t.Errorf("kept %+v", s.store.reports)
	}
}

func TestReportIsRepeatable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	report := s.direct("member2", member1) + "/report"
	do := func(body string) response {
		return s.send(request{login: "member1", method: "POST", path: report, body: body, header: http.Header{"Idempotency-Key": {"k"}}})
	}
	first := do(`{"message_id":1,"reason":"spam","note":"n"}`).status(http.StatusCreated)
	s.limits.wait = 17 // what was done before is told all the same
	again := do(`{"message_id":"1","reason":"spam","details":" n "}`).status(http.StatusCreated)
	if again.Body.String() != first.Body.String() || again.Header().Get("Idempotent-Replayed") != "true" || first.Header().Get("Idempotent-Replayed") != "" {
		t.Errorf("first %v %s, again %v %s", first.Header(), first.Body, again.Header(), again.Body)
	}
	do(`{"message_id":1,"reason":"threat"}`).refused(http.StatusConflict, "jetonomy_idempotency_conflict")
	r := s.post("member1", report, `{"reason":"spam"}`).refused(http.StatusTooManyRequests, "jetonomy_rate_limited").is("data.retry_after", 17)
	if got := r.Header().Get("Retry-After"); got != "17" {
		t.Errorf("Retry-After %q", got)
	}
}

// Whoever may be written to can report it; who is banned cannot.
func TestWhoMayReport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	report := s.direct("member1", newcomer) + "/report"
	s.post("newcomer", report, `{"reason":"spam"}`).status(http.StatusCreated)
	s.change(newcomer, func(m *messaging.Member) { m.Silenced = true })
	s.post("newcomer", report, `{"reason":"spam","message_id":1}`).status(http.StatusCreated)
	s.change(newcomer, func(m *messaging.Member) { m.Banned = true })
	s.post("newcomer", report, `{"reason":"spam"}`).refused(http.StatusForbidden, "jetonomy_user_banned")
	s.change(newcomer, func(m *messaging.Member) { m.Banned, m.PendingVerification = false, true })
	s.post("newcomer", report, `{"reason":"spam"}`).refused(http.StatusForbidden, "jetonomy_pending_verification")
}

// The reported member, and everybody else in the conversation, see what they saw before.
func TestReportIsSeenByNobody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.group()
	paths := []string{path, "/conversations?filter=all", "/conversations/unread-count", path + "/messages?mark_read=false", "/messaging/recipient-suggestions?q=member"}
	see := func() map[string]string {
		seen := map[string]string{}
		for _, login := range []string{"member1", "member2", "member3", "moderator"} {
			for _, p := range paths {
				seen[login+" "+p] = s.get(login, p).Body.String()
			}
		}
		return seen
	}
	before := see()
	s.post("member2", path+"/report", `{"message_id":1,"reason":"threat","note":"canary"}`).status(http.StatusCreated)
	if diff := cmp.Diff(before, see()); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	// Nor do they see it when they report something of the same conversation, or the same message.
	if r := s.post("member3", path+"/report", `{"message_id":1,"reason":"threat"}`).status(http.StatusCreated); strings.Contains(r.Body.String(), "canary") {
		t.Errorf("member3 is told %s", r.Body)
	}
	r := s.post("member3", path+"/report", `{"reason":"spam"}`)
	var fields map[string]any
	if err := json.Unmarshal(r.Body.Bytes(), &fields); err != nil {
		t.Fatal(err)
	}
	if got, want := slices.Sorted(maps.Keys(fields)), []string{"conversation_id", "data", "id", "message_id", "success"}; !slices.Equal(got, want) {
		t.Errorf("fields %q, want %q", got, want)
	}
}
