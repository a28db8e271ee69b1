package testdb

import (
	"context"
	"database/sql"
	"slices"
	"sync"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
)

// Trace is what a pool sent to the server.
type Trace struct {
	mu         sync.Mutex
	statements []Statement
}

// Statement is one statement as it was written, and its arguments. Of transactions the beginning and the
// end are statements too, see mysqldb.Options.
type Statement struct {
	Query string
	Args  []any
}

// Traced returns another pool on d, and the trace of it.
func (d *DB) Traced(t testing.TB) (*sql.DB, *Trace) {
	t.Helper()
	tr := new(Trace)
	opts := poolOptions
	opts.OnQuery = tr.add
	db, err := mysqldb.Open(t.Context(), d.DSN, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, tr
}

func (tr *Trace) add(_ context.Context, query string, args []any) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.statements = append(tr.statements, Statement{query, args})
}

// Take returns the statements since the last Take, and forgets them.
func (tr *Trace) Take() []Statement {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	list := slices.Clip(tr.statements)
	tr.statements = nil
	return list
}
