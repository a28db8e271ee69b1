package phpserial

import (
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     Value
	}{
		{"null", `N;`, Value{}},
		{"true", `b:1;`, Of(true)},
		{"false", `b:0;`, Of(false)},
		{"int", `i:-42;`, Of(-42)},
		{"smallest int", `i:-9223372036854775808;`, Of(math.MinInt64)},
		{"float", `d:0.1;`, Of(0.1)},
		{"float that looks whole", `d:1;`, Of(1.0)},
		{"float with exponent", `d:1.5E+25;`, Of(1.5e25)},
		{"infinity", `d:-INF;`, Of(math.Inf(-1))},
		{"string", `s:5:"plain";`, Of("plain")},
		{"empty string", `s:0:"";`, Of("")},
		{"length in bytes", `s:5:"naïf";`, Of("naïf")},
		{"quotes and line ends inside", "s:7:\"a\";\r\n\\b\";", Of("a\";\r\n\\b")},
		{"list", `a:2:{i:0;s:1:"a";i:1;b:1;}`, Of([]any{"a", true})},
		{"white space around", " \r\ni:7;\n", Of(7)},
		{"order is kept", `a:2:{s:1:"z";i:1;s:1:"a";i:2;}`, Of([]Entry{{StringKey("z"), Of(1)}, {StringKey("a"), Of(2)}})},
		{"numeric string key", `a:1:{s:2:"17";i:1;}`, Of([]Entry{{IntKey(17), Of(1)}})},
		{
			"capabilities as WordPress stores them", `a:1:{s:13:"administrator";b:1;}`,
			Of(map[string]bool{"administrator": true}),
		},
		{
			"object", `O:8:"stdClass":1:{s:1:"a";a:0:{}}`,
			Value{kind: KindObject, str: "stdClass", entries: []Entry{{StringKey("a"), Value{kind: KindArray}}}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Decode(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(Value{}, Key{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nothing":                  ``,
		"text":                     `hello`,
		"no end":                   `i:1`,
		"int too large":            `i:9223372036854775808;`,
		"bool other than 0 and 1":  `b:2;`,
		"hexadecimal float":        `d:0x1p-2;`,
		"string too short":         `s:9:"short";`,
		"string too long":          `s:1:"long";`,
		"negative length":          `s:-1:"";`,
		"length near the largest":  `s:9223372036854775807:"";`,
		"count above the input":    `a:99999999:{}`,
		"negative count":           `a:-1:{}`,
		"entries missing":          `a:2:{i:0;N;}`,
		"too many entries":         `a:0:{i:0;N;}`,
		"array as key":             `a:1:{a:0:{}N;}`,
		"data behind":              `i:1;i:2;`,
		"reference":                `a:2:{i:0;s:1:"a";i:1;R:2;}`,
		"object reference":         `a:2:{i:0;O:1:"A":0:{}i:1;r:2;}`,
		"custom serialized object": `C:1:"A":3:{abc}`,
		"enum":                     `E:7:"Suit:Ac";`,
		"deeply nested":            strings.Repeat(`a:1:{i:0;`, MaxDepth+1) + `N;` + strings.Repeat(`}`, MaxDepth+1),
		"too long":                 `s:5000000:"` + strings.Repeat("x", 5_000_000) + `";`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if v, err := Decode(in); err == nil {
				t.Errorf("accepted as %s", Encode(v))
			}
		})
	}
}

func TestDepthLimitIsReachable(t *testing.T) {
	t.Parallel()
	in := strings.Repeat(`a:1:{i:0;`, MaxDepth) + `N;` + strings.Repeat(`}`, MaxDepth)
	if _, err := Decode(in); err != nil {
		t.Error(err)
	}
}

func TestClaimedCountsDoNotAllocate(t *testing.T) {
	// Not parallel: it measures the whole program's allocations.
	in := strings.Repeat("a:150000:{i:0;", 60) + strings.Repeat("i:0;N;", 160_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Decode(in); err == nil {
		t.Fatal("accepted")
	}
	runtime.ReadMemStats(&after)
	if got, limit := after.TotalAlloc-before.TotalAlloc, uint64(100*len(in)); got > limit {
		t.Errorf("allocated %d bytes for an input of %d, want at most %d", got, len(in), limit)
	}
}

// TestCasts holds what PHP 8.2 prints for (bool), (int) and (string) of each value.
func TestCasts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in  any
		b   bool
		i   int64
		str string
	}{
		{nil, false, 0, ""},
		{true, true, 1, "1"},
		{false, false, 0, ""},
		{-7, true, -7, "-7"},
		{0.0, false, 0, "0"},
		{-0.5, true, 0, "-0.5"},
		{5.5, true, 5, "5.5"},
		{1e14, true, 100_000_000_000_000, "1.0E+14"},
		{0.0001, true, 0, "0.0001"},
		{0.00001, true, 0, "1.0E-5"},
		{123456789012345678.0, true, 123456789012345680, "1.2345678901235E+17"},
		{math.Inf(1), true, 0, "INF"},
		{"", false, 0, ""},
		{"0", false, 0, "0"},
		{"0.0", true, 0, "0.0"},
		{" 12 days", true, 12, " 12 days"},
		{"-5.9", true, -5, "-5.9"},
		{".5e1", true, 5, ".5e1"},
		{"1e3", true, 1000, "1e3"},
		{"1e", true, 1, "1e"},
		{"+7", true, 7, "+7"},
		{".", true, 0, "."},
		{"x1", true, 0, "x1"},
		{"9999999999999999999", true, math.MaxInt64, "9999999999999999999"},
		{[]any{}, false, 0, ""},
		{[]any{0}, true, 0, ""},
	} {
		v := Of(tt.in)
		if v.Bool() != tt.b || v.Int() != tt.i || v.String() != tt.str {
			t.Errorf("%#v: bool %v, int %d, string %q; want %v, %d, %q", tt.in, v.Bool(), v.Int(), v.String(), tt.b, tt.i, tt.str)
		}
	}
}

func TestLookUp(t *testing.T) {
	t.Parallel()
	v, err := Decode(`a:4:{s:1:"a";i:1;i:5;s:4:"five";s:1:"a";i:2;s:4:"list";a:1:{i:0;s:1:"x";}}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Get("a").Int(); got != 2 {
		t.Errorf("a key that comes twice = %d, want the last value", got)
	}
	if got := v.Get("5").String(); got != "five" {
		t.Errorf("integer key = %q", got)
	}
	if !v.Get("missing").IsNull() || !Of("text").Get("a").IsNull() {
		t.Error("a missing key is not null")
	}
	if m := v.Map(); len(m) != 3 || m["a"].Int() != 2 || m["list"].Get("0").String() != "x" {
		t.Errorf("Map = %v", m)
	}
	if Of("text").Map() != nil {
		t.Error("Map of a string is not nil")
	}
}

// TestRoundTrip: what Encode wrote, Decode reads as the same value.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := values(4).Draw(t, "value")
		got, err := Decode(Encode(want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(Value{}, Key{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

func values(depth int) *rapid.Generator[Value] {
	scalars := []*rapid.Generator[Value]{
		rapid.Just(Value{}),
		rapid.Map(rapid.Bool(), func(b bool) Value { return Of(b) }),
		rapid.Map(rapid.Int64(), func(n int64) Value { return Of(n) }),
		rapid.Map(rapid.Float64(), func(f float64) Value { return Of(f) }),
		rapid.Map(rapid.String(), func(s string) Value { return Of(s) }),
	}
	if depth == 0 {
		return rapid.OneOf(scalars...)
	}
	key := rapid.OneOf(
		rapid.Map(rapid.Int64(), IntKey),
		rapid.Map(rapid.String(), StringKey),
	)
	array := rapid.Custom(func(t *rapid.T) Value {
		v := Value{kind: KindArray}
		if rapid.Bool().Draw(t, "object") {
			v = Value{kind: KindObject, str: rapid.StringMatching(`[A-Z][a-z\\]*`).Draw(t, "class")}
		}
		for range rapid.IntRange(0, 4).Draw(t, "count") {
			v.entries = append(v.entries, Entry{key.Draw(t, "key"), values(depth-1).Draw(t, "value")})
		}
		return v
	})
	return rapid.OneOf(append(scalars, array)...)
}

// FuzzDecode: no input makes Decode panic, and what it accepts means the same after Encode.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`N;`, `b:1;`, `i:-1;`, `d:0.5;`, `s:3:"a"b";`, `a:1:{s:1:"k";a:1:{i:0;N;}}`,
		`O:8:"stdClass":1:{s:4:"` + "\x00*\x00p" + `";i:1;}`, `a:2:{i:0;i:1;i:1;R:2;}`, `s:-1:"`, `a:9999:{`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		v, err := Decode(in)
		if err != nil {
			return
		}
		written := Encode(v)
		again, err := Decode(written)
		if err != nil {
			t.Fatalf("%q is not read again: %v", written, err)
		}
		if rewritten := Encode(again); rewritten != written {
			t.Fatalf("%q became %q", written, rewritten)
		}
	})
}
