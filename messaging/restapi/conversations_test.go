package restapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestStart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := fmt.Sprintf(`{"recipients":[%d],"message":"hello","title":"ignored"}`, member2)
	r := s.post("member1", "/conversations", body).status(http.StatusCreated)
	r.is("id", 1).is("conversation_id", 1).is("message_id", 1).is("data.id", 1).is("success", true).
		is("message.id", 1).is("message.conversation_id", 1).is("message.is_own", true).
		is("title", "Member2").is("type", "direct").is("created_by", member1).
		is("last_message", "hello").is("last_message_preview", "hello").is("last_message_is_own", true).is("message_count", 1).
		is("unread", false).is("left_at", nil).is("created_at", "2026-01-02T15:04:05Z").is("updated_at", "2026-01-02T15:04:05Z")
	if got, want := r.Header().Get("Location"), home+api+"/conversations/1"; got != want {
		t.Errorf("Location %s, want %s", got, want)
	}

	// The pair has one conversation, whoever begins.
	s.post("member2", "/conversations/1/archive", `{"archived":true}`)
	r = s.post("member2", "/conversations", fmt.Sprintf(`{"recipient_ids":[%d],"body":"again"}`, member1)).
		status(http.StatusOK).is("id", 1).is("message_id", 2).is("message_count", 2).is("is_archived", false)

	if got := r.Header().Get("Location"); got != "" {
		t.Errorf("an answer 200 has Location %s, of which CGI makes a redirect", got)
	}
	s.get("member1", "/conversations/1").status(http.StatusOK).is("unread", true).is("unread_count", 1).is("last_message_is_own", false).is("data", nil)
	s.get("member2", "/conversations").is("data.0.last_message_is_own", true)
	s.post("member2", "/conversations/1/mute", ``).is("last_message_is_own", true).is("data.last_message_is_own", true)
}

func TestStartRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	many := make([]string, 20)
	for i := range many {
		many[i] = fmt.Sprint(100 + i)
	}
	s.post("member1", "/conversations", `{"recipient_ids":[`+strings.Join(many, ",")+`],"message":"hi"}`).
		refused(http.StatusBadRequest, "jetonomy_too_many_participants").is("data.params.recipient_ids", "A conversation can have at most 20 participants, you included.")
	s.post("member1", "/conversations", `{"recipient_ids":[`+strings.Join(many[:19], ",")+`],"message":"hi"}`).status(http.StatusCreated)
	s.post("member1", "/conversations", ``).refusedParam("recipients")
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d],"message":"me"}`, member1)).refusedParam("recipients")
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d]}`, member2)).refusedParam("message")
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d],"message":%q}`, member2, strings.Repeat("ä", 10_001))).refusedParam("message")
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d],"message":"hi","title":["x"]}`, member2)).refusedParam("title")
	s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d,%d],"message":"hi","title":%q}`, member2, member3, strings.Repeat("x", 121))).refusedParam("title")
	if got := s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[998,%d,999],"message":"hi"}`, member2)).refusedParam("recipients").at("data.params.recipients"); !strings.Contains(fmt.Sprint(got), "998, 999") {
		t.Errorf("unknown members are not named: %v", got)
	}
}

var rel = regexp.MustCompile(`<([^>]*)>; rel="(\w+)"`)

// links gives the addresses of a Link header by their rel, as paths under the API.
func links(t *testing.T, r response) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, m := range rel.FindAllStringSubmatch(r.Header().Get("Link"), -1) {
		if !strings.HasPrefix(m[1], home+api+"/") {
			t.Errorf("link %s leads elsewhere", m[1])
		}
		if _, err := url.Parse(m[1]); err != nil {
			t.Errorf("link %s: %v", m[1], err)
		}
		found[m[2]] = strings.TrimPrefix(m[1], home+api)
	}
	return found
}

func TestListPaging(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for i := range 5 {
		s.direct("member1", uint64(100+i))
	}
	ids := func(r response) string {
		var ids []string
		data, _ := r.at("data").([]any)
		for i := range data {
			ids = append(ids, fmt.Sprint(r.at(fmt.Sprintf("data.%d.id", i))))
		}
		return strings.Join(ids, " ")
	}
	for _, first := range []string{"?limit=2", "?per_page=2&page=1&x=%C3%A4", "?limit=2&offset=0"} {
		path, seen, page := "/conversations"+first, "", 0
		for path != "" {
			page++
			r := s.get("member1", path).status(http.StatusOK).is("meta.total", 5).is("meta.has_more", page < 3)
			if total, pages := r.Header().Get("X-WP-Total"), r.Header().Get("X-WP-TotalPages"); total != "5" || pages != "3" {
				t.Errorf("X-WP-Total %s, X-WP-TotalPages %s", total, pages)
			}
			seen += ids(r) + " "
			l := links(t, r)
			if byNumber := first != "?limit=2"; (l["prev"] != "") != (byNumber && page > 1) {
				t.Errorf("page %d of %s: prev is %q", page, first, l["prev"])
			}
			if strings.Contains(first, "x=") && path != "" && l["next"] != "" && !strings.Contains(l["next"], "x=%C3%A4") {
				t.Errorf("the next page %s lost an argument", l["next"])
			}
			path = l["next"]
		}
		if seen != "5 4 3 2 1 " {
			t.Errorf("pages from %s show %q", first, seen)
		}
	}

	// A cursor stays where it is while conversations move to the top.
	r := s.get("member1", "/conversations?limit=2")
	s.post("member1", "/conversations/1/messages", `{"content":"up"}`)
	cursor := r.at("meta.cursor_next")
	if got := ids(s.get("member1", fmt.Sprintf("/conversations?limit=2&page=1&cursor=%v", cursor)).is("meta.offset", 0)); got != "3 2" {
		t.Errorf("behind the cursor are %s", got)
	}

	r = s.get("member1", "/conversations?page=9&per_page=2").is("meta.count", 0).is("meta.cursor_next", nil).is("meta.offset", 16)
	if got := links(t, r)["prev"]; got != "/conversations?per_page=2&page=3" {
		t.Errorf("prev of a page behind the end is %q", got)
	}
	r = s.get("member1", "/conversations?offset=3&limit=2&page=7")
	if l := links(t, r); l["prev"] != "/conversations?limit=2&offset=1" || l["next"] != "" {
		t.Errorf("links by offset: %v", l)
	}
	r = s.get("member4", "/conversations").is("meta.total", 0).is("meta.has_more", false).is("meta.cursor_next", nil)
	if fmt.Sprint(r.at("data")) != "[]" || r.Header().Get("X-WP-TotalPages") != "0" || r.Header().Get("Link") != "" {
		t.Errorf("an empty list: %s %v", r.Body, r.Header())
	}
}

func TestPatch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.group()
	patch := func(body string) response {
		t.Helper()
		return s.send(request{login: "member1", method: "PATCH", path: path, body: body})
	}
	patch(`{"title":"New","muted":true,"archived":true}`).status(http.StatusOK).
		is("title", "New").is("is_muted", true).is("is_archived", true).is("data.title", "New").is("success", true)
	patch(`{"title":""}`).status(http.StatusOK).is("title", "Member2, Member3")
	patch(`{"is_muted":false}`).status(http.StatusOK).is("muted", false).is("archived", true)
	patch(`{"title":"Other","muted":"maybe"}`).refusedParam("muted")
	s.get("member1", path).is("title", "Member2, Member3") // nothing was applied
	for _, body := range []string{``, `{}`, `{"muted":null}`, `{"blocked":true}`} {
		patch(body).refusedParam("muted")
	}
	direct := s.direct("member1", member2)
	s.send(request{login: "member1", method: "PATCH", path: direct, body: `{"title":"x"}`}).refused(http.StatusBadRequest, "jetonomy_group_only")

	// WordPress's script client sends PATCH as POST.
	s.send(request{login: "member1", method: "POST", path: path, body: `{"muted":true}`, header: http.Header{"X-Http-Method-Override": {"PATCH"}}}).
		status(http.StatusOK).is("muted", true)
	s.send(request{login: "member1", method: "POST", path: path, body: `{"muted":true}`}).refused(http.StatusMethodNotAllowed, "jetonomy_method_not_allowed")
}

func TestAddParticipants(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"recipients", "participants", "recipient_ids"} {
		s := newSite(t)
		path := s.group()
		s.post("member1", path+"/participants", fmt.Sprintf(`{%q:[%d]}`, name, member4)).status(http.StatusOK).
			is("participants.3.user_id", member4).is("data.participants.3.display_name", "Member4")
		s.get("member4", path).status(http.StatusOK)
		s.post("member1", path+"/participants", fmt.Sprintf(`{%q:[]}`, name)).refusedParam(name)
		s.post("member1", path+"/participants", fmt.Sprintf(`{%q:[999]}`, name)).refusedParam(name)
		direct := s.direct("member1", member2)
		s.post("member1", direct+"/participants", fmt.Sprintf(`{%q:[%d]}`, name, member4)).refused(http.StatusBadRequest, "jetonomy_group_only")
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const path = "/messaging/recipient-suggestions"
	s.get("member1", path+"?q=member").status(http.StatusOK).is("meta.count", 3).is("meta.total", 3).is("meta.has_more", false).
		is("data.0.id", member2).is("data.0.user_login", "member2").is("data.0.login", "member2").is("data.0.display_name", "Member2").
		is("data.0.avatar_url", fmt.Sprintf("https://secure.gravatar.com/avatar/%d?s=32&d=mm&r=g", member2))
	s.get("member1", path+"?q=member&limit=1").is("meta.count", 1)
	s.get("member1", path+"?q=extra").is("meta.count", 10)
	s.get("member1", path+"?q=extra&limit=1000").is("meta.count", 20)
	s.get("member1", path+"?q=%25%25%25").is("meta.count", 0)
	for query, name := range map[string]string{
		"": "q", "?q=": "q", "?q=ab": "q", "?q=" + strings.Repeat("x", 65): "q", "?q=abc%00": "q", "?q=abc%ff": "q", "?q[]=abc": "q", "?q=abc&limit=0": "limit",
	} {
		s.get("member1", path+query).refusedParam(name)
	}
}

// Other code makes conversations without a message, and writes zero dates.
func TestConversationWithoutAnything(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.group()
	s.store.mu.Lock()
	c := s.store.conversations[0]
	c.messages, c.Title = nil, ""
	c.CreatedAt = time.Time{}
	for _, p := range c.places {
		p.joined, p.readAt = time.Time{}, time.Time{}
	}
	s.store.mu.Unlock()
	s.get("member1", path).status(http.StatusOK).is("last_message_id", 0).is("last_message", nil).is("last_message_preview", nil).is("last_message_at", nil).
		is("created_at", nil).is("updated_at", nil).is("participants.0.joined_at", nil).is("unread", false).is("title", "Member2, Member3")
	s.get("member1", path+"/messages").status(http.StatusOK).is("meta.total", 0).is("meta.cursor_next", nil)
}
