-- The tables of Jetonomy 1.9 that are read: the columns that matter here, and every key that can serve
-- a query on them.

CREATE TABLE {p}jt_user_profiles (
	user_id bigint(20) unsigned NOT NULL DEFAULT 0,
	display_name varchar(255) NOT NULL DEFAULT '',
	avatar_url varchar(255) DEFAULT NULL,
	trust_level tinyint(3) unsigned NOT NULL DEFAULT 0,
	reputation int(11) NOT NULL DEFAULT 0,
	settings longtext,
	last_seen_at datetime DEFAULT NULL,
	created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
	PRIMARY KEY (user_id),
	KEY trust_reputation (trust_level, reputation)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE {p}jt_restrictions (
	id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
	user_id bigint(20) unsigned NOT NULL DEFAULT 0,
	type enum('global_ban','space_ban','silence','post_restrict','ip_ban') NOT NULL DEFAULT 'silence',
	space_id bigint(20) unsigned DEFAULT NULL,
	expires_at datetime DEFAULT NULL,
	created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
	PRIMARY KEY (id),
	KEY user_type_space (user_id, type, space_id),
	KEY expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE {p}jt_blocked_users (
	blocker_id bigint(20) unsigned NOT NULL DEFAULT 0,
	blocked_id bigint(20) unsigned NOT NULL DEFAULT 0,
	created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
	PRIMARY KEY (blocker_id, blocked_id),
	KEY blocked_id (blocked_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE {p}jt_space_members (
	space_id bigint(20) unsigned NOT NULL DEFAULT 0,
	user_id bigint(20) unsigned NOT NULL DEFAULT 0,
	role enum('viewer','member','moderator','admin') NOT NULL DEFAULT 'member',
	joined_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
	PRIMARY KEY (space_id, user_id),
	KEY user_joined (user_id, joined_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

CREATE TABLE {p}jt_notifications (
	id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
	user_id bigint(20) unsigned NOT NULL DEFAULT 0,
	actor_id bigint(20) unsigned NOT NULL DEFAULT 0,
	actor_anonymous tinyint(1) NOT NULL DEFAULT 0,
	type varchar(50) NOT NULL DEFAULT '',
	object_type enum('post','reply','space','badge','message') NOT NULL DEFAULT 'post',
	object_id bigint(20) unsigned NOT NULL DEFAULT 0,
	message varchar(500) NOT NULL DEFAULT '',
	is_read tinyint(1) NOT NULL DEFAULT 0,
	created_at datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
	PRIMARY KEY (id),
	KEY user_read_created (user_id, is_read, created_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
