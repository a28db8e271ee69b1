package adminpage

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// texts are the page's texts by key, in the language of whoever looks.
type texts map[string]text

// text is a text, or the forms of one with a number.
type text struct {
	one   string
	forms []string
	index string // the form of each number below 200, a digit each; of others, of 100 and what they have more than hundreds
}

func (t *text) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &t.one); err == nil {
		return nil
	}
	var plural struct {
		Forms []string `json:"forms"`
		Index string   `json:"index"`
	}
	if err := json.Unmarshal(b, &plural); err != nil {
		return fmt.Errorf("text: %w", err)
	}
	t.forms, t.index = plural.Forms, plural.Index
	return nil
}

// form is the text as it is with a number.
func (t text) form(n int) string {
	if n >= len(t.index) {
		n = 100 + n%100
	}
	if n >= 0 && n < len(t.index) {
		if i := int(t.index[n] - '0'); i >= 0 && i < len(t.forms) {
			return t.forms[i]
		}
	}
	if len(t.forms) > 0 {
		return t.forms[len(t.forms)-1]
	}
	return t.one
}

// fill puts arguments in the places that a text has for them: %s and %1$s, and %% for a percent sign.
func fill(text string, args []any) string {
	if !strings.Contains(text, "%") {
		return text
	}
	var b strings.Builder
	next := 0
	for {
		before, after, found := strings.Cut(text, "%")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if rest, percent := strings.CutPrefix(after, "%"); percent {
			b.WriteByte('%')
			text = rest
			continue
		}
		place, rest := next, after
		if number, behind, ok := strings.Cut(after, "$"); ok {
			if n, err := strconv.Atoi(number); err == nil && n > 0 {
				place, rest = n-1, behind
			}
		}
		if rest, ok := strings.CutPrefix(rest, "s"); ok && place < len(args) {
			fmt.Fprint(&b, args[place])
			next = max(next, place+1)
			text = rest
			continue
		}
		b.WriteByte('%')
		text = after
	}
}
