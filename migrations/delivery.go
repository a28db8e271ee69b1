package migrations

import (
	"context"
	"database/sql"

	"jetonomy-sidecar/internal/mysqldb"
)

// mail is jt_sidecar_mail, which version 4 made without its last column.
var mail = table{
	name: "{p}jt_sidecar_mail",
	columns: []column{
		{name: "user_id", definition: "bigint unsigned NOT NULL", essential: true},
		{name: "due_at", definition: "datetime NULL", fit: moment},
		{name: "message_id", definition: "bigint unsigned NOT NULL DEFAULT 0"},
		{name: "event_id", definition: "bigint unsigned NOT NULL DEFAULT 0"}, // of the mail that was queued last
	},
	primary: []string{"user_id"},
	keys:    []key{{name: "due_at", columns: []string{"due_at"}}},
}

// firstSignature is the id in jt_sidecar_handled from which on a row is a signature of the plugin's, and no event.
const firstSignature = 1 << 63

// numberOn makes the ids of new events begin behind every event that the plugin remembers. Before MySQL 8 a server
// that starts numbers on from the highest id in the table, and that is empty where all is delivered; an event whose
// id came back would be taken for handled. The row that stays is of the type of delivered events, which the store
// keeps from then on.
func numberOn(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix) error {
	handled, err := mysqldb.QueryRow(ctx, db, mysqldb.Value[uint64],
		prefix.Expand("SELECT COALESCE(MAX(event_id), 0) FROM {p}jt_sidecar_handled WHERE event_id < ?"), uint64(firstSignature))
	if err != nil {
		return err
	}
	newest, err := mysqldb.QueryRow(ctx, db, mysqldb.Value[uint64], prefix.Expand("SELECT COALESCE(MAX(id), 0) FROM {p}jt_sidecar_outbox"))
	if err != nil || handled <= newest {
		return err
	}
	_, err = db.ExecContext(ctx, prefix.Expand(`
		INSERT IGNORE INTO {p}jt_sidecar_outbox (id, conversation_id, type, payload, created_at)
		VALUES (?, 0, 'delivered', '{}', UTC_TIMESTAMP())`), handled)
	return err
}
