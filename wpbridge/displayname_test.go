package wpbridge

import (
	"html"
	"testing"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/internal/testdb"
)

// TestVectorsOfDisplayNames reads names as WordPress stores them. The plugin's tests have it store them.
func TestVectorsOfDisplayNames(t *testing.T) {
	t.Parallel()
	f := newFixture(t, withoutJetonomy{})
	v := readVectors(t)
	if len(v.DisplayNames) == 0 {
		t.Fatal("there are none")
	}
	for _, tt := range v.DisplayNames {
		id := f.AddUsers(t, 1, testdb.DisplayName(tt.Stored))[0]
		if got := f.member(t, id).DisplayName; got != tt.Plain {
			t.Errorf("%s: %s, want %s", tt.Stored, got, tt.Plain)
		}
		got, err := mysqldb.QueryRow(t.Context(), f.DB.DB, mysqldb.Value[string],
			f.Prefix.Expand("SELECT "+PlainNameSQL("u.display_name")+" FROM {p}users u WHERE u.ID = ?"), id)
		if err != nil || got != tt.Plain {
			t.Errorf("%s in SQL: %s, %v, want %s", tt.Stored, got, err, tt.Plain)
		}
	}
}

func TestPlainName(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string]string{
		"":                          "",
		"member1":                   "member1",
		"R&D":                       "R&D", // never went through WordPress's filters
		"&ampere; &lt &#39 &#1039;": "&ampere; &lt &#39 &#1039;",
		"&#38;&#038;&#x0026;&#X26;": "&&&&",
		"&#038;lt;":                 "&lt;",
		"&#10;&#60;":                "&#10;<", // a line break in a name is none of a mail's headers
	} {
		if got := PlainName(stored); got != want {
			t.Errorf("%q: %q, want %q", stored, got, want)
		}
	}
}

// Whatever is escaped once is the same after it.
func FuzzPlainName(f *testing.F) {
	for _, v := range readVectors(f).DisplayNames {
		f.Add(v.Typed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if got := PlainName(html.EscapeString(name)); got != name {
			t.Errorf("%q comes back as %q", name, got)
		}
	})
}
