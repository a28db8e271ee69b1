package richtext

import "strings"

// textParser parses a member's text. marked becomes true once any mark was understood.
type textParser struct {
	marked bool
}

// container is where lines stand.
type container struct {
	depth    int  // quotes and lists around them
	inItem   bool // the innermost is a list
	unclosed int  // a fence of so many backticks has no end below; 0 when unknown
}

// blocks parses the lines of a container.
func (p *textParser) blocks(lines []string, in container) []block {
	var out []block
	var text []string
	gap, before := 0, 0
	flush := func() {
		if runs := trimRuns(p.inline(strings.Join(text, "\n"))); runs != nil {
			out = append(out, block{kind: paragraph, gap: before, runs: runs})
		}
		text = nil
	}
	for i := 0; i < len(lines); {
		if isBlankLine(lines[i]) {
			flush()
			gap++
			i++
			continue
		}
		alone := !in.inItem || text == nil && out == nil
		if b, n := p.open(lines[i:], &in, alone); n > 0 {
			flush()
			b.gap, gap = gap, 0
			out = append(out, b)
			i += n
			p.marked = true
			continue
		}
		if text == nil {
			before, gap = gap, 0
		}
		text = append(text, lines[i])
		i++
	}
	flush()
	return out
}

// open reads the block that begins at lines[0] and says how many lines it took; 0 when the line is text.
// alone says that no list is expected here, so that one item makes none.
func (p *textParser) open(lines []string, in *container, alone bool) (block, int) {
	indent, rest := splitIndent(lines[0])
	if indent > 3 {
		return block{}, 0
	}
	switch rest[0] {
	case '`':
		return in.fence(lines)
	case '>':
		if in.depth < maxDepth && beginsQuote(rest) {
			return p.quote(lines, in.depth)
		}
	default:
		if in.depth < maxDepth {
			return p.list(lines, in.depth, alone)
		}
	}
	return block{}, 0
}

// fence reads a code block between two lines of at least three backticks. What stands behind the first
// (the language) is dropped. Without a closing line, or with nothing inside, there is no block.
func (in *container) fence(lines []string) (block, int) {
	indent, rest := splitIndent(lines[0])
	info := strings.TrimLeft(rest, "`")
	ticks := len(rest) - len(info)
	if ticks < 3 || in.unclosed > 0 && ticks >= in.unclosed || strings.Contains(info, "`") {
		return block{}, 0
	}
	end := 1
	for end < len(lines) && !closesFence(lines[end], ticks) {
		end++
	}
	if end == len(lines) {
		in.unclosed = ticks
		return block{}, 0
	}
	body := make([]string, 0, end-1)
	for _, line := range lines[1:end] {
		body = append(body, cutIndent(line, indent))
	}
	text := trimCode(strings.Join(body, "\n"))
	if isBlank(text) {
		return block{}, 0
	}
	return block{kind: codeBlock, code: text}, end + 1
}

func closesFence(line string, ticks int) bool {
	indent, rest := splitIndent(line)
	rest = strings.TrimRight(rest, " \t")
	return indent <= 3 && len(rest) >= ticks && strings.Trim(rest, "`") == ""
}

// trimCode removes empty lines at the end of a code block.
func trimCode(s string) string { return strings.TrimRight(s, inlineSpace) }

// beginsQuote says whether a line, its indentation cut, is quoted text.
func beginsQuote(rest string) bool {
	return isQuoted(rest) && !isBlankLine(strings.TrimLeft(rest, "> \t"))
}

// isQuoted says whether rest has quote marks with a space, or nothing, behind them.
func isQuoted(rest string) bool {
	behind := strings.TrimLeft(rest, ">")
	return len(behind) < len(rest) && (behind == "" || behind[0] == ' ' || behind[0] == '\t')
}

func (p *textParser) quote(lines []string, depth int) (block, int) {
	var inner []string
	for _, line := range lines {
		indent, rest := splitIndent(line)
		if indent > 3 || !isQuoted(rest) {
			break
		}
		rest = rest[1:]
		if rest != "" && (rest[0] == ' ' || rest[0] == '\t') {
			rest = rest[1:]
		}
		inner = append(inner, rest)
	}
	return block{kind: quote, children: p.blocks(inner, container{depth: depth + 1})}, len(inner)
}

// splitIndent parts a line into the width of its indentation in columns and what follows.
func splitIndent(line string) (columns int, rest string) {
	for i := range len(line) {
		switch line[i] {
		case ' ':
			columns++
		case '\t':
			columns += 4 - columns%4
		default:
			return columns, line[i:]
		}
	}
	return columns, ""
}

// cutIndent removes up to n columns of indentation.
func cutIndent(line string, n int) string {
	columns := 0
	for i := range len(line) {
		switch {
		case columns >= n:
			return strings.Repeat(" ", columns-n) + line[i:]
		case line[i] == ' ':
			columns++
		case line[i] == '\t':
			columns += 4 - columns%4
		default:
			return line[i:]
		}
	}
	return ""
}
