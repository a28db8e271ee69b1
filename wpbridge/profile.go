package wpbridge

import (
	"database/sql"
	"net/url"
	"strconv"
	"strings"
)

// Profile is what any member may see of another. A Profile with ID 0 is of somebody whose account is gone.
type Profile struct {
	ID          uint64
	Login       string
	DisplayName string // plain text, as [PlainName] gives it

	avatar    string // Jetonomy's own, as it is stored
	emailHash string // SHA-256, hexadecimal; empty for an account without an address
	gravatar  gravatar
}

// Exists reports whether the account exists.
func (p Profile) Exists() bool { return p.ID != 0 }

// AvatarURL gives the picture that WordPress and Jetonomy show: the one uploaded to Jetonomy, else
// Gravatar's, that many pixels wide. Plugins that filter avatars in WordPress have no say here.
func (p Profile) AvatarURL(size int) string {
	if u, err := url.Parse(p.avatar); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return p.avatar
	}
	return p.gravatar.url(p.emailHash, size)
}

// gravatar is the site's choice on Settings → Discussion.
type gravatar struct {
	fallback string // picture for addresses that Gravatar does not know; empty for Gravatar's own
	rating   string
}

// newGravatar maps the options avatar_default and avatar_rating as get_avatar_data() does.
func newGravatar(fallback, rating string) gravatar {
	switch fallback {
	case "", "mystery", "mm", "mysteryman":
		fallback = "mm"
	case "gravatar_default":
		fallback = ""
	}
	if rating == "" {
		rating = "g"
	}
	return gravatar{fallback: fallback, rating: strings.ToLower(rating)}
}

func (g gravatar) url(hash string, size int) string {
	var b strings.Builder
	b.WriteString("https://secure.gravatar.com/avatar/")
	b.WriteString(hash)
	b.WriteString("?s=")
	b.WriteString(strconv.Itoa(size))
	if g.fallback != "" {
		b.WriteString("&d=")
		b.WriteString(rawURLEncode(g.fallback))
	}
	b.WriteString("&r=")
	b.WriteString(rawURLEncode(g.rating))
	return b.String()
}

// rawURLEncode is PHP's function of that name.
func rawURLEncode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// ProfileSQL gives the columns and the joins that fill a [Profile] in a query of another package, for a
// user id such as "m.sender_id". The columns are read by [Profile.Dest]; alias names the joined row of
// the users, and must be unused in the query, also with "_jt" behind it. Without the account all columns
// are NULL.
//
// The texts depend on which tables the site has at the moment: ask anew for every query. The hash of an
// e-mail address is made by the database, so that no address ever enters this process.
func (s *Site) ProfileSQL(userID, alias string) (columns, joins string) {
	tables := s.options.Snapshot().Jetonomy
	joins = "LEFT JOIN {p}users " + alias + " ON " + alias + ".ID = " + userID + " " + profileJoin(alias, tables)
	return profileColumns(alias, tables), s.prefix.Expand(joins)
}

func profileColumns(alias string, tables JetonomyTables) string {
	avatar := "NULL"
	if tables.Profiles {
		avatar = alias + "_jt.avatar_url"
	}
	return strings.ReplaceAll("u.ID, u.user_login, u.display_name, "+
		"CASE WHEN u.user_email = '' THEN '' ELSE SHA2(LOWER(TRIM(u.user_email)), 256) END, ", "u.", alias+".") + avatar
}

func profileJoin(alias string, tables JetonomyTables) string {
	if !tables.Profiles {
		return ""
	}
	return "LEFT JOIN {p}jt_user_profiles " + alias + "_jt ON " + alias + "_jt.user_id = " + alias + ".ID"
}

// Dest gives the scan destinations of the columns of [Site.ProfileSQL], in their order. Scanning replaces
// all of p.
func (p *Profile) Dest(s *Site) []any { return p.dest(s.options.Snapshot()) }

func (p *Profile) dest(snapshot *Snapshot) []any {
	p.gravatar = snapshot.gravatar
	return []any{orZero(&p.ID), orZero(&p.Login), plainName{&p.DisplayName}, orZero(&p.emailHash), orZero(&p.avatar)}
}

// nullable scans NULL as the zero value.
type nullable[T any] struct{ to *T }

func orZero[T any](to *T) nullable[T] { return nullable[T]{to} }

// Scan implements [sql.Scanner].
func (n nullable[T]) Scan(value any) error {
	var v sql.Null[T]
	if err := v.Scan(value); err != nil {
		return err
	}
	*n.to = v.V
	return nil
}
