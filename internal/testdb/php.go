package testdb

import (
	"fmt"
	"strings"
)

// role is one of the site's roles, with the capabilities that make a difference here.
type role struct {
	slug, name   string
	capabilities []string
}

// roles are WordPress's own, in its order, with what Jetonomy adds on activation.
var roles = []role{
	{"administrator", "Administrator", []string{"manage_options", "list_users", "edit_posts", "read", "level_10", "jetonomy_moderate", "jetonomy_manage_settings"}},
	{"editor", "Editor", []string{"edit_others_posts", "edit_posts", "read", "level_7", "jetonomy_moderate"}},
	{"author", "Author", []string{"edit_posts", "read", "level_2"}},
	{"contributor", "Contributor", []string{"edit_posts", "read", "level_1"}},
	{"subscriber", "Subscriber", []string{"read", "level_0"}},
}

// The functions below write the few shapes of PHP's serialize format that the fixtures need.

func phpString(s string) string {
	return fmt.Sprintf(`s:%d:"%s";`, len(s), s) // not %q: the format has no escapes
}

// phpArray writes an array of n entries, its keys and values in turn.
func phpArray(n int, entries string) string {
	return fmt.Sprintf("a:%d:{%s}", n, entries)
}

func phpList(values ...string) string {
	var b strings.Builder
	for i, v := range values {
		fmt.Fprintf(&b, "i:%d;%s", i, phpString(v))
	}
	return phpArray(len(values), b.String())
}

// phpGrants is a map of each name to true, as roles hold capabilities and users hold roles.
func phpGrants(names []string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(phpString(name) + "b:1;")
	}
	return phpArray(len(names), b.String())
}

func phpRoles(roles []role) string {
	var b strings.Builder
	for _, r := range roles {
		b.WriteString(phpString(r.slug) + phpArray(2,
			phpString("name")+phpString(r.name)+
				phpString("capabilities")+phpGrants(r.capabilities)))
	}
	return phpArray(len(roles), b.String())
}
