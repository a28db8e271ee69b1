package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

const eventPurged = "conversation.purged"

// statePurge is what the names of rows of jt_sidecar_state begin with that remember a purge: the id of the
// conversation follows, and the value is that of its newest message. The row is there as long as messages may be.
const statePurge = "purge:"

// purgeBatch is how many messages one statement deletes.
const purgeBatch = 500

// Purge is [Oversight.Purge] for the plugin's signed calls, where no page asked for a reason. adminID is 0 on
// WordPress's command line.
func (s *Store) Purge(ctx context.Context, conversationID, adminID uint64) (bool, error) {
	e := oversight.Entry{
		UserID: adminID, Action: oversight.ActionPurge, ConversationID: conversationID,
		Reason: oversight.ReasonOther, Note: "asked for by WordPress",
	}
	if adminID != 0 {
		admin, _, err := s.site.Member(ctx, adminID)
		if err != nil {
			return false, err
		}
		e.Login = admin.Login
	}
	return s.purgeLogged(ctx, conversationID, e, time.Time{})
}

// Purge implements oversight.Store. The messages are deleted by [Store.SweepPurged] afterwards, so that nobody
// waits for a long transaction. Blocks between the members stay, and so does what a report seals. What was
// still to be told of the conversation is not told any more.
func (o *Oversight) Purge(ctx context.Context, conversationID uint64, e oversight.Entry) (bool, error) {
	return o.store.purgeLogged(ctx, conversationID, e, time.Time{})
}

// purgeLogged purges a conversation that is not held, and, unless inactiveSince is zero, in which nothing was
// written since then. For these a hold is no error.
func (s *Store) purgeLogged(ctx context.Context, conversationID uint64, e oversight.Entry, inactiveSince time.Time) (bool, error) {
	_, purged, err := s.logged(ctx, e, func(ctx context.Context, tx *sql.Tx) (bool, error) {
		if _, err := s.lock(ctx, tx, conversationID); errors.Is(err, messaging.ErrNotParticipant) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		held, err := s.held(ctx, tx, conversationID)
		switch {
		case err != nil:
			return false, err
		case held && inactiveSince.IsZero():
			return false, oversight.ErrHeld
		case held:
			return false, nil
		case !inactiveSince.IsZero():
			active, err := s.activeSince(ctx, tx, conversationID, inactiveSince)
			if err != nil || active {
				return false, err
			}
		}
		return true, s.purge(ctx, tx, conversationID, e.UserID)
	})
	return purged, err
}

// activeSince says whether something was written in a conversation, or it was made, at a time or since.
func (s *Store) activeSince(ctx context.Context, tx *sql.Tx, conversationID uint64, since time.Time) (bool, error) {
	active, err := mysqldb.QueryRow(ctx, tx, mysqldb.Value[bool], s.prefix.Expand(`
		SELECT IF(COALESCE(YEAR(last_message_at), 0) > 0, last_message_at, created_at) >= ?
		FROM {p}jt_pro_conversations WHERE id = ?`), since, conversationID)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: activity in conversation %d: %w", conversationID, err)
	}
	return active, nil
}

// purge deletes a locked conversation, all but its messages.
func (s *Store) purge(ctx context.Context, tx *sql.Tx, conversationID, adminID uint64) error {
	places, err := s.places(ctx, tx, conversationID)
	if err != nil {
		return err
	}
	members := slices.Sorted(maps.Keys(places))
	type step struct {
		operation, query string
		list             []any
	}
	id := []any{conversationID}
	steps := []step{
		{"purge participants", `DELETE FROM {p}jt_pro_conversation_participants WHERE conversation_id = ?`, id},
		{"purge conversation", `DELETE FROM {p}jt_pro_conversations WHERE id = ?`, id},
		{"purge visits", `DELETE FROM {p}jt_sidecar_visits WHERE conversation_id = ?`, id}, // some half an hour's
		{"remember purge", `
			INSERT INTO {p}jt_sidecar_state (name, value)
			SELECT ?, COALESCE(MAX(id), 0) FROM {p}jt_pro_messages WHERE conversation_id = ?
			ON DUPLICATE KEY UPDATE value = VALUES(value)`,
			[]any{statePurge + strconv.FormatUint(conversationID, 10), conversationID}},
	}
	if len(members) > 0 {
		steps = append(steps, step{"purge requests", `DELETE FROM {p}jt_sidecar_requests WHERE user_id IN (` +
			mysqldb.Placeholders(len(members)) + `) AND conversation_id = ?`, append(args(members), conversationID)})
	}
	for _, step := range steps {
		if _, err := s.exec(ctx, tx, step.operation, step.query, step.list...); err != nil {
			return err
		}
	}
	events, err := mysqldb.Query(ctx, tx, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT id FROM {p}jt_sidecar_outbox WHERE conversation_id = ?`), conversationID)
	if err != nil {
		return fmt.Errorf("mysqlstore: events of conversation %d: %w", conversationID, err)
	}
	if err := s.forgetEvents(ctx, tx, events); err != nil {
		return err
	}
	if err := s.purgedID(ctx, tx, conversationID); err != nil {
		return err
	}
	return s.emit(ctx, tx, eventPurged, event{ConversationID: conversationID, UserID: adminID, Participants: members})
}

// SweepPurged deletes at most limit messages of purged conversations and says how many there were; with
// fewer than limit, there are no more. Safe to run from several processes at once.
func (s *Store) SweepPurged(ctx context.Context, limit int) (int64, error) {
	type unfinished struct {
		name   string
		newest uint64
	}
	purges, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (unfinished, error) {
		var p unfinished
		err := row.Scan(&p.name, &p.newest)
		return p, err
	}, s.prefix.Expand(
		`SELECT name, CAST(value AS UNSIGNED) FROM {p}jt_sidecar_state WHERE name LIKE ? ORDER BY name LIMIT ?`), statePurge+"%", limit)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: unfinished purges: %w", err)
	}
	total := int64(0)
	for _, p := range purges {
		id, err := strconv.ParseUint(strings.TrimPrefix(p.name, statePurge), 10, 64)
		if err != nil {
			return total, fmt.Errorf("mysqlstore: unfinished purge %q: %w", p.name, err)
		}
		for {
			batch := min(purgeBatch, int64(limit)-total)
			if batch <= 0 {
				return total, nil
			}
			res, err := s.exec(ctx, s.db, "purge messages",
				`DELETE FROM {p}jt_pro_messages WHERE conversation_id = ? AND id <= ? ORDER BY id LIMIT ?`, id, p.newest, batch)
			if err != nil {
				return total, err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return total, fmt.Errorf("mysqlstore: purge messages: %w", err)
			}
			if total += n; n < batch {
				break
			}
		}
		// Other code may have made a conversation with its id, which was purged since.
		if _, err := s.exec(ctx, s.db, "finish purge", `DELETE FROM {p}jt_sidecar_state WHERE name = ? AND value = ?`, p.name, p.newest); err != nil {
			return total, err
		}
	}
	return total, nil
}
