package messaging

import (
	"errors"
	"fmt"
)

// Kind classes an [Error] by what the caller can do about it. The HTTP status of each is decided at
// the edge, in restapi.
type Kind int

const (
	// Internal is a fault of this service or of what it depends on. Its text is never shown.
	Internal Kind = iota
	// Invalid is input that cannot be accepted as it is.
	Invalid
	// Forbidden is a refusal that no other input would change.
	Forbidden
	// NotFound is something that is not there, or not for the caller.
	NotFound
	// Conflict is a client key that was used before for something else.
	Conflict
	// RateLimited is too much in too short a time.
	RateLimited
)

// Error is a refusal with a stable code and a message that is safe to show to a member.
type Error struct {
	Kind    Kind
	Code    string
	Message string

	// Param names the input at fault in the domain's own words ("recipients", "content", "title"),
	// empty where no single one is.
	Param string

	// RetryAfter is set for RateLimited: whole seconds, at least 1.
	RetryAfter int
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Is makes two Errors equal for errors.Is when their codes and messages are.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Message == e.Message
}

// Refusals that carry no detail of the request. Codes are Jetonomy's where it has one.
var (
	// ErrNotParticipant answers for a conversation that does not exist, that the caller was never
	// in, and that the caller has left, so that nobody learns which.
	ErrNotParticipant = &Error{Kind: Forbidden, Code: "jetonomy_forbidden", Message: "You are not part of this conversation."}

	// ErrCannotMessage is the one generic refusal: blocked here or community-wide, in either
	// direction, or the other side was deleted or banned.
	ErrCannotMessage = &Error{Kind: Forbidden, Code: "jetonomy_cannot_message", Message: "Unable to send message"}

	ErrBanned              = &Error{Kind: Forbidden, Code: "jetonomy_user_banned", Message: "Your account is banned. You can read your conversations, but not write."}
	ErrSilenced            = &Error{Kind: Forbidden, Code: "jetonomy_forbidden", Message: "Your account is silenced. You can read your conversations, but not write for now."}
	ErrPendingVerification = &Error{Kind: Forbidden, Code: "jetonomy_pending_verification", Message: "Please verify your e-mail address first. The link is in the mail we sent you."}

	ErrDirectCannotBeLeft   = &Error{Kind: Invalid, Code: "jetonomy_group_only", Message: "A direct conversation cannot be left. Archive or mute it instead."}
	ErrGroupOnly            = &Error{Kind: Invalid, Code: "jetonomy_group_only", Message: "This works in group conversations only."}
	ErrGroupCannotBeBlocked = &Error{Kind: Invalid, Code: "jetonomy_direct_only", Message: "Blocking works in direct conversations only. You can leave or mute a group."}
	ErrCannotBlockModerator = &Error{Kind: Forbidden, Code: "jetonomy_cannot_block_moderator", Message: "Moderators cannot be blocked, so that they stay reachable."}

	ErrNotFound = &Error{Kind: NotFound, Code: "jetonomy_not_found", Message: "This does not exist, or not any more."}

	ErrKeyReused = &Error{Kind: Conflict, Code: "jetonomy_idempotency_conflict", Message: "This idempotency key was used before for a different request. Use a new key for a new request."}
)

// ErrTrust says which trust level writing takes.
func ErrTrust(level int) *Error {
	return &Error{Kind: Forbidden, Code: "jetonomy_forbidden", Message: fmt.Sprintf("Private messages need trust level %d. Take part in the community to reach it.", level)}
}

// TooManyParticipants refuses a group above the limit. limit counts everybody, creator included.
func TooManyParticipants(limit int) *Error {
	return &Error{Kind: Invalid, Code: "jetonomy_too_many_participants", Param: "recipients", Message: fmt.Sprintf("A conversation can have at most %d participants, you included.", limit)}
}

// InvalidParam refuses one input, in WordPress's own code for that.
func InvalidParam(param, message string) *Error {
	return &Error{Kind: Invalid, Code: "rest_invalid_param", Param: param, Message: message}
}

// AsError gives the Error in err's chain, if there is one.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}
