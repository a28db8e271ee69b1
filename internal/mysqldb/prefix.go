package mysqldb

import (
	"fmt"
	"strings"
)

// maxPrefix is the length of the longest identifier in MySQL.
const maxPrefix = 64

// Prefix is a site's table prefix, $table_prefix in its wp-config.php. It goes into SQL as it is: make one
// from foreign input with ParsePrefix only.
type Prefix string

// ParsePrefix accepts what WordPress does: letters, digits and underscores, also none at all.
func ParsePrefix(s string) (Prefix, error) {
	if len(s) > maxPrefix {
		return "", fmt.Errorf("mysqldb: table prefix of %d bytes, the limit is %d", len(s), maxPrefix)
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_':
		default:
			return "", fmt.Errorf("mysqldb: table prefix %q: only letters, digits and _ are allowed", s)
		}
	}
	return Prefix(s), nil
}

// Expand puts the prefix in the place of each {p} of query.
func (p Prefix) Expand(query string) string {
	return strings.ReplaceAll(query, "{p}", string(p))
}
