package testdb

import (
	_ "embed"
	"testing"
)

// SiteURL is the site of the WordPress fixture, its options siteurl and home.
const SiteURL = "http://site.test"

var (
	//go:embed wordpress.sql
	wordpressSQL string

	//go:embed jetonomy.sql
	jetonomySQL string
)

// WordPress creates WordPress's tables users, usermeta and options, and the options of a site at SiteURL
// in UTC, with the roles that WordPress and Jetonomy define and Private Messaging switched on.
func (d *DB) WordPress(t testing.TB) {
	t.Helper()
	for _, s := range statements(wordpressSQL) {
		d.Exec(t, s)
	}
	d.SetOption(t, "siteurl", SiteURL)
	d.SetOption(t, "home", SiteURL)
	d.SetOption(t, "gmt_offset", "0")
	d.SetOption(t, "timezone_string", "")
	d.SetOption(t, "avatar_default", "mystery")
	d.SetOption(t, "avatar_rating", "G")
	d.SetOption(t, "show_avatars", "1")
	d.SetOption(t, "jetonomy_pro_extensions", phpList("private-messaging"))
	d.SetOption(t, string(d.Prefix)+"user_roles", phpRoles(roles))
}

// Jetonomy creates the tables of Jetonomy's free edition that are read.
func (d *DB) Jetonomy(t testing.TB) {
	t.Helper()
	for _, s := range statements(jetonomySQL) {
		d.Exec(t, s)
	}
}

// SetOption writes an option as WordPress stores it: anything but text has to be serialized.
func (d *DB) SetOption(t testing.TB, name, value string) {
	t.Helper()
	d.Exec(t, `INSERT INTO {p}options (option_name, option_value) VALUES (?, ?)
		ON DUPLICATE KEY UPDATE option_value = VALUES(option_value)`, name, value)
}
