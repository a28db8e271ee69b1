package adminpage

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// now is what time it is in these tests.
var now = time.Date(2026, 3, 9, 20, 5, 0, 0, time.UTC)

var (
	ann  = messaging.Person{ID: 1, Login: "admin", DisplayName: "Admin"}
	mod  = messaging.Person{ID: 2, Login: "moderator", DisplayName: "Moderator"}
	one  = messaging.Person{ID: 3, Login: "member1", DisplayName: "Member 1", AvatarURL: "https://secure.gravatar.com/avatar/1?s=40"}
	two  = messaging.Person{ID: 4, Login: "member2", DisplayName: "Member 2"}
	gone = messaging.Person{ID: 5}
)

// fake is an Oversight and Members that answer with what they were given and note what they were asked.
type fake struct {
	page     oversight.Page
	detail   oversight.Detail
	given    *oversight.Given // of the visit
	thread   oversight.Thread
	text     string
	previews []oversight.Preview
	ofMember []uint64
	held     map[uint64]bool
	entries  []oversight.Entry
	next     uint64
	verified oversight.Verified
	glance   oversight.Glance
	export   string
	err      error // of whatever comes first
	refusal  error // of an export

	calls  []string
	filter oversight.Filter
	asked  oversight.ThreadFilter
	log    oversight.LogFilter
	purged []uint64
	who    oversight.Visitor
}

func (f *fake) called(format string, args ...any) error {
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
	return f.err
}

func (f *fake) Conversations(_ context.Context, v oversight.Visitor, filter oversight.Filter) (oversight.Page, error) {
	f.who, f.filter = v, filter
	return f.page, f.called("list")
}

func (f *fake) Detail(_ context.Context, _ oversight.Visitor, id uint64) (oversight.Detail, error) {
	if id != f.detail.ID {
		return oversight.Detail{}, messaging.ErrNotFound
	}
	return f.detail, f.called("detail %d", id)
}

func (f *fake) Visited(_ context.Context, v oversight.Visitor, _ uint64) (oversight.Given, bool, error) {
	f.who = v
	if f.given == nil {
		return oversight.Given{}, false, nil
	}
	return *f.given, true, nil
}

func (f *fake) BeginVisit(_ context.Context, v oversight.Visitor, id uint64, g oversight.Given) error {
	f.who = v
	return f.called("visit %d %s %s", id, g.Reason, g.Note)
}

func (f *fake) Thread(_ context.Context, _ oversight.Visitor, id uint64, filter oversight.ThreadFilter, _ oversight.Given) (oversight.Thread, error) {
	f.asked = filter
	return f.thread, f.called("thread %d", id)
}

func (f *fake) Text(_ context.Context, _ oversight.Visitor, id, message uint64) (string, error) {
	return f.text, f.called("text %d %d", id, message)
}

func (f *fake) Previews(_ context.Context, ids []uint64) ([]oversight.Preview, error) {
	return f.previews, f.called("previews %v", ids)
}

func (f *fake) Member(ctx context.Context, v oversight.Visitor, user uint64, limit int) ([]uint64, error) {
	f.who = v
	if err := f.called("member %d", user); err != nil {
		return nil, err
	}
	return f.OfMember(ctx, user, 0, limit)
}

func (f *fake) OfMember(_ context.Context, _, after uint64, limit int) ([]uint64, error) {
	var ids []uint64
	for _, id := range f.ofMember {
		if id > after && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	return ids, f.called("of member after %d", after)
}

func (f *fake) Purge(_ context.Context, _ oversight.Visitor, id uint64, g oversight.Given) (bool, error) {
	if f.held[id] {
		return false, oversight.ErrHeld
	}
	f.purged = append(f.purged, id)
	return true, f.called("purge %d %s", id, g.Reason)
}

func (f *fake) SetHold(_ context.Context, _ oversight.Visitor, id uint64, on bool, reason string) error {
	return f.called("hold %d %t %s", id, on, reason)
}

func (f *fake) Entries(_ context.Context, filter oversight.LogFilter) ([]oversight.Entry, uint64, error) {
	f.log = filter
	return f.entries, f.next, f.called("entries")
}

func (f *fake) Verify(ctx context.Context) (oversight.Verified, error) {
	if err := f.called("verify"); err != nil {
		return oversight.Verified{}, err
	}
	return f.verified, nil
}

func (f *fake) Glance(context.Context) (oversight.Glance, error) { return f.glance, f.called("glance") }

func (f *fake) ExportConversation(_ context.Context, _ oversight.Visitor, w io.Writer, _ oversight.Format, id uint64, _ oversight.Given) error {
	if f.export != "" {
		if _, err := io.WriteString(w, f.export); err != nil {
			return err
		}
	}
	return cmp.Or(f.refusal, f.called("export %d", id))
}

func (f *fake) ExportMember(_ context.Context, _ oversight.Visitor, w io.Writer, _ oversight.Format, id uint64, g oversight.Given) error {
	if f.refusal != nil {
		return f.refusal
	}
	if _, err := io.WriteString(w, f.export); err != nil {
		return err
	}
	return f.called("export member %d %s", id, g.Reason)
}

func (f *fake) Members(_ context.Context, ids []uint64) (map[uint64]messaging.Member, error) {
	found := make(map[uint64]messaging.Member)
	for _, p := range []messaging.Person{ann, mod, one, two} {
		for _, id := range ids {
			if p.ID == id {
				found[id] = messaging.Member{Person: p}
			}
		}
	}
	return found, nil
}

func (f *fake) MemberByLogin(_ context.Context, login string) (messaging.Member, bool, error) {
	for _, p := range []messaging.Person{ann, mod, one, two} {
		if p.Login == login {
			return messaging.Member{Person: p}, true, nil
		}
	}
	return messaging.Member{}, false, nil
}

// fakeReports is a Reports.
type fakeReports struct {
	list    []oversight.Report
	next    uint64
	report  oversight.Report
	sealed  []oversight.Sealed
	open    int
	decided bool
	err     error
	ruling  oversight.Ruling
	asked   []bool // whether open ones
}

func (f *fakeReports) List(_ context.Context, _ oversight.Visitor, open bool, _ uint64, _ int) ([]oversight.Report, uint64, error) {
	f.asked = append(f.asked, open)
	return f.list, f.next, f.err
}

func (f *fakeReports) Count(context.Context, oversight.Visitor) (int, error) { return f.open, nil }

func (f *fakeReports) Open(_ context.Context, _ oversight.Visitor, id uint64) (oversight.Report, []oversight.Sealed, error) {
	if id != f.report.ID {
		return oversight.Report{}, nil, messaging.ErrNotFound
	}
	return f.report, f.sealed, nil
}

func (f *fakeReports) Decide(_ context.Context, _ oversight.Visitor, _ uint64, r oversight.Ruling) (bool, error) {
	f.ruling = r
	return f.decided, f.err
}

// site is the handler with what is behind it.
type site struct {
	*fake
	reports *fakeReports
	handler http.Handler
	logged  []error

	unsigned []error
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{fake: &fake{}, reports: &fakeReports{decided: true}}
	s.handler = New(Options{
		Oversight: s.fake, Reports: s.reports, Members: s.fake,
		Authenticate: func(_ context.Context, bearer string) (Caller, error) {
			switch bearer {
			case "admin", "unsigned":
				return Caller{Person: ann, Session: "session:1", Administrator: true, Moderator: true}, nil
			case "moderator":
				return Caller{Person: mod, Session: "session:2", Moderator: true}, nil
			case "member":
				return Caller{Person: one, Session: "session:3"}, nil
			}
			return Caller{}, &AuthError{Message: "This token is not valid here."}
		},
		Verify: func(_, path string, header http.Header, _ []byte) error {
			if !strings.HasPrefix(path, "/jetonomy-sidecar/v1/admin/") || header.Get("X-Signed-For-Tests") == "" {
				return errors.New("not signed")
			}
			return nil
		},
		Refused:  func(_ *http.Request, err error) { s.unsigned = append(s.unsigned, err) },
		Location: func() *time.Location { return time.FixedZone("", 3600) },
		Now:      func() time.Time { return now },
		NoRoute:  http.NotFoundHandler(),
		Log:      func(_ *http.Request, err error) { s.logged = append(s.logged, err) },
	})
	return s
}

// texts are the page's, in English.
func englishTexts(t *testing.T) json.RawMessage {
	t.Helper()
	b, err := os.ReadFile("testdata/strings.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type query map[string]any

// ask sends a request as the plugin does, a form where form is not nil.
func (s *site) ask(t *testing.T, as, page string, q query, form query) (*httptest.ResponseRecorder, answer) {
	t.Helper()
	return s.call(t, "/page", as, page, q, form)
}

func (s *site) call(t *testing.T, path, as, page string, q query, form query) (*httptest.ResponseRecorder, answer) {
	t.Helper()
	if q == nil {
		q = query{}
	}
	body := map[string]any{
		"page": page, "query": q, "strings": englishTexts(t),
		"frame": map[string]any{
			"url": "https://example.org/wp-admin/admin.php?page=conversations", "nonce": "a1b2c3", "address": "192.0.2.7", "can_silence": true,
			"columns": append([]string{"title"}, columns...), "date_format": "F j, Y", "time_format": "g:i a", "thousands": ",", "decimal": ".",
		},
	}
	if form != nil {
		body["form"] = form
	}
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, Prefix+path, bytes.NewReader(b))
	if as != "unsigned" {
		r.Header.Set("X-Signed-For-Tests", "yes")
	}
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+as)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	var a answer
	if w.Code == http.StatusOK && path == "/page" || w.Code != http.StatusOK && as != "unsigned" && path == "/export" {
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
	return w, a
}

// shows is ask for a page that has to be there, with these texts in it.
func (s *site) shows(t *testing.T, page string, q query, want ...string) string {
	t.Helper()
	w, a := s.ask(t, "admin", page, q, nil)
	if w.Code != http.StatusOK || a.Status != http.StatusOK {
		t.Fatalf("%s: %d, %d: %s", page, w.Code, a.Status, cmp.Or(a.HTML, w.Body.String()))
	}
	contains(t, a.HTML, want...)
	return a.HTML
}

func contains(t *testing.T, html string, want ...string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(html, text) {
			t.Errorf("no %q in:\n%s", text, html)
		}
	}
}

func lacks(t *testing.T, html string, unwanted ...string) {
	t.Helper()
	for _, text := range unwanted {
		if strings.Contains(html, text) {
			t.Errorf("%q in:\n%s", text, html)
		}
	}
}

func newRecorder(s *site, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}
