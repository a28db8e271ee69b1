-- +goose NO TRANSACTION
-- +goose Up

-- Who blocks whom, wherever they meet. Independent of conversations: purging one must not undo a block.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_blocks (
	blocker_id bigint unsigned NOT NULL,
	blocked_id bigint unsigned NOT NULL,
	created_at datetime NOT NULL,
	PRIMARY KEY (blocker_id, blocked_id),
	KEY blocked (blocked_id, blocker_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Outcomes of mutations that came with a client key: references and flags, never text.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_requests (
	user_id bigint unsigned NOT NULL,
	key_hash binary(32) NOT NULL,
	fingerprint binary(32) NOT NULL,
	conversation_id bigint unsigned NOT NULL DEFAULT 0,
	message_id bigint unsigned NOT NULL DEFAULT 0,
	created tinyint(1) NOT NULL DEFAULT 0,
	value tinyint(1) NOT NULL DEFAULT 0,
	created_at datetime NOT NULL,
	PRIMARY KEY (user_id, key_hash),
	KEY created_at (created_at)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- Events on their way to WordPress. payload is JSON and holds ids only.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_outbox (
	id bigint unsigned NOT NULL AUTO_INCREMENT,
	conversation_id bigint unsigned NOT NULL,
	type varchar(40) NOT NULL,
	payload text NOT NULL,
	created_at datetime NOT NULL,
	PRIMARY KEY (id),
	KEY conversation (conversation_id, id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

-- An index of display names (kind 0) and logins (kind 1) for suggestions: WordPress has none on the former.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_names (
	user_id bigint unsigned NOT NULL,
	kind tinyint unsigned NOT NULL,
	name varchar(100) NOT NULL,
	PRIMARY KEY (user_id, kind),
	KEY name (name, user_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};
