package mysqldb_test

import (
	"regexp"
	"strings"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
)

func TestParsePrefix(t *testing.T) {
	for s, ok := range map[string]bool{
		"":                      true,
		"wp_":                   true,
		"WP2_3_":                true,
		strings.Repeat("a", 64): true,
		strings.Repeat("a", 65): false,
		"wp-":                   false,
		"wp_`; DROP":            false,
		"w\u00fc_":              false,
		"{p}":                   false,
	} {
		p, err := mysqldb.ParsePrefix(s)
		if (err == nil) != ok {
			t.Errorf("ParsePrefix(%q): %v", s, err)
		}
		if ok && string(p) != s {
			t.Errorf("ParsePrefix(%q) = %q", s, p)
		}
	}
}

func TestExpand(t *testing.T) {
	got := mysqldb.Prefix("wp_").Expand("SELECT {p}a.id FROM {p}a WHERE x = '{q}'")
	if want := "SELECT wp_a.id FROM wp_a WHERE x = '{q}'"; got != want {
		t.Errorf("got %q", got)
	}
}

// Whatever ParsePrefix accepts is part of one identifier.
func FuzzParsePrefix(f *testing.F) {
	f.Add("wp_")
	f.Add("wp_`")
	word := regexp.MustCompile(`^[A-Za-z0-9_]{0,64}$`)
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := mysqldb.ParsePrefix(s); (err == nil) != (word.MatchString(s) && !strings.HasSuffix(s, "\n")) {
			t.Errorf("ParsePrefix(%q): %v", s, err)
		}
	})
}
