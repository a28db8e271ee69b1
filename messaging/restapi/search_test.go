package restapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestSearchOfTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	group := s.group()
	two := s.direct("member1", member2)
	three := s.direct("member1", member3)
	s.post("member1", three+"/archive", `{"archived":true}`)
	id := func(path string) string { return strings.TrimPrefix(path, "/conversations/") }

	for query, want := range map[string][]string{
		"search=proj":                                  {id(group)},
		"search=MEMBER2":                               {id(two), id(group)},
		"search=member3":                               {id(group)},
		"search=member3&filter=archived":               {id(three)},
		"search=member3&archived=1":                    {id(three), id(group)},
		"search=" + url.QueryEscape("  Project\t"):     {id(group)},
		"search=member1":                               {},
		"search=%25":                                   {},
		"search=":                                      {id(two), id(group)},
		"search=+++":                                   {id(two), id(group)},
		"search=" + strings.Repeat("x", 64):            {},
		"search=" + strings.Repeat("%F0%9F%98%80", 64): {},
	} {
		r := s.get("member1", "/conversations?"+query).status(http.StatusOK).is("meta.count", len(want)).is("meta.total", len(want))
		for i, id := range want {
			r.is("data."+string(rune('0'+i))+".id", id)
		}
	}
	for _, query := range []string{"search=" + strings.Repeat("x", 65), "search=%ff", "search=%00", "search[]=x"} {
		s.get("member1", "/conversations?"+query).refusedParam("search")
	}

	// Totals count what is found, and links go on with the search.
	r := s.get("member1", "/conversations?search=member2&limit=1").is("meta.has_more", true)
	if total, pages := r.Header().Get("X-WP-Total"), r.Header().Get("X-WP-TotalPages"); total != "2" || pages != "2" {
		t.Errorf("X-WP-Total %s, X-WP-TotalPages %s", total, pages)
	}
	next := links(t, r)["next"]
	s.get("member1", next).is("meta.count", 1).is("data.0.id", id(group)).is("meta.has_more", false)
	s.get("member1", "/conversations?search=member2&per_page=1&page=2").is("data.0.id", id(group)).is("meta.total", 2)

	head := s.send(request{login: "member1", method: "HEAD", path: "/conversations?search=member2&limit=1"}).status(http.StatusOK)
	if total := head.Header().Get("X-WP-Total"); total != "2" || head.Body.Len() != 0 {
		t.Errorf("HEAD: X-WP-Total %s, %d bytes", total, head.Body.Len())
	}
}

func TestConversationOfAPair(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.group()
	two := strings.TrimPrefix(s.direct("member1", member2), "/conversations/")
	three := s.direct("member3", member1)
	s.post("member1", three+"/archive", `{"archived":true}`)
	for query, want := range map[string][]string{
		fmt.Sprintf("with=%d", member2):                 {two},
		fmt.Sprintf("with=%d&limit=1&page=1", member2):  {two},
		fmt.Sprintf("with=%d", member3):                 {},
		fmt.Sprintf("with=%d&filter=all", member3):      {strings.TrimPrefix(three, "/conversations/")},
		fmt.Sprintf("with=%d&filter=archived", member3): {strings.TrimPrefix(three, "/conversations/")},
		fmt.Sprintf("with=%d&filter=all", member4):      {},
		fmt.Sprintf("with=%d&filter=all", member1):      {},
		"with=999": {},
	} {
		r := s.get("member1", "/conversations?"+query).status(http.StatusOK).is("meta.count", len(want)).is("meta.total", len(want)).is("meta.has_more", false)
		for _, id := range want {
			r.is("data.0.id", id)
		}
	}
	for _, query := range []string{"with=", "with=x", "with=0", "with=-1", "with[]=9", "with=10,11", "with=10&search=m", "with=10&offset=1", "with=10&page=2"} {
		s.get("member1", "/conversations?"+query).refusedParam("with")
	}
	cursor := s.get("member1", "/conversations?limit=1").at("meta.cursor_next")
	s.get("member1", fmt.Sprintf("/conversations?with=10&cursor=%v", cursor)).refusedParam("with")
}
