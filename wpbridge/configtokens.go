package wpbridge

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// phpTokenKind classes a [phpToken].
type phpTokenKind uint8

const (
	phpEnd      phpTokenKind = iota // behind the last token
	phpPunct                        // text is the operator or bracket
	phpName                         // a keyword, a function or a constant, namespace included
	phpVariable                     // text is the name without $
	phpText                         // a string; text is its value
	phpNumber                       // text as it is written
	phpOpaque                       // a string whose value only PHP knows: interpolation, heredoc, `command`
)

type phpToken struct {
	kind phpTokenKind
	text string
	line int
}

func (t phpToken) is(punct string) bool { return t.kind == phpPunct && t.text == punct }

// keyword compares as PHP does, in any case.
func (t phpToken) keyword(name string) bool {
	return t.kind == phpName && strings.EqualFold(t.text, name)
}

// phpOperators, longest first.
var phpOperators = []string{
	"===", "!==", "<=>", "**=", "...", "??=", "?->", "<<=", ">>=",
	"==", "!=", "<>", "<=", ">=", "&&", "||", "??", "=>", "->", "::", ".=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "++", "--", "<<", ">>", "**",
}

// phpLexer cuts the text of a PHP file, or of an eval (then it starts inside of PHP), into tokens.
type phpLexer struct {
	src    string
	pos    int
	line   int
	tokens []phpToken
}

func lexPHP(src string, inside bool) ([]phpToken, error) {
	l := phpLexer{src: src, line: 1}
	if !inside {
		l.skipHTML()
	}
	for l.pos < len(l.src) {
		if err := l.next(); err != nil {
			return nil, fmt.Errorf("line %d: %w", l.line, err)
		}
	}
	return l.tokens, nil
}

func (l *phpLexer) rest() string { return l.src[l.pos:] }

// advance moves n bytes on, over line ends as well.
func (l *phpLexer) advance(n int) {
	l.line += strings.Count(l.src[l.pos:l.pos+n], "\n")
	l.pos += n
}

// emit adds a token of the next n bytes.
func (l *phpLexer) emit(kind phpTokenKind, text string, n int) {
	l.tokens = append(l.tokens, phpToken{kind, text, l.line})
	l.advance(n)
}

// skipHTML goes to the next opening tag. "<?=" counts as one: what it prints defines nothing.
func (l *phpLexer) skipHTML() {
	for l.pos < len(l.src) {
		i := strings.Index(l.rest(), "<?")
		if i < 0 {
			l.advance(len(l.rest()))
			return
		}
		l.advance(i + 2)
		switch rest := l.rest(); {
		case len(rest) >= 3 && strings.EqualFold(rest[:3], "php"):
			l.advance(3)
			return
		case strings.HasPrefix(rest, "="):
			l.advance(1)
			return
		}
	}
}

// next reads one token, or skips one comment or a stretch of white space.
func (l *phpLexer) next() error {
	rest := l.rest()
	c := rest[0]
	switch {
	case isPHPSpace(c):
		l.advance(len(rest) - len(strings.TrimLeft(rest, " \t\r\n\v\f\x00")))
	case strings.HasPrefix(rest, "?>"):
		l.emit(phpPunct, ";", 2)
		l.skipHTML()
	case strings.HasPrefix(rest, "//"), c == '#' && !strings.HasPrefix(rest, "#["):
		end := strings.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		if tag := strings.Index(rest[:end], "?>"); tag >= 0 {
			end = tag // a closing tag ends PHP even in a comment
		}
		l.advance(end)
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			return fmt.Errorf("comment without an end")
		}
		l.advance(end + 4)
	case c == '\'':
		return l.singleQuoted()
	case c == '"':
		return l.doubleQuoted()
	case c == '`':
		n := quotedLength(rest)
		if n == 0 {
			return fmt.Errorf("command without an end")
		}
		l.emit(phpOpaque, "", n)
	case strings.HasPrefix(rest, "<<<") && heredocLabel(rest) != "":
		return l.heredoc()
	case c == '$' && len(rest) > 1 && isNameStart(rest[1]):
		n := nameLength(rest[1:])
		l.emit(phpVariable, rest[1:1+n], 1+n)
	case isNameStart(c) || c == '\\':
		n := qualifiedLength(rest)
		l.emit(phpName, strings.TrimPrefix(rest[:n], `\`), n)
	case isDigit(c) || c == '.' && len(rest) > 1 && isDigit(rest[1]):
		n := numberLength(rest)
		l.emit(phpNumber, rest[:n], n)
	default:
		for _, op := range phpOperators {
			if strings.HasPrefix(rest, op) {
				l.emit(phpPunct, op, len(op))
				return nil
			}
		}
		l.emit(phpPunct, rest[:1], 1)
	}
	return nil
}

// quotedLength is the length of the quoted text at the start of s, quotes included, or 0 if it has no end.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		}
	}
	return 0
}

var unescapeSingle = strings.NewReplacer(`\\`, `\`, `\'`, `'`)

func (l *phpLexer) singleQuoted() error {
	n := quotedLength(l.rest())
	if n == 0 {
		return fmt.Errorf("string without an end")
	}
	inner := l.rest()[1 : n-1]
	l.emit(phpText, unescapeSingle.Replace(inner), n)
	return nil
}

func (l *phpLexer) doubleQuoted() error {
	n := quotedLength(l.rest())
	if n == 0 {
		return fmt.Errorf("string without an end")
	}
	text, ok := unescapePHP(l.rest()[1 : n-1])
	if !ok {
		l.emit(phpOpaque, "", n)
		return nil
	}
	l.emit(phpText, text, n)
	return nil
}

// unescapePHP gives the value of a double-quoted string, and false where it holds a variable.
func unescapePHP(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '$' && i+1 < len(s) && (isNameStart(s[i+1]) || s[i+1] == '{'), c == '{' && i+1 < len(s) && s[i+1] == '$':
			return "", false
		case c != '\\' || i+1 == len(s):
			b.WriteByte(c)
		default:
			value, n := phpEscape(s[i+1:])
			b.WriteString(value)
			i += n
		}
	}
	return b.String(), true
}

var phpEscapes = map[byte]string{
	'n': "\n", 't': "\t", 'r': "\r", 'v': "\v", 'e': "\x1b", 'f': "\f", '\\': `\`, '$': "$", '"': `"`,
}

// phpEscape reads what follows a backslash in double quotes: its value and its length. What is no escape
// keeps its backslash.
func phpEscape(s string) (string, int) {
	if value, ok := phpEscapes[s[0]]; ok {
		return value, 1
	}
	if n := prefixLength(s, 3, func(c byte) bool { return c >= '0' && c <= '7' }); n > 0 {
		code, _ := strconv.ParseUint(s[:n], 8, 16)
		return string([]byte{byte(code)}), n
	}
	if s[0] == 'x' {
		if n := prefixLength(s[1:], 2, isHex); n > 0 {
			code, _ := strconv.ParseUint(s[1:1+n], 16, 8)
			return string([]byte{byte(code)}), 1 + n
		}
	}
	if strings.HasPrefix(s, "u{") {
		n := prefixLength(s[2:], 8, isHex)
		code, err := strconv.ParseUint(s[2:2+n], 16, 32)
		if err == nil && code <= utf8.MaxRune && strings.HasPrefix(s[2+n:], "}") {
			return string(rune(code)), n + 3
		}
	}
	return `\`, 0
}

// heredocLabel is the label behind "<<<", or empty.
func heredocLabel(s string) string {
	s = strings.TrimLeft(s[3:], " \t")
	quote := ""
	if s != "" && (s[0] == '\'' || s[0] == '"') {
		quote, s = s[:1], s[1:]
	}
	n := nameLength(s)
	label, rest := s[:n], s[n:]
	if n == 0 || isDigit(label[0]) {
		return ""
	}
	rest, ok := strings.CutPrefix(rest, quote)
	if !ok || rest == "" || (rest[0] != '\n' && rest[0] != '\r') {
		return ""
	}
	return label
}

// heredoc skips a heredoc or nowdoc: its end is a line that begins with its label.
func (l *phpLexer) heredoc() error {
	label := heredocLabel(l.rest())
	start := strings.IndexAny(l.rest(), "\r\n")
	for at := start; at < len(l.rest()); {
		end := strings.IndexByte(l.rest()[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
		line := strings.TrimLeft(l.rest()[at:], " \t")
		if nameLength(line) == len(label) && strings.HasPrefix(line, label) {
			indent := len(l.rest()[at:]) - len(line)
			l.emit(phpOpaque, "", at+indent+len(label))
			return nil
		}
	}
	return fmt.Errorf("heredoc %s without an end", label)
}

func isPHPSpace(c byte) bool { return strings.IndexByte(" \t\r\n\v\f\x00", c) >= 0 }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isHex(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func nameLength(s string) int {
	return prefixLength(s, len(s), func(c byte) bool { return isNameStart(c) || isDigit(c) })
}

// qualifiedLength is the length of a name with its namespace; at least 1.
func qualifiedLength(s string) int {
	return max(1, prefixLength(s, len(s), func(c byte) bool { return isNameStart(c) || isDigit(c) || c == '\\' }))
}

func numberLength(s string) int {
	return prefixLength(s, len(s), func(c byte) bool { return isNameStart(c) || isDigit(c) || c == '.' })
}

// prefixLength counts the bytes at the start of s, at most limit, that fit.
func prefixLength(s string, limit int, fits func(byte) bool) int {
	n := 0
	for n < len(s) && n < limit && fits(s[n]) {
		n++
	}
	return n
}
