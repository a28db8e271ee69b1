package testdb_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestParallel(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := testdb.New(t)
			d.WordPress(t)
			d.Jetonomy(t)
			d.AddUser(t, "alice", testdb.Trust(1))
			if n := d.Count(t, "SELECT COUNT(*) FROM {p}users"); n != 1 {
				t.Errorf("%d users, want only the one of this test", n)
			}
		})
	}
}

func TestTablesAreDropped(t *testing.T) {
	var prefix mysqldb.Prefix
	t.Run("create", func(t *testing.T) {
		d := testdb.New(t)
		prefix = d.Prefix
		d.Exec(t, "CREATE TABLE {p}parent (id int PRIMARY KEY) ENGINE=InnoDB")
		d.Exec(t, "CREATE TABLE {p}child (id int, FOREIGN KEY (id) REFERENCES {p}parent (id)) ENGINE=InnoDB")
	})
	d := testdb.New(t)
	n := d.Count(t, "SELECT COUNT(*) FROM information_schema.tables WHERE LEFT(table_name, ?) = ?", len(prefix), string(prefix))
	if n != 0 {
		t.Errorf("%d tables are left", n)
	}
}

func TestCharacterSet(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.Exec(t, "CREATE TABLE {p}words (word varchar(20))")
	d.Exec(t, "INSERT INTO {p}words VALUES (?)", "na\u00efve \U0001f600")
	if n := d.Count(t, "SELECT CHAR_LENGTH(word) FROM {p}words"); n != 7 {
		t.Errorf("stored text has %d characters, want 7", n)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	d.Jetonomy(t)

	bob := d.AddUser(t, "bob", testdb.Role("editor"), testdb.DisplayName("Bob B."), testdb.Email("b@b.test"), testdb.Trust(3))
	for _, q := range []string{
		"SELECT COUNT(*) FROM {p}users WHERE ID = ? AND user_login = 'bob' AND display_name = 'Bob B.' AND user_email = 'b@b.test'",
		"SELECT COUNT(*) FROM {p}usermeta WHERE user_id = ? AND meta_key = '{p}capabilities' AND meta_value = 'a:1:{s:6:\"editor\";b:1;}'",
		"SELECT COUNT(*) FROM {p}jt_user_profiles WHERE user_id = ? AND trust_level = 3",
	} {
		if d.Count(t, q, bob) != 1 {
			t.Errorf("no row for: %s", q)
		}
	}

	carol := d.AddUser(t, "carol")
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_user_profiles WHERE user_id = ?", carol); n != 0 {
		t.Error("a user without Trust has a profile")
	}

	ids := d.AddUsers(t, 1500, testdb.Trust(1))
	ids = append(ids, d.AddUsers(t, 1)...)
	if len(ids) != 1501 || !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != 1501 {
		t.Errorf("AddUsers gave %d ids, want 1501 different ones in ascending order", len(ids))
	}
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_user_profiles WHERE trust_level = 1"); n != 1500 {
		t.Errorf("%d profiles, want 1500", n)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	d.SetOption(t, "home", "http://other.test")
	if d.Count(t, "SELECT COUNT(*) FROM {p}options WHERE option_name = 'home' AND option_value = 'http://other.test'") != 1 {
		t.Error("SetOption did not replace the value")
	}
	if d.Count(t, `SELECT COUNT(*) FROM {p}options WHERE option_name = 'jetonomy_pro_extensions'
		AND option_value = 'a:1:{i:0;s:17:"private-messaging";}'`) != 1 {
		t.Error("Private Messaging is not on")
	}
	if d.Count(t, `SELECT COUNT(*) FROM {p}options WHERE option_name = '{p}user_roles'
		AND option_value LIKE '%s:17:"jetonomy\_moderate";b:1;%'`) != 1 {
		t.Error("no role may moderate")
	}
}

func TestRestricted(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	db := d.Restricted(t, `
		-- Reads two columns; and that is all.
		GRANT SELECT (ID, user_login) ON {db}.{p}users TO {user};
	`)
	for _, tt := range []struct {
		query   string
		allowed bool
	}{
		{"SELECT ID, user_login FROM {p}users", true},
		{"SELECT user_pass FROM {p}users", false},
		{"SELECT option_value FROM {p}options", false},
		{"UPDATE {p}users SET user_login = ''", false},
	} {
		_, err := db.ExecContext(t.Context(), d.Prefix.Expand(tt.query))
		if allowed := err == nil; allowed != tt.allowed {
			t.Errorf("%s: %v", tt.query, err)
		}
		if err != nil && !strings.Contains(err.Error(), "denied") {
			t.Errorf("%s: refused for another reason: %v", tt.query, err)
		}
	}
}

func TestTrace(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	db, trace := d.Traced(t)
	if _, err := db.ExecContext(context.Background(), "DO ?", 1); err != nil {
		t.Fatal(err)
	}
	got := trace.Take()
	if len(got) != 1 || got[0].Query != "DO ?" || !slices.Equal(got[0].Args, []any{int64(1)}) {
		t.Errorf("trace %v", got)
	}
	if got := trace.Take(); len(got) != 0 {
		t.Errorf("taken twice: %v", got)
	}
}
