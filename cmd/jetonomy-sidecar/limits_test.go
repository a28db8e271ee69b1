package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

func start(to uint64) string { return fmt.Sprintf(`{"recipient_ids":[%d],"message":"hello"}`, to) }

// Whoever writes too fast learns nothing of who is banned and who has blocked them.
func TestRefusalsBeyondTheLimitAreAlike(t *testing.T) {
	s := newSite(t)
	s.Jetonomy(t)
	ids := s.AddUsers(t, 4, testdb.Trust(1))
	s.SetOption(t, "jetonomy_sidecar_settings", phpserial.Encode(map[string]any{"messages_per_minute": 3}))
	service := s.serve(t)
	me := s.token(t, "member1")
	for _, other := range ids[1:] {
		if status, body := service.api("POST", "/conversations", me, start(other)); status != http.StatusCreated {
			t.Fatalf("%d %s", status, body)
		}
	}
	s.Exec(t, `INSERT INTO {p}jt_restrictions (user_id, type) VALUES (?, 'global_ban')`, ids[1])
	if status, body := service.api("POST", "/conversations/2/block", s.token(t, "member3"), ""); status != http.StatusOK {
		t.Fatalf("block: %d %s", status, body)
	}
	// Members are looked up anew when options change.
	s.SetOption(t, "jetonomy_sidecar_settings", phpserial.Encode(map[string]any{"messages_per_minute": 3, "group_limit": 19}))
	service.poke(signed(t, secret, time.Now()))
	for _, test := range []struct{ name, path, body string }{
		{"start, banned", "/conversations", start(ids[1])},
		{"start, blocked", "/conversations", start(ids[2])},
		{"start, reachable", "/conversations", start(ids[3])},
		{"send, banned", "/conversations/1/messages", `{"content":"hi"}`},
		{"send, blocked", "/conversations/2/messages", `{"content":"hi"}`},
		{"send, reachable", "/conversations/3/messages", `{"content":"hi"}`},
	} {
		if status, body := service.api("POST", test.path, me, test.body); status != http.StatusTooManyRequests || !strings.Contains(body, "jetonomy_rate_limited") {
			t.Errorf("%s: %d %s", test.name, status, body)
		}
	}
}

// The limit of new conversations is used up by those that are made, and holds back no others.
func TestConversationLimitCountsNewOnes(t *testing.T) {
	s := newSite(t)
	ids := s.AddUsers(t, 5)
	s.SetOption(t, "jetonomy_sidecar_settings", phpserial.Encode(map[string]any{"conversations_per_day": 2}))
	service := s.serve(t)
	me := s.token(t, "member1")
	post := func(body string, want int) {
		t.Helper()
		if status, answer := service.api("POST", "/conversations", me, body); status != want {
			t.Errorf("%s: %d %s, want %d", body, status, answer, want)
		}
	}
	post(start(ids[1]), http.StatusCreated)
	for range 3 {
		post(start(ids[1]), http.StatusOK)
	}
	post(fmt.Sprintf(`{"recipient_ids":[%d,%d],"message":"all"}`, ids[1], ids[2]), http.StatusCreated)
	post(start(ids[2]), http.StatusTooManyRequests)
	post(fmt.Sprintf(`{"recipient_ids":[%d,%d],"message":"all"}`, ids[3], ids[4]), http.StatusTooManyRequests)
	post(start(ids[1]), http.StatusOK)
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_pro_conversations`); n != 2 {
		t.Errorf("%d conversations, want 2", n)
	}
}

// Somebody who has blocked the sender is refused before the limit is asked, and uses nothing of it.
func TestRefusedStartUsesNoConversation(t *testing.T) {
	s := newSite(t)
	s.Jetonomy(t)
	ids := s.AddUsers(t, 3, testdb.Trust(1))
	s.SetOption(t, "jetonomy_sidecar_settings", phpserial.Encode(map[string]any{"conversations_per_day": 1}))
	s.Exec(t, `INSERT INTO {p}jt_blocked_users (blocker_id, blocked_id, created_at) VALUES (?, ?, NOW())`, ids[1], ids[0])
	service := s.serve(t)
	me := s.token(t, "member1")
	for range 2 {
		if status, body := service.api("POST", "/conversations", me, start(ids[1])); status != http.StatusForbidden {
			t.Errorf("to who blocks: %d %s", status, body)
		}
	}
	if status, body := service.api("POST", "/conversations", me, start(ids[2])); status != http.StatusCreated {
		t.Errorf("to another: %d %s", status, body)
	}
}
