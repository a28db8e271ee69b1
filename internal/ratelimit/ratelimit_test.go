package ratelimit

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

func TestMessagesPerMinute(t *testing.T) {
	t.Parallel()
	c := &clock{}
	l := New(c.now)
	for i := range 60 {
		if wait := l.Message(1, 60); wait != 0 {
			t.Fatalf("message %d: wait %d s, want none", i+1, wait)
		}
	}
	if wait := l.Message(1, 60); wait != 1 {
		t.Errorf("message 61: wait %d s, want 1", wait)
	}
	if wait := l.Message(2, 60); wait != 0 {
		t.Errorf("another member: wait %d s, want none", wait)
	}
	if wait := l.Conversation(1, 1); wait != 0 {
		t.Errorf("another kind: wait %d s, want none", wait)
	}
	if wait := l.Report(1, 1); wait != 0 {
		t.Errorf("a third kind: wait %d s, want none", wait)
	}
	if wait := l.Report(1, 1); wait != 60*60 {
		t.Errorf("a second report: wait %d s, want an hour", wait)
	}
	c.advance(time.Second)
	if wait := l.Message(1, 60); wait != 0 {
		t.Errorf("after a second: wait %d s, want none", wait)
	}
	if wait := l.Message(1, 0); wait != 0 {
		t.Errorf("no limit: wait %d s, want none", wait)
	}
}

func TestRefusalTakesNothing(t *testing.T) {
	t.Parallel()
	c := &clock{}
	l := New(c.now)
	l.Conversation(1, 1)
	for range 10 {
		if wait := l.Conversation(1, 1); wait != 24*60*60 {
			t.Fatalf("wait %d s, want a day", wait)
		}
	}
}

func TestSweepKeepsWhatCounts(t *testing.T) {
	t.Parallel()
	c := &clock{}
	l := New(c.now)
	l.Message(1, 60)
	l.Conversation(1, 1)
	c.advance(2 * time.Minute)
	l.Message(2, 60)
	if n := len(l.buckets); n != 2 {
		t.Errorf("%d buckets after a sweep, want 2: the new one and the one still in use", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := &clock{}
	l := New(c.now)
	var allowed atomic.Int32
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if l.Message(1, 60) == 0 {
				allowed.Add(1)
			}
		})
	}
	wg.Wait()
	if n := allowed.Load(); n != 60 {
		t.Errorf("%d allowed, want 60", n)
	}
}
