package wpbridge

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

const (
	secretA = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	secretB = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	got := f.options.Snapshot()
	if got.Home != testdb.SiteURL || got.SiteURL != testdb.SiteURL || got.BaseSlug != "community" || got.AvatarDefault != "mystery" || got.AvatarRating != "G" {
		t.Errorf("snapshot %+v", got)
	}
	if want := (JetonomyTables{true, true, true, true}); got.Jetonomy != want {
		t.Errorf("tables %+v", got.Jetonomy)
	}
	if diff := cmp.Diff([]string{"private-messaging"}, got.Extensions); diff != "" {
		t.Error(diff)
	}
	if !got.Keys.Current.IsZero() {
		t.Error("a key out of nowhere")
	}

	f.SetOption(t, "home", "https://other.test/sub/")
	f.SetOption(t, "siteurl", "https://other.test/wp/")
	f.SetOption(t, "timezone_string", "Europe/Berlin")
	f.SetOption(t, "gmt_offset", "5.5")
	f.setPHP(t, "jetonomy_pro_extensions", []any{"analytics", 7, "polls"})
	f.setPHP(t, "jetonomy_sidecar_settings", map[string]any{"group_limit": 5, "reply_below_trust": true, "x": false, "nested": []any{1}, "scope": "anyone"})
	f.setPHP(t, "jetonomy_settings", map[string]any{"base_slug": "forum"})
	f.setPHP(t, "jetonomy_sidecar_keys", map[string]any{
		"current":  map[string]any{"secret": secretA},
		"previous": map[string]any{"secret": secretB, "until": int(f.clock.Now().Unix()) + 60},
	})
	f.refresh(t)
	got = f.options.Snapshot()
	if got.Home != "https://other.test/sub" || got.SiteURL != "https://other.test/wp" || got.BaseSlug != "forum" {
		t.Errorf("home %s, siteurl %s, slug %s", got.Home, got.SiteURL, got.BaseSlug)
	}
	if got.Location().String() != "Europe/Berlin" || got.GMTOffset != 5.5 {
		t.Errorf("zone %s, offset %v", got.Location(), got.GMTOffset)
	}
	if diff := cmp.Diff([]string{"analytics", "polls"}, got.Extensions); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"group_limit": "5", "reply_below_trust": "1", "x": "", "scope": "anyone"}, got.Settings); diff != "" {
		t.Error(diff)
	}
	a, _ := NewKey(secretA)
	b, _ := NewKey(secretB)
	if k, ok := got.Keys.Find(a.ID(), f.clock.Now()); !ok || k.ID() != a.ID() {
		t.Error("current key not found")
	}
	if _, ok := got.Keys.Find(b.ID(), f.clock.Now()); !ok {
		t.Error("previous key not found")
	}
	if _, ok := got.Keys.Find(b.ID(), f.clock.Now().Add(time.Minute)); ok {
		t.Error("previous key found past its time")
	}
	if _, ok := got.Keys.Find("", f.clock.Now()); ok {
		t.Error("a key without an id")
	}
}

func TestOptionsThatAreConfigured(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.setPHP(t, "jetonomy_sidecar_keys", map[string]any{"current": map[string]any{"secret": secretA}})
	o, err := LoadOptions(t.Context(), f.DB.DB, f.Prefix, OptionsConfig{Home: "https://forced.test/", SiteURL: "https://forced.test/wp", Secret: secretB})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := NewKey(secretB)
	s := o.Snapshot()
	if s.Home != "https://forced.test" || s.SiteURL != "https://forced.test/wp" || s.Keys.Current.ID() != b.ID() || !s.Keys.Previous.IsZero() {
		t.Errorf("home %s, siteurl %s, keys %+v", s.Home, s.SiteURL, s.Keys)
	}

	if _, err := LoadOptions(t.Context(), f.DB.DB, f.Prefix, OptionsConfig{Secret: "short"}); err == nil {
		t.Error("a short secret is accepted")
	}
}

func TestFirstLoadMustSucceed(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, err := LoadOptions(t.Context(), f.DB.DB, "other_", OptionsConfig{}); err == nil {
		t.Error("options of a prefix that does not exist")
	}
	if _, err := LoadOptions(canceled(), f.DB.DB, f.Prefix, OptionsConfig{}); err == nil {
		t.Error("loaded with a context that is done")
	}
	f.Exec(t, "DELETE FROM {p}options WHERE option_name = 'home'")
	if _, err := LoadOptions(t.Context(), f.DB.DB, f.Prefix, OptionsConfig{}); err == nil {
		t.Error("loaded a site without an address")
	}
}

func TestSnapshotChangesOnlyWithTheOptions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var changes []*Snapshot
	f.options.OnChange(func(s *Snapshot) { changes = append(changes, s) })
	first := f.options.Snapshot()

	f.refresh(t)
	f.SetOption(t, "blogname", "not looked at")
	f.refresh(t)
	if f.options.Snapshot() != first || len(changes) != 0 {
		t.Errorf("a new snapshot of the same options, %d changes", len(changes))
	}

	f.SetOption(t, "avatar_rating", "X")
	f.refresh(t)
	second := f.options.Snapshot()
	if second == first || len(changes) != 1 || changes[0] != second {
		t.Fatalf("%d changes", len(changes))
	}
	if first.AvatarRating != "G" || second.AvatarRating != "X" {
		t.Errorf("ratings %s and %s", first.AvatarRating, second.AvatarRating)
	}
	if &first.roles == &second.roles || len(second.roles) != len(first.roles) {
		t.Error("the roles were not taken over")
	}
}

func TestPollIsOneStatement(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	poll := func() int {
		t.Helper()
		if err := f.options.poll(t.Context()); err != nil {
			t.Fatal(err)
		}
		return len(f.trace.Take())
	}
	if n := poll(); n != 1 {
		t.Errorf("a poll takes %d statements", n)
	}
	f.clock.Advance(tablesInterval)
	if n := poll(); n != 2 {
		t.Errorf("a poll that looks for tables takes %d statements", n)
	}
	if n := poll(); n != 1 {
		t.Errorf("the next poll takes %d statements", n)
	}
}

func TestJetonomyIsActivatedLater(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withoutJetonomy{})
	if f.options.Snapshot().Jetonomy != (JetonomyTables{}) {
		t.Errorf("tables %+v", f.options.Snapshot().Jetonomy)
	}
	f.Jetonomy(t)
	f.Exec(t, "DROP TABLE {p}jt_blocked_users")
	f.clock.Advance(tablesInterval)
	if err := f.options.poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := (JetonomyTables{Profiles: true, Restrictions: true, SpaceMembers: true}); f.options.Snapshot().Jetonomy != want {
		t.Errorf("tables %+v", f.options.Snapshot().Jetonomy)
	}
}

func TestUnreadableOptionsCountAsAbsent(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.SetOption(t, "jetonomy_pro_extensions", "a:1:{broken")
	f.SetOption(t, "jetonomy_sidecar_settings", "plain text")
	f.SetOption(t, "jetonomy_sidecar_keys", phpserial.Encode(map[string]any{"current": map[string]any{"secret": "short"}}))
	f.SetOption(t, "gmt_offset", "many")
	f.SetOption(t, "timezone_string", "Mars/Olympus")
	var log bytes.Buffer
	f.options.cfg.Log = zerolog.New(&log)
	f.refresh(t)
	s := f.options.Snapshot()
	if len(s.Extensions) != 0 || len(s.Settings) != 0 || !s.Keys.Current.IsZero() {
		t.Errorf("extensions %v, settings %v, keys %v", s.Extensions, s.Settings, s.Keys)
	}
	if at := time.Unix(0, 0).In(s.Location()).Format("-0700"); at != "+0000" {
		t.Errorf("zone %s", at)
	}
	for _, name := range []string{"jetonomy_pro_extensions", "jetonomy_sidecar_settings"} {
		if n := strings.Count(log.String(), name); n != 1 {
			t.Errorf("%s is logged %d times: %s", name, n, log.String())
		}
	}
	f.refresh(t)
	if strings.Count(log.String(), "\n") != 2 {
		t.Errorf("logged again: %s", log.String())
	}
}

// lineWriter gives each line that is logged.
type lineWriter chan string

func (w lineWriter) Write(p []byte) (int, error) {
	w <- string(p)
	return len(p), nil
}

func TestRunKeepsTheLastGoodOptions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	lines := make(lineWriter, 10)
	o, err := LoadOptions(t.Context(), f.DB.DB, f.Prefix, OptionsConfig{Interval: time.Millisecond, Log: zerolog.New(lines)})
	if err != nil {
		t.Fatal(err)
	}
	changed := make(chan *Snapshot, 1)
	o.OnChange(func(s *Snapshot) { changed <- s })

	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { o.Run(ctx) })
	defer running.Wait()
	defer cancel()

	f.Exec(t, "RENAME TABLE {p}options TO {p}options_away")
	if line := <-lines; !strings.Contains(line, "cannot read") {
		t.Errorf("log %s", line)
	}
	if o.Snapshot().Home != testdb.SiteURL {
		t.Error("the last good options are gone")
	}
	f.Exec(t, "UPDATE {p}options_away SET option_value = 'https://other.test' WHERE option_name = 'home'")
	f.Exec(t, "RENAME TABLE {p}options_away TO {p}options")
	if s := <-changed; s.Home != "https://other.test" {
		t.Errorf("home %s", s.Home)
	}
	if line := <-lines; !strings.Contains(line, "again") {
		t.Errorf("log %s", line)
	}
	cancel()
	running.Wait()
	if len(lines) != 0 {
		t.Errorf("logged more: %s", <-lines)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	key, err := NewKey(secretA)
	if err != nil {
		t.Fatal(err)
	}
	s := &Snapshot{Keys: Keyring{Current: key}, raw: map[string]string{"x": secretA}}
	c := Config{Path: "/site/wp-config.php", Secret: secretA}
	for _, text := range []string{
		fmt.Sprintf("%v", key), fmt.Sprintf("%+v", key), fmt.Sprintf("%#v", key), fmt.Sprintf("%s", key),
		fmt.Sprintf("%v", Keyring{Current: key}), fmt.Sprintf("%+v", Keyring{Current: key}), fmt.Sprintf("%+v", s), fmt.Sprintf("%+v", c),
	} {
		if strings.Contains(text, secretA) || strings.Contains(text, "48 49 50") {
			t.Errorf("printed: %s", text)
		}
	}
}
