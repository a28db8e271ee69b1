package restapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"jetonomy-sidecar/messaging"
)

// readEverything reads every parameter there is, as every kind that there is, and gives the texts.
func readEverything(t *testing.T, p *params) []string {
	t.Helper()
	var texts []string
	for _, of := range []param{
		paramRecipients, paramFirstText, paramText, paramTitle, paramMuted, paramArchived, paramBlocked, paramUpTo, paramUnread, paramClientKey,
		paramReported, paramReason, paramNote,
		paramLimit, paramOffset, paramPage, paramFilter, paramSearch, paramWith, paramCursor, paramBefore, paramAfter, paramOrder, paramMarkRead, paramQuery, paramFormat,
	} {
		text, _, err := get(p, of, asText)
		texts = append(texts, text)
		refusals(t, p, of, err)
		ids, given, err := get(p, of, asIDs)
		refusals(t, p, of, err)
		for _, id := range ids {
			if !given || id == 0 {
				t.Errorf("%v gives id %d", of, id)
			}
		}
		n, given, err := get(p, of, asNumber(1, 100))
		refusals(t, p, of, err)
		if given && (n < 1 || n > 100) {
			t.Errorf("%v gives number %d", of, n)
		}
		_, _, err = get(p, of, asBool)
		refusals(t, p, of, err)
		_, _, err = get(p, of, asMessageID)
		refusals(t, p, of, err)
		_, _, err = get(p, of, asListCursor)
		refusals(t, p, of, err)
		_, _, err = get(p, of, asOneOf(messaging.OldestFirst, messaging.NewestFirst))
		refusals(t, p, of, err)
		_, _, err = get(p, of, asOneOf(messaging.ReportReasons...))
		refusals(t, p, of, err)
	}
	return texts
}

// refusals fails unless err is none, or a refusal by one of the parameter's own names that can be shown.
func refusals(t *testing.T, p *params, of param, err error) {
	t.Helper()
	if err == nil {
		return
	}
	e, ok := messaging.AsError(err)
	if !ok || e.Kind != messaging.Invalid || !utf8.ValidString(e.Message) {
		t.Fatalf("%v is refused with %v", of, err)
	}
	for _, name := range of.names {
		if p.asSpelled(e.Param) == name {
			return
		}
	}
	t.Errorf("%v is refused as %q", of, p.asSpelled(e.Param))
}

// FuzzBody: whatever is sent, reading it ends in parameters that can be stored as they are, or in a
// refusal with 400 or 415; and the refusal is valid JSON.
func FuzzBody(f *testing.F) {
	const js, form = "application/json", "application/x-www-form-urlencoded"
	for _, body := range []string{
		`{"recipients":[4,"17"],"message":"hi","title":null,"muted":"1","client_key":"k"}`, `{"content":"\ud83d\ude00"}`, `{"content":"\ud83d"}`,
		`{"content":"a\u0000"}`, "{\"content\":\"\xff\"}", `{"a":[[[[[[]]]]]]}`, `[]`, `null`, `{"limit":1e3,"page":5.0,"offset":-0}`, `{"message_id":"msg_7"}`,
		`{"message_id":7,"reason":"other","note":"a","details":"a"}`,
		`{"content":"\\\"\u0041\\"}`, `{"content":"\ud83d\\ude00"}`, "",
	} {
		f.Add(js, []byte(body))
	}
	for _, body := range []string{"recipient_ids[]=4&recipient_ids[]=17&message=hi+%F0%9F%98%80", "content=%00", "content=%ff&muted=TRUE", "a[b][c]=1&a]=2&a[=3&[]=4&=5", "limit=%zz&q=%"} {
		f.Add(form, []byte(body))
	}
	f.Add("text/plain; charset", []byte("x"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		v, err := decodeBody(contentType, body)
		a := &api{Options: Options{Log: func(_ *http.Request, err error) { t.Errorf("an unknown error: %v", err) }}}
		p := &params{body: v, spelled: map[string]string{}}
		if err != nil {
			ans := a.refuse(nil, err, p)
			if ans.status != http.StatusBadRequest && ans.status != http.StatusUnsupportedMediaType {
				t.Errorf("status %d", ans.status)
			}
			return
		}
		for _, text := range readEverything(t, p) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				t.Errorf("text %q cannot be stored", text)
			}
		}
	})
}

// FuzzQuery: the same for a query; and what a link repeats of it stays a query of the same pairs.
func FuzzQuery(f *testing.F) {
	for _, query := range []string{"", "q=ab%25&limit=5", "before=msg_5&after=", "filter=all&cursor=AQE", "search=%25_%5C&filter=all", "a=%0d%0aSet-Cookie:x&b=>;<", "&&=&a[]=1", "%", "q=%ff%00"} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		p := newParams(query)
		readEverything(t, p)
		link := p.raw.with()
		if strings.ContainsAny(link, "<>\"\r\n\x00 ") {
			t.Errorf("a link would have %q", link)
		}
		again := parseForm(link)
		if len(again) != len(p.raw) {
			t.Fatalf("%q became %q", p.raw, again)
		}
		for i := range again {
			if again[i] != p.raw[i] {
				t.Errorf("%q became %q", p.raw[i], again[i])
			}
		}
	})
}

// FuzzListCursor: only what was given out is accepted.
func FuzzListCursor(f *testing.F) {
	f.Add(encodeListCursor(messaging.ListCursor{LastMessageID: 1 << 40, ConversationID: 7}))
	f.Add("AQE")
	f.Add("gAAB")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := asListCursor(text)
		if err == nil && encodeListCursor(c) != text {
			t.Errorf("%q is taken for %+v", text, c)
		}
	})
}

// FuzzCheckJSON: what is accepted loses nothing in decoding: no character of a string is replaced.
func FuzzCheckJSON(f *testing.F) {
	f.Add([]byte(`{"a":"\ud83d\ude00 \\ud800 \ufffd"}`))
	f.Add([]byte(`"\ud83d"`))
	f.Add([]byte("\"\xff\""))
	f.Fuzz(func(t *testing.T, text []byte) {
		if checkJSON(text) != nil {
			return
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		// U+FFFD may only come out where it was put in, as itself or as an escape.
		written, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		in := strings.Count(string(text), "\ufffd") + strings.Count(strings.ToLower(string(text)), `\ufffd`)
		if out := strings.Count(string(written), "\ufffd") + strings.Count(string(written), `\ufffd`); out > in {
			t.Errorf("%q became %q", text, written)
		}
	})
}
