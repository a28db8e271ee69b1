package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const ellipsis = '…'

// Preview cuts plain text for a list row: at most max characters (code points), line breaks and runs
// of white space folded to one space, an ellipsis at the end when something is missing. It never cuts
// inside what a reader sees as one character (a family emoji, a flag, a letter with its accents),
// unless that one alone is longer than max.
func Preview(plain string, max int) string {
	if max <= 0 {
		return ""
	}
	folded, more := foldSpace(plain, max)
	if !more {
		return string(folded)
	}
	cut := max - 1
	for cut > 0 && !isBoundary(folded, cut) {
		cut--
	}
	if cut == 0 {
		cut = max - 1
	}
	return strings.TrimRightFunc(string(folded[:cut]), unicode.IsSpace) + string(ellipsis)
}

// foldSpace gives the first max characters of s with white space folded and trimmed, and whether more follow.
func foldSpace(s string, max int) (folded []rune, more bool) {
	folded = make([]rune, 0, min(max, len(s)))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = len(folded) > 0
			continue
		}
		need := 1
		if space {
			need = 2
		}
		if len(folded)+need > max {
			return append(folded, r), true // one beyond, so that a boundary there can be judged
		}
		if space {
			folded = append(folded, ' ')
			space = false
		}
		folded = append(folded, r)
	}
	return folded, false
}

// isBoundary says whether text may be cut before text[i]. It follows the grapheme cluster rules of
// Unicode (UAX 29), rather too careful than too bold: after a joiner or a virama it never cuts.
func isBoundary(text []rune, i int) bool {
	prev, next := text[i-1], text[i]
	switch {
	case next < 0x300 && prev < 0x300:
		return true
	case extends(next), prev == zwj, isVirama(prev):
		return false
	case isRegional(prev) && isRegional(next):
		n := 0
		for j := i - 1; j >= 0 && isRegional(text[j]); j-- {
			n++
		}
		return n%2 == 0
	case isHangul(prev) && isHangul(next):
		return !hangulJoins(prev, next)
	}
	return true
}

const zwj = '\u200d'

// extends says whether r belongs to the character before it.
func extends(r rune) bool {
	switch {
	case r == zwj, r == '\u200c', r == '\uff9e', r == '\uff9f',
		r >= 0x1f3fb && r <= 0x1f3ff, // skin tones
		r >= 0xe0020 && r <= 0xe007f: // tags, as in the flag of Scotland
		return true
	}
	return unicode.IsMark(r)
}

func isVirama(r rune) bool {
	if !unicode.IsMark(r) {
		return false
	}
	var buf [utf8.UTFMax]byte
	return norm.NFC.Properties(buf[:utf8.EncodeRune(buf[:], r)]).CCC() == 9
}

func isRegional(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

func isHangul(r rune) bool {
	return r >= 0x1100 && r <= 0x11ff || r >= 0xa960 && r <= 0xa97c || r >= 0xac00 && r <= 0xd7fb
}

// hangulJoins says whether two Hangul characters stand in one syllable block.
func hangulJoins(prev, next rune) bool {
	leading := prev >= 0x1100 && prev <= 0x115f || prev >= 0xa960 && prev <= 0xa97c
	trailing := next >= 0x11a8 && next <= 0x11ff || next >= 0xd7cb && next <= 0xd7fb
	vowel := next >= 0x1160 && next <= 0x11a7 || next >= 0xd7b0 && next <= 0xd7c6
	precomposed := prev >= 0xac00 && prev <= 0xd7a3
	return leading || trailing || vowel && (!precomposed || (prev-0xac00)%28 == 0)
}
