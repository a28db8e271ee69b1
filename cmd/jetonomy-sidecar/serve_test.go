package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/messaging/bridgeapi"
	"jetonomy-sidecar/wpbridge"
	"jetonomy-sidecar/wpbridge/phpserial"
)

// token asks the operator's command for one.
func (s *site) token(t *testing.T, login string) string {
	t.Helper()
	code, stdout, stderr := s.run(t, "token", "--user", login)
	if code != exitOK {
		t.Fatalf("token: code %d, %s", code, stderr)
	}
	return strings.TrimSpace(stdout)
}

func TestServe(t *testing.T) {
	s := newSite(t)
	ids := s.AddUsers(t, 2)
	service := s.serve(t)
	one, two := s.token(t, "member1"), s.token(t, "member2")

	if status, body := service.api("GET", "/conversations", "", ""); status != http.StatusUnauthorized || !strings.Contains(body, "rest_not_logged_in") {
		t.Errorf("anonymous: %d %s", status, body)
	}
	if status, body := service.api("POST", "/conversations", one, fmt.Sprintf(`{"recipient_ids":[%d],"message":"hello"}`, ids[1])); status != http.StatusCreated {
		t.Errorf("start: %d %s", status, body)
	}
	if status, body := service.api("GET", "/conversations/unread-count", two, ""); status != http.StatusOK || !strings.Contains(body, `"count":1`) {
		t.Errorf("unread count: %d %s", status, body)
	}
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusOK, "/metrics": http.StatusOK, "/nothing": http.StatusNotFound} {
		if status, _, body := service.do("GET", service.internal+path, "", "", nil); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	// The operator's side is not on the public port, nor the other way round.
	for _, url := range []string{service.url + "/metrics", service.url + "/", service.url + "/wp-json/wp/v2/users", service.internal + "/wp-json/jetonomy/v1/conversations"} {
		if status, _, _ := service.do("GET", url, one, "", nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", url, status)
		}
	}
	if code := service.stop(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// Every answer names the service's version, whatever it says.
func TestVersionHeader(t *testing.T) {
	s := newSite(t)
	s.AddUsers(t, 1)
	service := s.serve(t)
	token := s.token(t, "member1")
	for name, c := range map[string]struct {
		method, path, token string
		status              int
	}{
		"list":          {"GET", "/conversations", token, http.StatusOK},
		"head":          {"HEAD", "/conversations", token, http.StatusOK},
		"methods":       {"OPTIONS", "/conversations", "", http.StatusOK},
		"anonymous":     {"GET", "/conversations", "", http.StatusUnauthorized},
		"refused":       {"GET", "/conversations/1", token, http.StatusForbidden},
		"no such route": {"GET", "/unknown", token, http.StatusNotFound},
		"wrong method":  {"DELETE", "/conversations", token, http.StatusMethodNotAllowed},
	} {
		status, header, body := service.do(c.method, service.url+"/wp-json/jetonomy/v1"+c.path, c.token, "", nil)
		if got := header.Values("X-Jetonomy-Sidecar"); status != c.status || len(got) != 1 || got[0] != version {
			t.Errorf("%s: %d %s, X-Jetonomy-Sidecar %q, want %q", name, status, body, got, version)
		}
	}
}

const pokePath = bridgeapi.Path + "/poke"

// poke tells the service, as the plugin does, that an option has changed.
func (s *service) poke(header http.Header) int {
	s.t.Helper()
	status, _, _ := s.do("POST", s.url+"/wp-json"+pokePath, "", "{}", header)
	return status
}

func signed(t *testing.T, key string, at time.Time) http.Header {
	t.Helper()
	k, err := wpbridge.NewKey(key)
	if err != nil {
		t.Fatal(err)
	}
	h := wpbridge.SignRequest(k, "POST", pokePath, at, []byte("{}"))
	h.Set("Content-Type", "application/json")
	return h
}

// Switched off, every address answers like one that was never there, to the byte.
func TestSwitch(t *testing.T) {
	s := newSite(t)
	s.AddUsers(t, 1)
	service := s.serve(t)
	token := s.token(t, "member1")
	_, _, unknown := service.do("GET", service.url+"/wp-json/jetonomy/v1/unknown", token, "", nil)

	for round := range 2 {
		s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"polls"}))
		if status := service.poke(signed(t, secret, time.Now())); status != http.StatusNoContent {
			t.Fatalf("poke: %d", status)
		}
		for _, path := range []string{"/conversations", "/conversations/1", "/conversations/1/messages", "/conversations/unread-count", "/messaging/recipient-suggestions?q=mem"} {
			for _, method := range []string{"GET", "POST", "PATCH", "DELETE", "OPTIONS"} {
				if status, body := service.api(method, path, token, ""); status != http.StatusNotFound || body != unknown {
					t.Errorf("round %d: %s %s while off: %d %s", round, method, path, status, body)
				}
			}
		}
		s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"polls", "private-messaging"}))
		service.poke(signed(t, secret, time.Now()))
		if status, body := service.api("GET", "/conversations", token, ""); status != http.StatusOK {
			t.Errorf("round %d: on again: %d %s", round, status, body)
		}
	}
}

func TestPokeNeedsItsSignature(t *testing.T) {
	s := newSite(t)
	service := s.serve(t)
	other := strings.Repeat("x", 40)
	for name, header := range map[string]http.Header{
		"none":        {},
		"another key": signed(t, other, time.Now()),
		"old":         signed(t, secret, time.Now().Add(-10*time.Minute)),
	} {
		if status := service.poke(header); status != http.StatusNotFound {
			t.Errorf("%s: %d", name, status)
		}
	}
}

// The second key source, and the second kind of token.
func TestTokens(t *testing.T) {
	s := newSite(t)
	s.env["SIDECAR_SECRET"] = ""
	s.env["SIDECAR_JWT_AUTH_SECRET"] = "the other plugin's secret, long enough"
	s.AddUsers(t, 1)
	if code, _, stderr := s.run(t, "token", "--user", "member1"); code != exitError || !strings.Contains(stderr, "activate the plugin") {
		t.Errorf("without a key: code %d, %s", code, stderr)
	}
	key, err := wpbridge.NewKey(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	s.SetOption(t, "jetonomy_sidecar_keys", phpserial.Encode(map[string]any{
		"current": map[string]any{"kid": key.ID(), "secret": strings.Repeat("ab", 32)},
	}))
	if code, _, stderr := s.run(t, "token", "--user", "nobody"); code != exitError || !strings.Contains(stderr, `"nobody"`) {
		t.Errorf("unknown member: code %d, %s", code, stderr)
	}
	service := s.serve(t)
	member := s.Count(t, `SELECT ID FROM {p}users WHERE user_login = 'member1'`)
	jwtAuth := func(secret string, alg jwt.SigningMethod) string {
		now := time.Now()
		text, err := jwt.NewWithClaims(alg, jwt.MapClaims{
			"iss": testdb.SiteURL, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(7 * 24 * time.Hour).Unix(),
			"data": map[string]any{"user": map[string]any{"id": fmt.Sprint(member)}},
		}).SignedString([]byte(secret))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, test := range map[string]struct {
		token string
		want  int
	}{
		"operator":                        {s.token(t, "member1"), http.StatusOK},
		"JWT Authentication":              {jwtAuth(s.env["SIDECAR_JWT_AUTH_SECRET"], jwt.SigningMethodHS256), http.StatusOK},
		"JWT Authentication, wrong key":   {jwtAuth(strings.Repeat("z", 40), jwt.SigningMethodHS256), http.StatusUnauthorized},
		"JWT Authentication, another alg": {jwtAuth(s.env["SIDECAR_JWT_AUTH_SECRET"], jwt.SigningMethodHS512), http.StatusUnauthorized},
		"garbage":                         {"abc.def.ghi", http.StatusUnauthorized},
	} {
		if status, body := service.api("GET", "/conversations", test.token, ""); status != test.want {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

func TestRestrictedMembers(t *testing.T) {
	s := newSite(t)
	s.Jetonomy(t)
	other := s.AddUser(t, "member2", testdb.Trust(1))
	restrict := func(login, kind string) {
		s.Exec(t, `INSERT INTO {p}jt_restrictions (user_id, type) VALUES (?, ?)`, s.AddUser(t, login, testdb.Trust(1)), kind)
	}
	restrict("banned", "global_ban")
	restrict("silenced", "silence")
	s.Exec(t, `INSERT INTO {p}usermeta (user_id, meta_key, meta_value) VALUES (?, '_jetonomy_pending_verification', '1')`,
		s.AddUser(t, "pending", testdb.Trust(1)))
	s.AddUser(t, "newcomer", testdb.Trust(0))
	service := s.serve(t)
	for login, code := range map[string]string{"banned": "jetonomy_user_banned", "silenced": "jetonomy_forbidden", "pending": "jetonomy_pending_verification", "newcomer": "jetonomy_forbidden"} {
		token := s.token(t, login)
		if status, body := service.api("GET", "/conversations", token, ""); status != http.StatusOK {
			t.Errorf("%s reads: %d %s", login, status, body)
		}
		status, body := service.api("POST", "/conversations", token, fmt.Sprintf(`{"recipient_ids":[%d],"message":"hello"}`, other))
		if status != http.StatusForbidden || !strings.Contains(body, code) {
			t.Errorf("%s writes: %d %s", login, status, body)
		}
	}
}

// Two services on one site: what one writes the other reads.
func TestTwoServices(t *testing.T) {
	s := newSite(t)
	ids := s.AddUsers(t, 2)
	a, b := s.serve(t), s.serve(t)
	one := s.token(t, "member1")
	if status, body := a.api("POST", "/conversations", one, fmt.Sprintf(`{"recipient_ids":[%d],"message":"hello"}`, ids[1])); status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	if status, body := b.api("GET", "/conversations/1/messages", one, ""); status != http.StatusOK || !strings.Contains(body, "hello") {
		t.Errorf("%d %s", status, body)
	}
}
