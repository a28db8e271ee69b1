package adminpage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// silences are what a moderator can choose from, in days; 0 is until somebody lifts it.
var silences = []int{1, 3, 7, 30, 0}

type reportsData struct {
	Closed bool
	Rows   []reportRow
	Older  string // address, "" for none
	Newest string
}

// reportRow is a report as both views show it.
type reportRow struct {
	ID             uint64
	ConversationID uint64
	Whole          bool
	Reporter       person
	Reported       []person
	Reason         string
	Note           string
	CreatedAt      time.Time
	Open           bool
	Decision       string
	DecidedBy      person
	DecidedAt      time.Time
}

type reportData struct {
	reportRow
	Sealed     []sealed
	KeptDays   int
	Silences   []choice
	CanSilence bool
}

// Several says whether a warning or a silence has to name one of them.
func (d reportData) Several() bool { return len(d.Reported) > 1 }

type sealed struct {
	Sender   person
	Text     string
	SentAt   time.Time
	IsSystem bool
	Reported bool
}

// reports lists what members brought to the moderators.
func (a *api) reports(ctx context.Context, p *page) (answer, error) {
	p.sayDone()
	data := reportsData{Closed: p.Asked("closed") == "1"}
	list, next, err := a.Reports.List(ctx, p.visitor(), !data.Closed, p.Query.ID("before"), 0)
	if err != nil {
		return answer{}, err
	}
	for _, r := range list {
		data.Rows = append(data.Rows, p.reportRow(r))
	}
	if next != 0 {
		data.Older = p.Link("view", "reports", "closed", p.Asked("closed"), "before", next)
	}
	if p.Query.ID("before") != 0 {
		data.Newest = p.Link("view", "reports", "closed", p.Asked("closed"))
	}
	return p.render("reports", p.T("title_reports"), data)
}

func (p *page) reportRow(r oversight.Report) reportRow {
	row := reportRow{
		ID: r.ID, ConversationID: r.ConversationID, Whole: r.Whole, Reporter: p.person(r.Reporter),
		Reason: string(r.Reason), Note: r.Note, CreatedAt: r.CreatedAt, Open: r.Decision == oversight.Open,
		DecidedBy: p.person(r.DecidedBy), DecidedAt: r.DecidedAt,
	}
	about := r.Members
	if r.Ruled.ID != 0 {
		about = []messaging.Person{r.Ruled}
	}
	for _, m := range about {
		row.Reported = append(row.Reported, p.person(m))
	}
	if slices.Contains(messaging.ReportReasons, r.Reason) {
		row.Reason = p.T("report_" + string(r.Reason))
	}
	row.Decision = p.ruling(r.Decision, r.SilenceDays)
	return row
}

// ruling is how a report ended, "" where it has not; days are those of a silence, 0 for one that somebody has to lift.
func (p *page) ruling(d oversight.Decision, days int) string {
	switch {
	case d == oversight.Dismissed || d == oversight.Warned:
		return p.T("decision_" + string(d))
	case d == oversight.Silenced && days == 0:
		return p.T("silenced_forever")
	case d == oversight.Silenced:
		return p.N("silenced_days", days)
	}
	return ""
}

// report shows the sealed part of what was reported.
func (a *api) report(ctx context.Context, p *page) (answer, error) {
	r, messages, err := a.Reports.Open(ctx, p.visitor(), p.Query.ID("id"))
	if err != nil {
		return answer{}, err
	}
	data := reportData{
		reportRow: p.reportRow(r), CanSilence: p.Frame.CanSilence, KeptDays: int(oversight.SealedFor / (24 * time.Hour)),
	}
	for _, m := range messages {
		data.Sealed = append(data.Sealed, sealed{p.person(m.Sender), m.Text, m.SentAt, m.IsSystem, m.Reported})
	}
	for _, days := range silences {
		c := choice{Value: strconv.Itoa(days), Text: p.T("until_lifted"), Selected: p.Sent("days") == strconv.Itoa(days)}
		if days > 0 {
			c.Text = p.N("days", days)
		}
		data.Silences = append(data.Silences, c)
	}
	return p.render("report", p.T("title_report", r.ID), data)
}

// decide ends a report, and goes on to those that are still open.
func (a *api) decide(ctx context.Context, p *page) (answer, error) {
	ruling := oversight.Ruling{Decision: oversight.Decision(p.Form.Get("decision")), Member: p.Form.ID("member")}
	if ruling.Decision == oversight.Silenced {
		if !p.Frame.CanSilence {
			return answer{}, messaging.InvalidParam("decision", "Nobody can be silenced on this site.")
		}
		days, err := strconv.Atoi(p.Form.Get("days"))
		if err != nil {
			return answer{}, messaging.InvalidParam("days", "Say for how many days.")
		}
		ruling.SilenceDays = days
	}
	decided, err := a.Reports.Decide(ctx, p.visitor(), p.Query.ID("id"), ruling)
	if err != nil {
		return answer{}, err
	}
	p.open = nil
	if !decided {
		return redirect("view", "reports", "done", "decided-before"), nil
	}
	return redirect("view", "reports", "done", ruling.Decision), nil
}
