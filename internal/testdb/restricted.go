package testdb

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"jetonomy-sidecar/internal/mysqldb"
)

// Restricted returns a pool connected as a new user that has just these grants. The text is GRANT
// statements separated by semicolons, with lines that start with -- as comments; {p} stands for the
// table prefix, {db} for the name of the database, and {user} for the user:
//
//	GRANT SELECT ON `{db}`.`{p}users` TO {user};
//
// The tables must exist. The user is dropped when the test ends.
func (d *DB) Restricted(t testing.TB, grants string) *sql.DB {
	t.Helper()
	cfg, err := mysql.ParseDSN(d.DSN)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	cfg.User = "u" + randomHex(6)
	cfg.Passwd = randomHex(16)
	// The host as the server sees it: with '%', an anonymous user of that host, which some installations
	// have, would come first.
	host, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[string], "SELECT SUBSTRING_INDEX(USER(), '@', -1)")
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	user := "'" + cfg.User + "'@'" + host + "'"

	d.Exec(t, "CREATE USER "+user+" IDENTIFIED BY '"+cfg.Passwd+"'")
	t.Cleanup(func() {
		ctx, cancel := cleanupContext()
		defer cancel()
		if _, err := d.DB.ExecContext(ctx, "DROP USER "+user); err != nil {
			t.Errorf("testdb: drop the restricted user: %v", err)
		}
	})
	expand := strings.NewReplacer("{db}", cfg.DBName, "{user}", user)
	for _, grant := range statements(grants) {
		d.Exec(t, expand.Replace(grant))
	}

	db, err := mysqldb.Open(t.Context(), cfg.FormatDSN(), poolOptions)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// statements splits simple SQL, without quoted semicolons, into its statements.
func statements(text string) []string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			b.WriteString(line)
		}
	}
	var list []string
	for s := range strings.SplitSeq(b.String(), ";") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}
