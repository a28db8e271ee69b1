package testdb

import (
	"fmt"
	"strings"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
)

// UserOption changes what AddUser and AddUsers insert.
type UserOption func(*user)

type user struct {
	login       string
	displayName string
	email       string
	role        string
	trust       int
	profile     bool
}

// DisplayName is the user's name as others see it; the login, capitalised, without this option.
func DisplayName(name string) UserOption {
	return func(u *user) { u.displayName = name }
}

// Email is the user's address; LOGIN@site.test without this option.
func Email(address string) UserOption {
	return func(u *user) { u.email = address }
}

// Role is the user's role, subscriber without this option; "" for none.
func Role(role string) UserOption {
	return func(u *user) { u.role = role }
}

// Trust gives the user a profile of this trust level. Without this option the user has no profile row, as
// a member of a real site that Jetonomy hasn't met yet, and counts as level 0. It needs Jetonomy's tables.
func Trust(level int) UserOption {
	return func(u *user) { u.trust, u.profile = level, true }
}

// AddUser inserts a user and returns the id. Logins must be unique.
func (d *DB) AddUser(t testing.TB, login string, opts ...UserOption) uint64 {
	t.Helper()
	return d.insertUsers(t, []user{newUser(login, opts)})[0]
}

// AddUsers inserts n users, each with the same options, and returns their ids in ascending order. Their
// logins are member1, member2 and so on, through all calls. It is fast enough for a hundred thousand.
func (d *DB) AddUsers(t testing.TB, n int, opts ...UserOption) []uint64 {
	t.Helper()
	const chunk = 1000
	ids := make([]uint64, 0, n)
	for len(ids) < n {
		users := make([]user, min(chunk, n-len(ids)))
		for i := range users {
			users[i] = newUser(fmt.Sprint("member", d.members.Add(1)), opts)
		}
		ids = append(ids, d.insertUsers(t, users)...)
	}
	return ids
}

func newUser(login string, opts []UserOption) user {
	u := user{login: login, displayName: login, email: login + "@site.test", role: "subscriber"}
	if login != "" {
		u.displayName = strings.ToUpper(login[:1]) + login[1:]
	}
	for _, opt := range opts {
		opt(&u)
	}
	return u
}

// insertUsers returns the ids in ascending order.
func (d *DB) insertUsers(t testing.TB, users []user) []uint64 {
	t.Helper()
	const registered = "2024-01-01 00:00:00"

	insert := rows{into: "INSERT INTO {p}users (user_login, user_pass, user_nicename, user_email, user_registered, display_name) VALUES "}
	logins := make([]any, len(users))
	for i, u := range users {
		logins[i] = u.login
		insert.add(u.login, "!", u.login, u.email, registered, u.displayName)
	}
	insert.exec(t, d)

	byLogin := make(map[string]uint64, len(users))
	ids, err := mysqldb.Query(t.Context(), d.DB, func(s mysqldb.Scanner) (uint64, error) {
		var id uint64
		var login string
		err := s.Scan(&id, &login)
		byLogin[login] = id
		return id, err
	}, d.Prefix.Expand("SELECT ID, user_login FROM {p}users WHERE user_login IN ("+mysqldb.Placeholders(len(users))+") ORDER BY ID"), logins...)
	if err != nil {
		t.Fatalf("testdb: read the new users: %v", err)
	}
	if len(ids) != len(users) {
		t.Fatalf("testdb: %d users have the logins of %d new ones", len(ids), len(users))
	}

	meta := rows{into: "INSERT INTO {p}usermeta (user_id, meta_key, meta_value) VALUES "}
	profiles := rows{into: "INSERT INTO {p}jt_user_profiles (user_id, display_name, trust_level, created_at) VALUES "}
	for _, u := range users {
		id := byLogin[u.login]
		var granted []string
		if u.role != "" {
			granted = []string{u.role}
		}
		meta.add(id, string(d.Prefix)+"capabilities", phpGrants(granted))
		if u.profile {
			profiles.add(id, u.displayName, u.trust, registered)
		}
	}
	meta.exec(t, d)
	profiles.exec(t, d)
	return ids
}

// rows is one INSERT of many rows.
type rows struct {
	into   string
	values []string
	args   []any
}

func (r *rows) add(args ...any) {
	r.values = append(r.values, "("+mysqldb.Placeholders(len(args))+")")
	r.args = append(r.args, args...)
}

func (r *rows) exec(t testing.TB, d *DB) {
	t.Helper()
	if len(r.values) > 0 {
		d.Exec(t, r.into+strings.Join(r.values, ", "), r.args...)
	}
}
