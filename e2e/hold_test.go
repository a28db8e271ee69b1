//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A user is deleted while a conversation of theirs is under a legal hold. Nobody can ask for their erasure again: what
// they wrote goes by itself once an administrator lifts the hold, and until then the site says that it waits.
func TestDeletedUserIsErasedWhenTheHoldIsLifted(t *testing.T) {
	text, login := fmt.Sprintf("held%dt", time.Now().UnixNano()), fmt.Sprintf("made%d", time.Now().UnixNano())
	author := php(t, fmt.Sprintf(`global $wpdb;
		$id = wp_insert_user( array( 'user_login' => %[1]q, 'user_pass' => %[1]q, 'user_email' => %[1]q . '@example.test', 'role' => 'subscriber' ) );
		if ( defined( 'JETONOMY_VERSION' ) ) { $wpdb->replace( $wpdb->prefix . 'jt_user_profiles', array( 'user_id' => $id, 'trust_level' => 1 ) ); }
		echo $id;`, login))
	other := userID(t, browser(t, "member3"))
	conversation := bearer(t, login).want(created, "POST", api+"conversations", map[string]any{"recipients": []int{other}, "message": text}).id(t, "conversation_id")

	admin := browser(t, "admin")
	menu := regexp.MustCompile(`href='((?:admin|users)\.php\?page=jetonomy-sidecar-conversations)'`).FindStringSubmatch(get(t, admin.http, admin.base+"/wp-admin/profile.php"))
	if menu == nil {
		t.Fatal("the page is not in the menu")
	}
	address := fmt.Sprintf("%s/wp-admin/%s&view=detail&id=%d", admin.base, menu[1], conversation)
	do := func(task string, fields url.Values) {
		t.Helper()
		nonce := regexp.MustCompile(`name="_wpnonce" value="([0-9a-f]+)"`).FindStringSubmatch(get(t, admin.http, address))
		if nonce == nil {
			t.Fatal("there is no form on the page")
		}
		fields.Set("task", task)
		fields.Set("_wpnonce", nonce[1])
		res, err := admin.http.PostForm(address, fields)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK || !strings.Contains(res.Request.URL.RawQuery, "id=") {
			t.Fatalf("%s led to %s, status %d", task, res.Request.URL, res.StatusCode)
		}
	}
	do("open", url.Values{"reason": {"court_order"}, "note": {"Case 12"}})
	do("hold", url.Values{"hold_reason": {"Case 12"}})

	php(t, fmt.Sprintf(`require_once ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user( %s );`, author))
	within(t, 30*time.Second, "an end of the plugin's part", func() bool {
		return php(t, fmt.Sprintf(`do_action( 'jetonomy_sidecar_erase' ); echo (int) get_option( 'jetonomy_sidecar_erase_%s' );`, author)) == "0"
	})
	if found := places(t, text); len(found) == 0 {
		t.Fatal("what is under a hold was erased")
	}
	const waiting = `delete_transient( 'jetonomy_sidecar_state' );
		wp_set_current_user( get_user_by( 'login', 'admin' )->ID );
		echo rest_do_request( new WP_REST_Request( 'GET', '/jetonomy-sidecar/v1/site-health/erasures' ) )->get_data()['label'];`
	if label := php(t, waiting); !strings.Contains(label, "waits for a legal hold") {
		t.Errorf("Site Health: %s", label)
	}

	do("release", url.Values{})
	within(t, 30*time.Second, "an end of the text", func() bool { return len(places(t, text)) == 0 })
	if label := php(t, waiting); strings.Contains(label, "legal hold") {
		t.Errorf("Site Health afterwards: %s", label)
	}
	thread := bearer(t, "member3").want(ok, "GET", api+"conversations/"+strconv.Itoa(conversation)+"/messages", nil)
	if count := len(thread.at("data").([]any)); count != 1 {
		t.Errorf("the other side sees %d messages", count)
	}
}
