-- +goose NO TRANSACTION
-- +goose Up

-- Events that WordPress could not handle: when to try again, or parked for somebody to look at.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_failures (
	event_id bigint unsigned NOT NULL,
	attempts int unsigned NOT NULL,
	due_at datetime NOT NULL,
	parked tinyint(1) NOT NULL DEFAULT 0,
	error varchar(255) NOT NULL,
	PRIMARY KEY (event_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Events that the WordPress plugin has handled, so that it handles each once. Written by the plugin.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_handled (
	event_id bigint unsigned NOT NULL,
	handled_at datetime NOT NULL,
	PRIMARY KEY (event_id),
	KEY handled_at (handled_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Who is to get an e-mail when, and up to which message each has been told.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_mail (
	user_id bigint unsigned NOT NULL,
	due_at datetime NULL,
	message_id bigint unsigned NOT NULL DEFAULT 0,
	PRIMARY KEY (user_id),
	KEY due_at (due_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Small facts about the service itself.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_state (
	name varchar(64) NOT NULL,
	value varchar(255) NOT NULL,
	PRIMARY KEY (name)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};
