package mysqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"html"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/wpbridge"
)

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

// eraseNotes takes the member's name out of notes that others added them, as far as it is the name they have.
// Notes of other code may have it as WordPress stores it. It looks through the groups they have a part in, from where e says, and says whether it came to the end.
func (s *Store) eraseNotes(ctx context.Context, userID uint64, e *erasure) (removed int, ended bool, err error) {
	name, err := s.nameOf(ctx, userID)
	if err != nil || name == "" {
		return 0, err == nil, err
	}
	groups, err := mysqldb.Query(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`
		SELECT p.conversation_id
		FROM {p}jt_pro_conversation_participants p FORCE INDEX (jts_all)
		STRAIGHT_JOIN {p}jt_pro_conversations c ON c.id = p.conversation_id
		WHERE p.user_id = ? AND p.conversation_id >= ? AND LOWER(COALESCE(c.type, '')) <> 'direct'
		ORDER BY p.conversation_id`), userID, e.Group)
	if err != nil {
		return 0, false, fmt.Errorf("mysqlstore: groups of user %d: %w", userID, err)
	}
	pattern := "%" + noteAdded + "%" + likeLiteral(name) + "%"
	scanned := 0
	nameKept := false
	for _, id := range groups {
		if id != e.Group {
			e.Group, e.Note = id, 0
		}
		for more := true; more; {
			if scanned >= eraseScan || removed >= eraseTransactions {
				return removed, false, nil
			}
			list, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (named, error) {
				var n named
				err := row.Scan(&n.id, &n.named)
				return n, err
			}, s.prefix.Expand(`
				SELECT id, COALESCE(is_system <> 0 AND (content_plain LIKE ?`+escaped+`OR `+wpbridge.PlainNameSQL("content_plain")+` LIKE ?`+escaped+`), 0)
				FROM {p}jt_pro_messages FORCE INDEX (jts_thread)
				WHERE conversation_id = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?`), pattern, pattern, id, e.Note, e.upTo, eraseBatch)
			if err != nil {
				return removed, false, fmt.Errorf("mysqlstore: notes on user %d: %w", userID, err)
			}
			more = len(list) == eraseBatch
			scanned += max(len(list), eraseBatch/10) // a statement is work, too
			for _, n := range list {
				if n.named {
					if removed >= eraseTransactions {
						return removed, false, nil
					}
					changed, held, err := s.eraseNote(ctx, id, n.id, name)
					if err == nil && held && !nameKept {
						err = s.keepName(ctx, userID, name)
						e.Held, nameKept = true, true
					}
					if err != nil {
						return removed, false, err
					}
					if changed {
						removed++
					}
					if held {
						more = false // as are all others of the conversation
						break
					}
				}
				e.Note = n.id
			}
		}
	}
	return removed, true, nil
}

// named is a message, and whether it may be a note that names the member.
type named struct {
	id    uint64
	named bool
}

// eraseNote takes a name out of one note and says whether it was in it, or may be and is held.
func (s *Store) eraseNote(ctx context.Context, conversationID, messageID uint64, name string) (changed, held bool, err error) {
	rewritten, err := s.rewrite(ctx, conversationID, func(ctx context.Context, tx *sql.Tx) (err error) {
		changed, err = s.eraseName(ctx, tx, messageID, name)
		return err
	})
	return rewritten && changed, !rewritten && err == nil, err
}

// nameOf is what a member is called. Of an account that has just been deleted, the index may know, or an
// erasure that waits for a hold; else it is empty.
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
		return s.keptName(ctx, userID)
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
		// Of an account that is gone, the index may only have the login.
		if strings.EqualFold(names[j], name) || strings.EqualFold(wpbridge.PlainName(names[j]), name) {
			names[j], changed = formerMember, true
		}
	}
	if !changed {
		return false, nil
	}
	return true, s.setNote(ctx, tx, messageID, plain[0][:i]+strings.Join(names, ", "))
}
