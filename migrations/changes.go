package migrations

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// changes are the clauses of one ALTER TABLE, and what the operator should know of them.
type changes struct {
	clauses []string
	notes   []string
}

func (c *changes) modify(d definition) { c.clauses = append(c.clauses, "MODIFY COLUMN "+d.String()) }

func (c *changes) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// check refuses a table that cannot be adopted.
func (t table) check(have existingTable) error {
	if have.engine == "" {
		return errors.New("it is a view, not a table")
	}
	for _, want := range t.columns {
		c, found := have.column(want.name)
		switch {
		case !found && want.essential:
			return fmt.Errorf("it has no column %s: not a table of Private Messaging", want.name)
		case !found:
		case want.fit == identity && !c.autoIncrement():
			return fmt.Errorf("column %s is not AUTO_INCREMENT", want.name)
		case want.fit == moment && !slices.Contains([]string{"datetime", "timestamp", "date"}, c.dataType):
			return fmt.Errorf("column %s is %s, a date and time is needed", want.name, c.columnType)
		}
	}
	for _, c := range have.columns {
		if !t.knows(c.name) && c.mandatory() && slices.Contains(have.primary(), c.name) {
			return fmt.Errorf("column %s is unknown and part of the primary key", c.name)
		}
	}
	return nil
}

func (t table) knows(name string) bool {
	return slices.ContainsFunc(t.columns, func(c column) bool { return c.name == name })
}

// wordedFlags are the flags that are words.
func (t table) wordedFlags(have existingTable) []existingColumn {
	var worded []existingColumn
	for _, want := range t.columns {
		c, found := have.column(want.name)
		if found && want.fit == yesNo && c.charset != "" {
			worded = append(worded, c)
		}
	}
	return worded
}

// changes is what an adopted table lacks. Values stay as they are.
func (t table) changes(have existingTable, collation string) changes {
	var ch changes
	switch {
	case !strings.EqualFold(have.engine, "InnoDB"):
		ch.clauses = append(ch.clauses, "ENGINE=InnoDB", "ROW_FORMAT=DYNAMIC")
		ch.note("converting from %s to InnoDB, transactions are needed", have.engine)
	case have.rowFormat != "dynamic" && have.rowFormat != "compressed":
		ch.clauses = append(ch.clauses, "ROW_FORMAT=DYNAMIC") // older formats limit keys to 767 bytes
	}

	for _, want := range t.columns {
		c, found := have.column(want.name)
		if !found {
			ch.clauses = append(ch.clauses, want.add())
			continue
		}
		d := want.fitted(c, collation)
		if want.optional() && d.mandatory() {
			d = withSomeDefault(d, have, c)
		}
		if d != c.definition {
			ch.modify(d)
			ch.note("column %s becomes %s", c.definition, d)
		}
	}
	t.foreign(have, &ch)

	if t.needsStandIn(have) {
		ch.clauses = append(ch.clauses, "ADD "+t.standIn.String())
	}
	for _, k := range t.keys {
		if !have.hasKey(k.name) {
			ch.clauses = append(ch.clauses, "ADD "+k.String())
		}
	}
	return ch
}

func (c column) add() string {
	definition := c.definition
	if c.existing != "" {
		kind, _, _ := strings.Cut(definition, " DEFAULT ")
		definition = kind + " DEFAULT " + c.existing
	}
	return "ADD COLUMN " + c.name + " " + definition
}

// fitted is the definition of an existing column, changed as far as needed.
func (c column) fitted(have existingColumn, collation string) definition {
	d := have.definition
	switch c.fit {
	case shortText:
		columnType := have.columnType
		if have.length < 255 || have.charset == "" || have.dataType == "tinytext" {
			columnType = "varchar(255)"
		}
		if columnType != have.columnType || have.charset != "utf8mb4" {
			d = d.withType(columnType, collation)
		}
	case longText:
		columnType := have.columnType
		if have.dataType != "mediumtext" && have.dataType != "longtext" {
			columnType = "longtext"
			d = d.withoutTextDefault()
		}
		if columnType != have.columnType || have.charset != "utf8mb4" {
			d = d.withType(columnType, collation)
		}
	case word:
		if strings.HasSuffix(have.dataType, "text") || strings.HasSuffix(have.dataType, "blob") {
			d = d.withType("varchar(191)", collation).withoutTextDefault()
		}
	case moment:
		if have.dataType == "timestamp" {
			d = d.withType("datetime"+strings.TrimPrefix(have.columnType, "timestamp"), "")
		}
		d = d.withoutOnUpdate()
		if c.nullable() && !have.nullable {
			d = d.withNull()
		}
	case yesNo:
		switch {
		case have.dataType == "bit":
			d = d.withType("tinyint(1)", "")
		case have.charset != "":
			d = definition{name: d.name, columnType: "tinyint(1)", attributes: " NOT NULL DEFAULT 0"}
		}
	}
	return d
}

// foreign sees to columns that only other code knows: an insert that doesn't name them must not fail.
func (t table) foreign(have existingTable, ch *changes) {
	for _, c := range have.columns {
		switch {
		case t.knows(c.name):
		case c.mandatory():
			d := withSomeDefault(c.definition, have, c)
			ch.modify(d)
			ch.note("warning: unknown column %s is mandatory; so that rows can be added without it, it becomes %s", c.definition, d)
		default:
			ch.note("unknown column %s is left alone", c.name)
		}
	}
}

var firstMember = regexp.MustCompile(`^enum\(('(?:[^']|'')*')`)

// withSomeDefault makes a mandatory column optional: with a default that its type allows on every server, or
// with NULL where there is none, or where a key wants values to differ.
func withSomeDefault(d definition, t existingTable, c existingColumn) definition {
	if t.inUniqueKey(c.name) {
		return d.withNull()
	}
	switch c.dataType {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit", "year":
		return d.withDefault("0")
	case "char", "varchar", "binary", "varbinary", "set":
		return d.withDefault("''")
	case "enum":
		if first := firstMember.FindStringSubmatch(c.columnType); first != nil {
			return d.withDefault(first[1])
		}
	case "date":
		return d.withDefault("'1970-01-01'")
	case "time":
		return d.withDefault("'00:00:00'")
	case "datetime", "timestamp":
		return d.withDefault("CURRENT_TIMESTAMP" + strings.TrimPrefix(c.columnType, c.dataType))
	}
	return d.withNull()
}
