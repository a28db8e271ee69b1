package mysqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/wpbridge/outbox"
)

var (
	_ outbox.Store = (*Store)(nil)
	_ outbox.Lease = (*Store)(nil)
)

// deliveryWindow is how many of the oldest events Due looks at. Events that wait for their next try are
// among them; so many at a time are more than a fault of single events explains.
const deliveryWindow = 1000

// retries are the pauses before each further try of an event that failed: ten over a day.
var retries = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour,
	2 * time.Hour, 4 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour,
}

// pending is an event of the outbox that is not parked.
type pending struct {
	id             uint64
	conversationID uint64
	kind           string
	payload        string
	createdAt      time.Time
	dueAt          time.Time // zero before the first failure
}

// Due implements outbox.Store. An event that became moot on its way (its message was purged, what was to be
// mailed is read) is dropped here.
func (s *Store) Due(ctx context.Context, limit int) ([]outbox.Event, error) {
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (pending, error) {
		var p pending
		var due sql.NullTime
		err := row.Scan(&p.id, &p.conversationID, &p.kind, &p.payload, &p.createdAt, &due)
		p.dueAt = due.Time
		return p, err
	}, s.prefix.Expand(`
		SELECT o.id, o.conversation_id, o.type, o.payload, o.created_at, f.due_at
		FROM {p}jt_sidecar_outbox o
		LEFT JOIN {p}jt_sidecar_failures f ON f.event_id = o.id
		WHERE f.parked IS NULL OR f.parked = 0
		ORDER BY o.id LIMIT ?`), deliveryWindow)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: pending events: %w", err)
	}
	now := s.clock()
	waiting := make(map[uint64]bool)
	var events []outbox.Event
	var moot []uint64
	for _, p := range rows {
		if len(events) == limit {
			break
		}
		if p.dueAt.After(now) {
			// Mail concerns no single conversation, and waits for none.
			waiting[p.conversationID] = p.conversationID != 0
			continue
		}
		if waiting[p.conversationID] {
			continue
		}
		body, err := s.complete(ctx, p)
		switch {
		case errors.Is(err, errMoot):
			moot = append(moot, p.id)
		case err != nil:
			return nil, err
		default:
			events = append(events, outbox.Event{ID: p.id, Body: body})
		}
	}
	if len(moot) > 0 {
		if err := s.dropEvents(ctx, moot); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Delivered implements outbox.Store.
func (s *Store) Delivered(ctx context.Context, ids []uint64) error {
	if err := s.dropEvents(ctx, ids); err != nil {
		return err
	}
	return s.setState(ctx, stateDelivered, strconv.FormatInt(s.clock().Unix(), 10))
}

func (s *Store) dropEvents(ctx context.Context, ids []uint64) error {
	return mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		in := "(" + mysqldb.Placeholders(len(ids)) + ")"
		if _, err := s.exec(ctx, tx, "forget failures", `DELETE FROM {p}jt_sidecar_failures WHERE event_id IN `+in, args(ids)...); err != nil {
			return err
		}
		_, err := s.exec(ctx, tx, "forget events", `DELETE FROM {p}jt_sidecar_outbox WHERE id IN `+in, args(ids)...)
		return err
	})
}

// Failed implements outbox.Store.
func (s *Store) Failed(ctx context.Context, id uint64, reason string) error {
	return mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		attempts, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[int], s.prefix.Expand(
			`SELECT attempts FROM {p}jt_sidecar_failures WHERE event_id = ? FOR UPDATE`), id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("mysqlstore: failures of event %d: %w", id, err)
		}
		due, parked := s.clock(), attempts >= len(retries)
		if !parked {
			due = due.Add(retries[attempts])
		}
		_, err = s.exec(ctx, tx, "note failure", `
			INSERT INTO {p}jt_sidecar_failures (event_id, attempts, due_at, parked, error) VALUES (?, ?, ?, ?, ?)
			ON DUPLICATE KEY UPDATE attempts = VALUES(attempts), due_at = VALUES(due_at), parked = VALUES(parked), error = VALUES(error)`,
			id, attempts+1, due, parked, s.format.Preview(reason, 250))
		return err
	})
}

// RetryParked makes parked events due again, as if they had never failed, and says how many.
func (s *Store) RetryParked(ctx context.Context) (int64, error) {
	res, err := s.exec(ctx, s.db, "retry parked events", `DELETE FROM {p}jt_sidecar_failures WHERE parked = 1`)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// OutboxStatus is how delivery to WordPress stands.
type OutboxStatus struct {
	Pending, Parked int
	OldestSeconds   int64     // age of the oldest event that is not parked, 0 for none
	LastDeliveredAt time.Time // zero before the first
	LastError       string    // of the event that failed last and is not delivered yet
}

// OutboxStatus reads it.
func (s *Store) OutboxStatus(ctx context.Context) (OutboxStatus, error) {
	var oldest sql.NullTime
	status, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (OutboxStatus, error) {
		var o OutboxStatus
		err := row.Scan(&o.Pending, &o.Parked, &oldest)
		return o, err
	}, s.prefix.Expand(`
		SELECT COUNT(*) - COALESCE(SUM(f.parked), 0), COALESCE(SUM(f.parked), 0),
			MIN(CASE WHEN f.parked = 1 THEN NULL ELSE o.created_at END)
		FROM {p}jt_sidecar_outbox o LEFT JOIN {p}jt_sidecar_failures f ON f.event_id = o.id`))
	if err != nil {
		return status, fmt.Errorf("mysqlstore: outbox status: %w", err)
	}
	if oldest.Valid {
		status.OldestSeconds = max(0, int64(s.clock().Sub(oldest.Time).Seconds()))
	}
	errorText, err := mysqldb.Query(ctx, s.db, mysqldb.Value[string], s.prefix.Expand(
		`SELECT error FROM {p}jt_sidecar_failures ORDER BY event_id DESC LIMIT 1`))
	if err != nil {
		return status, fmt.Errorf("mysqlstore: last failure: %w", err)
	}
	if len(errorText) > 0 {
		status.LastError = errorText[0]
	}
	delivered, err := s.state(ctx, stateDelivered)
	if seconds, e := strconv.ParseInt(delivered, 10, 64); e == nil {
		status.LastDeliveredAt = time.Unix(seconds, 0).UTC()
	}
	return status, err
}

// backlogWindow is how many events a count of the backlog looks at: how many exactly wait does not matter any more
// where they are more.
const backlogWindow = 1000

// backlog counts the events that wait, and of the oldest failed ones those that are parked; more is true when it
// has not looked at all that wait.
func (s *Store) backlog(ctx context.Context) (pending int, more bool, parked int, err error) {
	looked, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (int, error) {
		var looked int
		err := row.Scan(&looked, &pending)
		return looked, err
	}, s.prefix.Expand(`
		SELECT COUNT(*), COUNT(*) - COALESCE(SUM(f.parked), 0)
		FROM (SELECT id FROM {p}jt_sidecar_outbox ORDER BY id DESC LIMIT ?) newest
		LEFT JOIN {p}jt_sidecar_failures f ON f.event_id = newest.id`), backlogWindow+1)
	if err != nil {
		return 0, false, 0, fmt.Errorf("mysqlstore: events that wait: %w", err)
	}
	parked, err = mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(`
		SELECT COALESCE(SUM(f.parked), 0)
		FROM (SELECT event_id, parked FROM {p}jt_sidecar_failures ORDER BY event_id LIMIT ?) f
		JOIN {p}jt_sidecar_outbox o ON o.id = f.event_id`), backlogWindow)
	if err != nil {
		return 0, false, 0, fmt.Errorf("mysqlstore: parked events: %w", err)
	}
	return min(pending, backlogWindow), looked > backlogWindow, parked, nil
}

// HandledLifetime is how long the plugin remembers which events it has handled: longer than one can still
// come again.
const HandledLifetime = EventLifetime + 24*time.Hour

// ForgetHandled deletes at most limit old marks of the plugin and says how many there were.
func (s *Store) ForgetHandled(ctx context.Context, limit int) (int64, error) {
	res, err := s.exec(ctx, s.db, "forget handled events",
		`DELETE FROM {p}jt_sidecar_handled WHERE handled_at < ? ORDER BY handled_at LIMIT ?`, s.clock().Add(-HandledLifetime), limit)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Hold implements outbox.Lease by a lock of the server's, which ends with the connection: a replica that
// dies keeps nobody waiting.
func (s *Store) Hold(ctx context.Context, f func(context.Context) error) (bool, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: lease: %w", err)
	}
	defer conn.Close()
	// Names are the server's, and 64 bytes at most.
	const name = `CONCAT('jts_outbox_', LEFT(SHA1(CONCAT(DATABASE(), '/', ?)), 40))`
	got, err := mysqldb.QueryRow(ctx, conn, mysqldb.Value[sql.NullInt64], `SELECT GET_LOCK(`+name+`, 0)`, string(s.prefix))
	if err != nil {
		return false, fmt.Errorf("mysqlstore: lease: %w", err)
	}
	if got.Int64 != 1 {
		return false, nil
	}
	defer func() {
		// Whatever became of ctx: the connection goes back to the pool.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if _, err := conn.ExecContext(ctx, `DO RELEASE_LOCK(`+name+`)`, string(s.prefix)); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // dropped, and the lock with it
		}
	}()
	return true, f(ctx)
}

// Names of the rows of jt_sidecar_state.
const stateDelivered = "last_delivered_at"

func (s *Store) setState(ctx context.Context, name, value string) error {
	_, err := s.exec(ctx, s.db, "set "+name, `
		INSERT INTO {p}jt_sidecar_state (name, value) VALUES (?, ?) ON DUPLICATE KEY UPDATE value = VALUES(value)`, name, value)
	return err
}

// state gives a stored value, empty if there is none.
func (s *Store) state(ctx context.Context, name string) (string, error) {
	values, err := mysqldb.Query(ctx, s.db, mysqldb.Value[string], s.prefix.Expand(
		`SELECT value FROM {p}jt_sidecar_state WHERE name = ?`), name)
	if err != nil || len(values) == 0 {
		return "", err
	}
	return values[0], nil
}
