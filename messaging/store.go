package messaging

import "context"

// Store keeps conversations. Every mutation is one unit of work: the change, the request's key and
// the event that tells WordPress of it are written together or not at all, and rules that can race
// (part taken, block, group limit, one conversation per pair) are decided inside it.
//
// All methods answer ErrNotParticipant where the member is not, or no longer, a participant.
type Store interface {
	// UnreadCount is the number of conversations in the member's inbox with something unread.
	UnreadCount(ctx context.Context, userID uint64) (int, error)
	// Conversations is a page of the member's list. What a search finds is decided by the columns'
	// collations, as everywhere in WordPress: mostly without regard to case and accents. No character of it
	// is special. Members that are gone have no name to be found by.
	Conversations(ctx context.Context, userID uint64, q ListQuery) (ConversationPage, error)
	Conversation(ctx context.Context, userID, conversationID uint64) (Conversation, error)
	Thread(ctx context.Context, userID, conversationID uint64, q ThreadQuery) (ThreadPage, error)
	Message(ctx context.Context, userID, conversationID, messageID uint64) (Message, error)

	// Counterpart gives the type of the conversation and, for a direct one, the other member's id.
	Counterpart(ctx context.Context, userID, conversationID uint64) (Type, uint64, error)

	// Suggest gives members whose display name or login starts with prefix, in the order of what
	// matched, without the caller and without those either of the two blocks; a member of whom both
	// match may come twice. after continues behind an earlier answer's last row.
	Suggest(ctx context.Context, userID uint64, prefix string, after *Candidate, limit int) ([]Candidate, error)

	// Recall gives the outcome stored under a client key. found is false for a new key or none;
	// ErrKeyReused for one that was used for another wish.
	Recall(ctx context.Context, userID uint64, r Request) (o Outcome, found bool, err error)

	StartDirect(ctx context.Context, c StartCommand) (Outcome, error)
	StartGroup(ctx context.Context, c StartCommand, limit int) (Outcome, error)
	Send(ctx context.Context, c SendCommand) (Outcome, error)
	Add(ctx context.Context, c AddCommand) (Outcome, error)
	Leave(ctx context.Context, c LeaveCommand) (Outcome, error)
	SetMuted(ctx context.Context, c StateCommand) (Outcome, error)
	SetArchived(ctx context.Context, c StateCommand) (Outcome, error)
	SetBlocked(ctx context.Context, c StateCommand) (Outcome, error)
	Rename(ctx context.Context, c RenameCommand) (Outcome, error)
	Read(ctx context.Context, c ReadCommand) (Outcome, error)

	// ReadAll marks everything in the member's inbox as read and says how many conversations that
	// changed.
	ReadAll(ctx context.Context, userID uint64) (int, error)

	// Report seals the reported message with those before it, and keeps the report. Outcome.MessageID is
	// its id; Created is false where the same member's report of the same is still open, which is given
	// then. InvalidParam("message_id") for a message that is not in the conversation, is a system note or
	// the reporter's own, and for a conversation in which nobody else has written.
	Report(ctx context.Context, c ReportCommand) (Outcome, error)
}

// Formatter turns what members type into what is stored, and what is stored into what is shown.
type Formatter interface {
	// Check refuses text that cannot be sent; the error's text is shown to the member.
	Check(text string) error
	Render(text string) (html, plain string)
	Preview(plain string, max int) string
	// Sanitize makes HTML that anybody may have stored safe to show.
	Sanitize(html string) string
	// Plain is the text of an HTML content.
	Plain(html string) string
}

// Limiter bounds what one member may write. It answers 0 when the action may go on, else how many
// seconds to wait.
type Limiter interface {
	Message(userID uint64, perMinute int) (retryAfter int)
	// Conversation is asked for each conversation that is made, and not for those that are reused.
	Conversation(userID uint64, perDay int) (retryAfter int)
	Report(userID uint64, perHour int) (retryAfter int)
}
