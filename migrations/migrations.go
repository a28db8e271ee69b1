package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"

	"jetonomy-sidecar/internal/mysqldb"
)

// latest is the newest version there is.
const latest = 10

// minConnections is what Up needs at once: one holds the lock, one is goose's, one does the work.
const minConnections = 3

const versionTable = "{p}jt_sidecar_migrations"

// Up applies the versions that the database lacks. Without any it does nothing and needs no right beyond
// reading the table of versions. While another process is at it, Up waits, up to 10 minutes.
//
// db must be made by mysqldb.Open, allow at least 3 connections, and have a ReadTimeout that an ALTER TABLE
// of the largest messaging table fits into. progress gets lines for the operator, in the manner of
// fmt.Printf without a line end, from one goroutine at a time; nil for none. After an error Up can
// be run again.
func Up(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix, progress func(format string, args ...any)) error {
	if progress == nil {
		progress = func(string, ...any) {}
	}
	current, newest, err := Status(ctx, db, prefix)
	if err != nil || current >= newest {
		return err
	}
	if n := db.Stats().MaxOpenConnections; 0 < n && n < minConnections {
		return fmt.Errorf("migrations: a pool of %d connections, at least %d are needed", n, minConnections)
	}

	unlock, err := lock(ctx, db, prefix, progress)
	if err != nil {
		return fmt.Errorf("migrations: lock: %w", err)
	}
	defer unlock()

	if err := createVersionTable(ctx, db, prefix); err != nil {
		return fmt.Errorf("migrations: create the table of versions: %w", err)
	}
	collation, err := siteCollation(ctx, db, prefix)
	if err != nil {
		return fmt.Errorf("migrations: read the site's collation: %w", err)
	}
	provider, err := newProvider(db, prefix, collation, progress)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	for {
		applied, err := provider.UpByOne(ctx)
		if errors.Is(err, goose.ErrNoNextVersion) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("migrations: %w", err)
		}
		progress("migration %d of %d applied in %s", applied.Source.Version, newest, applied.Duration.Round(time.Millisecond))
	}
}

// Status gives the version the database has, 0 before the first Up, and the newest one. The service works
// when current is not below newest; it is above after a return to an older release.
func Status(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix) (current, newest int64, err error) {
	current, err = mysqldb.QueryRow(ctx, db, mysqldb.Value[int64],
		prefix.Expand("SELECT COALESCE(MAX(version_id), 0) FROM "+versionTable))
	if err != nil && !mysqldb.IsNoSuchTable(err) {
		return 0, 0, fmt.Errorf("migrations: read the version: %w", err)
	}
	return current, latest, nil
}

func newProvider(db *sql.DB, prefix mysqldb.Prefix, collation string, progress func(string, ...any)) (*goose.Provider, error) {
	run := func(version int64, f func(context.Context, *sql.DB) error) *goose.Migration {
		return goose.NewGoMigration(version, &goose.GoFunc{RunDB: f}, nil)
	}
	return goose.NewProvider(goose.DialectMySQL, db, sqlFiles(prefix, collation),
		goose.WithTableName(prefix.Expand(versionTable)),
		goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(
			run(1, func(ctx context.Context, db *sql.DB) error {
				return messagingTables(ctx, db, prefix, collation, progress)
			}),
			run(3, func(ctx context.Context, db *sql.DB) error {
				return importBlocks(ctx, db, prefix, progress)
			}),
			// The keys jts_sender, jts_activity, jts_type_activity and jts_count, for sites whose tables are
			// older than them.
			run(5, func(ctx context.Context, db *sql.DB) error {
				return adoptTables(ctx, db, prefix, collation, progress, conversations, messages)
			}),
			// The key jts_member.
			run(8, func(ctx context.Context, db *sql.DB) error {
				return adoptTables(ctx, db, prefix, collation, progress, participants)
			}),
			run(10, func(ctx context.Context, db *sql.DB) error {
				if err := adoptTables(ctx, db, prefix, collation, progress, mail); err != nil {
					return err
				}
				return numberOn(ctx, db, prefix)
			}),
		),
	)
}

// createVersionTable does what goose would, but survives a crash between its two statements.
func createVersionTable(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix) error {
	for _, query := range []string{
		`CREATE TABLE IF NOT EXISTS ` + versionTable + ` (
			id bigint unsigned NOT NULL AUTO_INCREMENT,
			version_id bigint NOT NULL,
			is_applied tinyint(1) NOT NULL,
			tstamp datetime NULL DEFAULT CURRENT_TIMESTAMP,
			PRIMARY KEY (id)
		) ENGINE=InnoDB`,
		`INSERT INTO ` + versionTable + ` (version_id, is_applied)
			SELECT 0, 1 FROM (SELECT COUNT(*) AS n FROM ` + versionTable + ` WHERE version_id = 0) AS zero WHERE n = 0`,
	} {
		if _, err := db.ExecContext(ctx, prefix.Expand(query)); err != nil {
			return err
		}
	}
	return nil
}

// siteCollation is that of WordPress's own tables, so that text of both can be compared. A network keeps
// its users under another prefix than a site's.
func siteCollation(ctx context.Context, db *sql.DB, prefix mysqldb.Prefix) (string, error) {
	const fallback = "utf8mb4_unicode_ci"
	users := prefix.Expand("{p}users")
	collations, err := mysqldb.Query(ctx, db, mysqldb.Value[string], `
		SELECT table_collation FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name IN (?, ?) AND table_collation LIKE 'utf8mb4\_%'
		ORDER BY table_name = ? DESC`,
		users, prefix.Expand("{p}posts"), users)
	if err != nil || len(collations) == 0 {
		return fallback, err
	}
	return collations[0], nil
}
