package restapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Two members do everything to their own view of a conversation that can be done; what a third sees, and
// what they see of each other, is the same as before.
func TestNobodySeesAnothersState(t *testing.T) {
	t.Parallel()
	for kind, make := range map[string]func(*site) string{
		"direct": func(s *site) string { return s.direct("member1", member2) },
		"group":  func(s *site) string { return s.group() },
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			path := make(s)
			paths := []string{path, "/conversations?filter=all", path + "/messages?mark_read=false"}
			before := map[string]string{}
			for _, p := range paths {
				before[p] = s.get("member1", p).status(http.StatusOK).Body.String()
			}
			s.post("member2", path+"/read", ``).status(http.StatusOK)
			s.post("member2", path+"/mute", `{"muted":true}`).status(http.StatusOK)
			s.post("member2", path+"/archive", `{"archived":true}`).status(http.StatusOK)
			if kind == "direct" {
				s.post("member2", path+"/block", `{"blocked":true}`).status(http.StatusOK)
			}
			for _, p := range paths {
				if diff := cmp.Diff(before[p], s.get("member1", p).Body.String()); diff != "" {
					t.Errorf("%s shows what member2 did (-before +after):\n%s", p, diff)
				}
			}
			// Actions show the same conversation.
			muted := s.post("member1", path+"/mute", `{"muted":true}`).status(http.StatusOK)
			for _, at := range []string{"", "data."} {
				muted.is(at+"participants.1.is_muted", false).is(at+"participants.1.is_archived", false).
					is(at+"participants.1.last_read_at", nil).is(at+"participants.1.is_blocked", false).
					is(at+"participants.0.is_muted", true).is(at+"participants.0.is_blocked", false)
			}
		})
	}
}

// The viewer's own rows are true.
func TestOwnStateIsShown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2)
	s.post("member2", path+"/read", ``)
	s.post("member2", path+"/mute", ``)
	s.post("member2", path+"/archive", ``)
	s.post("member2", path+"/block", ``)
	s.get("member2", path).is("participants.1.user_id", member2).is("participants.1.is_muted", true).is("participants.1.is_archived", true).
		is("participants.1.last_read_at", "2026-01-02T15:04:05Z").is("participants.1.is_blocked", false).
		is("participants.0.user_id", member1).is("participants.0.is_blocked", true).is("participants.0.last_read_at", nil).
		is("is_blocked", true).is("muted", true).is("archived", true).is("last_read_message_id", 1)
}

// The exact fields of each shape: a new one is a decision, not an accident.
func TestShapes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	path := s.direct("member1", member2)
	person := []string{"avatar", "avatar_url", "display_name", "id", "login", "name", "user_id", "user_login"}
	participant := append([]string{"is_archived", "is_blocked", "is_muted", "joined_at", "last_read_at", "left_at"}, person...)
	conversation := []string{
		"archived", "created_at", "created_by", "id", "is_archived", "is_blocked", "is_muted", "last_message", "last_message_at", "last_message_id",
		"last_message_is_own", "last_message_preview", "last_read_message_id", "left_at", "message_count", "muted", "participants", "title", "type", "unread", "unread_count", "updated_at",
	}
	message := []string{
		"body", "content", "content_plain", "conversation_id", "created_at", "created_at_human", "cursor", "id", "is_own", "is_system",
		"sender", "sender_avatar", "sender_id", "sender_name",
	}
	fields := func(r response, at string, want []string) {
		t.Helper()
		object, _ := r.at(at).(map[string]any)
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(object))); diff != "" {
			t.Errorf("fields at %q (-want +got):\n%s", at, diff)
		}
	}
	r := s.get("member1", path)
	fields(r, "", conversation)
	fields(r, "participants.0", participant)
	fields(s.get("member1", "/conversations"), "data.0", conversation)
	r = s.get("member1", path+"/messages")
	fields(r, "data.0", message)
	fields(r, "data.0.sender", person)
	fields(r, "meta", []string{"count", "has_more", "cursor_next", "total", "offset", "last_message_id", "last_read_message_id", "unread"})
	fields(s.get("member1", "/messaging/recipient-suggestions?q=member"), "data.0", person)
	r = s.post("member1", path+"/mute", ``)
	fields(r, "", append([]string{"conversation_id", "success", "data"}, conversation...))
	fields(r, "data", conversation)
	r = s.post("member1", path+"/messages", `{"content":"x"}`)
	fields(r, "", append([]string{"data"}, message...))
	fields(r, "data", message)
	r = s.post("member1", "/conversations", fmt.Sprintf(`{"recipients":[%d,%d],"message":"x"}`, member2, member3))
	fields(r, "", append([]string{"conversation_id", "success", "data", "message", "message_id"}, conversation...))
	fields(r, "message", message)
	if _, isNumber := r.at("id").(json.Number); !isNumber {
		t.Errorf("id is %T", r.at("id"))
	}
}
