package mysqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// The chance to lose every time falls with each longer pause; ten in a row are a hot row, not bad luck.
const (
	maxAttempts = 10
	minPause    = 2 * time.Millisecond
	maxPause    = 100 * time.Millisecond
)

type inTransaction struct{}

// Transact runs fn in a transaction of db, at the READ COMMITTED of a pool made by Open, and commits it if
// fn returns nil. It rolls back if fn returns an error, which comes back as it is, or panics.
//
// If fn or the commit loses a fight over locks (see IsDeadlock), everything is rolled back and fn is run
// again, 10 times at most, never after ctx is done, and not if it has waited for a lock longer than is left before ctx's
// deadline: it would wait as long again, and nobody would see it end. So fn must do nothing that a rollback doesn't
// undo: it assigns results rather than appending to them, and does its sending afterwards.
//
// The context that fn gets is marked: a Transact inside a Transact would wait for its own locks on
// another connection, and is refused. A connection that broke while committing is an error after which
// the outcome is not known.
func Transact(ctx context.Context, db *sql.DB, fn func(ctx context.Context, tx *sql.Tx) error) error {
	if ctx.Value(inTransaction{}) != nil {
		return errors.New("mysqldb: Transact inside Transact")
	}
	ctx = context.WithValue(ctx, inTransaction{}, true)

	for attempt := 1; ; attempt++ {
		began := time.Now()
		err := transactOnce(ctx, db, fn)
		if err == nil || !IsDeadlock(err) || ctx.Err() != nil {
			return err
		}
		if deadline, ok := ctx.Deadline(); ok && number(err) == erLockWaitTimeout && time.Until(deadline) < time.Since(began) {
			return err
		}
		if attempt == maxAttempts {
			return fmt.Errorf("mysqldb: transaction failed %d times: %w", attempt, err)
		}
		if !pause(ctx, attempt) {
			return err
		}
	}
}

func transactOnce(ctx context.Context, db *sql.DB, fn func(ctx context.Context, tx *sql.Tx) error) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("mysqldb: begin: %w", err)
	}

	returned := false
	defer func() {
		if returned && err == nil {
			return
		}
		// Not recovered from: a panic, or a test's Goexit, goes on with its own stack. A transaction that
		// ended with its context, or in Commit, has nothing left to roll back.
		if rerr := tx.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) && err != nil {
			err = fmt.Errorf("%w (and rollback: %v)", err, rerr)
		}
	}()

	err = fn(ctx, tx)
	returned = true
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("mysqldb: commit: %w", err)
	}
	return nil
}

// pause waits before attempt is repeated, longer and less predictably each time, so that two
// transactions that met don't meet again. It reports false if ctx is done.
func pause(ctx context.Context, attempt int) bool {
	limit := min(minPause<<attempt, maxPause)
	t := time.NewTimer(minPause + rand.N(limit))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
