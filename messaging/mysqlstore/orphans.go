package mysqlstore

import (
	"context"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
)

// accountedTables are those with the column jts_accounted: 0 for a row that other code inserted, 1 once it is worked
// in, 2 while it is set aside for want of a conversation.
var accountedTables = []string{"jt_pro_conversation_participants", "jt_pro_messages"}

// orphansEvery is how often rows without a conversation are looked at. Some stay so for ever: each round of
// Reconcile would walk through all of them to find what is new.
const orphansEvery = 5 * time.Minute

// setAside takes the rows of conversations that are not there out of the way.
func (s *Store) setAside(ctx context.Context, conversations []uint64) error {
	if len(conversations) == 0 {
		return nil
	}
	for _, table := range accountedTables {
		if _, err := s.exec(ctx, s.db, "set aside rows of "+table, `
			UPDATE {p}`+table+` FORCE INDEX (jts_unaccounted) SET jts_accounted = 2
			WHERE jts_accounted = 0 AND conversation_id IN (`+mysqldb.Placeholders(len(conversations))+`)`, args(conversations)...); err != nil {
			return err
		}
	}
	return nil
}

// returnOrphans makes rows that were set aside, and whose conversation has come, rows to be worked in. It looks for
// them at the first call, and then every orphansEvery.
func (s *Store) returnOrphans(ctx context.Context) error {
	now := s.now()
	if due := s.orphansDue.Load(); due != nil && now.Before(*due) {
		return nil
	}
	for _, table := range accountedTables {
		for after := uint64(0); ; {
			ids, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
				SELECT o.conversation_id
				FROM {p}`+table+` o FORCE INDEX (jts_unaccounted)
				STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = o.conversation_id
				WHERE o.jts_accounted = 2 AND o.conversation_id > ? ORDER BY o.conversation_id LIMIT ?`), after, reconcileBatch)
			if err != nil {
				return fmt.Errorf("mysqlstore: rows of %s that were set aside: %w", table, err)
			}
			if len(ids) == 0 {
				break
			}
			if _, err := s.exec(ctx, s.db, "return rows of "+table, `
				UPDATE {p}`+table+` FORCE INDEX (jts_unaccounted) SET jts_accounted = 0
				WHERE jts_accounted = 2 AND conversation_id IN (`+mysqldb.Placeholders(len(ids))+`)`, args(ids)...); err != nil {
				return err
			}
			after = ids[len(ids)-1]
		}
	}
	due := now.Add(orphansEvery)
	s.orphansDue.Store(&due)
	return nil
}
