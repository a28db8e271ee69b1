package adminpage

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging"
)

// Every text that the page asks for is there, and none that it does not.
func TestTexts(t *testing.T) {
	t.Parallel()
	var known texts
	if err := json.Unmarshal(englishTexts(t), &known); err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(b)
		}
	}
	prefixes := []string{"error_", "month_", "day_", "meridiem_"}
	used := make(map[string]bool)
	for _, m := range regexp.MustCompile(`\b([TN])(?:\(| )"([a-z_]+)"`).FindAllStringSubmatch(sources.String(), -1) {
		key := m[2]
		if strings.HasSuffix(key, "_") {
			prefixes = append(prefixes, key)
			continue
		}
		used[key] = true
		text, ok := known[key]
		if !ok {
			t.Errorf("no text %q", key)
		} else if plural := m[1] == "N"; plural != (text.forms != nil) {
			t.Errorf("%q is used with %s", key, m[1])
		}
	}
	for key := range known {
		if !used[key] && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("nobody uses %q", key)
		}
	}
	for _, r := range messaging.ReportReasons {
		if known["report_"+string(r)].one == "" {
			t.Errorf("no text for report %s", r)
		}
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		args []any
		want string
	}{
		{"%s of %s", []any{1, 2}, "1 of 2"}, {"%2$s of %1$s", []any{1, 2}, "2 of 1"}, {"%s %%", []any{5}, "5 %"}, {"100 %", nil, "100 %"},
		{"%s and %s", []any{"%s"}, "%s and %s"}, {"%9$s", []any{1}, "%9$s"}, {"", []any{1}, ""},
	} {
		if got := fill(c.text, c.args); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	plural := text{forms: []string{"one", "few", "many"}, index: "2011" + strings.Repeat("2", 196)}
	for n, want := range map[int]string{0: "many", 1: "one", 2: "few", 5: "many", 201: "many", 1_000_001: "many", -1: "many"} {
		if got := plural.form(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestFormatDate(t *testing.T) {
	t.Parallel()
	var known texts
	if err := json.Unmarshal(englishTexts(t), &known); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 2, 3, 0, 7, 9, 0, time.UTC)
	for format, want := range map[string]string{
		"F j, Y": "February 3, 2026", "Y-m-d H:i:s": "2026-02-03 00:07:09", "D, d M y": "Tue, 03 Feb 26", "g:i a": "12:07 am", "h A G": "12 AM 0",
		`j\t\h`: "3th", "jS": "3rd", "l N w z n": "Tuesday 2 2 33 2", "c": "2026-02-03T00:07:09+00:00", "P O T": "+00:00 +0000 UTC",
	} {
		if got := formatDate(at, format, known); got != want {
			t.Errorf("%s: %s, want %s", format, got, want)
		}
	}
}

// Beside the number of a day, months are in the case that the language wants there, as in the rest of WordPress.
func TestFormatDateDeclinesMonths(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 3, 0, 7, 9, 0, time.UTC)
	polish := texts{"month_2": {one: "luty"}, "month_short_2": {one: "lut"}, "month_genitive_1": {one: "stycznia"}, "month_genitive_2": {one: "lutego"}}
	for format, want := range map[string]string{
		"j F Y": "3 lutego 2026", "d. F": "03. lutego", "F j, Y": "3 lutego, 2026", "F jS, Y": "3 lutego, 2026", "F d": "03 lutego",
		"F Y": "luty 2026", "Y F": "2026 luty", "j M Y": "3 lut 2026", `\F j`: "F 3",
	} {
		if got := formatDate(at, format, polish); got != want {
			t.Errorf("%s: %s, want %s", format, got, want)
		}
	}
}
