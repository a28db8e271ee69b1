package mysqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// What stands in the place of an erased text. It keeps the thread readable, and is how an erased message is
// known.
const (
	tombstone     = "Message deleted"
	tombstoneHTML = `<p dir="auto"><em>` + tombstone + `</em></p>`

	formerMember = "A former member"
	noteLeft     = " left the conversation"
	noteAdded    = " added "
)

// What one call of Erase does at most, so that it answers within a second or so.
const (
	// eraseScan is how many messages it looks at.
	eraseScan = 20_000

	// eraseMessagesMost is how many of them it rewrites.
	eraseMessagesMost = 5000

	// eraseTransactions is in how many transactions it does so. Each holds the lock of one conversation.
	eraseTransactions = 50

	// eraseBatch is how many messages one statement reads, and one transaction rewrites.
	eraseBatch = 500
)

// textLeft holds for a message m that is not erased yet.
const textLeft = `(
	(COALESCE(m.is_system, 0) = 0 AND (m.content <> '` + tombstoneHTML + `' OR COALESCE(m.content_plain, '') <> '` + tombstone + `'))
	OR (m.is_system <> 0 AND COALESCE(m.content_plain, '') NOT IN ('` + tombstone + `', '` + formerMember + noteLeft + `')
		AND COALESCE(m.content_plain, '') NOT LIKE '` + formerMember + noteAdded + `%'))`

// Erase takes away a part of what is kept of a member: the text of what they wrote, their name in the notes of
// conversations, what they blocked, what was remembered and indexed of them. It says how much there was, and
// done once nothing is left; until then it is to be called again, from any process: how far it came is kept in
// the database. Blocks of the member by others are the others' protection and stay until the account is gone.
// The conversations and the member's place in them stay. So do titles of groups: every member of a group can
// give it one, and who gave it is not recorded. Conversations under a legal hold stay as they are for as long as
// it is on (see Retained), and [Store.FinishErasure] does then what is owed.
func (s *Store) Erase(ctx context.Context, userID uint64) (removed int, done bool, err error) {
	e, err := s.erasure(ctx, userID)
	if err != nil {
		return 0, false, err
	}
	removed, done, err = s.eraseWritten(ctx, userID, &e)
	if err != nil {
		return removed, false, err
	}
	if !done {
		return removed, false, s.keepErasure(ctx, userID, e)
	}
	// Before the rest: nothing may be forgotten of an erasure that is not over.
	if err := s.keepOwed(ctx, userID, e); err != nil {
		return removed, false, err
	}
	rest, err := s.eraseRest(ctx, userID)
	return removed + rest, err == nil, err
}

// erasure is how far the erasure of a member has come. Between two calls of Erase it is in jt_sidecar_state.
type erasure struct {
	After   uint64    `json:"after"`   // this pass through the member's messages is behind this one
	Changed bool      `json:"changed"` // this pass has rewritten some
	Group   uint64    `json:"group"`   // in this conversation it looks for notes,
	Note    uint64    `json:"note"`    // and is behind this message
	Held    bool      `json:"held"`    // it met something under a legal hold
	Lifts   uint64    `json:"lifts"`   // how many holds had been lifted when it began
	At      time.Time `json:"at"`      // when the call ended

	upTo uint64 // messages behind this one are none of it
	owed string // what it owed before this call; see debt
}

const (
	// stateErase is what the name of an erasure's row begins with; the id of the member follows.
	stateErase = "erase:"

	// eraseForget is when an erasure that nobody went on with starts anew: the member may have written.
	eraseForget = time.Hour

	// allMessages is behind every id.
	allMessages = ^uint64(0)
)

// erasure reads how far it has come.
func (s *Store) erasure(ctx context.Context, userID uint64) (erasure, error) {
	value, err := s.state(ctx, stateErase+strconv.FormatUint(userID, 10))
	if err != nil {
		return erasure{}, fmt.Errorf("mysqlstore: erasure of user %d: %w", userID, err)
	}
	var e erasure
	if json.Unmarshal([]byte(value), &e) != nil || s.clock().Sub(e.At) > eraseForget {
		e = erasure{} // none yet, or to be done again: both begin at the beginning
		if e.Lifts, err = s.lifts(ctx); err != nil {
			return e, err
		}
	}
	e.upTo = allMessages
	e.owed, err = s.owed(ctx, userID)
	return e, err
}

func (s *Store) keepErasure(ctx context.Context, userID uint64, e erasure) error {
	e.At = s.clock()
	value, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("mysqlstore: erasure of user %d: %w", userID, err)
	}
	return s.setState(ctx, stateErase+strconv.FormatUint(userID, 10), string(value))
}

// eraseWritten goes on with an erasure as far as one call does: with what the member wrote, and then with the
// notes that name them. It says how much there was, and whether nothing is left but what is held.
func (s *Store) eraseWritten(ctx context.Context, userID uint64, e *erasure) (removed int, done bool, err error) {
	// Most often one pass rewrites everything and a second one finds nothing.
	for range 2 {
		n, ended, err := s.eraseMessages(ctx, userID, e)
		removed += n
		if err != nil {
			return removed, false, err
		}
		if done = ended && !e.Changed; done || !ended {
			break
		}
		// What was sent meanwhile may stand before what was seen already: look again.
		e.After, e.Changed, e.Held = 0, false, false
	}
	if !done {
		return removed, false, nil
	}
	n, ended, err := s.eraseNotes(ctx, userID, e)
	return removed + n, ended && err == nil, err
}

// written is a message of the member who is erased.
type written struct {
	conversationID, id uint64
	left               bool // it is not erased yet,
	held               bool // and its conversation is under a legal hold
}

// eraseMessages walks through the member's messages from where e says, rewrites those that are left and not
// held, and says whether it came to the end. Where it could not rewrite all that it saw, e stays where it is.
func (s *Store) eraseMessages(ctx context.Context, userID uint64, e *erasure) (removed int, ended bool, err error) {
	left := make(map[uint64][]uint64)
	after, count := e.After, 0
	for scanned := 0; scanned < eraseScan && !ended; {
		list, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (written, error) {
			var w written
			err := row.Scan(&w.conversationID, &w.id, &w.left, &w.held)
			return w, err
		}, s.prefix.Expand(`
			SELECT m.conversation_id, m.id, COALESCE(`+textLeft+`, 0), COALESCE(`+textLeft+`, 0)
				AND EXISTS (SELECT 1 FROM {p}jt_sidecar_holds h WHERE h.conversation_id = m.conversation_id)
			FROM {p}jt_pro_messages m FORCE INDEX (jts_sender)
			WHERE m.sender_id = ? AND m.id > ? AND m.id <= ? ORDER BY m.id LIMIT ?`), userID, after, e.upTo, eraseBatch)
		if err != nil {
			return 0, false, fmt.Errorf("mysqlstore: messages of user %d: %w", userID, err)
		}
		for _, w := range list {
			after = w.id
			switch {
			case w.held:
				e.Held = true
			case w.left:
				left[w.conversationID] = append(left[w.conversationID], w.id)
				count++
			}
		}
		scanned += len(list)
		ended = len(list) < eraseBatch
	}
	removed, err = s.eraseTexts(ctx, left)
	e.Changed = e.Changed || removed > 0
	if err != nil || removed < count {
		return removed, false, err
	}
	e.After = after
	return removed, ended, nil
}

// eraseTexts rewrites messages by conversation, and says how many: of more than one call may do, those where
// most are in one conversation, which are the least work.
func (s *Store) eraseTexts(ctx context.Context, left map[uint64][]uint64) (removed int, err error) {
	order := slices.SortedFunc(maps.Keys(left), func(a, b uint64) int {
		return cmp.Or(cmp.Compare(len(left[b]), len(left[a])), cmp.Compare(a, b))
	})
	transactions := 0
	for _, id := range order {
		for batch := range slices.Chunk(left[id], eraseBatch) {
			if transactions == eraseTransactions || removed+len(batch) > eraseMessagesMost {
				return removed, nil
			}
			erased, err := s.eraseIn(ctx, id, batch)
			if err != nil {
				return removed, err
			}
			if transactions++; erased {
				removed += len(batch)
			}
		}
	}
	return removed, nil
}

// eraseIn rewrites a member's messages in one conversation, under its lock: no message can come between
// them and the preview, which is made anew. It says whether it did: a held one is left alone.
func (s *Store) eraseIn(ctx context.Context, conversationID uint64, ids []uint64) (bool, error) {
	return s.rewrite(ctx, conversationID, func(ctx context.Context, tx *sql.Tx) error {
		in := `id IN (` + mysqldb.Placeholders(len(ids)) + `)`
		if _, err := s.exec(ctx, tx, "erase messages", `
			UPDATE {p}jt_pro_messages SET content = ?, content_plain = ?
			WHERE COALESCE(is_system, 0) = 0 AND `+in, args(ids, tombstoneHTML, tombstone)...); err != nil {
			return err
		}
		notes, err := mysqldb.Query(ctx, tx, scanNote, s.prefix.Expand(`
			SELECT id, COALESCE(content, ''), COALESCE(content_plain, '') FROM {p}jt_pro_messages
			WHERE is_system <> 0 AND `+in), args(ids)...)
		if err != nil {
			return fmt.Errorf("mysqlstore: notes in conversation %d: %w", conversationID, err)
		}
		for _, n := range notes {
			if n.plain == "" {
				n.plain = s.format.Plain(n.html)
			}
			if err := s.setNote(ctx, tx, n.id, anonymous(n.plain)); err != nil {
				return err
			}
		}
		return nil
	})
}

// rewrite changes messages of a conversation under its lock and makes the preview anew, unless it is held, and
// says whether it did. Of a purged conversation there may be messages still, but nobody who could write.
func (s *Store) rewrite(ctx context.Context, conversationID uint64, change func(ctx context.Context, tx *sql.Tx) error) (bool, error) {
	held := false
	err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		_, err := s.lock(ctx, tx, conversationID)
		gone := errors.Is(err, messaging.ErrNotParticipant)
		if err != nil && !gone {
			return err
		}
		if held, err = s.held(ctx, tx, conversationID); err != nil || held {
			return err
		}
		if err := change(ctx, tx); err != nil || gone {
			return err
		}
		newest, err := mysqldb.Query(ctx, tx, scanNote, s.prefix.Expand(`
			SELECT id, COALESCE(content, ''), COALESCE(content_plain, '')
			FROM {p}jt_pro_messages FORCE INDEX (jts_thread)
			WHERE conversation_id = ? ORDER BY id DESC LIMIT 1`), conversationID)
		if err != nil {
			return fmt.Errorf("mysqlstore: newest message of conversation %d: %w", conversationID, err)
		}
		if len(newest) == 0 {
			return nil
		}
		plain := newest[0].plain
		if plain == "" {
			plain = s.format.Plain(newest[0].html)
		}
		_, err = s.exec(ctx, tx, "rewrite preview", `UPDATE {p}jt_pro_conversations SET last_message_preview = ? WHERE id = ?`,
			s.format.Preview(plain, messaging.MaxPreview), conversationID)
		return err
	})
	return err == nil && !held, err
}

// eraseRest removes what is kept of a member beside conversations.
func (s *Store) eraseRest(ctx context.Context, userID uint64) (removed int, err error) {
	if removed, err = s.unblockAll(ctx, userID, 0); err != nil {
		return removed, err
	}
	exists, err := s.accountExists(ctx, userID)
	if err != nil {
		return removed, err
	}
	if !exists {
		by, err := s.unblockAll(ctx, 0, userID)
		removed += by
		if err != nil {
			return removed, err
		}
	}
	notes, err := s.eraseReports(ctx, userID)
	if removed += notes; err != nil {
		return removed, err
	}
	if err := s.eraseMail(ctx, userID); err != nil {
		return removed, err
	}
	for {
		res, err := s.exec(ctx, s.db, "erase requests", `DELETE FROM {p}jt_sidecar_requests WHERE user_id = ? LIMIT ?`, userID, eraseBatch)
		if err != nil {
			return removed, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return removed, fmt.Errorf("mysqlstore: erase requests: %w", err)
		}
		if n < eraseBatch {
			break
		}
	}
	if _, err := s.exec(ctx, s.db, "erase names", `DELETE FROM {p}jt_sidecar_names WHERE user_id = ?`, userID); err != nil {
		return removed, err
	}
	_, err = s.exec(ctx, s.db, "finish erasure", `DELETE FROM {p}jt_sidecar_state WHERE name = ?`, stateErase+strconv.FormatUint(userID, 10))
	return removed, err
}

func (s *Store) accountExists(ctx context.Context, userID uint64) (bool, error) {
	exists, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[bool], s.prefix.Expand(
		`SELECT EXISTS (SELECT 1 FROM {p}users WHERE ID = ?)`), userID)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: account of user %d: %w", userID, err)
	}
	return exists, nil
}

// eraseMail cancels mail to the member.
func (s *Store) eraseMail(ctx context.Context, userID uint64) error {
	if _, err := s.exec(ctx, s.db, "erase mail", `DELETE FROM {p}jt_sidecar_mail WHERE user_id = ?`, userID); err != nil {
		return err
	}
	type queued struct {
		id      uint64
		payload string
	}
	// Mail is of no conversation: this is all that waits of it, on the whole site.
	waiting, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (queued, error) {
		var q queued
		err := row.Scan(&q.id, &q.payload)
		return q, err
	}, s.prefix.Expand(`SELECT id, payload FROM {p}jt_sidecar_outbox WHERE conversation_id = 0 AND type = ?`), eventMail)
	if err != nil {
		return fmt.Errorf("mysqlstore: mail that waits: %w", err)
	}
	var theirs []uint64
	for _, q := range waiting {
		var p mailPayload
		if json.Unmarshal([]byte(q.payload), &p) == nil && p.UserID == userID {
			theirs = append(theirs, q.id)
		}
	}
	if len(theirs) == 0 {
		return nil
	}
	return s.dropEvents(ctx, theirs)
}
