package restapi

import (
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep arrays and objects may be nested. Nothing here needs more than two levels.
const maxDepth = 32

// checkJSON refuses what encoding/json would accept by putting U+FFFD in its place: bytes that are not
// UTF-8, and escapes of half a character. A member's words are stored as they were typed or not at all.
func checkJSON(text []byte) error {
	if !utf8.Valid(text) {
		return errors.New("it is not valid UTF-8")
	}
	if !json.Valid(text) {
		return errors.New("the syntax is wrong")
	}
	depth, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inString = !inString
		case !inString && (c == '{' || c == '['):
			if depth++; depth > maxDepth {
				return errors.New("it is nested too deep")
			}
		case !inString && (c == '}' || c == ']'):
			depth--
		case c == '\\':
			unit, ok := escapedUnit(text[i:])
			if !ok {
				i++ // a short escape, which may be of a quotation mark
				continue
			}
			i += 5
			if !utf16.IsSurrogate(unit) {
				continue
			}
			low, ok := escapedUnit(text[i+1:])
			if !ok || utf16.DecodeRune(unit, low) == utf8.RuneError {
				return errors.New("it holds an unpaired surrogate")
			}
			i += 6
		}
	}
	return nil
}

// escapedUnit reads the escape of a UTF-16 unit (four hex digits) that text begins with.
func escapedUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(unit), err == nil
}
