package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/rs/zerolog"

	"jetonomy-sidecar/wpbridge"
)

// Path is the REST path that events are posted to.
const Path = "/jetonomy-sidecar/v1/events"

const (
	// maxBatch and maxBytes are what the plugin takes at once: events, and bytes of a request's body.
	maxBatch = 64
	maxBytes = 256 << 10

	deliveryTimeout = 30 * time.Second
	maxAnswer       = 1 << 20

	idlePause = time.Second
	minPause  = time.Second
	maxPause  = time.Minute
)

// waiting is what the plugin says of an event that it did not try: it is behind one that failed, the plugin's time
// for a batch is up, or another request is at it.
const waiting = "waiting"

// inOtherHands is noted of an event that waits though nothing is before it.
const inOtherHands = "another request is at it, or ended in the middle of it"

// Event is an event as it is delivered.
type Event struct {
	ID   uint64
	Body json.RawMessage // a JSON object, E of the protocol
}

// Store keeps events until they are delivered.
type Store interface {
	// Due gives at most limit events that may be delivered now, in order, none behind one of its
	// conversation that may not.
	Due(ctx context.Context, limit int) ([]Event, error)
	// Delivered forgets events that WordPress has handled, and notes the time.
	Delivered(ctx context.Context, ids []uint64) error
	// Failed notes that WordPress could not handle an event. It decides when to try again.
	Failed(ctx context.Context, id uint64, reason string) error
}

// Lease lets one of several replicas deliver.
type Lease interface {
	// Hold runs f while no other replica does, and gives what f gives. held is false, and f was not run,
	// where another one holds it.
	Hold(ctx context.Context, f func(context.Context) error) (held bool, err error)
}

// Target is where events go.
type Target struct {
	URL  string // WordPress's address without a trailing slash
	Host string // the Host header, where URL is not what the site is called
	Key  wpbridge.Key
}

// Worker delivers. Make one with New.
type Worker struct {
	store  Store
	lease  Lease
	target func() Target
	client *http.Client
	now    func() time.Time
	log    zerolog.Logger
}

// New makes a Worker. target is asked before each delivery.
func New(store Store, lease Lease, target func() Target, now func() time.Time, log zerolog.Logger) *Worker {
	return &Worker{
		store: store, lease: lease, target: target, now: now, log: log,
		client: &http.Client{
			Timeout: deliveryTimeout,
			// A redirect would turn the POST into a GET of something else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Run delivers until ctx is done.
func (w *Worker) Run(ctx context.Context) {
	pause, failing := minPause, false
	for {
		delivered := 0
		held, err := w.lease.Hold(ctx, func(ctx context.Context) (err error) {
			delivered, err = w.Deliver(ctx)
			return err
		})
		if ctx.Err() != nil {
			return
		}
		wait := idlePause
		switch {
		case err != nil:
			if !failing {
				w.log.Warn().Err(err).Msg("cannot deliver events to WordPress, they wait")
			}
			failing = true
			pause = min(2*pause, maxPause)
			wait = pause/2 + rand.N(pause)
		case held && failing && delivered > 0:
			w.log.Info().Msg("events are delivered again")
			pause, failing = minPause, false
			wait = 0
		case delivered > 0:
			wait = 0
		}
		if wait == 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// Deliver sends one batch of what is due and says how many events WordPress has handled. An error is
// WordPress's as a whole, or the database's.
func (w *Worker) Deliver(ctx context.Context) (int, error) {
	events, err := w.store.Due(ctx, maxBatch)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	events = fitting(events)
	results, err := w.send(ctx, events)
	if err != nil {
		// Is it WordPress, or one of them? A batch of none tells, and then the first alone.
		if _, err := w.send(ctx, nil); err != nil {
			return 0, err
		}
		if len(events) > 1 {
			events = events[:1]
			results, err = w.send(ctx, events)
		}
	}
	switch {
	case err == nil:
		return w.settle(ctx, events, results)
	case ctx.Err() != nil:
		return 0, err
	}
	return 0, w.failed(ctx, events[0], w.reason(err))
}

// fitting gives the first events, one at least, that make a batch the plugin takes.
func fitting(events []Event) []Event {
	size := len(encode(nil))
	for i, e := range events {
		if size += len(e.Body) + 1; size-1 > maxBytes && i > 0 { // the first has no comma
			return events[:i]
		}
	}
	return events
}

// encode makes the body of a batch. Its nonce makes another signature of the same events in the same second: the
// plugin takes each once.
func encode(events []Event) []byte {
	body := fmt.Appendf(nil, `{"nonce":"%016x","events":[`, rand.Uint64())
	for i, e := range events {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, e.Body...)
	}
	return append(body, `]}`...)
}

// settle notes what became of each event.
func (w *Worker) settle(ctx context.Context, events []Event, results map[uint64]result) (int, error) {
	var done []uint64
	for i, e := range events {
		r, answered := results[e.ID]
		switch {
		case r.OK:
			done = append(done, e.ID)
		case answered && r.Error != waiting:
			if err := w.failed(ctx, e, r.Error); err != nil {
				return 0, err
			}
		case i == 0:
			if err := w.failed(ctx, e, inOtherHands); err != nil {
				return 0, err
			}
		}
	}
	if len(done) == 0 {
		return 0, nil
	}
	return len(done), w.store.Delivered(ctx, done)
}

// failed notes that WordPress could not handle an event.
func (w *Worker) failed(ctx context.Context, e Event, reason string) error {
	w.log.Warn().Uint64("event", e.ID).Str("error", reason).Msg("WordPress could not handle an event")
	return w.store.Failed(ctx, e.ID, reason)
}

// reason says why an event got no result. It names no address of the site.
func (w *Worker) reason(err error) string {
	if refusal, ok := errors.AsType[*refusedError](err); ok {
		return refusal.Error()
	}
	if failure, ok := errors.AsType[net.Error](err); ok && failure.Timeout() {
		return fmt.Sprintf("WordPress gave no answer within %s", w.client.Timeout)
	}
	if failure, ok := errors.AsType[*url.Error](err); ok {
		err = failure.Err
	}
	return fmt.Sprintf("WordPress gave no answer: %v", err)
}

type result struct {
	OK    bool   `json:"ok"`
	Error string `json:"error"`
}

// refusedError is an answer that is not the plugin's list of results.
type refusedError struct {
	status int
	body   string
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("WordPress answered %d: %.150q", e.status, e.body)
}

// send posts a batch. Every answer but the plugin's list of results is an error.
func (w *Worker) send(ctx context.Context, events []Event) (map[uint64]result, error) {
	body := encode(events)
	target := w.target()
	if target.Key.IsZero() {
		return nil, errors.New("outbox: the site has no signing key yet: activate the plugin Jetonomy Sidecar")
	}
	// This form of the address works with every permalink structure.
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.URL+"/?rest_route="+Path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	req.Header = wpbridge.SignRequest(target.Key, http.MethodPost, Path, w.now(), body)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "jetonomy-sidecar")
	req.Host = target.Host
	res, err := w.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("outbox: read answer: %w", err)
	}
	var answer struct {
		Results map[string]result `json:"results"`
	}
	if res.StatusCode != http.StatusOK || json.Unmarshal(text, &answer) != nil || answer.Results == nil {
		return nil, &refusedError{res.StatusCode, string(text)}
	}
	results := make(map[uint64]result, len(answer.Results))
	for id, r := range answer.Results {
		if n, err := strconv.ParseUint(id, 10, 64); err == nil {
			results[n] = r
		}
	}
	return results, nil
}
