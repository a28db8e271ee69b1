package oversight

import (
	"context"
	"time"

	"jetonomy-sidecar/messaging"
)

// Visitor is who looks, and from where.
type Visitor struct {
	UserID  uint64 // 0 for the service itself and its command line
	Login   string
	Address string // IP address as WordPress saw it, "" on the command line
	Session string // what tells visits apart: the token's sid
}

// Reason is why a thread is opened. A visit that has none is asked for one.
type Reason string

const (
	ReasonReport  Reason = "abuse_report"
	ReasonPrivacy Reason = "privacy_request"
	ReasonCourt   Reason = "court_order"
	ReasonHealth  Reason = "health_check"
	ReasonOther   Reason = "other" // needs a note
)

// Valid says whether r is one of the reasons.
func (r Reason) Valid() bool {
	switch r {
	case ReasonReport, ReasonPrivacy, ReasonCourt, ReasonHealth, ReasonOther:
		return true
	}
	return false
}

// Given is a reason as somebody gives it. The zero value gives none.
type Given struct {
	Reason Reason
	Note   string // at most MaxNote characters
}

// MaxNote is how much a row of the log says beside the reason, in characters.
const MaxNote = 500

// VisitLength is how long a reason that was given holds after the last page that was opened with it.
const VisitLength = 30 * time.Minute

// Sort is what a list is sorted by, and where that is the same by id.
type Sort string

const (
	ByActivity Sort = "activity"
	ByMessages Sort = "messages"
)

// Filter says which conversations a list shows. The zero value is all, most recently active first.
type Filter struct {
	Member uint64         // takes or took part; 0 for anybody
	Type   messaging.Type // "" for both
	From   time.Time      // last activity at or after it; zero for no bound
	Until  time.Time      // last activity before it; zero for no bound
	Title  string         // the stored title contains it, as the column compares texts; "" for any
	Sort   Sort           // "" is ByActivity

	// Ascending lists the smallest first, which are those without activity; else the greatest are.
	Ascending bool

	// At begins the list at the conversations that were last active before it, with those that were
	// active later on the pages before; Ascending the other way round. It counts by activity only, and
	// where there is no Cursor.
	At time.Time

	// Cursor continues an earlier page, "" is the first one. Back turns the direction round: the page
	// before the cursor.
	Cursor string
	Back   bool
	Limit  int // rows, 1 to 100; 0 is 50

	// Viewer is who looks: what was reported of them does not count among the open reports. The Service
	// fills it in.
	Viewer uint64
}

// Row is a conversation in a list.
type Row struct {
	ID           uint64
	Type         messaging.Type
	Title        string // as stored, may be empty
	Participants []Participant
	MessageCount int
	CreatedAt    time.Time
	LastActivity time.Time // zero while there is no message
	OpenReports  int       // but for those of the viewer
	Held         bool
}

// Participant is a member's place in a conversation, as far as oversight needs it: what they archived,
// muted or read is their own.
type Participant struct {
	Person   messaging.Person
	JoinedAt time.Time
	LeftAt   time.Time // zero while they take part
}

// Page is a part of a list. Previous and Next are cursors, "" where there is no more. Partial is true when
// the search stopped at its bound of rows to look at; Next then goes on from there.
type Page struct {
	Rows           []Row
	Previous, Next string
	Partial        bool
}

// Hold is a legal hold: nothing of the conversation is deleted or blanked while it is on.
type Hold struct {
	Since  time.Time
	By     uint64
	Reason string
}

// Detail is a conversation without its messages.
type Detail struct {
	Row
	CreatedBy messaging.Person
	Hold      *Hold
}

// ThreadFilter says which messages of a conversation are shown, newest first.
type ThreadFilter struct {
	Before uint64    // message id; 0 is the newest
	After  uint64    // instead of Before: the page of newer ones
	At     time.Time // instead of both: the newest message before this moment
	Text   string    // the text contains it, as the column compares texts
	Limit  int       // 1 to 100; 0 is 50
}

// Message is a message as oversight shows it: plain text.
type Message struct {
	ID       uint64
	Sender   messaging.Person // "Deleted User" when gone
	Excerpt  string           // at most 300 characters
	Cut      bool             // whether Excerpt is not all of it
	IsSystem bool
	SentAt   time.Time
}

// Thread is a page of messages, newest first. Older and Newer are message ids to go on from, 0 for no more.
type Thread struct {
	Messages     []Message
	Older, Newer uint64
	Partial      bool
}

// Preview is what a purge takes away.
type Preview struct {
	ID       uint64
	Title    string
	Type     messaging.Type
	Messages int
	People   []messaging.Person
	Held     bool
}

// Action is what a row of the access log tells of.
type Action string

const (
	ActionOpen      Action = "open"   // a thread's page
	ActionText      Action = "text"   // a message's full text
	ActionSearch    Action = "search" // in the list by title or member, or in a thread
	ActionExport    Action = "export"
	ActionPurge     Action = "purge"
	ActionHold      Action = "hold"
	ActionRelease   Action = "release"
	ActionReport    Action = "report"    // a report's sealed part was opened
	ActionDecide    Action = "decide"    // a report was dismissed, or followed by a warning or a silence
	ActionRetention Action = "retention" // the nightly job purged it
)

// Entry is a row of the access log. Hash is SHA-256 over the row and the hash of the one before; see
// the store for the exact bytes.
type Entry struct {
	ID             uint64
	At             time.Time
	UserID         uint64
	Login          string
	Address        string
	Action         Action
	ConversationID uint64 // 0 for none
	MemberID       uint64 // 0 for none
	Reason         Reason // "" for none
	Note           string // of the reason, or the searched text; at most MaxNote characters
	Previous, Hash [32]byte
}

// LogFilter says which entries are shown, newest first.
type LogFilter struct {
	UserID, ConversationID uint64 // 0 for any
	Before                 uint64 // entry id; 0 is the newest
	Limit                  int    // 1 to 100; 0 is 50
}

// Verified is what a check of the whole log found. Newest and Head are id and hash of the last row that is as
// it was written. IsBroken is true when there is one that is not, before which rows are missing, or which is behind
// the newest one that was noted, and Broken is the id of the first of these, which may be 0; Cut is true when rows are
// missing at the end.
type Verified struct {
	Rows     uint64
	Newest   uint64
	Head     [32]byte
	IsBroken bool
	Broken   uint64
	Cut      bool
}

// Unchanged says whether the log is as it was written.
func (v Verified) Unchanged() bool { return !v.IsBroken && !v.Cut }

// Day is one day's number of messages.
type Day struct {
	Date     time.Time // 00:00 UTC
	Messages int
}

// Glance is the state of messaging in numbers. What is counted is counted in the background: it is as old as the
// two times say, which are zero before the first count has ended.
type Glance struct {
	Conversations int
	Messages      int
	UnreadShare   float64   // of the places in conversations, 0 to 1
	TotalsAsOf    time.Time // of these three

	Days          []Day     // 30, oldest first; of what was sent, deleted or not
	ActiveMembers int       // who sent something in these days
	DaysAsOf      time.Time // of these two

	Pending     int  // events on their way to WordPress
	PendingMore bool // there may be more of them: they are not counted to their end
	Parked      int  // of the oldest events that failed, those that WordPress could not handle
}

// AsOf is the time of the older numbers, zero while some are not known.
func (g Glance) AsOf() time.Time {
	if g.DaysAsOf.Before(g.TotalsAsOf) {
		return g.DaysAsOf
	}
	return g.TotalsAsOf
}

// Store is what oversight needs of the database. Methods that take an entry write it into the access log in
// the transaction of the change. A conversation that is not there is messaging.ErrNotFound.
type Store interface {
	Conversations(ctx context.Context, f Filter) (Page, error)
	Detail(ctx context.Context, viewer, conversationID uint64) (Detail, error)
	Thread(ctx context.Context, conversationID uint64, f ThreadFilter) (Thread, error)
	Text(ctx context.Context, conversationID, messageID uint64) (string, error)

	// Previews are in the order of ids; what is gone is left out.
	Previews(ctx context.Context, ids []uint64) ([]Preview, error)

	// OfMember lists conversations that the member takes or took part in, ascending, behind the id after.
	OfMember(ctx context.Context, userID, after uint64, limit int) (ids []uint64, err error)

	// Visit gives the reason of the running visit and prolongs it; ok is false when there is none.
	Visit(ctx context.Context, v Visitor, conversationID uint64) (g Given, ok bool, err error)
	BeginVisit(ctx context.Context, v Visitor, conversationID uint64, g Given) error

	// Log appends an entry; ID, At and the hashes are filled in.
	Log(ctx context.Context, e Entry) (Entry, error)
	Entries(ctx context.Context, f LogFilter) (entries []Entry, next uint64, err error)

	// Verify reads the whole log and gives each row that is as it was written to each, which may be nil.
	Verify(ctx context.Context, each func(Entry)) (Verified, error)

	// Purge makes a conversation unreachable for good and says whether this call did it: if not, there was
	// none, and nothing is logged. A held one is ErrHeld.
	Purge(ctx context.Context, conversationID uint64, e Entry) (bool, error)

	// SetHold changes nothing, and logs nothing, where the hold is on or off already.
	SetHold(ctx context.Context, conversationID uint64, on bool, reason string, e Entry) error

	// Export gives all messages of a conversation to each in turn, the oldest first; it stops at the first
	// error. With a member only what that member sent or could read.
	Export(ctx context.Context, conversationID, memberID uint64, each func(ExportedMessage) error) error

	Glance(ctx context.Context) (Glance, error)

	// Inactive lists conversations without activity since before, the longest inactive first, held ones
	// left out. after is the last one of an earlier list.
	Inactive(ctx context.Context, before time.Time, after *Row, limit int) ([]Row, error)

	// PurgeInactive is Purge, but leaves alone, and says false of, what is held or not inactive any more.
	PurgeInactive(ctx context.Context, conversationID uint64, before time.Time, e Entry) (bool, error)
}
