package batch_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jetonomy-sidecar/internal/batch"
)

// gated is a Loader whose rounds wait for the test. Its values are ten times the keys.
type gated struct {
	*batch.Loader[int, int]
	rounds chan []int // the keys of each round that begins
	open   chan error // ends a round, with this error
}

func newGated(most, rounds int) *gated {
	g := &gated{rounds: make(chan []int, 10), open: make(chan error)}
	g.Loader = batch.New(most, rounds, time.Minute, func(ctx context.Context, keys []int) (map[int]int, error) {
		g.rounds <- slices.Clone(keys)
		select {
		case err := <-g.open:
			values := map[int]int{}
			for _, k := range keys {
				values[k] = 10 * k
			}
			return values, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	})
	return g
}

type answer struct {
	value int
	err   error
}

// ask looks keys up at the same time, in their order, and gives where each answer comes in.
func (g *gated) ask(ctx context.Context, keys ...int) []<-chan answer {
	var answers []<-chan answer
	for _, key := range keys {
		c := make(chan answer, 1)
		answers = append(answers, c)
		go func() {
			v, err := g.Get(ctx, key)
			c <- answer{v, err}
		}()
		synctest.Wait()
	}
	return answers
}

// next gives the keys of the round that begins now.
func (g *gated) next(t *testing.T) []int {
	t.Helper()
	synctest.Wait()
	select {
	case keys := <-g.rounds:
		return keys
	default:
		t.Fatal("no round begins")
		return nil
	}
}

func TestThoseWhoWaitShareARound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGated(3, 1)
		answers := g.ask(t.Context(), 1, 2, 3, 2, 4, 1)
		for _, want := range [][]int{{1}, {2, 3}, {4, 1}} {
			if got := g.next(t); !slices.Equal(got, want) {
				t.Fatalf("a round of %v, want %v", got, want)
			}
			g.open <- nil
		}
		for i, key := range []int{1, 2, 3, 2, 4, 1} {
			if a := <-answers[i]; a.err != nil || a.value != 10*key {
				t.Errorf("look-up %d of %d: %d, %v", i, key, a.value, a.err)
			}
		}
		// Nothing is kept.
		again := g.ask(t.Context(), 1)
		g.next(t)
		g.open <- nil
		<-again[0]
	})
}

func TestASlowRoundHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGated(10, 2)
		answers := g.ask(t.Context(), 1, 2, 3, 4)
		if first, second := g.next(t), g.next(t); first[0] != 1 || second[0] != 2 {
			t.Fatal(first, second)
		}
		g.open <- nil
		if third := g.next(t); !slices.Equal(third, []int{3, 4}) {
			t.Fatal(third)
		}
		g.open <- nil
		g.open <- nil
		for _, a := range answers {
			if a := <-a; a.err != nil {
				t.Error(a.err)
			}
		}
	})
}

// A round that began before the question must not answer it.
func TestNoAnswerIsOlderThanItsQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var version atomic.Int64
		open := make(chan struct{})
		l := batch.New(10, 1, time.Minute, func(context.Context, []int) (map[int]int64, error) {
			v := version.Load()
			<-open
			return map[int]int64{1: v}, nil
		})
		got := make(chan int64, 2)
		get := func() {
			v, err := l.Get(t.Context(), 1)
			if err != nil {
				t.Error(err)
			}
			got <- v
		}
		go get()
		synctest.Wait()
		version.Add(1)
		go get()
		synctest.Wait()
		open <- struct{}{}
		if v := <-got; v != 0 {
			t.Errorf("the first: %d", v)
		}
		open <- struct{}{}
		if v := <-got; v != 1 {
			t.Errorf("the second: %d", v)
		}
	})
}

func TestWhoGivesUpCancelsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGated(10, 1)
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		first, second := g.ask(ctx, 1), g.ask(ctx, 2)
		third := g.ask(t.Context(), 3)
		g.next(t)
		cancel(gone)
		if a := <-second[0]; !errors.Is(a.err, gone) {
			t.Errorf("who gave up while waiting: %v", a.err)
		}
		g.open <- nil
		if a := <-first[0]; a.err != nil || a.value != 10 {
			t.Errorf("whose round had begun: %d, %v", a.value, a.err)
		}
		g.next(t)
		g.open <- nil
		if a := <-third[0]; a.err != nil || a.value != 30 {
			t.Errorf("who waited on: %d, %v", a.value, a.err)
		}
	})
}

func TestFailuresAreOfTheirRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		g := newGated(2, 1)
		answers := g.ask(t.Context(), 1, 2, 3, 4)
		for _, err := range []error{nil, broken, nil} {
			g.next(t)
			g.open <- err
		}
		for i, want := range []error{nil, broken, broken, nil} {
			if a := <-answers[i]; !errors.Is(a.err, want) {
				t.Errorf("look-up %d: %v, want %v", i, a.err, want)
			}
		}
		// A round that takes too long ends.
		late := g.ask(t.Context(), 5)
		g.next(t)
		if a := <-late[0]; !errors.Is(a.err, context.DeadlineExceeded) {
			t.Errorf("too long: %v", a.err)
		}
	})
}

func TestAPanicLeavesNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		open := make(chan struct{})
		l := batch.New(10, 1, time.Minute, func(context.Context, []int) (map[int]int, error) {
			<-open
			panic("broken")
		})
		errs := make(chan error, 3)
		for range 3 {
			go func() {
				_, err := l.Get(t.Context(), 1)
				errs <- err
			}()
		}
		synctest.Wait()
		close(open)
		for range 3 {
			if err := <-errs; err == nil || !strings.Contains(err.Error(), "panic: broken") {
				t.Error(err)
			}
		}
	})
}
