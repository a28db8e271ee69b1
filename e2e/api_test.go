//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const api = "jetonomy/v1/"

// Each row of the API is called by each way of signing in, on the real site, and each does what it says.
func TestEveryRouteByEachWayOfSigningIn(t *testing.T) {
	ids := map[string]int{}
	for i := 1; i <= 6; i++ {
		login := fmt.Sprintf("member%d", i)
		ids[login] = userID(t, browser(t, login))
	}
	// The members that the rows write to are others for each way, so that one way's conversation is
	// not another's.
	for way, sign := range map[string]struct {
		as                func(testing.TB, string) *client
		me, other, anyone string
		direct            bool // answered by the service itself
	}{
		"cookie":               {browser, "member1", "member2", "member5", false},
		"application password": {app, "member3", "member4", "member5", false},
		"token":                {bearer, "member5", "member6", "member1", true},
	} {
		t.Run(way, func(t *testing.T) {
			me, other := sign.as(t, sign.me), sign.as(t, sign.other)
			row := func(name string, f func(t *testing.T)) {
				t.Run(name, func(t *testing.T) {
					me.t, other.t = t, t
					f(t)
				})
			}
			text := fmt.Sprintf("Hello by %s at %d: **bold** <b>not</b> 👋🏽 שלום", way, time.Now().UnixNano())
			var direct, group string
			var message int

			row("POST conversations", func(t *testing.T) {
				a := me.want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations",
					map[string]any{"recipient_ids": []int{ids[sign.other]}, "message": text})
				direct = fmt.Sprint(api, "conversations/", a.id(t, "conversation_id"))
				message = a.id(t, "message_id")
			})
			row("POST conversations (group)", func(t *testing.T) {
				a := me.want(created, "POST", api+"conversations",
					map[string]any{"participants": []int{ids[sign.other], ids[sign.anyone]}, "message": text, "title": "Group by " + way})
				group = fmt.Sprint(api, "conversations/", a.id(t, "id"))
			})
			row("GET conversations", func(t *testing.T) {
				a := other.want(ok, "GET", api+"conversations?filter=active&limit=5", nil)
				if a.at("data", 0, "title") != "Group by "+way {
					t.Errorf("the newest conversation is %v, want the group; body %.600s", a.at("data", 0, "title"), a.raw)
				}
				if a.header.Get("X-WP-Total") == "" || a.header.Get("X-WP-TotalPages") == "" {
					t.Errorf("no X-WP-Total or X-WP-TotalPages in %v", a.header)
				}
			})
			row("GET conversations/{id}", func(t *testing.T) {
				if a := other.want(ok, "GET", direct, nil); a.at("unread") != true {
					t.Errorf("unread is %v before the other side has read; body %.600s", a.at("unread"), a.raw)
				}
			})
			row("GET conversations/unread-count", func(t *testing.T) {
				if n := other.want(ok, "GET", api+"conversations/unread-count", nil).id(t, "count"); n < 2 {
					t.Errorf("%d unread, want the direct conversation and the group at least", n)
				}
			})
			row("GET conversations/{id}/messages", func(t *testing.T) {
				a := other.want(ok, "GET", direct+"/messages?mark_read=false", nil)
				if a.id(t, "data", 0, "id") != message {
					t.Errorf("newest message is %v, want %d", a.at("data", 0, "id"), message)
				}
				content := fmt.Sprint(a.at("data", 0, "content"))
				if !strings.Contains(content, "<strong>bold</strong>") || !strings.Contains(content, "&lt;b&gt;not&lt;/b&gt; 👋🏽 שלום") {
					t.Errorf("content is %q", content)
				}
				if isDirect := a.header.Get("X-Jetonomy-Sidecar") != ""; isDirect != sign.direct {
					t.Errorf("answered by the service itself: %v, want %v", isDirect, sign.direct)
				}
			})
			row("POST conversations/{id}/messages", func(t *testing.T) {
				key := fmt.Sprint("e2e-", time.Now().UnixNano())
				a := other.want(created, "POST", direct+"/messages", map[string]any{"content": "An answer"}, "Idempotency-Key", key)
				b := other.want(created, "POST", direct+"/messages", map[string]any{"content": "An answer"}, "Idempotency-Key", key)
				if a.id(t, "id") != b.id(t, "id") {
					t.Errorf("sent twice: messages %v and %v", a.at("id"), b.at("id"))
				}
				other.want([]int{http.StatusConflict}, "POST", direct+"/messages", map[string]any{"content": "Another"}, "Idempotency-Key", key)
			})
			row("GET conversations/{id}/messages (poll)", func(t *testing.T) {
				a := me.want(ok, "GET", fmt.Sprint(direct, "/messages?mark_read=false&after=msg_", message), nil)
				if n := a.id(t, "meta", "count"); n != 1 || a.at("data", 0, "content_plain") != "An answer" {
					t.Errorf("%d new messages, want the answer alone; body %.600s", n, a.raw)
				}
			})
			row("POST conversations/{id}/read", func(t *testing.T) {
				me.want(ok, "POST", direct+"/read", nil)
				if a := me.want(ok, "GET", direct, nil); a.at("unread") != false {
					t.Error("still unread")
				}
				me.want(ok, "POST", direct+"/read", map[string]any{"unread": true})
				if a := me.want(ok, "GET", direct, nil); a.at("unread") != true {
					t.Error("not marked unread")
				}
			})
			row("POST conversations/read-all", func(t *testing.T) {
				me.want(ok, "POST", api+"conversations/read-all", nil)
				if n := me.want(ok, "GET", api+"conversations/unread-count", nil).at("count"); n != 0.0 {
					t.Errorf("%v unread after read-all", n)
				}
			})
			row("PATCH conversations/{id}", func(t *testing.T) {
				if a := me.want(ok, "PATCH", direct, map[string]any{"is_muted": true}); a.at("muted") != true {
					t.Errorf("muted is %v", a.at("muted"))
				}
			})
			row("POST conversations/{id}/mute", func(t *testing.T) {
				if a := me.want(ok, "POST", direct+"/mute", nil); a.at("data", "is_muted") != false {
					t.Errorf("toggled: is_muted is %v", a.at("data", "is_muted"))
				}
			})
			row("POST conversations/{id}/archive", func(t *testing.T) {
				if a := me.want(ok, "POST", direct+"/archive", map[string]any{"archived": true}); a.at("data", "is_archived") != true {
					t.Errorf("is_archived is %v", a.at("data", "is_archived"))
				}
				me.want(ok, "POST", direct+"/archive", map[string]any{"archived": false})
			})
			row("POST conversations/{id}/participants", func(t *testing.T) {
				added := ids["member6"]
				if sign.other == "member6" {
					added = ids["member2"]
				}
				me.want(ok, "POST", group+"/participants", map[string]any{"recipient_ids": []int{added}})
				if n := len(me.want(ok, "GET", group, nil).at("participants").([]any)); n != 4 {
					t.Errorf("%d participants, want 4", n)
				}
			})
			row("POST conversations/{id}/leave", func(t *testing.T) {
				other.want(ok, "POST", group+"/leave", nil)
				other.want([]int{http.StatusForbidden}, "GET", group+"/messages", nil)
				other.want([]int{http.StatusBadRequest}, "POST", direct+"/leave", nil)
			})
			row("POST conversations/{id}/block", func(t *testing.T) {
				if a := me.want(ok, "POST", direct+"/block", map[string]any{"blocked": true}); a.at("data", "is_blocked") != true {
					t.Errorf("is_blocked is %v", a.at("data", "is_blocked"))
				}
				refused := other.want([]int{http.StatusForbidden}, "POST", direct+"/messages", map[string]any{"body": "Hello?"})
				if refused.at("code") != "jetonomy_cannot_message" || refused.at("message") != "Unable to send message" {
					t.Errorf("refused with %s", refused.raw)
				}
				if a := other.want(ok, "GET", direct, nil); strings.Contains(a.raw, `"is_blocked":true`) {
					t.Errorf("the blocked side sees the block: %s", a.raw)
				}
				me.want(ok, "POST", direct+"/block", map[string]any{"blocked": false})
				me.want([]int{http.StatusBadRequest}, "POST", group+"/block", nil)
			})
			row("POST conversations/{id}/report", func(t *testing.T) {
				before := me.want(ok, "GET", direct, nil).raw
				key := fmt.Sprint("report-", time.Now().UnixNano())
				wish := map[string]any{"message_id": message, "reason": "other", "details": text}
				a := other.want(created, "POST", direct+"/report", wish, "Idempotency-Key", key)
				b := other.want(created, "POST", direct+"/report", wish, "Idempotency-Key", key)
				c := other.want(ok, "POST", direct+"/report", wish)
				if id := a.id(t, "data", "id"); b.id(t, "id") != id || c.id(t, "id") != id || a.id(t, "message_id") != message {
					t.Errorf("one report is answered with %s, %s and %s", a.raw, b.raw, c.raw)
				}
				me.want([]int{http.StatusBadRequest}, "POST", direct+"/report", wish) // their own message
				other.want([]int{http.StatusForbidden}, "POST", group+"/report", wish)
				if after := me.want(ok, "GET", direct, nil).raw; after != before {
					t.Errorf("the reported member sees %s, before %s", after, before)
				}
			})
			row("GET messaging/recipient-suggestions", func(t *testing.T) {
				a := me.want(ok, "GET", api+"messaging/recipient-suggestions?q="+sign.other, nil)
				if !strings.Contains(a.raw, `"user_login":"`+sign.other+`"`) || strings.Contains(a.raw, "@") {
					t.Errorf("suggestions: %s", a.raw)
				}
			})
		})
	}
}

func TestRefusals(t *testing.T) {
	nobody := anonymous(t)
	for _, path := range []string{"conversations", "conversations/1", "conversations/1/messages", "conversations/unread-count", "messaging/recipient-suggestions?q=mem"} {
		if a := nobody.want([]int{http.StatusUnauthorized}, "GET", api+path, nil); a.at("code") != "rest_not_logged_in" {
			t.Errorf("%s: %s", path, a.raw)
		}
	}
	for _, c := range []*client{browser(t, "member1"), bearer(t, "member1")} {
		for _, test := range []struct {
			method, path string
			body         any
			header       []string
			status       int
		}{
			{"GET", "conversations/999999999", nil, nil, http.StatusForbidden},
			{"GET", "conversations/abc", nil, nil, http.StatusNotFound},
			{"GET", "conversations/1/unknown", nil, nil, http.StatusNotFound},
			{"DELETE", "conversations", nil, nil, http.StatusMethodNotAllowed},
			{"POST", "conversations", `{"recipient_ids":[2]`, nil, http.StatusBadRequest},
			{"POST", "conversations", map[string]any{"recipient_ids": []int{2}}, nil, http.StatusBadRequest},
			{"POST", "conversations", "recipients", []string{"Content-Type", "text/plain"}, http.StatusUnsupportedMediaType},
			{"POST", "conversations", `{"message":"` + strings.Repeat("x", 65<<10) + `"}`, nil, http.StatusRequestEntityTooLarge},
			{"POST", "conversations", map[string]any{"recipient_ids": []int{999999999}, "message": "x"}, nil, http.StatusBadRequest},
		} {
			a := c.want([]int{test.status}, test.method, api+test.path, test.body, test.header...)
			if a.at("code") == nil || a.at("data", "status") != float64(test.status) {
				t.Errorf("%s: %s %s: not WordPress's error shape: %s", c.name, test.method, test.path, a.raw)
			}
		}
	}
}

// A newcomer's level counts where Jetonomy gives one; on plain WordPress everybody has level 1.
func TestModeratorCannotBeBlocked(t *testing.T) {
	member := browser(t, "member2")
	moderator := userID(t, browser(t, "moderator"))
	a := member.want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations",
		map[string]any{"recipients": []int{moderator}, "body": "A question"})
	path := fmt.Sprint(api, "conversations/", a.id(t, "conversation_id"), "/block")
	if a := member.want([]int{http.StatusForbidden}, "POST", path, map[string]any{"blocked": true}); a.at("code") != "jetonomy_cannot_block_moderator" {
		t.Errorf("refused with %s", a.raw)
	}
}

// A token ends with the session it came from.
func TestTokenDiesWithItsSession(t *testing.T) {
	c := browser(t, "member4")
	call := withToken(t, c)
	call.want(ok, "GET", api+"conversations/unread-count", nil)

	logout := get(t, c.http, c.base+"/wp-login.php?action=logout")
	_, link, found := strings.Cut(logout, "action=logout&amp;")
	if !found {
		t.Fatalf("no confirmation of the sign-out: %.300s", logout)
	}
	link, _, _ = strings.Cut(link, `"`)
	get(t, c.http, c.base+"/wp-login.php?action=logout&"+strings.ReplaceAll(link, "&amp;", "&"))

	ends(t, call)
}

// A token ends with the password that its session was begun with: a member who was robbed of one is rid of the thief.
func TestTokenDiesWithThePassword(t *testing.T) {
	admin := browser(t, "admin")
	login := fmt.Sprint("forgetful", time.Now().UnixNano())
	user := admin.want(created, "POST", "wp/v2/users", map[string]any{"username": login, "email": login + "@example.test", "password": login}).id(t, "id")
	t.Cleanup(func() { admin.want(ok, "DELETE", fmt.Sprint("wp/v2/users/", user, "?force=true&reassign=false"), nil) })

	mine := browser(t, login)
	own, other, phone := withToken(t, mine), bearer(t, login), app(t, login)
	for _, c := range []*client{own, other, phone} {
		c.want(ok, "GET", api+"conversations/unread-count", nil)
	}
	password := map[string]any{"password": login} // the same again is a new one to WordPress
	mine.want(ok, "POST", "wp/v2/users/me", password)
	ends(t, other)
	own.want(ok, "GET", api+"conversations/unread-count", nil)

	admin.want(ok, "POST", fmt.Sprint("wp/v2/users/", user), password)
	ends(t, own)
	phone.want(ok, "GET", api+"conversations/unread-count", nil) // WordPress keeps application passwords
}

// ends fails the test unless a client's token is refused within 5 seconds, or some more on a slow machine.
func ends(t *testing.T, c *client) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for c.do("GET", api+"conversations/unread-count", nil).status != http.StatusUnauthorized {
		if time.Now().After(deadline) {
			t.Fatalf("%s: still good after 20 seconds", c.name)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
