package oversight

import (
	"context"
	"time"

	"jetonomy-sidecar/messaging"
)

// Decision is what became of a report.
type Decision string

const (
	Open      Decision = "open"
	Dismissed Decision = "dismissed"
	Warned    Decision = "warned"
	Silenced  Decision = "silenced"
)

const (
	// SealedMessages is how many messages before the reported one are sealed with it.
	SealedMessages = 10

	// SealedFor is how long the sealed texts and the reporter's note are kept after the decision.
	SealedFor = 90 * 24 * time.Hour

	// MaxSilence is the longest silence that has an end, in days.
	MaxSilence = 365
)

// Report is what a member brought to the moderators.
type Report struct {
	ID             uint64
	ConversationID uint64
	MessageID      uint64           // the reported message; of a conversation, the newest from others then
	Whole          bool             // the conversation was reported, not a message
	Reporter       messaging.Person // shown to moderators alone, and to none of Members

	// Members are whom it is about, by id: who wrote the reported message; of a conversation, everybody but the
	// reporter who wrote what is sealed. None of them sees the report.
	Members []messaging.Person

	Reason      messaging.ReportReason
	Note        string // "" once the sealed texts are gone, or the reporter was erased
	CreatedAt   time.Time
	Decision    Decision
	Ruled       messaging.Person // the one of Members who was Warned or Silenced
	SilenceDays int              // of Silenced; 0 is until somebody lifts it
	DecidedBy   messaging.Person
	DecidedAt   time.Time // zero while open
}

// Sealed is a message as it was when it was reported.
type Sealed struct {
	MessageID uint64
	Sender    messaging.Person // login and name as they were, no picture
	Text      string           // plain
	SentAt    time.Time
	IsSystem  bool
	Reported  bool // the one the report is about; none where it is about the conversation
}

// Ruling is a moderator's decision on a report.
type Ruling struct {
	Decision    Decision // not Open
	Member      uint64   // of Warned and Silenced: one of the report's members; 0 for the only one
	SilenceDays int      // of Silenced: 1 to MaxSilence, 0 until somebody lifts it
}

// ReportQuery asks for a page of reports, newest first.
type ReportQuery struct {
	Open   bool   // those without a decision; false is those with one
	Before uint64 // report id; 0 is the newest
	Limit  int    // 1 to 100; 0 is 50

	// Viewer is who looks: reports that are about them are left out.
	Viewer uint64
}

// ReportStore keeps reports and what they seal. A report that is not there, or that is about the viewer, is
// messaging.ErrNotFound.
type ReportStore interface {
	// Reports gives a page. next is where to go on, 0 for no more.
	Reports(ctx context.Context, q ReportQuery) (list []Report, next uint64, err error)

	// SealedReport writes e into the access log before it gives the report and its messages, the oldest
	// first, to e's user. There are none once they have expired.
	SealedReport(ctx context.Context, reportID uint64, e Entry) (Report, []Sealed, error)

	// Reported says whom the report is about.
	Reported(ctx context.Context, reportID, viewer uint64) (users []uint64, err error)

	// OpenReports counts those without a decision that the viewer can see.
	OpenReports(ctx context.Context, viewer uint64) (int, error)

	// Decide ends an open report, once: decided is false when somebody was faster. r names one of whom it is
	// about, or dismisses it. The events for the reporter (reviewed) and, by decision, that member (warned,
	// silenced) go with it, and e into the access log.
	Decide(ctx context.Context, reportID uint64, r Ruling, e Entry) (decided bool, err error)
}
