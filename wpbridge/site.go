package wpbridge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"jetonomy-sidecar/internal/batch"
	"jetonomy-sidecar/internal/mysqldb"
)

const (
	defaultCacheSize = 50_000
	membersPerQuery  = 100
	memberRounds     = 2

	metaPendingVerification = "_jetonomy_pending_verification"
)

// SiteOptions are the knobs of a [Site]. The zero value is good.
type SiteOptions struct {
	Now func() time.Time

	// CacheTTL is the age up to which a member is believed to be unchanged: 3 seconds if zero, 5 at most.
	CacheTTL time.Duration

	// CacheSize is how many members are kept, 50,000 if zero.
	CacheSize int
}

// Site reads members and what is between them from the site's tables. It is safe for concurrent use.
type Site struct {
	db      *sql.DB
	prefix  mysqldb.Prefix
	options *Options
	now     func() time.Time

	// One cache for each Snapshot, so that a look-up which began before the options changed leaves
	// nothing behind.
	members atomic.Pointer[memberCache]

	lookup *batch.Loader[uint64, cached[*Member]] // for Member
}

// memberCache has nil for an account that does not exist.
type memberCache = otter.Cache[uint64, cached[*Member]]

// NewSite makes the reader of a site whose options are followed by options. Members are forgotten
// whenever these change.
func NewSite(db *sql.DB, prefix mysqldb.Prefix, options *Options, opts SiteOptions) *Site {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.CacheSize == 0 {
		opts.CacheSize = defaultCacheSize
	}
	s := &Site{
		db:      db,
		prefix:  prefix,
		options: options,
		now:     opts.Now,
	}
	s.lookup = batch.New(membersPerQuery, memberRounds, loadTimeout, s.loadMembers)
	forgetAll := func(*Snapshot) {
		s.members.Store(newCache[uint64, *Member](opts.CacheSize, cacheTTL(opts.CacheTTL), opts.Now))
	}
	forgetAll(nil)
	options.OnChange(forgetAll)
	return s
}

// Options gives the options that the Site was made with.
func (s *Site) Options() *Options { return s.options }

// Members gives the members of ids that exist, at most CacheTTL old. It takes 3 statements for up to 100
// members that are not in the cache, and none for the others; callers that ask for the same member at the
// same time share them.
func (s *Site) Members(ctx context.Context, ids []uint64) (map[uint64]Member, error) {
	found, err := s.members.Load().BulkGet(ctx, ids, otter.BulkLoaderFunc[uint64, cached[*Member]](s.loadMembers))
	if err != nil {
		return nil, fmt.Errorf("wpbridge: members: %w", err)
	}
	members := make(map[uint64]Member, len(found))
	for id, m := range found {
		if m.value != nil {
			members[id] = *m.value
		}
	}
	return members, nil
}

// Member is Members for one, and false for an account that does not exist. Look-ups of many members at the
// same time share statements.
func (s *Site) Member(ctx context.Context, id uint64) (Member, bool, error) {
	m, err := s.members.Load().Get(ctx, id, otter.LoaderFunc[uint64, cached[*Member]](func(ctx context.Context, id uint64) (cached[*Member], error) {
		// Others may wait for the same member, and must not be cancelled with this caller.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		return s.lookup.Get(ctx, id)
	}))
	if err != nil {
		return Member{}, false, fmt.Errorf("wpbridge: member %d: %w", id, err)
	}
	if m.value == nil {
		return Member{}, false, nil
	}
	return *m.value, true, nil
}

// MemberByLogin finds a member by the name they log in with, as WordPress does: in any case.
func (s *Site) MemberByLogin(ctx context.Context, login string) (Member, bool, error) {
	id, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand("SELECT ID FROM {p}users WHERE user_login = ? LIMIT 1"), login)
	if errors.Is(err, sql.ErrNoRows) || mysqldb.IsIncomparable(err) {
		return Member{}, false, nil
	}
	if err != nil {
		return Member{}, false, fmt.Errorf("wpbridge: member by login: %w", err)
	}
	return s.Member(ctx, id)
}

// Forget makes the next look-up of these members read the database, one that is under way included.
func (s *Site) Forget(ids ...uint64) {
	for _, id := range ids {
		s.members.Load().Invalidate(id)
	}
}

// loadMembers answers for every one of ids, so that the cache also knows who does not exist.
func (s *Site) loadMembers(ctx context.Context, ids []uint64) (map[uint64]cached[*Member], error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
	defer cancel()

	members := make(map[uint64]cached[*Member], len(ids))
	for chunk := range slices.Chunk(ids, membersPerQuery) {
		now := s.now()
		rows, err := s.readMembers(ctx, s.options.Snapshot(), chunk)
		if mysqldb.IsNoSuchTable(err) {
			// Jetonomy was uninstalled since its tables were looked for.
			var snapshot *Snapshot
			if snapshot, err = s.options.withTables(ctx); err == nil {
				rows, err = s.readMembers(ctx, snapshot, chunk)
			}
		}
		if err != nil {
			return nil, err
		}
		for _, id := range chunk {
			members[id] = cached[*Member]{rows[id], now}
		}
	}
	return members, nil
}
