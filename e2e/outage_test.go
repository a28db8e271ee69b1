//go:build e2e && outage

package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
)

const (
	outage = 2 * time.Minute
	sends  = 200
)

// php stops for two minutes, in which members write 200 messages: none is refused, and the log says how long they
// took. When it is back, each message has its hook, none twice, in the order of its conversation. This runs alone,
// after everything else: nobody else's page answers meanwhile.
func TestTwoMinuteOutage(t *testing.T) {
	log := filepath.Join(t.TempDir(), "hooks")
	if err := os.WriteFile(log, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	mustUse(t, "e2e-outage", fmt.Sprintf(`add_action( 'jetonomy_pro_message_sent', function ( $message, $conversation, $sender ) {
		file_put_contents( %q, "$message $conversation $sender\n", FILE_APPEND | LOCK_EX );
	}, 10, 3 );`, log))

	// Four writers in three conversations, so that nobody meets the limit of 60 in a minute.
	logins := []string{"member1", "member2", "member3", "member4"}
	writers, ids := map[string]*client{}, map[string]int{}
	for _, login := range logins {
		signedIn := browser(t, login)
		ids[login] = userID(t, signedIn)
		writers[login] = bearer(t, login)
	}
	type place struct {
		id      int
		between []string
	}
	var places []place
	for _, between := range [][]string{{"member1", "member2"}, {"member3", "member4"}, {"member2", "member3"}} {
		a := writers[between[0]].want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations",
			map[string]any{"recipients": []int{ids[between[1]]}, "message": "Before"})
		places = append(places, place{a.id(t, "conversation_id"), between})
	}
	waitUntil(t, time.Minute, "what was before is delivered", func() bool { return waiting(t) == 0 })
	if err := os.WriteFile(log, nil, 0o666); err != nil {
		t.Fatal(err)
	}

	start := time.Now()
	site(t, "stop", "php-fpm")
	stopped := true
	t.Cleanup(func() {
		if stopped {
			site(t, "start", "php-fpm")
		}
	})
	if a := anonymous(t).do("GET", "", nil); a.status != http.StatusBadGateway {
		t.Fatalf("WordPress answers %d while it is stopped", a.status)
	}

	sent := map[int][]string{}
	var took []time.Duration
	pace := time.NewTicker(outage / sends)
	defer pace.Stop()
	for i := range sends {
		where := places[i%len(places)]
		from := where.between[i/len(places)%2]
		before := time.Now()
		a := writers[from].do("POST", fmt.Sprintf("%sconversations/%d/messages", api, where.id), map[string]any{"content": fmt.Sprint("number ", i)})
		took = append(took, time.Since(before))
		if a.status != http.StatusCreated {
			t.Fatalf("%s sends number %d: %d %s", from, i, a.status, a.raw)
		}
		sent[where.id] = append(sent[where.id], fmt.Sprintf("%d %d %d", a.id(t, "id"), where.id, ids[from]))
		<-pace.C
	}
	if down := time.Since(start); down < outage {
		t.Errorf("WordPress was stopped for %s only", down)
	}
	slices.Sort(took)
	t.Logf("a send took %s in the middle and %s at most", took[sends/2], took[sends-1])
	if n := waiting(t); n < sends {
		t.Errorf("%d events wait for WordPress, want %d at least", n, sends)
	}

	site(t, "start", "php-fpm")
	stopped = false
	// The service tries again after a minute at most.
	waitUntil(t, 3*time.Minute, "all events are delivered", func() bool { return waiting(t) == 0 })

	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	got, count := map[int][]string{}, 0
	for line := range strings.Lines(string(text)) {
		var message, conversation, sender int
		if _, err := fmt.Sscan(line, &message, &conversation, &sender); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got[conversation] = append(got[conversation], strings.TrimSpace(line))
		count++
	}
	if count != sends {
		t.Errorf("%d hooks for %d messages", count, sends)
	}
	for _, where := range places {
		if !slices.Equal(got[where.id], sent[where.id]) {
			t.Errorf("conversation %d: %d hooks for %d messages, or in another order", where.id, len(got[where.id]), len(sent[where.id]))
		}
	}
}

// site stops or starts a process of the site.
func site(t *testing.T, action, name string) {
	t.Helper()
	command := exec.Command("site/service", action, name)
	command.Env = append(os.Environ(), "RUN_DIR="+filepath.Dir(os.Getenv("WORDPRESS_DIR")))
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("service %s %s: %v\n%s", action, name, err, out)
	}
}

// waiting is the number of events that WordPress has not taken yet.
func waiting(t *testing.T) int {
	t.Helper()
	db, err := sql.Open("mysql", os.Getenv("SIDECAR_DSN"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var n int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM wp_jt_sidecar_outbox WHERE type <> 'delivered'").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// waitUntil asks again and again whether something has come true, which nobody tells of.
func waitUntil(t *testing.T, most time.Duration, what string, is func() bool) {
	t.Helper()
	ask := time.NewTicker(200 * time.Millisecond)
	defer ask.Stop()
	for deadline := time.Now().Add(most); !is(); <-ask.C {
		if time.Now().After(deadline) {
			t.Fatalf("not after %s: %s", most, what)
		}
	}
}
