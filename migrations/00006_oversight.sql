-- +goose NO TRANSACTION
-- +goose Up

-- What administrators looked at, and why. Rows are added, never changed; hash is over the row and the hash of
-- the one before, and the newest one's is in jt_sidecar_state, too.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_access_log (
	id bigint unsigned NOT NULL,
	at datetime NOT NULL,
	user_id bigint unsigned NOT NULL,
	login varchar(60) NOT NULL,
	address varchar(45) NOT NULL,
	action varchar(20) NOT NULL,
	conversation_id bigint unsigned NOT NULL,
	member_id bigint unsigned NOT NULL,
	reason varchar(20) NOT NULL,
	note varchar(500) NOT NULL,
	previous binary(32) NOT NULL,
	hash binary(32) NOT NULL,
	PRIMARY KEY (id),
	KEY user_id (user_id, id),
	KEY conversation_id (conversation_id, id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- For how long a reason that was given holds.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_visits (
	session binary(32) NOT NULL,
	conversation_id bigint unsigned NOT NULL,
	reason varchar(20) NOT NULL,
	note varchar(500) NOT NULL,
	used_at datetime NOT NULL,
	PRIMARY KEY (session, conversation_id),
	KEY used_at (used_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Conversations of which nothing may be deleted or blanked.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_holds (
	conversation_id bigint unsigned NOT NULL,
	since datetime NOT NULL,
	user_id bigint unsigned NOT NULL,
	reason varchar(500) NOT NULL,
	PRIMARY KEY (conversation_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Messages of members by day (UTC), as they were sent: what was purged later is counted still.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_daily (
	day date NOT NULL,
	messages int unsigned NOT NULL,
	PRIMARY KEY (day)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- When each member last sent something, for the last month.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_senders (
	user_id bigint unsigned NOT NULL,
	sent_at datetime NOT NULL,
	PRIMARY KEY (user_id),
	KEY sent_at (sent_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};
