package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"jetonomy-sidecar/migrations"
)

// Intervals of what is done in the background. Each is jittered, so that replicas take turns.
const (
	reconcileEvery = 10 * time.Second
	namesEvery     = 5 * time.Second
	mailEvery      = 5 * time.Second
	sweepEvery     = 10 * time.Minute
	countEvery     = 5 * time.Second
	retainEvery    = time.Minute
	tablesEvery    = 5 * time.Second

	namesBatch = 5000 // members whose names are compared in one go
	sweepBatch = 1000 // rows deleted in one statement
	countBatch = 5000 // messages, or conversations, counted in one transaction
	countTurns = 10   // transactions of one turn
)

// chore is what is done again and again.
type chore struct {
	name  string
	every time.Duration
	run   func(context.Context) error

	// needsNoTables is for what is done also while the service's tables are gone.
	needsNoTables bool
}

// runChores keeps up with what WordPress and other code write, and drops what has served its time, until
// ctx is done. What fails is logged and tried again at its next turn.
func (p *parts) runChores(ctx context.Context) {
	if err := p.syncNames(ctx); err != nil && ctx.Err() == nil {
		p.log.Error().Err(err).Msg("cannot index members' names")
	}
	var nextName uint64
	group := new(sync.WaitGroup)
	defer group.Wait()
	group.Go(func() { p.takeTurns(ctx, p.longChores()) })
	p.takeTurns(ctx, []chore{
		{name: "keep the tables", every: tablesEvery, run: p.keepTables, needsNoTables: true},
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
	})
}

// longChores are those that may take a while. Mail and names do not wait for them.
func (p *parts) longChores() []chore {
	return []chore{
		{name: "finish purges", every: reconcileEvery, run: func(ctx context.Context) error { return repeat(ctx, p.store.SweepPurged) }},
		{name: "finish erasures", every: reconcileEvery, run: p.finishErasures},
		{name: "drop old requests and events", every: sweepEvery, run: p.sweep},
		{name: "count new messages", every: countEvery, run: func(ctx context.Context) error { return turns(ctx, p.store.RollStatistics) }},
		{name: "count conversations", every: countEvery, run: func(ctx context.Context) error { return turns(ctx, p.store.TakeCensus) }},
		{name: "purge inactive conversations", every: retainEvery, run: func(ctx context.Context) error { return p.retain(ctx, time.Now()) }},
	}
}

// takeTurns does each of the chores when it is due, one after the other, until ctx is done.
func (p *parts) takeTurns(ctx context.Context, chores []chore) {
	due := make([]time.Time, len(chores))
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			for i, c := range chores {
				if now.Before(due[i]) || p.tablesGone.Load() && !c.needsNoTables {
					continue
				}
				due[i] = now.Add(c.every - rand.N(c.every/5))
				if err := c.run(ctx); err != nil && ctx.Err() == nil {
					p.log.Error().Err(err).Msg("cannot " + c.name)
				}
			}
		}
	}
}

// keepTables makes the tables anew where they are gone, as a start does: an owner can have them deleted with
// the plugin, and come back to it. Only for an extension that is on, and with a key, which go first with the plugin.
func (p *parts) keepTables(ctx context.Context) error {
	current, newest, err := migrations.Status(ctx, p.background, p.prefix)
	if err != nil {
		return err
	}
	if gone := current < newest; !gone {
		if p.tablesGone.Swap(false) {
			p.log.Info().Msg("the tables are there again")
		}
		return nil
	}
	if !p.tablesGone.Swap(true) {
		p.log.Warn().Msg("the tables are gone; they are made anew while Private Messaging is on")
	}
	if err := p.options.Refresh(ctx); err != nil {
		return err
	}
	if !p.isOn() || p.options.Snapshot().Keys.Current.IsZero() {
		return nil
	}
	progress := func(format string, args ...any) { p.log.Info().Msgf(format, args...) }
	if err := p.migrate(ctx, progress); err != nil {
		return err
	}
	if err := p.store.Backfill(ctx, progress); err != nil {
		return err
	}
	p.tablesGone.Store(false)
	p.log.Info().Msg("the tables are there again")
	return nil
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
	for _, drop := range []func(context.Context, int) (int64, error){p.store.ForgetRequests, p.store.DropEvents, p.store.ForgetHandled, p.store.ExpireSealed,
		p.store.ForgetVisits, p.store.ForgetStatistics} {
		if err := repeat(ctx, drop); err != nil {
			return err
		}
	}
	return nil
}

// finishErasures erases what legal holds kept that are lifted now.
func (p *parts) finishErasures(ctx context.Context) error {
	for range countTurns {
		more, err := p.store.FinishErasure(ctx)
		if err != nil || !more {
			return err
		}
		p.log.Info().Msg("went on with an erasure that a legal hold kept waiting")
	}
	return nil
}

// turns counts batches until there is no whole one left, but not so many that other chores wait for long.
func turns(ctx context.Context, count func(context.Context, int) (int64, error)) error {
	for range countTurns {
		n, err := count(ctx, countBatch)
		if err != nil || n < countBatch {
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
