package mysqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
)

// Rows of jt_sidecar_state about erasures that met legal holds. An id of a member follows the colon.
const (
	// stateOwed is there for as long as something of the member is held; see debt.
	stateOwed = "owed:"

	// stateOwedName is what the member was called, where a note in a held conversation says so: once the
	// account is deleted, nothing else knows what to look for.
	stateOwedName = "owed-name:"

	// stateLifts counts the holds that were lifted. An erasure that began before one of them may have been
	// kept from what is free now.
	stateLifts = "lifts"
)

// debt is what an erasure owes.
type debt struct {
	Lifts uint64 `json:"lifts"` // stateLifts when it last looked; the first field, which SQL compares
	UpTo  uint64 `json:"up_to"` // the newest message that it is about
}

// lifts is how many holds were lifted so far.
func (s *Store) lifts(ctx context.Context) (uint64, error) {
	value, err := s.state(ctx, stateLifts)
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: lifted holds: %w", err)
	}
	n, _ := strconv.ParseUint(value, 10, 64) // none yet
	return n, nil
}

func (s *Store) countLift(ctx context.Context, tx *sql.Tx) error {
	_, err := s.exec(ctx, tx, "count lifted hold", `
		INSERT INTO {p}jt_sidecar_state (name, value) VALUES (?, '1') ON DUPLICATE KEY UPDATE value = value + 1`, stateLifts)
	return err
}

// keepOwed notes what is left of an erasure that has done all it could, or that nothing is.
func (s *Store) keepOwed(ctx context.Context, userID uint64, e erasure) error {
	if !e.Held {
		return s.settle(ctx, userID, e.owed)
	}
	newest, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[uint64], s.prefix.Expand(`SELECT COALESCE(MAX(id), 0) FROM {p}jt_pro_messages`))
	if err != nil {
		return fmt.Errorf("mysqlstore: newest message: %w", err)
	}
	value, err := json.Marshal(debt{e.Lifts, newest})
	if err != nil {
		return fmt.Errorf("mysqlstore: debt to user %d: %w", userID, err)
	}
	return s.setState(ctx, stateOwed+strconv.FormatUint(userID, 10), string(value))
}

// owed is the value of the member's row, empty for none.
func (s *Store) owed(ctx context.Context, userID uint64) (string, error) {
	value, err := s.state(ctx, stateOwed+strconv.FormatUint(userID, 10))
	if err != nil {
		return "", fmt.Errorf("mysqlstore: debt to user %d: %w", userID, err)
	}
	return value, nil
}

// settle deletes the debt whose row has this value. One that came meanwhile stays.
func (s *Store) settle(ctx context.Context, userID uint64, value string) error {
	if value == "" {
		return nil
	}
	id := strconv.FormatUint(userID, 10)
	return mysqldb.Transact(ctx, s.db, func(ctx context.Context, tx *sql.Tx) error {
		res, err := s.exec(ctx, tx, "settle debt", `DELETE FROM {p}jt_sidecar_state WHERE name = ? AND value = ?`, stateOwed+id, value)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		_, err = s.exec(ctx, tx, "forget name", `DELETE FROM {p}jt_sidecar_state WHERE name = ?`, stateOwedName+id)
		return err
	})
}

func (s *Store) keepName(ctx context.Context, userID uint64, name string) error {
	return s.setState(ctx, stateOwedName+strconv.FormatUint(userID, 10), name)
}

func (s *Store) keptName(ctx context.Context, userID uint64) (string, error) {
	name, err := s.state(ctx, stateOwedName+strconv.FormatUint(userID, 10))
	if err != nil {
		return "", fmt.Errorf("mysqlstore: kept name of user %d: %w", userID, err)
	}
	return name, nil
}

// HeldErasures is how many members' erasures wait for a legal hold.
func (s *Store) HeldErasures(ctx context.Context) (int, error) {
	n, err := mysqldb.QueryRow(ctx, s.db, mysqldb.Value[int], s.prefix.Expand(
		`SELECT COUNT(*) FROM {p}jt_sidecar_state WHERE name LIKE ?`), stateOwed+"%")
	if err != nil {
		return 0, fmt.Errorf("mysqlstore: erasures that wait: %w", err)
	}
	return n, nil
}

// FinishErasure erases what an erasure had to leave and a hold that was lifted since has set free, of one
// member, and says whether there was one to look at. Of a member who is still there that is what they wrote
// before they were erased. Takes as long as that is much; safe to run from several processes at once.
func (s *Store) FinishErasure(ctx context.Context) (bool, error) {
	lifts, err := s.lifts(ctx)
	if err != nil {
		return false, err
	}
	type row struct{ name, value string }
	due, err := mysqldb.Query(ctx, s.db, func(scan mysqldb.Scanner) (row, error) {
		var r row
		err := scan.Scan(&r.name, &r.value)
		return r, err
	}, s.prefix.Expand(`
		SELECT name, value FROM {p}jt_sidecar_state
		WHERE name LIKE ? AND value NOT LIKE ? ORDER BY name LIMIT 1`), stateOwed+"%", fmt.Sprintf(`{"lifts":%d,%%`, lifts))
	if err != nil {
		return false, fmt.Errorf("mysqlstore: erasures that holds were lifted for: %w", err)
	}
	if len(due) == 0 {
		return false, nil
	}
	name, value := due[0].name, due[0].value
	userID, err := strconv.ParseUint(strings.TrimPrefix(name, stateOwed), 10, 64)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: debt %q: %w", name, err)
	}
	var d debt
	if err := json.Unmarshal([]byte(value), &d); err != nil {
		return false, fmt.Errorf("mysqlstore: debt %q: %w", name, err)
	}
	e := erasure{Lifts: lifts, upTo: d.UpTo}
	exists, err := s.accountExists(ctx, userID)
	if err != nil {
		return false, err
	}
	if !exists {
		e.upTo = allMessages
	}
	for done := false; !done; {
		if _, done, err = s.eraseWritten(ctx, userID, &e); err != nil {
			return false, err
		}
	}
	if !e.Held {
		return true, s.settle(ctx, userID, value)
	}
	d.Lifts = lifts
	next, err := json.Marshal(d)
	if err != nil {
		return false, fmt.Errorf("mysqlstore: debt %q: %w", name, err)
	}
	_, err = s.exec(ctx, s.db, "keep debt", `UPDATE {p}jt_sidecar_state SET value = ? WHERE name = ? AND value = ?`, string(next), name, value)
	return true, err
}
