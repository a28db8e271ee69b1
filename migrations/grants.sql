-- What the service's database user needs, once the tables are there: the migrations may be run by another
-- user, see grants_migrate.sql. {db} is the database, {p} the table prefix, {user} the user: 'name'@'host'.

-- WordPress: read.
GRANT SELECT ON `{db}`.`{p}users` TO {user};
GRANT SELECT ON `{db}`.`{p}usermeta` TO {user};
GRANT SELECT ON `{db}`.`{p}options` TO {user};

-- Jetonomy: read. Leave these out where it isn't installed.
GRANT SELECT ON `{db}`.`{p}jt_user_profiles` TO {user};
GRANT SELECT ON `{db}`.`{p}jt_restrictions` TO {user};
GRANT SELECT ON `{db}`.`{p}jt_blocked_users` TO {user};
GRANT SELECT ON `{db}`.`{p}jt_space_members` TO {user};

-- Private Messaging: read and write.
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_pro_conversations` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_pro_conversation_participants` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_pro_messages` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_blocks` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_requests` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_outbox` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_names` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_failures` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_handled` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_mail` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_state` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_visits` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_holds` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_daily` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_senders` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_reports` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_report_messages` TO {user};
GRANT SELECT, INSERT, UPDATE, DELETE ON `{db}`.`{p}jt_sidecar_report_members` TO {user};

-- The log of what administrators looked at: rows are added, never changed.
GRANT SELECT, INSERT ON `{db}`.`{p}jt_sidecar_access_log` TO {user};

-- The version of the tables: read.
GRANT SELECT ON `{db}`.`{p}jt_sidecar_migrations` TO {user};
