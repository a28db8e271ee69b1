package oversight

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"jetonomy-sidecar/messaging"
)

// Refusals. The messages are for the administrator.
var (
	// ErrReasonNeeded asks for a reason: there is no running visit, and none was given.
	ErrReasonNeeded = &messaging.Error{Kind: messaging.Forbidden, Code: "jetonomy_reason_needed", Param: "reason", Message: "Say first why you open this conversation."}

	// ErrHeld protects a conversation under a legal hold.
	ErrHeld = &messaging.Error{Kind: messaging.Conflict, Code: "jetonomy_conversation_held", Message: "This conversation is under a legal hold. Lift the hold first."}
)

// Service is what administrators do with conversations. Before it gives or changes anything that the access
// log is to tell of, that is written there. Whether a visitor may is decided before. Safe for concurrent use.
type Service struct{ store Store }

// New makes the service.
func New(store Store) *Service { return &Service{store} }

// Conversations lists. A search by member or title is logged, each page of it.
func (s *Service) Conversations(ctx context.Context, v Visitor, f Filter) (Page, error) {
	if f.Member != 0 || f.Title != "" {
		e := v.entry(ActionSearch)
		e.MemberID, e.Note = f.Member, f.Title
		if _, err := s.store.Log(ctx, e); err != nil {
			return Page{}, err
		}
	}
	f.Viewer = v.UserID
	return s.store.Conversations(ctx, f)
}

// Detail is a conversation without its messages: what the list shows, too. It takes no reason.
func (s *Service) Detail(ctx context.Context, v Visitor, conversationID uint64) (Detail, error) {
	return s.store.Detail(ctx, v.UserID, conversationID)
}

// Thread opens a page of a conversation's messages. It takes a running visit or a reason, which begins one;
// with neither it is ErrReasonNeeded.
func (s *Service) Thread(ctx context.Context, v Visitor, conversationID uint64, f ThreadFilter, g Given) (Thread, error) {
	g, err := s.visit(ctx, v, conversationID, g)
	if err != nil {
		return Thread{}, err
	}
	e := v.entry(ActionOpen)
	e.ConversationID, e.Reason, e.Note = conversationID, g.Reason, g.Note
	if f.Text != "" {
		e.Action, e.Note = ActionSearch, f.Text
	}
	if _, err := s.store.Log(ctx, e); err != nil {
		return Thread{}, err
	}
	return s.store.Thread(ctx, conversationID, f)
}

// Visited gives the reason of the visitor's running visit to a conversation; ok is false when there is none.
func (s *Service) Visited(ctx context.Context, v Visitor, conversationID uint64) (g Given, ok bool, err error) {
	return s.store.Visit(ctx, v, conversationID)
}

// Text is the whole plain text of a message. It takes a running visit.
func (s *Service) Text(ctx context.Context, v Visitor, conversationID, messageID uint64) (string, error) {
	g, err := s.visit(ctx, v, conversationID, Given{})
	if err != nil {
		return "", err
	}
	e := v.entry(ActionText)
	e.ConversationID, e.Reason, e.Note = conversationID, g.Reason, fmt.Sprintf("message %d", messageID)
	if _, err := s.store.Log(ctx, e); err != nil {
		return "", err
	}
	return s.store.Text(ctx, conversationID, messageID)
}

// Previews says what purges would take away, in the order of ids. What is gone is left out.
func (s *Service) Previews(ctx context.Context, ids []uint64) ([]Preview, error) {
	return s.store.Previews(ctx, ids)
}

// Member lists conversations that a member takes or took part in, ascending, for a page about them. It is the search
// by member, and logged as that.
func (s *Service) Member(ctx context.Context, v Visitor, userID uint64, limit int) ([]uint64, error) {
	e := v.entry(ActionSearch)
	e.MemberID = userID
	if _, err := s.store.Log(ctx, e); err != nil {
		return nil, err
	}
	return s.store.OfMember(ctx, userID, 0, limit)
}

// OfMember lists them behind the id after, for what is done to all of them: that logs each.
func (s *Service) OfMember(ctx context.Context, userID, after uint64, limit int) ([]uint64, error) {
	return s.store.OfMember(ctx, userID, after, limit)
}

// Purge deletes a conversation for everybody and says whether this call did it. It takes a reason, which may
// be that of a running visit.
func (s *Service) Purge(ctx context.Context, v Visitor, conversationID uint64, g Given) (bool, error) {
	g, err := s.reason(ctx, v, conversationID, g)
	if err != nil {
		return false, err
	}
	e := v.entry(ActionPurge)
	e.ConversationID, e.Reason, e.Note = conversationID, g.Reason, g.Note
	return s.store.Purge(ctx, conversationID, e)
}

// SetHold puts a conversation under a legal hold or lifts it. The hold takes a reason in words.
func (s *Service) SetHold(ctx context.Context, v Visitor, conversationID uint64, on bool, reason string) error {
	reason = strings.TrimSpace(reason)
	if on && reason == "" {
		return messaging.InvalidParam("reason", "Say what the hold is for.")
	}
	if err := checkNote(reason); err != nil {
		return err
	}
	e := v.entry(ActionRelease)
	if on {
		e = v.entry(ActionHold)
	}
	e.ConversationID, e.Note = conversationID, reason
	return s.store.SetHold(ctx, conversationID, on, reason, e)
}

// Entries is a page of the access log. next is where to go on, 0 for no more.
func (s *Service) Entries(ctx context.Context, f LogFilter) (entries []Entry, next uint64, err error) {
	return s.store.Entries(ctx, f)
}

// Verify checks the whole access log.
func (s *Service) Verify(ctx context.Context) (Verified, error) { return s.store.Verify(ctx, nil) }

// Glance is the state of messaging in numbers.
func (s *Service) Glance(ctx context.Context) (Glance, error) { return s.store.Glance(ctx) }

// visit gives the reason of the running visit, or begins one with g. Where g has a reason it counts.
func (s *Service) visit(ctx context.Context, v Visitor, conversationID uint64, g Given) (Given, error) {
	if g == (Given{}) {
		return s.reason(ctx, v, conversationID, g)
	}
	g, err := g.check()
	if err != nil {
		return g, err
	}
	if _, err := s.store.Detail(ctx, v.UserID, conversationID); err != nil {
		return g, err
	}
	return g, s.store.BeginVisit(ctx, v, conversationID, g)
}

// reason gives g, or the reason of the running visit.
func (s *Service) reason(ctx context.Context, v Visitor, conversationID uint64, g Given) (Given, error) {
	if g != (Given{}) {
		return g.check()
	}
	g, ok, err := s.store.Visit(ctx, v, conversationID)
	if err == nil && !ok {
		err = ErrReasonNeeded
	}
	return g, err
}

// check refuses what is no reason.
func (g Given) check() (Given, error) {
	g.Note = strings.TrimSpace(g.Note)
	switch {
	case !g.Reason.Valid():
		return g, messaging.InvalidParam("reason", "Choose one of the reasons.")
	case g.Reason == ReasonOther && g.Note == "":
		return g, messaging.InvalidParam("note", "Say in words what the reason is.")
	}
	return g, checkNote(g.Note)
}

func checkNote(note string) error {
	if !utf8.ValidString(note) || utf8.RuneCountInString(note) > MaxNote {
		return messaging.InvalidParam("note", fmt.Sprintf("Use at most %d characters.", MaxNote))
	}
	return nil
}

// entry is a row of the access log about what the visitor does.
func (v Visitor) entry(a Action) Entry {
	return Entry{UserID: v.UserID, Login: v.Login, Address: v.Address, Action: a}
}
