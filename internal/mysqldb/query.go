package mysqldb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Queryer is what *sql.DB, *sql.Conn and *sql.Tx have in common.
type Queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

var (
	_ Queryer = (*sql.DB)(nil)
	_ Queryer = (*sql.Conn)(nil)
	_ Queryer = (*sql.Tx)(nil)
)

// Scanner is a row: *sql.Rows or *sql.Row.
type Scanner interface {
	Scan(dest ...any) error
}

// Query returns what scan makes of each row, in their order; nil if there is none. An error on the way,
// also one after the last row, gives no rows at all.
func Query[T any](ctx context.Context, q Queryer, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("mysqldb: query: %w", err)
	}
	defer rows.Close()

	var ts []T
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("mysqldb: scan: %w", err)
		}
		ts = append(ts, t)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("mysqldb: read rows: %w", err)
	}
	return ts, nil
}

// QueryRow returns what scan makes of the first row. Without one the error is sql.ErrNoRows, wrapped.
func QueryRow[T any](ctx context.Context, q Queryer, scan func(Scanner) (T, error), query string, args ...any) (T, error) {
	t, err := scan(q.QueryRowContext(ctx, query, args...))
	if err != nil {
		var zero T
		return zero, fmt.Errorf("mysqldb: query row: %w", err)
	}
	return t, nil
}

// Value is the scan function of a query for one column.
func Value[T any](s Scanner) (T, error) {
	var t T
	err := s.Scan(&t)
	return t, err
}

// Placeholders returns n question marks for an IN list: "?,?,?". For no value at all there is no valid
// list in SQL: the caller has nothing to ask for then, and n below 1 gives "".
func Placeholders(n int) string {
	if n < 1 {
		return ""
	}
	return strings.Repeat("?,", n-1) + "?"
}
