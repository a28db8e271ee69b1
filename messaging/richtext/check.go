package richtext

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What Check finds wrong with a text.
var (
	ErrInvalidUTF8 = errors.New("text is not valid UTF-8")
	ErrNUL         = errors.New("text contains a NUL character")
	ErrBlank       = errors.New("text has nothing visible")
)

// Check says whether text can be sent: ErrInvalidUTF8, ErrNUL, or ErrBlank for a text in which nothing
// can be seen (white space, zero-width and other format characters, combining marks on nothing, blank
// letters such as the Hangul fillers). Length limits are the caller's.
func Check(text string) error {
	if !utf8.ValidString(text) {
		return ErrInvalidUTF8
	}
	if strings.IndexByte(text, 0) >= 0 {
		return ErrNUL
	}
	if isBlank(text) {
		return ErrBlank
	}
	return nil
}

// isBlank says whether no character of s leaves a trace on the screen.
func isBlank(s string) bool {
	for _, r := range s {
		if !isInvisible(r) {
			return false
		}
	}
	return true
}

func isInvisible(r rune) bool {
	if r > ' ' && r < 0x7f {
		return false
	}
	switch r {
	case 0x2800, 0x1d159: // blank Braille pattern, null notehead
		return true
	}
	return unicode.IsSpace(r) || unicode.IsMark(r) ||
		unicode.In(r, unicode.Zs, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
			unicode.Other_Default_Ignorable_Code_Point)
}
