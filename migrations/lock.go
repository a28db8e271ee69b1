package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
)

const (
	lockWait = 10 * time.Minute

	// lockPoll is how long one statement waits, in seconds: less than the read timeout of any pool.
	lockPoll = 5
)

// lock waits until no other process migrates the tables of prefix. The lock ends with unlock, or with the
// connection that holds it.
func lock(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix, progress func(string, ...any)) (unlock func(), err error) {
	conn, closeConn, err := ownSession(ctx, db)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			closeConn()
		}
	}()

	// The connection is idle while others work; some hosts close those after a minute.
	if _, err := conn.ExecContext(ctx, "SET SESSION wait_timeout = 86400"); err != nil {
		return nil, err
	}
	database, err := mysqldb.QueryRow(ctx, conn, mysqldb.Value[string], "SELECT DATABASE()")
	if err != nil {
		return nil, err
	}
	name := lockName(database, prefix)
	ctx, cancel := context.WithTimeoutCause(ctx, lockWait, fmt.Errorf("another process held %s for %s", name, lockWait))
	defer cancel()
	for told := false; ; told = true {
		got, err := mysqldb.QueryRow(ctx, conn, mysqldb.Value[sql.NullInt64], "SELECT GET_LOCK(?, ?)", name, lockPoll)
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err != nil:
			return nil, err
		case !got.Valid:
			return nil, fmt.Errorf("GET_LOCK(%q) failed", name)
		case got.Int64 == 1:
			return closeConn, nil
		case !told:
			progress("another process is migrating; waiting for it")
		}
	}
}

// lockName is at most 64 bytes long, the limit of the server, across which it must be unique.
func lockName(database string, prefix mysqldb.Prefix) string {
	sum := sha256.Sum256([]byte(database + "\x00" + string(prefix)))
	return "jetonomy-sidecar-migrations:" + hex.EncodeToString(sum[:16])
}

// ownSession takes a connection whose session may be changed: release closes it instead of giving it back
// to the pool.
func ownSession(ctx context.Context, db *sql.DB) (conn *sql.Conn, release func(), err error) {
	conn, err = db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	return conn, func() {
		conn.Raw(func(any) error { return driver.ErrBadConn }) // makes the pool close it
		conn.Close()
	}, nil
}
