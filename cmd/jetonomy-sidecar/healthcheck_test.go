package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthcheckOfService(t *testing.T) {
	s := newSite(t)
	service := s.serve(t)
	s.env["SIDECAR_INTERNAL_LISTEN"] = strings.TrimPrefix(service.internal, "http://")
	if code, stdout, stderr := s.run(t, "healthcheck"); code != exitOK || stdout+stderr != "" {
		t.Errorf("while it serves: code %d, %s%s", code, stdout, stderr)
	}
	service.stop()
	if code, _, stderr := s.run(t, "healthcheck"); code != exitError || strings.Count(stderr, "\n") != 1 {
		t.Errorf("after its end: code %d, %q", code, stderr)
	}
}

func TestHealthcheckNotReady(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	// Every address of the machine is asked on the loopback.
	for _, host := range []string{"", "0.0.0.0", "127.0.0.1"} {
		s := &site{env: map[string]string{"SIDECAR_INTERNAL_LISTEN": net.JoinHostPort(host, port)}}
		if code, _, stderr := s.run(t, "healthcheck"); code != exitError || !strings.Contains(stderr, "503: the database does not answer") {
			t.Errorf("%q: code %d, %s", host, code, stderr)
		}
	}
	s := &site{env: map[string]string{"SIDECAR_INTERNAL_LISTEN": "8788"}}
	if code, _, stderr := s.run(t, "healthcheck"); code != exitError || !strings.Contains(stderr, "SIDECAR_INTERNAL_LISTEN") {
		t.Errorf("no host:port: code %d, %s", code, stderr)
	}
	if code, _, _ := s.run(t, "healthcheck", "extra"); code != exitUsage {
		t.Errorf("an argument: code %d", code)
	}
}

func TestReachable(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1", "::1": "::1", "10.0.0.1": "10.0.0.1", "sidecar": "sidecar"} {
		if got := reachable(host); got != want {
			t.Errorf("%q: %q, want %q", host, got, want)
		}
	}
}
