package testdb

import (
	"database/sql"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
)

// PlanRow is a row of EXPLAIN, in the words that MySQL and MariaDB share. What is NULL there is empty.
type PlanRow struct {
	Table string // as the statement calls it, or <derivedN> and the like
	Type  string // how it is read: "ALL" is a scan of the table, "index" one of a key
	Key   string // the index that is used
	Extra string // "Using filesort", "Using temporary"…
}

// Explain returns how the server would run s.
func (d *DB) Explain(t testing.TB, s Statement) []PlanRow {
	t.Helper()
	// MySQL 9 draws a tree unless it is asked for the table.
	plan, err := mysqldb.Query(t.Context(), d.DB, scanPlanRow, "EXPLAIN FORMAT=TRADITIONAL "+s.Query, s.Args...)
	if err != nil {
		t.Fatalf("testdb: %v, of: %s", err, s.Query)
	}
	if len(plan) == 0 {
		t.Fatalf("testdb: no plan of: %s", s.Query)
	}
	return plan
}

// scanPlanRow reads a row whose columns differ between servers.
func scanPlanRow(row mysqldb.Scanner) (PlanRow, error) {
	columns, err := row.(interface{ Columns() ([]string, error) }).Columns()
	if err != nil {
		return PlanRow{}, err
	}
	var table, kind, key, extra sql.NullString
	dest := make([]any, len(columns))
	for i, column := range columns {
		switch column {
		case "table":
			dest[i] = &table
		case "type":
			dest[i] = &kind
		case "key":
			dest[i] = &key
		case "Extra":
			dest[i] = &extra
		default:
			dest[i] = new(any)
		}
	}
	err = row.Scan(dest...)
	return PlanRow{Table: table.String, Type: kind.String, Key: key.String, Extra: extra.String}, err
}
