package restapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jetonomy-sidecar/messaging"
)

// thread is a direct conversation of member1 and member2 with n messages of member1, ids 1 to n.
func thread(t *testing.T, n int) (*site, string) {
	t.Helper()
	s := newSite(t)
	path := s.direct("member1", member2) + "/messages"
	for i := 2; i <= n; i++ {
		s.post("member1", path, fmt.Sprintf(`{"content":"m%d"}`, i)).status(http.StatusCreated)
	}
	return s, path
}

func messageIDs(r response) string {
	data, _ := r.at("data").([]any)
	ids := make([]string, len(data))
	for i := range data {
		ids[i] = fmt.Sprint(r.at(fmt.Sprintf("data.%d.id", i)))
	}
	return strings.Join(ids, " ")
}

func TestThreadPaging(t *testing.T) {
	t.Parallel()
	s, path := thread(t, 7)
	for query, want := range map[string]struct{ ids, next string }{
		"":                                {"7 6 5 4 3 2 1", "<nil>"},
		"?limit=3":                        {"7 6 5", "msg_5"},
		"?before=0&limit=3":               {"7 6 5", "msg_5"},
		"?before=&limit=3":                {"7 6 5", "msg_5"},
		"?before=5&limit=3":               {"4 3 2", "msg_2"},
		"?before=msg_5&per_page=3":        {"4 3 2", "msg_2"},
		"?before=5&limit=3&order=asc":     {"2 3 4", "msg_2"},
		"?before=2":                       {"1", "<nil>"},
		"?before=1":                       {"", "<nil>"},
		"?after=5":                        {"6 7", "<nil>"},
		"?after=msg_5&per_page=20":        {"6 7", "<nil>"},
		"?after=2&limit=3":                {"3 4 5", "msg_5"},
		"?after=2&limit=3&order=desc":     {"5 4 3", "msg_5"},
		"?after=0&limit=2":                {"1 2", "msg_2"},
		"?before=0&after=5":               {"6 7", "<nil>"},
		"?before=&after=":                 {"7 6 5 4 3 2 1", "<nil>"},
		"?after=7":                        {"", "<nil>"},
		"?after=999":                      {"", "<nil>"},
		"?order=asc&limit=2":              {"1 2", "msg_2"},
		"?order=desc&limit=2":             {"7 6", "msg_6"},
		"?page=2&per_page=3":              {"4 3 2", "msg_2"},
		"?offset=6&limit=3":               {"1", "<nil>"},
		"?order=asc&page=2&limit=3":       {"4 5 6", "msg_6"},
		"?before=18446744073709551615":    {"7 6 5 4 3 2 1", "<nil>"},
		"?before=5&limit=3&page=1&offset": {"", "offset"},
	} {
		if want.next == "offset" {
			s.get("member1", path+query).refusedParam("offset")
			continue
		}
		r := s.get("member1", path+query).status(http.StatusOK).is("meta.cursor_next", want.next).is("meta.has_more", want.next != "<nil>").is("meta.total", 7)
		if got := messageIDs(r); got != want.ids {
			t.Errorf("%s shows %q, want %q", query, got, want.ids)
		}
	}
	for query, name := range map[string]string{
		"?before=5&after=2": "after", "?after=msg_abc123": "after", "?before=abc": "before", "?before=-1": "before", "?before=1.5": "before",
		"?after=18446744073709551616": "after", "?before[]=5": "before", "?before=msg_": "before", "?order=up": "order", "?mark_read=maybe": "mark_read",
		"?before=5&offset=1": "before", "?after=5&page=2": "before", "?limit=0": "limit", "?after=%00": "after",
	} {
		s.get("member1", path+query).refusedParam(name)
	}
}

func TestThreadLinks(t *testing.T) {
	t.Parallel()
	s, path := thread(t, 7)
	for first, want := range map[string]string{
		"?limit=3":                  "7 6 5 4 3 2 1",
		"?limit=3&before=0&offset=": "",
		"?limit=3&order=asc":        "1 2 3 4 5 6 7",
		"?limit=3&after=0":          "1 2 3 4 5 6 7",
		"?limit=3&page=1":           "7 6 5 4 3 2 1",
		"?limit=3&offset=0":         "7 6 5 4 3 2 1",
	} {
		if want == "" {
			s.get("member1", path+first).refusedParam("offset")
			continue
		}
		var seen []string
		for next := path + first; next != ""; {
			r := s.get("member1", next).status(http.StatusOK)
			seen = append(seen, messageIDs(r))
			next = links(t, r)["next"]
		}
		if got := strings.Join(seen, " "); got != want {
			t.Errorf("following from %s shows %q, want %q", first, got, want)
		}
	}
}

func TestMessageShape(t *testing.T) {
	t.Parallel()
	s, path := thread(t, 1)
	text := "a < b & \"c\" \u2028 👩‍👩‍👧 שלום\nline two"
	r := s.send(request{login: "member1", method: "POST", path: path, form: url.Values{"content": {text}}}).status(http.StatusCreated)
	avatar := fmt.Sprintf("https://secure.gravatar.com/avatar/%d?s=40&d=mm&r=g", member1)
	for _, at := range []string{"", "data."} {
		r.is(at+"id", 2).is(at+"cursor", "msg_2").is(at+"conversation_id", 1).is(at+"sender_id", member1).is(at+"sender_name", "Member1").
			is(at+"sender_avatar", avatar).is(at+"sender.id", member1).is(at+"sender.user_id", member1).is(at+"sender.name", "Member1").
			is(at+"sender.display_name", "Member1").is(at+"sender.user_login", "member1").is(at+"sender.login", "member1").
			is(at+"sender.avatar", avatar).is(at+"sender.avatar_url", avatar).is(at+"content_plain", text).
			is(at+"is_system", false).is(at+"is_own", true).is(at+"created_at", "2026-01-02T15:04:05Z").is(at+"created_at_human", "5 minutes ago")
		if r.at(at+"content") != r.at(at+"body") {
			t.Errorf("content and body differ: %s", r.Body)
		}
	}
	s.get("member2", path).is("data.0.is_own", false).is("data.0.content_plain", text)

	// The account goes; the message stays.
	s.store.mu.Lock()
	delete(s.store.people, member1)
	s.store.conversations[0].messages[0].Sender = messaging.Person{}
	s.store.mu.Unlock()
	s.get("member2", path+"?before=2").is("data.0.sender_name", "Deleted User").is("data.0.sender_id", member1).is("data.0.sender.user_login", "").
		is("data.0.sender_avatar", "https://secure.gravatar.com/avatar/?s=40&d=mm&r=g")
	s.get("member2", "/conversations/1").is("title", "Deleted User").is("participants.0.display_name", "Deleted User").is("participants.0.user_id", member1)
}

func TestReadingByThread(t *testing.T) {
	t.Parallel()
	s, path := thread(t, 3)
	conversation := strings.TrimSuffix(path, "/messages")
	unread := func(want bool) {
		t.Helper()
		s.get("member2", conversation).is("unread", want)
	}
	// What does not count as reading.
	s.send(request{login: "member2", method: "HEAD", path: path}).status(http.StatusOK)
	s.get("member2", path+"?mark_read=false").is("meta.unread", true).is("meta.last_message_id", 3).is("meta.last_read_message_id", 0)
	s.get("member2", path+"?mark_read=0")
	s.get("member2", path+"?before=3")
	s.get("member2", path+"?after=3")
	s.get("member2", path+"?offset=1")
	s.get("member2", path+"?order=asc&limit=2")
	s.get("member2", conversation)
	s.get("member2", "/conversations")
	s.change(member2, func(m *messaging.Member) { m.PendingVerification = true })
	s.get("member2", path).status(http.StatusOK).is("meta.unread", true)
	s.change(member2, func(m *messaging.Member) { m.PendingVerification = false })
	unread(true)
	if s.store.reads != 0 {
		t.Errorf("%d writes for nothing", s.store.reads)
	}
	// A mark that cannot be written is no reason to show nothing; it is logged.
	s.store.fails["Read"] = errors.New("disk full")
	s.get("member2", path).status(http.StatusOK).is("meta.unread", true).is("meta.count", 3)
	if len(s.logged) != 1 {
		t.Errorf("logged %v", s.logged)
	}
	delete(s.store.fails, "Read")
	unread(true)

	s.get("member2", path+"?limit=1").status(http.StatusOK).is("meta.unread", false).is("meta.last_read_message_id", 3)
	unread(false)
	s.get("member2", path)
	if s.store.reads != 1 {
		t.Errorf("%d writes, want 1: reading what is read is no change", s.store.reads)
	}
	s.post("member1", path, `{"content":"new"}`)
	unread(true)
	s.get("member2", path+"?after=msg_3").is("meta.unread", false)
	unread(false)
}
