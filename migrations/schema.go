package migrations

import "strings"

// table is one of Private Messaging's tables as it should be.
type table struct {
	name    string // with {p}
	columns []column
	primary []string
	keys    []key

	// standIn replaces the primary key in an adopted table whose own is another, after duplicates have
	// been merged. Without a name: not needed.
	standIn key
}

// column is a column of the whole table: the text that creates it, and what an existing column of its
// name is held to.
type column struct {
	name       string
	definition string
	fit        fit

	// essential: a table without it is something else, and must not be touched.
	essential bool

	// existing is the value for rows that are there when the column is added, where it differs from
	// the default.
	existing string
}

// fit says how far an existing column may differ.
type fit int

const (
	anyType   fit = iota
	identity      // gives itself a number
	shortText     // 255 characters of any script
	longText      // more than 64 KiB of any script
	word          // a key can hold the whole of it
	moment        // a date and time without a zone of its own
	yesNo         // a number, 0 or not
)

type key struct {
	name    string
	unique  bool
	columns []string
}

// left is true for a participant who has left. left_at is NULL or a zero date for everybody else.
const left = "COALESCE(YEAR(left_at), 0) > 0"

var conversations = table{
	name: "{p}jt_pro_conversations",
	columns: []column{
		{name: "id", definition: "bigint unsigned NOT NULL AUTO_INCREMENT", fit: identity, essential: true},
		{name: "title", definition: "varchar(255) NOT NULL DEFAULT ''", fit: shortText},
		{name: "type", definition: "varchar(20) NOT NULL DEFAULT 'direct'", fit: word},
		{name: "created_by", definition: "bigint unsigned NOT NULL DEFAULT 0"},
		{name: "last_message_at", definition: "datetime NULL DEFAULT NULL", fit: moment},
		{name: "last_message_preview", definition: "varchar(255) NOT NULL DEFAULT ''", fit: shortText},
		{name: "message_count", definition: "int unsigned NOT NULL DEFAULT 0"},
		{name: "created_at", definition: "datetime NOT NULL", fit: moment},
		// The two members of a direct conversation. NULL for groups, and for further conversations of a
		// pair that has one.
		{name: "jts_direct_low", definition: "bigint unsigned NULL DEFAULT NULL"},
		{name: "jts_direct_high", definition: "bigint unsigned NULL DEFAULT NULL"},
		{name: "jts_last_message_id", definition: "bigint unsigned NOT NULL DEFAULT 0"},
		{name: "jts_user_message_count", definition: "int unsigned NOT NULL DEFAULT 0"}, // without system notes
	},
	primary: []string{"id"},
	keys: []key{
		{name: "jts_direct_pair", unique: true, columns: []string{"jts_direct_low", "jts_direct_high"}},
		// The orders of the administrators' list.
		{name: "jts_activity", columns: []string{"last_message_at", "id"}},
		{name: "jts_type_activity", columns: []string{"type", "last_message_at", "id"}},
		{name: "jts_count", columns: []string{"message_count", "id"}},
	},
}

var participants = table{
	name: "{p}jt_pro_conversation_participants",
	columns: []column{
		{name: "conversation_id", definition: "bigint unsigned NOT NULL", essential: true},
		{name: "user_id", definition: "bigint unsigned NOT NULL", essential: true},
		{name: "last_read_at", definition: "datetime NULL DEFAULT NULL", fit: moment},
		{name: "is_muted", definition: "tinyint(1) NOT NULL DEFAULT 0", fit: yesNo},
		{name: "is_archived", definition: "tinyint(1) NOT NULL DEFAULT 0", fit: yesNo},
		{name: "left_at", definition: "datetime NULL DEFAULT NULL", fit: moment},
		{name: "is_blocked", definition: "tinyint(1) NOT NULL DEFAULT 0", fit: yesNo},
		{name: "joined_at", definition: "datetime NOT NULL", fit: moment},
		{name: "jts_last_message_id", definition: "bigint unsigned NOT NULL DEFAULT 0"},
		{name: "jts_last_incoming_id", definition: "bigint unsigned NOT NULL DEFAULT 0"},
		{name: "jts_last_read_id", definition: "bigint unsigned NOT NULL DEFAULT 0"},
		{name: "jts_read_count", definition: "int unsigned NOT NULL DEFAULT 0"},
		{name: "jts_marked_unread", definition: "tinyint(1) NOT NULL DEFAULT 0"},
		{name: "jts_accounted", definition: "tinyint(1) NOT NULL DEFAULT 0"},
		{name: "jts_folder", definition: "tinyint GENERATED ALWAYS AS (CASE WHEN " + left +
			" THEN 0 WHEN is_archived <> 0 THEN 2 ELSE 1 END) STORED"},
		{name: "jts_unread", definition: "tinyint GENERATED ALWAYS AS (CASE WHEN " + left +
			" THEN 0 WHEN jts_marked_unread = 1 OR jts_last_incoming_id > jts_last_read_id THEN 1 ELSE 0 END) STORED"},
	},
	primary: []string{"conversation_id", "user_id"},
	standIn: key{name: "jts_participant", unique: true, columns: []string{"conversation_id", "user_id"}},
	keys: []key{
		{name: "jts_inbox", columns: []string{"user_id", "jts_folder", "jts_last_message_id", "conversation_id"}},
		{name: "jts_all", columns: []string{"user_id", "jts_last_message_id", "conversation_id"}},
		// The order of a member's export, which nothing that happens meanwhile moves.
		{name: "jts_member", columns: []string{"user_id", "conversation_id"}},
		{name: "jts_unread_inbox", columns: []string{"user_id", "jts_unread", "jts_folder", "jts_last_message_id", "conversation_id"}},
		{name: "jts_unaccounted", columns: []string{"jts_accounted", "conversation_id"}},
	},
}

var messages = table{
	name: "{p}jt_pro_messages",
	columns: []column{
		{name: "id", definition: "bigint unsigned NOT NULL AUTO_INCREMENT", fit: identity, essential: true},
		{name: "conversation_id", definition: "bigint unsigned NOT NULL", essential: true},
		{name: "sender_id", definition: "bigint unsigned NOT NULL", essential: true},
		{name: "content", definition: "longtext NOT NULL", fit: longText, essential: true},
		{name: "content_plain", definition: "longtext NULL", fit: longText},
		{name: "is_system", definition: "tinyint(1) NOT NULL DEFAULT 0", fit: yesNo},
		{name: "created_at", definition: "datetime NOT NULL", fit: moment},
		{name: "jts_accounted", definition: "tinyint(1) NOT NULL DEFAULT 0", existing: "1"},
	},
	primary: []string{"id"},
	keys: []key{
		{name: "jts_thread", columns: []string{"conversation_id", "id"}},
		{name: "jts_unaccounted", columns: []string{"jts_accounted", "conversation_id"}},
		// is_system only so that a member's messages can be counted in the key alone.
		{name: "jts_sender", columns: []string{"sender_id", "id", "is_system"}},
	},
}

// needsStandIn is true while rows could be there twice.
func (t table) needsStandIn(have existingTable) bool {
	return t.standIn.name != "" && !have.hasUnique(t.standIn.columns)
}

// create is the statement that makes the table where there is none.
func (t table) create(collation string) string {
	var lines []string
	for _, c := range t.columns {
		lines = append(lines, c.name+" "+c.definition)
	}
	lines = append(lines, "PRIMARY KEY ("+strings.Join(t.primary, ", ")+")")
	for _, k := range t.keys {
		lines = append(lines, k.String())
	}
	return "CREATE TABLE IF NOT EXISTS " + t.name + " (\n\t" + strings.Join(lines, ",\n\t") + "\n) " +
		"ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE " + collation
}

func (k key) String() string {
	word := "KEY "
	if k.unique {
		word = "UNIQUE KEY "
	}
	return word + k.name + " (" + strings.Join(k.columns, ", ") + ")"
}

// optional is true for a column that inserters may leave out.
func (c column) optional() bool { return strings.Contains(c.definition, "DEFAULT") }

// nullable is true for a column where NULL has a meaning.
func (c column) nullable() bool { return !strings.Contains(c.definition, "NOT NULL") }
