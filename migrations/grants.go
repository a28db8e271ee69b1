package migrations

import _ "embed"

var (
	//go:embed grants.sql
	grants string

	//go:embed grants_migrate.sql
	migrateGrants string
)

// Grants is what the service's database user must be allowed, table by table, as GRANT statements in which
// {db}, {p} and {user} stand for the database, the table prefix and the user ('name'@'host').
func Grants() string { return grants }

// MigrateGrants is what the database user of Up must be allowed, in the same form.
func MigrateGrants() string { return migrateGrants }
