package wpbridge

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

func TestShareSpace(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ids := f.AddUsers(t, 4)
	join := func(space int, users ...uint64) {
		for _, user := range users {
			f.Exec(t, "INSERT INTO {p}jt_space_members (space_id, user_id) VALUES (?, ?)", space, user)
		}
	}
	join(1, ids[0], ids[1])
	join(2, ids[0], ids[1], ids[2])
	join(3, ids[3])
	got, err := f.site.ShareSpace(t.Context(), ids[0], ids[1:])
	if diff := cmp.Diff(map[uint64]bool{ids[1]: true, ids[2]: true}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if got, err = f.site.ShareSpace(t.Context(), ids[0], nil); err != nil || len(got) != 0 {
		t.Errorf("nobody: %v, %v", got, err)
	}

	plain := newFixture(t, withoutJetonomy{})
	got, err = plain.site.ShareSpace(t.Context(), 1, []uint64{2, 3})
	if diff := cmp.Diff(map[uint64]bool{2: true, 3: true}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestBlockedBetween(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ids := f.AddUsers(t, 5)
	block := func(blocker, blocked uint64) {
		f.Exec(t, "INSERT INTO {p}jt_blocked_users (blocker_id, blocked_id) VALUES (?, ?)", blocker, blocked)
	}
	block(ids[0], ids[1])
	block(ids[2], ids[0])
	block(ids[0], ids[3])
	block(ids[3], ids[0])
	block(ids[4], ids[1])
	want := map[uint64]bool{ids[1]: true, ids[2]: true, ids[3]: true}
	err := mysqldb.Transact(t.Context(), f.DB.DB, func(ctx context.Context, tx *sql.Tx) error {
		got, err := f.site.BlockedBetween(ctx, tx, ids[0], ids[1:])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if got, err := f.site.BlockedBetween(t.Context(), f.DB.DB, ids[0], nil); err != nil || len(got) != 0 {
		t.Errorf("nobody: %v, %v", got, err)
	}

	plain := newFixture(t, withoutJetonomy{})
	if got, err := plain.site.BlockedBetween(t.Context(), plain.DB.DB, 1, []uint64{2}); err != nil || len(got) != 0 {
		t.Errorf("without Jetonomy: %v, %v", got, err)
	}
}

// TestStatementsUseIndexes: no statement's cost may grow with the site.
func TestStatementsUseIndexes(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ids := f.AddUsers(t, 3000, testdb.Trust(1))
	// Most of them, or the scan of a small table is the better plan of some servers.
	f.Exec(t, "INSERT INTO {p}jt_restrictions (user_id, type) SELECT ID, 'silence' FROM {p}users")
	for _, id := range ids[:300] {
		f.Exec(t, "INSERT INTO {p}jt_blocked_users (blocker_id, blocked_id) VALUES (?, ?)", id, id+1)
		f.Exec(t, "INSERT INTO {p}jt_space_members (space_id, user_id) VALUES (?, ?)", id%7, id)
	}
	f.Exec(t, "ANALYZE TABLE {p}users, {p}usermeta, {p}jt_user_profiles, {p}jt_restrictions, {p}jt_blocked_users, {p}jt_space_members")

	verifier := NewVerifier(f.site, VerifierConfig{Now: f.clock.Now})
	f.trace.Take()
	ctx := t.Context()
	for _, err := range []error{
		second(f.site.Members(ctx, ids[:20])),
		second(f.site.ShareSpace(ctx, ids[0], ids[1:10])),
		second(f.site.BlockedBetween(ctx, f.site.db, ids[0], ids[1:10])),
		verifier.Check(ctx, Identity{UserID: ids[0], Session: "app:x"}),
	} {
		if err != nil && !strings.Contains(err.Error(), "session ended") {
			t.Fatal(err)
		}
	}
	if _, _, err := f.site.MemberByLogin(ctx, "member7"); err != nil {
		t.Fatal(err)
	}

	statements := f.trace.Take()
	if len(statements) < 6 {
		t.Errorf("%d statements", len(statements))
	}
	for _, s := range statements {
		for _, step := range f.Explain(t, s) {
			if step.Type == "ALL" || step.Type == "index" {
				t.Errorf("%s on %s in: %s", step.Type, step.Table, s.Query)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }
