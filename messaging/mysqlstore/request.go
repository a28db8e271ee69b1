package mysqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// RequestLifetime is how long a client key is remembered: a phone that was off for a week must still
// not send twice.
const RequestLifetime = 30 * 24 * time.Hour

// Recall implements messaging.Store.
func (s *Store) Recall(ctx context.Context, userID uint64, r messaging.Request) (messaging.Outcome, bool, error) {
	if r.Key == "" {
		return messaging.Outcome{}, false, nil
	}
	key := sha256.Sum256([]byte(r.Key))
	var fingerprint []byte
	o, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (messaging.Outcome, error) {
		o := messaging.Outcome{Replayed: true}
		err := row.Scan(&fingerprint, &o.ConversationID, &o.MessageID, &o.Created, &o.Value)
		return o, err
	}, s.prefix.Expand(`
		SELECT fingerprint, conversation_id, message_id, created, value
		FROM {p}jt_sidecar_requests WHERE user_id = ? AND key_hash = ?`), userID, key[:])
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return messaging.Outcome{}, false, nil
	case err != nil:
		return messaging.Outcome{}, false, fmt.Errorf("mysqlstore: recall request of user %d: %w", userID, err)
	case string(fingerprint) != string(r.Fingerprint[:]):
		return messaging.Outcome{}, false, messaging.ErrKeyReused
	}
	return o, true, nil
}

// errRepeated ends a transaction that found its client key taken when it was about to commit.
var errRepeated = errors.New("mysqlstore: client key is taken")

// mutate runs a mutation once per client key: of two that run at the same time, the one whose key
// comes second into the table is rolled back and answers with the outcome of the first.
func (s *Store) mutate(ctx context.Context, userID uint64, r messaging.Request, do func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error)) (messaging.Outcome, error) {
	if o, found, err := s.Recall(ctx, userID, r); err != nil || found {
		return o, err
	}
	var outcome messaging.Outcome
	err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		o, err := do(ctx, tx)
		if err != nil {
			return err
		}
		outcome = o
		return s.remember(ctx, tx, userID, r, o)
	})
	if errors.Is(err, errRepeated) {
		o, found, err := s.Recall(ctx, userID, r)
		if err == nil && !found {
			err = fmt.Errorf("mysqlstore: client key of user %d was taken and is gone", userID)
		}
		return o, err
	}
	if err != nil {
		return messaging.Outcome{}, err
	}
	return outcome, nil
}

func (s *Store) remember(ctx context.Context, tx *sql.Tx, userID uint64, r messaging.Request, o messaging.Outcome) error {
	if r.Key == "" {
		return nil
	}
	key := sha256.Sum256([]byte(r.Key))
	_, err := s.exec(ctx, tx, "remember request", `
		INSERT INTO {p}jt_sidecar_requests
			(user_id, key_hash, fingerprint, conversation_id, message_id, created, value, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		userID, key[:], r.Fingerprint[:], o.ConversationID, o.MessageID, o.Created, o.Value, s.clock())
	if mysqldb.IsDuplicate(err) {
		return errRepeated
	}
	return err
}

// ForgetRequests deletes at most limit client keys that are older than RequestLifetime and says how
// many there were.
func (s *Store) ForgetRequests(ctx context.Context, limit int) (int64, error) {
	res, err := s.exec(ctx, s.db, "forget requests",
		`DELETE FROM {p}jt_sidecar_requests WHERE created_at < ? ORDER BY created_at LIMIT ?`,
		s.clock().Add(-RequestLifetime), limit)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
