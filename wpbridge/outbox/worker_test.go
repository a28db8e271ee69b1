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

// wordpress answers as handle says; it checks signatures like the plugin.
func wordpress(t *testing.T, key wpbridge.Key, handle func(ids []uint64) (int, any)) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
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

// An event that kills PHP is found and set aside; the others are delivered.
func TestEventThatKillsPHP(t *testing.T) {
	t.Parallel()
	store := newMemory(5)
	w := newWorker(t, store, func(ids []uint64) (int, any) {
		if slices.Contains(ids, 3) {
			return http.StatusInternalServerError, "There has been a critical error on this website."
		}
		return http.StatusOK, okFor(ids)
	})
	for range 10 {
		if _, err := w.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(store.done, []uint64{1, 2, 4, 5}) || !strings.Contains(store.failed[3], "500") || len(store.failed) != 1 {
		t.Errorf("done %v, failed %v", store.done, store.failed)
	}
}

// WordPress that is down, closed, or without the plugin is no event's fault.
func TestWordPressAway(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusNotFound, http.StatusForbidden, http.StatusFound} {
		store := newMemory(2)
		w := newWorker(t, store, func([]uint64) (int, any) { return status, "closed" })
		if n, err := w.Deliver(t.Context()); n != 0 || err == nil || len(store.failed) != 0 || len(store.events) != 2 {
			t.Errorf("%d: %d delivered, %v, failed %v", status, n, err, store.failed)
		}
	}
	store := newMemory(2)
	w := newWorker(t, store, nil)
	w.target = func() Target { return Target{URL: "http://127.0.0.1:1"} }
	if _, err := w.Deliver(t.Context()); err == nil || !strings.Contains(err.Error(), "key") {
		t.Errorf("without a key: %v", err)
	}
}
