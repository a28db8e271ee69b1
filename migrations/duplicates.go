package migrations

import (
	"context"
	"fmt"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
)

// merged is what becomes of the rows of a participant that is there more than once: the furthest read
// state, any flag, the earliest joining, left only if all of them have.
var merged = []struct{ column, value string }{
	{"last_read_at", "MAX(last_read_at)"},
	{"is_muted", "MAX(is_muted)"},
	{"is_archived", "MAX(is_archived)"},
	{"is_blocked", "MAX(is_blocked)"},
	{"left_at", "CASE WHEN MIN(" + left + ") = 1 THEN MAX(left_at) ELSE MIN(CASE WHEN YEAR(left_at) = 0 THEN left_at END) END"},
	{"joined_at", "COALESCE(MIN(CASE WHEN YEAR(joined_at) > 0 THEN joined_at END), MIN(joined_at))"},
}

// grouped is one row for each participant that is there more than once.
const grouped = " GROUP BY conversation_id, user_id HAVING COUNT(*) > 1"

// mergeDuplicates leaves one row per participant, the oldest by the primary key if that is a number. It
// needs no transaction, which the table's engine may not have: first all rows of a participant become
// equal in every known column, then it doesn't matter how many of them are gone when a crash comes.
func (a *adopter) mergeDuplicates(ctx context.Context, have existingTable) error {
	duplicates, err := a.findDuplicates(ctx, have)
	if err != nil || len(duplicates) == 0 {
		return err
	}
	a.progress("%s: merging the rows of %d participants that are there more than once", have.name, len(duplicates))

	var values, assignments []string
	for _, m := range merged {
		if _, found := have.column(m.column); found {
			values = append(values, m.value+" AS "+m.column)
			assignments = append(assignments, "p."+m.column+" = m."+m.column)
		}
	}
	if len(values) > 0 {
		if err := a.exec(ctx, "UPDATE "+joined(have, strings.Join(values, ", "))+" SET "+strings.Join(assignments, ", ")); err != nil {
			return err
		}
	}
	if primary := have.primary(); len(primary) == 1 && primary[0] != "" {
		id := "`" + primary[0] + "`"
		return a.exec(ctx, "DELETE p FROM "+joined(have, "MIN("+id+") AS oldest")+" WHERE p."+id+" <> m.oldest")
	}

	// Nothing tells them apart.
	remove := "DELETE FROM `" + have.name + "` WHERE conversation_id = ? AND user_id = ? LIMIT ?"
	for _, d := range duplicates {
		if _, err := a.conn.ExecContext(ctx, remove, d.conversation, d.user, d.surplus); err != nil {
			return fmt.Errorf("remove duplicates of participant %d in conversation %d: %w", d.user, d.conversation, err)
		}
	}
	return nil
}

type duplicate struct{ conversation, user, surplus int64 }

func (a *adopter) findDuplicates(ctx context.Context, have existingTable) ([]duplicate, error) {
	return mysqldb.Query(ctx, a.conn, func(s mysqldb.Scanner) (d duplicate, err error) {
		err = s.Scan(&d.conversation, &d.user, &d.surplus)
		return d, err
	}, "SELECT conversation_id, user_id, COUNT(*) - 1 FROM `"+have.name+"`"+
		" WHERE conversation_id IS NOT NULL AND user_id IS NOT NULL"+grouped)
}

// joined is the rows p of duplicates, each with the values m of its participant.
func joined(have existingTable, values string) string {
	table := "`" + have.name + "`"
	return table + " p JOIN (SELECT conversation_id, user_id, " + values + " FROM " + table + grouped + ") m" +
		" ON m.conversation_id = p.conversation_id AND m.user_id = p.user_id"
}
