package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// sealedText is how much of a message is sealed, in characters: ten times what a member can send. Other code
// may have stored more.
const sealedText = 10 * messaging.MaxMessage

// Report implements messaging.Store. It holds the lock of the conversation: nothing is sent, erased or purged
// between the look at the messages and their seal.
func (s *Store) Report(ctx context.Context, c messaging.ReportCommand) (messaging.Outcome, error) {
	return s.mutate(ctx, c.Reporter, c.Request, func(ctx context.Context, tx *sql.Tx) (messaging.Outcome, error) {
		outcome := messaging.Outcome{ConversationID: c.ConversationID}
		if _, _, err := s.lockAs(ctx, tx, c.ConversationID, c.Reporter); err != nil {
			return outcome, err
		}
		earlier, err := s.openReport(ctx, tx, c)
		if err != nil || earlier != 0 {
			outcome.MessageID = earlier
			return outcome, err
		}
		sealed, err := s.reported(ctx, tx, c)
		if err != nil {
			return outcome, err
		}
		target := sealed[0]
		about, reported := aboutWhom(c, sealed), uint64(0)
		if len(about) == 1 {
			reported = about[0]
		}
		res, err := s.exec(ctx, tx, "keep report", `
			INSERT INTO {p}jt_sidecar_reports (conversation_id, message_id, whole, reporter_id, reported_id, reason, note, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			c.ConversationID, target.ID, c.MessageID == 0, c.Reporter, reported, string(c.Reason), c.Note, s.clock())
		if err != nil {
			return outcome, err
		}
		id, err := res.LastInsertId()
		if err != nil {
			return outcome, fmt.Errorf("mysqlstore: keep report: %w", err)
		}
		outcome.MessageID, outcome.Created = uint64(id), true
		var rows []any
		for _, user := range about {
			rows = append(rows, id, user)
		}
		if _, err := s.exec(ctx, tx, "keep whom a report is about", `
			INSERT INTO {p}jt_sidecar_report_members (report_id, user_id) VALUES (?, ?)`+repeat(", (?, ?)", len(about)-1), rows...); err != nil {
			return outcome, err
		}
		return outcome, s.seal(ctx, tx, outcome.MessageID, sealed)
	})
}

// aboutWhom says whom a report is about: who wrote the message; of a conversation, everybody else who wrote what is
// sealed. Which of them it was, only who reads it can tell.
func aboutWhom(c messaging.ReportCommand, sealed []messaging.Message) []uint64 {
	about := []uint64{sealed[0].SenderID}
	if c.MessageID != 0 {
		return about
	}
	for _, m := range sealed {
		if !m.System && m.SenderID != c.Reporter {
			about = append(about, m.SenderID)
		}
	}
	slices.Sort(about)
	return slices.Compact(about)
}

// openReport gives the id of the reporter's open report of the same, 0 for none.
func (s *Store) openReport(ctx context.Context, tx *sql.Tx, c messaging.ReportCommand) (uint64, error) {
	// One of the whole conversation is the same, whatever was written since.
	same, list := `whole = 1`, []any{c.Reporter, c.ConversationID}
	if c.MessageID != 0 {
		same, list = `whole = 0 AND message_id = ?`, append(list, c.MessageID)
	}
	ids, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT id FROM {p}jt_sidecar_reports
		WHERE reporter_id = ? AND conversation_id = ? AND is_open = 1 AND `+same+` ORDER BY id LIMIT 1`), list...)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: open reports of user %d: %w", c.Reporter, err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	return ids[0], nil
}

// reported reads the message that is reported and those before it, the newest first.
func (s *Store) reported(ctx context.Context, tx *sql.Tx, c messaging.ReportCommand) ([]messaging.Message, error) {
	id, missing := c.MessageID, messaging.InvalidParam("message_id", "There is no message with this id here that you could report.")
	if id == 0 {
		missing = messaging.InvalidParam("message_id", "Nobody else has written here yet, so there is nothing to report.")
		var err error
		id, err = mysqldb.QueryRow(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(`
			SELECT jts_last_incoming_id FROM {p}jt_pro_conversation_participants
			WHERE conversation_id = ? AND user_id = ?`), c.ConversationID, c.Reporter)
		if err != nil {
			return nil, fmt.Errorf("mysqlstore: newest message for user %d: %w", c.Reporter, err)
		}
	}
	list, err := s.messages(ctx, tx, `m.conversation_id = ? AND m.id <= ? ORDER BY m.id DESC LIMIT ?`,
		c.ConversationID, id, oversight.SealedMessages+1)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: messages before %d: %w", id, err)
	}
	if len(list) == 0 || list[0].ID != id || list[0].System || list[0].SenderID == c.Reporter {
		return nil, missing
	}
	return list, nil
}

// seal keeps messages as they are now, with the names of their senders.
func (s *Store) seal(ctx context.Context, tx *sql.Tx, reportID uint64, list []messaging.Message) error {
	var values []any
	for _, m := range list {
		if m.Plain == "" {
			m.Plain = s.format.Plain(m.HTML)
		}
		if text := []rune(m.Plain); len(text) > sealedText {
			m.Plain = string(text[:sealedText])
		}
		at := sql.NullTime{Time: m.CreatedAt, Valid: !m.CreatedAt.IsZero()}
		values = append(values, reportID, m.ID, m.SenderID, m.Sender.Login, m.Sender.DisplayName, m.Plain, m.System, at)
	}
	rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?), ", len(list)), ", ")
	_, err := s.exec(ctx, tx, "seal messages", `
		INSERT INTO {p}jt_sidecar_report_messages
			(report_id, message_id, sender_id, sender_login, sender_name, content, is_system, sent_at)
		VALUES `+rows, values...)
	return err
}

// sealed reads what a report seals, the oldest first.
func (s *Store) sealed(ctx context.Context, q mysqldb.Queryer, r oversight.Report) ([]oversight.Sealed, error) {
	list, err := mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (oversight.Sealed, error) {
		var m oversight.Sealed
		var at sql.NullTime
		err := row.Scan(&m.MessageID, &m.Sender.ID, &m.Sender.Login, &m.Sender.DisplayName, &m.Text, &m.IsSystem, &at)
		m.SentAt, m.Reported = at.Time, !r.Whole && m.MessageID == r.MessageID
		return m, err
	}, s.prefix.Expand(`
		SELECT message_id, sender_id, sender_login, sender_name, content, is_system, sent_at
		FROM {p}jt_sidecar_report_messages WHERE report_id = ? ORDER BY message_id`), r.ID)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: what report %d seals: %w", r.ID, err)
	}
	return list, nil
}

// ExpireSealed deletes the sealed texts, and the notes, of at most limit reports whose decision is older than
// oversight.SealedFor, and says how many there were. The reports themselves stay.
func (s *Store) ExpireSealed(ctx context.Context, limit int) (int64, error) {
	ids, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT id FROM {p}jt_sidecar_reports WHERE sealed = 1 AND decided_at < ? ORDER BY decided_at LIMIT ?`),
		s.clock().Add(-oversight.SealedFor), limit)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: expired reports: %w", err)
	}
	done := int64(0)
	for batch := range slices.Chunk(ids, expireBatch) {
		in := "(" + mysqldb.Placeholders(len(batch)) + ")"
		err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
			if _, err := s.exec(ctx, tx, "expire sealed messages",
				`DELETE FROM {p}jt_sidecar_report_messages WHERE report_id IN `+in, args(batch)...); err != nil {
				return err
			}
			_, err := s.exec(ctx, tx, "expire reports", `UPDATE {p}jt_sidecar_reports SET sealed = 0, note = '' WHERE id IN `+in, args(batch)...)
			return err
		})
		if err != nil {
			return done, err
		}
		done += int64(len(batch))
	}
	return done, nil
}

// expireBatch is how many reports one transaction expires: eleven messages each.
const expireBatch = 50

// eraseReports takes the member's notes off the reports they made. What is sealed stays: until ExpireSealed
// comes to it, it is evidence.
func (s *Store) eraseReports(ctx context.Context, userID uint64) (removed int, err error) {
	res, err := s.exec(ctx, s.db, "erase notes of reports",
		`UPDATE {p}jt_sidecar_reports SET note = '' WHERE reporter_id = ? AND note <> ''`, userID)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// sealedOf is how many messages of a member are sealed.
func (s *Store) sealedOf(ctx context.Context, userID uint64) (int, error) {
	n, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(
		`SELECT COUNT(*) FROM {p}jt_sidecar_report_messages WHERE sender_id = ?`), userID)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: sealed messages of user %d: %w", userID, err)
	}
	return n, nil
}
