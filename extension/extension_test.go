package extension_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"jetonomy-sidecar/extension"
)

const id = extension.PrivateMessaging

// source is an option that a test sets.
type source struct{ ids atomic.Pointer[[]string] }

func newSwitch(ids ...string) (*source, *extension.Switch) {
	src := new(source)
	src.ids.Store(&ids)
	return src, extension.NewSwitch(func() []string { return *src.ids.Load() })
}

func (src *source) set(ids ...string) { src.ids.Store(&ids) }

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestSwitch(t *testing.T) {
	t.Parallel()
	src, s := newSwitch("other", id, id)
	done, other := s.Done(id), s.Done("other")
	if !s.On(id) || s.On("unknown") || closed(done) || !closed(s.Done("unknown")) {
		t.Error("wrong from the start")
	}

	src.set("other")
	if !s.On(id) {
		t.Error("off before Update")
	}
	s.Update()
	if s.On(id) || !closed(done) || !closed(s.Done(id)) {
		t.Error("still on")
	}
	if !s.On("other") || closed(other) || s.Done("other") != other {
		t.Error("another extension was disturbed")
	}

	src.set(id)
	s.Update()
	s.Update()
	again := s.Done(id)
	if !s.On(id) || closed(again) || !closed(done) {
		t.Error("not on again")
	}
	if !closed(other) {
		t.Error("the other extension did not end")
	}
}

func TestSwitchIsSharedSafely(t *testing.T) {
	t.Parallel()
	src, s := newSwitch()
	var users sync.WaitGroup
	for i := range 8 {
		users.Go(func() {
			for range 200 {
				if i%2 == 0 {
					src.set(id)
				} else {
					src.set()
				}
				s.Update()
				if done := s.Done(id); !s.On(id) && i == 0 {
					_ = closed(done)
				}
			}
		})
	}
	users.Wait()
	src.set()
	s.Update()
	if s.On(id) || !closed(s.Done(id)) {
		t.Error("on in the end")
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	src, s := newSwitch(id)
	server := httptest.NewServer(extension.Gate(s, id, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "inside")
	})))
	defer server.Close()
	get := func(method string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(body)
	}

	if resp, body := get("GET"); resp.StatusCode != 200 || body != "inside" {
		t.Errorf("on: %d %s", resp.StatusCode, body)
	}
	src.set()
	s.Update()
	const want = `{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{"status":404}}`
	for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS", "HEAD"} {
		resp, body := get(method)
		if method == "HEAD" {
			body += want // there is none, and the headers are the same
		}
		h := resp.Header
		if resp.StatusCode != 404 || body != want || h.Get("Content-Type") != "application/json; charset=UTF-8" || h.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s, off: %d %s %v", method, resp.StatusCode, body, h)
		}
	}
	src.set(id)
	s.Update()
	if resp, _ := get("GET"); resp.StatusCode != 200 {
		t.Errorf("on again: %d", resp.StatusCode)
	}
}

func TestRegistry(t *testing.T) {
	t.Parallel()
	list := []extension.Extension{{ID: id, Title: "Private Messaging"}, {ID: "other", Title: "Other"}}
	r := extension.NewRegistry(list...)
	if got := r.All(); !slices.Equal(got, list) {
		t.Errorf("%v", got)
	}
	if e, ok := r.Find("other"); !ok || e.Title != "Other" {
		t.Errorf("%v, %v", e, ok)
	}
	if _, ok := r.Find("unknown"); ok {
		t.Error("an unknown extension is known")
	}
	for name, bad := range map[string][]extension.Extension{"twice": {{ID: id}, {ID: id}}, "empty": {{}}} {
		func() {
			defer func() {
				if p := recover(); p == nil || !strings.Contains(p.(string), "extension:") {
					t.Errorf("%s: %v", name, p)
				}
			}()
			extension.NewRegistry(bad...)
		}()
	}
}
