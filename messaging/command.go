package messaging

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// Request makes a mutation repeatable: the first answer is given again to the same Key with the
// same Fingerprint, and [ErrKeyReused] to the same Key with another. The zero Request is not
// remembered.
type Request struct {
	Key         string // as the client chose it, at most MaxClientKey bytes
	Fingerprint [sha256.Size]byte
}

// newRequest fingerprints what a mutation asks for, after spellings have been resolved, so that the
// same wish in another client's words is still the same wish.
func newRequest(key, operation string, wish ...any) Request {
	if key == "" {
		return Request{}
	}
	text, err := json.Marshal(wish)
	if err != nil {
		panic(fmt.Sprintf("messaging: fingerprint of %s: %v", operation, err)) // only plain values are passed
	}
	return Request{Key: key, Fingerprint: sha256.Sum256(append([]byte(operation+"\n"), text...))}
}

// Outcome is what a mutation did, and all that is remembered of it under a client key: references
// and flags, never text, so that erasing a message leaves no copy behind.
type Outcome struct {
	ConversationID uint64
	MessageID      uint64 // the message that was written, or the report that was made; 0 for none
	Created        bool   // a new conversation, or a new report, was made
	Value          bool   // the flag as set: muted, archived, blocked
	Replayed       bool   // the outcome of an earlier request with the same key
}

// Content is a message ready to be stored.
type Content struct {
	HTML    string // sanitized
	Plain   string
	Preview string // at most 255 characters
}

// StartCommand makes a conversation, or for a direct one reuses the pair's, and writes its first
// message.
type StartCommand struct {
	Request
	Sender     uint64
	Recipients []uint64 // without the sender, distinct; one makes a direct conversation
	Title      string   // groups only
	Content    Content

	// MayCreate, where it is set, is asked when a new conversation is about to be made, and not where the pair's
	// is reused; once more each time that the transaction is run again. Its error is the refusal.
	MayCreate func() error
}

// Allowed asks MayCreate.
func (c StartCommand) Allowed() error {
	if c.MayCreate == nil {
		return nil
	}
	return c.MayCreate()
}

// SendCommand writes a message.
type SendCommand struct {
	Request
	Sender         uint64
	ConversationID uint64
	Content        Content
	NeedsIncoming  bool // refuse with the trust error unless somebody else wrote before
	TrustLevel     int  // named in that refusal
}

// AddCommand adds members to a group and notes it in the thread.
type AddCommand struct {
	Request
	By             uint64
	ConversationID uint64
	Members        []uint64 // without By, distinct
	Limit          int      // participants at most
	Note           func(names []string) Content
	Names          map[uint64]string
}

// StateCommand sets a flag of the viewer's own: mute, archive, block. A nil Value turns it round.
type StateCommand struct {
	Request
	UserID         uint64
	ConversationID uint64
	Value          *bool
}

// LeaveCommand ends a member's part in a group.
type LeaveCommand struct {
	Request
	UserID         uint64
	ConversationID uint64
	Note           Content
}

// ReadCommand moves the viewer's read mark forward to the newest message at or before UpTo
// (0 = the newest there is), or with Unread marks the conversation as unread again.
type ReadCommand struct {
	Request
	UserID         uint64
	ConversationID uint64
	UpTo           uint64
	Unread         bool
}

// RenameCommand gives a group another title; empty takes it away.
type RenameCommand struct {
	Request
	UserID         uint64
	ConversationID uint64
	Title          string
}
