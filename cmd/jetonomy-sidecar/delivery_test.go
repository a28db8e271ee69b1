package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"jetonomy-sidecar/wpbridge"
	"jetonomy-sidecar/wpbridge/outbox"
)

// What a member sends arrives at WordPress as signed events, once each, while WordPress is up, and after
// it has been down.
func TestEventsReachWordPress(t *testing.T) {
	s := newSite(t)
	users := s.AddUsers(t, 2)
	key, err := wpbridge.NewKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	type event struct {
		ID        uint64
		Type      string
		MessageID uint64 `json:"message_id"`
	}
	arrived := make(chan event, 100)
	down := make(chan struct{}) // closed once WordPress is up
	wordpress := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-down:
		default:
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		body, _ := io.ReadAll(r.Body)
		if err := wpbridge.VerifyRequest(wpbridge.Keyring{Current: key}, r.Method, outbox.Path, r.Header, body, time.Now()); err != nil {
			t.Error(err)
		}
		var batch struct{ Events []event }
		if err := json.Unmarshal(body, &batch); err != nil {
			t.Error(err)
		}
		results := map[string]any{}
		for _, e := range batch.Events {
			results[fmt.Sprint(e.ID)] = map[string]bool{"ok": true}
			arrived <- e
		}
		json.NewEncoder(w).Encode(map[string]any{"results": results})
	}))
	defer wordpress.Close()
	s.env["SIDECAR_WP_URL"] = wordpress.URL
	service := s.serve(t)
	token := s.token(t, "member1")

	var sent []uint64
	for i := range 20 {
		status, body := service.api("POST", "/conversations", token, fmt.Sprintf(`{"recipients":[%d],"message":"number %d"}`, users[1], i))
		var answer struct {
			MessageID uint64 `json:"message_id"`
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil || status != http.StatusCreated && status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		sent = append(sent, answer.MessageID)
	}
	close(down)
	var got []uint64
	seen := map[uint64]bool{}
	for len(got) < len(sent) {
		e := <-arrived
		if seen[e.ID] {
			t.Errorf("event %d came twice", e.ID)
		}
		seen[e.ID] = true
		if e.Type == "message.sent" {
			got = append(got, e.MessageID)
		}
	}
	if !slices.Equal(got, sent) {
		t.Errorf("messages %v arrived, %v were sent", got, sent)
	}
}
