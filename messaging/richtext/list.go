package richtext

import (
	"strconv"
	"strings"
)

// marker is what a list item begins with.
type marker struct {
	indent  int  // columns before it
	width   int  // columns up to the content
	kind    byte // '-' or '*', or what follows a number: '.' or ')'
	number  int  // of an ordered item
	content string
}

// parseMarker reads the marker of an item, which has a content of more than marks ("* * *" is no item).
func parseMarker(line string) (marker, bool) {
	indent, rest := splitIndent(line)
	digits := 0
	for digits < len(rest) && digits < 9 && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	if len(rest) < digits+2 || rest[digits+1] != ' ' && rest[digits+1] != '\t' {
		return marker{}, false
	}
	m := marker{indent: indent, kind: rest[digits]}
	switch {
	case digits == 0 && (m.kind == '-' || m.kind == '*'):
	case digits > 0 && (m.kind == '.' || m.kind == ')'):
		m.number, _ = strconv.Atoi(rest[:digits])
	default:
		return marker{}, false
	}
	m.content = strings.TrimLeft(rest[digits+1:], " \t")
	m.width = indent + len(rest) - len(m.content)
	return m, !isBlankLine(strings.Trim(m.content, "-*_> \t"))
}

func (m marker) ordered() bool { return m.kind == '.' || m.kind == ')' }

// begins says whether a list can begin with it.
func (m marker) begins() bool { return !m.ordered() || m.number == 1 }

// list reads the list that begins at lines[0] and says how many lines it took. When it stands alone it
// has two items, counting those inside its items; a single one stays text.
func (p *textParser) list(lines []string, depth int, alone bool) (block, int) {
	first, ok := parseMarker(lines[0])
	if !ok || !first.begins() {
		return block{}, 0
	}
	var contents [][]string
	var gaps []int
	step, width := 0, 0
	markers, blanks, used := 0, 0, 0
	for i, line := range lines {
		if isBlankLine(line) {
			blanks++
			continue
		}
		m, isItem := parseMarker(line)
		indent, _ := splitIndent(line)
		inside := i > 0 && indent >= first.indent+2
		if !inside {
			n := len(contents)
			if n == 1 {
				step = m.number - 1 // 0 when every item is numbered 1
			}
			if !isItem || m.kind != first.kind || m.ordered() && (step < 0 || step > 1 || m.number != 1+n*step) {
				break
			}
			contents = append(contents, []string{m.content})
			gaps = append(gaps, blanks)
			width = m.width
		} else {
			last := &contents[len(contents)-1]
			*last = append(append(*last, make([]string, blanks)...), cutIndent(line, width))
		}
		if isItem && (!inside || m.begins()) {
			markers++
		}
		blanks = 0
		used = i + 1
	}
	if alone && markers < 2 {
		return block{}, 0
	}
	b := block{kind: list, ordered: first.ordered(), start: 1}
	for i, content := range contents {
		children := p.blocks(content, container{depth: depth + 1, inItem: true})
		b.children = append(b.children, block{kind: item, gap: gaps[i], children: children})
	}
	return b, used
}
