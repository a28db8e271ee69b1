package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// SetMuted implements messaging.Store.
func (s *Store) SetMuted(ctx context.Context, c messaging.StateCommand) (messaging.Outcome, error) {
	return s.setFlag(ctx, c, "is_muted", "")
}

// SetArchived implements messaging.Store.
func (s *Store) SetArchived(ctx context.Context, c messaging.StateCommand) (messaging.Outcome, error) {
	return s.setFlag(ctx, c, "is_archived", eventArchived)
}

// setFlag sets a flag on the member's own row. column is one of this package's own words.
func (s *Store) setFlag(ctx context.Context, c messaging.StateCommand, column, kind string) (messaging.Outcome, error) {
	return s.mutate(ctx, c.UserID, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		outcome := messaging.Outcome{ConversationID: c.ConversationID}
		current, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[bool], s.prefix.Expand(`
			SELECT COALESCE(`+column+` <> 0, 0) FROM {p}jt_pro_conversation_participants
			WHERE conversation_id = ? AND user_id = ? AND jts_folder <> 0 FOR UPDATE`), c.ConversationID, c.UserID)
		if errors.Is(err, sql.ErrNoRows) {
			return outcome, messaging.ErrNotParticipant
		}
		if err != nil {
			return outcome, fmt.Errorf("mysqlstore: %s of user %d in conversation %d: %w", column, c.UserID, c.ConversationID, err)
		}
		outcome.Value = !current
		if c.Value != nil {
			outcome.Value = *c.Value
		}
		if outcome.Value == current {
			return outcome, nil
		}
		if _, err := s.exec(ctx, tx, "set "+column, `
			UPDATE {p}jt_pro_conversation_participants SET `+column+` = ?
			WHERE conversation_id = ? AND user_id = ?`, outcome.Value, c.ConversationID, c.UserID); err != nil {
			return outcome, err
		}
		if kind == "" {
			return outcome, nil
		}
		return outcome, s.emit(ctx, tx, kind, event{ConversationID: c.ConversationID, UserID: c.UserID, Value: &outcome.Value})
	})
}
