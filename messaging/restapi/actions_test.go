package restapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jetonomy-sidecar/messaging"
)

func TestLeave(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.group()
	s.post("member2", s.direct("member1", member2)+"/leave", ``).refused(http.StatusBadRequest, "jetonomy_group_only")
	r := s.post("member2", path+"/leave", `{}`).status(http.StatusOK).
		is("success", true).is("deleted", true).is("left", true).is("id", 1).is("conversation_id", 1).is("title", "Project").
		is("left_at", "2026-01-02T15:09:05Z").is("data.left_at", "2026-01-02T15:09:05Z").is("data.id", 1).
		is("participants.1.left_at", "2026-01-02T15:09:05Z").is("participants.0.left_at", nil).is("unread", false).is("unread_count", 0)
	if r.Header().Get("Idempotent-Replayed") != "" {
		t.Error("a first answer is marked as a repeated one")
	}
	s.get("member2", path).refused(http.StatusForbidden, "jetonomy_forbidden")
	s.get("member2", path+"/messages").refused(http.StatusForbidden, "jetonomy_forbidden")
	s.post("member2", path+"/leave", ``).refused(http.StatusForbidden, "jetonomy_forbidden")
	s.get("member1", path).is("participants.1.left_at", "2026-01-02T15:04:05Z").is("participants.1.display_name", "Member2").is("unread", false)
	s.get("member1", path+"/messages").is("data.0.is_system", true).is("data.0.content_plain", "Member2 left the conversation").is("data.0.is_own", false)

	// With a key, the answer comes again although the conversation is closed to the caller.
	key := http.Header{"Idempotency-Key": {"bye"}}
	s.send(request{login: "member3", method: "POST", path: path + "/leave", header: key}).status(http.StatusOK).is("left", true)
	again := s.send(request{login: "member3", method: "POST", path: path + "/leave", header: key}).status(http.StatusOK).
		is("success", true).is("deleted", true).is("left", true).is("id", 1).is("conversation_id", 1).is("data.id", 1)
	if again.at("left_at") == nil || again.Header().Get("Idempotent-Replayed") != "true" {
		t.Errorf("repeated: %v %s", again.Header(), again.Body)
	}
	s.send(request{login: "member4", method: "POST", path: path + "/leave", header: key}).refused(http.StatusForbidden, "jetonomy_forbidden")
}

func TestBlock(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.post("member1", s.group()+"/block", `{"blocked":true}`).refused(http.StatusBadRequest, "jetonomy_direct_only")
	withModerator := s.direct("member1", moderator)
	s.post("member1", withModerator+"/block", ``).refused(http.StatusForbidden, "jetonomy_cannot_block_moderator")

	path := s.direct("member1", member2)
	s.post("member1", path+"/block", `{"blocked":true}`).status(http.StatusOK).is("is_blocked", true).is("data.is_blocked", true).
		is("participants.1.is_blocked", true).is("participants.0.is_blocked", false)
	// One refusal, both ways round, whatever the reason.
	want := s.post("member2", path+"/messages", `{"content":"hi"}`).refused(http.StatusForbidden, "jetonomy_cannot_message").is("message", "Unable to send message").Body.String()
	refusals := []response{
		s.post("member1", path+"/messages", `{"content":"hi"}`),
		s.post("member2", "/conversations", fmt.Sprintf(`{"recipients":[%d],"message":"hi"}`, member1)),
	}
	s.change(member3, func(m *messaging.Member) { m.Banned = true })
	refusals = append(refusals, s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d],"message":"hi"}`, member3)))
	for _, r := range refusals {
		if got := r.status(http.StatusForbidden).Body.String(); got != want {
			t.Errorf("refused with %s, want %s", got, want)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"message_id", "up_to", "last_message_id"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, messages := thread(t, 5)
			path := strings.TrimSuffix(messages, "/messages") + "/read"
			s.post("member2", path, fmt.Sprintf(`{%q:2}`, name)).status(http.StatusOK).is("unread", true).is("unread_count", 3).is("last_read_message_id", 2).is("data.unread", true).is("success", true)
			s.post("member2", path, fmt.Sprintf(`{%q:"msg_4"}`, name)).is("last_read_message_id", 4)
			s.post("member2", path, fmt.Sprintf(`{%q:"1"}`, name)).is("last_read_message_id", 4) // forward only
			s.send(request{login: "member2", method: "POST", path: path, form: url.Values{name: {"5"}}}).is("last_read_message_id", 5).is("unread", false)
			for _, value := range []string{`"x"`, `-1`, `1.5`, `[1]`, `true`, `"msg_"`} {
				s.post("member2", path, fmt.Sprintf(`{%q:%s}`, name, value)).refusedParam(name)
			}
			s.post("member2", path, fmt.Sprintf(`{%q:3,"unread":true}`, name)).refusedParam("unread")
		})
	}
	s, messages := thread(t, 3)
	path := strings.TrimSuffix(messages, "/messages") + "/read"
	s.post("member2", path, ``).status(http.StatusOK).is("unread", false).is("last_read_message_id", 3)
	s.post("member2", path, `{"unread":true}`).status(http.StatusOK).is("unread", true).is("unread_count", 1).is("last_read_message_id", 3)
	s.post("member2", path, `{"unread":"maybe"}`).refusedParam("unread")
	s.send(request{login: "member2", method: "POST", path: path, body: `{"unread":false,"message_id":null,"up_to":""}`, loose: true}).status(http.StatusOK).is("unread", false)
}

func TestReadAll(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.direct("member1", member3)
	s.direct("member2", member3)
	s.get("member3", "/conversations/unread-count").is("count", 2)
	s.post("member3", "/conversations/read-all", ``).status(http.StatusOK).is("success", true).is("marked", 2).is("count", 0).is("unread_count", 0)
	s.post("member3", "/conversations/read-all", `{}`).is("marked", 0)
}

func TestClientKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	group := s.group()
	direct := s.direct("member1", member2)
	for name, mutation := range map[string]struct {
		path, body, other string
		status            int
	}{
		"start direct":    {"/conversations", fmt.Sprintf(`"recipients":[%d],"message":"hi"`, member4), fmt.Sprintf(`"recipients":[%d],"message":"ho"`, member4), http.StatusCreated},
		"start again":     {"/conversations", fmt.Sprintf(`"recipients":[%d],"message":"hi"`, member2), fmt.Sprintf(`"recipients":[%d],"message":"hi"`, member3), http.StatusOK},
		"start group":     {"/conversations", fmt.Sprintf(`"recipients":[%d,%d],"message":"hi"`, member2, member4), fmt.Sprintf(`"recipients":[%d,%d],"message":"hi","title":"x"`, member2, member4), http.StatusCreated},
		"send":            {direct + "/messages", `"content":"once"`, `"content":"twice"`, http.StatusCreated},
		"mute":            {direct + "/mute", ``, `"muted":false`, http.StatusOK},
		"archive":         {direct + "/archive", ``, `"archived":false`, http.StatusOK},
		"block":           {direct + "/block", `"blocked":false`, `"blocked":true`, http.StatusOK},
		"read":            {direct + "/read", `"message_id":1`, `"unread":true`, http.StatusOK},
		"add":             {group + "/participants", fmt.Sprintf(`"recipients":[%d]`, member4), fmt.Sprintf(`"recipients":[%d]`, 100), http.StatusOK},
		"patch":           {group, `"title":"T","muted":true,"archived":true`, `"title":"U"`, http.StatusOK},
		"patch elsewhere": {group, `"title":"T","muted":true`, `"muted":false`, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			method := "POST"
			if strings.HasPrefix(name, "patch") {
				method = "PATCH"
			}
			do := func(body, header string) response {
				t.Helper()
				q := request{login: "member1", method: method, path: mutation.path, body: "{" + strings.Trim(body, ",") + "}"}
				if header != "" {
					q.header = http.Header{"Idempotency-Key": {header}}
				}
				return s.send(q)
			}
			key := "key of " + name
			first := do(mutation.body, key).status(mutation.status)
			inBody := fmt.Sprintf(`,"client_key":%q`, key)
			for _, again := range []response{
				do(mutation.body, key), do(mutation.body+inBody, ""), do(mutation.body+inBody, key),
			} {
				again.status(mutation.status)
				if again.Header().Get("Idempotent-Replayed") != "true" || first.Header().Get("Idempotent-Replayed") != "" {
					t.Errorf("Idempotent-Replayed: first %q, again %q", first.Header().Get("Idempotent-Replayed"), again.Header().Get("Idempotent-Replayed"))
				}
				for _, at := range []string{"id", "message_id", "is_muted", "is_archived", "is_blocked"} {
					again.is(at, first.at(at))
				}
			}
			do(mutation.other, key).refused(http.StatusConflict, "jetonomy_idempotency_conflict")
		})
	}
	path := direct + "/messages"
	s.send(request{login: "member1", method: "POST", path: path, body: `{"content":"x","client_key":"a"}`, header: http.Header{"Idempotency-Key": {"b"}}}).refusedParam("Idempotency-Key")
	s.send(request{login: "member1", method: "POST", path: path, body: `{"content":"x"}`, header: http.Header{"Idempotency-Key": {"a", "b"}}}).refusedParam("Idempotency-Key")
	s.send(request{login: "member1", method: "POST", path: path, body: `{"content":"x"}`, header: http.Header{"Idempotency-Key": {"a\xff"}}}).refusedParam("Idempotency-Key")
	s.send(request{login: "member1", method: "POST", path: path, body: `{"content":"x"}`, header: http.Header{"Idempotency-Key": {strings.Repeat("k", 256)}}}).refusedParam("Idempotency-Key")
	s.post("member1", path, `{"content":"x","client_key":"`+strings.Repeat("k", 256)+`"}`).refusedParam("client_key")
	s.post("member1", path, `{"content":"x","client_key":7}`).refusedParam("client_key")
	s.post("member1", path, `{"content":"x","client_key":"a\u0000"}`).refusedParam("client_key")
	s.post("member1", path, `{"content":"x","client_key":null}`).status(http.StatusCreated)
	// Another member's key is another key.
	s.send(request{login: "member2", method: "POST", path: path, body: `{"content":"other"}`, header: http.Header{"Idempotency-Key": {"key of send"}}}).status(http.StatusCreated)
}
