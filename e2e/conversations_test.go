//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/wpbridge"
)

// attempt is a view or an action of the page Conversations.
type attempt struct {
	name  string
	query url.Values
	form  url.Values // nil for a view
	done  string     // what the administrator is led to by it, "" for a page or a file
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// visitor is somebody's browser at the page, with a good nonce of their own for its forms.
type visitor struct {
	*client
	nonce string
	page  string // where the page is, for them
}

// try makes an attempt and gives the answer, without following it to another page.
func (v visitor) try(t *testing.T, a attempt, header http.Header) *http.Response {
	t.Helper()
	method, body := http.MethodGet, ""
	if a.form != nil {
		form := url.Values{"_wpnonce": {v.nonce}}
		for name, list := range a.form {
			form[name] = list
		}
		method, body = http.MethodPost, form.Encode()
	}
	r, err := http.NewRequest(method, v.page+"&"+a.query.Encode(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	if a.form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := *v.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	res.Body = io.NopCloser(bytes.NewReader(text))
	return res
}

// Each view and each action of the page Conversations, through WordPress, as each role: who may not, gets a refusal
// and changes nothing, and no row of the access log says otherwise; also with a good nonce of their own.
func TestConversationsByRole(t *testing.T) {
	mustUse(t, "e2e-nonce", `foreach ( array( 'wp_ajax_e2e_nonce', 'wp_ajax_nopriv_e2e_nonce' ) as $hook ) {
		add_action( $hook, function () { exit( wp_create_nonce( 'jetonomy_sidecar_conversations' ) ); } );
	}`)
	mark := fmt.Sprintf("e2e%d", time.Now().UnixNano())
	account := func(n int, role string) (string, int) {
		t.Helper()
		login := fmt.Sprintf("%s-%d", mark, n)
		var id int
		out := php(t, fmt.Sprintf(`global $wpdb;
			$id = wp_insert_user( array( 'user_login' => %[1]q, 'user_pass' => %[1]q, 'user_email' => %[1]q . '@example.test', 'role' => %[2]q ) );
			$wpdb->replace( $wpdb->prefix . 'jt_user_profiles', array( 'user_id' => $id, 'trust_level' => 1 ) );
			echo $id;`, login, role))
		if _, err := fmt.Sscan(out, &id); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		t.Cleanup(func() {
			php(t, fmt.Sprintf(`require_once ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user( %d );`, id))
		})
		return login, id
	}
	author, authorID := account(1, "author")
	writer, _ := account(2, "subscriber")
	heard, heardID := account(3, "subscriber")

	me, other := bearer(t, writer), bearer(t, heard)
	start := func(to int, text string) int {
		t.Helper()
		return me.want(created, "POST", api+"conversations", map[string]any{"recipients": []int{to}, "message": text}).id(t, "conversation_id")
	}
	conversation := start(heardID, "Meet me "+mark)
	second := start(authorID, "And you "+mark)
	path := fmt.Sprintf("%sconversations/%d", api, conversation)
	message := me.want(created, "POST", path+"/messages", map[string]any{"content": "Now " + mark}).id(t, "id")
	report := func(body map[string]any) int {
		t.Helper()
		body["reason"] = "spam"
		return other.want(created, "POST", path+"/report", body).id(t, "id")
	}
	reports := []int{report(map[string]any{"message_id": message}), report(map[string]any{})}

	base := siteURL(t) + "/wp-admin/"
	sign := func(login string) visitor {
		t.Helper()
		c := anonymous(t)
		if login != "" {
			c = browser(t, login)
		}
		return visitor{client: c, nonce: strings.TrimSpace(get(t, c.http, base+"admin-ajax.php?action=e2e_nonce"))}
	}
	inMenu := func(v visitor) string {
		t.Helper()
		found := regexp.MustCompile(`href='([a-z]+\.php\?page=jetonomy-sidecar-conversations)'`).FindStringSubmatch(get(t, v.http, base+"profile.php"))
		if found == nil {
			return ""
		}
		return base + found[1]
	}
	admin, editor := sign("admin"), sign("moderator")
	admin.page, editor.page = inMenu(admin), inMenu(editor)
	if admin.page == "" || editor.page == "" {
		t.Fatal("the page is not in the menus of those who may see it")
	}
	id, ids, user := fmt.Sprint(conversation), fmt.Sprint(second), fmt.Sprint(heardID)
	detail := func(more ...string) url.Values {
		return values(append([]string{"view", "detail", "id", id}, more...)...)
	}
	forReports := func(report int) []attempt {
		reportID := fmt.Sprint(report)
		return []attempt{
			{"reports", values("view", "reports"), nil, ""},
			{"closed reports", values("view", "reports", "closed", "1"), nil, ""},
			{"a report", values("view", "report", "id", reportID), nil, ""},
			{"decide", values("view", "report", "id", reportID), values("task", "decide", "decision", "warned"), "done=warned"},
		}
	}
	forAdministrators := []attempt{
		{"the list", values("view", "list"), nil, ""},
		{"a search", values("view", "list", "s", "Meet"), nil, ""},
		{"a conversation", detail(), nil, ""},
		{"open", detail(), values("task", "open", "reason", "court_order", "note", "Case 12"), "view=detail"},
		{"its messages", detail(), nil, ""},
		{"a search in it", detail("q", "Meet"), nil, ""},
		{"a whole text", detail("text", fmt.Sprint(message)), nil, ""},
		{"hold", detail(), values("task", "hold", "hold_reason", "Case 12"), "view=detail"},
		{"release", detail(), values("task", "release"), "view=detail"},
		{"export as JSON", detail(), values("task", "export", "format", "json"), ""},
		{"export as CSV", detail(), values("task", "export", "format", "csv"), ""},
		{"a member", values("view", "member", "user", user), nil, ""},
		{"export a member's", values("view", "member", "user", user), values("task", "export_member", "format", "csv", "reason", "privacy_request"), ""},
		{"what a purge takes", values("view", "purge", "ids", ids), nil, ""},
		{"purge", values("view", "purge", "ids", ids), values("task", "purge", "ids", ids, "reason", "court_order"), "done=purged"},
		{"purge a member's", values("view", "member", "user", user), values("task", "purge_member", "reason", "court_order"), "done=purged"},
		{"the access log", values("view", "log"), nil, ""},
		{"verify it", values("view", "log", "verify", "1"), nil, ""},
		// An administrator's task on a view of moderators.
		{"purge from the reports", values("view", "reports"), values("task", "purge", "ids", id, "reason", "court_order"), "done=nothing"},
	}

	// state is what nobody may change who is refused.
	state := func() string {
		t.Helper()
		return php(t, fmt.Sprintf(`global $wpdb;
			foreach ( array( 'jt_sidecar_access_log WHERE 1 = 1', 'jt_pro_conversations WHERE id IN (%[1]d, %[2]d)', 'jt_sidecar_holds WHERE conversation_id IN (%[1]d, %[2]d)',
				'jt_sidecar_visits WHERE conversation_id IN (%[1]d, %[2]d)', 'jt_sidecar_reports WHERE is_open = 1 AND conversation_id = %[1]d' ) as $rows ) {
				echo $rows, ': ', $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->prefix}$rows" ), "\n";
			}`, conversation, second))
	}
	before := state()
	refused := func(who string, v visitor, attempts []attempt, header http.Header, isRefusal func(*http.Response) bool) {
		t.Helper()
		for _, a := range attempts {
			var sent http.Header
			if header != nil {
				sent = header.Clone()
			}
			res := v.try(t, a, sent)
			body, _ := io.ReadAll(res.Body)
			if !isRefusal(res) {
				t.Errorf("%s, %s: %d %s %.300s", who, a.name, res.StatusCode, res.Header.Get("Location"), body)
			}
			if bytes.Contains(body, []byte(mark)) {
				t.Errorf("%s, %s: is shown something of the conversation", who, a.name)
			}
		}
		if now := state(); now != before {
			t.Errorf("%s: was refused, but what was\n%s is\n%s", who, before, now)
		}
	}
	forbidden := func(res *http.Response) bool { return res.StatusCode == http.StatusForbidden }
	toLogin := func(res *http.Response) bool {
		return res.StatusCode == http.StatusFound && strings.Contains(res.Header.Get("Location"), "/wp-login.php")
	}
	all := append(forReports(reports[0]), forAdministrators...)
	var tasks []attempt
	for _, a := range all {
		if a.form != nil {
			tasks = append(tasks, a)
		}
	}

	for role, login := range map[string]string{"author": author, "subscriber": writer} {
		v := sign(login)
		if at := inMenu(v); at != "" {
			t.Errorf("%s: has the page in the menu, at %s", role, at)
		}
		for _, v.page = range slices.Compact([]string{admin.page, editor.page}) {
			refused(role, v, all, nil, forbidden)
		}
	}
	nobody := sign("")
	nobody.page = admin.page
	refused("anonymous", nobody, all, nil, toLogin)

	// An administrator whom another page makes send a form: with no nonce, and with somebody else's.
	for _, nonce := range []string{"", editor.nonce} {
		forged := admin
		forged.nonce = nonce
		refused("administrator, without a nonce of theirs", forged, tasks, nil, forbidden)
	}

	// Another site's token, and its signature: at WordPress, and at the service itself.
	foreign, err := wpbridge.NewKey(strings.Repeat("ef", 32))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	token, err := wpbridge.Mint(foreign, wpbridge.Claims{
		Issuer: "https://another.example", UserID: uint64(userID(t, admin.client)), Session: wpbridge.OperatorSession, IssuedAt: now, ExpiresAt: now.Add(5 * time.Minute),
	})
	if err != nil {
		t.Fatal(err)
	}
	refused("another site's token", nobody, all, http.Header{"Authorization": {"Bearer " + token}}, toLogin)
	service := os.Getenv("SIDECAR_URL")
	call := func(bearer string, key *wpbridge.Key, at, what string, a attempt) int {
		t.Helper()
		request := map[string]any{"page": a.query.Get("view"), "query": a.query, "frame": map[string]any{"address": "203.0.113.99"}}
		if a.form != nil {
			request["form"] = a.form
		}
		body, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest("POST", at+"/wp-json/jetonomy-sidecar/v1/admin/"+what, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if key != nil {
			r.Header = wpbridge.SignRequest(*key, "POST", "/jetonomy-sidecar/v1/admin/"+what, time.Now(), body)
		}
		r.Header.Set("Content-Type", "application/json")
		if bearer != "" {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		res, err := newHTTP(t).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for who, c := range map[string]struct {
		token string
		key   *wpbridge.Key
		want  int
	}{
		"another site's":                {token, &foreign, http.StatusUnauthorized},
		"nobody's":                      {"", nil, http.StatusUnauthorized},
		"a subscriber's":                {tokenOf(t, browser(t, writer)), nil, http.StatusForbidden},
		"an author's":                   {tokenOf(t, browser(t, author)), nil, http.StatusForbidden},
		"a moderator's":                 {tokenOf(t, editor.client), nil, http.StatusNotFound},
		"an administrator's":            {tokenOf(t, admin.client), nil, http.StatusNotFound},
		"an administrator's, by others": {tokenOf(t, admin.client), &foreign, http.StatusNotFound},
	} {
		for _, a := range all {
			for _, what := range []string{"page", "export"} {
				if got := call(c.token, c.key, service, what, a); got != c.want {
					t.Errorf("%s token at the service, %s (%s): %d, want %d", who, a.name, what, got, c.want)
				}
			}
		}
		// Nobody calls it through the site.
		if got := call(c.token, c.key, siteURL(t), "page", all[0]); got != http.StatusNotFound {
			t.Errorf("%s token at the site: %d", who, got)
		}
	}
	if now := state(); now != before {
		t.Errorf("tokens: what was\n%s is\n%s", before, now)
	}

	refused("editor", editor, forAdministrators, nil, forbidden)

	// Those who may, do.
	allowed := func(who string, v visitor, attempts []attempt) {
		t.Helper()
		for _, a := range attempts {
			res := v.try(t, a, nil)
			body, _ := io.ReadAll(res.Body)
			switch {
			case a.done != "":
				if res.StatusCode != http.StatusFound || !strings.Contains(res.Header.Get("Location"), a.done) {
					t.Errorf("%s, %s: %d %s, want %s; %.300s", who, a.name, res.StatusCode, res.Header.Get("Location"), a.done, body)
				}
			case res.StatusCode != http.StatusOK:
				t.Errorf("%s, %s: %d %.300s", who, a.name, res.StatusCode, body)
			case a.form != nil && !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment;"):
				t.Errorf("%s, %s: no file, but %v", who, a.name, res.Header)
			}
		}
	}
	allowed("editor", editor, forReports(reports[0]))
	allowed("administrator", admin, forReports(reports[1]))
	allowed("administrator", admin, forAdministrators)
	if after := state(); !strings.Contains(after, fmt.Sprintf("IN (%d, %d): 0", conversation, second)) || !strings.Contains(after, fmt.Sprintf("is_open = 1 AND conversation_id = %d: 0", conversation)) {
		t.Errorf("in the end\n%s", after)
	}
}
