package mysqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// conn is what database/sql uses of a connection of the MySQL driver. A wrapper that forgot one of these
// would lose it silently.
type conn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	driver.NamedValueChecker
}

type onQuery func(ctx context.Context, query string, args []any)

// connector finishes the session of each new connection.
type connector struct {
	driver.Connector
	statementTimeout time.Duration
	dialect          atomic.Int32 // the first of statementLimits that the server may know
	onQuery          onQuery
}

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	dc, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := dc.(conn)
	if !ok {
		dc.Close()
		return nil, fmt.Errorf("mysqldb: connection type %T lacks a method", dc)
	}

	// The session variable behind this has different names in MySQL and MariaDB, the statement has not.
	// Set here once, not in each BEGIN, it costs no round trip per transaction.
	const isolation = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
	if _, err := inner.ExecContext(ctx, isolation, nil); err != nil {
		inner.Close()
		return nil, fmt.Errorf("mysqldb: set isolation level: %w", err)
	}

	if err := c.limitStatements(ctx, inner); err != nil {
		inner.Close()
		return nil, fmt.Errorf("mysqldb: limit statements: %w", err)
	}

	if c.onQuery == nil {
		return inner, nil
	}
	return &watchedConn{conn: inner, onQuery: c.onQuery}, nil
}

// statementLimits are how MariaDB and MySQL are told how long a statement may run.
var statementLimits = []func(time.Duration) string{
	func(d time.Duration) string { return fmt.Sprintf("SET SESSION max_statement_time = %.3f", d.Seconds()) },
	func(d time.Duration) string {
		return fmt.Sprintf("SET SESSION max_execution_time = %d", d.Milliseconds())
	},
}

// limitStatements asks a server once which of the two it knows; it may be neither.
func (c *connector) limitStatements(ctx context.Context, conn driver.ExecerContext) error {
	if c.statementTimeout == 0 {
		return nil
	}
	for i := int(c.dialect.Load()); i < len(statementLimits); i++ {
		_, err := conn.ExecContext(ctx, statementLimits[i](c.statementTimeout), nil)
		if number(err) != erUnknownSystemVariable {
			return err
		}
		c.dialect.Store(int32(i + 1))
	}
	return nil
}

// watchedConn reports the statements of a connection.
type watchedConn struct {
	conn
	onQuery onQuery
}

func (c *watchedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	res, err := c.conn.ExecContext(ctx, query, args)
	c.report(ctx, query, args, err)
	return res, err
}

func (c *watchedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.conn.QueryContext(ctx, query, args)
	c.report(ctx, query, args, err)
	return rows, err
}

func (c *watchedConn) report(ctx context.Context, query string, args []driver.NamedValue, err error) {
	// ErrSkip: nothing was sent, database/sql will prepare the statement instead.
	if !errors.Is(err, driver.ErrSkip) {
		c.onQuery(ctx, query, values(args))
	}
}

func (c *watchedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	ds, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	inner, ok := ds.(stmt)
	if !ok {
		ds.Close()
		return nil, fmt.Errorf("mysqldb: statement type %T lacks a method", ds)
	}
	return &watchedStmt{stmt: inner, query: query, onQuery: c.onQuery}, nil
}

func (c *watchedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.conn.BeginTx(ctx, opts)
	c.onQuery(ctx, "START TRANSACTION", nil)
	if err != nil {
		return nil, err
	}
	return &watchedTx{Tx: tx, ctx: ctx, onQuery: c.onQuery}, nil
}

type watchedStmt struct {
	stmt
	query   string
	onQuery onQuery
}

func (s *watchedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	defer s.onQuery(ctx, s.query, values(args))
	return s.stmt.ExecContext(ctx, args)
}

func (s *watchedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	defer s.onQuery(ctx, s.query, values(args))
	return s.stmt.QueryContext(ctx, args)
}

type watchedTx struct {
	driver.Tx
	ctx     context.Context // of BeginTx: Commit and Rollback have none
	onQuery onQuery
}

func (tx *watchedTx) Commit() error {
	defer tx.onQuery(tx.ctx, "COMMIT", nil)
	return tx.Tx.Commit()
}

func (tx *watchedTx) Rollback() error {
	defer tx.onQuery(tx.ctx, "ROLLBACK", nil)
	return tx.Tx.Rollback()
}

func values(args []driver.NamedValue) []any {
	if len(args) == 0 {
		return nil
	}
	vs := make([]any, len(args))
	for i, a := range args {
		vs[i] = a.Value
	}
	return vs
}
