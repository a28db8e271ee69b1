package richtext

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// limit is the most characters a message has.
const limit = 10000

// fill repeats s up to the limit.
func fill(s string) string {
	return strings.Repeat(s, limit/len([]rune(s)))
}

// hard collects texts that parsers of Markdown are slow with.
var hard = map[string]string{
	"quotes":             fill(">"),
	"quotes, spaced":     fill("> ") + "a",
	"quotes, lines":      fill("> > > > > > > > a\n"),
	"quotes, falling":    steps("> ", 100),
	"brackets":           fill("["),
	"brackets, closed":   fill("[") + fill("]")[:limit/2],
	"bracket pairs":      strings.Repeat("[", limit/2) + strings.Repeat("]", limit/2),
	"brackets, text":     fill("[a"),
	"links":              fill("[a](https://b.c)"),
	"links, open":        fill("[a](https://b.c"),
	"links, in links":    strings.Repeat("[", limit/20) + "a" + strings.Repeat("](https://b.c)", limit/20),
	"links, refused":     strings.Repeat("[", limit/10) + "a" + strings.Repeat("](b)", limit/10),
	"links, empty":       fill("[]()"),
	"links, brackets":    fill("[a](<b"),
	"links, titles":      fill(`[a](b "`),
	"images":             fill("![a]("),
	"references":         fill("[a][b]"),
	"stars":              fill("*"),
	"stars, spaced":      fill("* "),
	"stars, words":       fill("*a "),
	"stars, closing":     fill("a* "),
	"stars, both":        fill("*a* "),
	"stars, nested":      strings.Repeat("*a ", limit/6) + strings.Repeat("a* ", limit/6),
	"stars, alternating": strings.Repeat("*a **b ", limit/14) + strings.Repeat("b** a* ", limit/14),
	"stars, faces":       strings.Repeat("*(", limit/4) + strings.Repeat(")*", limit/4),
	"stars, mixed":       fill("*a _b "),
	"stars, unpaired":    strings.Repeat("*a ", limit/6) + strings.Repeat("a_ ", limit/6),
	"stars, triple":      strings.Repeat("***a ", limit/10) + strings.Repeat("a** a* ", limit/14),
	"stars in brackets":  fill("[*a](b)"),
	"underscores":        fill("_"),
	"underscores, words": fill("_a_b"),
	"backticks":          fill("`"),
	"backticks, words":   fill("`a``b"),
	"backticks, rising":  rising("`", "a"),
	"backslashes":        fill("\\"),
	"escapes":            fill("\\*"),
	"escapes, words":     fill(" \\*a\\*"),
	"fences":             fill("```\n"),
	"fences, open":       fill("```a\n"),
	"fences, rising":     rising("`", "\n"),
	"fences, falling":    falling("`", "x\n"),
	"lists":              fill("- a\n"),
	"lists, nested":      steps("  ", 100),
	"lists, one line":    fill("- ") + "a",
	"lists, numbers":     fill("1. a\n"),
	"lists, failing":     fill("1. a\n5. b\n"),
	"lists, changing":    fill("- a\n* b\n"),
	"lists, blank":       "- a" + fill("\n"),
	"lists, continued":   "- a" + fill("\n  a"),
	"lists, three":       fill("- a\n * b\n   - c\n"),
	"lists and quotes":   fill("- > "),
	"lists in quotes":    fill("> - a\n"),
	"addresses":          fill("https://a.b "),
	"addresses, long":    "https://a.b/" + fill("(a)"),
	"addresses, colons":  fill("http://"),
	"addresses, failing": fill("https://@"),
	"addresses, host":    "https://" + fill("ä") + ".de",
	"colons":             fill("://"),
	"tags":               fill("<b>"),
	"tags, open":         fill("<a "),
	"comments":           fill("<!--"),
	"entities":           fill("&amp;"),
	"lines":              fill("a\n"),
	"blank lines":        "a" + fill("\n") + "b",
	"spaces":             "a" + fill(" ") + "b",
	"tabs":               fill("\ta\n"),
	"wide":               fill("字"),
	"accents":            "a" + fill("\u0301"),
	"everything":         fill("**a** _b_ `c` [d](https://e.f) https://g.h\n> i\n\n- j\n- k\n\n"),
}

// steps is a list or quote that goes one level deeper on each line.
func steps(indent string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(indent, i) + "- a\n")
	}
	return b.String()
}

func rising(mark, between string) string {
	var b strings.Builder
	for i := 1; b.Len() < limit; i++ {
		b.WriteString(strings.Repeat(mark, i) + between)
	}
	return b.String()
}

func falling(mark, between string) string {
	var b strings.Builder
	for i := 138; i > 0; i-- {
		b.WriteString(strings.Repeat(mark, i) + between)
	}
	return b.String()
}

// hang is no measure of speed, which BenchmarkHard takes: what ends at all ends in hundredths of it with the race
// detector, and a text that a parser is of cubic cost with would take hours.
const hang = 30 * time.Second

func TestCostIsBounded(t *testing.T) {
	for name, text := range hard {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			html, plain := Render(text)
			if took := time.Since(start); took > hang {
				t.Errorf("Render took %v", took)
			}
			start = time.Now()
			again := Sanitize(html)
			Sanitize(text)
			Plain(html)
			Preview(plain, 255)
			if took := time.Since(start); took > hang {
				t.Errorf("Sanitize, Plain and Preview took %v", took)
			}
			if again != html {
				t.Error("Sanitize changed what Render made")
			}
			if len(html) > 40*len(text)+100 {
				t.Errorf("%d bytes became %d", len(text), len(html))
			}
		})
	}
}

func TestCostOfForeignHTML(t *testing.T) {
	for _, tag := range []string{"<b>", "<a href=https://x.y>", "<p>", "<div>", "<ul><li>", "<table>", "<blockquote>", "<b><p>", "<a><b><p>",
		"</p>", "<br>", "<font color=a>", "<svg>", "<select>", "<button>", "<form>", "<pre>", "<!--", "<nobr>", "<table><td>", "&amp;", "<"} {
		start := time.Now()
		Sanitize("<p>" + strings.Repeat(tag+"x", 4*limit/len(tag)))
		if took := time.Since(start); took > hang {
			t.Errorf("%s took %v", tag, took)
		}
	}
}

func BenchmarkHard(b *testing.B) {
	for name, text := range hard {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				Render(text)
			}
		})
	}
}

const usual = "Hi **Anna**, did you see https://example.org/events/42?\n\n- Saturday\n- Sunday\n\nTell me by *Friday* :-)"

func BenchmarkRender(b *testing.B) {
	for b.Loop() {
		Render(usual)
	}
}

func BenchmarkSanitize(b *testing.B) {
	html, _ := Render(usual)
	for name, in := range map[string]string{"usual": html, "text": "left the conversation", "long": strings.Repeat(html, 40)} {
		b.Run(fmt.Sprint(name, "-", len(in)), func(b *testing.B) {
			for b.Loop() {
				Sanitize(in)
			}
		})
	}
}
