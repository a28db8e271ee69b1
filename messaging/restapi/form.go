package restapi

import (
	"net/url"
	"strings"
)

// pair is a name and a value of a query or form, decoded.
type pair struct{ name, value string }

// form is a query or a form body in its own order.
type form []pair

// parseForm reads name=value&… as PHP does. It accepts everything: a % that begins no escape stands for
// itself.
func parseForm(text string) form {
	var f form
	for part := range strings.SplitSeq(text, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		f = append(f, pair{unescape(name), unescape(value)})
	}
	return f
}

func unescape(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '+':
			b.WriteByte(' ')
		case c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			b.WriteByte(fromHex(text[i+1])<<4 | fromHex(text[i+2]))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func fromHex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}

// values are the parameters by name: name[]=1&name[]=2 makes a list, of other repetitions the last
// counts, and deeper nesting makes something that no parameter accepts.
func (f form) values() values {
	v := values{}
	for _, p := range f {
		name, rest, bracket := strings.Cut(p.name, "[")
		if !bracket {
			v[p.name] = p.value
			continue
		}
		list, _ := v[name].([]any)
		if strings.Index(rest, "]") == len(rest)-1 {
			v[name] = append(list, p.value)
		} else {
			v[name] = append(list, map[string]any{})
		}
	}
	return v
}

// with gives the query with some of its pairs replaced, the others kept as they are. A replacement that
// is empty takes the pair away.
func (f form) with(replacements ...pair) string {
	var b strings.Builder
	write := func(p pair) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value))
	}
	replaced := map[string]bool{}
	for _, r := range replacements {
		replaced[r.name] = true
	}
	for _, p := range f {
		if !replaced[p.name] {
			write(p)
		}
	}
	for _, r := range replacements {
		if r.value != "" {
			write(r)
		}
	}
	return b.String()
}
