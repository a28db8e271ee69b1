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

// listen has WordPress note each message that it is told of, behind what code does with it. The file has a line for
// each: message, conversation.
func listen(t *testing.T, name, code string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "hooks")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	mustUse(t, name, fmt.Sprintf(`add_action( 'jetonomy_pro_message_sent', function ( $message, $conversation ) {
		%s
		file_put_contents( %q, "$message $conversation\n", FILE_APPEND | LOCK_EX );
	}, 10, 2 );`, code, file))
	return file
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// start begins a conversation and gives its id.
func start(t *testing.T, from *client, to int) int {
	t.Helper()
	return from.want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations",
		map[string]any{"recipients": []int{to}, "message": "begins"}).id(t, "conversation_id")
}

// failures are the errors that are noted of a conversation's events.
func failures(t *testing.T, conversation int) string {
	t.Helper()
	return php(t, fmt.Sprintf(`global $wpdb; echo implode( "\n", $wpdb->get_col(
		"SELECT f.error FROM {$wpdb->prefix}jt_sidecar_failures f JOIN {$wpdb->prefix}jt_sidecar_outbox o ON o.id = f.event_id
		WHERE o.conversation_id = %d" ) );`, conversation))
}

// An event whose listener takes its process along, as one does that needs too much memory, is blamed for it and
// tried later; nobody else's waits for it. When the listener is repaired, it comes.
func TestEventThatKillsItsProcess(t *testing.T) {
	deadly := filepath.Join(t.TempDir(), "deadly")
	log := listen(t, "e2e-deadly", fmt.Sprintf(`if ( @file_get_contents( %q ) === "$conversation" ) { posix_kill( getmypid(), 9 ); }`, deadly))
	one, two := bearer(t, "member3"), bearer(t, "member4")
	to := userID(t, browser(t, "member5"))
	killed, other := start(t, one, to), start(t, two, to)
	come := func(message, conversation int) func() bool {
		return func() bool { return strings.Contains(read(t, log), fmt.Sprintf("%d %d\n", message, conversation)) }
	}
	if err := os.WriteFile(deadly, fmt.Append(nil, killed), 0o644); err != nil {
		t.Fatal(err)
	}
	send := func(from *client, conversation int) int {
		return from.want(created, "POST", fmt.Sprintf("%sconversations/%d/messages", api, conversation), map[string]any{"content": "more"}).id(t, "id")
	}
	first := send(one, killed)
	within(t, time.Minute, "a failure of the deadly event", func() bool { return failures(t, killed) != "" })
	within(t, time.Minute, "an event of another conversation", come(send(two, other), other))
	if got := failures(t, other); got != "" {
		t.Errorf("blamed for it was another event: %s", got)
	}

	if err := os.Remove(deadly); err != nil {
		t.Fatal(err)
	}
	// Its next try, and ten minutes in which the request may still have been at it.
	php(t, `global $wpdb;
		$wpdb->query( "UPDATE {$wpdb->prefix}jt_sidecar_handled SET handled_at = handled_at - INTERVAL 11 MINUTE WHERE handled_at > NOW() + INTERVAL 1 YEAR" );
		$wpdb->query( "UPDATE {$wpdb->prefix}jt_sidecar_failures SET due_at = UTC_TIMESTAMP() WHERE parked = 0" );`)
	within(t, time.Minute, "the event that was deadly", come(first, killed))
	if n := strings.Count(read(t, log), fmt.Sprintf("%d %d\n", first, killed)); n != 1 {
		t.Errorf("it came %d times", n)
	}
}

// A site that is broken as a whole is no event's fault: all wait, and come as soon as it is repaired.
func TestEventsOfABrokenSite(t *testing.T) {
	log := listen(t, "e2e-hooks", "")
	from := bearer(t, "member3")
	conversations := []int{}
	for _, login := range []string{"member1", "member2", "member5"} {
		conversations = append(conversations, start(t, from, userID(t, browser(t, login))))
	}
	tries := filepath.Join(t.TempDir(), "tries")
	if err := os.WriteFile(tries, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	// Sorted before others.
	broken := filepath.Join(os.Getenv("WORDPRESS_DIR"), "wp-content", "mu-plugins", "a-e2e-broken.php")
	mustUse(t, "a-e2e-broken", fmt.Sprintf(`if ( PHP_SAPI !== 'cli' ) {
		file_put_contents( %q, '.', FILE_APPEND | LOCK_EX );
		http_response_code( 500 );
		exit( 'There has been a critical error on this website.' );
	}`, tries))
	within(t, 30*time.Second, "the broken site", func() bool { return anonymous(t).do("GET", "", nil).status == http.StatusInternalServerError })
	var sent []string
	for _, c := range conversations {
		a := from.want(created, "POST", fmt.Sprintf("%sconversations/%d/messages", api, c), map[string]any{"content": "while broken"})
		sent = append(sent, fmt.Sprintf("%d %d\n", a.id(t, "id"), c))
	}
	before := len(read(t, tries))
	within(t, time.Minute, "four more tries", func() bool { return len(read(t, tries)) >= before+4 })
	for _, c := range conversations {
		if got := failures(t, c); got != "" {
			t.Errorf("blamed is an event of conversation %d: %s", c, got)
		}
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	// The service waits a minute and a half at most.
	within(t, 2*time.Minute, "all messages", func() bool {
		text := read(t, log)
		for _, line := range sent {
			if !strings.Contains(text, line) {
				return false
			}
		}
		return true
	})
}
