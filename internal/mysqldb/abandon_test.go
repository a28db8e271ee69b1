package mysqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

// limited is a pool whose callers wait for two seconds.
func limited(t *testing.T, d *testdb.DB, connections int) *sql.DB {
	t.Helper()
	db, err := mysqldb.Open(t.Context(), d.DSN, mysqldb.Options{MaxOpen: connections, StatementTimeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// hold locks the first of numbers' rows until the test is over.
func hold(t *testing.T, d *testdb.DB) {
	t.Helper()
	tx, err := d.DB.BeginTx(context.WithoutCancel(t.Context()), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback() })
	if _, err := tx.Exec(d.Prefix.Expand("UPDATE {p}numbers SET n = 1 WHERE id = 1")); err != nil {
		t.Fatal(err)
	}
}

// running is how many of the server's connections have a statement on the test's tables under way.
func running(t testing.TB, d *testdb.DB) int {
	t.Helper()
	return d.Count(t, "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '%{p}numbers%' AND id <> CONNECTION_ID()")
}

func TestLimitedSession(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	db := limited(t, d, 1)
	wait, err := mysqldb.QueryRow(t.Context(), db, mysqldb.Value[int], "SELECT @@SESSION.innodb_lock_wait_timeout")
	if err != nil || wait != 1 {
		t.Errorf("waits %d s for a lock, %v", wait, err)
	}
	limits, err := mysqldb.Query(t.Context(), db, func(row mysqldb.Scanner) (limit float64, err error) {
		var name string
		err = row.Scan(&name, &limit)
		return limit, err
	}, "SHOW SESSION VARIABLES WHERE variable_name IN ('max_statement_time', 'max_execution_time')")
	if err != nil || len(limits) != 1 || limits[0] != 2 && limits[0] != 2000 {
		t.Errorf("limits %v, %v", limits, err)
	}
}

// What nobody waits for any more ends in the server, too.
func TestAbandonedStatementEnds(t *testing.T) {
	t.Parallel()
	for name, query := range map[string]string{
		"select": "SELECT n, SLEEP(60) FROM {p}numbers WHERE id = 2",
		"lock":   "UPDATE {p}numbers SET n = 2 WHERE id = 1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, _ := numbers(t)
			hold(t, d)
			db := limited(t, d, 1)
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			began := time.Now()
			if _, err := db.ExecContext(ctx, d.Prefix.Expand(query)); !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("%v, want the deadline", err)
			}
			for range time.Tick(20 * time.Millisecond) {
				if running(t, d) == 0 {
					break
				}
				// It takes 2 s; the lock would end after 50, and the sleep after 60.
				if time.Since(began) > 20*time.Second {
					t.Fatal("still under way after 20 s")
				}
			}
		})
	}
}

// A statement that runs too long, or waits for a lock too long, is an error that says so.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	d, _ := numbers(t)
	hold(t, d)
	db := limited(t, d, 2)

	_, locked := db.ExecContext(t.Context(), d.Prefix.Expand("UPDATE {p}numbers SET n = 2 WHERE id = 1"))
	_, slow := mysqldb.Query(t.Context(), db, mysqldb.Value[int], d.Prefix.Expand(`
		SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c, {p}numbers`))
	_, unknown := db.ExecContext(t.Context(), "SELECT nonsense")
	closed, err := mysqldb.Open(t.Context(), d.DSN, mysqldb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := closed.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.Exec(t, fmt.Sprintf("KILL %d", id(t, conn)))
	_, killed := conn.ExecContext(t.Context(), "DO 1")
	for _, test := range []struct {
		name string
		err  error
		want bool
	}{
		{"lock", locked, true},
		{"slow", slow, true},
		{"unknown column", unknown, false},
		{"killed", killed, true},
		{"refused", refusedConnection(t, d), true},
		{"deadline", fmt.Errorf("x: %w", context.DeadlineExceeded), true},
		{"cancelled", context.Canceled, false},
		{"too many connections", fmt.Errorf("x: %w", &mysql.MySQLError{Number: 1040}), true},
		{"no row", sql.ErrNoRows, false},
		{"none", nil, false},
	} {
		if got := mysqldb.IsUnavailable(test.err); got != test.want || (test.err == nil) != (test.name == "none") {
			t.Errorf("%s: %v is unavailable: %v", test.name, test.err, got)
		}
	}
	closed.Close()
}

func id(t *testing.T, conn *sql.Conn) (id int) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), "SELECT CONNECTION_ID()").Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// refusedConnection is what a database says that is not running.
func refusedConnection(t *testing.T, d *testdb.DB) error {
	t.Helper()
	cfg, err := mysql.ParseDSN(d.DSN)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Net, cfg.Addr = "unix", t.TempDir()+"/nobody.sock"
	_, err = mysqldb.Open(t.Context(), cfg.FormatDSN(), mysqldb.Options{})
	return err
}

// A transaction that has waited for a lock in vain does not wait again where its caller would not see the end.
func TestTransactDoesNotWaitAgainNearTheDeadline(t *testing.T) {
	t.Parallel()
	d, increment := numbers(t)
	hold(t, d)
	// Long enough to tell the two apart: MySQL 5.7 looks just once in a second who has waited too long.
	db, err := mysqldb.Open(t.Context(), d.DSN, mysqldb.Options{MaxOpen: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "SET SESSION innodb_lock_wait_timeout = 5"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
	defer cancel()
	attempts := 0
	err = mysqldb.Transact(ctx, db, func(ctx context.Context, tx *sql.Tx) error {
		attempts++
		_, err := tx.ExecContext(ctx, increment, 1)
		return err
	})
	if e, ok := errors.AsType[*mysql.MySQLError](err); attempts != 1 || !ok || e.Number != 1205 {
		t.Errorf("%d attempts, %v, want one and the timeout of the lock", attempts, err)
	}
}

// However many give up on a row that somebody has locked, the server has not many more connections than the pool:
// what is given up ends there as well, after a second, and not after the five that a lock is waited for elsewhere.
func TestAbandonedConnectionsAreFew(t *testing.T) {
	t.Parallel()
	d, increment := numbers(t)
	hold(t, d)
	const connections = 8
	const patience = 500 * time.Millisecond
	db := limited(t, d, connections)
	var callers sync.WaitGroup
	for range connections {
		callers.Go(func() {
			for range 6 * time.Second / patience {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				err := mysqldb.Transact(ctx, db, func(ctx context.Context, tx *sql.Tx) error {
					_, err := tx.ExecContext(ctx, increment, 1)
					return err
				})
				cancel()
				if !mysqldb.IsUnavailable(err) {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { callers.Wait(); close(done) }()
	peak := 0
	for ticks := time.Tick(50 * time.Millisecond); ; {
		select {
		case <-ticks:
			peak = max(peak, running(t, d))
			continue
		case <-done:
		}
		break
	}
	t.Logf("%d connections at most, for a pool of %d", peak, connections)
	// Two for each of the pool's; four on servers (MySQL 5.7, MariaDB 10.5) that look just once in a second for who has
	// waited too long. Without the shorter wait they are ten.
	if peak > 6*connections {
		t.Errorf("%d connections waited at the server, for a pool of %d", peak, connections)
	}
}
