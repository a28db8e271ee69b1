package testdb_test

import (
	"bufio"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"jetonomy-sidecar/internal/testdb"
)

// The variable makes TestHelper do something: it is no test of its own.
const helperVariable = "TESTDB_HELPER"

// TestHelper, run in a process of its own, starts a server, says where, and ends only by being killed.
func TestHelper(t *testing.T) {
	if os.Getenv(helperVariable) == "" {
		return
	}
	d := testdb.New(t)
	os.Stdout.WriteString("DSN " + d.DSN + "\n")
	select {}
}

func helper(t *testing.T, env ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHelper$")
	cmd.Env = append(os.Environ(), "SIDECAR_TEST_DSN=", helperVariable+"=1")
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// startHelper starts the helper, and waits for the DSN of its server.
func startHelper(t *testing.T) (cmd *exec.Cmd, dsn, dir string) {
	t.Helper()
	cmd = helper(t)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	dsn, ok := strings.CutPrefix(strings.TrimSpace(line), "DSN ")
	if !ok {
		t.Fatalf("the helper said %q, %v", line, err)
	}
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	return cmd, dsn, filepath.Dir(cfg.Addr)
}

// A server that starts removes the temporary tables in its folder, whoever made them.
func TestServersShareNoTemporaryTables(t *testing.T) {
	t.Parallel()
	cmd, dsn, dir := startHelper(t)
	defer cmd.Wait()
	defer cmd.Process.Kill()
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var tmpdir string
	if err := db.QueryRowContext(t.Context(), "SELECT @@tmpdir").Scan(&tmpdir); err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(tmpdir) != dir {
		t.Errorf("temporary tables in %s, want a folder in %s", tmpdir, dir)
	}
}

func TestServerEndsWithKilledProcess(t *testing.T) {
	t.Parallel()
	cmd, _, dir := startHelper(t)
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}

	if err := cmd.Process.Kill(); err != nil { // SIGKILL: nothing in the process can react
		t.Fatal(err)
	}
	cmd.Wait()

	// Nobody is left to signal the end to us. The folder goes last.
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is still there", dir)
		}
	}
}
