package mysqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"jetonomy-sidecar/internal/batch"
	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
	"jetonomy-sidecar/wpbridge"
)

// Look-ups that many members make at the same time share statements: lookupsPerQuery each, lookupRounds at once.
const (
	lookupsPerQuery = 100
	lookupRounds    = 2
	lookupTimeout   = 1500 * time.Millisecond // less than requests have
)

// Store is a messaging.Store. Safe for concurrent use.
type Store struct {
	db     *sql.DB
	prefix mysqldb.Prefix
	site   *wpbridge.Site
	format messaging.Formatter
	now    func() time.Time

	unreadCounts *batch.Loader[uint64, int] // by member
	threadStates *batch.Loader[threadKey, threadState]

	orphansDue atomic.Pointer[time.Time] // when rows that were set aside are looked at again, nil for now

	mailDelay func() time.Duration  // nil for no mail
	mailHeld  func() bool           // nil for never
	onAccess  func(oversight.Entry) // nil for nobody
}

var _ messaging.Store = (*Store)(nil)

// New makes a Store on the tables with prefix, which migrations.Up has prepared. site lends its SQL
// for names and avatars and knows community-wide blocks; format makes previews of other code's rows.
func New(db *sql.DB, prefix mysqldb.Prefix, site *wpbridge.Site, format messaging.Formatter, now func() time.Time) *Store {
	s := &Store{db: db, prefix: prefix, site: site, format: format, now: now}
	s.unreadCounts = batch.New(lookupsPerQuery, lookupRounds, lookupTimeout, s.loadUnreadCounts)
	s.threadStates = batch.New(lookupsPerQuery, lookupRounds, lookupTimeout, s.loadThreadStates)
	return s
}

// clock is now as the columns hold it: UTC, whole seconds.
func (s *Store) clock() time.Time { return s.now().UTC().Truncate(time.Second) }

func (s *Store) exec(ctx context.Context, q mysqldb.Queryer, operation, query string, args ...any) (sql.Result, error) {
	res, err := q.ExecContext(ctx, s.prefix.Expand(query), args...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: %s: %w", operation, err)
	}
	return res, nil
}

// lockedConversation is a conversation's row under the transaction's lock.
type lockedConversation struct {
	id               uint64
	kind             messaging.Type
	lastMessageID    uint64
	userMessageCount int
}

// lock locks a conversation against every other writer. A conversation that is not there, or has
// just been purged, is like one that the caller is not part of.
func (s *Store) lock(ctx context.Context, tx *sql.Tx, conversationID uint64) (lockedConversation, error) {
	c, err := mysqldb.QueryRow(ctx, tx, func(row mysqldb.Scanner) (lockedConversation, error) {
		c := lockedConversation{id: conversationID}
		var kind string
		err := row.Scan(&kind, &c.lastMessageID, &c.userMessageCount)
		c.kind = typeOf(kind)
		return c, err
	}, s.prefix.Expand(`
		SELECT COALESCE(type, ''), jts_last_message_id, jts_user_message_count
		FROM {p}jt_pro_conversations WHERE id = ? FOR UPDATE`), conversationID)
	if errors.Is(err, sql.ErrNoRows) {
		return c, messaging.ErrNotParticipant
	}
	if err != nil {
		return c, fmt.Errorf("mysqlstore: lock conversation %d: %w", conversationID, err)
	}
	return c, nil
}

// place is a participant's row as far as the rules ask for it.
type place struct {
	userID   uint64
	active   bool
	incoming bool // somebody else wrote since they are part of it
	unread   bool
}

// places reads the rows of all participants, those who left included. Under lock they cannot change
// in what the rules ask.
func (s *Store) places(ctx context.Context, tx *sql.Tx, conversationID uint64) (map[uint64]place, error) {
	rows, err := mysqldb.Query(ctx, tx, func(row mysqldb.Scanner) (place, error) {
		var p place
		err := row.Scan(&p.userID, &p.active, &p.incoming, &p.unread)
		return p, err
	}, s.prefix.Expand(`
		SELECT user_id, jts_folder <> 0, jts_last_incoming_id <> 0, jts_unread
		FROM {p}jt_pro_conversation_participants WHERE conversation_id = ?`), conversationID)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: participants of conversation %d: %w", conversationID, err)
	}
	places := make(map[uint64]place, len(rows))
	for _, p := range rows {
		places[p.userID] = p
	}
	return places, nil
}

// lockAs locks a conversation for a member who must be an active participant of it.
func (s *Store) lockAs(ctx context.Context, tx *sql.Tx, conversationID, userID uint64) (lockedConversation, map[uint64]place, error) {
	c, err := s.lock(ctx, tx, conversationID)
	if err != nil {
		return c, nil, err
	}
	places, err := s.places(ctx, tx, conversationID)
	if err != nil {
		return c, nil, err
	}
	if !places[userID].active {
		return c, nil, messaging.ErrNotParticipant
	}
	return c, places, nil
}

// typeOf reads the column type, whose declaration differs between sites: what isn't direct has no
// counterpart, which makes it a group.
func typeOf(column string) messaging.Type {
	if strings.EqualFold(column, string(messaging.Direct)) {
		return messaging.Direct
	}
	return messaging.Group
}

// args makes an argument list of ids, behind those given first.
func args(ids []uint64, first ...any) []any {
	list := first
	for _, id := range ids {
		list = append(list, id)
	}
	return list
}
