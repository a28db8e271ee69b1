package migrations

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/testdb"
)

func TestImportBlocks(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	up(t, d)
	conversation := func(id int, kind, lastMessageAt string) {
		d.Exec(t, "INSERT INTO {p}jt_pro_conversations (id, type, last_message_at, created_at) VALUES (?, ?, "+lastMessageAt+", UTC_TIMESTAMP())", id, kind)
	}
	participant := func(conversation, user, blocked int) {
		d.Exec(t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, is_blocked, joined_at)
			VALUES (?, ?, ?, UTC_TIMESTAMP())`, conversation, user, blocked)
	}
	const then = "'2025-05-01 10:00:00'"

	conversation(1, "direct", then) // 10 blocks 11
	participant(1, 10, 0)
	participant(1, 11, 1)
	conversation(2, "direct", then) // both
	participant(2, 20, 1)
	participant(2, 21, 1)
	conversation(3, "group", then) // means nothing
	participant(3, 30, 1)
	participant(3, 31, 0)
	conversation(4, "direct", then) // nobody
	participant(4, 40, 0)
	participant(4, 41, 0)
	conversation(5, "direct", then) // by whom?
	participant(5, 50, 1)
	participant(5, 51, 0)
	participant(5, 52, 0)
	conversation(6, "direct", then) // by whom?
	participant(6, 60, 1)
	conversation(7, "direct", then) // the pair of 1 again, and a block already there
	participant(7, 10, 0)
	participant(7, 11, 1)
	conversation(3*blockBatch, "direct", "NULL") // when?
	participant(3*blockBatch, 71, 1)
	participant(3*blockBatch, 70, 0)
	conversation(3*blockBatch+1, "direct", "'0000-00-00 00:00:00'")
	participant(3*blockBatch+1, 81, 2)
	participant(3*blockBatch+1, 80, 0)

	var lines []string
	progress := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for range 2 { // after a crash it starts over
		if err := importBlocks(t.Context(), d.DB, d.Prefix, progress); err != nil {
			t.Fatal(err)
		}
		want := []string{"10-11 1970-01-01", "20-21 1970-01-01", "21-20 1970-01-01", "70-71 1970-01-01", "80-81 1970-01-01"}
		got := texts(t, d.DB, d.Prefix.Expand(`SELECT CONCAT(blocker_id, '-', blocked_id, ' ', DATE(created_at))
			FROM {p}jt_sidecar_blocks ORDER BY blocker_id`))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if len(lines) != 2 {
		t.Errorf("progress: %q", lines)
	}

	// Once is enough: a block that was taken back since doesn't return.
	d.Exec(t, "DELETE FROM {p}jt_sidecar_blocks WHERE blocker_id = 10")
	up(t, d)
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_sidecar_blocks WHERE blocker_id = 10"); n != 0 {
		t.Error("the import ran again")
	}
}

func TestImportBlocksInBatches(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	exec(t, d,
		"CREATE TABLE {p}digits (n int)",
		"INSERT INTO {p}digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
	up(t, d)
	exec(t, d,
		`INSERT INTO {p}jt_pro_conversations (type, created_at)
			SELECT 'direct', UTC_TIMESTAMP() FROM {p}digits a, {p}digits b, {p}digits c, {p}digits d WHERE d.n < 5`,
		`INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, is_blocked, joined_at)
			SELECT id, 2 * id + n, n, UTC_TIMESTAMP() FROM {p}jt_pro_conversations, {p}digits WHERE n < 2`)
	batches := 0
	if err := importBlocks(t.Context(), d.DB, d.Prefix, func(string, ...any) { batches++ }); err != nil {
		t.Fatal(err)
	}
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_sidecar_blocks WHERE blocked_id = blocker_id + 1"); n != 5000 || batches != 3 {
		t.Errorf("%d blocks in %d batches, want 5000 in 3", n, batches)
	}
}
