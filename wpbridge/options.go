package wpbridge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"jetonomy-sidecar/internal/mysqldb"
)

const (
	defaultPollInterval = 2 * time.Second
	pollTimeout         = 5 * time.Second
	tablesInterval      = time.Minute
)

// OptionsConfig is what does not come from the site's options. The zero value is good.
type OptionsConfig struct {
	// Home and SiteURL replace the options, as WP_HOME and WP_SITEURL do in WordPress.
	Home, SiteURL string

	// Secret replaces the option jetonomy_sidecar_keys as a whole.
	Secret string

	Interval time.Duration // between two polls, 2 seconds if zero
	Now      func() time.Time
	Log      zerolog.Logger
}

// Options follows the site's options. It is safe for concurrent use; readers get an immutable
// [Snapshot] from an atomic pointer, and never wait.
//
// Run polls until its context ends. Only one poll runs at a time.
type Options struct {
	db     *sql.DB
	prefix mysqldb.Prefix
	cfg    OptionsConfig
	key    Key // of cfg.Secret

	query     string
	args      []any
	rolesName string

	current     atomic.Pointer[Snapshot]
	tablesStale atomic.Bool // some table is not what the Snapshot says

	mu          sync.Mutex // held by the poll that runs
	tablesUntil time.Time  // when the tables are looked for again
	onChange    []func(*Snapshot)
}

// LoadOptions reads the options for the first time, which must succeed.
func LoadOptions(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix, cfg OptionsConfig) (*Options, error) {
	if cfg.Interval == 0 {
		cfg.Interval = defaultPollInterval
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	o := &Options{db: db, prefix: prefix, cfg: cfg, rolesName: string(prefix) + "user_roles"}
	if cfg.Secret != "" {
		key, err := NewKey(cfg.Secret)
		if err != nil {
			return nil, err
		}
		o.key = key
	}

	names := []any{
		optionHome, optionSiteURL, optionGMTOffset, optionTimezone, optionExtensions, optionSettings, optionKeys,
		optionJetonomy, optionAvatarDefault, optionAvatarRating, o.rolesName,
	}
	o.args = names
	o.query = prefix.Expand("SELECT option_name, option_value FROM {p}options WHERE option_name IN (" + mysqldb.Placeholders(len(names)) + ")")

	if err := o.Refresh(ctx); err != nil {
		return nil, err
	}
	return o, nil
}

// Snapshot gives the options as they were read last. It is never nil.
func (o *Options) Snapshot() *Snapshot { return o.current.Load() }

// OnChange registers f to be called with every new Snapshot from now on, in the order of the changes. f
// runs on the poll's own goroutine: it must be quick and must not call Refresh or OnChange.
func (o *Options) OnChange(f func(*Snapshot)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.onChange = append(o.onChange, f)
}

// Run polls until ctx is done. A poll that fails keeps the last good Snapshot; it is logged when the
// failing begins and when it is over.
func (o *Options) Run(ctx context.Context) {
	ticker := time.NewTicker(o.cfg.Interval)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := o.poll(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			o.cfg.Log.Error().Err(err).Msg("cannot read the site's options, going on with the last ones")
		case err == nil && failing:
			o.cfg.Log.Info().Msg("the site's options can be read again")
		}
		failing = err != nil
	}
}

// Refresh reads the options, and which of Jetonomy's tables exist, at once.
func (o *Options) Refresh(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tablesUntil = time.Time{}
	return o.read(ctx)
}

func (o *Options) poll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pollTimeout)
	defer cancel()
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.read(ctx)
}

// read replaces the Snapshot. The caller holds mu.
func (o *Options) read(ctx context.Context) error {
	raw, err := o.readOptions(ctx)
	if err != nil {
		return err
	}
	before := o.current.Load()
	var tables JetonomyTables
	if before != nil {
		tables = before.Jetonomy
	}
	if now := o.cfg.Now(); o.tablesStale.Swap(false) || !now.Before(o.tablesUntil) {
		if tables, err = o.readTables(ctx); err != nil {
			o.tablesStale.Store(true)
			return err
		}
		o.tablesUntil = now.Add(tablesInterval)
	}

	next := newSnapshot(raw, tables, before, o.rolesName, func(err error) {
		o.cfg.Log.Warn().Err(err).Msg("option ignored")
	})
	if next == before {
		return nil
	}
	if !o.key.IsZero() {
		next.Keys = Keyring{Current: o.key}
	}
	o.current.Store(next)
	if before != nil {
		for _, f := range o.onChange {
			f(next)
		}
	}
	return nil
}

func (o *Options) readOptions(ctx context.Context) (map[string]string, error) {
	rows, err := mysqldb.Query(ctx, o.db, scanPair, o.query, o.args...)
	if err != nil {
		return nil, fmt.Errorf("wpbridge: read options: %w", err)
	}
	raw := make(map[string]string, len(rows))
	for _, row := range rows {
		raw[row[0]] = row[1]
	}
	if o.cfg.Home != "" {
		raw[optionHome] = o.cfg.Home
	}
	if o.cfg.SiteURL != "" {
		raw[optionSiteURL] = o.cfg.SiteURL
	}
	if raw[optionHome] == "" {
		// Every token names it: without it there is nobody to believe.
		return nil, errors.New("wpbridge: read options: the option home is missing")
	}
	return raw, nil
}

func scanPair(row mysqldb.Scanner) ([2]string, error) {
	var pair [2]string
	err := row.Scan(&pair[0], &pair[1])
	return pair, err
}

// readTables looks which of Jetonomy's tables exist: it may be activated, and uninstalled, at any time.
func (o *Options) readTables(ctx context.Context) (JetonomyTables, error) {
	var tables JetonomyTables
	wanted := map[string]*bool{
		"jt_user_profiles": &tables.Profiles,
		"jt_restrictions":  &tables.Restrictions,
		"jt_blocked_users": &tables.Blocks,
		"jt_space_members": &tables.SpaceMembers,
	}
	var names []any
	for name := range wanted {
		names = append(names, string(o.prefix)+name)
	}
	found, err := mysqldb.Query(ctx, o.db, mysqldb.Value[string],
		"SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ("+
			mysqldb.Placeholders(len(names))+")", names...)
	if err != nil {
		return JetonomyTables{}, fmt.Errorf("wpbridge: look for Jetonomy's tables: %w", err)
	}
	for _, name := range found {
		if exists, ok := wanted[name[len(o.prefix):]]; ok {
			*exists = true
		}
	}
	return tables, nil
}

// withTables gives the Snapshot with the tables as they are now, for whoever met one that is gone. The
// next poll will make it the Snapshot of all.
func (o *Options) withTables(ctx context.Context) (*Snapshot, error) {
	o.tablesStale.Store(true)
	tables, err := o.readTables(ctx)
	if err != nil {
		return nil, err
	}
	s := *o.Snapshot()
	s.Jetonomy = tables
	return &s, nil
}
