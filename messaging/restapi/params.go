package restapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jetonomy-sidecar/messaging"
)

// values are parameters as they came: text, json.Number, bool, nil, []any or map[string]any.
type values map[string]any

// params are the parameters of a request.
type params struct {
	body    values
	query   values
	raw     form              // the query in its own order
	spelled map[string]string // domain word → the name that the client used
}

func newParams(rawQuery string) *params {
	raw := parseForm(rawQuery)
	return &params{raw: raw, query: raw.values(), spelled: map[string]string{}}
}

// asSpelled gives the client's name for a parameter that the domain complains about.
func (p *params) asSpelled(domain string) string {
	if p != nil && p.spelled[domain] != "" {
		return p.spelled[domain]
	}
	return domain
}

// get reads a parameter under whichever of its names the client used, in the body or else in the query.
// null is the same as not given. Several names must say the same.
func get[T any](p *params, of param, as func(any) (T, error)) (value T, given bool, err error) {
	p.spelled[of.domain] = of.names[0]
	for _, source := range []values{p.body, p.query} {
		for _, name := range of.names {
			raw := source[name]
			if raw == nil || of.emptyIsNone && raw == "" {
				continue
			}
			first := p.spelled[of.domain]
			if !given {
				p.spelled[of.domain] = name
			}
			v, err := as(raw)
			if err != nil {
				return value, false, p.refuse(of, name, "%s %v.", name, err)
			}
			if given && !reflect.DeepEqual(v, value) {
				return value, false, p.refuse(of, name, "%s and %s say different things.", first, name)
			}
			value, given = v, true
		}
		if given {
			break
		}
	}
	return value, given, nil
}

// refuse complains about one name of a parameter.
func (p *params) refuse(of param, name, format string, args ...any) error {
	p.spelled[of.domain] = name
	return messaging.InvalidParam(of.domain, fmt.Sprintf(format, args...))
}

var (
	errNotText    = errors.New("is not of type string")
	errBadText    = errors.New("is not valid UTF-8 text")
	errNotBoolean = errors.New("is not of type boolean")
	errNotInteger = errors.New("is not of type integer")
	errNotID      = errors.New("is not a user id")
	errNotIDs     = errors.New("is not a list of user ids")
	errNotCursor  = errors.New("is not a message id or cursor")
)

// asText reads a string that can be stored as it is.
func asText(raw any) (string, error) {
	text, ok := raw.(string)
	if !ok {
		return "", errNotText
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", errBadText
	}
	return text, nil
}

// asBool accepts what WordPress does: true and false, 1 and 0, also as text.
func asBool(raw any) (bool, error) {
	switch raw := raw.(type) {
	case bool:
		return raw, nil
	case json.Number:
		return boolOf(raw.String())
	case string:
		return boolOf(strings.ToLower(raw))
	}
	return false, errNotBoolean
}

func boolOf(text string) (bool, error) {
	switch text {
	case "1", "true":
		return true, nil
	case "0", "false":
		return false, nil
	}
	return false, errNotBoolean
}

// asNumber reads a whole number that is at least low. A larger one than high counts as high.
func asNumber(low, high int) func(any) (int, error) {
	return func(raw any) (int, error) {
		text, ok := numeral(raw)
		if !ok {
			return 0, errNotInteger
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			return 0, errNotInteger
		}
		if n < int64(low) { // out of range, ParseInt gives the nearest number
			return 0, fmt.Errorf("must be greater than or equal to %d", low)
		}
		return int(min(n, int64(high))), nil
	}
}

// numeral gives the digits of a number or of text that is one.
func numeral(raw any) (string, bool) {
	switch raw := raw.(type) {
	case json.Number:
		// 5.0 and 5e0 are whole numbers, too.
		if f, err := raw.Float64(); err == nil && strings.ContainsAny(raw.String(), ".eE") && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return strconv.FormatInt(int64(f), 10), true
		}
		return raw.String(), true
	case string:
		return strings.TrimSpace(raw), true
	}
	return "", false
}

// asID reads the id of a member.
func asID(raw any) (uint64, error) {
	text, ok := numeral(raw)
	id, err := strconv.ParseUint(strings.TrimPrefix(text, "+"), 10, 64)
	if !ok || err != nil || id == 0 {
		return 0, errNotID
	}
	return id, nil
}

// asIDs reads a list of ids, or text that lists them with commas or spaces between.
func asIDs(raw any) ([]uint64, error) {
	var items []any
	switch raw := raw.(type) {
	case []any:
		items = raw
	case string:
		for _, item := range strings.FieldsFunc(raw, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
			items = append(items, item)
		}
	default:
		items = []any{raw}
	}
	ids := make([]uint64, len(items))
	for i, item := range items {
		id, err := asID(item)
		if err != nil {
			return nil, errNotIDs
		}
		ids[i] = id
	}
	return ids, nil
}

// asMessageID reads a message's id, plain or as the cursor "msg_" with the id. 0 is allowed: no message.
func asMessageID(raw any) (uint64, error) {
	text, ok := numeral(raw)
	id, err := strconv.ParseUint(strings.TrimPrefix(text, messageCursorPrefix), 10, 64)
	if !ok || err != nil {
		return 0, errNotCursor
	}
	return id, nil
}

// asOneOf reads one of a few words.
func asOneOf[T ~string](words ...T) func(any) (T, error) {
	return func(raw any) (T, error) {
		text, _ := raw.(string)
		if i := slices.Index(words, T(text)); i >= 0 {
			return words[i], nil
		}
		return "", fmt.Errorf("is not one of %s", strings.Trim(fmt.Sprint(words), "[]"))
	}
}
