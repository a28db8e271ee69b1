//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// siteURL is the site under test. Without one the run fails: these tests never skip.
func siteURL(t testing.TB) string {
	t.Helper()
	u := os.Getenv("SITE_URL")
	if u == "" {
		t.Fatal("SITE_URL is not set: run `make up` and `. .run/env` first, or `make test`")
	}
	return strings.TrimRight(u, "/")
}

// client is a member's browser or app: how it signs in is sign's business.
type client struct {
	t    testing.TB
	name string
	base string
	http *http.Client
	sign func(*http.Request)
}

// answer is a response, its body read and decoded.
type answer struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

func newHTTP(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 30 * time.Second}
}

// do calls a REST path such as "jetonomy/v1/conversations". body is sent as JSON; a string as it is.
func (c *client) do(method, path string, body any, header ...string) answer {
	c.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, c.base+"/wp-json/"+path, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if c.sign != nil {
		c.sign(req)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatalf("%s: %s %s: %v", c.name, method, path, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatalf("%s: %s %s: %v", c.name, method, path, err)
	}
	a := answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body) // not every answer is an object; want says what it needs
	return a
}

// want calls and fails the test unless the status is one of those given.
func (c *client) want(statuses []int, method, path string, body any, header ...string) answer {
	c.t.Helper()
	a := c.do(method, path, body, header...)
	for _, status := range statuses {
		if a.status == status {
			return a
		}
	}
	c.t.Fatalf("%s: %s %s: status %d, want %v; body %.600s", c.name, method, path, a.status, statuses, a.raw)
	return a
}

var (
	ok      = []int{http.StatusOK}
	created = []int{http.StatusCreated}
)

// at gives the value at a path of keys and list indexes, nil if there is none.
func (a answer) at(path ...any) any {
	var v any = a.body
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		case int:
			l, _ := v.([]any)
			if s >= len(l) {
				return nil
			}
			v = l[s]
		}
	}
	return v
}

// id gives a number of the answer as an id.
func (a answer) id(t testing.TB, path ...any) int {
	t.Helper()
	n, isNumber := a.at(path...).(float64)
	if !isNumber || n <= 0 {
		t.Fatalf("%v is %v, want an id; body %.600s", path, a.at(path...), a.raw)
	}
	return int(n)
}

// browser signs a member in at wp-login.php and calls with the cookie and a REST nonce.
func browser(t testing.TB, login string) *client {
	t.Helper()
	c := &client{t: t, name: login + " by cookie", base: siteURL(t), http: newHTTP(t)}
	form := url.Values{"log": {login}, "pwd": {login}, "wp-submit": {"Log In"}, "testcookie": {"1"}, "redirect_to": {c.base + "/wp-admin/profile.php"}}
	get(t, c.http, c.base+"/wp-login.php")
	res, err := c.http.PostForm(c.base+"/wp-login.php", form)
	if err != nil {
		t.Fatalf("sign in as %s: %v", login, err)
	}
	res.Body.Close()
	nonce := strings.TrimSpace(get(t, c.http, c.base+"/wp-admin/admin-ajax.php?action=rest-nonce"))
	if !regexp.MustCompile(`^[0-9a-f]{10}$`).MatchString(nonce) {
		t.Fatalf("sign in as %s: no REST nonce, but %.200q", login, nonce)
	}
	c.sign = func(r *http.Request) { r.Header.Set("X-WP-Nonce", nonce) }
	return c
}

// app makes an application password for a member and calls with it, as the mobile app does.
func app(t testing.TB, login string) *client {
	t.Helper()
	a := browser(t, login).want(created, "POST", "wp/v2/users/me/application-passwords",
		map[string]any{"name": fmt.Sprintf("%s %d", t.Name(), time.Now().UnixNano())})
	password, _ := a.at("password").(string)
	return &client{
		t: t, name: login + " by application password", base: siteURL(t), http: newHTTP(t),
		sign: func(r *http.Request) { r.SetBasicAuth(login, password) },
	}
}

// bearer asks WordPress for a token and calls with it; nginx then sends the calls to the service.
func bearer(t testing.TB, login string) *client {
	t.Helper()
	return withToken(t, browser(t, login))
}

// withToken calls with a token of the session of c.
func withToken(t testing.TB, c *client) *client {
	t.Helper()
	token := tokenOf(t, c)
	return &client{
		t: t, name: strings.TrimSuffix(c.name, " by cookie") + " by token", base: c.base, http: newHTTP(t),
		sign: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) },
	}
}

func tokenOf(t testing.TB, c *client) string {
	t.Helper()
	token, _ := c.want(ok, "POST", "jetonomy-sidecar/v1/token", nil).at("token").(string)
	if token == "" {
		t.Fatal("no token in the answer of WordPress")
	}
	return token
}

func anonymous(t testing.TB) *client {
	t.Helper()
	return &client{t: t, name: "anonymous", base: siteURL(t), http: newHTTP(t)}
}

func get(t testing.TB, c *http.Client, u string) string {
	t.Helper()
	res, err := c.Get(u)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// userID is a member's id in WordPress.
func userID(t testing.TB, c *client) int {
	t.Helper()
	return c.want(ok, "GET", "wp/v2/users/me", nil).id(t, "id")
}
