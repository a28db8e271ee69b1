package richtext

import "strings"

// maxDepth is how many quotes and lists may be inside each other; deeper ones stay text.
const maxDepth = 8

type blockKind uint8

const (
	paragraph blockKind = iota
	codeBlock
	quote
	list
	item // only in a list
)

// block is one node of a document. A document is a []block without items at its top.
type block struct {
	kind     blockKind
	gap      int     // blank lines before it, in plain text
	runs     []run   // of a paragraph
	code     string  // of a code block
	children []block // of a quote, a list (items), an item
	ordered  bool    // of a list
	start    int     // number of an ordered list's first item
}

type marks uint8

// The order is the nesting order in HTML, outermost first.
const (
	strong marks = 1 << iota
	emphasis
	underline
	strike
	deleted
	code
)

type style struct {
	marks marks
	href  string // accepted by cleanURL, or empty
}

// run is a piece of a paragraph in one style. "\n" in it is a line break.
type run struct {
	text string
	style
}

// appendRun adds text, joining it to the last run when the style is the same.
func appendRun(runs []run, text string, st style) []run {
	if text == "" {
		return runs
	}
	if n := len(runs); n > 0 && runs[n-1].style == st {
		runs[n-1].text += text
		return runs
	}
	return append(runs, run{text, st})
}

// trimRuns removes empty lines in front and white space at the end, code excepted. The result is nil
// when only white space is left.
func trimRuns(runs []run) []run {
	for len(runs) > 0 && runs[0].marks&code == 0 {
		text := runs[0].text
		blank := len(text) - len(strings.TrimLeft(text, inlineSpace))
		if blank < len(text) {
			runs[0].text = text[strings.LastIndexByte(text[:blank], '\n')+1:]
			break
		}
		if strings.IndexByte(text, '\n') < 0 && !onlySpace(runs[1:]) {
			break // indentation of the first line
		}
		runs = runs[1:]
	}
	for n := len(runs); n > 0 && runs[n-1].marks&code == 0; n-- {
		runs[n-1].text = strings.TrimRight(runs[n-1].text, inlineSpace)
		if runs[n-1].text != "" {
			break
		}
		runs = runs[:n-1]
	}
	if onlySpace(runs) {
		return nil
	}
	return runs
}

const inlineSpace = " \t\n\v\f"

// onlySpace says whether nothing is in runs but white space that is not code.
func onlySpace(runs []run) bool {
	for _, r := range runs {
		if r.marks&code != 0 || strings.TrimSpace(r.text) != "" {
			return false
		}
	}
	return true
}

// visible says whether a reader sees anything of blocks.
func visible(blocks []block) bool {
	for _, b := range blocks {
		if !isBlank(b.code) || visible(b.children) {
			return true
		}
		for _, r := range b.runs {
			if !isBlank(r.text) {
				return true
			}
		}
	}
	return false
}

// textBlocks makes paragraphs of text in which nothing is a mark: blank lines part them.
func textBlocks(text string) []block {
	var blocks []block
	var lines []string
	gap, before := 0, 0
	flush := func() {
		if len(lines) > 0 {
			runs := trimRuns([]run{{text: strings.Join(lines, "\n")}})
			blocks = append(blocks, block{kind: paragraph, gap: before, runs: runs})
			lines = nil
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if isBlankLine(line) {
			flush()
			gap++
			continue
		}
		if lines == nil {
			before, gap = gap, 0
		}
		lines = append(lines, line)
	}
	flush()
	return blocks
}

func isBlankLine(line string) bool { return strings.TrimSpace(line) == "" }
