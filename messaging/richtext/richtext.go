package richtext

import "strings"

// maxInput is the size in bytes from which on structure is ignored: a longer text is shown as typed,
// a longer HTML loses its tags. It is several times what a message can be.
const maxInput = 256 << 10

// Render turns a member's text (plain, or the Markdown of the package comment) into sanitized HTML and
// its plain text. For a text without marks plain is the text itself, with "\n" line ends and without
// white space around it. Broken UTF-8 and NUL are replaced by U+FFFD; Check refuses both beforehand.
func Render(text string) (html, plain string) {
	text = strings.TrimSpace(cleanText(text))
	var p textParser
	var doc []block
	if len(text) <= maxInput {
		doc = p.blocks(strings.Split(text, "\n"), container{})
	}
	if !visible(doc) { // nothing but marks ("**"), or too long: show it as it was typed
		p.marked = false
		doc = textBlocks(text)
	}
	plain = text
	if p.marked {
		plain = writePlain(doc)
	}
	return secondWall(writeHTML(doc)), plain
}

// Sanitize cleans HTML that other code stored: Jetonomy Pro, a seeder, WordPress's editor. It keeps
// the elements of the package comment, turns headings and tables into paragraphs and images into links
// (an image that loads would tell its host who reads), and drops scripts, styles and everything else
// that is not text. HTML without block tags keeps its line breaks; content without any tag is text.
// Idempotent.
func Sanitize(html string) string {
	if isClean(html) {
		return html
	}
	return secondWall(writeHTML(parseHTML(cleanText(html))))
}

// Plain gives the text of an HTML content, in the form that Render gives it. It is meant for rows whose
// content_plain is empty.
func Plain(html string) string {
	return writePlain(parseHTML(cleanText(html)))
}

// cleanText makes s valid UTF-8 without NUL and with "\n" line ends.
func cleanText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	return s
}
