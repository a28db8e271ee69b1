-- +goose NO TRANSACTION
-- +goose Up

-- Whom a report is about, and from whom it is hidden: who wrote the reported message; of a conversation, everybody
-- but the reporter who wrote what is sealed. reported_id of jt_sidecar_reports is the only one of them, or who was
-- warned or silenced; 0 where there are several.
CREATE TABLE IF NOT EXISTS {p}jt_sidecar_report_members (
	report_id bigint unsigned NOT NULL,
	user_id bigint unsigned NOT NULL,
	PRIMARY KEY (report_id, user_id)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {collation};

INSERT IGNORE INTO {p}jt_sidecar_report_members (report_id, user_id)
SELECT id, reported_id FROM {p}jt_sidecar_reports WHERE reported_id <> 0;

INSERT IGNORE INTO {p}jt_sidecar_report_members (report_id, user_id)
SELECT r.id, m.sender_id
FROM {p}jt_sidecar_reports r JOIN {p}jt_sidecar_report_messages m ON m.report_id = r.id
WHERE r.whole = 1 AND m.is_system = 0 AND m.sender_id <> r.reporter_id;

UPDATE {p}jt_sidecar_reports r SET r.reported_id = 0
WHERE r.is_open = 1 AND r.whole = 1 AND (
	SELECT COUNT(*) FROM {p}jt_sidecar_report_members m WHERE m.report_id = r.id
) > 1;

-- What purges that are under way are to delete, and the highest id of a purged conversation: new ones get none under it.
UPDATE {p}jt_sidecar_state SET value = (SELECT COALESCE(MAX(id), 0) FROM {p}jt_pro_messages)
WHERE name LIKE 'purge:%' AND value = '';

INSERT IGNORE INTO {p}jt_sidecar_state (name, value)
SELECT 'highest_purged', MAX(conversation_id) FROM {p}jt_sidecar_access_log
WHERE action IN ('purge', 'retention') HAVING MAX(conversation_id) IS NOT NULL;
