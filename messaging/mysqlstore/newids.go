package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
)

// stateHighestPurged is the row of jt_sidecar_state with the highest id that a purged conversation had.
const stateHighestPurged = "highest_purged"

// neverGiven gives the id of a conversation that this transaction has made by insert. If a purged one had it before,
// the conversation is made anew, under an id that none had: messages that are still to be deleted, reports, rows of
// the access log and links in members' mail would come to be of this one. Up to MySQL 5.7 InnoDB forgets at a
// restart which ids it gave to rows that are gone, and begins behind the highest that is there.
func (s *Store) neverGiven(ctx context.Context, tx *sql.Tx, id uint64, insert func() (uint64, error)) (uint64, error) {
	highest, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT CAST(value AS UNSIGNED) FROM {p}jt_sidecar_state WHERE name = ?`), stateHighestPurged)
	if errors.Is(err, sql.ErrNoRows) || err == nil && id > highest {
		return id, nil
	}
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: highest id of a purged conversation: %w", err)
	}
	for _, step := range []struct {
		operation, query string
		list             []any
	}{
		{"take back a conversation", `DELETE FROM {p}jt_pro_conversations WHERE id = ?`, []any{id}},
		// What was counted up to a row stays counted without it.
		{"begin to count", `SAVEPOINT counted`, nil},
		{"count up to a purged conversation", `
			INSERT IGNORE INTO {p}jt_pro_conversations
				(id, type, title, created_by, last_message_preview, message_count, created_at)
			VALUES (?, 'group', '', 0, '', 0, ?)`, []any{highest, s.clock()}},
		{"end to count", `ROLLBACK TO SAVEPOINT counted`, nil},
	} {
		if _, err := s.exec(ctx, tx, step.operation, step.query, step.list...); err != nil {
			return 0, err
		}
	}
	return insert()
}

// purgedID notes that no conversation is to get this id again. All who purge wait for each other from here to the end
// of the transaction.
func (s *Store) purgedID(ctx context.Context, tx *sql.Tx, conversationID uint64) error {
	_, err := s.exec(ctx, tx, "note the id of a purged conversation", `
		INSERT INTO {p}jt_sidecar_state (name, value) VALUES (?, ?)
		ON DUPLICATE KEY UPDATE value = GREATEST(CAST(value AS UNSIGNED), CAST(VALUES(value) AS UNSIGNED))`,
		stateHighestPurged, conversationID)
	return err
}
