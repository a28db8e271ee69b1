package messaging

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ReportReason is why a member reports a message or a conversation.
type ReportReason string

const (
	ReportSpam       ReportReason = "spam"
	ReportHarassment ReportReason = "harassment"
	ReportThreat     ReportReason = "threat"
	ReportIllegal    ReportReason = "illegal"
	ReportOther      ReportReason = "other" // needs a note
)

// ReportReasons are all of them, in the order in which they are offered.
var ReportReasons = []ReportReason{ReportSpam, ReportHarassment, ReportThreat, ReportIllegal, ReportOther}

const (
	// MaxReportNote is how long the note of a report may be, in characters.
	MaxReportNote = 1000

	// reportsPerHour is how many reports one member may make: enough for everything that a spammer sent
	// them, too few to bury the moderators.
	reportsPerHour = 20
)

// ReportCommand brings a message, or a conversation as a whole, to the moderators.
type ReportCommand struct {
	Request
	Reporter       uint64
	ConversationID uint64
	MessageID      uint64 // 0 reports the conversation
	Reason         ReportReason
	Note           string // at most MaxReportNote characters
}

// Report brings a message to the moderators, or with messageID 0 the conversation. Outcome.MessageID is the
// report's id, and Outcome.Created is false when the caller's earlier report of the same is still open: that
// one is given then. Members under the trust level, and silenced ones, may report: those who are new are whom
// a spammer writes to.
func (s *Service) Report(ctx context.Context, caller Member, key string, conversationID, messageID uint64, reason ReportReason, note string) (Outcome, error) {
	if err := mayReport(caller); err != nil {
		return Outcome{}, err
	}
	if err := checkKey(key); err != nil {
		return Outcome{}, err
	}
	note, err := checkReport(reason, note)
	if err != nil {
		return Outcome{}, err
	}
	request := newRequest(key, "report", conversationID, messageID, reason, note)
	if o, found, err := s.store.Recall(ctx, caller.ID, request); err != nil || found {
		return o, err
	}
	if wait := s.limiter.Report(caller.ID, reportsPerHour); wait > 0 {
		return Outcome{}, &Error{
			Kind: RateLimited, Code: "jetonomy_rate_limited", RetryAfter: wait,
			Message: fmt.Sprintf("You have made many reports. Please try again in %d seconds.", wait),
		}
	}
	return s.store.Report(ctx, ReportCommand{
		Request: request, Reporter: caller.ID, ConversationID: conversationID, MessageID: messageID, Reason: reason, Note: note,
	})
}

// checkReport gives the note without the blanks around it.
func checkReport(reason ReportReason, note string) (string, error) {
	if !slices.Contains(ReportReasons, reason) {
		return "", InvalidParam("reason", "Say why: spam, harassment, threat, illegal or other.")
	}
	note = strings.TrimSpace(note)
	if !utf8.ValidString(note) || strings.ContainsRune(note, 0) {
		return "", InvalidParam("note", "The note is not valid UTF-8 text.")
	}
	if n := utf8.RuneCountInString(note); n > MaxReportNote {
		return "", InvalidParam("note", fmt.Sprintf("The note is %d characters long; at most %d are kept.", n, MaxReportNote))
	}
	if reason == ReportOther && note == "" {
		return "", InvalidParam("note", "Say in a few words what is wrong.")
	}
	return note, nil
}
