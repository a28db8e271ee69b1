package adminpage

import (
	"testing"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// A report that is about several asks whom a decision concerns, and shows them all until then.
func TestReportAboutSeveral(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	people := []messaging.Person{one, {ID: 4, Login: "member2", DisplayName: hostile}, gone}
	report := oversight.Report{ID: 9, ConversationID: 7, Whole: true, Reporter: two, Members: people, Reason: messaging.ReportThreat, CreatedAt: now, Decision: oversight.Open}
	s.reports.list, s.reports.report = []oversight.Report{report}, report
	s.reports.sealed = []oversight.Sealed{{Sender: one, Text: "bad"}, {Sender: two, Text: "stop it"}}
	contains(t, s.shows(t, "reports", nil), "Member 1", harmless, "Deleted user", "The conversation")
	html := s.shows(t, "report", query{"id": "9"}, "Whom does it concern?", harmless, `name="member" value="3"`, `name="member" value="4"`, `name="member" value="5"`, "The newest messages of the conversation")
	lacks(t, html, "<script>", " checked", ">Reported<")

	s.reports.err = messaging.InvalidParam("member", "x")
	_, a := s.ask(t, "moderator", "report", query{"id": "9"}, query{"task": "decide", "decision": "warned", "member": "4"})
	if contains(t, a.HTML, "Choose whom to warn or to silence.", `value="4" checked`); a.Status != 400 || s.reports.ruling.Member != 4 {
		t.Errorf("%d, %+v", a.Status, s.reports.ruling)
	}
	report.Decision, report.Ruled, report.DecidedBy, report.DecidedAt = oversight.Warned, one, mod, now
	s.reports.list, s.reports.report, s.reports.err = []oversight.Report{report}, report, nil
	lacks(t, s.shows(t, "reports", query{"closed": "1"}, "Member 1", "Warned"), harmless)
	lacks(t, s.shows(t, "report", query{"id": "9"}, "Member 1", "Warned"), harmless, `name="member"`)
}
