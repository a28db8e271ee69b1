package mysqlstore

import (
	"context"
	"fmt"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/messaging"
)

// WordPress has no index on display names, and a prefix must be found among millions of them while
// somebody types. So their names, and their logins beside them, are kept in a table of our own:
// jt_sidecar_names, which SyncNames follows the members with: as plain text, since that is what somebody
// types. It says only who might be meant; what is shown comes from WordPress's tables at that moment.
const (
	nameDisplay = 0
	nameLogin   = 1

	// maxName is what the table keeps of a name, in characters; a query is at most 64.
	maxName = 100
)

// Suggest implements messaging.Store.
func (s *Store) Suggest(ctx context.Context, userID uint64, prefix string, after *messaging.Candidate, limit int) ([]messaging.Candidate, error) {
	columns, joins := s.site.ProfileSQL("n.user_id", "m")
	condition := "n.name LIKE ?" + escaped + "AND n.user_id <> ?"
	list := []any{likeLiteral(prefix) + "%", userID}
	if after != nil {
		condition += " AND n.name >= ? AND (n.name > ? OR n.user_id > ?)"
		list = append(list, after.Matched, after.Matched, after.ID)
	}
	candidates, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.Candidate, error) {
		var c messaging.Candidate
		var id uint64
		var profile profileScan
		err := row.Scan(append([]any{&c.Matched, &id}, profile.dest(s.site)...)...)
		c.Person = profile.person(id)
		return c, err
	}, s.prefix.Expand(`
		SELECT n.name, n.user_id, `+columns+`
		FROM {p}jt_sidecar_names n FORCE INDEX (name) `+joins+`
		WHERE `+condition+`
		ORDER BY n.name, n.user_id LIMIT ?`), append(list, limit)...)
	if err != nil {
		return nil, fmt.Errorf("mysqlstore: suggestions: %w", err)
	}
	if len(candidates) == 0 {
		return nil, nil
	}
	ids := make([]uint64, len(candidates))
	for i, c := range candidates {
		ids[i] = c.ID
	}
	blocked, err := s.blockedBetween(ctx, s.db, userID, ids)
	if err != nil {
		return nil, err
	}
	for i := range candidates {
		if blocked[candidates[i].ID] {
			// The place in the order stays, so that the next page goes on from there; a person
			// without an id is nobody's.
			candidates[i].Person = messaging.Person{}
		}
	}
	return candidates, nil
}

// name is a row of jt_sidecar_names.
type name struct {
	userID uint64
	kind   int
	text   string
}

// SyncNames brings the names of at most limit members behind id after up to date and gives the id to go
// on with: 0 after the last member. It writes only what differs.
func (s *Store) SyncNames(ctx context.Context, after uint64, limit int) (next uint64, err error) {
	columns, joins := s.site.ProfileSQL("u.ID", "m")
	people, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (messaging.Person, error) {
		var id uint64
		var profile profileScan
		err := row.Scan(append([]any{&id}, profile.dest(s.site)...)...)
		return profile.person(id), err
	}, s.prefix.Expand(`
		SELECT u.ID, `+columns+` FROM {p}users u `+joins+`
		WHERE u.ID > ? ORDER BY u.ID LIMIT ?`), after, limit)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: members behind %d: %w", after, err)
	}
	// Up to the end of the range, or of the table, rows of members that are gone go, too.
	last := ^uint64(0)
	if len(people) == limit {
		last = people[len(people)-1].ID
		next = last
	}
	wanted := make(map[name]bool, 2*len(people))
	for _, p := range people {
		wanted[name{p.ID, nameLogin, cut(p.Login)}] = true
		if display := cut(p.Name()); !strings.EqualFold(display, p.Login) {
			wanted[name{p.ID, nameDisplay, display}] = true
		}
	}
	rows, err := mysqldb.Query(ctx, s.db, func(row mysqldb.Scanner) (name, error) {
		var n name
		err := row.Scan(&n.userID, &n.kind, &n.text)
		return n, err
	}, s.prefix.Expand(`
		SELECT user_id, kind, name FROM {p}jt_sidecar_names WHERE user_id > ? AND user_id <= ?`), after, last)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: names behind %d: %w", after, err)
	}
	type key struct {
		userID uint64
		kind   int
	}
	stale := make(map[key]bool)
	for _, n := range rows {
		if wanted[n] {
			delete(wanted, n)
		} else {
			stale[key{n.userID, n.kind}] = true
		}
	}
	var values []any
	for n := range wanted {
		values = append(values, n.userID, n.kind, n.text)
		delete(stale, key{n.userID, n.kind}) // replaced
	}
	const batch = 500
	for len(values) > 0 {
		n := min(3*batch, len(values))
		if _, err := s.exec(ctx, s.db, "write names", `
			INSERT INTO {p}jt_sidecar_names (user_id, kind, name) VALUES (?, ?, ?)`+
			repeat(", (?, ?, ?)", n/3-1)+` ON DUPLICATE KEY UPDATE name = VALUES(name)`, values[:n]...); err != nil {
			return 0, err
		}
		values = values[n:]
	}
	for k := range stale {
		if _, err := s.exec(ctx, s.db, "delete name",
			`DELETE FROM {p}jt_sidecar_names WHERE user_id = ? AND kind = ?`, k.userID, k.kind); err != nil {
			return 0, err
		}
	}
	return next, nil
}

// LastName is the highest id of a member whose names are indexed, 0 for none.
func (s *Store) LastName(ctx context.Context) (uint64, error) {
	id, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(
		`SELECT COALESCE(MAX(user_id), 0) FROM {p}jt_sidecar_names`))
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: newest name: %w", err)
	}
	return id, nil
}

// cut shortens a name to what the table keeps.
func cut(text string) string {
	if runes := []rune(text); len(runes) > maxName {
		return string(runes[:maxName])
	}
	return text
}
