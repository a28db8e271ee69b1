package richtext

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// writeHTML writes a document in the one form that parseHTML gives back unchanged.
func writeHTML(doc []block) string {
	var w htmlWriter
	w.blocks(doc)
	return w.String()
}

type htmlWriter struct {
	strings.Builder
}

func (w *htmlWriter) blocks(blocks []block) {
	for _, b := range blocks {
		w.block(b)
	}
}

func (w *htmlWriter) block(b block) {
	switch b.kind {
	case paragraph:
		w.WriteString(`<p dir="auto">`)
		w.runs(b.runs)
		w.WriteString("</p>")
	case codeBlock:
		w.WriteString("<pre><code>" + html.EscapeString(b.code) + "</code></pre>")
	case quote:
		w.WriteString("<blockquote>")
		w.blocks(b.children)
		w.WriteString("</blockquote>")
	case list:
		name, start := "ul", ""
		if b.ordered {
			name = "ol"
			if b.start != 1 {
				start = ` start="` + strconv.Itoa(b.start) + `"`
			}
		}
		w.WriteString("<" + name + ` dir="auto"` + start + ">")
		w.blocks(b.children)
		w.WriteString("</" + name + ">")
	case item:
		w.WriteString("<li>")
		children := b.children
		if len(children) > 0 && children[0].kind == paragraph {
			w.runs(children[0].runs)
			children = children[1:]
		}
		w.blocks(children)
		w.WriteString("</li>")
	}
}

var markTags = []struct {
	mark marks
	name string
}{
	{strong, "strong"}, {emphasis, "em"}, {underline, "u"}, {strike, "s"}, {deleted, "del"}, {code, "code"},
}

// runs writes a paragraph's text; tags stay open from one run to the next as far as they agree.
func (w *htmlWriter) runs(runs []run) {
	var open, want []string // opening tags without their brackets
	for _, r := range runs {
		want = want[:0]
		if r.href != "" {
			want = append(want, `a href="`+html.EscapeString(r.href)+`" rel="`+linkRel+`" target="_blank"`)
		}
		for _, tag := range markTags {
			if r.marks&tag.mark != 0 {
				want = append(want, tag.name)
			}
		}
		same := 0
		for same < len(open) && same < len(want) && open[same] == want[same] {
			same++
		}
		w.closeTags(open[same:])
		for _, tag := range want[same:] {
			w.WriteString("<" + tag + ">")
		}
		open = append(open[:same], want[same:]...)
		w.WriteString(strings.ReplaceAll(html.EscapeString(r.text), "\n", "<br>"))
	}
	w.closeTags(open)
}

func (w *htmlWriter) closeTags(tags []string) {
	for i := len(tags) - 1; i >= 0; i-- {
		name, _, _ := strings.Cut(tags[i], " ")
		w.WriteString("</" + name + ">")
	}
}

const linkRel = "nofollow ugc noopener"

// wall allows exactly what writeHTML writes. It is made apart from it on purpose: should a way in or
// the writer ever let something through, it ends here.
var wall = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "u", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^auto$`)).OnElements("p", "ul", "ol")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + linkRel + "$")).OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile("^_blank$")).OnElements("a")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https", "mailto")
	return p
}()

func secondWall(s string) string { return wall.Sanitize(s) }
