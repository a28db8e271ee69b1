// Package testdb gives tests a real MariaDB or MySQL, a table prefix of their own in it, and the tables of
// WordPress and Jetonomy.
//
//	func TestMain(m *testing.M) { testdb.Main(m) }
//
//	func TestThread(t *testing.T) {
//		t.Parallel()
//		d := testdb.New(t)
//		d.WordPress(t)
//		d.Jetonomy(t)
//		alice := d.AddUser(t, "alice", testdb.Trust(1))
//		…
//	}
//
// # The server
//
// The first New of a test process starts a private mariadbd on a temporary folder and a Unix socket,
// ready in about a second; further ones share it. It is killed, and its folder removed, at the end of
// Main or with the process, however that ends: a shell that holds a pipe from the process sees to it.
//
// With SIDECAR_TEST_DSN set (in the form of github.com/go-sql-driver/mysql) nothing is started: tests use
// that database, which is created if it's missing, and leave it as they found it. Restricted needs a user
// there that may create users.
//
// No database is a failure, never a skip.
//
// # Isolation
//
// A DB belongs to one test and its parallel subtests. Its tables, and the users made by Restricted, are
// dropped when the test ends. Everything is in one database, so tests must not change global variables.
package testdb
