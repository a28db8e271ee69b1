package mysqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestSession(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	for _, tt := range []struct{ query, want string }{
		{"SELECT @@SESSION.time_zone", "+00:00"},
		{"SELECT @@SESSION.character_set_client", "utf8mb4"},
		{"SELECT @@SESSION.character_set_results", "utf8mb4"},
		{"SELECT @@SESSION.innodb_lock_wait_timeout", "5"},
	} {
		got, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[string], tt.query)
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.query, got, err, tt.want)
		}
	}

	mode, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[string], "SELECT @@SESSION.sql_mode")
	if err != nil || !strings.Contains(mode, "STRICT_ALL_TABLES") || strings.Contains(mode, "ZERO_DATE") {
		t.Errorf("sql_mode %q, %v", mode, err)
	}
}

func TestDSNIsOverruled(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	cfg, err := mysql.ParseDSN(d.DSN)
	if err != nil {
		t.Fatal(err)
	}
	cfg.MultiStatements = true
	cfg.Params = map[string]string{"time_zone": "'+05:00'", "sql_mode": "''"}
	db, err := mysqldb.Open(t.Context(), cfg.FormatDSN(), mysqldb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	got, err := mysqldb.QueryRow(t.Context(), db, mysqldb.Value[string], "SELECT @@SESSION.time_zone")
	if err != nil || got != "+00:00" {
		t.Errorf("time zone %q, %v", got, err)
	}
	if _, err := db.ExecContext(t.Context(), "DO 1; DO 2"); err == nil {
		t.Error("two statements in one went through")
	}
}

func TestStrictValues(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.Exec(t, "CREATE TABLE {p}strict (word varchar(3))")
	if _, err := d.DB.ExecContext(t.Context(), d.Prefix.Expand("INSERT INTO {p}strict VALUES ('four')")); err == nil {
		t.Error("a word of four letters was cut to three")
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.Exec(t, "CREATE TABLE {p}times (n int, at datetime NOT NULL DEFAULT '0000-00-00 00:00:00')")
	d.Exec(t, "INSERT INTO {p}times (n) VALUES (1)")
	noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	d.Exec(t, "INSERT INTO {p}times VALUES (2, ?)", noon.In(time.FixedZone("", 3600)))

	at, err := mysqldb.Query(t.Context(), d.DB, mysqldb.Value[time.Time], d.Prefix.Expand("SELECT at FROM {p}times ORDER BY n"))
	if err != nil || len(at) != 2 {
		t.Fatalf("%v, %v", at, err)
	}
	if !at[0].IsZero() {
		t.Errorf("a zero date became %v", at[0])
	}
	if at[1] != noon {
		t.Errorf("stored %v, read %v", noon, at[1])
	}
}

func TestFoundRows(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.Exec(t, "CREATE TABLE {p}found (n int)")
	d.Exec(t, "INSERT INTO {p}found VALUES (1)")
	for where, want := range map[int]int64{1: 1, 2: 0} {
		n, err := d.Exec(t, "UPDATE {p}found SET n = 1 WHERE n = ?", where).RowsAffected()
		if err != nil || n != want {
			t.Errorf("no-op update of n = %d: %d rows, %v, want %d", where, n, err, want)
		}
	}
}

// The quoting is the driver's; the test is there for the combination of settings that makes it safe.
func TestInterpolatedText(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	for _, s := range []string{"", "'", `\`, `\'`, "'' OR 1=1 -- ", "\x00\n\r\x1a\"?", "\u00bf' \U0001f600 ?"} {
		got, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[string], "SELECT ?", s)
		if err != nil || got != s {
			t.Errorf("sent %q, got %q, %v", s, got, err)
		}
	}
}

// A statement of a transaction sees what others committed since the transaction began.
func TestReadCommitted(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.Exec(t, "CREATE TABLE {p}seen (n int) ENGINE=InnoDB")
	d.Exec(t, "INSERT INTO {p}seen VALUES (1)")
	query := d.Prefix.Expand("SELECT n FROM {p}seen")

	err := mysqldb.Transact(t.Context(), d.DB, func(ctx context.Context, tx *sql.Tx) error {
		for want := 1; want <= 2; want++ {
			n, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[int], query)
			if err != nil {
				return err
			}
			if n != want {
				t.Errorf("read %d, want %d", n, want)
			}
			d.Exec(t, "UPDATE {p}seen SET n = 2")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	cfg, err := mysql.ParseDSN(d.DSN)
	if err != nil {
		t.Fatal(err)
	}
	cfg.User, cfg.Passwd = "nobody", "hunter2"

	for name, dsn := range map[string]string{
		"malformed":   "hunter2",
		"no database": "user:hunter2@tcp(127.0.0.1)/",
		"refused":     cfg.FormatDSN(),
	} {
		db, err := mysqldb.Open(t.Context(), dsn, mysqldb.Options{})
		if err == nil {
			db.Close()
			t.Errorf("%s: no error", name)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}

func TestErrorKinds(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.Exec(t, "CREATE TABLE {p}unique (n int PRIMARY KEY)")
	d.Exec(t, "INSERT INTO {p}unique VALUES (1)")

	_, duplicate := d.DB.ExecContext(t.Context(), d.Prefix.Expand("INSERT INTO {p}unique VALUES (1)"))
	_, missing := d.DB.ExecContext(t.Context(), d.Prefix.Expand("INSERT INTO {p}nowhere VALUES (1)"))
	d.Exec(t, "CREATE TABLE {p}old (name varchar(60) CHARACTER SET latin1)")
	_, incomparable := d.DB.ExecContext(t.Context(), d.Prefix.Expand("SELECT 1 FROM {p}old WHERE name = ?"), "友達")
	for _, tt := range []struct {
		name                                       string
		err                                        error
		duplicate, missing, deadlock, incomparable bool
	}{
		{"duplicate", duplicate, true, false, false, false},
		{"missing table", missing, false, true, false, false},
		{"deadlock", &mysql.MySQLError{Number: 1213}, false, false, true, false},
		{"lock wait", &mysql.MySQLError{Number: 1205}, false, false, true, false},
		{"characters", incomparable, false, false, false, true},
		{"another", errors.New("1062"), false, false, false, false},
		{"none", nil, false, false, false, false},
	} {
		if mysqldb.IsDuplicate(tt.err) != tt.duplicate || mysqldb.IsNoSuchTable(tt.err) != tt.missing ||
			mysqldb.IsDeadlock(tt.err) != tt.deadlock || mysqldb.IsIncomparable(tt.err) != tt.incomparable {
			t.Errorf("%s is taken for something else: %v", tt.name, tt.err)
		}
	}
}
