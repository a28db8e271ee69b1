package richtext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	openParagraph  = `<p dir="auto">`
	closeParagraph = "</p>"
)

// isClean says whether html is nothing but paragraphs in the form that Render gives them: text, line
// breaks, bold, italic and code, properly nested, without any other tag or attribute. Most messages are
// read many times, and this is a hundred times faster than to parse them again. What it does not know
// (links, lists, anything that somebody else wrote) is not clean, only unknown.
func isClean(html string) bool {
	if !utf8.ValidString(html) || html == "" {
		return false
	}
	for html != "" {
		inner, ok := strings.CutPrefix(html, openParagraph)
		if !ok {
			return false
		}
		if html, ok = skipRuns(inner); !ok {
			return false
		}
	}
	return true
}

// cleanTags are what may stand in a paragraph, each with what closes it.
var cleanTags = []struct{ open, close string }{
	{"<strong>", "</strong>"}, {"<em>", "</em>"}, {"<code>", "</code>"},
}

// cleanEntities are those that Render writes.
var cleanEntities = []string{"&amp;", "&lt;", "&gt;", "&#34;", "&#39;"}

// skipRuns gives what stands behind a paragraph, whose opening tag has been read.
func skipRuns(s string) (rest string, ok bool) {
	var open []string // closing tags that must still come, the next one last
	empty := true
	for s != "" {
		switch c := s[0]; {
		case c == '<':
			if n := len(open); n > 0 {
				if rest, ok := strings.CutPrefix(s, open[n-1]); ok && !empty {
					s, open = rest, open[:n-1]
					continue
				}
			}
			if rest, ok := strings.CutPrefix(s, closeParagraph); ok && len(open) == 0 {
				return rest, !empty
			}
			if rest, ok := strings.CutPrefix(s, "<br>"); ok {
				s, empty = rest, false
				continue
			}
			i := slices.IndexFunc(cleanTags, func(t struct{ open, close string }) bool { return strings.HasPrefix(s, t.open) })
			if i < 0 || slices.Contains(open, cleanTags[i].close) {
				return "", false
			}
			open, s, empty = append(open, cleanTags[i].close), s[len(cleanTags[i].open):], true
		case c == '&':
			i := slices.IndexFunc(cleanEntities, func(e string) bool { return strings.HasPrefix(s, e) })
			if i < 0 {
				return "", false
			}
			s, empty = s[len(cleanEntities[i]):], false
		case c < ' ' || c == '>' || c == '"' || c == '\'' || c == 0x7f:
			return "", false
		default:
			s, empty = s[1:], false
		}
	}
	return "", false
}
