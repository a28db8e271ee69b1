package testdb

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
)

// DB is a part of the shared database that belongs to one test: every table with its prefix.
type DB struct {
	DB     *sql.DB // made by mysqldb.Open, closed when the test ends
	DSN    string
	Prefix mysqldb.Prefix

	members atomic.Int64 // made by AddUsers
}

// A pool per test, many tests at once: small enough for the server's 500 connections, large enough for a
// test to make transactions wait for each other.
var poolOptions = mysqldb.Options{MaxOpen: 16}

var (
	processID = randomHex(2) // tells apart the processes that share the database of SIDECAR_TEST_DSN
	tests     atomic.Int64
)

// New returns a DB with an unused prefix and no tables, and drops what the test created under that prefix
// when it ends.
func New(t testing.TB) *DB {
	t.Helper()
	dsn, err := database()
	if err != nil {
		t.Fatal(err)
	}
	db, err := mysqldb.Open(t.Context(), dsn, poolOptions)
	if err != nil {
		t.Fatal(err)
	}
	d := &DB{
		DB:     db,
		DSN:    dsn,
		Prefix: mysqldb.Prefix("t" + processID + strconv.FormatInt(tests.Add(1), 36) + "_"),
	}
	t.Cleanup(func() {
		defer db.Close()
		ctx, cancel := cleanupContext()
		defer cancel()
		if err := d.drop(ctx); err != nil {
			t.Errorf("testdb: drop the tables %s*: %v", d.Prefix, err)
		}
	})
	return d
}

// cleanupContext replaces the test's own context, which is done when cleanup starts.
func cleanupContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 30*time.Second)
}

func (d *DB) drop(ctx context.Context) error {
	tables, err := mysqldb.Query(ctx, d.DB, mysqldb.Value[string],
		"SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND LEFT(table_name, ?) = ?",
		len(d.Prefix), string(d.Prefix))
	if err != nil || len(tables) == 0 {
		return err
	}
	conn, err := d.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// Of this connection, which closes with the pool: tables may reference each other.
	if _, err := conn.ExecContext(ctx, "SET foreign_key_checks = 0"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "DROP TABLE IF EXISTS `"+strings.Join(tables, "`, `")+"`")
	return err
}

// Exec runs a statement in which {p} stands for the prefix. An error ends the test.
func (d *DB) Exec(t testing.TB, query string, args ...any) sql.Result {
	t.Helper()
	res, err := d.DB.ExecContext(t.Context(), d.Prefix.Expand(query), args...)
	if err != nil {
		t.Fatalf("testdb: %v, in: %s", err, query)
	}
	return res
}

// Count returns the number that a query gives, in which {p} stands for the prefix:
//
//	d.Count(t, "SELECT COUNT(*) FROM {p}jt_pro_messages WHERE sender_id = ?", alice)
func (d *DB) Count(t testing.TB, query string, args ...any) int {
	t.Helper()
	n, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[int], d.Prefix.Expand(query), args...)
	if err != nil {
		t.Fatalf("testdb: %v, in: %s", err, query)
	}
	return n
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}
