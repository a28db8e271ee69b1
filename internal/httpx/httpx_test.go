package httpx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"jetonomy-sidecar/internal/httpx"
)

// logBuffer collects log lines.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) lines(t *testing.T) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []map[string]any
	for line := range strings.Lines(l.b.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("log line %q: %v", line, err)
		}
		list = append(list, m)
	}
	return list
}

func render(w http.ResponseWriter, _ *http.Request, _ error) {
	http.Error(w, "broken", http.StatusInternalServerError)
}

// do sends a request through the usual chain around h, and waits until it has been logged.
func do(t *testing.T, h http.Handler, r *http.Request, quiet ...string) (*httptest.ResponseRecorder, []map[string]any) {
	t.Helper()
	var logs logBuffer
	logger := zerolog.New(&logs)
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
		}()
		httpx.Chain(h,
			httpx.MaxBytes(8),
			httpx.RequestID,
			httpx.Log(logger, quiet...),
			httpx.Recover(logger, render),
		).ServeHTTP(w, r)
	}()
	return w, logs.lines(t)
}

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func TestLogLine(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpx.Fields(r.Context()).Route("/items/{id}")
		httpx.Fields(r.Context()).Set("user_id", 6)
		httpx.Fields(r.Context()).Set("user_id", 7)
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, "made")
	})
	r := get("/items/5")
	r.Header.Set("X-Request-Id", "abc-1")
	w, lines := do(t, h, r)
	if w.Code != http.StatusCreated || w.Body.String() != "made" || w.Header().Get("X-Request-Id") != "abc-1" {
		t.Errorf("answer %d %q %v", w.Code, w.Body, w.Header())
	}
	if len(lines) != 1 {
		t.Fatalf("log %v, want one line", lines)
	}
	for key, want := range map[string]any{
		"level": "info", "method": "GET", "route": "/items/{id}", "status": 201.0, "bytes": 4.0,
		"request_id": "abc-1", "user_id": 7.0, "message": "request",
	} {
		if got := lines[0][key]; got != want {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
	if _, ok := lines[0]["ms"].(float64); !ok {
		t.Error("no duration")
	}
}

func TestLogLevels(t *testing.T) {
	t.Parallel()
	answer := func(status int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if status != 0 {
				w.WriteHeader(status)
			}
		})
	}
	for _, tt := range []struct {
		path   string
		status int // 0: the handler writes nothing
		level  string
	}{
		{"/", 0, "info"},
		{"/", 404, "info"},
		{"/", 503, "error"},
		{"/healthz", 0, "debug"},
		{"/healthz", 503, "error"},
	} {
		_, lines := do(t, answer(tt.status), get(tt.path), "/healthz")
		if len(lines) != 1 || lines[0]["level"] != tt.level {
			t.Errorf("%s answered %d: %v, want level %s", tt.path, tt.status, lines, tt.level)
			continue
		}
		if tt.status == 0 && lines[0]["status"] != 200.0 {
			t.Errorf("%s: status %v for an empty answer", tt.path, lines[0]["status"])
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, lines := do(t, answer(500), get("/").WithContext(ctx))
	if len(lines) != 1 || lines[0]["level"] != "info" || lines[0]["canceled"] != true {
		t.Errorf("the client had gone: %v", lines)
	}
}

func TestFieldsOutsideLog(t *testing.T) {
	e := httpx.Fields(t.Context())
	e.Set("a", 1)
	e.Route("/")
	e.Err(io.EOF)
}

func TestFieldsConcurrently(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				e := httpx.Fields(r.Context())
				e.Set(fmt.Sprint("k", i), i)
				e.Route("/")
				e.Err(io.EOF)
			})
		}
		wg.Wait()
	})
	_, lines := do(t, h, get("/"))
	if len(lines) != 1 || lines[0]["k7"] != 7.0 {
		t.Errorf("log %v", lines)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	for sent, kept := range map[string]bool{
		"":                      false,
		"a.B_9-=":               true,
		strings.Repeat("a", 64): true,
		strings.Repeat("a", 65): false,
		"a b":                   false,
		"a\"b":                  false,
		"\u00e4":                false,
	} {
		var seen string
		h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = httpx.RequestIDOf(r.Context()) })
		r := get("/")
		r.Header.Set("X-Request-Id", sent)
		w, _ := do(t, h, r)
		if seen == "" || (seen == sent) != kept {
			t.Errorf("sent %q, got %q", sent, seen)
		}
		if got := w.Header().Get("X-Request-Id"); got != seen {
			t.Errorf("answer has %q, handler saw %q", got, seen)
		}
	}
	if id := httpx.RequestIDOf(t.Context()); id != "" {
		t.Errorf("id %q without a request", id)
	}
}

func TestHeaderIsOnEveryAnswer(t *testing.T) {
	render := func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusInternalServerError) }
	for name, h := range map[string]http.Handler{
		"no route": http.NotFoundHandler(),
		"nothing":  http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		"panic":    http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("x") }),
	} {
		rec := httptest.NewRecorder()
		httpx.Chain(h, httpx.Header("X-Name", "value"), httpx.Recover(zerolog.Nop(), render)).
			ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		if got := rec.Header().Values("X-Name"); len(got) != 1 || got[0] != "value" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") })
	w, lines := do(t, h, get("/"))
	if w.Code != http.StatusInternalServerError || w.Body.String() != "broken\n" {
		t.Errorf("answer %d %q", w.Code, w.Body)
	}
	if len(lines) != 2 {
		t.Fatalf("log %v, want the panic and the request", lines)
	}
	if stack, _ := lines[0]["stack"].(string); !strings.Contains(stack, "TestRecover") {
		t.Errorf("stack %q does not name the handler", stack)
	}
	if lines[1]["status"] != 500.0 || lines[1]["error"] != "panic: boom" || lines[1]["stack"] != nil {
		t.Errorf("request logged as %v", lines[1])
	}
}

func TestAbort(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		h     http.Handler
		lines int
	}{
		"asked for": {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), 1},
		"panic in the middle": {http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "half")
			panic("boom")
		}), 2},
		"error in the middle": {httpx.Handle(func(w http.ResponseWriter, _ *http.Request) error {
			io.WriteString(w, "half")
			return io.ErrUnexpectedEOF
		}, render), 1},
	} {
		w, lines := do(t, tt.h, get("/"))
		if strings.Contains(w.Body.String(), "broken") {
			t.Errorf("%s: an error was written after %q", name, w.Body)
		}
		if len(lines) != tt.lines {
			t.Errorf("%s: log %v, want %d lines", name, lines, tt.lines)
			continue
		}
		if last := lines[len(lines)-1]; last["aborted"] != true || last["level"] != "error" {
			t.Errorf("%s: request logged as %v", name, last)
		}
	}
}

func TestHandle(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	h := httpx.Handle(
		func(_ http.ResponseWriter, r *http.Request) error {
			if r.URL.Path == "/good" {
				return nil
			}
			return refused
		},
		func(w http.ResponseWriter, _ *http.Request, err error) {
			if err != refused {
				t.Errorf("render got %v", err)
			}
			w.WriteHeader(http.StatusForbidden)
		})

	w, lines := do(t, h, get("/bad"))
	if w.Code != http.StatusForbidden || lines[0]["error"] != "refused" || lines[0]["status"] != 403.0 {
		t.Errorf("answer %d, log %v", w.Code, lines)
	}
	w, lines = do(t, h, get("/good"))
	if w.Code != http.StatusOK || lines[0]["error"] != nil {
		t.Errorf("answer %d, log %v", w.Code, lines)
	}
}

func TestMaxBytes(t *testing.T) {
	t.Parallel()
	for body, ok := range map[string]bool{"": true, "12345678": true, "123456789": false} {
		h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got, err := io.ReadAll(r.Body)
			if tooLarge := new(http.MaxBytesError); ok != (err == nil) || !ok && !errors.As(err, &tooLarge) {
				t.Errorf("body %q: %v", body, err)
			}
			if ok && string(got) != body {
				t.Errorf("body %q was read as %q", body, got)
			}
		})
		do(t, h, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
	}
}
