package oversight

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/messaging"
)

// book is a Store that notes in which order it is asked, and can refuse to write its log.
type book struct {
	Store
	calls   []string
	entries []Entry
	visits  map[string]Given
	full    bool
	detail  Detail
	export  []ExportedMessage
	broken  int // the export fails behind so many messages; 0 for never
}

var (
	errFull   = errors.New("the log cannot be written")
	errBroken = errors.New("the database is gone")
)

const there = 5 // the conversation that exists

func (b *book) call(name string) { b.calls = append(b.calls, name) }

func (b *book) Log(_ context.Context, e Entry) (Entry, error) {
	if b.call("log"); b.full {
		return e, errFull
	}
	b.entries = append(b.entries, e)
	return e, nil
}

func visitKey(v Visitor, id uint64) string { return fmt.Sprint(v.UserID, v.Session, id) }

func (b *book) Visit(_ context.Context, v Visitor, id uint64) (Given, bool, error) {
	g, ok := b.visits[visitKey(v, id)]
	return g, ok, nil
}

func (b *book) BeginVisit(_ context.Context, v Visitor, id uint64, g Given) error {
	b.visits[visitKey(v, id)] = g
	return nil
}

func (b *book) Conversations(context.Context, Filter) (Page, error) {
	b.call("list")
	return Page{Rows: []Row{{ID: there}}}, nil
}

func (b *book) Detail(_ context.Context, _, id uint64) (Detail, error) {
	if id != there {
		return Detail{}, messaging.ErrNotFound
	}
	return b.detail, nil
}

func (b *book) Thread(context.Context, uint64, ThreadFilter) (Thread, error) {
	b.call("thread")
	return Thread{Older: 1}, nil
}

func (b *book) Text(context.Context, uint64, uint64) (string, error) {
	b.call("text")
	return "text", nil
}

func (b *book) Purge(_ context.Context, _ uint64, e Entry) (bool, error) {
	b.call("purge")
	b.entries = append(b.entries, e)
	return true, nil
}

func (b *book) SetHold(_ context.Context, _ uint64, _ bool, _ string, e Entry) error {
	b.call("hold")
	b.entries = append(b.entries, e)
	return nil
}

func (b *book) OfMember(_ context.Context, _, after uint64, limit int) ([]uint64, error) {
	b.call("of member")
	var ids []uint64
	for id := after + 1; id <= 250 && len(ids) < limit; id++ {
		ids = append(ids, id)
	}
	return ids, nil
}

func (b *book) Export(_ context.Context, id, member uint64, each func(ExportedMessage) error) error {
	b.call("export")
	for i, m := range b.export {
		if b.broken != 0 && i == b.broken {
			return errBroken
		}
		if m.ConversationID = id; member != 0 {
			m.Text = fmt.Sprintf("of %d", member)
		}
		if err := each(m); err != nil {
			return err
		}
	}
	return nil
}

var (
	visiting = Visitor{UserID: 1, Login: "admin", Address: "192.0.2.1", Session: "session:a"}
	court    = Given{Reason: ReasonCourt, Note: "case 7"}
)

func newBook() (*book, *Service) {
	b := &book{visits: map[string]Given{}}
	return b, New(b)
}

// operations are all that show or change something that the log has to tell of.
var operations = map[string]struct {
	action Action
	run    func(context.Context, *Service) error
}{
	"search by title": {ActionSearch, func(ctx context.Context, s *Service) error {
		return second(s.Conversations(ctx, visiting, Filter{Title: "x"}))
	}},
	"search by member": {ActionSearch, func(ctx context.Context, s *Service) error {
		return second(s.Conversations(ctx, visiting, Filter{Member: 3, Cursor: "x"}))
	}},
	"list a member's": {ActionSearch, func(ctx context.Context, s *Service) error {
		return second(s.Member(ctx, visiting, 3, 100))
	}},
	"open": {ActionOpen, func(ctx context.Context, s *Service) error {
		return second(s.Thread(ctx, visiting, there, ThreadFilter{}, court))
	}},
	"search in thread": {ActionSearch, func(ctx context.Context, s *Service) error {
		return second(s.Thread(ctx, visiting, there, ThreadFilter{Text: "x"}, court))
	}},
	"export": {ActionExport, func(ctx context.Context, s *Service) error {
		return s.ExportConversation(ctx, visiting, new(bytes.Buffer), CSV, there, court)
	}},
	"export a member's": {ActionExport, func(ctx context.Context, s *Service) error {
		return s.ExportMember(ctx, visiting, new(bytes.Buffer), JSON, 3, court)
	}},
}

func second[T any](_ T, err error) error { return err }

// The row is written before anything is read; where it cannot be written nothing is.
func TestLoggedFirst(t *testing.T) {
	t.Parallel()
	for name, o := range operations {
		b, s := newBook()
		if err := o.run(t.Context(), s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(b.entries) != 1 || len(b.calls) < 2 || b.calls[0] != "log" {
			t.Fatalf("%s: %v, %+v", name, b.calls, b.entries)
		}
		if e := b.entries[0]; e.Action != o.action || e.UserID != 1 || e.Login != "admin" || e.Address != "192.0.2.1" {
			t.Errorf("%s: %+v", name, e)
		}
		b, s = newBook()
		b.full = true
		if err := o.run(t.Context(), s); !errors.Is(err, errFull) || !slices.Equal(b.calls, []string{"log"}) {
			t.Errorf("%s with a log that cannot be written: %v, %v", name, b.calls, err)
		}
	}
}

func TestEntriesSayWhat(t *testing.T) {
	t.Parallel()
	b, s := newBook()
	ctx := t.Context()
	if _, err := s.Conversations(ctx, visiting, Filter{}); err != nil || len(b.entries) != 0 {
		t.Errorf("the plain list: %v, %+v", err, b.entries)
	}
	for _, err := range []error{
		second(s.Conversations(ctx, visiting, Filter{Member: 3, Title: "plans"})),
		second(s.Thread(ctx, visiting, there, ThreadFilter{}, court)),
		second(s.Thread(ctx, visiting, there, ThreadFilter{Before: 9}, Given{})),
		second(s.Thread(ctx, visiting, there, ThreadFilter{Text: "knife"}, Given{})),
		second(s.Text(ctx, visiting, there, 77)),
		s.ExportConversation(ctx, visiting, new(bytes.Buffer), JSON, there, Given{}),
		s.ExportMember(ctx, visiting, new(bytes.Buffer), CSV, 3, Given{Reason: ReasonPrivacy}),
		s.SetHold(ctx, visiting, there, true, " case 7 "),
		s.SetHold(ctx, visiting, there, false, ""),
		second(s.Purge(ctx, visiting, there, Given{})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	type what struct {
		Action               Action
		Conversation, Member uint64
		Reason               Reason
		Note                 string
	}
	var got []what
	for _, e := range b.entries {
		got = append(got, what{e.Action, e.ConversationID, e.MemberID, e.Reason, e.Note})
	}
	want := []what{
		{ActionSearch, 0, 3, "", "plans"},
		{ActionOpen, there, 0, ReasonCourt, "case 7"},
		{ActionOpen, there, 0, ReasonCourt, "case 7"},
		{ActionSearch, there, 0, ReasonCourt, "knife"},
		{ActionText, there, 0, ReasonCourt, "message 77"},
		{ActionExport, there, 0, ReasonCourt, "case 7"},
		{ActionExport, 0, 3, ReasonPrivacy, ""},
		{ActionHold, there, 0, "", "case 7"},
		{ActionRelease, there, 0, "", ""},
		{ActionPurge, there, 0, ReasonCourt, "case 7"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Without a visit and a reason nothing is shown, and a visit is one visitor's to one conversation.
func TestReasonNeeded(t *testing.T) {
	t.Parallel()
	b, s := newBook()
	ctx := t.Context()
	if err := second(s.Thread(ctx, visiting, there, ThreadFilter{}, court)); err != nil {
		t.Fatal(err)
	}
	b.calls = nil
	other := visiting
	other.Session = "session:b"
	for name, err := range map[string]error{
		"another session":      second(s.Thread(ctx, other, there, ThreadFilter{}, Given{})),
		"another conversation": second(s.Thread(ctx, visiting, there+1, ThreadFilter{}, Given{})),
		"text":                 second(s.Text(ctx, other, there, 1)),
		"purge":                second(s.Purge(ctx, other, there, Given{})),
		"export":               s.ExportConversation(ctx, other, new(bytes.Buffer), CSV, there, Given{}),
	} {
		if !errors.Is(err, ErrReasonNeeded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, g := range map[string]Given{
		"unknown":            {Reason: "curiosity", Note: "x"},
		"a note alone":       {Note: "x"},
		"other, and no note": {Reason: ReasonOther, Note: " "},
		"a long note":        {Reason: ReasonCourt, Note: strings.Repeat("ä", MaxNote+1)},
		"no text":            {Reason: ReasonCourt, Note: "\xff"},
	} {
		for _, err := range []error{
			second(s.Thread(ctx, visiting, there, ThreadFilter{}, g)),
			second(s.Purge(ctx, visiting, there, g)),
			s.ExportMember(ctx, visiting, new(bytes.Buffer), CSV, 3, g),
		} {
			if e, ok := messaging.AsError(err); !ok || e.Kind != messaging.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, err := range map[string]error{
		"a member's export without a reason": s.ExportMember(ctx, visiting, new(bytes.Buffer), CSV, 3, Given{}),
		"a hold without a reason":            s.SetHold(ctx, visiting, there, true, " "),
		"a format":                           s.ExportConversation(ctx, visiting, new(bytes.Buffer), "pdf", there, court),
	} {
		if e, ok := messaging.AsError(err); !ok || e.Kind != messaging.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, err := range []error{
		second(s.Thread(ctx, visiting, there+1, ThreadFilter{}, court)),
		s.ExportConversation(ctx, visiting, new(bytes.Buffer), CSV, there+1, court),
	} {
		if !errors.Is(err, messaging.ErrNotFound) {
			t.Errorf("of nothing: %v", err)
		}
	}
	if len(b.calls) != 0 || len(b.visits) != 1 {
		t.Errorf("%v, %v", b.calls, b.visits)
	}
}

func TestExportJSON(t *testing.T) {
	t.Parallel()
	b, s := newBook()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	b.export = []ExportedMessage{
		{Title: `=1+1 "x"`, ID: 1, Sender: messaging.Person{ID: 3, Login: "member3"}, Text: "<b>\n</script>", SentAt: at},
		{ID: 2, IsSystem: true},
	}
	b.detail = Detail{
		Row: Row{
			ID: there, Type: messaging.Group, Title: `=1+1 "x"`, CreatedAt: at, LastActivity: at.Add(time.Hour),
			Participants: []Participant{
				{Person: messaging.Person{ID: 3, Login: "member3", DisplayName: "Member 3"}, JoinedAt: at},
				{Person: messaging.Person{ID: 4}, JoinedAt: at, LeftAt: at.Add(time.Minute)},
			},
		},
		CreatedBy: messaging.Person{ID: 3, Login: "member3", DisplayName: "Member 3"},
	}
	var w bytes.Buffer
	if err := s.ExportConversation(t.Context(), visiting, &w, JSON, there, court); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Conversation map[string]any
		Messages     []map[string]any
	}
	if err := json.Unmarshal(w.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, w.String())
	}
	want := []map[string]any{
		{"conversation_id": 5.0, "title": `=1+1 "x"`, "id": 1.0, "sent_at": "2026-01-02T02:04:05Z", "sender_id": 3.0, "sender": "member3", "is_system": false, "text": "<b>\n</script>"},
		{"conversation_id": 5.0, "title": "", "id": 2.0, "sent_at": nil, "sender_id": 0.0, "sender": messaging.DeletedName, "is_system": true, "text": ""},
	}
	if diff := cmp.Diff(want, got.Messages); diff != "" {
		t.Error(diff)
	}
	// Who took part, when it began and what it is.
	if diff := cmp.Diff(map[string]any{
		"id": 5.0, "type": "group", "title": `=1+1 "x"`, "created_at": "2026-01-02T02:04:05Z", "last_activity": "2026-01-02T03:04:05Z",
		"created_by": map[string]any{"id": 3.0, "login": "member3", "name": "Member 3"},
		"participants": []any{
			map[string]any{"id": 3.0, "login": "member3", "name": "Member 3", "joined_at": "2026-01-02T02:04:05Z", "left_at": nil},
			map[string]any{"id": 4.0, "login": "", "name": messaging.DeletedName, "joined_at": "2026-01-02T02:04:05Z", "left_at": "2026-01-02T02:05:05Z"},
		},
	}, got.Conversation); diff != "" {
		t.Error(diff)
	}
	b.export = nil
	w.Reset()
	if err := s.ExportConversation(t.Context(), visiting, &w, JSON, there, court); err != nil || json.Unmarshal(w.Bytes(), &got) != nil || len(got.Messages) != 0 {
		t.Errorf("nothing: %v, %s", err, w.String())
	}
	// What breaks off is not taken for the whole.
	b.export, b.broken = make([]ExportedMessage, 1000), 900
	w.Reset()
	if err := s.ExportConversation(t.Context(), visiting, &w, JSON, there, court); !errors.Is(err, errBroken) || json.Valid(w.Bytes()) {
		t.Errorf("broken: %v, valid %t", err, json.Valid(w.Bytes()))
	}
}

func TestExportCSV(t *testing.T) {
	t.Parallel()
	b, s := newBook()
	var texts, cells []string
	for _, c := range [][2]string{
		{"hello", "hello"}, {"", ""}, {"a=b", "a=b"}, {"two\nlines, \"quoted\"", "two\nlines, \"quoted\""},
		{"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\t'=1"}, {"\n=1", "'\n'=1"},
		{"x;=1+1", "x;'=1+1"}, {"x;y = 1; z", "x;y = 1; z"}, {"a\n=SUM(A1)\n- b", "a\n'=SUM(A1)\n'- b"}, {"a\t @b", "a\t' @b"}, {"a;;+1", "a;;'+1"}, {"  =1", "'  =1"},
		{"＝1", "'＝1"}, {"|calc", "'|calc"}, {"\ufeff=1", "'\ufeff=1"},
	} {
		texts, cells = append(texts, c[0]), append(cells, c[1])
	}
	for i, text := range texts {
		b.export = append(b.export, ExportedMessage{ID: uint64(i), Title: text, Sender: messaging.Person{Login: "x", DisplayName: text}, Text: text})
	}
	var w bytes.Buffer
	if err := s.ExportConversation(t.Context(), visiting, &w, CSV, there, court); err != nil {
		t.Fatal(err)
	}
	// Excel knows UTF-8 by its mark alone.
	text, marked := strings.CutPrefix(w.String(), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != len(texts)+1 || !marked || rows[0][0] != "conversation_id" {
		t.Fatalf("%d rows, %v: %.100s", len(rows), err, w.String())
	}
	for i, row := range rows[1:] {
		for _, column := range []int{1, 7} {
			if row[column] != cells[i] {
				t.Errorf("%q became %q, want %q", texts[i], row[column], cells[i])
			}
		}
		if texts[i] != "" && row[5] != cells[i] {
			t.Errorf("the name %q became %q", texts[i], row[5])
		}
	}
}

// failing takes so many bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

// An export of a member is that of all their conversations, and ends when nobody takes it any more.
func TestExportMember(t *testing.T) {
	t.Parallel()
	b, s := newBook()
	b.export = []ExportedMessage{{ID: 1}, {ID: 2}}
	var w bytes.Buffer
	if err := s.ExportMember(t.Context(), visiting, &w, JSON, 3, court); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Conversation *struct{}
		Messages     []struct {
			ConversationID uint64 `json:"conversation_id"`
			Text           string
		}
	}
	if err := json.Unmarshal(w.Bytes(), &got); err != nil || len(got.Messages) != 500 || got.Messages[499].ConversationID != 250 || got.Messages[0].Text != "of 3" || got.Conversation != nil {
		t.Errorf("%v, %d messages", err, len(got.Messages))
	}
	for _, f := range []Format{JSON, CSV} {
		b.calls = nil
		if err := s.ExportMember(t.Context(), visiting, &failing{left: 5000}, f, 3, court); !errors.Is(err, errBroken) || len(b.calls) > 200 {
			t.Errorf("%s: %v behind %d calls", f, err, len(b.calls))
		}
	}
}
