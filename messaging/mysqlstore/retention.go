package mysqlstore

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging/oversight"
)

// stateRetention is the row of jt_sidecar_state with the time of the last retention run that came to its end,
// in unix seconds.
const stateRetention = "retention"

// Inactive implements oversight.Store. A conversation without a message is as old as itself; those it looks
// for in the order of their ids, the others in that of their last activity, both in an index.
func (o *Oversight) Inactive(ctx context.Context, before time.Time, after *oversight.Row, limit int) ([]oversight.Row, error) {
	s := o.store
	const free = `NOT EXISTS (SELECT 1 FROM {p}jt_sidecar_holds h WHERE h.conversation_id = c.id)`
	behind, list := "", []any{before.UTC()}
	if after != nil && !after.LastActivity.IsZero() {
		behind = " AND (c.last_message_at > ? OR (c.last_message_at = ? AND c.id > ?))"
		list = append(list, after.LastActivity, after.LastActivity, after.ID)
	}
	var ids []uint64
	if after == nil || after.LastActivity.IsZero() {
		from := uint64(0)
		if after != nil {
			from = after.ID
		}
		var empty []uint64
		for _, none := range []string{"c.last_message_at IS NULL", "c.last_message_at = '" + zeroTime + "'"} { // as in old tables
			some, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
				SELECT c.id FROM {p}jt_pro_conversations c FORCE INDEX (jts_activity)
				WHERE `+none+` AND c.id > ? AND c.created_at < ? AND `+free+` ORDER BY c.id LIMIT ?`), from, before.UTC(), limit)
			if err != nil {
				return nil, fmt.Errorf("mysqlstore: empty conversations before %s: %w", before, err)
			}
			empty = append(empty, some...)
		}
		slices.Sort(empty)
		ids = empty[:min(len(empty), limit)]
	}
	if len(ids) < limit {
		some, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
			SELECT c.id FROM {p}jt_pro_conversations c FORCE INDEX (jts_activity)
			WHERE c.last_message_at > '`+zeroTime+`' AND c.last_message_at < ?`+behind+` AND `+free+`
			ORDER BY c.last_message_at, c.id LIMIT ?`), append(list, limit-len(ids))...)
		if err != nil {
			return nil, fmt.Errorf("mysqlstore: conversations without activity since %s: %w", before, err)
		}
		ids = append(ids, some...)
	}
	return o.rows(ctx, 0, ids)
}

// PurgeInactive implements oversight.Store.
func (o *Oversight) PurgeInactive(ctx context.Context, conversationID uint64, before time.Time, e oversight.Entry) (bool, error) {
	return o.store.purgeLogged(ctx, conversationID, e, before.UTC())
}

// LastRetention says when the last retention run came to its end; zero for never, since retention is on.
func (s *Store) LastRetention(ctx context.Context) (time.Time, error) {
	value, err := s.state(ctx, stateRetention)
	if err != nil {
		return time.Time{}, fmt.Errorf("mysqlstore: last retention: %w", err)
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return time.Time{}, nil
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// SetLastRetention notes when a retention run came to its end; zero when retention is off.
func (s *Store) SetLastRetention(ctx context.Context, at time.Time) error {
	value := ""
	if !at.IsZero() {
		value = strconv.FormatInt(at.Unix(), 10)
	}
	return s.setState(ctx, stateRetention, value)
}
