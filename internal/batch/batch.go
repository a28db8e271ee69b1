// Package batch answers look-ups of single keys by asking for many at once. A look-up that finds a free
// round begins at once, alone; those that come while all rounds are under way wait and go together in the
// next. So no answer is older than its question, nobody waits for a timer, and the more is asked the less
// each look-up costs.
package batch

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// Loader is safe for concurrent use. It has no goroutine while nothing is under way.
type Loader[K comparable, V any] struct {
	load    func(ctx context.Context, keys []K) (map[K]V, error)
	most    int
	rounds  int
	timeout time.Duration

	mu      sync.Mutex
	running int
	waiting []*call[K, V]
}

type call[K comparable, V any] struct {
	key   K
	done  chan struct{} // closed once value and err are there
	value V
	err   error
}

// New makes a Loader that calls load with at most `most` keys, each of them once, and `rounds` times at once
// (2 keep a slow round from holding up all that come after it). A round ends after timeout; nobody who waits
// for it can cancel it for the others. A key that load does not answer has the zero value.
func New[K comparable, V any](most, rounds int, timeout time.Duration, load func(context.Context, []K) (map[K]V, error)) *Loader[K, V] {
	return &Loader[K, V]{load: load, most: most, rounds: rounds, timeout: timeout}
}

// Get gives the value that key has after Get was called. Waiting ends with ctx, with its cause as the error;
// the round goes on.
func (l *Loader[K, V]) Get(ctx context.Context, key K) (V, error) {
	c := &call[K, V]{key: key}
	l.mu.Lock()
	if l.running < l.rounds {
		// Nobody waits here: whoever ends a round takes all that do.
		l.running++
		l.mu.Unlock()
		l.round(ctx, []*call[K, V]{c})
		return c.value, c.err
	}
	c.done = make(chan struct{})
	l.waiting = append(l.waiting, c)
	l.mu.Unlock()
	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
		var zero V
		return zero, context.Cause(ctx)
	}
}

// round answers calls, and sees to it that those who came meanwhile are answered.
func (l *Loader[K, V]) round(ctx context.Context, calls []*call[K, V]) {
	l.ask(ctx, calls)
	l.mu.Lock()
	next := l.take()
	if next == nil {
		l.running--
	}
	l.mu.Unlock()
	if next != nil {
		go l.round(context.WithoutCancel(ctx), next)
	}
}

func (l *Loader[K, V]) take() []*call[K, V] {
	n := min(len(l.waiting), l.most)
	if n == 0 {
		return nil
	}
	next := l.waiting[:n:n]
	if l.waiting = l.waiting[n:]; len(l.waiting) == 0 {
		l.waiting = nil
	}
	return next
}

func (l *Loader[K, V]) ask(ctx context.Context, calls []*call[K, V]) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.timeout)
	defer cancel()
	keys := make([]K, 0, len(calls))
	if len(calls) == 1 {
		keys = append(keys, calls[0].key)
	} else {
		seen := make(map[K]struct{}, len(calls))
		for _, c := range calls {
			if _, again := seen[c.key]; !again {
				seen[c.key] = struct{}{}
				keys = append(keys, c.key)
			}
		}
	}
	values, err := l.loadSafely(ctx, keys)
	for _, c := range calls {
		c.value, c.err = values[c.key], err
		if c.done != nil {
			close(c.done)
		}
	}
}

// loadSafely makes a panic of load an error: it must leave nobody waiting, and a round may have a goroutine of
// its own, in which a panic would end the process.
func (l *Loader[K, V]) loadSafely(ctx context.Context, keys []K) (values map[K]V, err error) {
	defer func() {
		if p := recover(); p != nil {
			values, err = nil, fmt.Errorf("batch: panic: %v\n%s", p, debug.Stack())
		}
	}()
	return l.load(ctx, keys)
}
