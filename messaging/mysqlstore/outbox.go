package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
)

// Types of events in the outbox.
const (
	eventCreated  = "conversation.created"
	eventArchived = "conversation.archived"
	eventBlocked  = "conversation.blocked"
	eventLeft     = "conversation.left"
	eventRead     = "conversation.read"
	eventAdded    = "participants.added"
	eventSent     = "message.sent"
	eventMail     = "mail.due"

	// These are of no conversation, so that a purge does not take them away. Those for the reported member
	// say nothing of where or by whom.
	eventReviewed     = "report.reviewed"
	eventWarned       = "report.warned"
	eventSilenced     = "report.silenced"
	eventAccessLogged = "access.logged"

	// This is no event any more, but the newest one's id after its delivery.
	eventDelivered = "delivered"
)

// event tells WordPress of a change. It carries ids only: what was written stays in one place, where
// an erasure finds it.
type event struct {
	ConversationID uint64   `json:"conversation_id"`
	UserID         uint64   `json:"user_id"` // who did it
	MessageID      uint64   `json:"message_id,omitempty"`
	Participants   []uint64 `json:"participant_ids,omitempty"`
	Value          *bool    `json:"value,omitempty"`
	ReportID       uint64   `json:"report_id,omitempty"`
	Recipients     []uint64 `json:"recipient_ids,omitempty"`
	Days           *int     `json:"days,omitempty"`
	EntryID        uint64   `json:"entry_id,omitempty"` // of the access log
}

// emit writes an event in the transaction of the change it tells of.
func (s *Store) emit(ctx context.Context, tx *sql.Tx, kind string, e event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("mysqlstore: event %s: %w", kind, err)
	}
	_, err = s.exec(ctx, tx, "emit "+kind,
		`INSERT INTO {p}jt_sidecar_outbox (conversation_id, type, payload, created_at) VALUES (?, ?, ?, ?)`,
		e.ConversationID, kind, string(payload), s.clock())
	return err
}

// EventLifetime is how long an event waits for WordPress to come back, or, parked, for somebody to look
// at it.
const EventLifetime = 30 * 24 * time.Hour

// DropEvents deletes those of the oldest limit events that are older than EventLifetime, with their failures, and says
// how many there were. Ids grow with time, so it looks at no others. Mail that is held stays.
func (s *Store) DropEvents(ctx context.Context, limit int) (int64, error) {
	before, atRest := s.clock().Add(-EventLifetime), s.atRest()
	type stored struct {
		id uint64
		at sql.NullTime
	}
	oldest, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (stored, error) {
		var e stored
		err := row.Scan(&e.id, &e.at)
		return e, err
	}, s.prefix.Expand(`SELECT id, created_at FROM {p}jt_sidecar_outbox WHERE type NOT IN (`+mysqldb.Placeholders(len(atRest))+`) ORDER BY id LIMIT ?`),
		append(atRest, limit)...)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: oldest events: %w", err)
	}
	var ids []uint64
	for _, e := range oldest {
		if e.at.Time.Before(before) {
			ids = append(ids, e.id)
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	return int64(len(ids)), s.dropEvents(ctx, ids)
}
