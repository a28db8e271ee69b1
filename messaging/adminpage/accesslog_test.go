package adminpage

import (
	"strings"
	"testing"

	"jetonomy-sidecar/messaging/oversight"
)

// What was searched and which message was read is what a row is about, not why it is there. On a phone the first
// cell has who did what, and why.
func TestAccessLogTellsAboutFromWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, c := range []struct {
		entry      oversight.Entry
		about, why string
	}{
		{oversight.Entry{Action: oversight.ActionSearch, MemberID: one.ID, Note: hostile}, `<div><bdi>Member 1</bdi></div><div><q dir="auto">` + harmless + `</q></div>`, "—"},
		{oversight.Entry{Action: oversight.ActionSearch, ConversationID: 7, Reason: oversight.ReasonCourt, Note: "0"}, `>Conversation 7</a></div><div><q dir="auto">0</q></div>`, "Court order"},
		{oversight.Entry{Action: oversight.ActionText, ConversationID: 7, Reason: oversight.ReasonCourt, Note: "message 31"}, ">Conversation 7</a></div><div>Message 31</div>", "Court order"},
		{oversight.Entry{Action: oversight.ActionOpen, ConversationID: 7, Reason: oversight.ReasonOther, Note: "Case 12"}, ">Conversation 7</a></div>", `Other<br><q dir="auto">Case 12</q>`},
		{oversight.Entry{Action: oversight.ActionReport, Reason: oversight.ReasonReport, Note: "report 9"}, "<div>Report 9</div>", "Abuse report"},
		{oversight.Entry{Action: oversight.ActionDecide, Reason: oversight.ReasonReport, Note: "report 9: warned"}, "<div>Report 9</div>", `Abuse report<br><q dir="auto">Warned</q>`},
		{oversight.Entry{Action: oversight.ActionDecide, Reason: oversight.ReasonReport, Note: "report 9: silenced for 7 days"}, "<div>Report 9</div>", `Abuse report<br><q dir="auto">Silenced for 7 days</q>`},
		{oversight.Entry{Action: oversight.ActionDecide, Reason: oversight.ReasonReport, Note: "report 9: silenced"}, "<div>Report 9</div>", `Abuse report<br><q dir="auto">Silenced until somebody lifts it</q>`},
		{oversight.Entry{Action: oversight.ActionRetention, ConversationID: 7, Note: "inactive since 2024-11-27"}, ">Conversation 7</a></div>", `<q dir="auto">Inactive since 2024-11-27</q>`},
		{oversight.Entry{Action: oversight.ActionRetention, ConversationID: 7, Note: "command line: inactive since 2024-11-27"}, ">Conversation 7</a></div>", `<q dir="auto">By the command line: inactive since 2024-11-27</q>`},
	} {
		c.entry.UserID = ann.ID
		s.entries = []oversight.Entry{c.entry}
		html := s.shows(t, "log", nil)
		_, about, _ := strings.Cut(html, `data-colname="About">`)
		about, why, _ := strings.Cut(about, `</td>`)
		_, why, _ = strings.Cut(why, `data-colname="Why">`)
		why, _, _ = strings.Cut(why, `</td>`)
		if !strings.HasSuffix(about, c.about) || why != c.why {
			t.Errorf("%s: about %s, why %s; want %s, %s", c.entry.Action, about, why, c.about, c.why)
		}
	}
	contains(t, s.shows(t, "log", nil), `<div class="jetonomy-sidecar-brief"><strong><bdi>Admin</bdi></strong> · Deleted by retention</div>`)
}
