package mysqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/go-sql-driver/mysql"
)

const (
	defaultMaxOpen     = 32
	defaultReadTimeout = 30 * time.Second
	dialTimeout        = 5 * time.Second
	writeTimeout       = 10 * time.Second

	// Below the server's wait_timeout on every hosting plan seen, and short enough for the pool to
	// follow a failover or a change of DNS.
	connMaxLifetime = 3 * time.Minute

	// Seconds. The server's default of 50 is longer than anybody waits for an answer, and longer than
	// defaultReadTimeout, which would cost the connection instead of failing the statement.
	lockWaitTimeout = "5"

	// Of a pool with a StatementTimeout. The server does not see that a caller has given up: its statement goes on
	// waiting, and its transaction keeps the locks that it has, for all of this time. It cannot be less.
	shortLockWaitTimeout = "1"
)

// Options are what may differ between two pools. The zero value is good.
type Options struct {
	// MaxOpen is the largest number of connections, 32 if zero. As many are kept idle: opening one
	// costs several round trips.
	MaxOpen int

	// ReadTimeout is how long the server may stay silent while a statement runs: the DSN's readTimeout,
	// or 30 seconds, if zero. Only migrations, whose ALTER TABLE may run long, need more.
	ReadTimeout time.Duration

	// StatementTimeout is for a pool whose callers wait so long for an answer at most. The server ends a statement
	// that runs longer (MySQL: a SELECT), and one that waits for a lock after a second, instead of going on for nobody,
	// on a connection that is not of the pool any more: otherwise those may be many times MaxOpen, until the server
	// refuses others. Zero is no limit, and 5 seconds for a lock. A server without such a limit is used without it.
	StatementTimeout time.Duration

	// OnQuery, if not nil, is called after each statement that was sent to the server through the pool,
	// a connection or a transaction of it, failed ones included: with its text before the arguments
	// are put in, and the arguments. Begin, commit and rollback are seen as "START TRANSACTION",
	// "COMMIT" and "ROLLBACK". It is called from many goroutines. It exists for tests that count or
	// explain statements; when it is nil it costs nothing.
	OnQuery func(ctx context.Context, query string, args []any)
}

// Open makes a pool on the database that dsn names (in the form of github.com/go-sql-driver/mysql) and
// checks that it can be reached. What dsn says about session variables, character set and the flags set
// here is overruled: the code of this service relies on them. No error shows the password.
func Open(ctx context.Context, dsn string, opts Options) (*sql.DB, error) {
	cfg, err := config(dsn, opts)
	if err != nil {
		return nil, fmt.Errorf("mysqldb: open: %w", err)
	}
	inner, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("mysqldb: open: %w", err)
	}

	db := sql.OpenDB(&connector{Connector: inner, statementTimeout: opts.StatementTimeout, onQuery: opts.OnQuery})
	maxOpen := opts.MaxOpen
	if maxOpen == 0 {
		maxOpen = defaultMaxOpen
	}
	db.SetMaxOpenConns(maxOpen)
	db.SetMaxIdleConns(maxOpen)
	db.SetConnMaxLifetime(connMaxLifetime)

	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("mysqldb: connect to database %q at %s(%s) as %q: %w",
			cfg.DBName, cfg.Net, cfg.Addr, cfg.User, err)
	}
	return db, nil
}

func config(dsn string, opts Options) (*mysql.Config, error) {
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.DBName == "" {
		return nil, errors.New("the DSN names no database")
	}

	// DATETIME columns become time.Time. They hold UTC here, whatever zone the server's machine is in;
	// a zero date becomes the zero time.
	cfg.ParseTime = true
	cfg.Loc = time.UTC

	// RowsAffected counts the rows that matched, so that an UPDATE which changes nothing can be told from
	// one that found nothing.
	cfg.ClientFoundRows = true

	// One round trip for a statement with arguments, where preparing it on the server takes two, and
	// more than twice the time (46 µs against 100 µs for the smallest query on a local socket).
	// Escaping in the client is safe in utf8mb4, in which no character hides a quote or a backslash.
	cfg.InterpolateParams = true

	// A statement is one statement, and a file of this machine is none of the server's business.
	cfg.MultiStatements = false
	cfg.AllowAllFiles = false

	// The three-byte utf8 refuses emoji. An explicit collation is left to the columns.
	if err := cfg.Apply(mysql.Charset("utf8mb4", "")); err != nil {
		return nil, err
	}

	cfg.Params = map[string]string{
		// NOW() and TIMESTAMP columns agree with the UTC of every DATETIME.
		"time_zone": "'+00:00'",

		// A value that doesn't fit is an error, not cut short. NO_ZERO_DATE and NO_ZERO_IN_DATE are
		// left out: WordPress's tables hold zero dates and have them as defaults.
		"sql_mode": "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'",

		"innodb_lock_wait_timeout": lockWaitTimeout,
	}
	if opts.StatementTimeout > 0 {
		cfg.Params["innodb_lock_wait_timeout"] = shortLockWaitTimeout
	}

	if cfg.Timeout == 0 {
		cfg.Timeout = dialTimeout
	}
	if cfg.WriteTimeout == 0 {
		cfg.WriteTimeout = writeTimeout
	}
	switch {
	case opts.ReadTimeout != 0:
		cfg.ReadTimeout = opts.ReadTimeout
	case cfg.ReadTimeout == 0:
		cfg.ReadTimeout = defaultReadTimeout
	}

	// The driver logs what it also returns as an error, in a format of its own.
	cfg.Logger = &mysql.NopLogger{}
	return cfg, nil
}
