package richtext

import (
	"strconv"
	"strings"
)

// writePlain writes a document as plain text.
func writePlain(doc []block) string {
	return strings.TrimSpace(strings.Join(plainLines(doc), "\n"))
}

func plainLines(blocks []block) []string {
	var lines []string
	for i, b := range blocks {
		if i > 0 {
			lines = append(lines, make([]string, b.gap)...)
		}
		switch b.kind {
		case paragraph:
			lines = append(lines, strings.Split(plainRuns(b.runs), "\n")...)
		case codeBlock:
			lines = append(lines, strings.Split(b.code, "\n")...)
		case quote:
			for _, line := range plainLines(b.children) {
				lines = append(lines, strings.TrimRight("> "+line, " "))
			}
		case list:
			lines = append(lines, plainItems(b)...)
		}
	}
	return lines
}

func plainItems(list block) []string {
	var lines []string
	for i, it := range list.children {
		if i > 0 {
			lines = append(lines, make([]string, it.gap)...)
		}
		prefix := "- "
		if list.ordered {
			prefix = strconv.Itoa(list.start+i) + ". "
		}
		for j, line := range plainLines(it.children) {
			if j == 1 {
				prefix = strings.Repeat(" ", len(prefix))
			}
			if line != "" || j == 0 {
				line = prefix + line
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// plainRuns writes a paragraph. A link that does not show its address has it behind it in parentheses.
func plainRuns(runs []run) string {
	var b strings.Builder
	label := ""
	for i, r := range runs {
		b.WriteString(r.text)
		if r.href == "" {
			continue
		}
		label += r.text
		if i+1 < len(runs) && runs[i+1].href == r.href {
			continue
		}
		if !names(strings.TrimSpace(label), r.href) {
			b.WriteString(" (" + r.href + ")")
		}
		label = ""
	}
	return b.String()
}
