package main

import (
	"context"
	"fmt"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/migrations"
)

func migrate(ctx context.Context, p process, args []string) error {
	wpConfig, err := flags(p, "migrate", args, nil)
	if err != nil {
		return err
	}
	c, err := configure(p, wpConfig)
	if err != nil {
		return err
	}
	progress := func(format string, args ...any) { fmt.Fprintf(p.stdout, format+"\n", args...) }
	if err := c.migrate(ctx, progress); err != nil {
		return err
	}
	parts, err := assemble(ctx, c)
	if err != nil {
		return err
	}
	defer parts.close()
	if err := parts.store.Backfill(ctx, progress); err != nil {
		return err
	}
	if err := parts.syncNames(ctx); err != nil {
		return err
	}
	progress("the database is up to date")
	return nil
}

// migrate brings the tables up to date, on a pool of its own: its statements may run for hours.
func (c config) migrate(ctx context.Context, progress func(format string, args ...any)) error {
	db, err := mysqldb.Open(ctx, c.dsn, mysqldb.Options{MaxOpen: 4, ReadTimeout: migrationTimeout})
	if err != nil {
		return fmt.Errorf("%w (check DB_HOST, DB_USER and DB_PASSWORD in wp-config.php, or SIDECAR_DSN)", err)
	}
	defer db.Close()
	return migrations.Up(ctx, db, c.prefix, progress)
}
