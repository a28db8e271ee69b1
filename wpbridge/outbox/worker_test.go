package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"jetonomy-sidecar/wpbridge"
)

// memory is a Store and a Lease.
type memory struct {
	mu     sync.Mutex
	events []Event
	failed map[uint64]string
	done   []uint64
	idle   chan struct{} // told when nothing is due
}

func newMemory(n int) *memory {
	m := &memory{failed: map[uint64]string{}, idle: make(chan struct{}, 1)}
	for i := range n {
		m.events = append(m.events, Event{uint64(i + 1), json.RawMessage(fmt.Sprintf(`{"id":%d}`, i+1))})
	}
	return m
}

func (m *memory) Due(_ context.Context, limit int) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []Event
	for _, e := range m.events {
		if m.failed[e.ID] == "" && len(due) < limit {
			due = append(due, e)
		}
	}
	if len(due) == 0 {
		select {
		case m.idle <- struct{}{}:
		default:
		}
	}
	return due, nil
}

func (m *memory) Delivered(_ context.Context, ids []uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = append(m.done, ids...)
	m.events = slices.DeleteFunc(m.events, func(e Event) bool { return slices.Contains(ids, e.ID) })
	return nil
}

func (m *memory) Failed(_ context.Context, id uint64, reason string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed[id] = reason
	return nil
}

func (m *memory) Hold(ctx context.Context, f func(context.Context) error) (bool, error) {
	return true, f(ctx)
}

// wordpress answers as handle says; it checks signatures like the plugin, and takes each once.
func wordpress(t *testing.T, key wpbridge.Key, handle func(ids []uint64) (int, any)) *httptest.Server {
	t.Helper()
	var used sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if _, again := used.LoadOrStore(r.Header.Get("X-Jetonomy-Signature"), true); again {
			t.Error("a signature was used twice")
		}
		if err := wpbridge.VerifyRequest(wpbridge.Keyring{Current: key}, r.Method, r.URL.Query().Get("rest_route"), r.Header, body, time.Now()); err != nil {
			t.Errorf("signature: %v", err)
		}
		if r.Host != "site.test" {
			t.Errorf("host %q", r.Host)
		}
		var batch struct{ Events []struct{ ID uint64 } }
		if err := json.Unmarshal(body, &batch); err != nil {
			t.Errorf("body: %v", err)
		}
		var ids []uint64
		for _, e := range batch.Events {
			ids = append(ids, e.ID)
		}
		status, answer := handle(ids)
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)
	return server
}

func okFor(ids []uint64) map[string]any {
	results := map[string]any{}
	for _, id := range ids {
		results[fmt.Sprint(id)] = map[string]any{"ok": true}
	}
	return map[string]any{"results": results}
}

func newWorker(t *testing.T, store *memory, handle func(ids []uint64) (int, any)) *Worker {
	t.Helper()
	key, err := wpbridge.NewKey(strings.Repeat("k", 40))
	if err != nil {
		t.Fatal(err)
	}
	server := wordpress(t, key, handle)
	target := func() Target { return Target{URL: server.URL, Host: "site.test", Key: key} }
	return New(store, store, target, time.Now, zerolog.Nop())
}

// run runs the worker until nothing is due.
func run(t *testing.T, w *Worker, store *memory) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	finished := make(chan struct{})
	go func() { defer close(finished); w.Run(ctx) }()
	<-store.idle
	cancel()
	<-finished
}

func TestBatchesInOrder(t *testing.T) {
	t.Parallel()
	store := newMemory(150)
	var sizes []int
	w := newWorker(t, store, func(ids []uint64) (int, any) {
		sizes = append(sizes, len(ids))
		return http.StatusOK, okFor(ids)
	})
	run(t, w, store)
	if !slices.Equal(sizes, []int{64, 64, 22}) || !slices.IsSorted(store.done) || len(store.done) != 150 {
		t.Errorf("batches of %v, %d delivered, sorted %v", sizes, len(store.done), slices.IsSorted(store.done))
	}
}

func TestReportedEvent(t *testing.T) {
	t.Parallel()
	store := newMemory(3)
	w := newWorker(t, store, func(ids []uint64) (int, any) {
		answer := okFor(ids)
		results := answer["results"].(map[string]any)
		results["1"] = map[string]any{"ok": false, "error": "no"}
		results["2"] = map[string]any{"ok": false, "error": "waiting"}
		return http.StatusOK, answer
	})
	if n, err := w.Deliver(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if !slices.Equal(store.done, []uint64{3}) || len(store.failed) != 1 || store.failed[1] != "no" {
		t.Errorf("done %v, failed %v", store.done, store.failed)
	}
}

// plugin is the other end: it handles each event once, keeps the one that its request died of for a while, and
// answers as handle says where that gives a status.
type plugin struct {
	handle  func(id uint64) int // 0 for an event that is handled
	dies    bool                // the status is given by the server, and nothing of the event is given back
	handled map[uint64]bool
	batches [][]uint64
}

func (p *plugin) answer(ids []uint64) (int, any) {
	p.batches = append(p.batches, ids)
	if p.handled == nil {
		p.handled = map[uint64]bool{}
	}
	results := map[string]any{}
	for _, id := range ids {
		done, taken := p.handled[id]
		switch {
		case taken && !done:
			results[fmt.Sprint(id)] = map[string]any{"ok": false, "error": "waiting"}
			continue
		case !taken:
			if status := p.handle(id); status != 0 {
				if p.dies {
					p.handled[id] = false
				}
				return status, "There has been a critical error on this website."
			}
		}
		p.handled[id] = true
		results[fmt.Sprint(id)] = map[string]any{"ok": true}
	}
	return http.StatusOK, map[string]any{"results": results}
}

// deliverAll delivers until nothing is due.
func deliverAll(t *testing.T, w *Worker, store *memory) {
	t.Helper()
	for turn := 0; ; turn++ {
		if due, _ := store.Due(t.Context(), 1); len(due) == 0 {
			return
		}
		if _, err := w.Deliver(t.Context()); err != nil || turn > 100 {
			t.Fatalf("turn %d: %v, done %v, failed %v", turn, err, store.done, store.failed)
		}
	}
}

// An event that alone is answered with something else than results is found and set aside, whatever that answer is;
// the others are delivered.
func TestEventThatWordPressFailsOn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		dies   bool
		reason string
	}{
		{http.StatusInternalServerError, false, "500"},
		{http.StatusBadRequest, false, "400"},
		{http.StatusForbidden, false, "403"}, // of a firewall that does not like what is quoted
		{http.StatusRequestEntityTooLarge, false, "413"},
		{http.StatusBadGateway, true, "middle"},
		{http.StatusGatewayTimeout, true, "middle"},
	} {
		for _, n := range []int{1, 5} {
			store := newMemory(n)
			bad := uint64(min(n, 3))
			p := &plugin{dies: test.dies, handle: func(id uint64) int {
				if id == bad {
					return test.status
				}
				return 0
			}}
			reason := test.reason
			if n == 1 {
				reason = fmt.Sprint(test.status)
			}
			deliverAll(t, newWorker(t, store, p.answer), store)
			if len(store.done) != n-1 || !strings.Contains(store.failed[bad], reason) || len(store.failed) != 1 {
				t.Errorf("%d with %d events: done %v, failed %v", test.status, n, store.done, store.failed)
			}
		}
	}
}

// A listener that never ends is found, too, and what ends the connection.
func TestEventWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for _, test := range []struct {
		name   string
		end    http.HandlerFunc
		reason string
	}{
		{"hangs", hang, "no answer within 3s"},
		{"hangs in its answer", func(w http.ResponseWriter, r *http.Request) { w.(http.Flusher).Flush(); hang(w, r) }, "no answer within 3s"},
		{"breaks off", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "no answer: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var batch struct{ Events []struct{ ID uint64 } }
				if err := json.NewDecoder(r.Body).Decode(&batch); err != nil {
					t.Error(err)
				}
				var ids []uint64
				for _, e := range batch.Events {
					if e.ID == 2 {
						test.end(w, r)
						return
					}
					ids = append(ids, e.ID)
				}
				json.NewEncoder(w).Encode(okFor(ids))
			}))
			defer server.Close()
			store := newMemory(3)
			w := newWorker(t, store, nil)
			target := w.target()
			target.URL = server.URL
			w.target = func() Target { return target }
			w.client.Timeout = 3 * time.Second
			deliverAll(t, w, store)
			if !slices.Equal(store.done, []uint64{1, 3}) || len(store.failed) != 1 || !strings.Contains(store.failed[2], test.reason) {
				t.Errorf("done %v, failed %v", store.done, store.failed)
			}
		})
	}
}

// An event that a request before this one is at, or was when it ended, is tried later like one that failed:
// nothing is asked again and again meanwhile.
func TestEventInOtherHands(t *testing.T) {
	t.Parallel()
	store := newMemory(3)
	p := &plugin{handle: func(uint64) int { return 0 }, handled: map[uint64]bool{1: false}}
	w := newWorker(t, store, p.answer)
	if n, err := w.Deliver(t.Context()); n != 2 || err != nil || store.failed[1] == "" || len(p.batches) != 1 {
		t.Errorf("%d delivered, %v, failed %v, batches %v", n, err, store.failed, p.batches)
	}
	// Behind others it may be the plugin's time that was up.
	store = newMemory(3)
	p = &plugin{handle: func(uint64) int { return 0 }, handled: map[uint64]bool{2: false, 3: false}}
	w = newWorker(t, store, p.answer)
	if n, err := w.Deliver(t.Context()); n != 1 || err != nil || len(store.failed) != 0 {
		t.Errorf("%d delivered, %v, failed %v", n, err, store.failed)
	}
}

// WordPress that is down, broken as a whole, closed, or without the plugin is no event's fault.
func TestWordPressAway(t *testing.T) {
	t.Parallel()
	for _, status := range []int{
		http.StatusOK, // a page that says "coming soon"
		http.StatusFound, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	} {
		for _, n := range []int{1, 2} {
			store := newMemory(n)
			requests := 0
			w := newWorker(t, store, func([]uint64) (int, any) { requests++; return status, "closed" })
			if delivered, err := w.Deliver(t.Context()); delivered != 0 || err == nil || len(store.failed) != 0 || len(store.events) != n || requests != 2 {
				t.Errorf("%d: %d delivered in %d requests, %v, failed %v", status, delivered, requests, err, store.failed)
			}
		}
	}
	store := newMemory(2)
	w := newWorker(t, store, nil)
	w.target = func() Target { return Target{URL: "http://127.0.0.1:1"} }
	if _, err := w.Deliver(t.Context()); err == nil || !strings.Contains(err.Error(), "key") {
		t.Errorf("without a key: %v", err)
	}
	key, err := wpbridge.NewKey(strings.Repeat("k", 40))
	if err != nil {
		t.Fatal(err)
	}
	w.target = func() Target { return Target{URL: "http://127.0.0.1:1", Key: key} }
	if _, err := w.Deliver(t.Context()); err == nil || len(store.failed) != 0 {
		t.Errorf("nobody listens: %v, failed %v", err, store.failed)
	}
}

// A batch is never larger than what the plugin takes. What is larger by itself goes alone.
func TestBatchesInBytes(t *testing.T) {
	t.Parallel()
	store := newMemory(0)
	for i := range 12 {
		size := 60_000
		if i == 7 {
			size = 300_000
		}
		store.events = append(store.events, Event{uint64(i + 1), json.RawMessage(fmt.Sprintf(`{"id":%d,"preview":"%s"}`, i+1, strings.Repeat("x", size)))})
	}
	// One more byte than fits beside the four before it.
	four := len(`{"nonce":"0123456789abcdef","events":[,,,,]}`) + 4*len(store.events[0].Body)
	store.events[4].Body = json.RawMessage(`{"id":5,"preview":"` + strings.Repeat("x", maxBytes-four-len(`{"id":5,"preview":""}`)+1) + `"}`)
	var sizes []int
	w := newWorker(t, store, func(ids []uint64) (int, any) {
		sizes = append(sizes, len(ids))
		return http.StatusOK, okFor(ids)
	})
	deliverAll(t, w, store)
	if want := []int{4, 3, 1, 4}; !slices.Equal(sizes, want) {
		t.Errorf("batches of %v, want %v", sizes, want)
	}
}
