package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jetonomy-sidecar/extension"
	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/migrations"
)

// errUnwell is the doctor's answer where something needs doing: the lines above it say what.
var errUnwell = errors.New("something needs doing")

// doctor checks what this service stands on, and says for each what was found and what to do about it.
func doctor(ctx context.Context, p process, args []string) error {
	wpConfig, err := flags(p, "doctor", args, nil)
	if err != nil {
		return err
	}
	well := true
	say := func(good bool, format string, args ...any) {
		mark := "ok  "
		if !good {
			mark, well = "FAIL", false
		}
		fmt.Fprintf(p.stdout, mark+"  "+format+"\n", args...)
	}
	c, err := configure(p, wpConfig)
	if err != nil {
		say(false, "configuration: %v", err)
		return errUnwell
	}
	say(true, "configuration: tables %s*, listening on %s and %s", c.prefix, c.listen, c.internalListen)
	parts, err := assemble(ctx, c)
	if err != nil {
		say(false, "database: %v", err)
		return errUnwell
	}
	defer parts.close()
	snapshot := parts.options.Snapshot()
	say(true, "site: %s", snapshot.Home)
	active, err := parts.jetonomy(ctx)
	switch {
	case err != nil:
		say(false, "Jetonomy: %v", err)
	case active:
		say(true, "Jetonomy: active, and its tables can be read")
	case snapshot.Jetonomy.Profiles:
		say(true, "Jetonomy: not active; its tables are there, and are followed")
	default:
		say(true, "Jetonomy: not active")
	}

	server, err := mysqldb.QueryRow(ctx, parts.background, mysqldb.Value[string], `SELECT VERSION()`)
	say(err == nil, "database server: %s%v", server, orNothing(err))
	format, err := mysqldb.QueryRow(ctx, parts.background, mysqldb.Value[string], `SELECT CONCAT(@@log_bin, '/', @@binlog_format)`)
	if err == nil {
		if format == "1/STATEMENT" || format == "ON/STATEMENT" {
			say(false, "binary log: its format STATEMENT refuses transactions that read what is committed: set binlog_format to ROW or MIXED")
		}
	}
	var clock time.Time
	if clock, err = mysqldb.QueryRow(ctx, parts.background, mysqldb.Value[time.Time], `SELECT UTC_TIMESTAMP(6)`); err == nil {
		off := time.Since(clock).Abs()
		if off < 30*time.Second {
			say(true, "clock: %s apart from the database's", off.Round(time.Millisecond))
		} else {
			say(false, "clock: %s apart from the database's, and tokens allow 30s: run an NTP service on both machines", off.Round(time.Second))
		}
	}

	current, newest, err := migrations.Status(ctx, parts.background, c.prefix)
	switch {
	case err != nil:
		say(false, "tables: %v", err)
	case current < newest:
		say(false, "tables: version %d of %d: run `jetonomy-sidecar migrate`, or start `serve`, which does the same", current, newest)
	default:
		say(true, "tables: version %d of %d", current, newest)
	}
	if snapshot.Keys.Current.IsZero() {
		say(false, "signing key: %v", errNoKey)
	} else {
		say(true, "signing key: %s", snapshot.Keys.Current.ID())
	}
	if c.jwtAuthRefused != nil {
		say(false, "%v", c.jwtAuthRefused)
	}
	if slices.Contains(snapshot.Extensions, extension.PrivateMessaging) {
		say(true, "extension: Private Messaging is on")
	} else {
		say(false, "extension: Private Messaging is off: switch it on under Jetonomy → Extensions, or add %q to the option jetonomy_pro_extensions", extension.PrivateMessaging)
	}
	if !well {
		return errUnwell
	}
	return nil
}

func orNothing(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// jetonomy reports whether Jetonomy is active. It is an error where it is, and some of its tables cannot be seen: what is
// not seen is taken for absent, and with it who is banned, and whom somebody has blocked.
func (p *parts) jetonomy(ctx context.Context) (active bool, err error) {
	active, err = p.site.JetonomyActive(ctx)
	missing := p.options.Snapshot().Jetonomy.Missing()
	if err != nil || !active || len(missing) == 0 {
		return active, err
	}
	return true, fmt.Errorf("the plugin is active, but the database user cannot see %s%s, so that trust levels, bans or blocks are not known: "+
		"grant it SELECT on each, as migrations/grants.sql does; where they do not exist, deactivate Jetonomy and activate it",
		p.prefix, strings.Join(missing, ", "+string(p.prefix)))
}
