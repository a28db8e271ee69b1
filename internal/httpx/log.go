package httpx

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

type entryKey struct{}

// Entry is the log line of one request while it is being filled. It is safe for concurrent use, and a nil
// Entry takes everything and does nothing.
type Entry struct {
	mu     sync.Mutex
	route  string
	err    error
	fields []any // key, value, key, value
}

// Fields returns the log line of the request that ctx belongs to, nil outside Log.
func Fields(ctx context.Context) *Entry {
	e, _ := ctx.Value(entryKey{}).(*Entry)
	return e
}

// Set adds a field. A key set twice has the later value.
func (e *Entry) Set(key string, value any) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := 0; i < len(e.fields); i += 2 {
		if e.fields[i] == key {
			e.fields[i+1] = value
			return
		}
	}
	e.fields = append(e.fields, key, value)
}

// Route says which route serves the request, as its template: /conversations/{id}.
func (e *Entry) Route(template string) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.route = template
}

// Err says why the request failed. The last word counts.
func (e *Entry) Err(err error) {
	if e == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.err = err
}

// Log writes a line for each request once it is over: method, route (never the path, which may hold ids
// and searches), status, bytes of the answer's body, duration in milliseconds, request id, and what
// Fields(ctx) was given. It has "aborted" if the answer was cut off, and "canceled" if the client had gone
// before the end.
//
// A status of 500 or above, or a cut answer, makes it an error, unless the client had gone: then nobody
// was failed. Requests for one of the quiet paths, health checks, are logged at debug level while all is
// well.
func Log(logger zerolog.Logger, quiet ...string) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			e := new(Entry)
			rec := record(w)
			completed := false
			// Deferred, for a request that ends in a panic has a line as well.
			defer func() {
				canceled := r.Context().Err() != nil
				level := zerolog.InfoLevel
				switch {
				case (rec.status >= 500 || !completed) && !canceled:
					level = zerolog.ErrorLevel
				case slices.Contains(quiet, r.URL.Path):
					level = zerolog.DebugLevel
				}
				if completed {
					rec.begin() // net/http answers 200 for a handler that wrote nothing
				}
				ev := logger.WithLevel(level).
					Str("method", r.Method).
					Int("status", rec.status).
					Int64("bytes", rec.bytes).
					Float64("ms", float64(time.Since(start).Microseconds())/1000)
				if id := RequestIDOf(r.Context()); id != "" {
					ev.Str("request_id", id)
				}
				if !completed {
					ev.Bool("aborted", true)
				}
				if canceled {
					ev.Bool("canceled", true)
				}
				e.addTo(ev)
				ev.Msg("request")
			}()
			next.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), entryKey{}, e)))
			completed = true
		})
	}
}

func (e *Entry) addTo(ev *zerolog.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.route != "" {
		ev.Str("route", e.route)
	}
	ev.Fields(e.fields).Err(e.err)
}
