package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jetonomy-sidecar/wpbridge/phpserial"
)

// doctor runs the command on a site that is well otherwise.
func (s *site) doctor(t *testing.T) (code int, stdout string) {
	t.Helper()
	if code, stdout, stderr := s.run(t, "migrate"); code != exitOK {
		t.Fatalf("migrate: code %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, _ = s.run(t, "doctor")
	return code, stdout
}

// A table that the database user has no right to looks like one that is not there, and then nobody is banned.
func TestDoctorMissesJetonomysTables(t *testing.T) {
	s := newSite(t)
	if code, stdout := s.doctor(t); code != exitOK || !strings.Contains(stdout, "ok    Jetonomy: not active") {
		t.Errorf("plain: code %d\n%s", code, stdout)
	}
	s.Jetonomy(t)
	s.SetOption(t, "active_plugins", phpserial.Encode([]any{"akismet/akismet.php", "jetonomy/jetonomy.php"}))
	if code, stdout := s.doctor(t); code != exitOK || !strings.Contains(stdout, "ok    Jetonomy: active") {
		t.Errorf("all of them: code %d\n%s", code, stdout)
	}
	s.Exec(t, `DROP TABLE {p}jt_restrictions, {p}jt_blocked_users`)
	code, stdout := s.doctor(t)
	want := "FAIL  Jetonomy: the plugin is active, but the database user cannot see " + s.Prefix.Expand("{p}jt_restrictions, {p}jt_blocked_users")
	if code != exitError || !strings.Contains(stdout, want) || !strings.Contains(stdout, "grants.sql") {
		t.Errorf("some missing: code %d\n%s", code, stdout)
	}
	service := s.serve(t)
	service.stop()
	if log := service.log.text(); !strings.Contains(log, "Jetonomy's rules are not known") || !strings.Contains(log, "jt_restrictions") {
		t.Errorf("the log says nothing of it:\n%s", log)
	}
}

// A secret of the other plugin that is none is left out, with a line that says so; in a variable of our own it stops the
// start.
func TestWeakJWTAuthSecret(t *testing.T) {
	s := newSite(t)
	file := filepath.Join(t.TempDir(), "wp-config.php")
	write := func(secret string) {
		t.Helper()
		text := `<?php define('JWT_AUTH_SECRET_KEY', '` + secret + `'); $table_prefix = '` + string(s.Prefix) + `';`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.env["SIDECAR_WP_CONFIG"] = file
	write(strings.Repeat("s", 32))
	if code, stdout := s.doctor(t); code != exitOK || strings.Contains(stdout, "JWT") {
		t.Errorf("good: code %d\n%s", code, stdout)
	}
	for _, weak := range []string{"your-top-secret-key", strings.Repeat("s", 31)} {
		write(weak)
		if code, stdout := s.doctor(t); code != exitError || !strings.Contains(stdout, "FAIL  JWT_AUTH_SECRET_KEY in wp-config.php: ") {
			t.Errorf("%q: code %d\n%s", weak, code, stdout)
		}
	}
	service := s.serve(t)
	service.stop()
	if log := service.log.text(); strings.Count(log, "JWT_AUTH_SECRET_KEY in wp-config.php: ") != 1 || strings.Contains(log, strings.Repeat("s", 31)) {
		t.Errorf("the log:\n%s", log)
	}
	s.env["SIDECAR_JWT_AUTH_SECRET"] = "short"
	if code, _, stderr := s.run(t, "migrate"); code != exitError || !strings.Contains(stderr, "SIDECAR_JWT_AUTH_SECRET: it has 5 bytes") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("in the variable: code %d, %s", code, stderr)
	}
}
