package mysqlstore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging/oversight"
)

// stateAudit is the row of jt_sidecar_state with the newest row of the access log, as "ID:HASH". Whoever
// appends holds its lock, so that the chain has no forks.
const stateAudit = "audit"

// logVersion is what the hashed bytes of every row begin with.
const logVersion = "jetonomy-sidecar access log 1\n"

// verifyBatch is how many rows of the log one statement reads.
const verifyBatch = 1000

// OnAccess makes f learn of every row of the access log once it is committed: a copy that is kept outside of
// the database shows what was changed in it. It belongs to the Store's making.
func (s *Store) OnAccess(f func(oversight.Entry)) { s.onAccess = f }

// logged runs do and appends e to the access log, in one transaction, if do says that there is something to
// tell. It gives the entry as it was written.
func (s *Store) logged(ctx context.Context, e oversight.Entry, do func(ctx context.Context, tx *sql.Tx) (bool, error)) (oversight.Entry, bool, error) {
	var written oversight.Entry
	tell := false
	err := mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) (err error) {
		if tell, err = do(ctx, tx); err != nil || !tell {
			return err
		}
		written, err = s.appendEntry(ctx, tx, e)
		return err
	})
	if err != nil || !tell {
		return oversight.Entry{}, false, err
	}
	if s.onAccess != nil {
		s.onAccess(written)
	}
	return written, true, nil
}

// log appends e to the access log.
func (s *Store) log(ctx context.Context, e oversight.Entry) (oversight.Entry, error) {
	e, _, err := s.logged(ctx, e, func(context.Context, *sql.Tx) (bool, error) { return true, nil })
	return e, err
}

// appendEntry chains e to the newest row, and tells WordPress of it if somebody did it. All who append wait
// for each other from here to the end of the transaction: it is the last thing that one does.
func (s *Store) appendEntry(ctx context.Context, tx *sql.Tx, e oversight.Entry) (oversight.Entry, error) {
	newest, hash, err := s.lockHead(ctx, tx)
	if err != nil {
		return e, fmt.Errorf("mysqlstore: head of the access log: %w", err)
	}
	e.ID, e.At, e.Previous = newest+1, s.clock(), hash
	e.Login, e.Address, e.Note = text(e.Login, 60), text(e.Address, 45), text(e.Note, oversight.MaxNote)
	e.Hash = entryHash(e)
	if _, err := s.exec(ctx, tx, "append to the access log", `
		INSERT INTO {p}jt_sidecar_access_log
			(id, at, user_id, login, address, action, conversation_id, member_id, reason, note, previous, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.At, e.UserID, e.Login, e.Address, string(e.Action), e.ConversationID, e.MemberID,
		string(e.Reason), e.Note, e.Previous[:], e.Hash[:]); err != nil {
		return e, err
	}
	if _, err := s.exec(ctx, tx, "move the head of the access log",
		`UPDATE {p}jt_sidecar_state SET value = ? WHERE name = ?`, head(e.ID, e.Hash), stateAudit); err != nil {
		return e, err
	}
	if e.UserID == 0 {
		return e, nil
	}
	return e, s.emit(ctx, tx, eventAccessLogged, event{UserID: e.UserID, EntryID: e.ID})
}

// lockHead locks the head and gives the newest row's id and hash, 0 for an empty log. Where the head is missing or
// older than rows that are there, somebody changed it: the next row leaves out an id, so that it will always show.
func (s *Store) lockHead(ctx context.Context, tx *sql.Tx) (id uint64, hash [32]byte, err error) {
	const query = `SELECT value FROM {p}jt_sidecar_state WHERE name = ? FOR UPDATE`
	values, err := mysqldb.Query(ctx, tx, mysqldb.Value[string], s.prefix.Expand(query), stateAudit)
	if err == nil && len(values) == 0 {
		if _, err = s.exec(ctx, tx, "make the head of the access log",
			`INSERT IGNORE INTO {p}jt_sidecar_state (name, value) VALUES (?, '')`, stateAudit); err == nil {
			values, err = mysqldb.Query(ctx, tx, mysqldb.Value[string], s.prefix.Expand(query), stateAudit)
		}
	}
	if err != nil {
		return 0, hash, err
	}
	last, err := s.entriesWhere(ctx, tx, `1 = 1 ORDER BY id DESC LIMIT 1`)
	if err != nil {
		return 0, hash, err
	}
	id, hash, ok := parseHead(values[0])
	switch {
	case len(last) > 0 && (!ok || id < last[0].ID):
		return last[0].ID + 1, last[0].Hash, nil
	case !ok:
		return 0, [32]byte{}, nil
	}
	return id, hash, nil
}

func head(id uint64, hash [32]byte) string {
	return strconv.FormatUint(id, 10) + ":" + hex.EncodeToString(hash[:])
}

func parseHead(value string) (id uint64, hash [32]byte, ok bool) {
	first, second, _ := strings.Cut(value, ":")
	id, err := strconv.ParseUint(first, 10, 64)
	n, err2 := hex.Decode(hash[:], []byte(second[:min(len(second), 64)]))
	return id, hash, err == nil && err2 == nil && n == len(hash) && len(second) == 64
}

// entryHash is SHA-256 over, in this order: the line "jetonomy-sidecar access log 1", the hash of the row
// before (32 bytes, zero for the first one), id, time (unix seconds), user, conversation and member (8 bytes
// each, the highest first), and login, address, action, reason and note (the number of bytes in 8, and the text).
func entryHash(e oversight.Entry) [32]byte {
	b := []byte(logVersion)
	b = append(b, e.Previous[:]...)
	for _, n := range []uint64{e.ID, uint64(e.At.Unix()), e.UserID, e.ConversationID, e.MemberID} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	for _, text := range []string{e.Login, e.Address, string(e.Action), string(e.Reason), e.Note} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
	}
	return sha256.Sum256(b)
}

// text is what a column of so many characters can hold.
func text(s string, characters int) string {
	r := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	return string(r[:min(len(r), characters)])
}

func (s *Store) entriesWhere(ctx context.Context, q mysqldb.Queryer, where string, list ...any) ([]oversight.Entry, error) {
	return mysqldb.Query(ctx, q, func(row mysqldb.Scanner) (oversight.Entry, error) {
		var e oversight.Entry
		var at sql.NullTime
		var action, reason string
		var previous, hash []byte
		err := row.Scan(&e.ID, &at, &e.UserID, &e.Login, &e.Address, &action, &e.ConversationID, &e.MemberID,
			&reason, &e.Note, &previous, &hash)
		e.At, e.Action, e.Reason = at.Time, oversight.Action(action), oversight.Reason(reason)
		copy(e.Previous[:], previous)
		copy(e.Hash[:], hash)
		return e, err
	}, s.prefix.Expand(`
		SELECT id, at, user_id, login, address, action, conversation_id, member_id, reason, note, previous, hash
		FROM {p}jt_sidecar_access_log WHERE `+where), list...)
}

// Log implements oversight.Store.
func (o *Oversight) Log(ctx context.Context, e oversight.Entry) (oversight.Entry, error) {
	return o.store.log(ctx, e)
}

// Entries implements oversight.Store.
func (o *Oversight) Entries(ctx context.Context, f oversight.LogFilter) (entries []oversight.Entry, next uint64, err error) {
	limit := pageSize(f.Limit)
	where, list := "1 = 1", []any{}
	for _, c := range []struct {
		column string
		value  uint64
	}{{"user_id = ?", f.UserID}, {"conversation_id = ?", f.ConversationID}, {"id < ?", f.Before}} {
		if c.value != 0 {
			where += " AND " + c.column
			list = append(list, c.value)
		}
	}
	entries, err = o.store.entriesWhere(ctx, o.store.db, where+` ORDER BY id DESC LIMIT ?`, append(list, limit+1)...)
	if err != nil {
		return nil, 0, fmt.Errorf("mysqlstore: access log: %w", err)
	}
	if len(entries) > limit {
		entries = entries[:limit]
		next = entries[limit-1].ID
	}
	return entries, next, nil
}

// errStop ends a walk that has found what it looked for.
var errStop = errors.New("mysqlstore: found")

// Verify implements oversight.Store. What is appended meanwhile may be left out.
func (o *Oversight) Verify(ctx context.Context, each func(oversight.Entry)) (oversight.Verified, error) {
	last, err := mysqldb.QueryRow(ctx, o.store.db, mysqldb.Value[uint64], o.store.prefix.Expand(
		`SELECT COALESCE(MAX(id), 0) FROM {p}jt_sidecar_access_log`))
	if err != nil {
		return oversight.Verified{}, fmt.Errorf("mysqlstore: newest row of the access log: %w", err)
	}
	value, err := o.store.state(ctx, stateAudit)
	if err != nil {
		return oversight.Verified{}, fmt.Errorf("mysqlstore: head of the access log: %w", err)
	}
	newest, hash, ok := parseHead(value)
	// A row and the head that it becomes are one transaction. Rows behind a head that was read after them are
	// rows that it does not vouch for.
	setBack := ok && newest < last

	var v oversight.Verified
	var before oversight.Entry
	err = o.eachEntry(ctx, func(e oversight.Entry) error {
		v.Rows++
		if e.ID != before.ID+1 || e.Previous != before.Hash || e.Hash != entryHash(e) ||
			e.ID == newest && e.Hash != hash || setBack && e.ID > newest {
			v.IsBroken, v.Broken = true, e.ID
			return errStop
		}
		v.Newest, v.Head = e.ID, e.Hash
		before = e
		if each != nil {
			each(e)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		return v, err
	}
	// Before the first row there is no head; rows without one had one.
	v.Cut = !v.IsBroken && (newest > before.ID || !ok && v.Rows > 0)
	return v, nil
}

// eachEntry gives the whole log to f, the oldest row first, until f fails.
func (o *Oversight) eachEntry(ctx context.Context, f func(oversight.Entry) error) error {
	// From 0, which no row of ours has, and a row that somebody else wrote can have.
	for from := uint64(0); ; {
		entries, err := o.store.entriesWhere(ctx, o.store.db, `id >= ? ORDER BY id LIMIT ?`, from, verifyBatch)
		if err != nil {
			return fmt.Errorf("mysqlstore: access log from %d: %w", from, err)
		}
		for _, e := range entries {
			if err := f(e); err != nil {
				return err
			}
			from = e.ID + 1
		}
		if len(entries) < verifyBatch {
			return nil
		}
	}
}
