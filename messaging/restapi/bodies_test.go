package restapi_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2) + "/messages"
	send := func(contentType, body string) response {
		t.Helper()
		return s.send(request{login: "member1", method: "POST", path: path, contentType: contentType, body: body})
	}
	const text = `{"content":"hi"}`
	for _, contentType := range []string{"application/json", "application/json; charset=utf-8", "application/json;charset=UTF8", "Application/JSON", "application/vnd.api+json", "application/json;"} {
		send(contentType, text).status(http.StatusCreated).is("content_plain", "hi")
	}
	for _, contentType := range []string{"application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8"} {
		send(contentType, "content=h%C3%A4+50%&x=y&&=&content%5").status(http.StatusCreated).is("content_plain", "hä 50%")
	}
	for _, contentType := range []string{"text/plain", "text/json", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=iso-8859-1", "application/octet-stream", "garbage", "application/jsonx", ";", "application/json; charset"} {
		send(contentType, text).refused(http.StatusUnsupportedMediaType, "rest_unsupported_media_type")
	}
	s.send(request{login: "member1", method: "POST", path: path, body: text, header: http.Header{"Content-Encoding": {"gzip"}}}).
		refused(http.StatusUnsupportedMediaType, "rest_unsupported_media_type")
	// Where nothing is sent, its type does not matter.
	for _, contentType := range []string{"", "text/plain", "application/json"} {
		s.send(request{login: "member1", method: "POST", path: "/conversations/1/mute", contentType: contentType}).status(http.StatusOK)
	}
	send("text/plain", "").refusedParam("content")
}

func TestMalformedJSON(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2) + "/messages"
	for name, body := range map[string]string{
		"truncated":                  `{"content":"hi"`,
		"two values":                 `{"content":"hi"} {}`,
		"trailing comma":             `{"content":"hi",}`,
		"single quotes":              `{'content':'hi'}`,
		"only space":                 `  `,
		"list":                       `["hi"]`,
		"text":                       `"hi"`,
		"null":                       `null`,
		"number":                     `7`,
		"byte order mark":            "\ufeff" + `{"content":"hi"}`,
		"raw control character":      "{\"content\":\"a\x01b\"}",
		"raw NUL":                    "{\"content\":\"a\x00b\"}",
		"broken UTF-8":               "{\"content\":\"a\xffb\"}",
		"broken UTF-8 elsewhere":     "{\"content\":\"hi\",\"x\":\"\xc3\x28\"}",
		"UTF-8 of a surrogate":       "{\"content\":\"\xed\xa0\x80\"}",
		"overlong UTF-8":             "{\"content\":\"\xc0\x80\"}",
		"high surrogate":             `{"content":"\ud800"}`,
		"high surrogate and text":    `{"content":"\ud83dx"}`,
		"high surrogate and escape":  `{"content":"\ud83d\n"}`,
		"two high surrogates":        `{"content":"\ud83d\ud83d\ude00"}`,
		"low surrogate":              `{"content":"\uDE00"}`,
		"surrogates the wrong way":   `{"content":"\ude00\ud83d"}`,
		"surrogate in a name":        `{"\ud800":1,"content":"hi"}`,
		"surrogate after backslash":  `{"content":"\\\ud800"}`,
		"nested too deep":            `{"content":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`,
		"nested without end":         strings.Repeat(`{"a":`, 5000),
		"bad escape":                 `{"content":"\x41"}`,
		"half an escape":             `{"content":"\u12"}`,
		"UTF-16":                     "\xff\xfe{\x00}\x00",
		"two names and a lone colon": `{"a" "b":}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.post("member1", path, body).refused(http.StatusBadRequest, "rest_invalid_json")
		})
	}
	for body, want := range map[string]string{
		`{"content":"\ud83d\ude00"}`:             "😀",
		`{"content":"\\ud800"}`:                  `\ud800`,
		`{"content":"\\\\ud800\""}`:              `\\ud800"`,
		`{"content":"[[[{{{\"]]]"}`:              `[[[{{{"]]]`,
		`{"content":"first","content":"last"}`:   "last",
		`{"content":"\u00e4\ufffd"}`:             "ä\ufffd",
		`{"content":"x","extra":{"a":[1,[2]]}}`:  "x",
		"\n\t {\"content\" : \"spaced\" } \r\n ": "spaced",
		`{"content":"\u0041","Content":"other"}`: "A",
	} {
		s.post("member1", path, body).status(http.StatusCreated).is("content_plain", want)
	}
	for _, body := range []string{`{"content":"a\u0000b"}`, `{"content":["hi"]}`, `{"content":{"raw":"hi"}}`, `{"content":true}`, `{"content":12}`} {
		s.post("member1", path, body).refusedParam("content")
	}
	for _, body := range []string{"content=a%00b", "content=a%ffb", "content=%ED%A0%80", "content[]=hi", "content[a][b]=hi"} {
		s.send(request{login: "member1", method: "POST", path: path, contentType: "application/x-www-form-urlencoded", body: body}).refusedParam("content")
	}
}

func TestBodySize(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2) + "/messages"
	fits := `{"content":"hi","x":"` + strings.Repeat("x", 64<<10-len(`{"content":"hi","x":""}`)) + `"}`
	s.post("member1", path, fits).status(http.StatusCreated)
	s.post("member1", path, fits+" ").refused(http.StatusRequestEntityTooLarge, "jetonomy_body_too_large")
	// The longest message of the widest characters fits.
	s.post("member1", path, `{"content":"`+strings.Repeat("😀", 10_000)+`"}`).status(http.StatusCreated)
}
