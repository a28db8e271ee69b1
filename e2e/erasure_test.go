//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

const pluginTests = "../wpbridge/plugin/tests"

// places runs the plugin's search for a string: every column of every table of the site, its logs, its mail.
func places(t *testing.T, canary string) []string {
	t.Helper()
	script, err := filepath.Abs(pluginTests + "/canary.php")
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("php", "-d", "memory_limit=512M", "-r", `require $argv[1]; $args = array( $argv[2] ); require $argv[3];`,
		filepath.Join(os.Getenv("WORDPRESS_DIR"), "wp-load.php"), canary, script)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1 && stdout.Len() > 0) {
		t.Fatalf("the search for %s: %v\n%s%s", canary, err, stdout.String(), stderr.String())
	}
	return strings.FieldsFunc(stdout.String(), func(r rune) bool { return r == '\n' })
}

// within repeats a question until the answer is yes.
func within(t *testing.T, limit time.Duration, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !is(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after %s there is still not: %s", limit, what)
		}
	}
}

// withBell gives the site a bell for the time of the test: Jetonomy's where it is active, else that of the
// stand-in which PHPUnit uses too, with Jetonomy's tables.
func withBell(t *testing.T) {
	t.Helper()
	if php(t, `echo defined( 'JETONOMY_VERSION' ) ? 'yes' : 'no';`) == "yes" {
		return
	}
	fixtures, err := filepath.Abs(pluginTests + "/phpunit/fixtures")
	if err != nil {
		t.Fatal(err)
	}
	// Until the service has noticed that tables came or went, its answers may be errors. A picture in them tells.
	moderator, picture := bearer(t, "moderator"), "https://example.test/e2e.png"
	conversation := moderator.want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations",
		map[string]any{"recipients": []int{userID(t, browser(t, "member1"))}, "message": "Hello"}).id(t, "conversation_id")
	noticed := func(isThere bool) func() bool {
		return func() bool {
			a := moderator.do("GET", fmt.Sprintf("%sconversations/%d", api, conversation), nil)
			return a.status == http.StatusOK && strings.Contains(a.raw, picture) == isThere
		}
	}
	// The service looks for tables once a minute, and when it is told of a changed option.
	const tell = `
		$settings = get_option( 'jetonomy_sidecar_settings' );
		update_option( 'jetonomy_sidecar_settings', array( 'group_limit' => 19 ) );
		false === $settings ? delete_option( 'jetonomy_sidecar_settings' ) : update_option( 'jetonomy_sidecar_settings', $settings );`
	t.Cleanup(func() {
		php(t, fmt.Sprintf(`global $wpdb;
			require %q;
			foreach ( Jetonomy_Sidecar\Tests\Jetonomy_Tables::of_jetonomy() as $table ) {
				$wpdb->query( "DROP TABLE IF EXISTS $table" );
			}`, fixtures+"/jetonomy-tables.php")+tell)
		within(t, 90*time.Second, "answers without Jetonomy's tables", noticed(false))
	})
	php(t, fmt.Sprintf(`global $wpdb;
		require %q;
		Jetonomy_Sidecar\Tests\Jetonomy_Tables::make();
		foreach ( get_users() as $user ) {
			$wpdb->replace( $wpdb->prefix . 'jt_user_profiles', array( 'user_id' => $user->ID, 'trust_level' => 1, 'avatar_url' => %q ) );
		}`, fixtures+"/jetonomy-tables.php", picture)+tell)
	within(t, 90*time.Second, "answers with Jetonomy's tables", noticed(true))
	mustUse(t, "e2e-jetonomy", fmt.Sprintf("require %q;", fixtures+"/jetonomy/jetonomy.php"))
}

// refusedForm sends the form for a new message to somebody who does not exist. WordPress keeps what was typed.
func refusedForm(t *testing.T, login, text string) {
	t.Helper()
	member := browser(t, login)
	page := get(t, member.http, member.base+"/?jetonomy_route=messages&to=member1")
	form := url.Values{"to": {"nobody-of-this-name"}, "message": {text}}
	for _, field := range regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		if !form.Has(field[1]) {
			form.Set(field[1], field[2])
		}
	}
	if form.Get("task") != "start" {
		t.Fatalf("there is no form for a new message on the page, but %v", form)
	}
	res, err := member.http.PostForm(member.base+"/wp-admin/admin-post.php", form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || !strings.Contains(res.Request.URL.String(), "messages") {
		t.Fatalf("the form led to %s, status %d", res.Request.URL, res.StatusCode)
	}
}

// What a member wrote is nowhere on the site after WordPress has erased the member or the account is deleted:
// in no table, no option, no log and no mail, also not in mail that was on its way. Nor is their name, where
// there is no account any more.
func TestErasureLeavesNothing(t *testing.T) {
	withBell(t)

	eraser := `
		$page = 1;
		foreach ( apply_filters( 'wp_privacy_personal_data_erasers', array() ) as $name => $eraser ) {
			for ( $page = 1; $page < 1000; $page++ ) {
				$answer = call_user_func( $eraser['callback'], get_userdata( %[1]d )->user_email, $page );
				if ( is_wp_error( $answer ) ) { fwrite( STDERR, "$name: " . $answer->get_error_message() ); exit( 1 ); }
				if ( $answer['done'] ) { break; }
			}
		}`
	deletion := `require_once ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user( %[1]d );`

	for name, run := range map[string]struct {
		code      string
		isDeleted bool
	}{
		"WordPress's eraser": {eraser, false},
		"a deleted account":  {deletion, true},
	} {
		t.Run(name, func(t *testing.T) {
			text, login := fmt.Sprintf("canary%dt", time.Now().UnixNano()), fmt.Sprintf("made%d", time.Now().UnixNano())
			author, err := strconv.Atoi(php(t, fmt.Sprintf(`global $wpdb;
				$id = wp_insert_user( array( 'user_login' => %[1]q, 'user_pass' => %[1]q, 'user_email' => %[1]q . '@example.test', 'display_name' => %[1]q, 'role' => 'subscriber' ) );
				$wpdb->replace( $wpdb->prefix . 'jt_user_profiles', array( 'user_id' => $id, 'trust_level' => 1 ) );
				echo $id;`, login)))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { php(t, fmt.Sprintf(deletion, author)) })

			me := bearer(t, login)
			ids := []int{userID(t, browser(t, "member1")), userID(t, browser(t, "member2"))}
			direct := me.want(created, "POST", api+"conversations", map[string]any{"recipients": ids[:1], "message": "First " + text},
				"Idempotency-Key", login).id(t, "conversation_id")
			me.want(created, "POST", fmt.Sprintf("%sconversations/%d/messages", api, direct), map[string]any{"content": "Then <b>" + text + "</b>"})
			group := me.want(created, "POST", api+"conversations", map[string]any{"recipients": ids, "title": "A group", "message": "To all " + text}).id(t, "conversation_id")
			me.want(ok, "POST", fmt.Sprintf("%sconversations/%d/leave", api, group), nil)
			refusedForm(t, login, "Not sent "+text)
			kept := fmt.Sprintf("kept%dt", time.Now().UnixNano())
			bearer(t, "moderator").want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations",
				map[string]any{"recipients": ids[1:], "message": "Somebody else's " + kept})

			// Bells have rung, and mail is to come.
			number := func(sql string) int {
				n, err := strconv.Atoi(strings.TrimSpace(php(t, fmt.Sprintf(`global $wpdb; echo (int) $wpdb->get_var( str_replace( '{p}', $wpdb->prefix, %q ) );`, sql))))
				if err != nil {
					t.Fatal(err)
				}
				return n
			}
			events := func() bool { return number(`SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type <> 'delivered'`) == 0 }
			within(t, 30*time.Second, "delivery of all events", events)
			if n := number(fmt.Sprintf(`SELECT COUNT(*) FROM {p}jt_notifications WHERE actor_id = %d AND object_type = 'message'`, author)); n != 3 {
				t.Errorf("%d rows in the bells, want 3: one for each conversation and recipient", n)
			}
			if n := number(fmt.Sprintf(`SELECT COUNT(*) FROM {p}jt_sidecar_mail WHERE user_id IN (%d, %d) AND due_at IS NOT NULL`, ids[0], ids[1])); n != 2 {
				t.Errorf("mail for %d members, want 2", n)
			}
			for canary, tables := range map[string][]string{
				text:  {"jt_pro_messages.content:", "jt_pro_messages.content_plain:", "jt_pro_conversations.last_message_preview:", "options.option_value:"},
				login: {"jt_notifications.message:", "jt_pro_messages.content_plain:"},
			} {
				before := places(t, canary)
				for _, table := range tables {
					if !slices.ContainsFunc(before, func(place string) bool { return strings.Contains(place, table) }) {
						t.Errorf("%s is not in %s before the erasure, only in %q: this test would prove nothing", canary, table, before)
					}
				}
			}

			php(t, fmt.Sprintf(run.code, author))

			// The mail that was on its way goes out now.
			mail := fmt.Sprintf(`SELECT COUNT(*) FROM {p}jt_sidecar_mail WHERE user_id IN (%d, %d) AND due_at IS NOT NULL`, ids[0], ids[1])
			php(t, `global $wpdb;
				$wpdb->query( "UPDATE {$wpdb->prefix}jt_pro_messages SET created_at = created_at - INTERVAL 1 HOUR ORDER BY id DESC LIMIT 10" );
				$wpdb->query( "UPDATE {$wpdb->prefix}jt_sidecar_mail SET due_at = UTC_TIMESTAMP() - INTERVAL 1 MINUTE WHERE due_at IS NOT NULL" );`)
			within(t, time.Minute, "an end of the mail that is due", func() bool { return number(mail) == 0 && events() })

			isMail := func(place string) bool { return strings.HasPrefix(place, "mail/") }
			if found := places(t, kept); !slices.ContainsFunc(found, isMail) {
				t.Errorf("no mail has what somebody else wrote, it is only in %q: this test would prove nothing", found)
			}
			if found := places(t, text); len(found) > 0 {
				t.Errorf("what the member wrote is still in %q", found)
			}
			for _, place := range places(t, login) {
				// The account itself, where it is not deleted, is for WordPress to keep.
				if run.isDeleted || strings.Contains(place, "jt_") && !strings.Contains(place, "jt_sidecar_names") && !strings.Contains(place, "jt_user_profiles") {
					t.Errorf("the member's name is still in %s", place)
				}
			}
			if n := number(fmt.Sprintf(`SELECT COUNT(*) FROM {p}jt_notifications WHERE object_type = 'message' AND (actor_id = %[1]d OR user_id = %[1]d)`, author)); n != 0 {
				t.Errorf("%d rows in the bells are left", n)
			}

			// The others can still follow the conversation.
			thread := bearer(t, "member1").want(ok, "GET", fmt.Sprintf("%sconversations/%d/messages", api, direct), nil)
			if count := len(thread.at("data").([]any)); count != 2 || strings.Contains(thread.raw, text) {
				t.Errorf("the other side sees %d messages: %.600s", count, thread.raw)
			}
		})
	}
}
