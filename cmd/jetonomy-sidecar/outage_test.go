package main

import (
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-sql-driver/mysql"

	"jetonomy-sidecar/internal/testdb"
)

// door is a socket in front of the site's database that can be shut, with everything that goes through it.
type door struct {
	t                      *testing.T
	path, network, address string

	mu      sync.Mutex
	listen  net.Listener // nil while it is shut
	through []net.Conn
}

func (s *site) door(t *testing.T) *door {
	t.Helper()
	cfg, err := mysql.ParseDSN(s.DSN)
	if err != nil {
		t.Fatal(err)
	}
	d := &door{t: t, path: filepath.Join(t.TempDir(), "db.sock"), network: cfg.Net, address: cfg.Addr}
	cfg.Net, cfg.Addr = "unix", d.path
	s.env["SIDECAR_DSN"] = cfg.FormatDSN()
	d.open()
	t.Cleanup(d.shut)
	return d
}

func (d *door) open() {
	d.t.Helper()
	listener, err := net.Listen("unix", d.path)
	if err != nil {
		d.t.Fatal(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.listen = listener
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			d.pass(listener, in)
		}
	}()
}

func (d *door) pass(listener net.Listener, in net.Conn) {
	out, err := net.Dial(d.network, d.address)
	if err != nil {
		in.Close()
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listen != listener {
		in.Close()
		out.Close()
		return
	}
	d.through = append(d.through, in, out)
	go func() { io.Copy(out, in); out.Close() }()
	go func() { io.Copy(in, out); in.Close() }()
}

func (d *door) shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listen == nil {
		return
	}
	d.listen.Close()
	d.listen = nil
	for _, conn := range d.through {
		conn.Close()
	}
	d.through = nil
}

// While the database cannot be reached, everything is answered with 503 and when to come back; and when it is there
// again, as before.
func TestDatabaseOutage(t *testing.T) {
	s := newSite(t)
	ids := s.AddUsers(t, 2)
	s.AddUser(t, "admin", testdb.Role("administrator"))
	door := s.door(t)
	service := s.serve(t)
	me, admin := s.token(t, "member1"), s.token(t, "admin")
	if status, body := service.api("POST", "/conversations", me, start(ids[1])); status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	door.shut()
	for _, call := range []struct{ method, path, token, body string }{
		{"GET", "/wp-json/jetonomy/v1/conversations", me, ""},
		{"GET", "/wp-json/jetonomy/v1/conversations/unread-count", me, ""},
		{"POST", "/wp-json/jetonomy/v1/conversations", me, start(ids[1])},
		{"POST", "/wp-json/jetonomy/v1/conversations/1/messages", me, `{"content":"hi"}`},
		{"POST", "/wp-json/jetonomy-sidecar/v1/admin/page", admin, `{"page":"list"}`},
	} {
		status, header, body := service.do(call.method, service.url+call.path, call.token, call.body, nil)
		if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(body, `"jetonomy_sidecar_unavailable"`) {
			t.Errorf("%s %s: %d, Retry-After %q, %s", call.method, call.path, status, header.Get("Retry-After"), body)
		}
	}
	if status, _, body := service.do("GET", service.internal+"/readyz", "", "", nil); status != http.StatusServiceUnavailable {
		t.Errorf("readyz: %d %s", status, body)
	}
	door.open()
	if status, body := service.api("POST", "/conversations/1/messages", me, `{"content":"hi"}`); status != http.StatusCreated {
		t.Errorf("afterwards: %d %s", status, body)
	}
}
