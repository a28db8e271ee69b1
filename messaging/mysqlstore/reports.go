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

// aboutViewer joins the reports r with those that are about a viewer, who takes its one argument; notAboutViewer leaves
// these out.
const (
	aboutViewer    = `LEFT JOIN {p}jt_sidecar_report_members theirs ON theirs.report_id = r.id AND theirs.user_id = ?`
	notAboutViewer = `theirs.report_id IS NULL`
)

// defaultReports is how many reports a page has.
const defaultReports = 50

// Reports implements oversight.ReportStore.
func (s *Store) Reports(ctx context.Context, q oversight.ReportQuery) (list []oversight.Report, next uint64, err error) {
	limit := q.Limit
	if limit < 1 || limit > messaging.MaxPage {
		limit = defaultReports
	}
	before, values := "", []any{q.Open}
	if q.Before > 0 {
		before, values = " AND r.id < ?", append(values, q.Before)
	}
	list, err = s.readReports(ctx, s.db, q.Viewer, `r.is_open = ?`+before+` ORDER BY r.id DESC LIMIT ?`, append(values, limit+1)...)
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
func (s *Store) Reported(ctx context.Context, reportID, viewer uint64) ([]uint64, error) {
	r, err := s.report(ctx, s.db, reportID, viewer)
	if err != nil {
		return nil, err
	}
	users := make([]uint64, len(r.Members))
	for i, m := range r.Members {
		users[i] = m.ID
	}
	return users, nil
}

// OpenReports implements oversight.ReportStore.
func (s *Store) OpenReports(ctx context.Context, viewer uint64) (int, error) {
	n, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(
		`SELECT COUNT(*) FROM {p}jt_sidecar_reports r FORCE INDEX (is_open) `+aboutViewer+` WHERE r.is_open = 1 AND `+notAboutViewer), viewer)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: open reports: %w", err)
	}
	return n, nil
}

// Decide implements oversight.ReportStore.
func (s *Store) Decide(ctx context.Context, reportID uint64, r oversight.Ruling, e oversight.Entry) (decided bool, err error) {
	_, decided, err = s.logged(ctx, e, func(ctx context.Context, tx *sql.Tx) (bool, error) {
		p, err := s.lockReport(ctx, tx, reportID, e.UserID)
		if err != nil || !p.open {
			return false, err
		}
		if _, err := s.exec(ctx, tx, "decide report", `
			UPDATE {p}jt_sidecar_reports
			SET is_open = 0, decision = ?, reported_id = IF(? = 0, reported_id, ?), silence_days = ?, decided_by = ?, decided_at = ?
			WHERE id = ?`,
			string(r.Decision), r.Member, r.Member, r.SilenceDays, e.UserID, s.clock(), reportID); err != nil {
			return false, err
		}
		if err := s.emit(ctx, tx, eventReviewed, event{ReportID: reportID, Recipients: []uint64{p.reporter}}); err != nil {
			return false, err
		}
		switch r.Decision {
		case oversight.Warned:
			err = s.emit(ctx, tx, eventWarned, event{ReportID: reportID, Recipients: []uint64{r.Member}})
		case oversight.Silenced:
			err = s.emit(ctx, tx, eventSilenced, event{
				ReportID: reportID, UserID: e.UserID, Recipients: []uint64{r.Member}, Days: &r.SilenceDays,
			})
		}
		return err == nil, err
	})
	return decided, err
}

// lockedReport is a report under the transaction's lock.
type lockedReport struct {
	reporter uint64
	open     bool
}

// lockReport locks a report against another decision, unless it is about the viewer.
func (s *Store) lockReport(ctx context.Context, tx *sql.Tx, reportID, viewer uint64) (lockedReport, error) {
	p, err := mysqldb.QueryRow(ctx, tx, func(row mysqldb.Scanner) (lockedReport, error) {
		var p lockedReport
		err := row.Scan(&p.reporter, &p.open)
		return p, err
	}, s.prefix.Expand(`
		SELECT r.reporter_id, r.is_open FROM {p}jt_sidecar_reports r `+aboutViewer+`
		WHERE r.id = ? AND `+notAboutViewer+` FOR UPDATE`), viewer, reportID)
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
	list, err := s.readReports(ctx, q, viewer, `r.id = ?`, reportID)
	if err != nil {
		return oversight.Report{}, fmt.Errorf("mysqlstore: report %d: %w", reportID, err)
	}
	if len(list) == 0 {
		return oversight.Report{}, messaging.ErrNotFound
	}
	return list[0], nil
}

// readReports reads reports that are not about the viewer, with the members they name. where may go on with ORDER BY
// and LIMIT.
func (s *Store) readReports(ctx context.Context, q mysqldb.Queryer, viewer uint64, where string, list ...any) ([]oversight.Report, error) {
	columns1, joins1 := s.site.ProfileSQL("r.reporter_id", "a")
	columns2, joins2 := s.site.ProfileSQL("r.decided_by", "d")
	ruled := make(map[uint64]uint64)
	reports, err := mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (oversight.Report, error) {
		var r oversight.Report
		var reporter, decider profileScan
		var reporterID, reportedID, deciderID uint64
		var at sql.NullTime
		dest := []any{&r.ID, &r.ConversationID, &r.MessageID, &r.Whole, &reporterID, &reportedID, &r.Reason, &r.Note,
			&r.CreatedAt, &r.Decision, &r.SilenceDays, &deciderID, &at}
		dest = append(append(dest, reporter.dest(s.site)...), decider.dest(s.site)...)
		err := row.Scan(dest...)
		r.Reporter, r.DecidedBy, r.DecidedAt = reporter.person(reporterID), decider.person(deciderID), at.Time
		if r.Decision == oversight.Warned || r.Decision == oversight.Silenced {
			ruled[r.ID] = reportedID
		}
		return r, err
	}, s.prefix.Expand(`
		SELECT r.id, r.conversation_id, r.message_id, r.whole, r.reporter_id, r.reported_id, r.reason, r.note,
			r.created_at, r.decision, r.silence_days, r.decided_by, r.decided_at, `+columns1+`, `+columns2+`
		FROM {p}jt_sidecar_reports r `+aboutViewer+` `+joins1+` `+joins2+`
		WHERE `+notAboutViewer+` AND `+where), append([]any{viewer}, list...)...)
	if err != nil || len(reports) == 0 {
		return nil, err
	}
	members, err := s.reportMembers(ctx, q, reports)
	for i, r := range reports {
		reports[i].Members = members[r.ID]
		for _, m := range members[r.ID] {
			if m.ID == ruled[r.ID] {
				reports[i].Ruled = m
			}
		}
	}
	return reports, err
}

// reportMembers reads whom reports are about, by report.
func (s *Store) reportMembers(ctx context.Context, q mysqldb.Queryer, reports []oversight.Report) (map[uint64][]messaging.Person, error) {
	ids := make([]uint64, len(reports))
	for i, r := range reports {
		ids[i] = r.ID
	}
	members := make(map[uint64][]messaging.Person, len(ids))
	columns, joins := s.site.ProfileSQL("m.user_id", "p")
	_, err := mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (struct{}, error) {
		var reportID, userID uint64
		var profile profileScan
		err := row.Scan(append([]any{&reportID, &userID}, profile.dest(s.site)...)...)
		members[reportID] = append(members[reportID], profile.person(userID))
		return struct{}{}, err
	}, s.prefix.Expand(`
		SELECT m.report_id, m.user_id, `+columns+` FROM {p}jt_sidecar_report_members m `+joins+`
		WHERE m.report_id IN (`+mysqldb.Placeholders(len(ids))+`) ORDER BY m.report_id, m.user_id`), args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: whom %d reports are about: %w", len(ids), err)
	}
	return members, nil
}
