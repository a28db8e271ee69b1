package phpserial

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Of makes a Value of a Go value: nil, bool, int, int64, uint64, float64, string, Value, []any and
// []string (a list), map[string]any and map[string]bool (in the order of their keys), []Entry (an array
// in its own order). It panics for any other type, which is a mistake of the program: this is for tests
// and tools, nothing of the service writes PHP values.
func Of(x any) Value {
	switch x := x.(type) {
	case nil:
		return Value{}
	case Value:
		return x
	case bool:
		if x {
			return Value{kind: KindBool, num: 1}
		}
		return Value{kind: KindBool}
	case int:
		return Value{kind: KindInt, num: uint64(x)}
	case int64:
		return Value{kind: KindInt, num: uint64(x)}
	case uint64:
		return Value{kind: KindInt, num: x}
	case float64:
		return Value{kind: KindFloat, num: math.Float64bits(x)}
	case string:
		return Value{kind: KindString, str: x}
	case []string:
		return list(x)
	case []any:
		return list(x)
	case map[string]any:
		return dict(x)
	case map[string]bool:
		return dict(x)
	case []Entry:
		return Value{kind: KindArray, entries: x}
	default:
		panic(fmt.Sprintf("phpserial: no PHP value of a %T", x))
	}
}

func list[T any](xs []T) Value {
	v := Value{kind: KindArray}
	for i, x := range xs {
		v.entries = append(v.entries, Entry{IntKey(int64(i)), Of(x)})
	}
	return v
}

func dict[T any](m map[string]T) Value {
	v := Value{kind: KindArray}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		v.entries = append(v.entries, Entry{StringKey(k), Of(m[k])})
	}
	return v
}

// Encode writes x, anything that [Of] takes, as PHP's serialize() would.
func Encode(x any) string { return string(appendValue(nil, Of(x))) }

func appendValue(b []byte, v Value) []byte {
	switch v.kind {
	case KindBool:
		return append(strconv.AppendUint(append(b, "b:"...), v.num, 10), ';')
	case KindInt:
		return append(strconv.AppendInt(append(b, "i:"...), int64(v.num), 10), ';')
	case KindFloat:
		return append(append(append(b, "d:"...), formatFloat(v.float(), exactDigits, serializeDigits)...), ';')
	case KindString:
		return append(appendText(append(b, "s:"...), v.str), ';')
	case KindArray:
		return appendEntries(append(b, 'a'), v.entries)
	case KindObject:
		return appendEntries(appendText(append(b, "O:"...), v.str), v.entries)
	default:
		return append(b, "N;"...)
	}
}

func appendText(b []byte, s string) []byte {
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, `:"`...)
	b = append(b, s...)
	return append(b, '"')
}

func appendEntries(b []byte, entries []Entry) []byte {
	b = append(b, ':')
	b = strconv.AppendInt(b, int64(len(entries)), 10)
	b = append(b, ":{"...)
	for _, e := range entries {
		if n, ok := e.Key.Int(); ok {
			b = appendValue(b, Of(n))
		} else {
			b = appendValue(b, Of(e.Key.str))
		}
		b = appendValue(b, e.Value)
	}
	return append(b, '}')
}
