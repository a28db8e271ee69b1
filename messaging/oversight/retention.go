package oversight

import (
	"context"
	"time"
)

// inactivePage is how many conversations one look-up of inactive ones gives.
const inactivePage = 100

// EachInactive gives all conversations without activity since before to f, the longest inactive first, until f
// fails. Held ones are left out. It changes nothing.
func (s *Service) EachInactive(ctx context.Context, before time.Time, f func(Row) error) error {
	var after *Row
	for {
		rows, err := s.store.Inactive(ctx, before, after, inactivePage)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := f(r); err != nil {
				return err
			}
		}
		if len(rows) < inactivePage {
			return nil
		}
		after = &rows[len(rows)-1]
	}
}

// PurgeInactive purges at most limit (1 or more) conversations without activity since before, and says how many.
// Where that is fewer than limit, none is left. One in which somebody writes at that moment, or which is put
// under a hold, stays. note is for the access log, in which each purge is a row by nobody.
func (s *Service) PurgeInactive(ctx context.Context, before time.Time, limit int, note string) (int, error) {
	rows, err := s.store.Inactive(ctx, before, nil, limit)
	if err != nil {
		return 0, err
	}
	for i, r := range rows {
		e := Entry{Action: ActionRetention, ConversationID: r.ID, Note: note}
		if _, err := s.store.PurgeInactive(ctx, r.ID, before, e); err != nil {
			return i, err
		}
	}
	return len(rows), nil
}
