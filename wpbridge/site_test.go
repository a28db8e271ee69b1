package wpbridge

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

func TestMember(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	member1 := f.AddUser(t, "member1", testdb.DisplayName("Member One"), testdb.Email(" Member1@Site.test "), testdb.Trust(3))
	f.Exec(t, "UPDATE {p}jt_user_profiles SET avatar_url = 'https://site.test/a.png', display_name = 'Stale' WHERE user_id = ?", member1)

	got := f.member(t, member1)
	want := Member{
		Profile: Profile{
			ID: member1, Login: "member1", DisplayName: "Member One",
			avatar:    "https://site.test/a.png",
			emailHash: sha256Hex("member1@site.test"),
			gravatar:  gravatar{fallback: "mm", rating: "g"},
		},
		TrustLevel: 3,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Member{}, Profile{}, gravatar{})); diff != "" {
		t.Error(diff)
	}
	if _, exists, err := f.site.Member(t.Context(), member1+100); exists || err != nil {
		t.Errorf("an unknown id: exists %v, %v", exists, err)
	}
	if _, exists, err := f.site.Member(t.Context(), 0); exists || err != nil {
		t.Errorf("id 0: exists %v, %v", exists, err)
	}
}

func TestTrustLevel(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for level := range 6 {
		id := f.AddUser(t, fmt.Sprint("level", level), testdb.Trust(level))
		if got := f.member(t, id).TrustLevel; got != level {
			t.Errorf("trust level %d, want %d", got, level)
		}
	}
	f.setPHP(t, "jetonomy_sidecar_settings", map[string]any{"trust_without_jetonomy": 4})
	f.refresh(t)
	if got := f.member(t, f.AddUser(t, "member1")).TrustLevel; got != 0 {
		t.Errorf("without a profile: %d, want 0", got)
	}

	plain := newFixture(t, withoutJetonomy{})
	member1 := plain.AddUser(t, "member1")
	if got := plain.member(t, member1).TrustLevel; got != 1 {
		t.Errorf("without Jetonomy: %d, want 1", got)
	}
	for setting, want := range map[any]int{4: 4, "0": 0, 17: 1, "many": 1} {
		plain.setPHP(t, "jetonomy_sidecar_settings", map[string]any{"trust_without_jetonomy": setting})
		plain.refresh(t)
		if got := plain.member(t, member1).TrustLevel; got != want {
			t.Errorf("setting %v: %d, want %d", setting, got, want)
		}
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.setPHP(t, string(f.Prefix)+"user_roles", map[string]any{
		"administrator": map[string]any{"capabilities": map[string]bool{"manage_options": true, "jetonomy_moderate": true, "jetonomy_manage_users": true}},
		"editor":        map[string]any{"capabilities": map[string]bool{"jetonomy_moderate": true}},
		"gagged":        map[string]any{"capabilities": map[string]bool{"jetonomy_moderate": false}},
		"custom":        map[string]any{"capabilities": map[string]any{"jetonomy_manage_users": 1, "jetonomy_moderate": ""}},
		"broken":        map[string]any{"capabilities": "none"},
	})
	f.refresh(t)
	member1 := f.AddUser(t, "member1", testdb.Role(""))

	entries := func(pairs ...any) []phpserial.Entry {
		var list []phpserial.Entry
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, phpserial.Entry{Key: phpserial.StringKey(pairs[i].(string)), Value: phpserial.Of(pairs[i+1])})
		}
		return list
	}
	for _, tt := range []struct {
		name    string
		granted any
		want    [3]bool // administrator, moderator, manages users
	}{
		{"nothing", []any{}, [3]bool{}},
		{"no array", "administrator", [3]bool{}},
		{"role", entries("administrator", true), [3]bool{true, true, true}},
		{"role whose value is false counts", entries("editor", false), [3]bool{false, true, false}},
		{"unknown role", entries("wizard", true), [3]bool{}},
		{"role without capabilities", entries("broken", true), [3]bool{}},
		{"later role denies", entries("editor", true, "gagged", true), [3]bool{}},
		{"later role grants", entries("gagged", true, "editor", true), [3]bool{false, true, false}},
		{"PHP truth in a role", entries("custom", true), [3]bool{false, false, true}},
		{"own grant", entries("jetonomy_moderate", true), [3]bool{false, true, false}},
		{"own grant over a role", entries("gagged", true, "jetonomy_moderate", true), [3]bool{false, true, false}},
		{"own grant over a later role", entries("jetonomy_moderate", true, "gagged", true), [3]bool{false, true, false}},
		{"own denial", entries("administrator", true, "manage_options", false), [3]bool{false, true, true}},
		{"own denial as a string", entries("editor", true, "jetonomy_moderate", "0"), [3]bool{}},
	} {
		f.setCapabilities(t, member1, tt.granted)
		m := f.fresh(t, member1)
		if got := [3]bool{m.Administrator, m.Moderator, m.ManageUsers}; got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}

	f.setMeta(t, member1, string(f.Prefix)+"capabilities", "a:1:{broken")
	if m := f.fresh(t, member1); m.Administrator || m.Moderator {
		t.Error("unreadable capabilities grant something")
	}
	f.setCapabilities(t, member1, entries("editor", true))
	f.Exec(t, "INSERT INTO {p}usermeta (user_id, meta_key, meta_value) VALUES (?, ?, ?)", member1, string(f.Prefix)+"capabilities", phpserial.Encode(entries("administrator", true)))
	if m := f.fresh(t, member1); m.Administrator || !m.Moderator {
		t.Error("of two rows the newer one counts")
	}
	f.setMeta(t, member1, "other_capabilities", phpserial.Encode(entries("administrator", true)))
	if m := f.fresh(t, member1); m.Administrator {
		t.Error("capabilities on another site count")
	}
}

func TestRestrictions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, tt := range []struct {
		kind             string
		expires          any
		banned, silenced bool
	}{
		{"global_ban", nil, true, false},
		{"global_ban", "0000-00-00 00:00:00", true, false},
		{"global_ban", "2026-05-01 12:00:01", true, false},
		{"global_ban", "2026-05-01 12:00:00", false, false},
		{"global_ban", "2020-01-01 00:00:00", false, false},
		{"silence", nil, false, true},
		{"silence", "2026-05-01 13:00:00", false, true},
		{"silence", "2026-05-01 11:00:00", false, false},
		{"space_ban", nil, false, false},
		{"post_restrict", nil, false, false},
		{"ip_ban", nil, false, false},
	} {
		id := f.AddUsers(t, 1)[0]
		f.restrict(t, id, tt.kind, tt.expires)
		if m := f.member(t, id); m.Banned != tt.banned || m.Silenced != tt.silenced {
			t.Errorf("%s until %v: banned %v, silenced %v", tt.kind, tt.expires, m.Banned, m.Silenced)
		}
	}
	id := f.AddUsers(t, 1)[0]
	f.restrict(t, id, "global_ban", "2020-01-01 00:00:00")
	f.restrict(t, id, "global_ban", nil)
	f.restrict(t, id, "silence", nil)
	if m := f.member(t, id); !m.Banned || !m.Silenced {
		t.Errorf("several restrictions: banned %v, silenced %v", m.Banned, m.Silenced)
	}
}

func TestPendingVerification(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	member1, member2 := f.AddUser(t, "member1"), f.AddUser(t, "member2")
	f.setMeta(t, member1, "_jetonomy_pending_verification", "")
	if !f.member(t, member1).PendingVerification || f.member(t, member2).PendingVerification {
		t.Error("the presence of the meta decides")
	}
}

func TestMembersTakeFewStatements(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ids := f.AddUsers(t, 100, testdb.Trust(1))
	members, err := f.site.Members(t.Context(), ids)
	if err != nil || len(members) != 100 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	if n := len(f.trace.Take()); n != 3 {
		t.Errorf("100 members took %d statements, want 3", n)
	}

	asked := append(ids[:50:50], ids[0], ids[99]+1, ids[99]+2)
	if members, err = f.site.Members(t.Context(), asked); err != nil || len(members) != 50 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	if n := len(f.trace.Take()); n != 1 {
		t.Errorf("two unknown ids took %d statements, want 1", n)
	}
	if members, err = f.site.Members(t.Context(), asked); err != nil || len(members) != 50 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	if n := len(f.trace.Take()); n != 0 {
		t.Errorf("what is in the cache took %d statements", n)
	}
	if members, err = f.site.Members(t.Context(), nil); err != nil || len(members) != 0 {
		t.Errorf("nobody: %d members, %v", len(members), err)
	}
}

func TestMembersAreCachedForSeconds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	member1 := f.AddUser(t, "member1")
	f.member(t, member1)
	f.restrict(t, member1, "global_ban", nil)

	f.clock.Advance(defaultCacheTTL - time.Millisecond)
	if f.member(t, member1).Banned {
		t.Error("the member was not cached")
	}
	f.clock.Advance(time.Millisecond)
	if !f.member(t, member1).Banned {
		t.Error("the member is cached for longer than 3 seconds")
	}

	f.Exec(t, "DELETE FROM {p}jt_restrictions")
	f.site.Forget(member1)
	if f.member(t, member1).Banned {
		t.Error("the member was not forgotten")
	}

	f.Exec(t, "DELETE FROM {p}users WHERE ID = ?", member1)
	f.clock.Advance(defaultCacheTTL)
	if members, err := f.site.Members(t.Context(), []uint64{member1}); err != nil || len(members) != 0 {
		t.Errorf("a deleted account: %v, %v", members, err)
	}
}

func TestCacheTTLIsBounded(t *testing.T) {
	t.Parallel()
	for ttl, want := range map[time.Duration]time.Duration{0: 3 * time.Second, time.Second: time.Second, time.Hour: 5 * time.Second, -1: 3 * time.Second} {
		if got := cacheTTL(ttl); got != want {
			t.Errorf("%v becomes %v, want %v", ttl, got, want)
		}
	}
}

// TestAgeCountsFromTheBeginningOfReading: a slow database must not make what it says valid for longer.
func TestAgeCountsFromTheBeginningOfReading(t *testing.T) {
	t.Parallel()
	clock := newFakeClock()
	cache := newCache[int, string](10, 3*time.Second, clock.Now)
	began := clock.Now()
	clock.Advance(2 * time.Second)
	cache.Set(1, cached[string]{"value", began})
	clock.Advance(time.Second - time.Millisecond)
	if _, ok := cache.GetIfPresent(1); !ok {
		t.Error("gone too early")
	}
	clock.Advance(time.Millisecond)
	if _, ok := cache.GetIfPresent(1); ok {
		t.Error("there too long")
	}
}

func TestOptionsChangeMembersAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	moderator := f.AddUser(t, "moderator", testdb.Role("editor"))
	if !f.member(t, moderator).Moderator {
		t.Fatal("editors don't moderate")
	}
	f.setPHP(t, string(f.Prefix)+"user_roles", map[string]any{})
	f.refresh(t)
	if f.member(t, moderator).Moderator {
		t.Error("roles changed, and the member was cached")
	}
}

func TestConcurrentLookUpsAreShared(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	member1 := f.AddUser(t, "member1", testdb.Trust(2))
	var callers sync.WaitGroup
	for i := range 50 {
		callers.Go(func() {
			if i%2 == 0 {
				if m, ok, err := f.site.Member(t.Context(), member1); err != nil || !ok || m.TrustLevel != 2 {
					t.Errorf("member: %v, %v, %v", m, ok, err)
				}
				return
			}
			if m, err := f.site.Members(t.Context(), []uint64{member1}); err != nil || m[member1].TrustLevel != 2 {
				t.Errorf("members: %v, %v", m, err)
			}
		})
	}
	callers.Wait()
	if n := len(f.trace.Take()); n != 3 {
		t.Errorf("50 callers took %d statements, want 3", n)
	}
}

// TestOneCallerCannotCancelForOthers: the look-up goes on when the caller that began it is gone.
func TestOneCallerCannotCancelForOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	member1 := f.AddUser(t, "member1")
	members, err := f.site.loadMembers(canceled(), []uint64{member1})
	if err != nil || members[member1].value == nil {
		t.Errorf("load: %v, %v", members, err)
	}
}

func TestJetonomyIsUninstalledWhileRunning(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	member1 := f.AddUser(t, "member1", testdb.Trust(4))
	f.restrict(t, member1, "global_ban", nil)
	f.Exec(t, "DROP TABLE {p}jt_user_profiles, {p}jt_restrictions")
	if m := f.member(t, member1); m.Banned || m.TrustLevel != 1 {
		t.Errorf("banned %v, trust level %d", m.Banned, m.TrustLevel)
	}
	if err := f.options.poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f.options.Snapshot().Jetonomy.Profiles {
		t.Error("the next poll did not look for the tables")
	}
}

func TestMemberByLogin(t *testing.T) {
	t.Parallel()
	for _, charset := range []string{"utf8mb4", "utf8", "latin1"} { // the last two in tables of old sites
		t.Run(charset, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Exec(t, "ALTER TABLE {p}users MODIFY user_login varchar(60) CHARACTER SET "+charset+" NOT NULL DEFAULT ''")
			member1 := f.AddUser(t, "member1")
			for login, want := range map[string]uint64{"member1": member1, "MEMBER1": member1, "member": 0, "": 0, "%": 0, "member1😀": 0, "友達": 0} {
				m, ok, err := f.site.MemberByLogin(t.Context(), login)
				if err != nil || ok != (want != 0) || m.ID != want {
					t.Errorf("%q: member %d, %v, %v", login, m.ID, ok, err)
				}
			}
		})
	}
}
