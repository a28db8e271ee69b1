package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

var _ oversight.ReportStore = (*Store)(nil)

// defaultReports is how many reports a page has.
const defaultReports = 50

// Reports implements oversight.ReportStore.
func (s *Store) Reports(ctx context.Context, q oversight.ReportQuery) (list []oversight.Report, next uint64, err error) {
	limit := q.Limit
	if limit < 1 || limit > messaging.MaxPage {
		limit = defaultReports
	}
	before, values := "", []any{q.Open, q.Viewer}
	if q.Before > 0 {
		before, values = " AND r.id < ?", append(values, q.Before)
	}
	list, err = s.readReports(ctx, s.db, `r.is_open = ? AND r.reported_id <> ?`+before+` ORDER BY r.id DESC LIMIT ?`, append(values, limit+1)...)
	if err != nil {
		return nil, 0, fmt.Errorf("mysqlstore: reports before %d: %w", q.Before, err)
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, nil
}

// SealedReport implements oversight.ReportStore.
func (s *Store) SealedReport(ctx context.Context, reportID uint64, e oversight.Entry) (r oversight.Report, sealed []oversight.Sealed, err error) {
	_, _, err = s.logged(ctx, e, func(ctx context.Context, tx *sql.Tx) (_ bool, err error) {
		if r, err = s.report(ctx, tx, reportID, e.UserID); err != nil {
			return false, err
		}
		sealed, err = s.sealed(ctx, tx, r)
		return true, err
	})
	if err != nil {
		return oversight.Report{}, nil, err
	}
	return r, sealed, nil
}

// Reported implements oversight.ReportStore.
func (s *Store) Reported(ctx context.Context, reportID, viewer uint64) (uint64, error) {
	r, err := s.report(ctx, s.db, reportID, viewer)
	return r.Reported.ID, err
}

// OpenReports implements oversight.ReportStore.
func (s *Store) OpenReports(ctx context.Context, viewer uint64) (int, error) {
	n, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(
		`SELECT COUNT(*) FROM {p}jt_sidecar_reports FORCE INDEX (is_open) WHERE is_open = 1 AND reported_id <> ?`), viewer)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: open reports: %w", err)
	}
	return n, nil
}

// Decide implements oversight.ReportStore.
func (s *Store) Decide(ctx context.Context, reportID uint64, r oversight.Ruling, e oversight.Entry) (decided bool, err error) {
	_, decided, err = s.logged(ctx, e, func(ctx context.Context, tx *sql.Tx) (bool, error) {
		p, err := s.lockReport(ctx, tx, reportID)
		if err != nil {
			return false, err
		}
		if p.reported == e.UserID {
			return false, messaging.ErrNotFound
		}
		if !p.open {
			return false, nil
		}
		if _, err := s.exec(ctx, tx, "decide report", `
			UPDATE {p}jt_sidecar_reports
			SET is_open = 0, decision = ?, silence_days = ?, decided_by = ?, decided_at = ? WHERE id = ?`,
			string(r.Decision), r.SilenceDays, e.UserID, s.clock(), reportID); err != nil {
			return false, err
		}
		if err := s.emit(ctx, tx, eventReviewed, event{ReportID: reportID, Recipients: []uint64{p.reporter}}); err != nil {
			return false, err
		}
		switch r.Decision {
		case oversight.Warned:
			err = s.emit(ctx, tx, eventWarned, event{ReportID: reportID, Recipients: []uint64{p.reported}})
		case oversight.Silenced:
			err = s.emit(ctx, tx, eventSilenced, event{
				ReportID: reportID, UserID: e.UserID, Recipients: []uint64{p.reported}, Days: &r.SilenceDays,
			})
		}
		return err == nil, err
	})
	return decided, err
}

// parties are whom a report is by and of, and whether it is open.
type parties struct {
	reporter, reported uint64
	open               bool
}

// lockReport locks a report against another decision.
func (s *Store) lockReport(ctx context.Context, tx *sql.Tx, reportID uint64) (parties, error) {
	p, err := mysqldb.QueryRow(ctx, tx, func(row mysqldb.Scanner) (parties, error) {
		var p parties
		err := row.Scan(&p.reporter, &p.reported, &p.open)
		return p, err
	}, s.prefix.Expand(`SELECT reporter_id, reported_id, is_open FROM {p}jt_sidecar_reports WHERE id = ? FOR UPDATE`), reportID)
	if errors.Is(err, sql.ErrNoRows) {
		return p, messaging.ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("mysqlstore: report %d: %w", reportID, err)
	}
	return p, nil
}

// report gives one report, unless it is about the viewer.
func (s *Store) report(ctx context.Context, q mysqldb.Queryer, reportID, viewer uint64) (oversight.Report, error) {
	list, err := s.readReports(ctx, q, `r.id = ? AND r.reported_id <> ?`, reportID, viewer)
	if err != nil {
		return oversight.Report{}, fmt.Errorf("mysqlstore: report %d: %w", reportID, err)
	}
	if len(list) == 0 {
		return oversight.Report{}, messaging.ErrNotFound
	}
	return list[0], nil
}

// readReports reads reports with the members they name. where may go on with ORDER BY and LIMIT.
func (s *Store) readReports(ctx context.Context, q mysqldb.Queryer, where string, list ...any) ([]oversight.Report, error) {
	columns1, joins1 := s.site.ProfileSQL("r.reporter_id", "a")
	columns2, joins2 := s.site.ProfileSQL("r.reported_id", "b")
	columns3, joins3 := s.site.ProfileSQL("r.decided_by", "d")
	return mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (oversight.Report, error) {
		var r oversight.Report
		var reporter, reported, decider profileScan
		var reporterID, reportedID, deciderID uint64
		var at sql.NullTime
		dest := []any{&r.ID, &r.ConversationID, &r.MessageID, &r.Whole, &reporterID, &reportedID, &r.Reason, &r.Note,
			&r.CreatedAt, &r.Decision, &r.SilenceDays, &deciderID, &at}
		for _, p := range []*profileScan{&reporter, &reported, &decider} {
			dest = append(dest, p.dest(s.site)...)
		}
		err := row.Scan(dest...)
		r.Reporter, r.Reported, r.DecidedBy = reporter.person(reporterID), reported.person(reportedID), decider.person(deciderID)
		r.DecidedAt = at.Time
		return r, err
	}, s.prefix.Expand(`
		SELECT r.id, r.conversation_id, r.message_id, r.whole, r.reporter_id, r.reported_id, r.reason, r.note,
			r.created_at, r.decision, r.silence_days, r.decided_by, r.decided_at, `+columns1+`, `+columns2+`, `+columns3+`
		FROM {p}jt_sidecar_reports r `+joins1+` `+joins2+` `+joins3+`
		WHERE `+where), list...)
}
