package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging/adminpage"
	"jetonomy-sidecar/wpbridge"
	"jetonomy-sidecar/wpbridge/phpserial"
)

// adminBody is a request as the plugin sends it.
func adminBody(t *testing.T, page string, query, form map[string]string) string {
	t.Helper()
	texts, err := os.ReadFile("../../messaging/adminpage/testdata/strings.json")
	if err != nil {
		t.Fatal(err)
	}
	request := map[string]any{
		"page": page, "query": query, "strings": json.RawMessage(texts),
		"frame": map[string]any{"url": testdb.SiteURL + "/wp-admin/admin.php?page=c", "nonce": "n", "address": "192.0.2.7", "columns": []string{"title"}, "date_format": "Y-m-d", "time_format": "H:i"},
	}
	if form != nil {
		request["form"] = form
	}
	b, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// admin calls the page, or the export, as the plugin does.
func (s *service) admin(t *testing.T, what, token, body string) (int, string) {
	t.Helper()
	key, err := wpbridge.NewKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	header := wpbridge.SignRequest(key, "POST", adminpage.Path+"/"+what, time.Now(), []byte(body))
	header.Set("Content-Type", "application/json")
	status, _, answer := s.do("POST", s.url+adminpage.Prefix+"/"+what, token, body, header)
	return status, answer
}

// What the plugin has not signed is nobody's: an administrator's token alone, sent to the service itself, says neither
// from which address somebody looks nor that WordPress has checked a nonce.
func TestAdminPageIsSignedByThePlugin(t *testing.T) {
	s := newSite(t)
	s.AddUser(t, "admin", testdb.Role("administrator"))
	service := s.serve(t)
	token := s.token(t, "admin")
	body := adminBody(t, "list", map[string]string{"s": "x"}, nil)
	sign := func(with, path, body string, at time.Time) http.Header {
		key, err := wpbridge.NewKey(with)
		if err != nil {
			t.Fatal(err)
		}
		header := wpbridge.SignRequest(key, "POST", adminpage.Path+path, at, []byte(body))
		header.Set("Content-Type", "application/json")
		return header
	}
	for name, c := range map[string]struct {
		header http.Header
		status int
	}{
		"unsigned":              {http.Header{"Content-Type": {"application/json"}}, http.StatusNotFound},
		"of another address":    {sign(secret, "/page", strings.Replace(body, "192.0.2.7", "203.0.113.99", 1), time.Now()), http.StatusNotFound},
		"of another path":       {sign(secret, "/export", body, time.Now()), http.StatusNotFound},
		"by another site":       {sign(strings.Repeat("ef", 32), "/page", body, time.Now()), http.StatusNotFound},
		"ten minutes ago":       {sign(secret, "/page", body, time.Now().Add(-10*time.Minute)), http.StatusNotFound},
		"as the plugin does it": {sign(secret, "/page", body, time.Now()), http.StatusOK},
	} {
		if status, _, answer := service.do("POST", service.url+adminpage.Prefix+"/page", token, body, c.header); status != c.status {
			t.Errorf("%s: %d %.200s, want %d", name, status, answer, c.status)
		}
	}
	if n, last := s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`), s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log WHERE address = '192.0.2.7'`); n != 1 || last != 1 {
		t.Errorf("%d rows in the log, %d of them from the address that the plugin says", n, last)
	}
}

// Every role at the endpoint: who may is looked up in the database, whatever else the token says.
func TestAdminPageByRole(t *testing.T) {
	s := newSite(t)
	for _, role := range []string{"administrator", "editor", "author", "subscriber"} {
		s.AddUser(t, role, testdb.Role(role))
	}
	s.AddUser(t, "of-no-role", testdb.Role(""))
	service := s.serve(t)
	key, err := wpbridge.NewKey(s.env["SIDECAR_SECRET"])
	if err != nil {
		t.Fatal(err)
	}
	administrator := uint64(s.Count(t, `SELECT ID FROM {p}users WHERE user_login = 'administrator'`))
	mint := func(key wpbridge.Key, c wpbridge.Claims) string {
		token, err := wpbridge.Mint(key, c)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	other, err := wpbridge.NewKey(strings.Repeat("ef", 32))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	claims := wpbridge.Claims{Issuer: testdb.SiteURL, UserID: administrator, Session: wpbridge.OperatorSession, IssuedAt: now, ExpiresAt: now.Add(time.Minute)}
	foreign, late, ended := claims, claims, claims
	foreign.Issuer = "https://another.test"
	late.IssuedAt, late.ExpiresAt = now.Add(-time.Hour), now.Add(-50*time.Minute)
	ended.Session = "session:" + strings.Repeat("0", 64)
	const reports, all = http.StatusForbidden, http.StatusOK // what the list answers to those who may see reports
	for name, c := range map[string]struct {
		token         string
		reports, list int
	}{
		"administrator":          {s.token(t, "administrator"), http.StatusOK, all},
		"editor":                 {s.token(t, "editor"), http.StatusOK, reports},
		"author":                 {s.token(t, "author"), http.StatusForbidden, http.StatusForbidden},
		"subscriber":             {s.token(t, "subscriber"), http.StatusForbidden, http.StatusForbidden},
		"no role":                {s.token(t, "of-no-role"), http.StatusForbidden, http.StatusForbidden},
		"anonymous":              {"", http.StatusUnauthorized, http.StatusUnauthorized},
		"another site":           {mint(key, foreign), http.StatusUnauthorized, http.StatusUnauthorized},
		"another key":            {mint(other, claims), http.StatusUnauthorized, http.StatusUnauthorized},
		"expired":                {mint(key, late), http.StatusUnauthorized, http.StatusUnauthorized},
		"a session that is over": {mint(key, ended), http.StatusUnauthorized, http.StatusUnauthorized},
	} {
		if status, body := service.admin(t, "page", c.token, adminBody(t, "reports", nil, nil)); status != c.reports {
			t.Errorf("%s, reports: %d %.200s, want %d", name, status, body, c.reports)
		}
		for _, page := range []string{"list", "log"} {
			if status, body := service.admin(t, "page", c.token, adminBody(t, page, nil, nil)); status != c.list {
				t.Errorf("%s, %s: %d %.200s, want %d", name, page, status, body, c.list)
			}
		}
		if c.list == all {
			continue
		}
		for what, form := range map[string]string{"page": "purge", "export": "export"} {
			body := adminBody(t, "reports", map[string]string{"id": "1", "ids": "1"}, map[string]string{"task": form, "ids": "1", "format": "csv", "reason": "court_order"})
			if status, answer := service.admin(t, what, c.token, body); status != c.list {
				t.Errorf("%s, %s: %d %.200s, want %d", name, form, status, answer, c.list)
			}
		}
	}
	if n := s.Count(t, `SELECT COUNT(*) FROM {p}jt_sidecar_access_log`); n != 0 {
		t.Errorf("%d rows in the log of what nobody did", n)
	}

	// A role that is taken away counts within seconds, whoever holds a token.
	s.Exec(t, `UPDATE {p}usermeta SET meta_value = 'a:0:{}' WHERE user_id = ? AND meta_key = CONCAT('{p}', 'capabilities')`, administrator)
	token := mint(key, claims)
	deadline := time.Now().Add(20 * time.Second)
	for status := all; status != http.StatusForbidden; status, _ = service.admin(t, "page", token, adminBody(t, "list", nil, nil)) {
		if time.Now().After(deadline) {
			t.Fatal("still an administrator after 20 seconds")
		}
	}
}

// What an administrator sees and does, on the real store: a reason first, then the thread, an export and a purge,
// each of them in the log.
func TestAdminPageOnTheStore(t *testing.T) {
	s := newSite(t)
	s.AddUser(t, "admin", testdb.Role("administrator"))
	ids := s.AddUsers(t, 2)
	service := s.serve(t)
	const hostile = `<script>alert(1)</script>`
	status, body := service.api("POST", "/conversations", s.token(t, "member1"), fmt.Sprintf(`{"recipient_ids":[%d],"message":"hello %s"}`, ids[1], hostile))
	if status != http.StatusCreated {
		t.Fatal(status, body)
	}
	id := fmt.Sprint(s.Count(t, `SELECT MAX(id) FROM {p}jt_pro_conversations`))
	token := s.token(t, "admin")
	type answer struct {
		Status   int
		HTML     string
		Redirect map[string]string
	}
	ask := func(page string, query, form map[string]string) answer {
		t.Helper()
		status, body := service.admin(t, "page", token, adminBody(t, page, query, form))
		var a answer
		if status != http.StatusOK || json.Unmarshal([]byte(body), &a) != nil {
			t.Fatalf("%s: %d %s", page, status, body)
		}
		return a
	}
	of := map[string]string{"id": id, "ids": id}

	if a := ask("list", nil, nil); !strings.Contains(a.HTML, `id="conversation-`+id+`"`) {
		t.Errorf("list: %s", a.HTML)
	}
	for query, shown := range map[[2]string]bool{
		{"until", "9999-12-31"}: true, {"at", "9999-12-31"}: true, {"from", "0001-01-01"}: true,
		{"until", "0001-01-01"}: false, {"at", "0001-01-01"}: false, {"from", "9999-12-31"}: false,
	} {
		a := ask("list", map[string]string{query[0]: query[1]}, nil)
		if a.Status != http.StatusOK || strings.Contains(a.HTML, `id="conversation-`+id+`"`) != shown || shown && strings.Contains(a.HTML, `rel="prev"`) {
			t.Errorf("list, %s: %s", query, a.HTML)
		}
	}
	if a := ask("detail", of, nil); strings.Contains(a.HTML, "hello") || !strings.Contains(a.HTML, "Why do you open this conversation?") {
		t.Errorf("without a reason: %s", a.HTML)
	}
	if status, body := service.admin(t, "export", token, adminBody(t, "", of, map[string]string{"task": "export", "format": "csv"})); status != http.StatusForbidden {
		t.Errorf("export without a reason: %d %s", status, body)
	}
	if a := ask("detail", of, map[string]string{"task": "open", "reason": "court_order", "note": "Case 12"}); a.Redirect["view"] != "detail" {
		t.Errorf("reason: %+v", a)
	}
	if a := ask("detail", of, nil); !strings.Contains(a.HTML, "hello &lt;script&gt;") || strings.Contains(a.HTML, hostile) {
		t.Errorf("thread: %s", a.HTML)
	}
	if status, body := service.admin(t, "export", token, adminBody(t, "", of, map[string]string{"task": "export", "format": "csv"})); status != http.StatusOK || !strings.Contains(body, "hello") {
		t.Errorf("export: %d %s", status, body)
	}
	ask("detail", of, map[string]string{"task": "hold", "hold_reason": "Case 12"})
	if a := ask("purge", of, map[string]string{"task": "purge", "ids": id}); a.Status != http.StatusConflict {
		t.Errorf("purge of a held one: %d %s", a.Status, a.HTML)
	}
	ask("detail", of, map[string]string{"task": "release"})
	if a := ask("purge", of, map[string]string{"task": "purge", "ids": id}); a.Redirect["done"] != "purged" {
		t.Errorf("purge: %+v", a)
	}
	if a := ask("member", map[string]string{"user": fmt.Sprint(ids[1])}, nil); !strings.Contains(a.HTML, "Conversations of Member2") {
		t.Errorf("of a member: %s", a.HTML)
	}
	if a := ask("detail", of, nil); a.Status != http.StatusNotFound {
		t.Errorf("after the purge: %d", a.Status)
	}
	log := ask("log", map[string]string{"verify": "1"}, nil)
	for _, text := range []string{"Opened", "Exported", "Put under a legal hold", "Lifted the legal hold", "Deleted permanently", "Court order", "Case 12", "192.0.2.7", "Searched", "Member2", "6 rows, unchanged"} {
		if !strings.Contains(log.HTML, text) {
			t.Errorf("log: no %q in %s", text, log.HTML)
		}
	}

	// The routes go with the extension.
	s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"polls"}))
	if status := service.poke(signed(t, secret, time.Now())); status != http.StatusNoContent {
		t.Fatalf("poke: %d", status)
	}
	if status, body := service.admin(t, "page", token, adminBody(t, "list", nil, nil)); status != http.StatusNotFound {
		t.Errorf("while the extension is off: %d %s", status, body)
	}
}
