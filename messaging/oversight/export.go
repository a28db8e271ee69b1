package oversight

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/messaging"
)

// Format is how an export is written.
type Format string

const (
	JSON Format = "json" // {"conversation": what it is, not in an export of a member's, "messages": [one a line]}
	CSV  Format = "csv"  // a row for each message, behind one of column names; in UTF-8 with a byte order mark
)

// ExportedMessage is a message of an export, whole.
type ExportedMessage struct {
	ConversationID uint64
	Title          string // as stored, may be empty
	ID             uint64
	Sender         messaging.Person
	Text           string // plain
	IsSystem       bool
	SentAt         time.Time
}

// exportPage is how many of a member's conversations are looked up at once.
const exportPage = 100

// ExportConversation writes all messages of a conversation to w as they are read, the oldest first. It takes
// a reason, which may be that of a running visit. Until something is written an error can still be answered;
// one behind that leaves the export unfinished, and whoever serves it has to break off.
func (s *Service) ExportConversation(ctx context.Context, v Visitor, w io.Writer, f Format, conversationID uint64, g Given) error {
	write, ok := writers[f]
	if !ok {
		return errFormat
	}
	g, err := s.reason(ctx, v, conversationID, g)
	if err != nil {
		return err
	}
	d, err := s.store.Detail(ctx, v.UserID, conversationID)
	if err != nil {
		return err
	}
	e := v.entry(ActionExport)
	e.ConversationID, e.Reason, e.Note = conversationID, g.Reason, g.Note
	if _, err := s.store.Log(ctx, e); err != nil {
		return err
	}
	return write(w, &d, func(each func(ExportedMessage) error) error {
		return s.store.Export(ctx, conversationID, 0, each)
	})
}

// ExportMember writes what a member sent and could read in all their conversations, in the same way, by
// conversation. It takes a reason.
func (s *Service) ExportMember(ctx context.Context, v Visitor, w io.Writer, f Format, userID uint64, g Given) error {
	write, ok := writers[f]
	if !ok {
		return errFormat
	}
	if err := s.BeginMemberExport(ctx, v, userID, g); err != nil {
		return err
	}
	return write(w, nil, func(each func(ExportedMessage) error) error {
		for after := uint64(0); ; {
			ids, err := s.store.OfMember(ctx, userID, after, exportPage)
			if err != nil || len(ids) == 0 {
				return err
			}
			for _, id := range ids {
				if err := s.store.Export(ctx, id, userID, each); err != nil {
					return err
				}
				after = id
			}
		}
	})
}

// BeginMemberExport writes into the access log that what is kept of a member is given to the visitor. It comes before
// anything is, and takes a reason.
func (s *Service) BeginMemberExport(ctx context.Context, v Visitor, userID uint64, g Given) error {
	g, err := g.check()
	if err != nil {
		return err
	}
	e := v.entry(ActionExport)
	e.MemberID, e.Reason, e.Note = userID, g.Reason, g.Note
	_, err = s.store.Log(ctx, e)
	return err
}

var errFormat = messaging.InvalidParam("format", "Choose json or csv.")

// source gives messages to each in turn and stops at its first error.
type source func(each func(ExportedMessage) error) error

// writers write messages, of a conversation or, where that is nil, of some.
var writers = map[Format]func(io.Writer, *Detail, source) error{JSON: writeJSON, CSV: writeCSV}

// conversationJSON is a conversation in its export as JSON. Times are as in exportedJSON.
type conversationJSON struct {
	ID           uint64            `json:"id"`
	Type         messaging.Type    `json:"type"`
	Title        string            `json:"title"`
	CreatedAt    *string           `json:"created_at"`
	CreatedBy    personJSON        `json:"created_by"`
	LastActivity *string           `json:"last_activity"`
	Participants []participantJSON `json:"participants"` // all who take or took part
}

type personJSON struct {
	ID    uint64 `json:"id"`
	Login string `json:"login"` // "" for one who is gone
	Name  string `json:"name"`
}

type participantJSON struct {
	personJSON
	JoinedAt *string `json:"joined_at"`
	LeftAt   *string `json:"left_at"` // null while they take part
}

// exportedJSON is a message in an export as JSON.
type exportedJSON struct {
	ConversationID uint64  `json:"conversation_id"`
	Title          string  `json:"title"`
	ID             uint64  `json:"id"`
	SentAt         *string `json:"sent_at"` // RFC 3339, UTC; null where it is not known
	SenderID       uint64  `json:"sender_id"`
	Sender         string  `json:"sender"`
	IsSystem       bool    `json:"is_system"`
	Text           string  `json:"text"`
}

func writeJSON(w io.Writer, of *Detail, messages source) error {
	b := bufio.NewWriter(w)
	b.WriteByte('{')
	if of != nil {
		text, err := json.Marshal(conversationOf(of))
		if err != nil {
			return err
		}
		b.WriteString("\"conversation\":")
		b.Write(text)
		b.WriteString(",\n")
	}
	b.WriteString("\"messages\":[\n")
	separator := ""
	err := messages(func(m ExportedMessage) error {
		line, err := json.Marshal(exportedJSON{
			ConversationID: m.ConversationID, Title: m.Title, ID: m.ID, SentAt: known(m.SentAt), SenderID: m.Sender.ID,
			Sender: m.Sender.Name(), IsSystem: m.IsSystem, Text: m.Text,
		})
		if err != nil {
			return err
		}
		b.WriteString(separator)
		separator = ",\n"
		_, err = b.Write(line) // the first error stays, and comes back here
		return err
	})
	if err != nil {
		return err
	}
	b.WriteString("\n]}\n")
	return b.Flush()
}

func conversationOf(d *Detail) conversationJSON {
	j := conversationJSON{
		ID: d.ID, Type: d.Type, Title: d.Title, CreatedAt: known(d.CreatedAt), CreatedBy: personOf(d.CreatedBy),
		LastActivity: known(d.LastActivity), Participants: []participantJSON{},
	}
	for _, p := range d.Participants {
		j.Participants = append(j.Participants, participantJSON{personOf(p.Person), known(p.JoinedAt), known(p.LeftAt)})
	}
	return j
}

func personOf(p messaging.Person) personJSON { return personJSON{p.ID, p.Login, p.Name()} }

func writeCSV(w io.Writer, _ *Detail, messages source) error {
	c := csv.NewWriter(w)
	// Without the byte order mark Excel takes the texts for the computer's own character set.
	header := []string{"\ufeffconversation_id", "title", "id", "sent_at", "sender_id", "sender", "is_system", "text"}
	wrote := false
	err := messages(func(m ExportedMessage) error {
		if !wrote {
			wrote = true
			if err := c.Write(header); err != nil {
				return err
			}
		}
		return c.Write([]string{
			strconv.FormatUint(m.ConversationID, 10), cell(m.Title), strconv.FormatUint(m.ID, 10), sentAt(m),
			strconv.FormatUint(m.Sender.ID, 10), cell(m.Sender.Name()), strconv.FormatBool(m.IsSystem), cell(m.Text),
		})
	})
	if err != nil {
		return err
	}
	if !wrote {
		c.Write(header) // its error is Flush's, too
	}
	c.Flush()
	return c.Error()
}

// known is a time as text, nil where it is not known.
func known(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	text := at.UTC().Format(time.RFC3339)
	return &text
}

func sentAt(m ExportedMessage) string {
	if at := known(m.SentAt); at != nil {
		return *at
	}
	return ""
}

// inner finds what begins a cell for a spreadsheet that separates by semicolons or tabs, as those of many languages do
// whatever the file does, and knows no quotes in the middle of a cell.
var inner = regexp.MustCompile(`([;\t\r\n])([ \x{a0}\x{feff}]*[=+\-@＝＋－＠|%])`)

// cell is a text that no spreadsheet takes for a formula, nor any part of it: behind an apostrophe, where it could.
func cell(text string) string {
	text = inner.ReplaceAllString(text, "$1'$2")
	start := strings.TrimLeft(text, " \u00a0\ufeff")
	if start != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠|%", []rune(start)[0]) {
		return "'" + text
	}
	return text
}
