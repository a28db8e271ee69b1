package migrations

import (
	"strings"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

// Reports that are there already are about whom they were, and an open one of a group about all who wrote what it
// seals: nobody of them is the reported one before a moderator says so.
func TestReportMembersOfOlderReports(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	up(t, d)
	exec(t, d,
		"DROP TABLE {p}jt_sidecar_report_members",
		"DELETE FROM {p}jt_sidecar_migrations WHERE version_id > 8",
		`INSERT INTO {p}jt_sidecar_reports (id, conversation_id, message_id, whole, reporter_id, reported_id, reason, note, created_at, is_open) VALUES
			(1, 7, 12, 0, 3, 2, 'spam', '', NOW(), 1), (2, 7, 12, 1, 3, 2, 'spam', '', NOW(), 1),
			(3, 7, 12, 1, 3, 2, 'spam', '', NOW(), 0), (4, 8, 30, 1, 3, 2, 'spam', '', NOW(), 1)`,
		`INSERT INTO {p}jt_sidecar_report_messages (report_id, message_id, sender_id, sender_login, sender_name, content, is_system) VALUES
			(1, 11, 1, '', '', '', 0), (1, 12, 2, '', '', '', 0),
			(2, 9, 5, '', '', '', 1), (2, 10, 3, '', '', '', 0), (2, 11, 1, '', '', '', 0), (2, 12, 2, '', '', '', 0),
			(3, 11, 1, '', '', '', 0), (3, 12, 2, '', '', '', 0),
			(4, 29, 3, '', '', '', 0), (4, 30, 2, '', '', '', 0)`,
	)
	again := func() string {
		t.Helper()
		up(t, d)
		lines, err := mysqldb.Query(t.Context(), d.DB, mysqldb.Value[string], d.Prefix.Expand(`
			SELECT CONCAT(r.id, ' of ', r.reported_id, ': ', GROUP_CONCAT(m.user_id ORDER BY m.user_id))
			FROM {p}jt_sidecar_reports r JOIN {p}jt_sidecar_report_members m ON m.report_id = r.id GROUP BY r.id, r.reported_id ORDER BY r.id`))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, "; ")
	}
	const want = "1 of 2: 2; 2 of 0: 1,2; 3 of 2: 1,2; 4 of 2: 2"
	if got := again(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	d.Exec(t, "DELETE FROM {p}jt_sidecar_migrations WHERE version_id > 8")
	if got := again(); got != want {
		t.Errorf("done twice: %s, want %s", got, want)
	}
}

// A purge that an older service began deletes what is there now, and no conversation gets its id.
func TestPurgesOfOlderSites(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	up(t, d)
	exec(t, d,
		"DELETE FROM {p}jt_sidecar_migrations WHERE version_id > 8",
		"INSERT INTO {p}jt_pro_messages (id, conversation_id, sender_id, content, created_at) VALUES (40, 7, 1, 'x', NOW()), (41, 8, 1, 'x', NOW())",
		"INSERT INTO {p}jt_sidecar_state (name, value) VALUES ('purge:7', '')",
	)
	for i, action := range []string{"purge", "retention", "open"} {
		d.Exec(t, `INSERT INTO {p}jt_sidecar_access_log (id, at, user_id, login, address, action, conversation_id, member_id, reason, note, previous, hash)
			VALUES (?, NOW(), 1, '', '', ?, ?, 0, '', '', '', '')`, i+1, action, []int{7, 9, 12}[i])
	}
	up(t, d)
	for name, want := range map[string]string{"purge:7": "41", "highest_purged": "9"} {
		if got, err := mysqldb.QueryRow(t.Context(), d.DB, mysqldb.Value[string], d.Prefix.Expand("SELECT value FROM {p}jt_sidecar_state WHERE name = ?"), name); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
}
