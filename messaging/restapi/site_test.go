package restapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/restapi"
)

const (
	home = "https://example.org"
	api  = "/wp-json/jetonomy/v1"
)

// Ids of the members of a test site.
const (
	admin uint64 = iota + 1
	moderator
	newcomer
	member1 = iota + 8
	member2
	member3
	member4
)

// site is the API over a store in memory, for one test.
type site struct {
	t       testing.TB
	handler http.Handler
	store   *fakeStore
	limits  *fakeLimiter

	mu     sync.Mutex
	logged []error
}

func newSite(t testing.TB) *site {
	t.Helper()
	people := map[uint64]messaging.Member{}
	for login, id := range map[string]uint64{"admin": admin, "moderator": moderator, "newcomer": newcomer, "member1": member1, "member2": member2, "member3": member3, "member4": member4} {
		people[id] = messaging.Member{
			Person: messaging.Person{
				ID: id, Login: login, DisplayName: strings.ToUpper(login[:1]) + login[1:],
				AvatarURL: fmt.Sprintf("https://secure.gravatar.com/avatar/%d?s=40&d=mm&r=g", id),
			},
			TrustLevel:    1,
			Administrator: id == admin,
			Moderator:     id == moderator,
		}
	}
	for i := range 20 { // for groups that are too large
		id := uint64(100 + i)
		people[id] = messaging.Member{Person: messaging.Person{ID: id, Login: fmt.Sprintf("extra%02d", i)}, TrustLevel: 1}
	}
	low := people[newcomer]
	low.TrustLevel = 0
	people[newcomer] = low

	now := func() time.Time { return time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC) }
	s := &site{
		t:      t,
		limits: &fakeLimiter{},
		store: &fakeStore{
			people: people, now: now,
			blocks: map[[2]uint64]bool{}, requests: map[uint64]map[string]fakeRequest{}, fails: map[string]error{},
		},
	}
	service := messaging.NewService(s.store, s.store, fakeFormatter{}, s.limits, messaging.DefaultSettings)
	s.handler = restapi.New(restapi.Options{
		Service:      service,
		Authenticate: s.authenticate,
		Home:         func() string { return home },
		Now:          func() time.Time { return now().Add(5 * time.Minute) },
		NoRoute: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset=UTF-8")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`)
		}),
		Log: func(_ *http.Request, err error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.logged = append(s.logged, err)
		},
	})
	return s
}

// authenticate takes a member's login as the token.
func (s *site) authenticate(_ context.Context, bearer string) (messaging.Member, error) {
	switch bearer {
	case "expired":
		return messaging.Member{}, fmt.Errorf("site: %w", &restapi.AuthError{Message: "The token has expired. Get a new one."})
	case "broken":
		return messaging.Member{}, errors.New("dial tcp 10.0.0.1:3306: connection refused")
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for _, m := range s.store.people {
		if m.Login == bearer {
			return m, nil
		}
	}
	return messaging.Member{}, &restapi.AuthError{Message: "The token is not valid."}
}

// change alters a member.
func (s *site) change(id uint64, how func(*messaging.Member)) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	m := s.store.people[id]
	how(&m)
	s.store.people[id] = m
}

// request is a request of a member; login is empty for nobody's.
type request struct {
	login, method, path string
	body                string // JSON unless form or contentType is set
	form                url.Values
	contentType         string
	header              http.Header
	loose               bool // the body is accepted, but not worth documenting
}

type response struct {
	*httptest.ResponseRecorder
	t testing.TB
}

// send carries out a request and holds the answer against the contract.
func (s *site) send(q request) response {
	s.t.Helper()
	var body io.Reader
	contentType := q.contentType
	switch {
	case q.form != nil:
		body, contentType = strings.NewReader(q.form.Encode()), "application/x-www-form-urlencoded"
	case q.body != "":
		body = strings.NewReader(q.body)
		if contentType == "" {
			contentType = "application/json"
		}
	}
	r := httptest.NewRequest(q.method, api+q.path, body)
	maps.Copy(r.Header, q.header)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if q.login != "" {
		r.Header.Set("Authorization", "Bearer "+q.login)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	checkContract(s.t, r, q, w)
	return response{w, s.t}
}

func (s *site) get(login, path string) response {
	s.t.Helper()
	return s.send(request{login: login, method: "GET", path: path})
}

func (s *site) post(login, path, body string) response {
	s.t.Helper()
	return s.send(request{login: login, method: "POST", path: path, body: body})
}

// direct has two members start a conversation and gives its path.
func (s *site) direct(from string, to uint64) string {
	s.t.Helper()
	r := s.post(from, "/conversations", fmt.Sprintf(`{"recipients":[%d],"message":"hello"}`, to))
	return fmt.Sprintf("/conversations/%v", r.status(http.StatusCreated).at("id"))
}

// group has member1 start a group with member2 and member3.
func (s *site) group() string {
	s.t.Helper()
	r := s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d,%d],"message":"hello all","title":"Project"}`, member2, member3))
	return fmt.Sprintf("/conversations/%v", r.status(http.StatusCreated).at("id"))
}

// status fails the test unless the answer has it.
func (r response) status(want int) response {
	r.t.Helper()
	if r.Code != want {
		r.t.Fatalf("status %d, want %d; body %s", r.Code, want, r.Body)
	}
	return r
}

// refused fails the test unless the answer is this refusal.
func (r response) refused(status int, code string) response {
	r.t.Helper()
	if got := r.status(status).at("code"); got != code {
		r.t.Fatalf("code %v, want %s; body %s", got, code, r.Body)
	}
	if got := r.at("data.status"); got != json.Number(fmt.Sprint(status)) {
		r.t.Fatalf("data.status %v, want %d", got, status)
	}
	return r
}

// refusedParam fails the test unless the answer is 400 for this parameter, as the client spelled it.
func (r response) refusedParam(name string) response {
	r.t.Helper()
	r.refused(http.StatusBadRequest, "rest_invalid_param")
	if got, want := r.at("message"), "Invalid parameter(s): "+name; got != want {
		r.t.Fatalf("message %q, want %q", got, want)
	}
	params, _ := r.at("data.params").(map[string]any)
	if names := slices.Collect(maps.Keys(params)); len(names) != 1 || names[0] != name {
		r.t.Fatalf("params %v, want %s", params, name)
	}
	return r
}

// at gives the value at a path of names and numbers such as data.0.id, nil where there is none.
func (r response) at(path string) any {
	r.t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(r.Body.Bytes()))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		r.t.Fatalf("body is not JSON: %v: %s", err, r.Body)
	}
	if path == "" {
		return value
	}
	for name := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// is fails the test unless the value at a path prints as want.
func (r response) is(path string, want any) response {
	r.t.Helper()
	if got := r.at(path); fmt.Sprint(got) != fmt.Sprint(want) {
		r.t.Errorf("%s is %v, want %v; body %s", path, got, want, r.Body)
	}
	return r
}

func (f *fakeStore) Members(_ context.Context, ids []uint64) (map[uint64]messaging.Member, error) {
	done, err := f.enter("Members")
	defer done()
	found := map[uint64]messaging.Member{}
	for _, id := range ids {
		if m, ok := f.people[id]; ok {
			found[id] = m
		}
	}
	return found, err
}

func (f *fakeStore) SharingSpace(_ context.Context, _ uint64, others []uint64) (map[uint64]bool, error) {
	shared := map[uint64]bool{}
	for _, id := range others {
		shared[id] = true
	}
	return shared, nil
}

type fakeLimiter struct{ wait int }

func (l *fakeLimiter) Message(uint64, int) int      { return l.wait }
func (l *fakeLimiter) Conversation(uint64, int) int { return 0 }
func (l *fakeLimiter) Report(uint64, int) int       { return l.wait }

type fakeFormatter struct{}

func (fakeFormatter) Check(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("Write something first.") //nolint:staticcheck // shown to members
	}
	return nil
}

func (fakeFormatter) Render(text string) (string, string) {
	return "<p>" + html.EscapeString(text) + "</p>", text
}

func (fakeFormatter) Preview(plain string, limit int) string {
	runes := []rune(plain)
	return string(runes[:min(limit, len(runes))])
}

func (fakeFormatter) Sanitize(html string) string { return html }
func (fakeFormatter) Plain(html string) string    { return html }
