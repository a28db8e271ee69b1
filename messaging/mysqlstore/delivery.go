package mysqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/wpbridge/outbox"
)

var (
	_ outbox.Store = (*Store)(nil)
	_ outbox.Lease = (*Store)(nil)
)

// retries are the pauses before each further try of an event that failed: ten over a day.
var retries = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour,
	2 * time.Hour, 4 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour,
}

// pending is an event of the outbox that may be delivered now.
type pending struct {
	id             uint64
	conversationID uint64
	kind           string
	payload        string
	createdAt      time.Time
}

// Due implements outbox.Store. An event that became moot on its way (its message was purged, what was to be
// mailed is read) is dropped here.
func (s *Store) Due(ctx context.Context, limit int) ([]outbox.Event, error) {
	var events []outbox.Event
	for after := uint64(0); len(events) < limit; {
		page, err := s.pending(ctx, after, limit)
		if err != nil {
			return nil, err
		}
		var moot []uint64
		for i, p := range page {
			if len(events) == limit {
				break
			}
			if p.kind == eventDelivered {
				if i < len(page)-1 { // no longer the newest
					moot = append(moot, p.id)
				}
				continue
			}
			if p.kind == eventMail && s.holdsMail() {
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
		if len(page) < limit {
			break
		}
		after = page[len(page)-1].id
	}
	return events, nil
}

// pending gives the first limit events behind an id that may be delivered now. Those of a conversation with an
// event that waits for its next try wait with it; events of no conversation wait for none. What waits is left out
// where it stands, so that any amount of it keeps nobody else's events back.
func (s *Store) pending(ctx context.Context, after uint64, limit int) ([]pending, error) {
	now := s.clock()
	events, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (pending, error) {
		var p pending
		err := row.Scan(&p.id, &p.conversationID, &p.kind, &p.payload, &p.createdAt)
		return p, err
	}, s.prefix.Expand(`
		SELECT o.id, o.conversation_id, o.type, o.payload, o.created_at
		FROM {p}jt_sidecar_outbox o FORCE INDEX (PRIMARY)
		LEFT JOIN {p}jt_sidecar_failures f ON f.event_id = o.id
		LEFT JOIN (
			SELECT DISTINCT first.conversation_id
			FROM {p}jt_sidecar_failures later STRAIGHT_JOIN {p}jt_sidecar_outbox first ON first.id = later.event_id
			WHERE later.parked = 0 AND later.due_at > ? AND first.conversation_id <> 0
		) waiting ON waiting.conversation_id = o.conversation_id
		WHERE o.id > ? AND waiting.conversation_id IS NULL AND (f.event_id IS NULL OR f.parked = 0 AND f.due_at <= ?)
		ORDER BY o.id LIMIT ?`), now, after, now, limit)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: pending events: %w", err)
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
	return mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error { return s.forgetEvents(ctx, tx, ids) })
}

// forgottenAtOnce is how many events one statement deletes.
const forgottenAtOnce = 1000

// forgetEvents deletes events, and then what is remembered of their failures: who notes one holds the event's lock,
// and finds it gone or has noted before. Of the newest one the id stays, in a row of the type eventDelivered, until
// there is a newer one: before MySQL 8 a server that starts numbers on from the highest id in the table, and the
// plugin would take an event whose id came back for handled. Nobody deletes the newest row they see, so the highest
// id never falls.
func (s *Store) forgetEvents(ctx context.Context, tx *sql.Tx, ids []uint64) error {
	newest, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT COALESCE(MAX(id), 0) FROM {p}jt_sidecar_outbox`))
	if err != nil {
		return fmt.Errorf("mysqlstore: newest event: %w", err)
	}
	if slices.Contains(ids, newest) {
		if _, err := s.exec(ctx, tx, "keep the newest id", `
			UPDATE {p}jt_sidecar_outbox SET conversation_id = 0, type = ?, payload = '{}' WHERE id = ?`, eventDelivered, newest); err != nil {
			return err
		}
	}
	for some := range slices.Chunk(ids, forgottenAtOnce) {
		in := "(" + mysqldb.Placeholders(len(some)) + ")"
		if _, err := s.exec(ctx, tx, "forget events", `DELETE FROM {p}jt_sidecar_outbox WHERE id <> ? AND id IN `+in, args(some, newest)...); err != nil {
			return err
		}
		if _, err := s.exec(ctx, tx, "forget failures", `DELETE FROM {p}jt_sidecar_failures WHERE event_id IN `+in, args(some)...); err != nil {
			return err
		}
	}
	return nil
}

// Failed implements outbox.Store. Of an event that was purged on its way nothing is noted.
func (s *Store) Failed(ctx context.Context, id uint64, reason string) error {
	return mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		there, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
			`SELECT id FROM {p}jt_sidecar_outbox WHERE id = ? AND type <> ? FOR UPDATE`), id, eventDelivered)
		if err != nil {
			return fmt.Errorf("mysqlstore: event %d: %w", id, err)
		}
		if len(there) == 0 {
			return nil
		}
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

// RetryFailed makes events that failed due at once, parked ones and those that wait for their next try, as if they
// had never failed, and says how many.
func (s *Store) RetryFailed(ctx context.Context) (int64, error) {
	res, err := s.exec(ctx, s.db, "retry failed events", `DELETE FROM {p}jt_sidecar_failures`)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// OutboxStatus is how delivery to WordPress stands.
type OutboxStatus struct {
	Pending         int       // not parked
	Failing         int       // those of them that WordPress failed on, and that are tried again
	Parked          int       // given up
	OldestSeconds   int64     // age of the oldest event that is not parked, 0 for none
	LastDeliveredAt time.Time // zero before the first
	LastError       string    // of the newest event that is failing, else of the newest parked one
}

// OutboxStatus reads it. Mail that is held is none of it.
func (s *Store) OutboxStatus(ctx context.Context) (OutboxStatus, error) {
	atRest := s.atRest()
	others := `o.type NOT IN (` + mysqldb.Placeholders(len(atRest)) + `)`
	status, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (OutboxStatus, error) {
		var o OutboxStatus
		err := row.Scan(&o.Pending, &o.Failing, &o.Parked)
		return o, err
	}, s.prefix.Expand(`
		SELECT COUNT(*) - COALESCE(SUM(f.parked), 0), COALESCE(SUM(f.parked = 0), 0), COALESCE(SUM(f.parked), 0)
		FROM {p}jt_sidecar_outbox o LEFT JOIN {p}jt_sidecar_failures f ON f.event_id = o.id
		WHERE `+others), atRest...)
	if err != nil {
		return status, fmt.Errorf("mysqlstore: outbox status: %w", err)
	}
	// A row's own column: of an expression over it MySQL 5.7 makes a text.
	oldest, err := mysqldb.Query(ctx, s.db, mysqldb.Value[time.Time], s.prefix.Expand(`
		SELECT o.created_at
		FROM {p}jt_sidecar_outbox o FORCE INDEX (PRIMARY) LEFT JOIN {p}jt_sidecar_failures f ON f.event_id = o.id
		WHERE `+others+` AND COALESCE(f.parked, 0) = 0
		ORDER BY o.id LIMIT 1`), atRest...)
	if err != nil {
		return status, fmt.Errorf("mysqlstore: oldest event: %w", err)
	}
	if len(oldest) > 0 {
		status.OldestSeconds = max(0, int64(s.clock().Sub(oldest[0]).Seconds()))
	}
	errorText, err := mysqldb.Query(ctx, s.db, mysqldb.Value[string], s.prefix.Expand(
		`SELECT error FROM {p}jt_sidecar_failures ORDER BY parked, event_id DESC LIMIT 1`))
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
	// Names are the server's, and 64 bytes at most. MySQL 9.7 has no MD5 and SHA1 of its own.
	const name = `CONCAT('jts_outbox_', LEFT(SHA2(CONCAT(DATABASE(), '/', ?), 256), 40))`
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
