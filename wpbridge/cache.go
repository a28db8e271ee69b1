package wpbridge

import (
	"time"

	"github.com/maypok86/otter/v2"
)

// maxCacheTTL bounds the age of everything that grants access.
const (
	maxCacheTTL     = 5 * time.Second
	defaultCacheTTL = 3 * time.Second
)

// loadTimeout bounds a look-up that several callers wait for, and that none of them can cancel for the
// others. It is less than requests have, so that whoever waits hears of it.
const loadTimeout = 1500 * time.Millisecond

// cached is a value, and when reading it began: its age counts from there, however long reading took.
type cached[V any] struct {
	value V
	read  time.Time
}

// newCache makes a cache of at most size entries, none older than ttl. It has no goroutine.
func newCache[K comparable, V any](size int, ttl time.Duration, now func() time.Time) *otter.Cache[K, cached[V]] {
	return otter.Must(&otter.Options[K, cached[V]]{
		MaximumSize: size,
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[K, cached[V]]) time.Duration {
			return max(ttl-now().Sub(e.Value.read), 1)
		}),
		Clock: cacheClock(now),
	})
}

func cacheTTL(ttl time.Duration) time.Duration {
	if ttl <= 0 {
		return defaultCacheTTL
	}
	return min(ttl, maxCacheTTL)
}

// cacheClock makes the clock of a test the cache's own. Without ticks expired entries go as others come.
type cacheClock func() time.Time

func (c cacheClock) NowNano() int64 { return c().UnixNano() }

func (cacheClock) Tick(time.Duration) <-chan time.Time { return nil }
