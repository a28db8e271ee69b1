package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/messaging/bridgeapi"
	"jetonomy-sidecar/wpbridge"
	"jetonomy-sidecar/wpbridge/phpserial"
)

// The plugin's calls are answered whether the extension is on or off.
func TestSignedCalls(t *testing.T) {
	s := newSite(t)
	s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"polls"}))
	service := s.serve(t)
	key, err := wpbridge.NewKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	call := func(name, body string) (int, string) {
		header := wpbridge.SignRequest(key, "POST", bridgeapi.Path+"/"+name, time.Now(), []byte(body))
		status, _, text := service.do("POST", service.url+bridgeapi.Prefix+"/"+name, "", body, header)
		return status, text
	}
	want := []string{`"version":"` + version + `"`, `"site":"http://site.test"`, `"extension_on":false`, `"listen":"127.0.0.1:0"`, `"pending":0`}
	for range 2 {
		status, body := call("status", "{}")
		for _, part := range want {
			if status != http.StatusOK || !strings.Contains(body, part) {
				t.Errorf("status: %d %s, want %s", status, body, part)
			}
		}
		s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"private-messaging"}))
		if status, body := call("poke", "{}"); status != http.StatusNoContent {
			t.Errorf("poke: %d %s", status, body)
		}
		want[2] = `"extension_on":true`
	}
	if status, body := call("conversations/purge", `{"conversation_id":1,"admin_id":1}`); status != http.StatusOK || body != `{"purged":false}` {
		t.Errorf("purge: %d %s", status, body)
	}
}
