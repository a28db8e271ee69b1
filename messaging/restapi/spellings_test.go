package restapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The rows of the table of published wire shapes, column by column.

func TestStartSpellings(t *testing.T) {
	t.Parallel()
	two, three := fmt.Sprint(member2), fmt.Sprint(member3)
	for _, recipients := range []string{"recipients", "participants", "recipient_ids"} {
		for _, text := range []string{"message", "body", "content"} {
			for name, ids := range map[string]string{
				"numbers":    "[" + two + "," + three + "]",
				"texts":      `["` + two + `"," ` + three + `"]`,
				"commas":     `"` + two + ", " + three + `"`,
				"repeated":   "[" + two + "," + three + "," + two + fmt.Sprintf(",%d]", member1),
				"as a float": "[" + two + ".0," + three + "]",
			} {
				t.Run(recipients+"/"+text+"/"+name, func(t *testing.T) {
					t.Parallel()
					newSite(t).post("member1", "/conversations", fmt.Sprintf(`{%q:%s,%q:"hi","title":"T"}`, recipients, ids, text)).
						status(http.StatusCreated).
						is("type", "group").is("title", "T").is("message.content_plain", "hi").
						is("participants.2.user_id", three).is("participants.3", nil)
				})
			}
			t.Run(recipients+"/"+text+"/one", func(t *testing.T) {
				t.Parallel()
				newSite(t).post("member1", "/conversations", fmt.Sprintf(`{%q:%s,%q:"hi"}`, recipients, two, text)).
					status(http.StatusCreated).is("type", "direct")
			})
			t.Run(recipients+"/"+text+"/form", func(t *testing.T) {
				t.Parallel()
				for _, form := range []url.Values{
					{recipients + "[]": {two, three}, text: {"hi"}},
					{recipients + "[0]": {two}, recipients + "[1]": {three}, text: {"hi"}},
					{recipients: {two + "," + three}, text: {"hi"}},
				} {
					newSite(t).send(request{login: "member1", method: "POST", path: "/conversations", form: form}).
						status(http.StatusCreated).is("type", "group").is("message.content_plain", "hi")
				}
			})
			t.Run(recipients+"/"+text+"/query", func(t *testing.T) {
				t.Parallel()
				newSite(t).post("member1", "/conversations?"+recipients+"="+two+"&"+text+"=hi", "").
					status(http.StatusCreated).is("message.content_plain", "hi")
			})
			t.Run(recipients+"/"+text+"/refusals are spelled alike", func(t *testing.T) {
				t.Parallel()
				s := newSite(t)
				s.post("member1", "/conversations", fmt.Sprintf(`{%q:[999],%q:"hi"}`, recipients, text)).refusedParam(recipients)
				s.post("member1", "/conversations", fmt.Sprintf(`{%q:[],%q:"hi"}`, recipients, text)).refusedParam(recipients)
				s.post("member1", "/conversations", fmt.Sprintf(`{%q:[%s],%q:"  "}`, recipients, two, text)).refusedParam(text)
				s.post("member1", "/conversations", fmt.Sprintf(`{%q:[%s],%q:7}`, recipients, two, text)).refusedParam(text)
				for _, ids := range []string{`["a"]`, `[-1]`, `[0]`, `[1.5]`, `[[11]]`, `{"0":11}`, `true`, `[null]`, `"11,x"`, `[99999999999999999999999]`} {
					s.post("member1", "/conversations", fmt.Sprintf(`{%q:%s,%q:"hi"}`, recipients, ids, text)).refusedParam(recipients)
				}
			})
		}
	}
}

func TestSendSpellings(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"content", "body", "message"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			path := s.direct("member1", member2) + "/messages"
			s.post("member1", path, fmt.Sprintf(`{%q:"one"}`, text)).status(http.StatusCreated).is("content_plain", "one").is("data.content_plain", "one")
			s.send(request{login: "member1", method: "POST", path: path, form: url.Values{text: {"two & 2"}}}).status(http.StatusCreated).is("body", "<p>two &amp; 2</p>")
			s.post("member1", path+"?"+text+"=three", "").status(http.StatusCreated).is("content_plain", "three")
			s.post("member1", path, fmt.Sprintf(`{%q:""}`, text)).refusedParam(text)
		})
	}
}

func TestFlagSpellings(t *testing.T) {
	t.Parallel()
	yes := []string{`true`, `1`, `"true"`, `"TRUE"`, `"1"`}
	no := []string{`false`, `0`, `"false"`, `"0"`}
	for action, flag := range map[string]struct {
		spellings, shown []string
		patch            bool
	}{
		"mute":    {[]string{"muted", "is_muted", "mute"}, []string{"is_muted", "muted"}, true},
		"archive": {[]string{"archived", "is_archived", "archive"}, []string{"is_archived", "archived"}, true},
		"block":   {[]string{"blocked", "is_blocked", "block"}, []string{"is_blocked"}, false},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			path := s.direct("member1", member2)
			check := func(r response, want bool) {
				t.Helper()
				r.status(http.StatusOK).is("success", true)
				for _, name := range flag.shown {
					r.is(name, want).is("data."+name, want)
					s.get("member1", path).is(name, want)
				}
			}
			for _, name := range flag.spellings {
				for _, value := range yes {
					body, loose := fmt.Sprintf(`{%q:%s}`, name, value), value == `"TRUE"`
					check(s.send(request{login: "member1", method: "POST", path: path + "/" + action, body: body, loose: loose}), true)
					if flag.patch {
						check(s.send(request{login: "member1", method: "PATCH", path: path, body: body, loose: loose}), true)
					}
				}
				for _, value := range no {
					check(s.post("member1", path+"/"+action, fmt.Sprintf(`{%q:%s}`, name, value)), false)
					if flag.patch {
						check(s.send(request{login: "member1", method: "PATCH", path: path, body: fmt.Sprintf(`{%q:%s}`, name, value)}), false)
					}
				}
				check(s.send(request{login: "member1", method: "POST", path: path + "/" + action, form: url.Values{name: {"TRUE"}}}), true)
				check(s.post("member1", path+"/"+action+"?"+name+"=0", ""), false)
				check(s.post("member1", path+"/"+action+"?"+name+"=0", fmt.Sprintf(`{%q:true}`, name)), true)
				s.post("member1", path+"/"+action, fmt.Sprintf(`{%q:false}`, name))
				for _, value := range []string{`"yes"`, `2`, `""`, `[]`, `{}`, `1.0`, `"on"`} {
					s.post("member1", path+"/"+action, fmt.Sprintf(`{%q:%s}`, name, value)).refusedParam(name)
				}
			}
			// Without a value, or with null, the flag is turned round.
			check(s.post("member1", path+"/"+action, ``), true)
			check(s.post("member1", path+"/"+action, `{}`), false)
			check(s.send(request{login: "member1", method: "POST", path: path + "/" + action, form: url.Values{}}), true)
			// The other side sees nothing of it.
			for _, name := range flag.shown {
				s.get("member2", path).is(name, false)
			}
		})
	}
}

func TestSpellingsThatDisagree(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2)
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d],"recipient_ids":[%d],"message":"hi"}`, member2, member3)).refusedParam("recipient_ids")
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d],"recipient_ids":"%d","message":"hi","body":"hi"}`, member2, member2)).status(http.StatusOK)
	s.post("member1", path+"/messages", `{"content":"a","message":"b"}`).refusedParam("message")
	s.post("member1", path+"/mute", `{"muted":true,"is_muted":0}`).refusedParam("is_muted")
	s.post("member1", path+"/mute", `{"muted":true,"mute":"1"}`).status(http.StatusOK)
	s.post("member1", path+"/messages?message=query", `{"content":"body"}`).status(http.StatusCreated).is("content_plain", "body")
	s.get("member1", "/conversations?limit=5&per_page=6").refusedParam("per_page")
}

func TestUnreadCountForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.direct("member1", member2)
	s.get("member2", "/conversations/unread-count").status(http.StatusOK).is("count", 1).is("unread", 1).is("unread_count", 1)
	s.get("member1", "/conversations/unread-count").is("count", 0)
	s.get("member2", "/conversations/unread-count?format=number").is("", 1)
	s.get("member2", "/conversations/unread-count?format=xml").refusedParam("format")
}

func TestListSpellings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	inbox := s.direct("member1", member2)
	archived := s.direct("member1", member3)
	s.post("member1", archived+"/archive", `{"archived":true}`)
	id := func(path string) string { return strings.TrimPrefix(path, "/conversations/") }
	for query, want := range map[string][]string{
		"":                               {id(inbox)},
		"?filter=active":                 {id(inbox)},
		"?filter=archived":               {id(archived)},
		"?filter=all":                    {id(archived), id(inbox)},
		"?filter=unread":                 {},
		"?archived=true":                 {id(archived), id(inbox)},
		"?archived=1":                    {id(archived), id(inbox)},
		"?archived=false":                {id(inbox)},
		"?archived=true&filter=archived": {id(archived)},
		"?limit=20&offset=0&filter=all":  {id(archived), id(inbox)},
		"?limit=1&offset=1&filter=all":   {id(inbox)},
		"?per_page=1&page=2&filter=all":  {id(inbox)},
		"?limit=500&filter=all":          {id(archived), id(inbox)},
		"?limit=1&offset=99":             {},
	} {
		r := s.get("member1", "/conversations"+query).status(http.StatusOK).is("meta.count", len(want))
		for i, id := range want {
			r.is(fmt.Sprintf("data.%d.id", i), id)
		}
	}
	s.get("member2", "/conversations?filter=unread").is("meta.count", 1)
	for query, name := range map[string]string{
		"?filter=spam": "filter", "?filter=": "filter", "?filter[]=all": "filter", "?archived=maybe": "archived",
		"?limit=0": "limit", "?limit=-1": "limit", "?limit=abc": "limit", "?limit=": "limit", "?per_page=1.5": "per_page",
		"?limit[]=1": "limit", "?offset=-1": "offset", "?offset=x": "offset", "?page=0": "page", "?page=x": "page",
		"?cursor=garbage": "cursor", "?cursor=AQE&offset=1": "cursor", "?cursor=AQE&page=2": "cursor", "?cursor=AQ": "cursor", "?cursor=AQEA": "cursor",
		"?limit=%00": "limit", "?limit=%ff": "limit", "?cursor=%zz": "cursor",
	} {
		s.get("member1", "/conversations"+query).refusedParam(name)
	}
	s.get("member1", "/conversations?page=999999999999&limit=999999999999999").status(http.StatusOK).is("meta.count", 0)
	s.get("member1", "/conversations?cursor=&unknown=%ff&_locale=user").status(http.StatusOK)
}
