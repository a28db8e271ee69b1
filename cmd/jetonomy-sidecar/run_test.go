package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jetonomy-sidecar/internal/testdb"
	"jetonomy-sidecar/wpbridge/phpserial"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const secret = "0123456789abcdef0123456789abcdef-test"

// site is a WordPress database with members, and the environment of a service on it.
type site struct {
	*testdb.DB
	env map[string]string
}

func newSite(t *testing.T) *site {
	t.Helper()
	t.Parallel()
	db := testdb.New(t)
	db.WordPress(t)
	return &site{DB: db, env: map[string]string{
		"SIDECAR_DSN":             db.DSN,
		"SIDECAR_TABLE_PREFIX":    string(db.Prefix),
		"SIDECAR_LISTEN":          "127.0.0.1:0",
		"SIDECAR_INTERNAL_LISTEN": "127.0.0.1:0",
		"SIDECAR_SECRET":          secret,
	}}
}

func (s *site) getenv(name string) string { return s.env[name] }

// run runs a command to its end.
func (s *site) run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), args, s.getenv, &out, &err)
	return code, out.String(), err.String()
}

// service is a running `serve`.
type service struct {
	t             *testing.T
	url, internal string
	stop          func() int // gives the exit code
	log           *logLines
}

// serve starts the service and returns once it serves. It is stopped with the test at the latest.
func (s *site) serve(t *testing.T) *service {
	t.Helper()
	log := &logLines{lines: make(chan map[string]any, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	exit := make(chan int, 1)
	go func() { exit <- run(ctx, []string{"serve"}, s.getenv, io.Discard, log) }()
	stop := sync.OnceValue(func() int { cancel(); return <-exit })
	t.Cleanup(func() { stop() })
	for {
		select {
		case line := <-log.lines:
			if line["message"] == "serving" {
				return &service{t, "http://" + line["listen"].(string), "http://" + line["internal"].(string), stop, log}
			}
		case code := <-exit:
			exit <- code
			t.Fatalf("serve ended with %d before it served: %s", code, log.text())
		}
	}
}

// logLines takes the service's log apart. A line that nobody waits for is dropped.
type logLines struct {
	lines chan map[string]any
	mu    sync.Mutex
	all   bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.all.Write(p)
	l.mu.Unlock()
	var line map[string]any
	if json.Unmarshal(p, &line) == nil {
		select {
		case l.lines <- line:
		default:
		}
	}
	return len(p), nil
}

func (l *logLines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func (s *service) do(method, url, token, body string, header http.Header) (int, http.Header, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(text)
}

func (s *service) api(method, path, token, body string) (int, string) {
	s.t.Helper()
	status, _, text := s.do(method, s.url+"/wp-json/jetonomy/v1"+path, token, body, nil)
	return status, text
}

func TestUsage(t *testing.T) {
	t.Parallel()
	s := &site{env: map[string]string{}}
	for _, test := range []struct {
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{nil, exitOK, "Usage:", ""},
		{[]string{"help"}, exitOK, "doctor", ""},
		{[]string{"version"}, exitOK, version + "\n", ""},
		{[]string{"unknown"}, exitUsage, "", `no command "unknown"`},
		{[]string{"serve", "--port", "1"}, exitUsage, "", "flag provided but not defined"},
		{[]string{"serve", "extra"}, exitUsage, "", `unexpected argument "extra"`},
		{[]string{"serve", "--help"}, exitOK, "", "-wp-config"},
		{[]string{"token"}, exitUsage, "", "--user LOGIN is missing"},
		{[]string{"serve"}, exitError, "", "set SIDECAR_WP_CONFIG or SIDECAR_DSN"},
	} {
		code, stdout, stderr := s.run(t, test.args...)
		if code != test.code || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
			t.Errorf("%q: code %d, want %d\nstdout %s\nstderr %s", test.args, code, test.code, stdout, stderr)
		}
	}
}

// A value that cannot be used stops the start with one line that names it.
func TestBadConfiguration(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "wp-config.php")
	if err := os.WriteFile(file, []byte(`<?php define('DB_NAME', secret_of_the_host()); $table_prefix = 'wp_';`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"SIDECAR_LISTEN":          "8787",
		"SIDECAR_INTERNAL_LISTEN": "localhost",
		"SIDECAR_TABLE_PREFIX":    "wp-",
		"SIDECAR_SITE_URL":        "example.test",
		"SIDECAR_WP_URL":          "unix:/tmp/socket",
		"SIDECAR_LOG_LEVEL":       "loud",
		"SIDECAR_LOG_FORMAT":      "xml",
		"SIDECAR_DSN":             "nonsense",
		"SIDECAR_WP_CONFIG":       file,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &site{env: map[string]string{"SIDECAR_DSN": "root@unix(/nowhere/mysqld.sock)/wordpress", name: value}}
			if name == "SIDECAR_WP_CONFIG" {
				delete(s.env, "SIDECAR_DSN")
				name = "SIDECAR_DSN" // what replaces the constant
			}
			code, _, stderr := s.run(t, "migrate")
			if code != exitError || !strings.Contains(stderr, name) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("code %d, stderr %q, want one line with %s", code, stderr, name)
			}
		})
	}
	t.Run("short secret", func(t *testing.T) {
		s := newSite(t)
		s.env["SIDECAR_SECRET"] = "short"
		if code, _, stderr := s.run(t, "migrate"); code != exitError || !strings.Contains(stderr, "at least 32") {
			t.Errorf("code %d, stderr %q", code, stderr)
		}
	})
}

func TestMigrateTwiceAndDoctor(t *testing.T) {
	s := newSite(t)
	s.AddUsers(t, 2)
	if code, stdout, stderr := s.run(t, "doctor"); code != exitError || !strings.Contains(stdout, "run `jetonomy-sidecar migrate`") {
		t.Errorf("doctor before: code %d\n%s%s", code, stdout, stderr)
	}
	for range 2 {
		if code, stdout, stderr := s.run(t, "migrate"); code != exitOK || !strings.Contains(stdout, "up to date") {
			t.Fatalf("migrate: code %d\n%s%s", code, stdout, stderr)
		}
	}
	code, stdout, stderr := s.run(t, "doctor")
	if code != exitOK || strings.Contains(stdout, "FAIL") || !strings.Contains(stdout, "Private Messaging is on") {
		t.Errorf("doctor: code %d\n%s%s", code, stdout, stderr)
	}
	s.SetOption(t, "jetonomy_pro_extensions", phpserial.Encode([]any{"polls"}))
	s.env["SIDECAR_SECRET"] = ""
	code, stdout, _ = s.run(t, "doctor")
	if code != exitError || !strings.Contains(stdout, "FAIL  signing key") || !strings.Contains(stdout, "FAIL  extension") {
		t.Errorf("doctor of a site that is switched off and has no key: code %d\n%s", code, stdout)
	}
}

func TestWritePlugin(t *testing.T) {
	t.Parallel()
	s := &site{env: map[string]string{}}
	out := filepath.Join(t.TempDir(), "plugin.zip")
	if code, stdout, stderr := s.run(t, "plugin", "--out", out); code != exitOK || !strings.Contains(stdout, "version "+version) {
		t.Fatalf("code %d, %s%s", code, stdout, stderr)
	}
	z, err := zip.OpenReader(out)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if _, err := z.Open("jetonomy-sidecar/jetonomy-sidecar.php"); err != nil {
		t.Error(err)
	}
	if code, _, _ := s.run(t, "plugin", "--out", filepath.Join(out, "below", "a", "file")); code != exitError {
		t.Errorf("unwritable: code %d", code)
	}
}
