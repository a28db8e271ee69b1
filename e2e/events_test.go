//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// mustUse installs a must-use plugin on the site for the time of the test.
func mustUse(t *testing.T, name, code string) {
	t.Helper()
	dir := filepath.Join(os.Getenv("WORDPRESS_DIR"), "wp-content", "mu-plugins")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, name+".php")
	if err := os.WriteFile(file, []byte("<?php\n"+code), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(file) })
}

// Members go on writing while WordPress is closed for maintenance; once it is open again each message has
// had its hook, in order, none twice.
func TestMessagesSentWhileWordPressIsDown(t *testing.T) {
	log := filepath.Join(t.TempDir(), "hooks")
	if err := os.WriteFile(log, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	mustUse(t, "e2e-hooks", fmt.Sprintf(`add_action( 'jetonomy_pro_message_sent', function ( $message, $conversation, $sender ) {
		file_put_contents( %q, "$message $conversation $sender\n", FILE_APPEND | LOCK_EX );
	}, 10, 3 );`, log))
	php(t, `update_option( 'jetonomy_sidecar_settings', array( 'messages_per_minute' => 0, 'conversations_per_day' => 0 ) );`)
	t.Cleanup(func() { php(t, `delete_option( 'jetonomy_sidecar_settings' );`) })

	member, other := bearer(t, "member1"), bearer(t, "member2")
	to := userID(t, browser(t, "member2"))
	conversation := member.want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations",
		map[string]any{"recipients": []int{to}, "message": "before"}).id(t, "conversation_id")
	path := fmt.Sprintf("%sconversations/%d/messages", api, conversation)

	maintenance := filepath.Join(os.Getenv("WORDPRESS_DIR"), ".maintenance")
	if err := os.WriteFile(maintenance, []byte("<?php $upgrading = time();"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(maintenance) })
	if a := anonymous(t).do("GET", "", nil); a.status != http.StatusServiceUnavailable {
		t.Fatalf("WordPress answers %d while closed", a.status)
	}

	var sent []string
	for i := range 200 {
		from, sender := member, "member1"
		if i%2 == 1 {
			from, sender = other, "member2"
		}
		var a answer
		// The new settings reach the service within 2 seconds, or some more on a slow machine.
		for deadline := time.Now().Add(20 * time.Second); ; {
			if a = from.do("POST", path, map[string]any{"content": fmt.Sprint("number ", i)}); a.status != http.StatusTooManyRequests || time.Now().After(deadline) {
				break
			}
		}
		if a.status != http.StatusCreated {
			t.Fatalf("%s sends number %d: %d %s", sender, i, a.status, a.raw)
		}
		sent = append(sent, fmt.Sprintf("%d %d %d", a.id(t, "id"), conversation, a.id(t, "sender_id")))
	}
	if err := os.Remove(maintenance); err != nil {
		t.Fatal(err)
	}

	// The service tries again after at most two minutes; what came before the closing may be there, too.
	last := sent[len(sent)-1]
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(time.Second) {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), last+"\n") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the last of 200 hooks has not come: %.2000s", text)
		}
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.Contains(line, fmt.Sprintf(" %d ", conversation)) {
			got = append(got, line)
		}
	}
	if len(got) == 201 { // with the one from before
		got = got[1:]
	}
	if strings.Join(got, "\n") != strings.Join(sent, "\n") {
		t.Errorf("%d hooks for 200 messages, or in another order", len(got))
	}
}
