package mysqlstore

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging/oversight"
)

// visitor tells visitors apart. A session is one member's, but where there is none the member alone counts.
func visitor(v oversight.Visitor) []byte {
	sum := sha256.Sum256([]byte(strconv.FormatUint(v.UserID, 10) + " " + v.Session))
	return sum[:]
}

// Visit implements oversight.Store.
func (o *Oversight) Visit(ctx context.Context, v oversight.Visitor, conversationID uint64) (oversight.Given, bool, error) {
	list, err := mysqldb.Query(ctx, o.store.db, func(row mysqldb.Scanner) (oversight.Given, error) {
		var g oversight.Given
		var reason string
		err := row.Scan(&reason, &g.Note)
		g.Reason = oversight.Reason(reason)
		return g, err
	}, o.store.prefix.Expand(`
		SELECT reason, note FROM {p}jt_sidecar_visits WHERE session = ? AND conversation_id = ? AND used_at > ?`),
		visitor(v), conversationID, o.store.clock().Add(-oversight.VisitLength))
	if err != nil {
		return oversight.Given{}, false, fmt.Errorf("mysqlstore: visit to conversation %d: %w", conversationID, err)
	}
	if len(list) == 0 {
		return oversight.Given{}, false, nil
	}
	_, err = o.store.exec(ctx, o.store.db, "prolong visit",
		`UPDATE {p}jt_sidecar_visits SET used_at = ? WHERE session = ? AND conversation_id = ?`,
		o.store.clock(), visitor(v), conversationID)
	return list[0], true, err
}

// BeginVisit implements oversight.Store.
func (o *Oversight) BeginVisit(ctx context.Context, v oversight.Visitor, conversationID uint64, g oversight.Given) error {
	_, err := o.store.exec(ctx, o.store.db, "begin visit", `
		INSERT INTO {p}jt_sidecar_visits (session, conversation_id, reason, note, used_at) VALUES (?, ?, ?, ?, ?)
		ON DUPLICATE KEY UPDATE reason = VALUES(reason), note = VALUES(note), used_at = VALUES(used_at)`,
		visitor(v), conversationID, string(g.Reason), text(g.Note, oversight.MaxNote), o.store.clock())
	return err
}

// ForgetVisits deletes at most limit visits that are over and says how many there were.
func (s *Store) ForgetVisits(ctx context.Context, limit int) (int64, error) {
	res, err := s.exec(ctx, s.db, "forget visits",
		`DELETE FROM {p}jt_sidecar_visits WHERE used_at <= ? ORDER BY used_at LIMIT ?`,
		s.clock().Add(-oversight.VisitLength), limit)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
