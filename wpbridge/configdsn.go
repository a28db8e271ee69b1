package wpbridge

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// Bits of PHP's MYSQL_CLIENT_FLAGS that matter for the connection.
const (
	mysqliClientSSLDontVerify = 64
	mysqliClientSSL           = 2048
)

const defaultPort = "3306"

// localSockets is where the servers of the usual systems listen. PHP has one of them compiled in.
var localSockets = []string{
	"/run/mysqld/mysqld.sock",
	"/var/run/mysqld/mysqld.sock",
	"/var/lib/mysql/mysql.sock",
	"/tmp/mysql.sock",
}

// DSN gives the site's database in the form of github.com/go-sql-driver/mysql. It fails if a constant that
// it takes is missing or not known; SIDECAR_DSN replaces all of them.
//
// DB_HOST is read as WordPress and PHP do, "localhost" being the local socket. Where none of the
// well-known sockets exists, it is 127.0.0.1.
func (c Config) DSN() (string, error) {
	return c.dsn(func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Mode()&os.ModeSocket != 0
	})
}

func (c Config) dsn(isSocket func(path string) bool) (string, error) {
	needed := []string{"DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST"}
	if err := c.Need(append(needed, "MYSQL_CLIENT_FLAGS")...); err != nil {
		return "", err
	}
	for _, name := range needed {
		if _, ok := c.constants[name]; !ok {
			return "", fmt.Errorf("wpbridge: %s does not define %s: set SIDECAR_DSN", c.Path, name)
		}
	}
	if c.DBName == "" {
		return "", fmt.Errorf("wpbridge: %s: DB_NAME is empty: set SIDECAR_DSN", c.Path)
	}

	cfg := mysql.NewConfig()
	cfg.User, cfg.Passwd, cfg.DBName = c.DBUser, c.DBPassword, c.DBName
	var err error
	if cfg.Net, cfg.Addr, err = address(c.DBHost, isSocket); err != nil {
		return "", fmt.Errorf("wpbridge: %s: DB_HOST %q: %w", c.Path, c.DBHost, err)
	}
	switch flags := c.constants["MYSQL_CLIENT_FLAGS"].value.Int(); {
	case flags&mysqliClientSSLDontVerify != 0:
		cfg.TLSConfig = "skip-verify"
	case flags&mysqliClientSSL != 0:
		cfg.TLSConfig = "true"
	}
	return cfg.FormatDSN(), nil
}

// address reads DB_HOST: host, host:port, host:/socket, :/socket, [IPv6]:port, each also with the "p:" of
// a persistent connection.
func address(dbHost string, isSocket func(path string) bool) (network, addr string, err error) {
	host := strings.TrimPrefix(dbHost, "p:")
	if i := strings.Index(host, ":/"); i >= 0 {
		return "unix", host[i+1:], nil
	}
	host, port := splitHost(host)
	if strings.Contains(host, ":") {
		if _, err := netip.ParseAddr(host); err != nil {
			return "", "", errors.New("not an IPv6 address")
		}
	}
	if strings.Contains(host, "/") {
		return "", "", errors.New("not a host, host:port or host:/socket")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return "", "", fmt.Errorf("port %q", port)
	}

	if host != "" && !strings.EqualFold(host, "localhost") {
		return "tcp", net.JoinHostPort(host, port), nil
	}
	// PHP ignores a port next to "localhost". A socket found by guessing is better than that only where the
	// port does not say that another server is meant.
	if port == defaultPort {
		for _, path := range localSockets {
			if isSocket(path) {
				return "unix", path, nil
			}
		}
	}
	return "tcp", net.JoinHostPort("127.0.0.1", port), nil
}

// splitHost gives the host without the brackets of an IPv6 address, and the port or its default.
func splitHost(s string) (host, port string) {
	port = defaultPort
	if inner, ok := strings.CutPrefix(s, "["); ok {
		host, rest, _ := strings.Cut(inner, "]")
		if rest != "" {
			port = strings.TrimPrefix(rest, ":")
		}
		return host, port
	}
	if strings.Count(s, ":") == 1 {
		host, port, _ = strings.Cut(s, ":")
		return host, port
	}
	return s, port
}
