package wpbridge

import (
	"context"
	"sync"
	"testing"
	"time"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// fakeClock stands still until a test moves it.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func newFakeClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// fixture is a WordPress as this package sees it. Its statements are traced.
type fixture struct {
	*testdb.DB
	clock   *fakeClock
	trace   *testdb.Trace
	options *Options
	site    *Site
}

type withoutJetonomy struct{}

// newFixture makes a site with Jetonomy, or without where a withoutJetonomy is given.
func newFixture(t *testing.T, without ...withoutJetonomy) *fixture {
	t.Helper()
	d := testdb.New(t)
	d.WordPress(t)
	if len(without) == 0 {
		d.Jetonomy(t)
	}
	f := &fixture{DB: d, clock: newFakeClock()}
	db, trace := d.Traced(t)
	f.trace = trace
	var err error
	if f.options, err = LoadOptions(t.Context(), db, d.Prefix, OptionsConfig{Now: f.clock.Now}); err != nil {
		t.Fatal(err)
	}
	f.site = NewSite(db, d.Prefix, f.options, SiteOptions{Now: f.clock.Now})
	f.trace.Take()
	return f
}

func (f *fixture) refresh(t *testing.T) {
	t.Helper()
	if err := f.options.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.trace.Take()
}

func (f *fixture) setPHP(t *testing.T, option string, value any) {
	t.Helper()
	f.SetOption(t, option, phpserial.Encode(value))
}

// setMeta replaces a member's meta value.
func (f *fixture) setMeta(t *testing.T, user uint64, key, value string) {
	t.Helper()
	f.Exec(t, "DELETE FROM {p}usermeta WHERE user_id = ? AND meta_key = ?", user, key)
	f.Exec(t, "INSERT INTO {p}usermeta (user_id, meta_key, meta_value) VALUES (?, ?, ?)", user, key, value)
}

func (f *fixture) setCapabilities(t *testing.T, user uint64, capabilities any) {
	t.Helper()
	f.setMeta(t, user, string(f.Prefix)+"capabilities", phpserial.Encode(capabilities))
}

// restrict inserts a restriction; expires is a MySQL datetime, or nil.
func (f *fixture) restrict(t *testing.T, user uint64, kind string, expires any) {
	t.Helper()
	f.Exec(t, "INSERT INTO {p}jt_restrictions (user_id, type, expires_at) VALUES (?, ?, ?)", user, kind, expires)
}

func (f *fixture) member(t *testing.T, id uint64) Member {
	t.Helper()
	m, ok, err := f.site.Member(t.Context(), id)
	if err != nil || !ok {
		t.Fatalf("member %d: exists %v, %v", id, ok, err)
	}
	return m
}

// fresh is member without the cache.
func (f *fixture) fresh(t *testing.T, id uint64) Member {
	t.Helper()
	f.site.Forget(id)
	return f.member(t, id)
}

// canceled is a context that is done.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
