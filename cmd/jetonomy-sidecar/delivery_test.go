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

	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/wpbridge"
	"jetonomy-sidecar/wpbridge/outbox"
	"jetonomy-sidecar/wpbridge/phpserial"
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

// Mail that is due while the extension is off goes out once it is on again.
func TestMailWaitsForTheSwitch(t *testing.T) {
	s, p := migrated(t)
	users := s.AddUsers(t, 2)
	if _, err := p.store.StartDirect(t.Context(), messaging.StartCommand{
		Sender: users[0], Recipients: users[1:], Content: messaging.Content{HTML: "<p>x</p>", Plain: "x", Preview: "x"},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.store.Due(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	s.Exec(t, `UPDATE {p}jt_pro_messages SET created_at = created_at - INTERVAL 1 DAY`)
	s.Exec(t, `UPDATE {p}jt_sidecar_mail SET due_at = due_at - INTERVAL 1 DAY`)
	for _, turn := range []struct {
		extensions []any
		want       int
	}{{[]any{"polls"}, 0}, {[]any{"polls", "private-messaging"}, 1}} {
		s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode(turn.extensions))
		if err := p.options.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := p.store.QueueMail(t.Context()); n != turn.want || err != nil {
			t.Errorf("with %v %d mails are queued, %v, want %d", turn.extensions, n, err, turn.want)
		}
	}
}
