-- What a database user needs to run the migrations, if it isn't WordPress's own. The tables need not exist.
-- {db} is the database, {p} the table prefix, {user} the user: 'name'@'host'.

-- Their collation is taken over; nothing is read from it.
GRANT SELECT ON `{db}`.`{p}users` TO {user};

-- DELETE is for participants that are there twice.
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON `{db}`.`{p}jt_pro_conversation_participants` TO {user};
GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON `{db}`.`{p}jt_pro_conversations` TO {user};
GRANT SELECT, INSERT, UPDATE, CREATE, ALTER, INDEX ON `{db}`.`{p}jt_pro_messages` TO {user};
GRANT SELECT, INSERT, CREATE ON `{db}`.`{p}jt_sidecar_blocks` TO {user};
GRANT CREATE ON `{db}`.`{p}jt_sidecar_requests` TO {user};
GRANT SELECT, INSERT, CREATE ON `{db}`.`{p}jt_sidecar_outbox` TO {user};
GRANT CREATE ON `{db}`.`{p}jt_sidecar_names` TO {user};
GRANT CREATE ON `{db}`.`{p}jt_sidecar_failures` TO {user};
GRANT SELECT, CREATE ON `{db}`.`{p}jt_sidecar_handled` TO {user};
GRANT INSERT, CREATE, ALTER ON `{db}`.`{p}jt_sidecar_mail` TO {user};
GRANT SELECT, INSERT, UPDATE, CREATE ON `{db}`.`{p}jt_sidecar_state` TO {user};
GRANT SELECT, CREATE ON `{db}`.`{p}jt_sidecar_access_log` TO {user};
GRANT CREATE ON `{db}`.`{p}jt_sidecar_visits` TO {user};
GRANT CREATE ON `{db}`.`{p}jt_sidecar_holds` TO {user};
GRANT CREATE ON `{db}`.`{p}jt_sidecar_daily` TO {user};
GRANT CREATE ON `{db}`.`{p}jt_sidecar_senders` TO {user};
GRANT SELECT, UPDATE, CREATE ON `{db}`.`{p}jt_sidecar_reports` TO {user};
GRANT SELECT, CREATE ON `{db}`.`{p}jt_sidecar_report_messages` TO {user};
GRANT SELECT, INSERT, CREATE ON `{db}`.`{p}jt_sidecar_report_members` TO {user};
GRANT SELECT, INSERT, CREATE ON `{db}`.`{p}jt_sidecar_migrations` TO {user};
