package testdb

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

const (
	dsnVariable  = "SIDECAR_TEST_DSN"
	databaseName = "sidecar"
	collation    = "utf8mb4_unicode_520_ci" // WordPress's own choice
	startTimeout = time.Minute              // for a machine that compiles ten packages meanwhile
)

// process is the database of this test process, nil before the first use. If the start failed, further
// tests get the same error at once.
var process struct {
	sync.Mutex
	started bool
	server  *server
	dsn     string
	err     error
}

// Main is a package's TestMain: it runs the tests, stops the server they started, if any, and exits.
func Main(m *testing.M) {
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// database returns the DSN of the database all tests of this process share.
func database() (string, error) {
	p := &process
	p.Lock()
	defer p.Unlock()
	if !p.started {
		p.started = true
		p.dsn, p.err = open()
	}
	return p.dsn, p.err
}

func open() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()

	dsn := os.Getenv(dsnVariable)
	if dsn == "" {
		s, err := start()
		if err != nil {
			return "", fmt.Errorf("testdb: start mariadbd: %w", err)
		}
		process.server = s
		dsn = s.dsn()
	}
	if err := createDatabase(ctx, dsn); err != nil {
		if process.server != nil {
			err = errors.Join(err, process.server.stop())
			process.server = nil
		}
		return "", fmt.Errorf("testdb: create the database: %w", err)
	}
	return dsn, nil
}

func stop() error {
	p := &process
	p.Lock()
	defer p.Unlock()
	if p.server == nil {
		return nil
	}
	err := p.server.stop()
	p.server = nil
	if err != nil {
		return fmt.Errorf("testdb: stop mariadbd: %w", err)
	}
	return nil
}

// createDatabase waits for the server and makes the database that dsn names, unless it exists.
func createDatabase(ctx context.Context, dsn string) error {
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return err
	}
	if cfg.DBName == "" {
		return errors.New("the DSN names no database")
	}
	cfg.Logger = &mysql.NopLogger{}
	exists, err := pingUntilReady(ctx, cfg)
	if err != nil || exists {
		return err
	}

	name := cfg.DBName
	cfg.DBName = ""
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	// IF NOT EXISTS: the tests of another package may have been faster.
	_, err = db.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS `"+name+"` CHARACTER SET utf8mb4 COLLATE "+collation)
	return err
}

// pingUntilReady reports whether the database exists, as soon as the server answers.
func pingUntilReady(ctx context.Context, cfg *mysql.Config) (exists bool, err error) {
	const unknownDatabase = 1049
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return false, err
	}
	db := sql.OpenDB(connector)
	defer db.Close()

	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return true, nil
		}
		if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
			if e.Number == unknownDatabase {
				return false, nil
			}
			return false, err
		}
		s := process.server
		if s == nil {
			return false, err // not ours: it won't come up while we wait
		}
		select {
		case <-tick.C:
		case <-s.exited:
			return false, fmt.Errorf("mariadbd did not start:\n%s", s.output.Bytes())
		case <-ctx.Done():
			return false, fmt.Errorf("%w, last: %w", ctx.Err(), err)
		}
	}
}

// keeper runs the server, and ends it and removes its folder when the pipe on its standard input is
// closed: by stop, or by the kernel when the test process is gone, be it by a panic, a timeout of go
// test, or SIGKILL. No handler in the process itself could promise that.
//
//go:embed keeper.sh
var keeper string

type server struct {
	dir    string
	cmd    *exec.Cmd
	stdin  io.Closer
	output bytes.Buffer // of keeper and server; to be read after exited
	exited chan struct{}
}

func start() (*server, error) {
	mariadbd, err := find("mariadbd")
	if err != nil {
		return nil, err
	}
	install, err := find("mariadb-install-db")
	if err != nil {
		return nil, err
	}
	// Short: the path of a Unix socket has room for a hundred bytes or so.
	dir, err := os.MkdirTemp("", "jtdb")
	if err != nil {
		return nil, err
	}

	// A server that starts removes all temporary tables in its folder, those of other servers as well.
	tmp := filepath.Join(dir, "tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}

	s := &server{dir: dir, exited: make(chan struct{})}
	options := []string{
		"--no-defaults",
		"--datadir=" + filepath.Join(dir, "data"),
		"--tmpdir=" + tmp,
		"--skip-name-resolve",
		// Nothing here outlives the process, so nothing has to be safe on disk; and several packages'
		// servers run at once, so each stays small.
		"--innodb-flush-log-at-trx-commit=0",
		"--innodb-buffer-pool-size=64M",
		"--innodb-log-file-size=16M",
		"--aria-pagecache-buffer-size=8M",
		"--key-buffer-size=1M",
		"--performance-schema=OFF",
	}
	if os.Geteuid() == 0 {
		options = append(options, "--user=root") // otherwise mariadbd refuses to run as root
	}
	s.cmd = exec.Command("/bin/sh", append([]string{"-c", keeper, "keeper", dir, install, mariadbd}, options...)...)
	s.cmd.Stdout = &s.output
	s.cmd.Stderr = &s.output
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	go func() {
		defer close(s.exited)
		s.cmd.Wait() // always an error: the server is killed
	}()
	return s, nil
}

func (s *server) dsn() string {
	cfg := mysql.NewConfig()
	cfg.User = "root"
	cfg.Net = "unix"
	cfg.Addr = filepath.Join(s.dir, "s")
	cfg.DBName = databaseName
	return cfg.FormatDSN()
}

func (s *server) stop() error {
	if err := s.stdin.Close(); err != nil {
		return err
	}
	select {
	case <-s.exited:
		return nil
	case <-time.After(10 * time.Second):
		return fmt.Errorf("it still runs in %s", s.dir)
	}
}

// find looks in PATH, then where distributions put servers, which is not in every user's PATH.
func find(program string) (string, error) {
	for _, name := range []string{program, "/usr/sbin/" + program, "/usr/libexec/" + program, "/usr/local/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New(strings.Join([]string{
		program + " is not installed: the tests need a real database.",
		"Install one (Debian, Ubuntu: apt-get install mariadb-server-core)",
		"or set " + dsnVariable + " to the DSN of a database for tests",
	}, " "))
}
