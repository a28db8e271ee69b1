package wpbridge

import (
	"fmt"
	"testing"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	none := func(string) bool { return false }
	second := func(path string) bool { return path == "/var/lib/mysql/mysql.sock" }
	for _, tt := range []struct {
		host     string
		isSocket func(string) bool
		want     string
	}{
		{"localhost", second, "unix /var/lib/mysql/mysql.sock"},
		{"LOCALHOST", second, "unix /var/lib/mysql/mysql.sock"},
		{"", second, "unix /var/lib/mysql/mysql.sock"},
		{"p:localhost", second, "unix /var/lib/mysql/mysql.sock"},
		{"localhost:3306", second, "unix /var/lib/mysql/mysql.sock"},
		{"localhost:3307", second, "tcp 127.0.0.1:3307"},
		{"localhost", none, "tcp 127.0.0.1:3306"},
		{"localhost:/tmp/x.sock", none, "unix /tmp/x.sock"},
		{":/tmp/x.sock", none, "unix /tmp/x.sock"},
		{"localhost:3306:/tmp/x.sock", none, "unix /tmp/x.sock"},
		{"127.0.0.1", second, "tcp 127.0.0.1:3306"},
		{"db.site.test:3308", none, "tcp db.site.test:3308"},
		{"p:db", none, "tcp db:3306"},
		{"db:/tmp/x.sock", none, "unix /tmp/x.sock"},
		{"::1", none, "tcp [::1]:3306"},
		{"[::1]", none, "tcp [::1]:3306"},
		{"[::1]:3307", none, "tcp [::1]:3307"},
		{"p:[2001:db8::5]:3307", none, "tcp [2001:db8::5]:3307"},
		{"db:0", none, "error"},
		{"db:99999", none, "error"},
		{"db:port", none, "error"},
		{"a/b", none, "error"},
		{"a:b:c:zz", none, "error"},
	} {
		network, addr, err := address(tt.host, tt.isSocket)
		got := network + " " + addr
		if err != nil {
			got = "error"
		}
		if got != tt.want {
			t.Errorf("%q = %s, want %s", tt.host, got, tt.want)
		}
	}
}

func TestDSNWithTLS(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"MYSQLI_CLIENT_SSL": "?tls=true",
		"MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT": "?tls=skip-verify",
		"32": "",
	} {
		php := fmt.Sprintf("<?php define('DB_NAME', 'n'); define('DB_USER', 'u'); define('DB_PASSWORD', 'p/@:'); define('DB_HOST', 'h'); define('MYSQL_CLIENT_FLAGS', %s);", flags)
		c, err := parseConfig("/wp-config.php", php, environment(), fakeFiles{})
		if err != nil {
			t.Fatal(err)
		}
		dsn, err := c.DSN()
		if want := "u:p/@:@tcp(h:3306)/n" + want; dsn != want || err != nil {
			t.Errorf("%s: DSN %q, %v; want %q", flags, dsn, err, want)
		}
	}
}
