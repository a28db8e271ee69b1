package main

import (
	"context"
	"math/rand/v2"
	"time"
)

// Intervals of what is done in the background. Each is jittered, so that replicas take turns.
const (
	reconcileEvery = 10 * time.Second
	namesEvery     = 5 * time.Second
	mailEvery      = 5 * time.Second
	sweepEvery     = 10 * time.Minute

	namesBatch = 5000 // members whose names are compared in one go
	sweepBatch = 1000 // rows deleted in one statement
)

// runChores keeps up with what WordPress and other code write, and drops what has served its time, until
// ctx is done. What fails is logged and tried again at its next turn.
func (p *parts) runChores(ctx context.Context) {
	if err := p.syncNames(ctx); err != nil && ctx.Err() == nil {
		p.log.Error().Err(err).Msg("cannot index members' names")
	}
	var nextName uint64
	chores := []struct {
		name  string
		every time.Duration
		due   time.Time
		run   func(context.Context) error
	}{
		{name: "work in rows of other code", every: reconcileEvery, run: func(ctx context.Context) error {
			return p.store.Backfill(ctx, func(format string, args ...any) { p.log.Info().Msgf(format, args...) })
		}},
		{name: "follow new members", every: namesEvery, run: p.syncNewNames},
		{name: "follow members' names", every: namesEvery, run: func(ctx context.Context) (err error) {
			nextName, err = p.store.SyncNames(ctx, nextName, namesBatch)
			return err
		}},
		{name: "queue mail", every: mailEvery, run: func(ctx context.Context) error {
			_, err := p.store.QueueMail(ctx)
			return err
		}},
		{name: "finish purges", every: reconcileEvery, run: func(ctx context.Context) error { return repeat(ctx, p.store.SweepPurged) }},
		{name: "drop old requests and events", every: sweepEvery, run: p.sweep},
	}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			for i := range chores {
				c := &chores[i]
				if now.Before(c.due) {
					continue
				}
				c.due = now.Add(c.every - rand.N(c.every/5))
				if err := c.run(ctx); err != nil && ctx.Err() == nil {
					p.log.Error().Err(err).Msg("cannot " + c.name)
				}
			}
		}
	}
}

// syncNames indexes the names of all members once.
func (p *parts) syncNames(ctx context.Context) error {
	for after := uint64(0); ; {
		next, err := p.store.SyncNames(ctx, after, namesBatch)
		if err != nil || next == 0 {
			return err
		}
		after = next
	}
}

// syncNewNames indexes members that registered since the last time.
func (p *parts) syncNewNames(ctx context.Context) error {
	last, err := p.store.LastName(ctx)
	if err != nil {
		return err
	}
	_, err = p.store.SyncNames(ctx, last, namesBatch)
	return err
}

func (p *parts) sweep(ctx context.Context) error {
	for _, drop := range []func(context.Context, int) (int64, error){p.store.ForgetRequests, p.store.DropEvents, p.store.ForgetHandled} {
		if err := repeat(ctx, drop); err != nil {
			return err
		}
	}
	return nil
}

// repeat drops batches until there is no whole one left.
func repeat(ctx context.Context, drop func(context.Context, int) (int64, error)) error {
	for {
		n, err := drop(ctx, sweepBatch)
		if err != nil || n < sweepBatch {
			return err
		}
	}
}
