package richtext

import (
	"errors"
	"testing"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name, text string
		want       error
	}{
		{"text", "a", nil},
		{"punctuation", ".", nil},
		{"marks of Markdown", "**", nil},
		{"emoji", "❤️", nil},
		{"flag", "🇩🇪", nil},
		{"keycap", "1️⃣", nil},
		{"hebrew among marks", "\u200fא\u05b8", nil},
		{"private use", "\ue000", nil},
		{"text among blanks", "\u200b \u00a0x\u2060", nil},
		{"broken UTF-8", "a\xff", ErrInvalidUTF8},
		{"surrogate", "\xed\xa0\x80", ErrInvalidUTF8},
		{"overlong", "\xc0\x80", ErrInvalidUTF8},
		{"NUL", "a\x00b", ErrNUL},
		{"empty", "", ErrBlank},
		{"spaces", " \t\r\n\v\f\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000", ErrBlank},
		{"zero width", "\u200b\u200c\u200d\u2060\ufeff", ErrBlank},
		{"direction marks", "\u200e\u200f\u061c\u202a\u202e\u2066\u2069", ErrBlank},
		{"soft hyphen", "\u00ad", ErrBlank},
		{"controls", "\x01\x1b\x7f\u0080", ErrBlank},
		{"combining marks", "\u0301\u0489\u20dd", ErrBlank},
		{"variation selectors", "\ufe0f\ufe00\U000e0100", ErrBlank},
		{"tags", "\U000e0001\U000e0041\U000e007f", ErrBlank},
		{"Hangul fillers", "\u115f\u1160\u3164\uffa0", ErrBlank},
		{"blank Braille", "\u2800", ErrBlank},
		{"Mongolian separators", "\u180b\u180e", ErrBlank},
		{"Khmer inherent vowels", "\u17b4\u17b5", ErrBlank},
		{"grapheme joiner", "\u034f", ErrBlank},
		{"shorthand and music", "\U0001bca0\U0001d173\U0001d159", ErrBlank},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := Check(tt.text); !errors.Is(err, tt.want) {
				t.Errorf("Check(%+q) = %v, want %v", tt.text, err, tt.want)
			}
		})
	}
}
