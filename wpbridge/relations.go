package wpbridge

import (
	"context"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
)

// ShareSpace says which of others are in a space of Jetonomy together with member. Where there are no
// spaces everybody is. Only those have a key in the result.
func (s *Site) ShareSpace(ctx context.Context, member uint64, others []uint64) (map[uint64]bool, error) {
	if len(others) == 0 || !s.options.Snapshot().Jetonomy.SpaceMembers {
		return setOf(others), nil
	}
	in, args := idList(others)
	shared, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT DISTINCT theirs.user_id
		FROM {p}jt_space_members mine
		JOIN {p}jt_space_members theirs ON theirs.space_id = mine.space_id
		WHERE mine.user_id = ? AND theirs.user_id IN `+in), append([]any{member}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("wpbridge: spaces of member %d: %w", member, err)
	}
	return setOf(shared), nil
}

// BlockedBetween says which of others have blocked member community-wide, or are blocked by member. It
// asks through q, so that a transaction can rely on it; nothing is cached. Only those have a key in the
// result.
func (s *Site) BlockedBetween(ctx context.Context, q mysqldb.Queryer, member uint64, others []uint64) (map[uint64]bool, error) {
	if len(others) == 0 || !s.options.Snapshot().Jetonomy.Blocks {
		return map[uint64]bool{}, nil
	}
	in, ids := idList(others)
	args := append([]any{member}, ids...)
	blocked, err := mysqldb.Query(ctx, q, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT blocked_id FROM {p}jt_blocked_users WHERE blocker_id = ? AND blocked_id IN `+in+`
		UNION ALL
		SELECT blocker_id FROM {p}jt_blocked_users WHERE blocked_id = ? AND blocker_id IN `+in), append(args, args...)...)
	if err != nil {
		return nil, fmt.Errorf("wpbridge: blocks of member %d: %w", member, err)
	}
	return setOf(blocked), nil
}

func setOf(ids []uint64) map[uint64]bool {
	set := make(map[uint64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
