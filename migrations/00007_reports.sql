-- +goose NO TRANSACTION
-- +goose Up

-- What members brought to the moderators. sealed is 1 while the texts are kept: as long as is_open, and for a
-- while behind decided_at.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_reports (
	id bigint unsigned NOT NULL AUTO_INCREMENT,
	conversation_id bigint unsigned NOT NULL,
	message_id bigint unsigned NOT NULL,
	whole tinyint(1) NOT NULL,
	reporter_id bigint unsigned NOT NULL,
	reported_id bigint unsigned NOT NULL,
	reason varchar(20) NOT NULL,
	note text NOT NULL,
	created_at datetime NOT NULL,
	is_open tinyint(1) NOT NULL DEFAULT 1,
	decision varchar(20) NOT NULL DEFAULT 'open',
	silence_days int unsigned NOT NULL DEFAULT 0,
	decided_by bigint unsigned NOT NULL DEFAULT 0,
	decided_at datetime NULL,
	sealed tinyint(1) NOT NULL DEFAULT 1,
	PRIMARY KEY (id),
	KEY is_open (is_open, id),
	KEY reporter (reporter_id, conversation_id),
	KEY conversation (conversation_id, is_open),
	KEY sealed (sealed, decided_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Messages as they were when they were reported.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_report_messages (
	report_id bigint unsigned NOT NULL,
	message_id bigint unsigned NOT NULL,
	sender_id bigint unsigned NOT NULL,
	sender_login varchar(60) NOT NULL,
	sender_name varchar(250) NOT NULL,
	content mediumtext NOT NULL,
	is_system tinyint(1) NOT NULL,
	sent_at datetime NULL,
	PRIMARY KEY (report_id, message_id),
	KEY sender (sender_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};
