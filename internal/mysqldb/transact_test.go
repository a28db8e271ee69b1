package mysqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

func numbers(t *testing.T) (*testdb.DB, string) {
	d := testdb.New(t)
	d.Exec(t, "CREATE TABLE {p}numbers (id int PRIMARY KEY, n int NOT NULL) ENGINE=InnoDB")
	d.Exec(t, "INSERT INTO {p}numbers VALUES (1, 0), (2, 0)")
	return d, d.Prefix.Expand("UPDATE {p}numbers SET n = n + 1 WHERE id = ?")
}

func sum(t *testing.T, d *testdb.DB) int {
	return d.Count(t, "SELECT SUM(n) FROM {p}numbers")
}

// Transactions that take the same two locks in different order must deadlock; each still counts once.
func TestTransactDeadlocks(t *testing.T) {
	t.Parallel()
	d, increment := numbers(t)

	const workers, each = 4, 10
	var wg sync.WaitGroup
	for w := range workers {
		first, second := 1+w%2, 2-w%2
		wg.Go(func() {
			for range each {
				err := mysqldb.Transact(t.Context(), d.DB, func(ctx context.Context, tx *sql.Tx) error {
					for _, id := range []int{first, second} {
						if _, err := tx.ExecContext(ctx, increment, id); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := sum(t, d); got != 2*workers*each {
		t.Errorf("sum %d, want %d", got, 2*workers*each)
	}
}

// One deadlock, arranged: both hold one lock before either asks for the other's.
func TestTransactRunsLoserAgain(t *testing.T) {
	t.Parallel()
	d, increment := numbers(t)

	var both sync.WaitGroup
	both.Add(2)
	attempts := make([]int, 2)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			err := mysqldb.Transact(t.Context(), d.DB, func(ctx context.Context, tx *sql.Tx) error {
				attempts[i]++
				if _, err := tx.ExecContext(ctx, increment, 1+i); err != nil {
					return err
				}
				if attempts[i] == 1 {
					both.Done()
					both.Wait()
				}
				_, err := tx.ExecContext(ctx, increment, 2-i)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if attempts[0]+attempts[1] != 3 {
		t.Errorf("%v attempts, want one of the two to run twice", attempts)
	}
	if got := sum(t, d); got != 4 {
		t.Errorf("sum %d, want 4", got)
	}
}

func TestTransactGivesUp(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	deadlock := &mysql.MySQLError{Number: 1213}

	attempts := 0
	err := mysqldb.Transact(t.Context(), d.DB, func(context.Context, *sql.Tx) error {
		attempts++
		return deadlock
	})
	if attempts != 10 || !errors.Is(err, deadlock) {
		t.Errorf("%d attempts, %v", attempts, err)
	}

	attempts = 0
	ctx, cancel := context.WithCancel(t.Context())
	err = mysqldb.Transact(ctx, d.DB, func(context.Context, *sql.Tx) error {
		attempts++
		cancel()
		return deadlock
	})
	if attempts != 1 || err == nil {
		t.Errorf("after the end of the context: %d attempts, %v", attempts, err)
	}
}

func TestTransactRollsBack(t *testing.T) {
	t.Parallel()
	d, increment := numbers(t)
	refused := errors.New("refused")

	attempts := 0
	err := mysqldb.Transact(t.Context(), d.DB, func(ctx context.Context, tx *sql.Tx) error {
		attempts++
		if _, err := tx.ExecContext(ctx, increment, 1); err != nil {
			return err
		}
		return refused
	})
	if err != refused || attempts != 1 {
		t.Errorf("error %v after %d attempts, want the function's own after one", err, attempts)
	}

	func() {
		defer func() {
			if p := recover(); p != "at the disco" {
				t.Errorf("panic %v", p)
			}
		}()
		mysqldb.Transact(t.Context(), d.DB, func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, increment, 1); err != nil {
				return err
			}
			panic("at the disco")
		})
	}()

	if got := sum(t, d); got != 0 {
		t.Errorf("sum %d after two rollbacks", got)
	}
	if n := d.DB.Stats().InUse; n != 0 {
		t.Errorf("%d connections are still in use", n)
	}
}

func TestTransactRefusesNesting(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	err := mysqldb.Transact(t.Context(), d.DB, func(ctx context.Context, _ *sql.Tx) error {
		return mysqldb.Transact(ctx, d.DB, func(context.Context, *sql.Tx) error { return nil })
	})
	if err == nil || !strings.Contains(err.Error(), "inside") {
		t.Errorf("error %v", err)
	}
}
