package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/go-sql-driver/mysql"

	"jetonomy-sidecar/internal/mysqldb"
)

// serverZone is the time zone of WordPress's sessions, which set none. What they wrote to a TIMESTAMP was
// UTC in words, but taken as that zone's; only a session in the same zone reads the same words.
const serverZone = "@@global.time_zone"

// metadataWait is how long, in seconds, an ALTER TABLE waits for others to let go of the table. Everybody
// who comes after it waits, too; the server's own limit is a day or a year.
const metadataWait = "60"

// messagingTables creates or adopts the three tables of Private Messaging.
func messagingTables(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix, collation string, progress func(string, ...any)) error {
	return adoptTables(ctx, db, prefix, collation, progress, conversations, participants, messages)
}

// adoptTables brings tables to the shape that schema.go describes now. A later version that adds to this
// shape calls it again for the tables concerned: what they have already costs nothing.
func adoptTables(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix, collation string, progress func(string, ...any), tables ...table) error {
	return withAdopter(ctx, db, collation, serverZone, progress, func(a *adopter) error {
		for _, t := range tables {
			t.name = prefix.Expand(t.name)
			if err := a.table(ctx, t); err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
		}
		return nil
	})
}

// adopter changes tables on a session of its own.
type adopter struct {
	conn      *sql.Conn
	collation string
	progress  func(format string, args ...any)
}

func withAdopter(ctx context.Context, db *sql.DB, collation, zone string, progress func(string, ...any), fn func(*adopter) error) error {
	conn, release, err := ownSession(ctx, db)
	if err != nil {
		return err
	}
	defer release()
	for _, query := range []string{"SET SESSION time_zone = " + zone, "SET SESSION lock_wait_timeout = " + metadataWait} {
		if _, err := conn.ExecContext(ctx, query); err != nil {
			return err
		}
	}
	return fn(&adopter{conn, collation, progress})
}

// table makes sure that the table has what t says, whatever it is now.
func (a *adopter) table(ctx context.Context, t table) error {
	// Something may come between looking and changing: a duplicate row, or the rest of an ALTER TABLE that
	// went on in the server after a process had died.
	const attempts = 5
	for attempt := 1; ; attempt++ {
		err := a.tryTable(ctx, t)
		if err == nil || !overtaken(err) || attempt == attempts {
			return err
		}
	}
}

func overtaken(err error) bool {
	const (
		erDupFieldName = 1060
		erDupKeyName   = 1061
	)
	if mysqldb.IsDuplicate(err) || errors.Is(err, errChanged) {
		return true
	}
	e, ok := errors.AsType[*mysql.MySQLError](err)
	return ok && (e.Number == erDupFieldName || e.Number == erDupKeyName)
}

func (a *adopter) tryTable(ctx context.Context, t table) error {
	have, found, err := readTable(ctx, a.conn, t.name)
	if err != nil {
		return err
	}
	if !found {
		return a.exec(ctx, t.create(a.collation))
	}
	if err := t.check(have); err != nil {
		return err
	}

	if worded := t.wordedFlags(have); len(worded) > 0 {
		if err := a.unwordFlags(ctx, have, worded); err != nil {
			return err
		}
		if have, _, err = readTable(ctx, a.conn, t.name); err != nil {
			return err
		}
	}
	if t.needsStandIn(have) {
		if err := a.mergeDuplicates(ctx, have); err != nil {
			return err
		}
	}

	changes := t.changes(have, a.collation)
	if len(changes.clauses) > 0 {
		for _, note := range changes.notes {
			a.progress("%s: %s", t.name, note)
		}
		a.progress("%s: about %d rows, %d changes in one ALTER TABLE …", t.name, have.rows, len(changes.clauses))
		if err := a.exec(ctx, "ALTER TABLE `"+t.name+"`\n\t"+strings.Join(changes.clauses, ",\n\t")); err != nil {
			return err
		}
	}
	return a.endHistory(ctx, t)
}

// endHistory gives columns that were added with a value for existing rows their own default.
func (a *adopter) endHistory(ctx context.Context, t table) error {
	for _, c := range t.columns {
		if c.existing == "" {
			continue
		}
		_, value, _ := strings.Cut(c.definition, " DEFAULT ")
		differs, err := mysqldb.QueryRow(ctx, a.conn, mysqldb.Value[bool], `
			SELECT COALESCE(column_default, '') <> ? FROM information_schema.columns
			WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?`, value, t.name, c.name)
		if err != nil {
			return err
		}
		if !differs {
			continue
		}
		if err := a.exec(ctx, "ALTER TABLE `"+t.name+"` ALTER COLUMN "+c.name+" SET DEFAULT "+value); err != nil {
			return err
		}
	}
	return nil
}

// unwordFlags makes text of flags that are words, and '0' or '1' of the text. The number that a number type
// would make of an ENUM is the place of its value in the list, not the value.
func (a *adopter) unwordFlags(ctx context.Context, have existingTable, flags []existingColumn) error {
	var clauses []string
	for _, f := range flags {
		if f.dataType == "enum" || f.dataType == "set" {
			text := definition{name: f.definition.name, columnType: "varchar(255)", attributes: " NULL"}
			clauses = append(clauses, "MODIFY COLUMN "+text.withType(text.columnType, a.collation).String())
		}
	}
	if len(clauses) > 0 {
		if err := a.exec(ctx, "ALTER TABLE `"+have.name+"`\n\t"+strings.Join(clauses, ",\n\t")); err != nil {
			return err
		}
	}
	for _, f := range flags {
		column := "`" + f.definition.name + "`"
		if err := a.exec(ctx, "UPDATE `"+have.name+"` SET "+column+" = "+
			"CASE WHEN LOWER("+column+") IN ('1', 'y', 'yes', 't', 'true', 'on') THEN '1' ELSE '0' END "+
			"WHERE "+column+" IS NULL OR "+column+" NOT IN ('0', '1')"); err != nil {
			return err
		}
	}
	return nil
}

func (a *adopter) exec(ctx context.Context, query string) error {
	if _, err := a.conn.ExecContext(ctx, query); err != nil {
		return fmt.Errorf("%w, in: %s", err, query)
	}
	return nil
}
