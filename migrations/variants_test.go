package migrations

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jetonomy-sidecar/internal/testdb"
)

// Close to the fresh tables: an ENUM, a primary key of its own, columns of another edition.
func variantA(t *testing.T, d *testdb.DB) {
	t.Helper()
	exec(t, d,
		`CREATE TABLE {p}jt_pro_conversations (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			title varchar(255) DEFAULT NULL COMMENT 'may say NOT NULL, DEFAULT ''x'' or ON UPDATE current_timestamp()',
			type enum('direct','group') NOT NULL DEFAULT 'direct',
			created_by bigint(20) unsigned NOT NULL,
			last_message_at datetime DEFAULT NULL,
			last_message_preview varchar(120) NOT NULL DEFAULT 'it''s `+"`new`"+`, (really)',
			message_count int(11) NOT NULL DEFAULT 0,
			created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
			pinned_message_id bigint(20) unsigned DEFAULT NULL,
			PRIMARY KEY (id),
			KEY last_message_at (last_message_at)
		) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
		`CREATE TABLE {p}jt_pro_conversation_participants (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			conversation_id bigint(20) unsigned NOT NULL,
			user_id bigint(20) unsigned NOT NULL,
			last_read_at datetime DEFAULT NULL,
			is_muted tinyint(1) NOT NULL DEFAULT 0,
			is_archived tinyint(1) NOT NULL DEFAULT 0,
			left_at datetime DEFAULT NULL,
			is_blocked tinyint(1) NOT NULL DEFAULT 0,
			joined_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
			role varchar(20) NOT NULL DEFAULT 'member',
			PRIMARY KEY (id),
			UNIQUE KEY conversation_user (conversation_id, user_id),
			KEY user_id (user_id)
		) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
		`CREATE TABLE {p}jt_pro_messages (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			conversation_id bigint(20) unsigned NOT NULL,
			sender_id bigint(20) unsigned NOT NULL,
			content longtext NOT NULL,
			content_plain longtext DEFAULT NULL,
			is_system tinyint(1) NOT NULL DEFAULT 0,
			created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
			attachments longtext,
			PRIMARY KEY (id),
			KEY conversation_created (conversation_id, created_at)
		) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
		`INSERT INTO {p}jt_pro_conversations VALUES
			(1, NULL, 'direct', 10, '2025-05-01 10:00:00', 'Hello 🎉', 2, '2025-05-01 09:00:00', 7),
			(4, 'Club', 'group', 11, NULL, '', 0, '2025-05-02 09:00:00', NULL)`,
		`INSERT INTO {p}jt_pro_conversation_participants VALUES
			(1, 1, 10, '2025-05-01 10:00:00', 1, 0, NULL, 0, '2025-05-01 09:00:00', 'owner'),
			(2, 1, 11, NULL, 0, 1, NULL, 1, '2025-05-01 09:00:00', 'member'),
			(3, 4, 11, NULL, 0, 0, NULL, 0, '2025-05-02 09:00:00', 'owner'),
			(4, 4, 12, '2025-05-02 11:00:00', 0, 1, '2025-05-03 09:00:00', 0, '2025-05-02 09:00:00', 'member')`,
		`INSERT INTO {p}jt_pro_messages VALUES
			(1, 1, 10, '<p>Hello 🎉</p>', 'Hello 🎉', 0, '2025-05-01 09:00:00', NULL),
			(2, 1, 11, '<p>Hi</p>', NULL, 0, '2025-05-01 10:00:00', '[1,2]')`,
	)
}

// Old and loose: MyISAM, three-byte text, signed ids, zero dates, no key on participants.
func variantB(t *testing.T, d *testdb.DB) {
	t.Helper()
	exec(t, d,
		`CREATE TABLE {p}jt_pro_conversations (
			id int NOT NULL AUTO_INCREMENT,
			title varchar(100) NOT NULL,
			type varchar(10) NOT NULL,
			created_by int NOT NULL,
			last_message_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
			last_message_preview varchar(255) NOT NULL,
			message_count int NOT NULL,
			created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
			PRIMARY KEY (id)
		) ENGINE=MyISAM DEFAULT CHARACTER SET utf8`,
		`CREATE TABLE {p}jt_pro_conversation_participants (
			id int NOT NULL AUTO_INCREMENT,
			conversation_id int NOT NULL,
			user_id int NOT NULL,
			last_read_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
			is_muted int NOT NULL DEFAULT 0,
			is_archived int NOT NULL DEFAULT 0,
			left_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
			is_blocked int NOT NULL DEFAULT 0,
			joined_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
			PRIMARY KEY (id)
		) ENGINE=MyISAM DEFAULT CHARACTER SET utf8`,
		`CREATE TABLE {p}jt_pro_messages (
			id int NOT NULL AUTO_INCREMENT,
			conversation_id int NOT NULL,
			sender_id int NOT NULL,
			content text NOT NULL,
			content_plain text NOT NULL,
			created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
			PRIMARY KEY (id)
		) ENGINE=MyISAM DEFAULT CHARACTER SET utf8`,
		`INSERT INTO {p}jt_pro_conversations VALUES
			(1, 'Été 日本', 'direct', 10, '2019-05-01 10:00:00', 'Ça va ?', 1, '2019-05-01 09:00:00'),
			(2, '', 'group', 10, '0000-00-00 00:00:00', '', 0, '0000-00-00 00:00:00')`,
		// Participant 10 is there three times, 12 twice: once left, once not.
		`INSERT INTO {p}jt_pro_conversation_participants
			(id, conversation_id, user_id, last_read_at, is_muted, is_archived, left_at, is_blocked, joined_at) VALUES
			(1, 1, 10, '2019-05-01 10:00:00', 0, 0, '0000-00-00 00:00:00', 0, '2019-05-01 09:00:00'),
			(2, 1, 11, '0000-00-00 00:00:00', 0, 0, '0000-00-00 00:00:00', 1, '2019-05-01 09:00:00'),
			(3, 1, 10, '2019-05-01 11:00:00', 1, 0, '0000-00-00 00:00:00', 0, '0000-00-00 00:00:00'),
			(4, 1, 10, '0000-00-00 00:00:00', 0, 0, '0000-00-00 00:00:00', 0, '2019-04-01 09:00:00'),
			(5, 2, 10, '0000-00-00 00:00:00', 0, 1, '0000-00-00 00:00:00', 0, '2019-05-02 09:00:00'),
			(6, 2, 12, '2019-05-02 10:00:00', 0, 0, '2019-05-03 09:00:00', 0, '2019-05-02 09:00:00'),
			(7, 2, 12, '2019-05-04 10:00:00', 0, 0, '0000-00-00 00:00:00', 0, '2019-05-04 09:00:00'),
			(8, 2, 13, '2019-05-02 10:00:00', 0, 0, '2019-05-03 09:00:00', 0, '0000-00-00 00:00:00'),
			(9, 2, 13, '2019-05-02 10:00:00', 0, 0, '2019-05-05 09:00:00', 0, '0000-00-00 00:00:00')`,
		`INSERT INTO {p}jt_pro_messages VALUES
			(1, 1, 10, '<p>Ça va ? 日本</p>', 'Ça va ? 日本', '2019-05-01 10:00:00'),
			(2, 1, 11, '', '', '0000-00-00 00:00:00')`,
	)
}

// checkVariantB: one row each is left of the participants, with everything they had.
func checkVariantB(t *testing.T, d *testdb.DB) {
	t.Helper()
	want := []string{
		"1 1 10 2019-05-01 11:00:00 100 0000-00-00 00:00:00 2019-04-01 09:00:00",
		"2 1 11 0000-00-00 00:00:00 001 0000-00-00 00:00:00 2019-05-01 09:00:00",
		"5 2 10 0000-00-00 00:00:00 010 0000-00-00 00:00:00 2019-05-02 09:00:00",
		"6 2 12 2019-05-04 10:00:00 000 0000-00-00 00:00:00 2019-05-02 09:00:00",
		"8 2 13 2019-05-02 10:00:00 000 2019-05-05 09:00:00 0000-00-00 00:00:00",
	}
	got := texts(t, d.DB, d.Prefix.Expand(`SELECT CONCAT_WS(' ', id, conversation_id, user_id, last_read_at,
		CONCAT(is_muted, is_archived, is_blocked), left_at, joined_at)
		FROM {p}jt_pro_conversation_participants ORDER BY id`))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := d.Count(t, "SELECT COUNT(*) FROM {p}jt_sidecar_blocks WHERE blocker_id = 10 AND blocked_id = 11 AND created_at = '1970-01-01 00:00:00'"); n != 1 {
		t.Errorf("%d blocks, want 1", n)
	}
}

// Times that are TIMESTAMP, flags that may be NULL, bits or words, and mandatory columns of other code.
func variantC(t *testing.T, d *testdb.DB) {
	t.Helper()
	exec(t, d,
		`CREATE TABLE {p}jt_pro_conversations (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			title varchar(100) DEFAULT NULL,
			type varchar(20) DEFAULT NULL,
			created_by bigint(20) unsigned DEFAULT NULL,
			last_message_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
			last_message_preview tinytext,
			message_count int(11) DEFAULT NULL,
			created_at timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
			uuid char(36) NOT NULL,
			priority enum('it''s low','high') NOT NULL,
			site_id int NOT NULL,
			updated_at datetime(3) NOT NULL,
			meta longtext NOT NULL,
			title_length int GENERATED ALWAYS AS (CHAR_LENGTH(title)) STORED,
			PRIMARY KEY (id),
			UNIQUE KEY uuid (uuid)
		) ENGINE=InnoDB ROW_FORMAT=COMPACT DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
		`CREATE TABLE {p}jt_pro_conversation_participants (
			conversation_id bigint(20) unsigned NOT NULL,
			user_id bigint(20) unsigned NOT NULL,
			last_read_at timestamp(6) NULL DEFAULT NULL,
			is_muted tinyint(1) DEFAULT NULL,
			is_archived tinyint(4) DEFAULT NULL,
			left_at timestamp NULL DEFAULT NULL,
			is_blocked bit(1) DEFAULT b'0',
			joined_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
			PRIMARY KEY (user_id, conversation_id)
		) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
		`CREATE TABLE {p}jt_pro_messages (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			conversation_id bigint(20) unsigned NOT NULL,
			sender_id bigint(20) unsigned NOT NULL,
			content mediumtext CHARACTER SET latin1 NOT NULL,
			content_plain varchar(2000) DEFAULT '',
			is_system enum('0','1') NOT NULL DEFAULT '0',
			created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
			ip varbinary(16) NOT NULL,
			PRIMARY KEY (id)
		) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
		`INSERT INTO {p}jt_pro_conversations (id, title, type, created_by, last_message_at, last_message_preview,
			message_count, created_at, uuid, priority, site_id, updated_at, meta) VALUES
			(1, NULL, 'direct', 10, '2025-07-01 10:00:00', NULL, NULL, '2025-01-01 09:00:00', 'a', 'high', 3, '2025-07-01 10:00:00.123', '{}'),
			(2, 'Club', 'group', NULL, '2025-07-01 10:00:00', 'x', 1, '0000-00-00 00:00:00', 'b', 'it''s low', 3, '2025-07-01 10:00:00.123', '{}')`,
		`INSERT INTO {p}jt_pro_conversation_participants VALUES
			(1, 10, '2025-07-01 10:00:00.654321', NULL, NULL, NULL, b'0', '2025-01-01 09:00:00'),
			(1, 11, NULL, 1, 1, NULL, b'1', '2025-01-01 09:00:00'),
			(2, 11, NULL, 0, 0, '2025-07-02 10:00:00', b'0', '2025-01-01 09:00:00'),
			(2, 12, NULL, 0, NULL, '0000-00-00 00:00:00', b'0', '0000-00-00 00:00:00')`,
		`INSERT INTO {p}jt_pro_messages VALUES
			(1, 1, 10, '<p>é</p>', 'é', '0', '2025-07-01 10:00:00', x'7F000001'),
			(2, 2, 11, 'left', NULL, '1', '2025-01-01 10:00:00', x'7F000001')`,
	)
}
