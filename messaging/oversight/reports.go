package oversight

import (
	"context"
	"fmt"
	"slices"

	"jetonomy-sidecar/messaging"
)

// Refusals of a ruling. The messages are for the moderator.
var (
	ErrAccountGone      = &messaging.Error{Kind: messaging.Invalid, Code: "jetonomy_account_gone", Message: "The account of the reported member is gone. There is nobody to warn or to silence; dismiss the report."}
	ErrSilenceAdmin     = &messaging.Error{Kind: messaging.Forbidden, Code: "jetonomy_cannot_ban_admin", Message: "Administrators cannot be silenced."}
	ErrSilenceModerator = &messaging.Error{Kind: messaging.Forbidden, Code: "jetonomy_cannot_ban_moderator", Message: "Only an administrator can silence a moderator."}
)

// Reports is what moderators do with reports. They see the sealed part of a conversation and no more of it,
// and nothing of what was reported of themselves: that is for others to decide, and who reported it is not for
// them to know. Safe for concurrent use.
type Reports struct {
	store     ReportStore
	directory messaging.Directory
}

// NewReports joins the parts.
func NewReports(store ReportStore, directory messaging.Directory) *Reports {
	return &Reports{store: store, directory: directory}
}

// List gives a page of reports that v can see. next is where to go on, 0 for no more.
func (r *Reports) List(ctx context.Context, v Visitor, open bool, before uint64, limit int) (list []Report, next uint64, err error) {
	return r.store.Reports(ctx, ReportQuery{Open: open, Before: before, Limit: limit, Viewer: v.UserID})
}

// Count is how many reports are open for v.
func (r *Reports) Count(ctx context.Context, v Visitor) (int, error) {
	return r.store.OpenReports(ctx, v.UserID)
}

// Open gives a report with what it seals, and has written that into the access log by then.
func (r *Reports) Open(ctx context.Context, v Visitor, reportID uint64) (Report, []Sealed, error) {
	return r.store.SealedReport(ctx, reportID, entry(v, ActionReport, fmt.Sprintf("report %d", reportID)))
}

// Decide ends an open report. decided is false when somebody was faster: what they ruled stands. Where a report is
// about several, a warning or a silence has to name one of them, and reaches no other.
func (r *Reports) Decide(ctx context.Context, v Visitor, reportID uint64, ruling Ruling) (decided bool, err error) {
	note := fmt.Sprintf("report %d: %s", reportID, ruling.Decision)
	switch ruling.Decision {
	case Dismissed:
		ruling.Member, ruling.SilenceDays = 0, 0
	case Warned:
		ruling.SilenceDays = 0
	case Silenced:
		if ruling.SilenceDays < 0 || ruling.SilenceDays > MaxSilence {
			return false, messaging.InvalidParam("days", fmt.Sprintf("A silence lasts 1 to %d days, or until somebody lifts it.", MaxSilence))
		}
		if ruling.SilenceDays > 0 {
			note += fmt.Sprintf(" for %d days", ruling.SilenceDays)
		}
	default:
		return false, messaging.InvalidParam("decision", "Dismiss the report, warn the member or silence them.")
	}
	if ruling.Decision != Dismissed {
		about, err := r.store.Reported(ctx, reportID, v.UserID)
		if err != nil {
			return false, err
		}
		if ruling.Member == 0 && len(about) == 1 {
			ruling.Member = about[0]
		}
		if !slices.Contains(about, ruling.Member) {
			return false, messaging.InvalidParam("member", "Choose whom to warn or to silence.")
		}
		if err := r.mayRestrict(ctx, v, ruling.Member, ruling.Decision == Silenced); err != nil {
			return false, err
		}
	}
	return r.store.Decide(ctx, reportID, ruling, entry(v, ActionDecide, note))
}

// mayRestrict refuses what nobody would be left to feel, and silences that Jetonomy would refuse, too.
func (r *Reports) mayRestrict(ctx context.Context, v Visitor, reported uint64, silence bool) error {
	members, err := r.directory.Members(ctx, []uint64{v.UserID, reported})
	if err != nil {
		return err
	}
	member, exists := members[reported]
	switch {
	case !exists:
		return ErrAccountGone
	case silence && member.Administrator:
		return ErrSilenceAdmin
	case silence && member.Moderator && !members[v.UserID].Administrator:
		return ErrSilenceModerator
	}
	return nil
}

// entry is a row of the access log about a report. It names the report alone: from the conversation, an
// administrator who was reported could tell by whom.
func entry(v Visitor, action Action, note string) Entry {
	return Entry{UserID: v.UserID, Login: v.Login, Address: v.Address, Action: action, Reason: ReasonReport, Note: note}
}
