package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strconv"
	"strings"

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

const (
	// eraseBatch is how many messages one call of Erase rewrites.
	eraseBatch = 500

	// eraseConversations is in how many conversations one call does so, each in a transaction of its own.
	eraseConversations = 50

	// eraseScan is how many rows one call looks at for messages in conversations that the member has no
	// part in.
	eraseScan = 100_000

	// stateErase is what the name of a row of jt_sidecar_state begins with that remembers how far this
	// look has come: the id of the member follows.
	stateErase = "erase:"
)

// textLeft holds for a message m that is not erased yet.
const textLeft = `(
	(COALESCE(m.is_system, 0) = 0 AND (m.content <> '` + tombstoneHTML + `' OR COALESCE(m.content_plain, '') <> '` + tombstone + `'))
	OR (m.is_system <> 0 AND COALESCE(m.content_plain, '') NOT IN ('` + tombstone + `', '` + formerMember + noteLeft + `')
		AND COALESCE(m.content_plain, '') NOT LIKE '` + formerMember + noteAdded + `%'))`

// found is a message to be rewritten.
type found struct{ conversationID, id uint64 }

func scanFound(row mysqldb.Scanner) (found, error) {
	var f found
	err := row.Scan(&f.conversationID, &f.id)
	return f, err
}

// Erase takes away a part of what is kept of a member: the text of what they wrote, their name in the notes of
// conversations, what they blocked, what was remembered and indexed of them. It says how much there was, and
// done once nothing is left; until then it is to be called again, from anywhere: it starts where there is
// something left. Blocks of the member by others are the others' protection and stay until the account is
// gone. The conversations and the member's place in them stay.
func (s *Store) Erase(ctx context.Context, userID uint64) (removed int, done bool, err error) {
	list, err := mysqldb.Query(ctx, s.db, scanFound, s.prefix.Expand(`
		SELECT m.conversation_id, m.id
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_all)
		STRAIGHT_JOIN {p}jt_pro_messages m FORCE INDEX (jts_thread) ON m.conversation_id = p.conversation_id
		WHERE p.user_id = ? AND m.sender_id = ? AND `+textLeft+` LIMIT ?`), userID, userID, eraseBatch)
	if err != nil {
		return 0, false, fmt.Errorf("mysqlstore: messages of user %d: %w", userID, err)
	}
	if removed, err = s.eraseMessages(ctx, userID, list); err != nil || removed < len(list) || len(list) == eraseBatch {
		return removed, false, err
	}
	strays, done, err := s.eraseStrays(ctx, userID)
	removed += strays
	if err != nil || !done {
		return removed, false, err
	}
	notes, done, err := s.eraseNotes(ctx, userID)
	removed += notes
	if err != nil || !done {
		return removed, false, err
	}
	rest, err := s.eraseRest(ctx, userID)
	return removed + rest, err == nil, err
}

// eraseMessages rewrites messages, conversation by conversation, and says how many: less than all of them
// where they are in more than eraseConversations.
func (s *Store) eraseMessages(ctx context.Context, userID uint64, list []found) (removed int, err error) {
	conversations := make(map[uint64][]uint64)
	var order []uint64
	for _, f := range list {
		if conversations[f.conversationID] == nil {
			order = append(order, f.conversationID)
		}
		conversations[f.conversationID] = append(conversations[f.conversationID], f.id)
	}
	for _, id := range order[:min(len(order), eraseConversations)] {
		if err := s.eraseIn(ctx, userID, id, conversations[id]); err != nil {
			return removed, err
		}
		removed += len(conversations[id])
	}
	return removed, nil
}

// eraseIn rewrites a member's messages in one conversation, under its lock: no message can come between
// them and the preview, which is made anew.
func (s *Store) eraseIn(ctx context.Context, userID, conversationID uint64, ids []uint64) error {
	return s.rewrite(ctx, conversationID, func(ctx context.Context, tx *sql.Tx) error {
		in := `id IN (` + mysqldb.Placeholders(len(ids)) + `) AND sender_id = ?`
		if _, err := s.exec(ctx, tx, "erase messages", `
			UPDATE {p}jt_pro_messages SET content = ?, content_plain = ?
			WHERE COALESCE(is_system, 0) = 0 AND `+in, append(args(ids, tombstoneHTML, tombstone), userID)...); err != nil {
			return err
		}
		notes, err := mysqldb.Query(ctx, tx, scanNote, s.prefix.Expand(`
			SELECT id, COALESCE(content, ''), COALESCE(content_plain, '') FROM {p}jt_pro_messages
			WHERE is_system <> 0 AND `+in), append(args(ids), userID)...)
		if err != nil {
			return fmt.Errorf("mysqlstore: notes of user %d: %w", userID, err)
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

// rewrite changes messages of a conversation under its lock and makes the preview anew. Of a purged
// conversation there may be messages still, but nobody who could write.
func (s *Store) rewrite(ctx context.Context, conversationID uint64, change func(ctx context.Context, tx *sql.Tx) error) error {
	return mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		_, err := s.lock(ctx, tx, conversationID)
		gone := errors.Is(err, messaging.ErrNotParticipant)
		if err != nil && !gone {
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
}

// note is a system note.
type note struct {
	id          uint64
	html, plain string
}

func scanNote(row mysqldb.Scanner) (note, error) {
	var n note
	err := row.Scan(&n.id, &n.html, &n.plain)
	return n, err
}

func (s *Store) setNote(ctx context.Context, tx *sql.Tx, id uint64, plain string) error {
	_, err := s.exec(ctx, tx, "rewrite note", `UPDATE {p}jt_pro_messages SET content = ?, content_plain = ? WHERE id = ?`,
		s.format.Sanitize(html.EscapeString(plain)), plain, id)
	return err
}

// anonymous is a note by a member without their name: what they are called now need not be what they
// were called then.
func anonymous(plain string) string {
	if strings.HasSuffix(plain, noteLeft) {
		return formerMember + noteLeft
	}
	if i := strings.LastIndex(plain, noteAdded); i >= 0 {
		return formerMember + plain[i:]
	}
	return tombstone
}

// eraseStrays rewrites messages in conversations that the member has no part in any more: their row there
// was deleted by other code. There is no index for that, so it looks through all messages, part by part.
// Nothing can be written behind its back, as writing takes a part.
func (s *Store) eraseStrays(ctx context.Context, userID uint64) (removed int, done bool, err error) {
	name := stateErase + strconv.FormatUint(userID, 10)
	value, err := s.state(ctx, name)
	if err != nil {
		return 0, false, fmt.Errorf("mysqlstore: erasure of user %d: %w", userID, err)
	}
	after, _ := strconv.ParseUint(value, 10, 64) // 0 where there is none
	type part struct {
		n    int
		last uint64
	}
	scanned, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (part, error) {
		var p part
		err := row.Scan(&p.n, &p.last)
		return p, err
	}, s.prefix.Expand(`
		SELECT COUNT(*), COALESCE(MAX(id), 0) FROM (
			SELECT id FROM {p}jt_pro_messages WHERE id > ? ORDER BY id LIMIT ?
		) AS part`), after, eraseScan)
	if err != nil {
		return 0, false, fmt.Errorf("mysqlstore: messages behind %d: %w", after, err)
	}
	list, err := mysqldb.Query(ctx, s.db, scanFound, s.prefix.Expand(`
		SELECT m.conversation_id, m.id FROM {p}jt_pro_messages m
		WHERE m.id > ? AND m.id <= ? AND m.sender_id = ? AND `+textLeft+` ORDER BY m.id LIMIT ?`),
		after, scanned.last, userID, eraseBatch)
	if err != nil {
		return 0, false, fmt.Errorf("mysqlstore: further messages of user %d: %w", userID, err)
	}
	removed, err = s.eraseMessages(ctx, userID, list)
	switch {
	case err != nil:
		return removed, false, err
	case removed < len(list), len(list) == eraseBatch:
		return removed, false, nil
	case scanned.n < eraseScan:
		return removed, true, nil
	}
	return removed, false, s.setState(ctx, name, strconv.FormatUint(scanned.last, 10))
}

// eraseNotes takes the member's name out of notes that others added them, as far as it is the name they have.
func (s *Store) eraseNotes(ctx context.Context, userID uint64) (removed int, done bool, err error) {
	name, err := s.nameOf(ctx, userID)
	if err != nil || name == "" {
		return 0, err == nil, err
	}
	for after := uint64(0); ; {
		list, err := mysqldb.Query(ctx, s.db, scanFound, s.prefix.Expand(`
			SELECT m.conversation_id, m.id
			FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_all)
			STRAIGHT_JOIN {p}jt_pro_messages m FORCE INDEX (jts_thread) ON m.conversation_id = p.conversation_id
			WHERE p.user_id = ? AND m.id > ? AND m.is_system <> 0 AND m.content_plain LIKE ? ESCAPE '!'
			ORDER BY m.id LIMIT ?`), userID, after, "%"+noteAdded+"%"+likeEscaper.Replace(name)+"%", eraseBatch)
		if err != nil {
			return removed, false, fmt.Errorf("mysqlstore: notes on user %d: %w", userID, err)
		}
		for _, f := range list {
			if removed == eraseConversations {
				return removed, false, nil
			}
			changed := false
			if err := s.rewrite(ctx, f.conversationID, func(ctx context.Context, tx *sql.Tx) (err error) {
				changed, err = s.eraseName(ctx, tx, f.id, name)
				return err
			}); err != nil {
				return removed, false, err
			}
			if changed {
				removed++
			}
			after = f.id
		}
		if len(list) < eraseBatch {
			return removed, true, nil
		}
	}
}

// nameOf is what a member is called. Of an account that has just been deleted, the index may know; else it is
// empty.
func (s *Store) nameOf(ctx context.Context, userID uint64) (string, error) {
	columns, joins := s.site.ProfileSQL("n.id", "m")
	person, err := mysqldb.QueryRow(ctx, s.db, func(row mysqldb.Scanner) (messaging.Person, error) {
		var profile profileScan
		err := row.Scan(profile.dest(s.site)...)
		return profile.person(userID), err
	}, s.prefix.Expand(`SELECT `+columns+` FROM (SELECT ? AS id) n `+joins), userID)
	if err != nil {
		return "", fmt.Errorf("mysqlstore: name of user %d: %w", userID, err)
	}
	if person.Login != "" {
		return person.Name(), nil
	}
	names, err := mysqldb.Query(ctx, s.db, mysqldb.Value[string], s.prefix.Expand(
		`SELECT name FROM {p}jt_sidecar_names WHERE user_id = ? ORDER BY kind LIMIT 1`), userID)
	if err != nil {
		return "", fmt.Errorf("mysqlstore: indexed name of user %d: %w", userID, err)
	}
	if len(names) == 0 {
		return "", nil
	}
	return names[0], nil
}

// eraseName takes a name out of the list of those that a note says were added.
func (s *Store) eraseName(ctx context.Context, tx *sql.Tx, messageID uint64, name string) (bool, error) {
	plain, err := mysqldb.Query(ctx, tx, mysqldb.Value[string], s.prefix.Expand(
		`SELECT COALESCE(content_plain, '') FROM {p}jt_pro_messages WHERE id = ?`), messageID)
	if err != nil || len(plain) == 0 {
		return false, err
	}
	i := strings.LastIndex(plain[0], noteAdded)
	if i < 0 {
		return false, nil
	}
	i += len(noteAdded)
	changed := false
	names := strings.Split(plain[0][i:], ", ")
	for j := range names {
		if names[j] == name {
			names[j], changed = formerMember, true
		}
	}
	if !changed {
		return false, nil
	}
	return true, s.setNote(ctx, tx, messageID, plain[0][:i]+strings.Join(names, ", "))
}

// eraseRest removes what is kept of a member beside conversations.
func (s *Store) eraseRest(ctx context.Context, userID uint64) (removed int, err error) {
	if removed, err = s.Unblock(ctx, userID, 0); err != nil {
		return removed, err
	}
	exists, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[bool], s.prefix.Expand(
		`SELECT EXISTS (SELECT 1 FROM {p}users WHERE ID = ?)`), userID)
	if err != nil {
		return removed, fmt.Errorf("mysqlstore: account of user %d: %w", userID, err)
	}
	if !exists {
		by, err := s.Unblock(ctx, 0, userID)
		removed += by
		if err != nil {
			return removed, err
		}
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
