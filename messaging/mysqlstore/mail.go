package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
)

// mailBatch is how many members QueueMail looks at in one go.
const mailBatch = 100

// SetMailDelay makes members get a mail for what they have not read delay after it came; 0 sends none. It
// belongs to the Store's making.
func (s *Store) SetMailDelay(delay func() time.Duration) { s.mailDelay = delay }

// HoldMail makes mail wait while held says so: none is queued and none delivered, and what is due by then goes out
// afterwards. It belongs to the Store's making.
func (s *Store) HoldMail(held func() bool) { s.mailHeld = held }

func (s *Store) holdsMail() bool { return s.mailHeld != nil && s.mailHeld() }

// atRest are the types of events that wait for nothing: those that were delivered, and mail while it is held.
func (s *Store) atRest() []any {
	if s.holdsMail() {
		return []any{eventDelivered, eventMail}
	}
	return []any{eventDelivered}
}

// delay is how long after an unread message a mail is due, 0 for no mail.
func (s *Store) delay() time.Duration {
	if s.mailDelay == nil {
		return 0
	}
	return s.mailDelay()
}

// scheduleMail makes sure that members who have something unread will be looked at a delay from now. Who waits for
// that already keeps the time: queueMail looks how old what is unread then is.
func (s *Store) scheduleMail(ctx context.Context, users []uint64) error {
	delay := s.delay()
	if delay == 0 || len(users) == 0 {
		return nil
	}
	var values []any
	for _, id := range users {
		values = append(values, id, s.clock().Add(delay))
	}
	_, err := s.exec(ctx, s.db, "schedule mail", `
		INSERT INTO {p}jt_sidecar_mail (user_id, due_at) VALUES (?, ?)`+repeat(", (?, ?)", len(users)-1)+`
		ON DUPLICATE KEY UPDATE due_at = COALESCE(due_at, VALUES(due_at))`, values...)
	return err
}

// mailPayload is what is stored of a mail.due event.
type mailPayload struct {
	UserID uint64 `json:"user_id"`
	After  uint64 `json:"after_message_id"` // what came up to here was told before
}

// QueueMail turns mail that is due into events and says how many. Where everything was read meanwhile there
// is no mail, and where all that is unread came later it waits until the oldest of it has waited for the delay. Of each
// member there is one event at a time: it tells all that is unread when WordPress takes it.
func (s *Store) QueueMail(ctx context.Context) (int, error) {
	if s.holdsMail() {
		return 0, nil
	}
	users, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT user_id FROM {p}jt_sidecar_mail WHERE due_at <= ? ORDER BY due_at LIMIT ?`), s.clock(), mailBatch)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: due mail: %w", err)
	}
	queued := 0
	for _, id := range users {
		mailed := false
		err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) (err error) {
			mailed, err = s.queueMail(ctx, tx, id)
			return err
		})
		if err != nil {
			return queued, err
		}
		if mailed {
			queued++
		}
	}
	return queued, nil
}

func (s *Store) queueMail(ctx context.Context, tx *sql.Tx, userID uint64) (bool, error) {
	type scheduled struct{ told, eventID uint64 }
	rows, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (scheduled, error) {
		var m scheduled
		err := row.Scan(&m.told, &m.eventID)
		return m, err
	}, s.prefix.Expand(
		`SELECT message_id, event_id FROM {p}jt_sidecar_mail WHERE user_id = ? AND due_at <= ? FOR UPDATE`), userID, s.clock())
	if err != nil {
		return false, fmt.Errorf("mysqlstore: mail of user %d: %w", userID, err)
	}
	if len(rows) == 0 {
		return false, nil // another replica was faster
	}
	m := rows[0]
	places, err := s.unmailed(ctx, tx, userID, m.told)
	if err != nil {
		return false, err
	}
	newest := newestOf(places)
	if places, err = s.showable(ctx, tx, userID, m.told, places); err != nil {
		return false, err
	}
	if len(places) == 0 {
		_, err := s.exec(ctx, tx, "cancel mail", `UPDATE {p}jt_sidecar_mail SET due_at = NULL WHERE user_id = ?`, userID)
		return false, err
	}
	due, err := s.mailDue(ctx, tx, userID, m.told, places)
	if err != nil {
		return false, err
	}
	if due.After(s.clock()) {
		_, err := s.exec(ctx, tx, "wait with mail", `UPDATE {p}jt_sidecar_mail SET due_at = ? WHERE user_id = ?`, due, userID)
		return false, err
	}
	if waits, err := s.mailWaits(ctx, tx, m.eventID); err != nil || waits {
		if err == nil {
			err = s.postponeMail(ctx, tx, userID)
		}
		return false, err
	}
	payload, err := json.Marshal(mailPayload{UserID: userID, After: m.told})
	if err != nil {
		return false, fmt.Errorf("mysqlstore: event %s: %w", eventMail, err)
	}
	res, err := s.exec(ctx, tx, "emit "+eventMail,
		`INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at) VALUES (0, ?, ?, ?)`,
		eventMail, string(payload), s.clock())
	if err != nil {
		return false, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return false, fmt.Errorf("mysqlstore: emit %s: %w", eventMail, err)
	}
	_, err = s.exec(ctx, tx, "note mail",
		`UPDATE {p}jt_sidecar_mail SET due_at = NULL, message_id = ?, event_id = ? WHERE user_id = ?`, newest, id, userID)
	return err == nil, err
}

// mailDue says when the mail about conversations is due, which may be over: a delay after the oldest message that it
// tells. The one that started the clock may have been read. Conversations come as of unmailed, of which the last is
// most often old enough to decide it.
func (s *Store) mailDue(ctx context.Context, q mysqldb.Queryer, userID, told uint64, places []unmailed) (time.Time, error) {
	now, delay := s.clock(), s.delay()
	due := now.Add(delay)
	for _, c := range slices.Backward(places) {
		oldest := c.newest
		if c.unread > 1 && oldest.at.Add(delay).After(now) {
			first, found, err := s.showableMessage(ctx, q, userID, told, c, "ASC")
			if err != nil {
				return due, err
			}
			if found {
				oldest = first
			}
		}
		if at := oldest.at.Add(delay); at.Before(due) {
			due = at
		}
		if !due.After(now) {
			break
		}
	}
	return due, nil
}

// mailWaits says whether a mail that was queued is still on its way. A parked one is tried again: what it would
// tell is more now.
func (s *Store) mailWaits(ctx context.Context, tx *sql.Tx, eventID uint64) (bool, error) {
	parked, err := mysqldb.Query(ctx, tx, mysqldb.Value[bool], s.prefix.Expand(`
		SELECT COALESCE(f.parked, 0) FROM {p}jt_sidecar_outbox o LEFT JOIN {p}jt_sidecar_failures f ON f.event_id = o.id
		WHERE o.id = ? AND o.type = ?`), eventID, eventMail)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: mail %d: %w", eventID, err)
	}
	if len(parked) == 0 || !parked[0] {
		return len(parked) > 0, nil
	}
	_, err = s.exec(ctx, tx, "retry mail", `DELETE FROM {p}jt_sidecar_failures WHERE event_id = ?`, eventID)
	return true, err
}

// postponeMail has the member looked at again after another delay. The mail that waits may be on its way already,
// without what came last.
func (s *Store) postponeMail(ctx context.Context, tx *sql.Tx, userID uint64) error {
	delay := s.delay()
	due := sql.NullTime{Time: s.clock().Add(delay), Valid: delay > 0}
	_, err := s.exec(ctx, tx, "postpone mail", `UPDATE {p}jt_sidecar_mail SET due_at = ? WHERE user_id = ?`, due, userID)
	return err
}

// noteMailed notes that the mail that is on its way tells what came up to a message: nothing of it is told again.
func (s *Store) noteMailed(ctx context.Context, userID, messageID uint64) error {
	_, err := s.exec(ctx, s.db, "note what is mailed",
		`UPDATE {p}jt_sidecar_mail SET message_id = ? WHERE user_id = ? AND message_id < ?`, messageID, userID, messageID)
	return err
}
