package richtext

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// inlineParser parses one paragraph: the blocks are ours, so to goldmark everything is one paragraph.
var inlineParser = parser.NewParser(
	parser.WithBlockParsers(util.Prioritized(wholeText{}, 100)),
	parser.WithInlineParsers(
		util.Prioritized(codeSpanParser{}, 100),
		util.Prioritized(linkParser{parser.NewLinkParser()}, 200),
		util.Prioritized(addressParser{}, 300),
		util.Prioritized(emphasisParser{}, 400),
	),
)

// inline parses the marks in a paragraph's text.
func (p *textParser) inline(src string) []run {
	if !strings.ContainsAny(src, "*_`[") && !strings.Contains(src, "://") {
		return appendRun(nil, src, style{})
	}
	c := converter{src: []byte(src), dropped: escapes(src)}
	c.children(inlineParser.Parse(text.NewReader(c.src)), style{})
	p.marked = p.marked || c.marked || len(c.dropped) > 0
	return c.runs
}

// converter turns goldmark's nodes into runs.
type converter struct {
	src     []byte
	dropped map[int]bool // offsets of backslashes that are not shown
	runs    []run
	word    bool // there is more in runs than punctuation
	marked  bool // a mark was understood
}

func (c *converter) children(n ast.Node, st style) {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		c.node(child, st)
	}
}

func (c *converter) node(n ast.Node, st style) {
	switch n := n.(type) {
	case *ast.Text:
		stop := n.Segment.Stop
		if n.SoftLineBreak() || n.HardLineBreak() { // goldmark cut white space or a backslash before it
			for c.src[stop] != '\n' {
				stop++
			}
			stop++
		}
		c.text(n.Segment.Start, stop, st)
	case *ast.CodeSpan:
		c.marked = true
		st.marks |= code
		segment := n.FirstChild().(*ast.Text).Segment
		c.add(string(segment.Value(c.src)), st)
	case *ast.Emphasis:
		c.emphasis(n, st)
	case *ast.AutoLink:
		label := string(n.Label(c.src))
		if st.href == "" {
			st.href, _ = cleanURL(label)
		}
		c.add(label, st)
	case *ast.Link:
		c.link(n, st)
	default:
		c.children(n, st)
	}
}

// text adds the source from start to stop as it is, without the backslashes that did their work.
func (c *converter) text(start, stop int, st style) {
	from := start
	for i := start; i < stop && len(c.dropped) > 0; i++ {
		if c.dropped[i] {
			c.add(string(c.src[from:i]), st)
			from = i + 1
		}
	}
	c.add(string(c.src[from:stop]), st)
}

// emphasis adds emphasised text. Without a word in it, it is a face such as *_* and stays as typed.
func (c *converter) emphasis(n *ast.Emphasis, st style) {
	mark := emphasis
	if n.Level == 2 {
		mark = strong
	}
	styled := st
	styled.marks |= mark
	inner := converter{src: c.src, dropped: c.dropped}
	inner.children(n, styled)
	if inner.word {
		inner.marked = true
		c.take(inner)
		return
	}
	typed := strings.Repeat(string(c.src[n.Pos()]), n.Level)
	c.add(typed, st)
	for i := range inner.runs {
		inner.runs[i].marks &^= mark &^ st.marks
	}
	c.take(inner)
	c.add(typed, st)
}

// add adds text in one style.
func (c *converter) add(text string, st style) {
	c.runs = appendRun(c.runs, text, st)
	c.word = c.word || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
	})
}

// take adds what another converter made.
func (c *converter) take(inner converter) {
	for _, r := range inner.runs {
		c.runs = appendRun(c.runs, r.text, r.style)
	}
	c.word = c.word || inner.word
	c.marked = c.marked || inner.marked
}

// link adds a link, or its source when its address is refused.
func (c *converter) link(n *ast.Link, st style) {
	href, ok := cleanURL(string(util.UnescapePunctuations(n.Destination)))
	label := converter{src: c.src, dropped: c.dropped}
	styled := st
	styled.href = href
	label.children(n, styled)
	shown := label.shown()
	image := n.Pos() > 0 && c.src[n.Pos()-1] == '!'
	if !ok || image || pretends(shown, href) {
		tail, _ := n.AttributeString(linkTail)
		c.add("[", st)
		c.children(n, st)
		c.add(string(tail.([]byte)), st)
		return
	}
	label.marked = true
	if isBlank(shown) {
		label.runs = appendRun(nil, href, styled)
	}
	c.take(label)
}

func (c *converter) shown() string {
	var b strings.Builder
	for _, r := range c.runs {
		b.WriteString(r.text)
	}
	return b.String()
}

// escapes finds the backslashes that are not shown. They come in pairs on a line: one before a mark
// where a word begins, the other before the same mark behind text. Marks in a row count as one.
func escapes(src string) map[int]bool {
	found := map[int]bool{}
	var opened [4][]int
	for i := 0; i < len(src); i++ {
		if src[i] == '\n' {
			opened = [4][]int{}
		}
		if src[i] != '\\' || i+1 == len(src) {
			continue
		}
		kind := strings.IndexByte("*_`[]", src[i+1])
		if kind < 0 {
			i++ // a backslash behind a backslash is text
			continue
		}
		atWord := i == 0 || strings.IndexByte(" \t\n([{\"'*_`", src[i-1]) >= 0
		behindText := i > 0 && !isSpaceByte(rune(src[i-1]))
		var row []int
		for mark := src[i+1]; i+1 < len(src) && src[i] == '\\' && src[i+1] == mark; i += 2 {
			row = append(row, i)
		}
		i--
		kind = min(kind, 3) // brackets belong together
		switch {
		case opened[kind] != nil && behindText:
			for _, offset := range append(opened[kind], row...) {
				found[offset] = true
			}
			opened[kind] = nil
		case atWord:
			opened[kind] = row
		}
	}
	return found
}

// wholeText takes everything as one paragraph.
type wholeText struct{}

func (wholeText) Trigger() []byte             { return nil }
func (wholeText) CanInterruptParagraph() bool { return false }
func (wholeText) CanAcceptIndentedLine() bool { return true }

func (wholeText) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	n := ast.NewParagraph()
	for {
		line, segment := reader.PeekLine()
		if line == nil {
			return n, parser.NoChildren
		}
		n.Lines().Append(segment)
		reader.AdvanceLine()
	}
}

func (wholeText) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (wholeText) Close(ast.Node, text.Reader, parser.Context)                 {}
