package phpserial

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Bounds of what Decode accepts.
const (
	MaxBytes = 4 << 20
	MaxDepth = 64
)

// minEntry is the length of the shortest array entry, "i:0;N;": no input holds more entries than
// this allows, whatever count it states.
const minEntry = 6

// Decode reads one serialized value. White space around it is ignored, as WordPress does; anything else
// behind it is an error. Strings of the result share memory with s.
func Decode(s string) (Value, error) {
	if len(s) > MaxBytes {
		return Value{}, fmt.Errorf("phpserial: %d bytes, the limit is %d", len(s), MaxBytes)
	}
	d := decoder{rest: strings.Trim(s, " \t\n\r\x00\v")}
	size := len(d.rest)
	v, err := d.value(0)
	if err == nil && d.rest != "" {
		err = errors.New("more data behind the value")
	}
	if err != nil {
		return Value{}, fmt.Errorf("phpserial: at byte %d: %w", size-len(d.rest), err)
	}
	return v, nil
}

type decoder struct {
	rest string
}

var errSyntax = errors.New("not in serialize format")

func (d *decoder) value(depth int) (Value, error) {
	if depth > MaxDepth {
		return Value{}, fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	if d.skip("N;") {
		return Value{}, nil
	}
	if len(d.rest) < 2 || d.rest[1] != ':' {
		return Value{}, errSyntax
	}
	tag := d.rest[0]
	switch tag {
	case 'b', 'i', 'd', 's', 'a', 'O':
		d.rest = d.rest[2:]
	case 'r', 'R':
		return Value{}, errors.New("references are not supported")
	default:
		return Value{}, fmt.Errorf("type %q is not supported", tag)
	}

	switch tag {
	case 'b':
		return d.boolean()
	case 'i':
		n, err := d.integer(';')
		return Value{kind: KindInt, num: uint64(n)}, err
	case 'd':
		return d.float()
	case 's':
		s, err := d.text()
		if err == nil && !d.skip(";") {
			err = errSyntax
		}
		return Value{kind: KindString, str: s}, err
	case 'a':
		entries, err := d.entries(depth)
		return Value{kind: KindArray, entries: entries}, err
	default: // 'O'
		class, err := d.text()
		if err == nil && !d.skip(":") {
			err = errSyntax
		}
		if err != nil {
			return Value{}, err
		}
		entries, err := d.entries(depth)
		return Value{kind: KindObject, str: class, entries: entries}, err
	}
}

func (d *decoder) skip(token string) bool {
	rest, ok := strings.CutPrefix(d.rest, token)
	d.rest = rest
	return ok
}

func (d *decoder) boolean() (Value, error) {
	switch {
	case d.skip("0;"):
		return Value{kind: KindBool}, nil
	case d.skip("1;"):
		return Value{kind: KindBool, num: 1}, nil
	default:
		return Value{}, errSyntax
	}
}

// integer reads up to and including end.
func (d *decoder) integer(end byte) (int64, error) {
	digits, rest, ok := strings.Cut(d.rest, string(end))
	if !ok {
		return 0, errSyntax
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, errSyntax
	}
	d.rest = rest
	return n, nil
}

func (d *decoder) float() (Value, error) {
	number, rest, ok := strings.Cut(d.rest, ";")
	if !ok {
		return Value{}, errSyntax
	}
	var f float64
	switch number {
	case "INF":
		f = math.Inf(1)
	case "-INF":
		f = math.Inf(-1)
	case "NAN":
		f = math.NaN()
	default:
		if strings.Trim(number, "0123456789+-.eE") != "" {
			return Value{}, errSyntax // strconv knows more spellings than PHP
		}
		var err error
		if f, err = strconv.ParseFloat(number, 64); errors.Is(err, strconv.ErrSyntax) {
			return Value{}, errSyntax
		}
	}
	d.rest = rest
	return Value{kind: KindFloat, num: math.Float64bits(f)}, nil
}

// text reads LENGTH:"BYTES".
func (d *decoder) text() (string, error) {
	n, err := d.integer(':')
	if err != nil {
		return "", err
	}
	// Compared without adding to n, which may be any number.
	if n < 0 || n > int64(len(d.rest))-2 || d.rest[0] != '"' || d.rest[n+1] != '"' {
		return "", errSyntax
	}
	s := d.rest[1 : n+1]
	d.rest = d.rest[n+2:]
	return s, nil
}

// entries reads COUNT:{KEY VALUE …}. Room is made as entries come, not as the count claims: nested
// claims would multiply.
func (d *decoder) entries(depth int) ([]Entry, error) {
	count, err := d.integer(':')
	if err != nil {
		return nil, err
	}
	if count < 0 || count > int64(len(d.rest)/minEntry) || !d.skip("{") {
		return nil, errSyntax
	}
	var entries []Entry
	for range count {
		key, err := d.key()
		if err != nil {
			return nil, err
		}
		value, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		entries = append(entries, Entry{Key: key, Value: value})
	}
	if !d.skip("}") {
		return nil, errSyntax
	}
	return entries, nil
}

func (d *decoder) key() (Key, error) {
	switch {
	case d.skip("i:"):
		n, err := d.integer(';')
		return IntKey(n), err
	case d.skip("s:"):
		s, err := d.text()
		if err == nil && !d.skip(";") {
			err = errSyntax
		}
		return StringKey(s), err
	default:
		return Key{}, errSyntax
	}
}
