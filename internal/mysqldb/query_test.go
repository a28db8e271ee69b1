package mysqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

func TestQuery(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	got, err := mysqldb.Query(t.Context(), d.DB, mysqldb.Value[int], "SELECT ? UNION ALL SELECT ?", 7, 8)
	if err != nil || !slices.Equal(got, []int{7, 8}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := mysqldb.Query(t.Context(), d.DB, mysqldb.Value[int], "SELECT 1 FROM DUAL WHERE 1 = 0"); err != nil || got != nil {
		t.Errorf("no rows: %v, %v", got, err)
	}
	if _, err := mysqldb.Query(t.Context(), d.DB, mysqldb.Value[int], "SELECT 'seven'"); err == nil {
		t.Error("text was scanned as a number")
	}
	// The server notices the second row's fault while it sends rows, after the query itself went well.
	if got, err := mysqldb.Query(t.Context(), d.DB, mysqldb.Value[int],
		"SELECT 1 UNION ALL SELECT (SELECT 1 UNION ALL SELECT 2)"); err == nil {
		t.Errorf("an error among the rows was lost: %v", got)
	}
}

func TestQueryRow(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	if got, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[string], "SELECT ?", "x"); err != nil || got != "x" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[int], "SELECT 1 FROM DUAL WHERE 1 = 0"); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row: %v", err)
	}
}

func TestOnQuerySeesEverything(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	db, trace := d.Traced(t)
	ctx := t.Context()

	// What database/sql does by itself, a ping or the setting up of a connection, is not counted.
	if err := db.PingContext(ctx); err != nil {
		t.Fatal(err)
	}
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	must(db.ExecContext(ctx, "DO 1"))
	must(mysqldb.Query(ctx, db, mysqldb.Value[int], "SELECT ?", 2))

	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	must(conn.ExecContext(ctx, "DO 3"))
	must(nil, conn.Close())

	prepared, err := db.PrepareContext(ctx, "DO ?")
	if err != nil {
		t.Fatal(err)
	}
	must(prepared.ExecContext(ctx, 4))
	must(nil, prepared.Close())

	must(nil, mysqldb.Transact(ctx, db, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DO 5")
		return err
	}))
	mysqldb.Transact(ctx, db, func(ctx context.Context, tx *sql.Tx) error { return errors.New("no") })
	if _, err := db.ExecContext(ctx, "NONSENSE"); err == nil {
		t.Error("nonsense went well")
	}

	var got []string
	for _, s := range trace.Take() {
		got = append(got, s.Query)
	}
	want := []string{"DO 1", "SELECT ?", "DO 3", "DO ?",
		"START TRANSACTION", "DO 5", "COMMIT", "START TRANSACTION", "ROLLBACK", "NONSENSE"}
	if !slices.Equal(got, want) {
		t.Errorf("saw %q\nwant %q", got, want)
	}
}

func TestPlaceholders(t *testing.T) {
	for n, want := range map[int]string{-1: "", 0: "", 1: "?", 3: "?,?,?"} {
		if got := mysqldb.Placeholders(n); got != want {
			t.Errorf("Placeholders(%d) = %q, want %q", n, got, want)
		}
	}
}
