// Package ratelimit bounds how often each member does something, within one process. It implements
// messaging.Limiter. With several replicas each allows the rate.
package ratelimit

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits keeps a token bucket per member and kind of action. The zero value is not usable: see New.
// Safe for concurrent use.
type Limits struct {
	now func() time.Time

	mu      sync.Mutex
	buckets map[key]*rate.Limiter
	swept   time.Time
}

type key struct {
	kind   kind
	userID uint64
}

type kind uint8

const (
	message kind = iota
	conversation
	report
)

// sweepEvery is how often buckets that are full again, and so say nothing, are dropped.
const sweepEvery = time.Minute

// New makes Limits on a clock.
func New(now func() time.Time) *Limits {
	return &Limits{now: now, buckets: make(map[key]*rate.Limiter), swept: now()}
}

// Message takes one of a member's perMinute messages, all of which may be sent at once, and answers 0,
// or the seconds until the next one. 0 perMinute is no limit.
func (l *Limits) Message(userID uint64, perMinute int) int {
	return l.take(key{message, userID}, perMinute, time.Minute)
}

// Conversation takes one of a member's perDay new conversations.
func (l *Limits) Conversation(userID uint64, perDay int) int {
	return l.take(key{conversation, userID}, perDay, 24*time.Hour)
}

// Report takes one of a member's perHour reports.
func (l *Limits) Report(userID uint64, perHour int) int {
	return l.take(key{report, userID}, perHour, time.Hour)
}

func (l *Limits) take(k key, n int, per time.Duration) int {
	if n <= 0 {
		return 0
	}
	now := l.now()
	every := rate.Every(per / time.Duration(n))

	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.swept) > sweepEvery {
		l.sweep(now)
	}
	b, ok := l.buckets[k]
	if !ok {
		b = rate.NewLimiter(every, n)
		l.buckets[k] = b
	} else if b.Burst() != n {
		b.SetLimitAt(now, every)
		b.SetBurstAt(now, n)
	}
	r := b.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return 0
	}
	r.CancelAt(now)
	return max(1, int(math.Ceil(wait.Seconds())))
}

func (l *Limits) sweep(now time.Time) {
	l.swept = now
	for k, b := range l.buckets {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(l.buckets, k)
		}
	}
}
