package migrations

import (
	"context"
	"database/sql"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
)

// blockBatch is how many conversations one statement looks at.
const blockBatch = 2000

// importBlocks turns the flag is_blocked into blocks. It stands on the row of the blocked participant of a
// direct conversation; the other one is the blocker. Where there is not exactly one other, nobody can
// tell who that was, and nothing is imported. Nor can anybody tell since when: their time is the epoch.
func importBlocks(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix, progress func(string, ...any)) error {
	nextBatch := prefix.Expand(`
		SELECT COALESCE(MAX(id), 0) FROM (
			SELECT id FROM {p}jt_pro_conversations WHERE id > ? ORDER BY id LIMIT ?
		) AS batch`)
	insert := prefix.Expand(`
		INSERT IGNORE INTO {p}jt_sidecar_blocks (blocker_id, blocked_id, created_at)
		SELECT blocker.user_id, blocked.user_id, '1970-01-01 00:00:00'
		FROM {p}jt_pro_conversations c
		JOIN {p}jt_pro_conversation_participants blocked
			ON blocked.conversation_id = c.id AND blocked.is_blocked <> 0
		JOIN {p}jt_pro_conversation_participants blocker
			ON blocker.conversation_id = c.id AND blocker.user_id <> blocked.user_id
		WHERE c.id > ? AND c.id <= ? AND c.type = 'direct'
			AND (SELECT COUNT(*) FROM {p}jt_pro_conversation_participants p WHERE p.conversation_id = c.id) = 2
			AND blocker.user_id > 0 AND blocked.user_id > 0`)

	imported := int64(0)
	for last := int64(0); ; {
		upTo, err := mysqldb.QueryRow(ctx, db, mysqldb.Value[int64], nextBatch, last, blockBatch)
		if err != nil {
			return fmt.Errorf("find conversations after %d: %w", last, err)
		}
		if upTo == 0 {
			return nil
		}
		result, err := db.ExecContext(ctx, insert, last, upTo)
		if err != nil {
			return fmt.Errorf("import blocks of conversations %d to %d: %w", last+1, upTo, err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return fmt.Errorf("import blocks of conversations %d to %d: %w", last+1, upTo, err)
		}
		imported += n
		last = upTo
		progress("blocks: %d imported, up to conversation %d", imported, last)
	}
}
