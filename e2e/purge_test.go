//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A conversation that an administrator purges in wp-admin is nowhere on the site any more, also not in bells
// and mail that was to come. The hook has it once, blocks stay, and who writes in it is no participant.
func TestPurgeLeavesNothing(t *testing.T) {
	withBell(t)
	log := filepath.Join(t.TempDir(), "hooks")
	if err := os.WriteFile(log, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	mustUse(t, "e2e-purged", fmt.Sprintf(`add_action( 'jetonomy_pro_conversation_purged', function ( $conversation, $admin ) {
		file_put_contents( %q, "$conversation $admin\n", FILE_APPEND | LOCK_EX );
	}, 10, 2 );`, log))
	number := func(sql string) int {
		t.Helper()
		n, err := strconv.Atoi(strings.TrimSpace(php(t, fmt.Sprintf(`global $wpdb; echo (int) $wpdb->get_var( str_replace( '{p}', $wpdb->prefix, %q ) );`, sql))))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	delivered := func() bool { return number(`SELECT COUNT(*) FROM {p}jt_sidecar_outbox WHERE type <> 'delivered'`) == 0 }

	text := fmt.Sprintf("purged%dt", time.Now().UnixNano())
	login := fmt.Sprintf("made%d", time.Now().UnixNano())
	author := php(t, fmt.Sprintf(`global $wpdb;
		$id = wp_insert_user( array( 'user_login' => %[1]q, 'user_pass' => %[1]q, 'user_email' => %[1]q . '@example.test', 'role' => 'subscriber' ) );
		$wpdb->replace( $wpdb->prefix . 'jt_user_profiles', array( 'user_id' => $id, 'trust_level' => 1 ) );
		echo $id;`, login))
	t.Cleanup(func() {
		php(t, fmt.Sprintf(`require_once ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user( %s );`, author))
	})
	me, other := bearer(t, login), bearer(t, "member6")
	ids := []int{userID(t, browser(t, "member6")), userID(t, browser(t, "member4"))}
	conversation := me.want(created, "POST", api+"conversations",
		map[string]any{"recipients": ids, "title": "Title " + text, "message": "First " + text}, "Idempotency-Key", text).id(t, "conversation_id")
	path := fmt.Sprintf("%sconversations/%d/messages", api, conversation)
	other.want(created, "POST", path, map[string]any{"content": "Then " + text})
	within(t, 30*time.Second, "delivery of all events", delivered)
	before := places(t, text)
	for _, table := range []string{"jt_pro_messages.content:", "jt_pro_conversations.title:"} {
		if !slices.ContainsFunc(before, func(place string) bool { return strings.Contains(place, table) }) {
			t.Errorf("the text is not in %s before the purge, only in %q: this test would prove nothing", table, before)
		}
	}
	bells := fmt.Sprintf(`SELECT COUNT(*) FROM {p}jt_notifications WHERE object_type = 'message' AND object_id = %d`, conversation)
	if number(bells) == 0 {
		t.Error("no bell has rung: this test would prove nothing")
	}
	direct := me.want([]int{http.StatusOK, http.StatusCreated}, "POST", api+"conversations", map[string]any{"recipients": ids[1:], "message": "Direct " + text}).id(t, "conversation_id")
	me.want(ok, "POST", fmt.Sprintf("%sconversations/%d/block", api, direct), map[string]any{"blocked": true})
	blocks := fmt.Sprintf(`SELECT COUNT(*) FROM {p}jt_sidecar_blocks WHERE %s IN (blocker_id, blocked_id)`, author)
	within(t, 30*time.Second, "delivery of all events", delivered)

	admin := browser(t, "admin")
	profile := get(t, admin.http, admin.base+"/wp-admin/profile.php")
	parent := regexp.MustCompile(`href='((?:admin|users)\.php\?page=jetonomy-sidecar-conversations)'`).FindStringSubmatch(profile)
	if parent == nil {
		t.Fatal("the page is not in the menu")
	}
	address := fmt.Sprintf("%s/wp-admin/%s&view=purge&ids%%5B%%5D=%d&ids%%5B%%5D=%d", admin.base, parent[1], conversation, direct)
	nonce := regexp.MustCompile(`name="_wpnonce" value="([0-9a-f]+)"`).FindStringSubmatch(get(t, admin.http, address))
	if nonce == nil {
		t.Fatal("there is no form on the page")
	}
	form := url.Values{"_wpnonce": {nonce[1]}, "task": {"purge"}, "ids[]": {strconv.Itoa(conversation), strconv.Itoa(direct)}, "reason": {"court_order"}, "note": {"Case 12"}}
	res, err := admin.http.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || !strings.Contains(res.Request.URL.RawQuery, "done=") {
		t.Fatalf("the form led to %s, status %d", res.Request.URL, res.StatusCode)
	}
	if a := other.do("POST", path, map[string]any{"content": "Late " + text}); a.status != http.StatusForbidden {
		t.Errorf("who writes afterwards gets %d %.300s", a.status, a.raw)
	}

	within(t, time.Minute, "an end of all that is to be deleted", func() bool {
		return delivered() && number(`SELECT COUNT(*) FROM {p}jt_sidecar_state WHERE name LIKE 'purge:%'`) == 0
	})
	if found := places(t, text); len(found) > 0 {
		t.Errorf("the conversation is still in %q", found)
	}
	for _, table := range []string{"jt_pro_messages", "jt_pro_conversation_participants", "jt_sidecar_requests", "jt_sidecar_visits"} {
		if n := number(fmt.Sprintf(`SELECT COUNT(*) FROM {p}%s WHERE conversation_id IN (%d, %d)`, table, conversation, direct)); n != 0 {
			t.Errorf("%d rows of it in %s", n, table)
		}
	}
	if n := number(bells); n != 0 {
		t.Errorf("%d rows of it in the bells", n)
	}
	if n := number(blocks); n != 1 {
		t.Errorf("%d blocks are left, want the one that was made", n)
	}
	hooks, err := os.ReadFile(log)
	if want := fmt.Sprintf("%[1]d %[3]d\n%[2]d %[3]d\n", conversation, direct, userID(t, admin)); err != nil || string(hooks) != want {
		t.Errorf("hooks %q, %v, want %q", hooks, err, want)
	}
}
