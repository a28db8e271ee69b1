package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// codeSpanParser reads `code` that ends on its line.
type codeSpanParser struct{}

func (codeSpanParser) Trigger() []byte { return []byte{'`'} }

func (codeSpanParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	ticks := countByte(line, '`')
	for i := ticks; i < len(line); {
		n := countByte(line[i:], '`')
		if n != ticks {
			i += max(n, 1)
			continue
		}
		from, to := ticks, i
		if isBlank(string(line[from:to])) {
			break
		}
		if to-from > 2 && line[from] == ' ' && line[to-1] == ' ' {
			from, to = from+1, to-1
		}
		block.Advance(i + n)
		span := ast.NewCodeSpan()
		span.AppendChild(span, ast.NewRawTextSegment(text.NewSegment(segment.Start+from, segment.Start+to)))
		return span
	}
	block.Advance(ticks)
	return ast.NewTextSegment(segment.WithStop(segment.Start + ticks))
}

// countByte counts how often b is repeated where line begins.
func countByte(line []byte, b byte) int {
	n := 0
	for n < len(line) && line[n] == b {
		n++
	}
	return n
}

// emphasisParser finds the marks of italic and bold. It is stricter than CommonMark: see the package comment.
type emphasisParser struct{}

func (emphasisParser) Trigger() []byte            { return []byte{'*', '_'} }
func (emphasisParser) IsDelimiter(b byte) bool    { return b == '*' || b == '_' }
func (emphasisParser) OnMatch(level int) ast.Node { return ast.NewEmphasis(level) }

func (emphasisParser) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	same := opener.OriginalLength == closer.OriginalLength
	return opener.Char == closer.Char && (same || opener.OriginalLength == 3 || closer.OriginalLength == 3)
}

func (p emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	mark := line[0]
	n := countByte(line, mark)
	after := rune('\n')
	if n < len(line) {
		after, _ = utf8.DecodeRune(line[n:])
	}
	block.Advance(n)
	segment = segment.WithStop(segment.Start + n)
	opens := mayPrecede(before, mark, n) && mayBegin(after)
	closes := mayEnd(before) && mayFollow(after, mark)
	if n > 3 || !opens && !closes {
		return ast.NewTextSegment(segment)
	}
	d := parser.NewDelimiter(opens, closes, n, mark, p)
	d.Segment = segment
	pc.PushDelimiter(d)
	return d
}

// mayPrecede says whether n opening marks can stand behind r.
func mayPrecede(r rune, mark byte, n int) bool {
	if r < utf8.RuneSelf {
		return isSpaceByte(r) || strings.ContainsRune("([{\"'_*~", r) ||
			mark == '*' && n > 1 && (r == '/' || r == '-') // one star there is a glob or a comment
	}
	return unicode.In(r, unicode.Ps, unicode.Pi, unicode.Pf) || isSeparating(r, mark)
}

// mayBegin says whether emphasised text can begin with r.
func mayBegin(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordByte(r) || strings.ContainsRune("([{\"'`_*~<@#$&+\\", r)
	}
	return !unicode.IsSpace(r)
}

// mayEnd says whether emphasised text can end with r.
func mayEnd(r rune) bool {
	if r < utf8.RuneSelf {
		return isWordByte(r) || strings.ContainsRune(")]}\"'`_*~>.,;:!?%$+", r)
	}
	return !unicode.IsSpace(r)
}

// mayFollow says whether a closing mark can stand before r.
func mayFollow(r rune, mark byte) bool {
	if r < utf8.RuneSelf {
		return isSpaceByte(r) || strings.ContainsRune(")]}\"'_*~.,;:!?", r) ||
			mark == '*' && (r == '/' || r == '-')
	}
	return unicode.In(r, unicode.Pe, unicode.Pi, unicode.Pf, unicode.Po) || isSeparating(r, mark)
}

// isSeparating says whether r is not part of a word that a mark beside it would tear: spaces, dashes,
// emoji, the punctuation of East Asia, and for the star the scripts that put no spaces between words.
func isSeparating(r rune, mark byte) bool {
	switch {
	case unicode.IsSpace(r), unicode.In(r, unicode.Pd, unicode.Cf):
		return true
	case unicode.Is(unicode.Po, r):
		return r >= 0x3000
	case unicode.Is(unicode.So, r), unicode.Is(unicode.Sk, r):
		return r >= 0x2190
	case r == 0xfe0f: // end of many emoji
		return true
	}
	return mark == '*' && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func isSpaceByte(r rune) bool { return r == ' ' || r >= '\t' && r <= '\r' }

func isWordByte(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}
