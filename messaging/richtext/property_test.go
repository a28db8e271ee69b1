package richtext

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// words are pieces of plain text that look like marks and are none, and of every kind of script.
var words = []string{
	"a", "Hello", "24.", "3)", "5 * 3", "2*3*4", "snake_case", ":-)", ":_(", ">:(", "<3", "<b>", "</div>", "&amp;", "&", "a<b",
	"#1", "# x", "|", "---", "===", "~", "+ x", "$x", "%", "^_^", "C:\\dir", "\\", "[x]", "[a][b]", "x[0](y)", "![i](j)",
	"https://example.org/a_b", "http://x", "(https://x.y)", "www.x.y", "a@b.c", "日本語", "שלום", "مرحبا", "ไทย", "é", "e\u0301",
	"👩‍👩‍👧", "❤️", "🇩🇪", "\u200b", "\u202e", "\ufeff", "\u00a0", "\"q\"", "'s", "…", "¿qué?", "\t", "   ", "_", "~~x~~", "@anna", "1 - 2",
}

func TestPlainTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom(words), 1, 20).Draw(t, "words")
		var b strings.Builder
		for _, piece := range pieces {
			b.WriteString(piece)
			b.WriteString(rapid.SampledFrom([]string{" ", " ", "  ", ", ", "\n", "\n\n", "\r\n", "\n    "}).Draw(t, "between"))
		}
		text := b.String()
		html, plain := Render(text)
		if want := strings.TrimSpace(cleanText(text)); plain != want {
			t.Fatalf("typed %q\n got  %q", want, plain)
		}
		checkRender(t, text)
		if got, want := letters(Plain(html)), letters(plain); got != want {
			t.Fatalf("the HTML of %q says %q", want, got)
		}
	})
}

func letters(s string) string { return strings.Join(strings.Fields(s), "") }

func TestMarkdownComesOut(t *testing.T) {
	marks := append([]string{
		"**", "*", "_", "__", "***", "`", "``", "```", "```\n", "> ", ">", "- ", "* ", "1. ", "2. ", "  ", "    ", "[", "]", "](", ")",
		"](https://x.y)", "](javascript:x)", "\\", "\n", "\n\n", "https://x.y/", "![",
	}, words...)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(marks), 1, 40).Draw(t, "text"), "")
		checkRender(t, text)
		checkSanitize(t, text)
	})
}

func TestHTMLComesOut(t *testing.T) {
	tags := append([]string{
		"<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href=https://x.y>", "<a href=https://z>", "</a>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>",
		"</li>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<br>", "<div>", "</div>", "<table>", "<tr>", "<td>",
		"</table>", "<h1>", "</h1>", "<img src=https://x.y alt=z>", "<script>", "</script>", "<!--", "-->", "<svg>", "</svg>", "<select>",
		"<option>", "<button>", "</button>", "<form>", "<del>", "<u>", "&nbsp;", "&#10;", "&#13;", "\n", "\n\n", " ", "<dl>", "<dt>", "<marquee>",
		"<template>", "<textarea>", "</textarea>", "<math>", "<mtext>", "<style>", "</style>",
	}, words...)
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(rapid.SampledFrom(tags), 1, 40).Draw(t, "html"), "")
		checkSanitize(t, in)
	})
}
