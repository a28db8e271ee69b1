package messaging

import "time"

// The types below are what the site's owner is told of members and conversations: by WordPress, whose
// business it is to know who may ask. They carry no text, except what a member's own export holds.

// MaxBlocks is how many blocks an [Overview] has at most of each kind.
const MaxBlocks = 100

// Overview is a member's part in messaging, in numbers, and the blocks they are in: of each kind the first
// MaxBlocks by the other member's id.
type Overview struct {
	Conversations  int // those they left included
	Messages       int // sent, without system notes
	Blocks         []Block
	BlockCount     int
	BlockedBy      []Block
	BlockedByCount int
}

// Block is one side of a block: the other member, and since when.
type Block struct {
	UserID uint64
	Since  time.Time // zero where it is not known: of a block that was adopted
}

// ExportGroup is a part of a member's export.
type ExportGroup string

const (
	ExportConversations ExportGroup = "conversations" // messages they sent and received
	ExportSettings      ExportGroup = "settings"      // what they set, by conversation
	ExportBlocks        ExportGroup = "blocks"        // whom they block, never who blocks them
	ExportReports       ExportGroup = "reports"       // what they reported, never what was reported of them
)

// ExportItem is one thing that is kept of a member. Group and ID name it for good.
type ExportItem struct {
	Group          ExportGroup
	ID             string
	ConversationID uint64        // where it belongs to one
	Fields         []ExportField // in the order to be shown
}

// ExportField is one line of an ExportItem.
type ExportField struct{ Name, Value string }

// ExportVolume is how much a member's export holds, counted up to a bound: Items of all groups, and the Bytes of their
// texts.
type ExportVolume struct{ Items, Bytes int }

// ConversationSummary is a conversation as the site's owner sees it: who, when, how many.
type ConversationSummary struct {
	ID            uint64
	Type          Type
	Title         string   // as stored, may be empty
	Participants  []uint64 // those who left included, ascending
	MessageCount  int
	LastMessageAt time.Time // zero while there is none
}
