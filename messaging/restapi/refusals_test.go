package restapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/restapi"
)

// routes are all the operations, for conversation 1.
var routes = []struct{ method, path string }{
	{"GET", "/conversations"}, {"POST", "/conversations"},
	{"GET", "/conversations/unread-count"}, {"POST", "/conversations/read-all"},
	{"GET", "/conversations/1"}, {"PATCH", "/conversations/1"},
	{"GET", "/conversations/1/messages"}, {"POST", "/conversations/1/messages"},
	{"POST", "/conversations/1/participants"},
	{"POST", "/conversations/1/mute"}, {"POST", "/conversations/1/archive"}, {"POST", "/conversations/1/block"},
	{"POST", "/conversations/1/leave"}, {"POST", "/conversations/1/read"}, {"POST", "/conversations/1/report"},
	{"GET", "/messaging/recipient-suggestions"},
}

func TestEveryOperationIsDocumentedAndTheOtherWayRound(t *testing.T) {
	t.Parallel()
	var served, documented []string
	for _, r := range routes {
		served = append(served, r.method+" "+strings.Replace(r.path, "/1", "/{id}", 1))
	}
	for path, item := range loadContract().document.Paths.Map() {
		for method := range item.Operations() {
			documented = append(documented, method+" "+path)
		}
	}
	slices.Sort(served)
	slices.Sort(documented)
	if !slices.Equal(served, documented) {
		t.Errorf("served %q\ndocumented %q", served, documented)
	}
}

func TestAnonymous(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.direct("member1", member2)
	for _, route := range routes {
		// Who is calling is asked first: a body that is too large or of a wrong type is not looked at.
		for _, header := range []http.Header{nil, {"Authorization": {"Basic bWVtYmVyMTptZW1iZXIx"}}, {"Authorization": {"Bearer"}}, {"Authorization": {"Bearer   "}}} {
			r := s.send(request{method: route.method, path: route.path, header: header}).refused(http.StatusUnauthorized, "rest_not_logged_in").is("message", "You are not currently logged in.")
			if got := r.Header().Get("WWW-Authenticate"); got != "Bearer" {
				t.Errorf("WWW-Authenticate %q", got)
			}
		}
		for token, message := range map[string]string{"expired": "The token has expired. Get a new one.", "nonsense": "The token is not valid."} {
			r := s.send(request{login: token, method: route.method, path: route.path}).refused(http.StatusUnauthorized, "jetonomy_invalid_token").is("message", message)
			if got := r.Header().Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer ") {
				t.Errorf("WWW-Authenticate %q", got)
			}
		}
		s.send(request{login: "broken", method: route.method, path: route.path}).refused(http.StatusInternalServerError, "jetonomy_internal_error")
	}
	s.send(request{method: "GET", path: "/conversations", header: http.Header{"Authorization": {"bearer member1"}}}).status(http.StatusOK)
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.group()
	bodies := map[string]string{
		"/messages": `{"content":"hi"}`, "/participants": fmt.Sprintf(`{"recipients":[%d]}`, newcomer), "": `{"muted":true}`,
		"/report": `{"reason":"spam"}`,
	}
	// What exists, what does not, and what cannot: one answer.
	for _, id := range []string{"1", "2", "0", "18446744073709551615", "18446744073709551616", strings.Repeat("9", 200)} {
		for _, route := range routes {
			suffix, ok := strings.CutPrefix(route.path, "/conversations/1")
			if !ok {
				continue
			}
			q := request{login: "member4", method: route.method, path: "/conversations/" + id + suffix}
			if route.method != "GET" {
				q.body = bodies[suffix]
			}
			s.send(q).refused(http.StatusForbidden, "jetonomy_forbidden").is("message", messaging.ErrNotParticipant.Message)
		}
	}
}

func TestMembersWhoMayNot(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2)
	start := fmt.Sprintf(`{"recipients":[%d],"message":"hi"}`, member2)
	s.post("newcomer", "/conversations", start).refused(http.StatusForbidden, "jetonomy_forbidden")
	for code, change := range map[string]func(*messaging.Member){
		"jetonomy_user_banned":          func(m *messaging.Member) { m.Banned = true },
		"jetonomy_forbidden":            func(m *messaging.Member) { m.Silenced = true },
		"jetonomy_pending_verification": func(m *messaging.Member) { m.PendingVerification = true },
	} {
		t.Run(code, func(t *testing.T) {
			s.change(member1, change)
			s.post("member1", "/conversations", start).refused(http.StatusForbidden, code)
			s.post("member1", path+"/messages", `{"content":"hi"}`).refused(http.StatusForbidden, code)
			s.get("member1", path+"/messages").status(http.StatusOK)
			s.get("member1", "/conversations").status(http.StatusOK)
			if code == "jetonomy_pending_verification" {
				for _, action := range []string{"/mute", "/archive", "/block", "/read", "/leave"} {
					s.post("member1", path+action, ``).refused(http.StatusForbidden, code)
				}
				s.post("member1", "/conversations/read-all", ``).refused(http.StatusForbidden, code)
			} else {
				s.post("member1", path+"/mute", `{"muted":true}`).status(http.StatusOK)
			}
			s.change(member1, func(m *messaging.Member) { m.Banned, m.Silenced, m.PendingVerification = false, false, false })
		})
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.direct("member1", member2)
	allowed := map[string][]string{}
	for _, route := range routes {
		allowed[route.path] = append(allowed[route.path], route.method)
	}
	for path, methods := range allowed {
		methods = append(methods, "OPTIONS")
		if slices.Contains(methods, "GET") {
			methods = append(methods, "HEAD")
		}
		slices.Sort(methods)
		want := strings.Join(methods, ", ")
		r := s.send(request{method: "OPTIONS", path: path}).status(http.StatusOK).is("namespace", "jetonomy/v1")
		if got := r.Header().Get("Allow"); got != want {
			t.Errorf("OPTIONS %s allows %s, want %s", path, got, want)
		}
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"} {
			if slices.Contains(methods, method) {
				continue
			}
			r := s.send(request{login: "member1", method: method, path: path})
			r.status(http.StatusMethodNotAllowed)
			if got := r.Header().Get("Allow"); got != want {
				t.Errorf("%s %s: Allow is %q, want %q", method, path, got, want)
			}
			if method != "HEAD" {
				r.refused(http.StatusMethodNotAllowed, "jetonomy_method_not_allowed")
			}
		}
		if slices.Contains(methods, "GET") {
			query := ""
			if strings.HasPrefix(path, "/messaging") {
				query = "?q=member"
			}
			get, head := s.get("member1", path+query+"").status(http.StatusOK), s.send(request{login: "member1", method: "HEAD", path: path + query}).status(http.StatusOK)
			for _, name := range []string{"Content-Type", "Content-Length", "X-WP-Total", "Link", "Cache-Control"} {
				if get.Header().Get(name) != head.Header().Get(name) {
					t.Errorf("HEAD %s: %s is %q, want %q", path, name, head.Header().Get(name), get.Header().Get(name))
				}
			}
		}
	}
	s.send(request{login: "member1", method: "POST", path: "/conversations/1", header: http.Header{"X-Http-Method-Override": {"DELETE"}}}).
		refused(http.StatusMethodNotAllowed, "jetonomy_method_not_allowed")
	// Only a POST stands for another method: a GET never changes anything.
	s.send(request{login: "member1", method: "GET", path: "/conversations/1/mute", header: http.Header{"X-Http-Method-Override": {"POST"}}}).
		refused(http.StatusMethodNotAllowed, "jetonomy_method_not_allowed")
}

func TestPaths(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.direct("member1", member2)
	for _, path := range []string{"/conversations/", "/conversations//", "/conversations/1/", "/conversations/1/messages/", "/conversations/unread-count/"} {
		s.get("member1", path).status(http.StatusOK)
	}
	for _, path := range []string{"", "/", "/conversation", "/conversations/abc", "/conversations/-1", "/conversations/1.0", "/conversations/1/nothing", "/conversations/1/messages/1", "//conversations", "/conversations//1", "/conversations/../conversations", "/messaging", "/conversationsx"} {
		for _, login := range []string{"member1", ""} {
			s.send(request{login: login, method: "GET", path: path}).refused(http.StatusNotFound, "rest_no_route")
		}
	}
	r := s.get("member1", "/conversations/?page=1&limit=1")
	if got := r.Header().Get("Link"); got != "" {
		t.Errorf("Link %q", got)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2) + "/messages"
	s.limits.wait = 17
	r := s.post("member1", path, `{"content":"hi"}`).refused(http.StatusTooManyRequests, "jetonomy_rate_limited").is("data.retry_after", 17)
	if got := r.Header().Get("Retry-After"); got != "17" {
		t.Errorf("Retry-After %q", got)
	}
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d],"message":"hi"}`, member3)).refused(http.StatusTooManyRequests, "jetonomy_rate_limited")
}

func TestFaults(t *testing.T) {
	t.Parallel()
	secret := errors.New("Error 1146: Table 'wp.wp_jt_pro_messages' doesn't exist") //nolint:staticcheck // as MySQL says it
	calls := map[string]request{
		"Conversations": {method: "GET", path: "/conversations"},
		"UnreadCount":   {method: "GET", path: "/conversations/unread-count"},
		"Conversation":  {method: "GET", path: "/conversations/1"},
		"Thread":        {method: "GET", path: "/conversations/1/messages"},
		"Suggest":       {method: "GET", path: "/messaging/recipient-suggestions?q=member"},
		"StartDirect":   {method: "POST", path: "/conversations", body: fmt.Sprintf(`{"recipients":[%d],"message":"hi"}`, member2)},
		"StartGroup":    {method: "POST", path: "/conversations", body: fmt.Sprintf(`{"recipients":[%d,%d],"message":"hi"}`, member2, member3)},
		"Members":       {method: "POST", path: "/conversations", body: fmt.Sprintf(`{"recipients":[%d],"message":"hi"}`, member2)},
		"Send":          {method: "POST", path: "/conversations/1/messages", body: `{"content":"hi"}`},
		"Message":       {method: "POST", path: "/conversations/1/messages", body: `{"content":"hi"}`},
		"Add":           {method: "POST", path: "/conversations/1/participants", body: fmt.Sprintf(`{"recipients":[%d]}`, member4)},
		"Leave":         {method: "POST", path: "/conversations/1/leave"},
		"SetMuted":      {method: "POST", path: "/conversations/1/mute"},
		"SetArchived":   {method: "PATCH", path: "/conversations/1", body: `{"archived":true}`},
		"Rename":        {method: "PATCH", path: "/conversations/1", body: `{"title":"x"}`},
		"Read":          {method: "POST", path: "/conversations/1/read"},
		"ReadAll":       {method: "POST", path: "/conversations/read-all"},
		"Report":        {method: "POST", path: "/conversations/1/report", body: `{"reason":"spam"}`},
	}
	for fault, want := range map[error]struct {
		status int
		code   string
	}{
		secret: {http.StatusInternalServerError, "jetonomy_internal_error"},
		fmt.Errorf("wrapped: %w", &messaging.Error{Kind: messaging.Internal, Code: "secret", Message: "secret"}): {http.StatusInternalServerError, "jetonomy_internal_error"},
		context.DeadlineExceeded:                      {http.StatusServiceUnavailable, "jetonomy_sidecar_unavailable"},
		&net.OpError{Op: "dial", Err: errors.New("")}: {http.StatusServiceUnavailable, "jetonomy_sidecar_unavailable"},
	} {
		for method, q := range calls {
			s := newSite(t)
			s.group()
			s.store.fails[method] = fault
			q.login = "member1"
			r := s.send(q).refused(want.status, want.code)
			if body := r.Body.String(); strings.Contains(body, "1146") || strings.Contains(body, "secret") {
				t.Errorf("%s: the answer tells of the fault: %s", method, body)
			}
			if len(s.logged) != 1 || !errors.Is(s.logged[0], fault) {
				t.Errorf("%s: logged %v, want the fault once", method, s.logged)
			}
		}
	}
}

func TestClientThatLeftIsNotLogged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.store.fails["Conversations"] = fmt.Errorf("query: %w", ctx.Err())
	r := httptest.NewRequestWithContext(ctx, "GET", api+"/conversations", nil)
	r.Header.Set("Authorization", "Bearer member1")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusInternalServerError || len(s.logged) != 0 {
		t.Errorf("status %d, logged %v", w.Code, s.logged)
	}
}

func TestRenderFailure(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	restapi.RenderFailure(w, httptest.NewRequest("GET", api+"/conversations", nil), errors.New("a secret"))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), `"jetonomy_internal_error"`) || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// endless is a body of unknown length.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = ' '
	}
	e.left -= n
	return n, nil
}

func TestBodySizeOverTheWire(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2) + "/mute"
	server := httptest.NewServer(s.handler)
	defer server.Close()
	for size, want := range map[int]int{64<<10 + 1: http.StatusRequestEntityTooLarge, 64 << 10: http.StatusBadRequest, 10 << 20: http.StatusRequestEntityTooLarge} {
		for _, chunked := range []bool{false, true} {
			r, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+api+path, &endless{left: size})
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer member1")
			r.Header.Set("Content-Type", "application/json")
			if !chunked {
				r.ContentLength = int64(size)
			}
			response, err := server.Client().Do(r)
			if err != nil {
				if size > 1<<20 {
					continue // the server may hang up before the client has sent it all
				}
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("%d bytes, chunked %v: status %d, want %d", size, chunked, response.StatusCode, want)
			}
		}
	}
}
