package phpserial

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kind is the PHP type of a [Value].
type Kind uint8

// The zero Kind is null, so that the zero Value is PHP's null.
const (
	KindNull Kind = iota
	KindBool
	KindInt
	KindFloat
	KindString
	KindArray
	KindObject
)

// Value is one PHP value. The zero Value is null.
type Value struct {
	kind    Kind
	num     uint64 // bool, int, or the bits of a float
	str     string // string, or the class of an object
	entries []Entry
}

// Entry is one element of an array, or one property of an object.
type Entry struct {
	Key   Key
	Value Value
}

// Key is an array key: an integer or a string.
type Key struct {
	str   string
	num   int64
	isInt bool
}

// IntKey and StringKey make keys. As in PHP, a string that is a canonical decimal integer is that integer.
func IntKey(n int64) Key { return Key{num: n, isInt: true} }

// StringKey is described at [IntKey].
func StringKey(s string) Key {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && strconv.FormatInt(n, 10) == s {
		return IntKey(n)
	}
	return Key{str: s}
}

// Int gives the integer, and false for a string key.
func (k Key) Int() (int64, bool) { return k.num, k.isInt }

// String gives the key as PHP would print it.
func (k Key) String() string {
	if k.isInt {
		return strconv.FormatInt(k.num, 10)
	}
	return k.str
}

// Kind is the type of v.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Class is the class name of an object, and empty for everything else.
func (v Value) Class() string {
	if v.kind == KindObject {
		return v.str
	}
	return ""
}

// Entries gives the elements of an array or the properties of an object in their order, and nil for
// everything else. The slice must not be changed. A key that the input has twice is here twice; Get and
// Map know the last one, as PHP does. Names of protected and private properties carry PHP's prefix:
// NUL, "*" or the class, NUL.
func (v Value) Entries() []Entry { return v.entries }

// Map gives the entries by their keys as strings. It is nil where v is neither array nor object.
func (v Value) Map() map[string]Value {
	if v.kind != KindArray && v.kind != KindObject {
		return nil
	}
	m := make(map[string]Value, len(v.entries))
	for _, e := range v.entries {
		m[e.Key.String()] = e.Value
	}
	return m
}

// Get gives the element with that key, or null.
func (v Value) Get(key string) Value {
	want := StringKey(key)
	for _, e := range slices.Backward(v.entries) {
		if e.Key == want {
			return e.Value
		}
	}
	return Value{}
}

// IsScalar reports whether v is a bool, an int, a float or a string.
func (v Value) IsScalar() bool { return v.kind >= KindBool && v.kind <= KindString }

// Bool is PHP's (bool) cast: null, false, 0, 0.0, "", "0" and the empty array are false.
func (v Value) Bool() bool {
	switch v.kind {
	case KindBool, KindInt:
		return v.num != 0
	case KindFloat:
		return v.float() != 0
	case KindString:
		return v.str != "" && v.str != "0"
	case KindArray:
		return len(v.entries) > 0
	default:
		return v.kind == KindObject
	}
}

// Int is PHP's (int) cast; a string counts as far as it begins with a number. What has no integer
// (arrays too, unlike in PHP) is 0.
func (v Value) Int() int64 {
	switch v.kind {
	case KindBool, KindInt:
		return int64(v.num)
	case KindFloat:
		return truncate(v.float())
	case KindString:
		return leadingInt(v.str)
	default:
		return 0
	}
}

// String is PHP's (string) cast of a scalar: true is "1", null and false are "". An array or object
// is "" too.
func (v Value) String() string {
	switch v.kind {
	case KindBool:
		if v.num != 0 {
			return "1"
		}
		return ""
	case KindInt:
		return strconv.FormatInt(int64(v.num), 10)
	case KindFloat:
		return formatFloat(v.float(), castDigits, castDigits)
	case KindString:
		return v.str
	default:
		return ""
	}
}

func (v Value) float() float64 { return math.Float64frombits(v.num) }

// truncate casts a float as PHP does on 64 bits, where what does not fit is undefined: 0 here.
func truncate(f float64) int64 {
	if f >= -1<<63 && f < 1<<63 {
		return int64(f)
	}
	return 0
}

// leadingInt reads the number that s begins with, after white space, as PHP's cast does: "12 days"
// is 12, "1e3" is 1000, "x" is 0.
func leadingInt(s string) int64 {
	s = strings.TrimLeft(s, " \t\n\r\v\f")
	sign := 0
	if s != "" && (s[0] == '+' || s[0] == '-') {
		sign = 1
	}
	whole := digits(s[sign:])
	end := sign + whole
	isFloat := false
	if fraction := strings.TrimPrefix(s[end:], "."); len(fraction) < len(s[end:]) {
		n := digits(fraction)
		if whole+n == 0 {
			return 0
		}
		end, isFloat = end+1+n, true
	}
	if end == sign {
		return 0
	}
	if exp := exponent(s[end:]); exp > 0 {
		end, isFloat = end+exp, true
	}
	if !isFloat {
		n, _ := strconv.ParseInt(s[:end], 10, 64) // out of range: the nearest, as in PHP
		return n
	}
	f, _ := strconv.ParseFloat(s[:end], 64)
	return truncate(f)
}

// digits is the number of decimal digits at the start of s.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// exponent is the length of a complete exponent at the start of s, or 0.
func exponent(s string) int {
	if s == "" || (s[0] != 'e' && s[0] != 'E') {
		return 0
	}
	sign := 1
	if len(s) > 1 && (s[1] == '+' || s[1] == '-') {
		sign = 2
	}
	n := digits(s[sign:])
	if n == 0 {
		return 0
	}
	return sign + n
}

// Significant digits of a float in a (string) cast, by PHP's default settings, and in serialize(),
// which writes as many as it takes (-1) but turns to exponents where 17 digits would.
const (
	castDigits      = 14
	exactDigits     = -1
	serializeDigits = 17
)

// formatFloat writes f as PHP does, with that many significant digits; with an exponent from 10^limit on
// and below 10^-4.
func formatFloat(f float64, precision, limit int) string {
	switch {
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	case math.IsNaN(f):
		return "NAN"
	}
	if precision > 0 {
		f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'e', precision-1, 64), 64)
	}
	mantissa, exp, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	n, _ := strconv.Atoi(exp)
	if n >= -4 && n < limit {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	sign := "+"
	if n < 0 {
		sign = ""
	}
	return mantissa + "E" + sign + strconv.Itoa(n)
}
