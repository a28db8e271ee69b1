package migrations

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func up(t *testing.T, d *testdb.DB) (progress string) {
	t.Helper()
	var lines strings.Builder
	err := Up(t.Context(), d.DB, d.Prefix, func(format string, args ...any) { fmt.Fprintf(&lines, format+"\n", args...) })
	if err != nil {
		t.Fatalf("%v\nprogress:\n%s", err, &lines)
	}
	return lines.String()
}

// texts is a query for one column.
func texts(t *testing.T, q mysqldb.Queryer, query string, args ...any) []string {
	t.Helper()
	list, err := mysqldb.Query(t.Context(), q, mysqldb.Value[string], query, args...)
	if err != nil {
		t.Fatalf("%v, in: %s", err, query)
	}
	return list
}

var displayWidth = regexp.MustCompile(`\b(smallint|int|bigint|tinyint)\((?:[2-9]|\d\d)\)`)

// describe is the shape of all tables with the prefix, in words that MySQL and MariaDB agree on.
func describe(t *testing.T, d *testdb.DB) string {
	t.Helper()
	var b strings.Builder
	for _, table := range texts(t, d.DB, `SELECT table_name FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name LIKE ? ORDER BY BINARY table_name`, d.Prefix.Expand(`{p}jt\_%`)) {
		fmt.Fprintf(&b, "%s", strings.TrimPrefix(table, string(d.Prefix)))
		for _, s := range texts(t, d.DB, `SELECT CONCAT(LOWER(engine), ' ', LOWER(row_format), ' ', table_collation)
			FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?`, table) {
			fmt.Fprintf(&b, " %s\n", s)
		}
		for _, s := range texts(t, d.DB, `SELECT CONCAT(column_name, ' ', column_type,
				COALESCE(CONCAT(' ', collation_name), ''), IF(is_nullable = 'NO', ' not null', ''),
				COALESCE(CONCAT(' default ', IF(column_default IN ('', ''''''), '''''', TRIM(BOTH '''' FROM column_default))), ''),
				IF(extra = '' OR extra = 'DEFAULT_GENERATED', '', CONCAT(' ', LOWER(extra))))
			FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?
			ORDER BY ordinal_position`, table) {
			s = displayWidth.ReplaceAllString(s, "$1")
			s = strings.NewReplacer(" default NULL", "", "current_timestamp()", "CURRENT_TIMESTAMP").Replace(s)
			fmt.Fprintf(&b, "\t%s\n", s)
		}
		for _, s := range texts(t, d.DB, `SELECT CONCAT(index_name, IF(non_unique, ' (', ' unique ('),
				GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', '), ')')
			FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ?
			GROUP BY index_name, non_unique ORDER BY index_name`, table) {
			fmt.Fprintf(&b, "\tkey %s\n", s)
		}
	}
	return b.String()
}

// dump is the text of every row of a table as WordPress's session sees it, with the columns the table
// has now or, for a later comparison, the given ones.
func dump(t *testing.T, d *testdb.DB, table string, columns ...string) (rows, columnsDumped []string) {
	t.Helper()
	return dumpIn(t, d, "@@global.time_zone", table, columns...)
}

func dumpIn(t *testing.T, d *testdb.DB, zone, table string, columns ...string) (rows, columnsDumped []string) {
	t.Helper()
	conn := session(t, d)
	if _, err := conn.ExecContext(t.Context(), "SET SESSION time_zone = "+zone); err != nil {
		t.Fatal(err)
	}
	table = d.Prefix.Expand(table)
	if len(columns) == 0 {
		columns = texts(t, conn, `SELECT column_name FROM information_schema.columns
			WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`, table)
	}
	var values []string
	for _, c := range columns {
		values = append(values, "COALESCE(QUOTE(CONVERT(`"+c+"` USING utf8mb4)), 'NULL')")
	}
	return texts(t, conn, "SELECT CONCAT_WS(', ', "+strings.Join(values, ", ")+") AS line FROM "+table+" ORDER BY line"), columns
}

// session is a connection that is not given back to the pool.
func session(t *testing.T, d *testdb.DB) *sql.Conn {
	t.Helper()
	conn, release, err := ownSession(t.Context(), d.DB)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return conn
}

func exec(t *testing.T, d *testdb.DB, queries ...string) {
	t.Helper()
	for _, q := range queries {
		d.Exec(t, q)
	}
}
