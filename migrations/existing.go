package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
)

// existingTable is a table as the database describes it.
type existingTable struct {
	name      string
	engine    string // "" for a view
	rowFormat string
	rows      int64 // about
	columns   []existingColumn
	keys      []existingKey
}

type existingColumn struct {
	name       string // in lower case
	dataType   string // in lower case: enum
	columnType string // enum('direct','group')
	charset    string // "" where the type has none
	length     int64  // characters; bytes for TEXT and BLOB; else 0
	nullable   bool
	fallback   sql.NullString // the default, in the server's own notation
	extra      string         // in lower case

	definition definition
}

// definition is a column as SHOW CREATE TABLE writes it, which the same server reads back.
type definition struct {
	name       string // as it is spelled
	columnType string
	charset    string // with the collation, "" for the table's
	attributes string // NOT NULL, DEFAULT, COMMENT and so on
}

type existingKey struct {
	name    string
	unique  bool
	columns []string // in lower case; "" for an expression or a part of a column
}

func (c existingColumn) generated() bool {
	return strings.Contains(c.extra, "virtual generated") || strings.Contains(c.extra, "stored generated")
}

func (c existingColumn) autoIncrement() bool { return strings.Contains(c.extra, "auto_increment") }

// mandatory is true for a column that every insert has to name.
func (c existingColumn) mandatory() bool {
	return !c.nullable && !c.fallback.Valid && !c.autoIncrement() && !c.generated()
}

func (t existingTable) column(name string) (existingColumn, bool) {
	i := slices.IndexFunc(t.columns, func(c existingColumn) bool { return c.name == name })
	if i < 0 {
		return existingColumn{}, false
	}
	return t.columns[i], true
}

func (t existingTable) hasKey(name string) bool {
	return slices.ContainsFunc(t.keys, func(k existingKey) bool { return k.name == name })
}

// hasUnique is true where a key over just these columns, in this order, is unique.
func (t existingTable) hasUnique(columns []string) bool {
	return slices.ContainsFunc(t.keys, func(k existingKey) bool { return k.unique && slices.Equal(k.columns, columns) })
}

func (t existingTable) primary() []string {
	for _, k := range t.keys {
		if k.name == "PRIMARY" {
			return k.columns
		}
	}
	return nil
}

// inUniqueKey is true for a column that cannot have the same value in all rows.
func (t existingTable) inUniqueKey(column string) bool {
	return slices.ContainsFunc(t.keys, func(k existingKey) bool { return k.unique && slices.Contains(k.columns, column) })
}

// readTable describes a table. Without the table, found is false.
func readTable(ctx context.Context, q mysqldb.Queryer, name string) (t existingTable, found bool, err error) {
	t.name = name
	found, err = readShape(ctx, q, &t)
	if err != nil || !found || t.engine == "" {
		return t, found, err
	}
	t.columns, err = mysqldb.Query(ctx, q, func(s mysqldb.Scanner) (c existingColumn, err error) {
		err = s.Scan(&c.name, &c.dataType, &c.columnType, &c.charset, &c.length, &c.nullable, &c.fallback, &c.extra)
		return c, err
	}, `
		SELECT LOWER(column_name), LOWER(data_type), column_type, COALESCE(character_set_name, ''),
			COALESCE(character_maximum_length, 0), is_nullable = 'YES', column_default, LOWER(extra)
		FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name = ?
		ORDER BY ordinal_position`, name)
	if err != nil {
		return t, true, err
	}
	if t.keys, err = readKeys(ctx, q, name); err != nil {
		return t, true, err
	}
	return t, true, readDefinitions(ctx, q, &t)
}

func readShape(ctx context.Context, q mysqldb.Queryer, t *existingTable) (found bool, err error) {
	shapes, err := mysqldb.Query(ctx, q, func(s mysqldb.Scanner) (struct{}, error) {
		return struct{}{}, s.Scan(&t.engine, &t.rowFormat, &t.rows)
	}, `
		SELECT COALESCE(engine, ''), LOWER(COALESCE(row_format, '')), COALESCE(table_rows, 0)
		FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name = ?`, t.name)
	return len(shapes) > 0, err
}

func readKeys(ctx context.Context, q mysqldb.Queryer, table string) ([]existingKey, error) {
	var keys []existingKey
	_, err := mysqldb.Query(ctx, q, func(s mysqldb.Scanner) (struct{}, error) {
		var name, column string
		var unique bool
		if err := s.Scan(&name, &unique, &column); err != nil {
			return struct{}{}, err
		}
		if n := len(keys); n == 0 || keys[n-1].name != name {
			keys = append(keys, existingKey{name: name, unique: unique})
		}
		k := &keys[len(keys)-1]
		k.columns = append(k.columns, column)
		return struct{}{}, nil
	}, `
		SELECT index_name, non_unique = 0, CASE WHEN sub_part IS NULL THEN LOWER(COALESCE(column_name, '')) ELSE '' END
		FROM information_schema.statistics
		WHERE table_schema = DATABASE() AND table_name = ?
		ORDER BY index_name, seq_in_index`, table)
	return keys, err
}

var (
	columnLine = regexp.MustCompile("(?m)^  `([^`]+)` (.*?),?$")
	charsets   = regexp.MustCompile(`^( CHARACTER SET \w+)?( COLLATE \w+)?`)
)

// errChanged: somebody else altered the table while it was read.
var errChanged = errors.New("the table changed")

func readDefinitions(ctx context.Context, q mysqldb.Queryer, t *existingTable) error {
	text, err := mysqldb.QueryRow(ctx, q, func(s mysqldb.Scanner) (text string, err error) {
		var name string
		err = s.Scan(&name, &text)
		return text, err
	}, "SHOW CREATE TABLE `"+t.name+"`")
	if err != nil {
		return err
	}
	lines := columnLine.FindAllStringSubmatch(text, -1)
	if len(lines) != len(t.columns) {
		return fmt.Errorf("%w: %d columns, %d in its definition", errChanged, len(t.columns), len(lines))
	}
	for i, line := range lines {
		c := &t.columns[i]
		rest, ok := strings.CutPrefix(line[2], c.columnType)
		if !ok || !strings.EqualFold(line[1], c.name) {
			return fmt.Errorf("%w: the definition of %s is not of %s: %q", errChanged, c.name, c.columnType, line[0])
		}
		charset := charsets.FindString(rest)
		c.definition = definition{
			name:       line[1],
			columnType: c.columnType,
			charset:    charset,
			attributes: strings.TrimPrefix(rest, charset),
		}
	}
	return nil
}

func (d definition) String() string {
	return "`" + d.name + "` " + d.columnType + d.charset + d.attributes
}

var (
	onUpdate    = regexp.MustCompile(`(?i) ON UPDATE current_timestamp(\(\d*\))?`)
	nowDefault  = regexp.MustCompile(`(?i) DEFAULT current_timestamp(\(\d*\))?`)
	textDefault = regexp.MustCompile(` DEFAULT '(?:[^'\\]|''|\\.)*'`)
)

// mandatory is true for NOT NULL without a default; not to be asked of AUTO_INCREMENT or generated columns.
func (d definition) mandatory() bool {
	return strings.Contains(d.attributes, " NOT NULL") && !strings.Contains(d.attributes, " DEFAULT ")
}

// withType changes the type, and with a collation also that; without one a charset goes away.
func (d definition) withType(columnType, collation string) definition {
	d.columnType = columnType
	d.charset = ""
	if collation != "" {
		d.charset = " CHARACTER SET utf8mb4 COLLATE " + collation
	}
	return d
}

// withNull allows NULL, and makes it the default in place of the current time.
func (d definition) withNull() definition {
	d.attributes = strings.Replace(d.attributes, " NOT NULL", " NULL", 1)
	d.attributes = nowDefault.ReplaceAllLiteralString(d.attributes, " DEFAULT NULL")
	return d
}

// withDefault is for a column that is NOT NULL. CHECK, if there is one, has to come last.
func (d definition) withDefault(value string) definition {
	d.attributes = strings.Replace(d.attributes, " NOT NULL", " NOT NULL DEFAULT "+value, 1)
	return d
}

func (d definition) withoutTextDefault() definition {
	d.attributes = textDefault.ReplaceAllLiteralString(d.attributes, "")
	return d
}

func (d definition) withoutOnUpdate() definition {
	d.attributes = onUpdate.ReplaceAllLiteralString(d.attributes, "")
	return d
}
