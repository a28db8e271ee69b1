package richtext

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestPreview(t *testing.T) {
	family := "👩‍👩‍👧"
	tests := []struct {
		name, plain string
		max         int
		want        string
	}{
		{"short", "Hello", 10, "Hello"},
		{"exact", "Hello", 5, "Hello"},
		{"cut", "Hello you", 7, "Hello…"},
		{"cut in a word", "Hello you", 8, "Hello y…"},
		{"folded", " a\r\n\n b\t c ", 20, "a b c"},
		{"folded and exact", "a  b\n", 3, "a b"},
		{"controls", "a\x1b[31m\u0085b", 20, "a [31m b"},
		{"nothing", "a", 0, ""},
		{"negative", "a", -1, ""},
		{"one", "ab", 1, "…"},
		{"family whole", family + "x", 6, family + "x"},
		{"family not cut", "ab" + family + "x", 6, "ab…"},
		{"flags by pairs", "🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"},
		{"flags whole", "🇩🇪🇫🇷🇮🇹", 5, "🇩🇪🇫🇷…"},
		{"accent", "ae\u0301\u0302z", 3, "a…"},
		{"skin tone", "a👍🏽b", 3, "a…"},
		{"variation selector", "a❤️b", 3, "a…"},
		{"flag of Scotland", "a🏴󠁧󠁢󠁳󠁣󠁴󠁿b", 5, "a…"},
		{"conjunct", "aक्षि", 4, "a…"},
		{"Hangul letters", "a\u1112\u1161\u11ab\u1100", 3, "a…"},
		{"Hangul syllables", "한국어입니다", 3, "한국…"},
		{"one longer than all", strings.Repeat("e\u0301\u0301\u0301", 1) + "abc", 3, "e\u0301…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Preview(tt.plain, tt.max); got != tt.want {
				t.Errorf("Preview(%+q, %d) = %+q, want %+q", tt.plain, tt.max, got, tt.want)
			}
		})
	}
}

func TestPreviewProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.String().Draw(t, "plain")
		max := rapid.IntRange(0, 40).Draw(t, "max")
		got := Preview(plain, max)
		if n := utf8.RuneCountInString(got); n > max {
			t.Fatalf("%d characters: %q", n, got)
		}
		folded := strings.Join(strings.Fields(got), " ")
		if got != folded && !strings.ContainsRune(got, utf8.RuneError) {
			t.Fatalf("not folded: %q", got)
		}
		if again := Preview(got, max); again != got {
			t.Fatalf("Preview(%q) = %q, and again %q", plain, got, again)
		}
	})
}
