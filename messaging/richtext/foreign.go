package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parseHTML reads any HTML into a document. It never fails: what cannot be read as HTML is text.
func parseHTML(s string) []block {
	hasTags, hasBlocks := scanTags(s)
	if !hasTags {
		return textBlocks(cleanText(html.UnescapeString(s)))
	}
	if len(s) > maxInput {
		return textBlocks(stripTags(s))
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(strings.NewReader(s), body, html.ParseOptionEnableScripting(false))
	if err != nil { // nested beyond the parser's limit
		return textBlocks(stripTags(s))
	}
	b := builder{keepLines: !hasBlocks}
	for _, n := range nodes {
		b.node(n, style{})
	}
	b.flush()
	return b.out
}

// builder collects the blocks of one container: the document, a quote or an item.
type builder struct {
	out       []block
	runs      []run // of the paragraph that is open
	space     bool  // white space with a line break came last; it counts only when text follows
	keepLines bool  // line breaks of the source are line breaks
	inItem    bool
	depth     int
}

// flush ends the paragraph.
func (b *builder) flush() {
	if runs := trimRuns(b.runs); runs != nil {
		b.add(block{kind: paragraph, runs: runs})
	}
	b.runs, b.space = nil, false
}

// add appends a block. Blocks stand one line apart, in an item close together.
func (b *builder) add(bl block) {
	if len(b.out) > 0 && !b.inItem {
		bl.gap = 1
	}
	b.out = append(b.out, bl)
}

func (b *builder) nodes(parent *html.Node, st style) {
	for n := parent.FirstChild; n != nil; n = n.NextSibling {
		b.node(n, st)
	}
}

func (b *builder) node(n *html.Node, st style) {
	switch n.Type {
	case html.TextNode:
		b.text(n.Data, st)
	case html.ElementNode:
		if n.Namespace == "" {
			b.element(n, st)
		}
	}
}

func (b *builder) element(n *html.Node, st style) {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Title, atom.Noscript, atom.Iframe, atom.Object, atom.Embed,
		atom.Noembed, atom.Noframes, atom.Xmp, atom.Plaintext, atom.Select, atom.Textarea, atom.Canvas:
		// no text for readers
	case atom.Br:
		b.space = false
		b.runs = appendRun(b.runs, "\n", st)
	case atom.Img:
		b.image(n, st)
	case atom.Video, atom.Audio:
		b.linked(attr(n, "src"), attr(n, "src"), st)
		b.nodes(n, st)
	case atom.A:
		if href, ok := cleanURL(attr(n, "href")); ok {
			st.href = href
		}
		b.nodes(n, st)
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		st.marks |= code
		b.nodes(n, st)
	case atom.Pre, atom.Listing:
		b.flush()
		if text := trimCode(preText(n)); !isBlankLine(text) {
			b.add(block{kind: codeBlock, code: text})
		}
	case atom.Blockquote, atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		b.container(n, st)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		st.marks |= strong
		b.separate(n, st)
	case atom.Td, atom.Th:
		b.nodes(n, st)
		b.space = true // the next cell
	default:
		if mark, ok := inlineMarks[n.DataAtom]; ok {
			st.marks |= mark
		}
		if isBlockElement[n.Data] {
			b.separate(n, st)
		} else {
			b.nodes(n, st)
		}
	}
}

var inlineMarks = map[atom.Atom]marks{
	atom.B: strong, atom.Strong: strong,
	atom.I: emphasis, atom.Em: emphasis, atom.Cite: emphasis, atom.Dfn: emphasis, atom.Var: emphasis,
	atom.U: underline, atom.Ins: underline,
	atom.S: strike, atom.Strike: strike, atom.Del: deleted,
}

// separate reads a block element without a form of its own as paragraphs.
func (b *builder) separate(n *html.Node, st style) {
	b.flush()
	b.nodes(n, st)
	b.flush()
}

// image makes a link of an image; of WordPress's emoji images the character they stand for.
func (b *builder) image(n *html.Node, st style) {
	alt := strings.TrimSpace(attr(n, "alt"))
	class := attr(n, "class")
	if alt != "" && (strings.Contains(class, "emoji") || strings.Contains(class, "wp-smiley")) {
		b.text(alt, st)
		return
	}
	b.linked(attr(n, "src"), alt, st)
}

// linked adds a link to what is not shown here, named by its label or its address.
func (b *builder) linked(address, label string, st style) {
	href, ok := cleanURL(address)
	if ok && st.href == "" {
		st.href = href
	}
	if isBlank(label) {
		label = href
	}
	b.text(label, st)
}

// container reads a quote or a list; nested too deep, only its text.
func (b *builder) container(n *html.Node, st style) {
	b.flush()
	if b.depth >= maxDepth {
		b.separate(n, st)
		return
	}
	inner := builder{keepLines: b.keepLines, depth: b.depth + 1}
	if n.DataAtom == atom.Blockquote {
		inner.nodes(n, st)
		inner.flush()
		if len(inner.out) > 0 {
			b.add(block{kind: quote, children: inner.out})
		}
		return
	}
	items := inner.items(n, st)
	if len(items) > 0 {
		b.add(block{kind: list, ordered: n.DataAtom == atom.Ol, start: startOf(n), children: items})
	}
}

// items reads the items of a list. What stands in a list outside an item belongs to the item before.
func (b *builder) items(list *html.Node, st style) []block {
	var items []block
	end := func() {
		b.flush()
		if len(b.out) > 0 {
			items = append(items, block{kind: item, children: b.out})
		}
		b.out = nil
	}
	b.inItem = true
	for n := list.FirstChild; n != nil; n = n.NextSibling {
		if n.DataAtom == atom.Li {
			end()
			b.nodes(n, st)
			b.flush()
			continue
		}
		b.node(n, st)
	}
	end()
	return items
}

func startOf(n *html.Node) int {
	if start, err := strconv.Atoi(attr(n, "start")); err == nil && n.DataAtom == atom.Ol && start >= 0 && start < 1e6 {
		return start
	}
	return 1
}

// text adds text. Where the source's line breaks do not count, white space with one in it is a space
// between words; other white space stays as it is, since Render writes it so.
func (b *builder) text(s string, st style) {
	s = cleanText(s)
	if b.keepLines {
		b.lines(s, st)
		return
	}
	for s != "" {
		word, space, rest := cutBreak(s)
		if word != "" {
			if n := len(b.runs); b.space && n > 0 && !strings.HasSuffix(b.runs[n-1].text, "\n") {
				b.runs = appendRun(b.runs, " ", common(b.runs[n-1].style, st))
			}
			b.runs = appendRun(b.runs, word, st)
			b.space = false
		}
		b.space = b.space || space
		s = rest
	}
}

// common is what two styles share.
func common(a, b style) style {
	shared := style{marks: a.marks & b.marks}
	if a.href == b.href {
		shared.href = a.href
	}
	return shared
}

// lines adds text with its line breaks; a blank line ends the paragraph.
func (b *builder) lines(s string, st style) {
	for {
		line, rest, more := strings.Cut(s, "\n")
		b.runs = appendRun(b.runs, line, st)
		if !more {
			return
		}
		if n := len(b.runs); n == 0 || strings.HasSuffix(b.runs[n-1].text, "\n") {
			b.flush()
		} else {
			b.runs = appendRun(b.runs, "\n", st)
		}
		s = rest
	}
}

// cutBreak parts s around its first white space that contains a line break.
func cutBreak(s string) (before string, found bool, after string) {
	i := strings.IndexByte(s, '\n')
	if i < 0 {
		return s, false, ""
	}
	return strings.TrimRight(s[:i], " \t\f"), true, strings.TrimLeft(s[i:], " \t\f\n")
}

// preText gives the text of a pre element as it is, with br as a line break.
func preText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && (d.Parent.DataAtom != atom.Script && d.Parent.DataAtom != atom.Style):
			b.WriteString(cleanText(d.Data))
		case d.DataAtom == atom.Br:
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return cleanText(a.Val)
		}
	}
	return ""
}
