package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging/oversight"
)

// exportBatch is how many messages of an export one statement reads.
const exportBatch = 500

// Export implements oversight.Store. It reads in batches, so that no statement lasts as long as who gets it
// takes to read. A conversation that is purged meanwhile ends where it was.
func (o *Oversight) Export(ctx context.Context, conversationID, memberID uint64, each func(oversight.ExportedMessage) error) error {
	titles, err := mysqldb.Query(ctx, o.store.db, mysqldb.Value[string], o.store.prefix.Expand(
		`SELECT COALESCE(title, '') FROM {p}jt_pro_conversations WHERE id = ?`), conversationID)
	if err != nil {
		return fmt.Errorf("mysqlstore: export of conversation %d: %w", conversationID, err)
	}
	if len(titles) == 0 {
		return nil
	}
	title, condition, list := titles[0], "", []any{}
	if memberID != 0 {
		left, ok, err := o.left(ctx, conversationID, memberID)
		if err != nil || !ok {
			return err
		}
		// Of a group that they left, what others wrote before that second, and not how it is called since.
		if !left.IsZero() {
			title = ""
			condition = " AND (m.created_at < ? OR (m.sender_id = ? AND COALESCE(m.is_system, 0) = 0))"
			list = append(list, left, memberID)
		}
	}
	for after := uint64(0); ; {
		batch, err := o.store.messages(ctx, o.store.db, `m.conversation_id = ? AND m.id > ?`+condition+` ORDER BY m.id LIMIT ?`,
			append(append([]any{conversationID, after}, list...), exportBatch)...)
		if err != nil {
			return fmt.Errorf("mysqlstore: export of conversation %d: %w", conversationID, err)
		}
		for _, m := range batch {
			after = m.ID
			if err := each(oversight.ExportedMessage{
				ConversationID: conversationID, Title: title, ID: m.ID, Sender: m.Sender,
				Text: o.plain(m), IsSystem: m.System, SentAt: m.CreatedAt,
			}); err != nil {
				return err
			}
		}
		if len(batch) < exportBatch {
			return nil
		}
	}
}

// left says when a member left a conversation, zero for one who takes part; ok is false for one who never did.
func (o *Oversight) left(ctx context.Context, conversationID, userID uint64) (at time.Time, ok bool, err error) {
	at, err = mysqldb.QueryRow(ctx, o.store.db, func(row mysqldb.Scanner) (time.Time, error) {
		var at sql.NullTime
		err := row.Scan(&at)
		return at.Time, err
	}, o.store.prefix.Expand(`
		SELECT IF(jts_folder = 0, left_at, NULL) FROM {p}jt_pro_conversation_participants
		WHERE conversation_id = ? AND user_id = ?`), conversationID, userID)
	if errors.Is(err, sql.ErrNoRows) {
		return at, false, nil
	}
	if err != nil {
		return at, false, fmt.Errorf("mysqlstore: place of user %d in conversation %d: %w", userID, conversationID, err)
	}
	return at, true, nil
}
