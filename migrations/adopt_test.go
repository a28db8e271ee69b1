package migrations

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

var proTables = []string{"{p}jt_pro_conversations", "{p}jt_pro_conversation_participants", "{p}jt_pro_messages"}

// checkSeeder inserts what Jetonomy's demo seeder does, on a session that is stricter than its own.
func checkSeeder(t *testing.T, d *testdb.DB) {
	t.Helper()
	id, err := d.Exec(t, `INSERT INTO {p}jt_pro_conversations
		(type, created_by, last_message_at, last_message_preview, message_count, created_at)
		VALUES ('direct', 901, '2026-01-02 03:04:05', 'Grüße 👋🏽', 1, '2026-01-02 03:04:05')`).LastInsertId()
	if err != nil {
		t.Fatal(err)
	}
	d.Exec(t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, last_read_at, joined_at)
		VALUES (?, 901, '2026-01-02 03:04:05', '2026-01-02 03:04:05'), (?, 902, NULL, '2026-01-02 03:04:05')`, id, id)
	d.Exec(t, `INSERT INTO {p}jt_pro_messages (conversation_id, sender_id, content, content_plain, created_at)
		VALUES (?, 901, ?, 'Grüße 👋🏽', '2026-01-02 03:04:05')`, id, "<p>"+strings.Repeat("👋🏽", 10_000)+"</p>")
	for query, want := range map[string]int{
		"SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE conversation_id = ? AND jts_accounted = 0 AND jts_folder = 1 AND jts_unread = 0": 2,
		"SELECT COUNT(*) FROM {p}jt_pro_messages WHERE conversation_id = ? AND jts_accounted = 0 AND CHAR_LENGTH(content) = 20007":                       1,
		"SELECT COUNT(*) FROM {p}jt_pro_conversations WHERE id = ? AND last_message_preview = BINARY 'Grüße 👋🏽' AND jts_direct_low IS NULL":              1,
	} {
		if got := d.Count(t, query, id); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}

	_, err = d.DB.ExecContext(t.Context(), d.Prefix.Expand(`INSERT INTO {p}jt_pro_conversation_participants
		(conversation_id, user_id, joined_at) VALUES (?, 901, '2026-01-02 03:04:05')`), id)
	if !mysqldb.IsDuplicate(err) {
		t.Errorf("a participant came in twice: %v", err)
	}
	for _, table := range proTables[:1] {
		d.Exec(t, "DELETE FROM "+table+" WHERE id = ?", id)
	}
	for _, table := range proTables[1:] {
		d.Exec(t, "DELETE FROM "+table+" WHERE conversation_id = ?", id)
	}
}

// checkGenerated tries the generated columns out on a row of its own.
func checkGenerated(t *testing.T, d *testdb.DB) {
	t.Helper()
	d.Exec(t, `INSERT INTO {p}jt_pro_conversation_participants (conversation_id, user_id, joined_at)
		VALUES (77777, 77777, '2026-01-02 03:04:05')`)
	for _, test := range []struct {
		set            string
		folder, unread int
	}{
		{"jts_last_incoming_id = 0", 1, 0},
		{"jts_last_incoming_id = 5", 1, 1},
		{"jts_last_read_id = 4", 1, 1},
		{"jts_last_read_id = 5", 1, 0},
		{"jts_marked_unread = 1", 1, 1},
		{"is_archived = 1", 2, 1},
		{"jts_marked_unread = 0, jts_last_incoming_id = 18446744073709551615", 2, 1},
		{"left_at = '2026-01-02 03:04:05'", 0, 0},
		{"is_archived = 0", 0, 0},
		{"left_at = '0000-00-00 00:00:00'", 1, 1},
		{"left_at = NULL", 1, 1},
	} {
		d.Exec(t, "UPDATE {p}jt_pro_conversation_participants SET "+test.set+" WHERE conversation_id = 77777")
		const where = " FROM {p}jt_pro_conversation_participants WHERE conversation_id = 77777"
		folder, unread := d.Count(t, "SELECT jts_folder"+where), d.Count(t, "SELECT jts_unread"+where)
		if folder != test.folder || unread != test.unread {
			t.Errorf("after %s: folder %d, unread %d; want %d, %d", test.set, folder, unread, test.folder, test.unread)
		}
	}
	d.Exec(t, "DELETE FROM {p}jt_pro_conversation_participants WHERE conversation_id = 77777")
}

// adoptKeeping runs Up and checks that what the tables held before is still there, as it was.
func adoptKeeping(t *testing.T, d *testdb.DB, tables ...string) (progress string) {
	t.Helper()
	type before struct{ rows, columns []string }
	dumps := map[string]before{}
	for _, table := range tables {
		rows, columns := dump(t, d, table)
		dumps[table] = before{rows, columns}
	}
	progress = up(t, d)
	for _, table := range tables {
		rows, _ := dump(t, d, table, dumps[table].columns...)
		if diff := cmp.Diff(dumps[table].rows, rows); diff != "" {
			t.Errorf("rows of %s: %s", table, diff)
		}
	}
	checkSeeder(t, d)
	checkGenerated(t, d)
	checkAccounted(t, d)
	return progress
}

// checkAccounted: at adoption every participant waits to be accounted for, no message does.
func checkAccounted(t *testing.T, d *testdb.DB) {
	t.Helper()
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_pro_messages WHERE jts_accounted = 0"); n != 0 {
		t.Errorf("%d messages of the history are not accounted for", n)
	}
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE jts_accounted = 1"); n != 0 {
		t.Errorf("%d participants are accounted for already", n)
	}
}

func folders(t *testing.T, d *testdb.DB) map[string]int {
	t.Helper()
	folders := map[string]int{}
	for _, line := range texts(t, d.DB, d.Prefix.Expand(
		"SELECT CONCAT(conversation_id, '/', user_id, '=', jts_folder) FROM {p}jt_pro_conversation_participants")) {
		who, folder, _ := strings.Cut(line, "=")
		folders[who] = int(folder[0] - '0')
	}
	return folders
}

func TestAdoptVariantA(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	variantA(t, d)
	progress := adoptKeeping(t, d, proTables...)

	want := map[string]int{"1/10": 1, "1/11": 2, "4/11": 1, "4/12": 0}
	if diff := cmp.Diff(want, folders(t, d)); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{"pinned_message_id is left alone", "role is left alone", "attachments is left alone"} {
		if !strings.Contains(progress, want) {
			t.Errorf("progress lacks %q:\n%s", want, progress)
		}
	}
	shape := describe(t, d)
	for _, want := range []string{
		"\ttype enum('direct','group') utf8mb4_unicode_ci not null default direct\n",
		"\tlast_message_preview varchar(255) utf8mb4_unicode_520_ci not null default ",
		"\tcreated_by bigint unsigned not null default 0\n",
		"\tkey conversation_user unique (conversation_id, user_id)\n",
		"\tkey conversation_created (conversation_id, created_at)\n",
	} {
		if !strings.Contains(shape, want) {
			t.Errorf("lacks %q:\n%s", want, shape)
		}
	}
	if strings.Contains(shape, "jts_participant") {
		t.Error("there was a unique key for participants, and a second one was added")
	}
	d.Exec(t, `INSERT INTO {p}jt_pro_conversations (created_at) VALUES ('2026-01-02 03:04:05')`)
	if got := texts(t, d.DB, d.Prefix.Expand("SELECT last_message_preview FROM {p}jt_pro_conversations ORDER BY id DESC LIMIT 1")); got[0] != "it's `new`, (really)" {
		t.Errorf("the default of last_message_preview is now %q", got[0])
	}
}

func TestAdoptVariantB(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	variantB(t, d)
	progress := adoptKeeping(t, d, "{p}jt_pro_conversations", "{p}jt_pro_messages")
	checkVariantB(t, d)

	wantFolders := map[string]int{"1/10": 1, "1/11": 1, "2/10": 2, "2/12": 1, "2/13": 0}
	if diff := cmp.Diff(wantFolders, folders(t, d)); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{"converting from MyISAM", "merging the rows of 3 participants"} {
		if !strings.Contains(progress, want) {
			t.Errorf("progress lacks %q:\n%s", want, progress)
		}
	}
	shape := describe(t, d)
	for _, line := range strings.Split(shape, "\n") {
		if strings.HasPrefix(line, "jt_") && !strings.Contains(line, " innodb dynamic ") ||
			strings.Contains(line, "utf8_") && !strings.HasPrefix(line, "jt_") && !strings.Contains(line, "\ttype ") ||
			strings.Contains(line, "utf8mb3") && !strings.HasPrefix(line, "jt_") && !strings.Contains(line, "\ttype ") {
			t.Errorf("unfit: %s", line)
		}
	}
	for _, want := range []string{
		"\tlast_read_at datetime default 0000-00-00 00:00:00\n",
		"\tcontent longtext utf8mb4_unicode_520_ci not null\n",
		"\tkey jts_participant unique (conversation_id, user_id)\n",
	} {
		if !strings.Contains(shape, want) {
			t.Errorf("lacks %q:\n%s", want, shape)
		}
	}
}

func TestAdoptVariantC(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	d.WordPress(t)
	variantC(t, d)
	// A bit reads as a byte, a number as its digits; all else reads the same.
	progress := adoptKeeping(t, d, "{p}jt_pro_conversations", "{p}jt_pro_messages")

	want := map[string]int{"1/10": 1, "1/11": 2, "2/11": 0, "2/12": 1}
	if diff := cmp.Diff(want, folders(t, d)); diff != "" {
		t.Error(diff)
	}
	rows, _ := dump(t, d, "{p}jt_pro_conversation_participants", "conversation_id", "user_id", "last_read_at",
		"is_muted", "is_archived", "left_at", "is_blocked", "joined_at")
	if diff := cmp.Diff([]string{
		"'1', '10', '2025-07-01 10:00:00.654321', NULL, NULL, NULL, '0', '2025-01-01 09:00:00'",
		"'1', '11', NULL, '1', '1', NULL, '1', '2025-01-01 09:00:00'",
		"'2', '11', NULL, '0', '0', '2025-07-02 10:00:00', '0', '2025-01-01 09:00:00'",
		"'2', '12', NULL, '0', NULL, '0000-00-00 00:00:00', '0', '0000-00-00 00:00:00'",
	}, rows); diff != "" {
		t.Error(diff)
	}

	shape := describe(t, d)
	if strings.Contains(shape, " timestamp") || strings.Contains(shape, "on update") {
		t.Errorf("a time of the messaging tables still moves by itself or with a zone:\n%s", shape)
	}
	for _, want := range []string{
		"\tuuid char(36) utf8mb4_general_ci\n",
		"\tlast_message_preview varchar(255) utf8mb4_unicode_520_ci\n",
		"\tsite_id int not null default 0\n",
		"\tmeta longtext utf8mb4_general_ci\n",
		"\tlast_message_at datetime\n",
		"\tis_system tinyint(1) not null default 0\n",
		"\tcontent mediumtext utf8mb4_unicode_520_ci not null\n",
		"\tkey jts_participant unique (conversation_id, user_id)\n",
	} {
		if !strings.Contains(shape, want) {
			t.Errorf("lacks %q:\n%s", want, shape)
		}
	}
	for _, column := range []string{"uuid", "priority", "site_id", "updated_at", "meta", "ip"} {
		if !slices.ContainsFunc(strings.Split(progress, "\n"), func(line string) bool {
			return strings.Contains(line, "warning: unknown column `"+column+"`")
		}) {
			t.Errorf("no warning about %s", column)
		}
	}
	for range 2 { // in spite of the unique uuid
		d.Exec(t, `INSERT INTO {p}jt_pro_conversations (type, created_at) VALUES ('group', '2026-01-02 03:04:05')`)
	}
	if got := texts(t, d.DB, d.Prefix.Expand("SELECT priority FROM {p}jt_pro_conversations ORDER BY id DESC LIMIT 1")); got[0] != "it's low" {
		t.Errorf("the default priority is %q", got[0])
	}
}

// WordPress's session reads the same times before and after, whatever the server's zone.
func TestTimestampsKeepTheirWords(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	variantC(t, d)
	const zone = "'+05:30'"
	before, columns := dumpIn(t, d, zone, "{p}jt_pro_messages")
	err := withAdopter(t.Context(), d.DB, "utf8mb4_bin", zone, t.Logf, func(a *adopter) error {
		table := messages
		table.name = d.Prefix.Expand(table.name)
		return a.table(t.Context(), table)
	})
	if err != nil {
		t.Fatal(err)
	}
	after, _ := dumpIn(t, d, "'+00:00'", "{p}jt_pro_messages", columns...)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}

func TestWordedFlags(t *testing.T) {
	t.Parallel()
	for i, test := range []struct{ definition, values, want string }{
		{"enum('no','yes') NOT NULL DEFAULT 'no'", "'no','yes'", "0,1"},
		{"enum('1','0')", "'0','1',NULL", "0,1,0"},
		{"varchar(5) CHARACTER SET latin1 NOT NULL", "'','True','0'", "0,1,0"},
		{"bit(1) NOT NULL", "b'0',b'1'", "0,1"},
		{"bit(1) NULL DEFAULT b'1'", "b'0',NULL,b'1'", "0,,1"},
		{"smallint NULL", "0,1,NULL,2", "0,1,,2"},
	} {
		t.Run(test.definition, func(t *testing.T) {
			t.Parallel()
			d := testdb.New(t)
			d.Exec(t, "CREATE TABLE {p}jt_pro_conversation_participants (conversation_id int NOT NULL, user_id int NOT NULL, is_archived "+test.definition+")")
			for user, value := range strings.Split(test.values, ",") {
				d.Exec(t, fmt.Sprintf("INSERT INTO {p}jt_pro_conversation_participants VALUES (%d, %d, %s)", i, user, value))
			}
			up(t, d)
			got := texts(t, d.DB, d.Prefix.Expand("SELECT COALESCE(is_archived, '') FROM {p}jt_pro_conversation_participants ORDER BY user_id"))
			if diff := cmp.Diff(test.want, strings.Join(got, ",")); diff != "" {
				t.Error(diff)
			}
			if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_pro_conversation_participants WHERE jts_folder <> CASE WHEN is_archived <> 0 THEN 2 ELSE 1 END"); n != 0 {
				t.Errorf("%d rows in the wrong folder", n)
			}
		})
	}
}

// Only one of the tables is there, without a primary key: the rest is made.
func TestAdoptWithoutPrimaryKey(t *testing.T) {
	t.Parallel()
	d := testdb.New(t)
	exec(t, d,
		`CREATE TABLE {p}jt_pro_conversation_participants (conversation_id int, user_id int, joined_at datetime) ENGINE=MyISAM`,
		`INSERT INTO {p}jt_pro_conversation_participants VALUES (9, 1, NULL), (9, 1, '2025-01-01 00:00:00'), (9, 2, NULL)`)
	up(t, d)
	checkSeeder(t, d)
	rows, _ := dump(t, d, "{p}jt_pro_conversation_participants", "conversation_id", "user_id", "joined_at")
	if diff := cmp.Diff([]string{"'9', '1', '2025-01-01 00:00:00'", "'9', '2', NULL"}, rows); diff != "" {
		t.Error(diff)
	}
}
