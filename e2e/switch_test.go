//go:build e2e

package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// php runs PHP code in the site's WordPress, as wp-admin would.
func php(t testing.TB, code string) string {
	t.Helper()
	dir := os.Getenv("WORDPRESS_DIR")
	if dir == "" {
		t.Fatal("WORDPRESS_DIR is not set: run `make up` and `. .run/env` first, or `make test`")
	}
	cmd := exec.Command("php", "-r", `require $argv[1]; `+code, filepath.Join(dir, "wp-load.php"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("php: %v\n%s", err, out)
	}
	return string(out)
}

// Switched off, the API is gone on both paths: each answers like its own unknown routes. Switched on again
// it is there, with everything in it.
func TestSwitchedOffMeansGone(t *testing.T) {
	throughWordPress, direct := browser(t, "member1"), bearer(t, "member1")
	before := direct.want(ok, "GET", api+"conversations", nil).header.Get("X-WP-Total")

	switchTo := func(on bool) {
		t.Helper()
		ids := `array( 'polls' )`
		want := http.StatusNotFound
		if on {
			ids, want = `array( 'polls', 'private-messaging' )`, http.StatusOK
		}
		php(t, `update_option( 'jetonomy_pro_extensions', `+ids+` );`)
		// The plugin pokes without waiting, and the service asks every 2 seconds anyway; a slow machine takes longer.
		for deadline := time.Now().Add(20 * time.Second); direct.do("GET", api+"conversations", nil).status != want; {
			if time.Now().After(deadline) {
				t.Fatalf("the service has not noticed the switch after 20 seconds")
			}
		}
	}
	t.Cleanup(func() { switchTo(true) })

	for range 2 {
		switchTo(false)
		for _, c := range []*client{throughWordPress, direct} {
			unknown := c.do("GET", api+"no-such-route", nil)
			for _, path := range []string{"conversations", "conversations/1/messages", "conversations/unread-count", "messaging/recipient-suggestions?q=mem"} {
				for _, method := range []string{"GET", "POST", "DELETE"} {
					if a := c.do(method, api+path, nil); a.status != http.StatusNotFound || a.raw != unknown.raw || a.at("code") != "rest_no_route" {
						t.Errorf("%s: %s %s while off: %d %s", c.name, method, path, a.status, a.raw)
					}
				}
			}
		}
		if a := throughWordPress.do("POST", "jetonomy-sidecar/v1/token", nil); a.status != http.StatusNotFound {
			t.Errorf("a token while off: %d %s", a.status, a.raw)
		}
		switchTo(true)
	}
	if after := direct.want(ok, "GET", api+"conversations", nil).header.Get("X-WP-Total"); after != before {
		t.Errorf("%s conversations after switching off and on, %s before", after, before)
	}
}

// What Jetonomy's demo seeder, or an importer, writes shows up within a minute, unread and all.
func TestRowsOfOtherCodeShowUp(t *testing.T) {
	member, other := bearer(t, "member5"), bearer(t, "member3")
	php(t, `
		global $wpdb;
		$a   = get_user_by( 'login', 'member3' )->ID;
		$b   = get_user_by( 'login', 'member5' )->ID;
		$now = current_time( 'mysql', true );
		$p   = $wpdb->prefix . 'jt_pro_';
		$wpdb->insert( $p . 'conversations', array( 'type' => 'direct', 'created_by' => $a, 'last_message_at' => $now, 'last_message_preview' => 'Seeded', 'message_count' => 1, 'created_at' => $now ) );
		$id = $wpdb->insert_id;
		$wpdb->insert( $p . 'conversation_participants', array( 'conversation_id' => $id, 'user_id' => $a, 'last_read_at' => $now, 'joined_at' => $now ) );
		$wpdb->insert( $p . 'conversation_participants', array( 'conversation_id' => $id, 'user_id' => $b, 'joined_at' => $now ) );
		$wpdb->insert( $p . 'messages', array( 'conversation_id' => $id, 'sender_id' => $a, 'content' => 'Seeded <script>alert(1)</script>', 'content_plain' => 'Seeded', 'created_at' => $now ) );
		if ( $wpdb->last_error ) { fwrite( STDERR, $wpdb->last_error ); exit( 1 ); }
	`)
	deadline := time.Now().Add(time.Minute)
	for {
		a := member.want(ok, "GET", api+"conversations?filter=unread&limit=1", nil)
		if a.at("data", 0, "last_message_preview") == "Seeded" {
			if a.at("data", 0, "unread_count") != 1.0 {
				t.Errorf("unread_count is %v, want 1", a.at("data", 0, "unread_count"))
			}
			id := a.id(t, "data", 0, "id")
			thread := member.want(ok, "GET", api+"conversations/"+strconv.Itoa(id)+"/messages", nil)
			if content := thread.at("data", 0, "content"); content != `<p dir="auto">Seeded</p>` {
				t.Errorf("content is %q: not sanitized", content)
			}
			if a := other.want(ok, "GET", api+"conversations/"+strconv.Itoa(id), nil); a.at("unread") != false {
				t.Error("unread for the one who wrote it")
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the seeded conversation is not there after a minute: %.600s", a.raw)
		}
		time.Sleep(200 * time.Millisecond)
	}
}
