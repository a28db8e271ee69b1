package messaging

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Service is what members can do. It decides what needs no lock and leaves the rest to the Store.
// Safe for concurrent use.
type Service struct {
	store     Store
	directory Directory
	format    Formatter
	limiter   Limiter
	settings  func() Settings
}

// NewService joins the parts. settings is asked at every call and must be cheap.
func NewService(store Store, directory Directory, format Formatter, limiter Limiter, settings func() Settings) *Service {
	return &Service{store: store, directory: directory, format: format, limiter: limiter, settings: settings}
}

// Settings are those in force now.
func (s *Service) Settings() Settings { return s.settings() }

// Start begins a conversation with recipients and its first message. One recipient makes a direct
// conversation, which the pair has only once: Outcome.Created is false when it was there before.
// Duplicates and the caller are dropped from recipients; unknown members are named in the refusal.
func (s *Service) Start(ctx context.Context, caller Member, key string, recipients []uint64, title, text string) (Outcome, error) {
	settings := s.settings()
	if err := mayWrite(caller, settings, false); err != nil {
		return Outcome{}, err
	}
	if err := checkKey(key); err != nil {
		return Outcome{}, err
	}
	recipients = distinct(recipients, caller.ID)
	if len(recipients) == 0 {
		return Outcome{}, InvalidParam("recipients", "Name at least one other member to write to.")
	}
	if len(recipients)+1 > settings.GroupLimit {
		return Outcome{}, TooManyParticipants(settings.GroupLimit)
	}
	title, err := checkTitle(title)
	if err != nil {
		return Outcome{}, err
	}
	if len(recipients) == 1 {
		title = "" // a direct conversation is called after the other side
	}
	content, err := s.content(text, settings)
	if err != nil {
		return Outcome{}, err
	}
	request := newRequest(key, "start", recipients, title, text)
	if o, found, err := s.store.Recall(ctx, caller.ID, request); err != nil || found {
		return o, err
	}
	// Before anything that tells recipients apart: who writes too fast must not see from the refusal who is
	// banned, which is known here, and who has blocked them, which only the store knows.
	if err := limited(s.limiter.Message(caller.ID, settings.MessagesPerMinute)); err != nil {
		return Outcome{}, err
	}
	if err := s.checkRecipients(ctx, caller, recipients, settings); err != nil {
		return Outcome{}, err
	}
	taken := false
	command := StartCommand{
		Request: request, Sender: caller.ID, Recipients: recipients, Title: title, Content: content,
		MayCreate: func() error {
			if taken {
				return nil
			}
			err := limited(s.limiter.Conversation(caller.ID, settings.ConversationsPerDay))
			taken = err == nil
			return err
		},
	}
	if len(recipients) == 1 {
		return s.store.StartDirect(ctx, command)
	}
	return s.store.StartGroup(ctx, command, settings.GroupLimit)
}

// Send writes a message to a conversation.
func (s *Service) Send(ctx context.Context, caller Member, key string, conversationID uint64, text string) (Outcome, error) {
	settings := s.settings()
	if err := mayWrite(caller, settings, true); err != nil {
		return Outcome{}, err
	}
	if err := checkKey(key); err != nil {
		return Outcome{}, err
	}
	content, err := s.content(text, settings)
	if err != nil {
		return Outcome{}, err
	}
	request := newRequest(key, "send", conversationID, text)
	if o, found, err := s.store.Recall(ctx, caller.ID, request); err != nil || found {
		return o, err
	}
	kind, other, err := s.store.Counterpart(ctx, caller.ID, conversationID)
	if err != nil {
		return Outcome{}, err
	}
	// As in Start, before anything that tells recipients apart.
	if err := limited(s.limiter.Message(caller.ID, settings.MessagesPerMinute)); err != nil {
		return Outcome{}, err
	}
	if kind == Direct {
		members, err := s.directory.Members(ctx, []uint64{other})
		if err != nil {
			return Outcome{}, err
		}
		if member, exists := members[other]; !mayReceive(member, exists) {
			return Outcome{}, ErrCannotMessage
		}
	}
	return s.store.Send(ctx, SendCommand{
		Request: request, Sender: caller.ID, ConversationID: conversationID, Content: content,
		NeedsIncoming: mayWrite(caller, settings, false) != nil, TrustLevel: settings.MinTrustLevel,
	})
}

// Add brings members into a group that the caller takes part in.
func (s *Service) Add(ctx context.Context, caller Member, key string, conversationID uint64, members []uint64) (Outcome, error) {
	settings := s.settings()
	if err := mayWrite(caller, settings, false); err != nil {
		return Outcome{}, err
	}
	if err := checkKey(key); err != nil {
		return Outcome{}, err
	}
	members = distinct(members, caller.ID)
	if len(members) == 0 {
		return Outcome{}, InvalidParam("recipients", "Name at least one member to add.")
	}
	if len(members)+1 > settings.GroupLimit {
		return Outcome{}, TooManyParticipants(settings.GroupLimit)
	}
	// Who is not in the conversation must learn nothing from the checks of the members below.
	kind, _, err := s.store.Counterpart(ctx, caller.ID, conversationID)
	if err != nil {
		return Outcome{}, err
	}
	if kind != Group {
		return Outcome{}, ErrGroupOnly
	}
	request := newRequest(key, "add", conversationID, members)
	if o, found, err := s.store.Recall(ctx, caller.ID, request); err != nil || found {
		return o, err
	}
	found, err := s.directory.Members(ctx, members)
	if err != nil {
		return Outcome{}, err
	}
	if err := s.checkRecipients(ctx, caller, members, settings); err != nil {
		return Outcome{}, err
	}
	names := make(map[uint64]string, len(found))
	for id, m := range found {
		names[id] = m.Name()
	}
	return s.store.Add(ctx, AddCommand{
		Request: request, By: caller.ID, ConversationID: conversationID, Members: members,
		Limit: settings.GroupLimit, Names: names,
		Note: func(names []string) Content {
			return s.note(caller.Name() + " added " + strings.Join(names, ", "))
		},
	})
}

// Leave ends the caller's part in a group and notes it in the thread.
func (s *Service) Leave(ctx context.Context, caller Member, key string, conversationID uint64) (Outcome, error) {
	request, err := s.ownState(caller, key, "leave", conversationID)
	if err != nil {
		return Outcome{}, err
	}
	return s.store.Leave(ctx, LeaveCommand{
		Request: request, UserID: caller.ID, ConversationID: conversationID,
		Note: s.note(caller.Name() + " left the conversation"),
	})
}

// SetMuted mutes or unmutes for the caller alone; nil turns it round.
func (s *Service) SetMuted(ctx context.Context, caller Member, key string, conversationID uint64, value *bool) (Outcome, error) {
	request, err := s.ownState(caller, key, "mute", conversationID, value)
	if err != nil {
		return Outcome{}, err
	}
	return s.store.SetMuted(ctx, StateCommand{Request: request, UserID: caller.ID, ConversationID: conversationID, Value: value})
}

// SetArchived moves between inbox and archive for the caller alone; nil turns it round.
func (s *Service) SetArchived(ctx context.Context, caller Member, key string, conversationID uint64, value *bool) (Outcome, error) {
	request, err := s.ownState(caller, key, "archive", conversationID, value)
	if err != nil {
		return Outcome{}, err
	}
	return s.store.SetArchived(ctx, StateCommand{Request: request, UserID: caller.ID, ConversationID: conversationID, Value: value})
}

// SetBlocked blocks or unblocks the other side of a direct conversation; nil turns it round. The
// block holds for the pair everywhere. Moderators cannot be blocked.
func (s *Service) SetBlocked(ctx context.Context, caller Member, key string, conversationID uint64, value *bool) (Outcome, error) {
	request, err := s.ownState(caller, key, "block", conversationID, value)
	if err != nil {
		return Outcome{}, err
	}
	kind, other, err := s.store.Counterpart(ctx, caller.ID, conversationID)
	if err != nil {
		return Outcome{}, err
	}
	if kind != Direct {
		return Outcome{}, ErrGroupCannotBeBlocked
	}
	if value == nil || *value {
		members, err := s.directory.Members(ctx, []uint64{other})
		if err != nil {
			return Outcome{}, err
		}
		// A block from before somebody became a moderator can still be taken back.
		if members[other].Staff() {
			c, err := s.store.Conversation(ctx, caller.ID, conversationID)
			if err != nil {
				return Outcome{}, err
			}
			if value != nil || !c.BlockedByViewer {
				return Outcome{}, ErrCannotBlockModerator
			}
		}
	}
	return s.store.SetBlocked(ctx, StateCommand{Request: request, UserID: caller.ID, ConversationID: conversationID, Value: value})
}

// Rename gives a group a title, or takes it away with an empty one.
func (s *Service) Rename(ctx context.Context, caller Member, key string, conversationID uint64, title string) (Outcome, error) {
	if err := mayWrite(caller, s.settings(), false); err != nil {
		return Outcome{}, err
	}
	if err := checkKey(key); err != nil {
		return Outcome{}, err
	}
	title, err := checkTitle(title)
	if err != nil {
		return Outcome{}, err
	}
	return s.store.Rename(ctx, RenameCommand{
		Request: newRequest(key, "rename", conversationID, title),
		UserID:  caller.ID, ConversationID: conversationID, Title: title,
	})
}

// Read moves the caller's read mark forward to message upTo (0 = the newest).
func (s *Service) Read(ctx context.Context, caller Member, key string, conversationID, upTo uint64) (Outcome, error) {
	request, err := s.ownState(caller, key, "read", conversationID, upTo)
	if err != nil {
		return Outcome{}, err
	}
	return s.store.Read(ctx, ReadCommand{Request: request, UserID: caller.ID, ConversationID: conversationID, UpTo: upTo})
}

// MarkUnread puts the unread mark on a conversation until it is read again. The read mark itself
// stays: reading moves forward only.
func (s *Service) MarkUnread(ctx context.Context, caller Member, key string, conversationID uint64) (Outcome, error) {
	request, err := s.ownState(caller, key, "unread", conversationID)
	if err != nil {
		return Outcome{}, err
	}
	return s.store.Read(ctx, ReadCommand{Request: request, UserID: caller.ID, ConversationID: conversationID, Unread: true})
}

// ReadAll marks the caller's whole inbox as read and says how many conversations that changed.
// Doing it twice changes nothing, so it takes no client key.
func (s *Service) ReadAll(ctx context.Context, caller Member) (int, error) {
	if err := mayChangeOwnState(caller); err != nil {
		return 0, err
	}
	return s.store.ReadAll(ctx, caller.ID)
}

// ownState checks a change of the caller's own state and makes its request.
func (s *Service) ownState(caller Member, key, operation string, wish ...any) (Request, error) {
	if err := mayChangeOwnState(caller); err != nil {
		return Request{}, err
	}
	if err := checkKey(key); err != nil {
		return Request{}, err
	}
	return newRequest(key, operation, wish...), nil
}

// checkRecipients refuses members that do not exist, by name, and those that cannot be written to,
// without saying why.
func (s *Service) checkRecipients(ctx context.Context, caller Member, ids []uint64, settings Settings) error {
	members, err := s.directory.Members(ctx, ids)
	if err != nil {
		return err
	}
	var unknown []string
	reachable := true
	for _, id := range ids {
		member, exists := members[id]
		if !exists {
			unknown = append(unknown, fmt.Sprint(id))
		}
		reachable = reachable && mayReceive(member, exists)
	}
	if unknown != nil {
		return InvalidParam("recipients", "There is no member with this id: "+strings.Join(unknown, ", ")+".")
	}
	if !reachable {
		return ErrCannotMessage
	}
	if settings.RecipientScope == SharedSpace && !caller.Staff() {
		shared, err := s.directory.SharingSpace(ctx, caller.ID, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			// Moderators must stay reachable.
			if !shared[id] && !members[id].Staff() {
				return ErrCannotMessage
			}
		}
	}
	return nil
}

// content checks and renders a member's text.
func (s *Service) content(text string, settings Settings) (Content, error) {
	if n := utf8.RuneCountInString(text); n > settings.MessageLength {
		return Content{}, InvalidParam("content", fmt.Sprintf("The message is %d characters long; at most %d can be sent at once.", n, settings.MessageLength))
	}
	if err := s.format.Check(text); err != nil {
		return Content{}, InvalidParam("content", err.Error())
	}
	html, plain := s.format.Render(text)
	return Content{HTML: html, Plain: plain, Preview: s.format.Preview(plain, MaxPreview)}, nil
}

// note is the content of a system note: names are members' words and must come out as plain text.
func (s *Service) note(text string) Content {
	return Content{HTML: s.format.Sanitize(escape(text)), Plain: text, Preview: s.format.Preview(text, MaxPreview)}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

func escape(text string) string { return escaper.Replace(text) }

func checkKey(key string) error {
	if len(key) > MaxClientKey {
		return InvalidParam("client_key", fmt.Sprintf("The idempotency key is longer than %d bytes.", MaxClientKey))
	}
	return nil
}

func checkTitle(title string) (string, error) {
	if !utf8.ValidString(title) || strings.ContainsRune(title, 0) {
		return "", InvalidParam("title", "The title is not valid UTF-8 text.")
	}
	title = strings.Join(strings.Fields(title), " ")
	if utf8.RuneCountInString(title) > MaxTitle {
		return "", InvalidParam("title", fmt.Sprintf("The title can have at most %d characters.", MaxTitle))
	}
	return title, nil
}

func limited(retryAfter int) error {
	if retryAfter == 0 {
		return nil
	}
	return &Error{Kind: RateLimited, Code: "jetonomy_rate_limited", Message: fmt.Sprintf("You are sending too fast. Please try again in %d seconds.", retryAfter), RetryAfter: retryAfter}
}

// distinct drops repetitions and id itself, keeping the order.
func distinct(ids []uint64, id uint64) []uint64 {
	seen := map[uint64]bool{id: true}
	kept := make([]uint64, 0, len(ids))
	for _, i := range ids {
		if !seen[i] {
			seen[i] = true
			kept = append(kept, i)
		}
	}
	return kept
}
