package migrations

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

var update = flag.Bool("update", false, "write the golden files")

func TestFresh(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	up(t, d)

	const golden = "testdata/fresh.golden"
	got := describe(t, d)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	checkSeeder(t, d)
	checkGenerated(t, d)
}

func TestSecondRunChangesNothing(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	up(t, d)
	shape := describe(t, d)

	db, trace := d.Traced(t)
	if err := Up(t.Context(), db, d.Prefix, nil); err != nil {
		t.Fatal(err)
	}
	if statements := trace.Take(); len(statements) != 1 {
		t.Errorf("a run with nothing to do sent %d statements: %v", len(statements), statements)
	}

	// The steps by themselves find nothing to do, either.
	d.Exec(t, "DELETE FROM {p}jt_sidecar_migrations")
	for _, line := range strings.Split(strings.TrimSpace(up(t, d)), "\n") {
		if !strings.Contains(line, "applied in") {
			t.Errorf("unexpected progress: %s", line)
		}
	}
	if diff := cmp.Diff(shape, describe(t, d)); diff != "" {
		t.Error(diff)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	current, newest, err := Status(t.Context(), d.DB, d.Prefix)
	if err != nil || current != 0 || newest != latest {
		t.Errorf("before: %d of %d, %v", current, newest, err)
	}
	if tables := describe(t, d); tables != "" {
		t.Errorf("Status made tables:\n%s", tables)
	}
	up(t, d)
	current, newest, err = Status(t.Context(), d.DB, d.Prefix)
	if err != nil || current != latest || newest != latest {
		t.Errorf("after: %d of %d, %v", current, newest, err)
	}

	provider, err := newProvider(d.DB, d.Prefix, "utf8mb4_bin", t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	sources := provider.ListSources()
	if got := sources[len(sources)-1].Version; got != latest {
		t.Errorf("%d sources, the last is version %d; latest is %d", len(sources), got, latest)
	}
}

// Without WordPress's tables there is a collation all the same; a table that isn't utf8mb4 is no model.
func TestSiteCollation(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	for _, step := range []struct{ table, want string }{
		{"", "utf8mb4_unicode_ci"},
		{"CREATE TABLE {p}users (ID int) DEFAULT CHARACTER SET latin1", "utf8mb4_unicode_ci"},
		{"CREATE TABLE {p}posts (ID int) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "utf8mb4_bin"},
		{"ALTER TABLE {p}users DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", "utf8mb4_general_ci"},
	} {
		if step.table != "" {
			d.Exec(t, step.table)
		}
		if got, err := siteCollation(t.Context(), d.DB, d.Prefix); err != nil || got != step.want {
			t.Errorf("after %q: %q, %v; want %q", step.table, got, err, step.want)
		}
	}
}

func TestTwoProcessesAtOnce(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, *testdb.DB){
		"fresh":    func(*testing.T, *testdb.DB) {},
		"to adopt": variantB,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := testdb.New(t)
			d.WordPress(t)
			prepare(t, d)

			const processes = 4
			var wg sync.WaitGroup
			for range processes {
				db, err := mysqldb.Open(t.Context(), d.DSN, mysqldb.Options{MaxOpen: minConnections})
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				wg.Go(func() {
					if err := Up(t.Context(), db, d.Prefix, nil); err != nil {
						t.Error(err)
					}
					if current, _, err := Status(t.Context(), db, d.Prefix); err != nil || current != latest {
						t.Errorf("after Up: version %d, %v", current, err)
					}
				})
			}
			wg.Wait()
			if n := d.Count(t, "SELECT COUNT(*) - COUNT(DISTINCT version_id) FROM {p}jt_sidecar_migrations"); n != 0 {
				t.Errorf("%d versions were applied twice", n)
			}
		})
	}
}

// A statement goes on in the server when its process has died, and the lock with it: the next process
// may find the table changed between looking and changing.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	variantB(t, d)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := messagingTables(t.Context(), d.DB, d.Prefix, "utf8mb4_unicode_ci", func(string, ...any) {}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	up(t, d)
	checkVariantB(t, d)
}

func TestLock(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	unlock, err := lock(t.Context(), d.DB, d.Prefix, t.Logf)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	waiting := func() { cancel() }
	db, err := mysqldb.Open(t.Context(), d.DSN, mysqldb.Options{OnQuery: func(_ context.Context, query string, _ []any) {
		if query == "SELECT DATABASE()" {
			waiting()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Up(ctx, db, d.Prefix, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("while it waited its context was canceled: %v", err)
	}

	unlock()
	waiting = func() {}
	if err := Up(t.Context(), db, d.Prefix, nil); err != nil {
		t.Error(err)
	}
	if n := len(lockName(strings.Repeat("d", 64), mysqldb.Prefix(strings.Repeat("p", 64)))); n > 64 {
		t.Errorf("a lock's name of %d bytes", n)
	}
}

func TestSmallPool(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	db, err := mysqldb.Open(t.Context(), d.DSN, mysqldb.Options{MaxOpen: minConnections - 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Up(t.Context(), db, d.Prefix, nil); err == nil {
		t.Error("a pool that is too small was accepted")
	}
}

func TestGrants(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	d.Jetonomy(t)
	variantB(t, d)
	if err := Up(t.Context(), d.Restricted(t, MigrateGrants()), d.Prefix, nil); err != nil {
		t.Fatalf("with the grants for migrations: %v", err)
	}

	db := d.Restricted(t, Grants())
	if err := Up(t.Context(), db, d.Prefix, nil); err != nil {
		t.Errorf("nothing to do, with the grants for the service: %v", err)
	}
	for _, table := range []string{"jt_pro_conversations", "jt_pro_conversation_participants", "jt_pro_messages",
		"jt_sidecar_blocks", "jt_sidecar_requests", "jt_sidecar_outbox", "jt_sidecar_names",
		"jt_sidecar_failures", "jt_sidecar_handled", "jt_sidecar_mail", "jt_sidecar_state",
		"jt_sidecar_visits", "jt_sidecar_holds", "jt_sidecar_daily", "jt_sidecar_senders",
		"jt_sidecar_reports", "jt_sidecar_report_messages", "jt_sidecar_report_members"} {
		mustExec(t, db, d, "DELETE FROM {p}"+table)
	}
	for _, query := range []string{"DELETE FROM {p}jt_sidecar_access_log", "UPDATE {p}jt_sidecar_access_log SET note = ''"} {
		if _, err := db.ExecContext(t.Context(), d.Prefix.Expand(query)); err == nil {
			t.Errorf("the service may: %s", query)
		}
	}
	if _, err := db.ExecContext(t.Context(), d.Prefix.Expand("UPDATE {p}users SET user_email = ''")); err == nil {
		t.Error("the service may write WordPress's tables")
	}
}

func mustExec(t *testing.T, db *sql.DB, d *testdb.DB, query string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), d.Prefix.Expand(query)); err != nil {
		t.Errorf("%v, in: %s", err, query)
	}
}

// A crash may come after any statement. The pool of each run stops working after one more than that of
// the run before; a run with a good one must then lead to the same end.
func TestCrashAfterAnyStatement(t *testing.T) {
	t.Parallel()
	whole := testdb.New(t)
	whole.WordPress(t)
	variantB(t, whole)
	db, trace := whole.Traced(t)
	if err := Up(t.Context(), db, whole.Prefix, nil); err != nil {
		t.Fatal(err)
	}
	statements := len(trace.Take())
	shape := describe(t, whole)

	slots := make(chan struct{}, 8)
	for n := 1; n < statements; n++ {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			d := testdb.New(t)
			d.WordPress(t)
			variantB(t, d)

			ctx, crash := context.WithCancel(t.Context())
			var mu sync.Mutex
			left := n
			db, err := mysqldb.Open(t.Context(), d.DSN, mysqldb.Options{OnQuery: func(context.Context, string, []any) {
				mu.Lock()
				defer mu.Unlock()
				if left--; left == 0 {
					crash()
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := Up(ctx, db, d.Prefix, nil); err == nil {
				t.Fatalf("no crash after %d of %d statements", n, statements)
			}

			up(t, d)
			if diff := cmp.Diff(shape, describe(t, d)); diff != "" {
				t.Errorf("after a crash after %d statements: %s", n, diff)
			}
			checkVariantB(t, d)
		})
	}
}

// A site whose tables are as version 4 left them gets the keys of the administrators' list.
func TestKeysOfTheListForOlderSites(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	up(t, d)
	shape := describe(t, d)
	exec(t, d,
		"ALTER TABLE {p}jt_pro_conversations DROP KEY jts_activity, DROP KEY jts_type_activity, DROP KEY jts_count",
		"DELETE FROM {p}jt_sidecar_migrations WHERE version_id > 4",
	)
	if progress := up(t, d); !strings.Contains(progress, "3 changes in one ALTER TABLE") {
		t.Errorf("progress:\n%s", progress)
	}
	if diff := cmp.Diff(shape, describe(t, d)); diff != "" {
		t.Error(diff)
	}
}

// A site whose tables are as version 7 left them gets the key of a member's conversations, whatever their primary
// key is, and nothing else changes.
func TestKeyOfMembersForOlderSites(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*testing.T, *testdb.DB){
		"own tables": func(*testing.T, *testdb.DB) {},
		"variant A":  variantA,
		"variant B":  variantB,
		"variant C":  variantC,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := testdb.New(t)
			d.WordPress(t)
			prepare(t, d)
			up(t, d)
			shape := describe(t, d)
			exec(t, d,
				"ALTER TABLE {p}jt_pro_conversation_participants DROP KEY jts_member",
				"DELETE FROM {p}jt_sidecar_migrations WHERE version_id > 7",
				"INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at) VALUES (71, 7, NOW()), (72, 7, NOW())",
			)
			if current, newest, err := Status(t.Context(), d.DB, d.Prefix); err != nil || current != 7 || newest != latest {
				t.Fatalf("before: %d of %d, %v", current, newest, err)
			}
			rows, columns := dump(t, d, "{p}jt_pro_conversation_participants")
			if progress := up(t, d); !strings.Contains(progress, "1 changes in one ALTER TABLE") {
				t.Errorf("progress:\n%s", progress)
			}
			after, _ := dump(t, d, "{p}jt_pro_conversation_participants", columns...)
			if diff := cmp.Diff(rows, after); diff != "" {
				t.Errorf("rows: %s", diff)
			}
			if diff := cmp.Diff(shape, describe(t, d)); diff != "" {
				t.Error(diff)
			}
			if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_pro_conversation_participants FORCE INDEX (jts_member) WHERE user_id = 7 AND conversation_id > 71"); n != 1 {
				t.Errorf("%d conversations behind the first, want 1", n)
			}
		})
	}
}

// A key cannot hold a TEXT: the type of conversations becomes a word, with what is in it.
func TestTypeAsText(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	exec(t, d,
		"CREATE TABLE {p}jt_pro_conversations (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, type text NOT NULL)",
		"INSERT INTO {p}jt_pro_conversations (type) VALUES ('direct'), ('group')",
	)
	up(t, d)
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_pro_conversations FORCE INDEX (jts_type_activity) WHERE type = 'group'"); n != 1 {
		t.Errorf("%d groups, want 1", n)
	}
}

// A site whose tables are as version 4 left them gets the key of messages by sender, and nothing else changes.
func TestKeyOfSendersForOlderSites(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	up(t, d)
	shape := describe(t, d)
	exec(t, d,
		"ALTER TABLE {p}jt_pro_messages DROP KEY jts_sender, ADD COLUMN foreign_note varchar(10) NOT NULL DEFAULT 'x' AFTER created_at",
		"DELETE FROM {p}jt_sidecar_migrations WHERE version_id > 4",
		"INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, created_at) VALUES (1, 7, 'a', NOW()), (1, 8, 'b', NOW())",
	)
	if current, newest, err := Status(t.Context(), d.DB, d.Prefix); err != nil || current != 4 || newest != latest {
		t.Fatalf("before: %d of %d, %v", current, newest, err)
	}
	rows, columns := dump(t, d, "{p}jt_pro_messages")
	if progress := up(t, d); !strings.Contains(progress, "1 changes in one ALTER TABLE") {
		t.Errorf("progress:\n%s", progress)
	}
	after, _ := dump(t, d, "{p}jt_pro_messages", columns...)
	if diff := cmp.Diff(rows, after); diff != "" {
		t.Errorf("rows: %s", diff)
	}
	d.Exec(t, "ALTER TABLE {p}jt_pro_messages DROP COLUMN foreign_note")
	if diff := cmp.Diff(shape, describe(t, d)); diff != "" {
		t.Error(diff)
	}
}

func TestResumeHalfOfATable(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	up(t, d)
	shape := describe(t, d)
	exec(t, d,
		"DELETE FROM {p}jt_sidecar_migrations WHERE version_id >= 0", // not even the zero that goose starts from
		"ALTER TABLE {p}jt_pro_conversations DROP KEY jts_direct_pair",
		"ALTER TABLE {p}jt_pro_conversation_participants DROP KEY jts_unread_inbox, DROP COLUMN jts_unread, DROP KEY jts_unaccounted",
		"ALTER TABLE {p}jt_pro_messages ALTER COLUMN jts_accounted SET DEFAULT 1",
		"DROP TABLE {p}jt_sidecar_outbox",
	)
	up(t, d)
	// Keys are listed by name and columns go to the end, where these were anyway.
	if diff := cmp.Diff(shape, describe(t, d)); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ table, want string }{
		"a view":            {"CREATE VIEW {p}jt_pro_messages AS SELECT 1 AS id", "a view"},
		"something else":    {"CREATE TABLE {p}jt_pro_messages (id int AUTO_INCREMENT PRIMARY KEY, text text)", "no column conversation_id"},
		"ids by hand":       {"CREATE TABLE {p}jt_pro_messages (id int PRIMARY KEY, conversation_id int, sender_id int, content text)", "AUTO_INCREMENT"},
		"seconds for times": {"CREATE TABLE {p}jt_pro_messages (id int AUTO_INCREMENT PRIMARY KEY, conversation_id int, sender_id int, content text, created_at int)", "date and time"},
		"a foreign column in the primary key": {
			"CREATE TABLE {p}jt_pro_messages (id int NOT NULL AUTO_INCREMENT, site int NOT NULL, conversation_id int, sender_id int, content text, PRIMARY KEY (id, site))", "part of the primary key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := testdb.New(t)
			d.Exec(t, test.table)
			t.Cleanup(func() { // views are not dropped with the tables
				if name == "a view" {
					d.DB.ExecContext(context.WithoutCancel(t.Context()), d.Prefix.Expand("DROP VIEW {p}jt_pro_messages"))
				}
			})
			err := Up(t.Context(), d.DB, d.Prefix, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "jt_pro_messages") {
				t.Errorf("got %v, want an error about %q", err, test.want)
			}
		})
	}
}

// On a site whose events are all delivered new ones get ids behind those that the plugin remembers, also where the
// database has begun to give them again.
func TestEventIDsGoOnForOlderSites(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		waiting []string // in the outbox
		want    int      // id of the next event
	}{
		"all delivered":    {nil, 4712},
		"given again":      {[]string{"17"}, 4712},
		"newer ones there": {[]string{"17", "5000"}, 5001},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := testdb.New(t)
			d.WordPress(t)
			up(t, d)
			exec(t, d, "DELETE FROM {p}jt_sidecar_migrations WHERE version_id > 7",
				// Two events, and a signature.
				"INSERT INTO {p}jt_sidecar_handled (event_id, handled_at) VALUES (3, NOW()), (4711, NOW()), (9223372036854775808, NOW())")
			for _, id := range test.waiting {
				exec(t, d, "INSERT INTO {p}jt_sidecar_outbox (id, conversation_id, type, payload, created_at) VALUES ("+id+", 1, 'message.sent', '{}', NOW())")
			}
			up(t, d)
			exec(t, d, "ALTER TABLE {p}jt_sidecar_outbox AUTO_INCREMENT = 1", // what a restart does up to MySQL 5.7
				"INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at) VALUES (2, 'message.sent', '{}', NOW())")
			if n := d.Count(t, "SELECT id FROM {p}jt_sidecar_outbox WHERE conversation_id = 2"); n != test.want {
				t.Errorf("id %d, want %d", n, test.want)
			}
			if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type = 'message.sent'"); n != len(test.waiting)+1 {
				t.Errorf("%d events, want %d", n, len(test.waiting)+1)
			}
		})
	}
}
