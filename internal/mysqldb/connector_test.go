package mysqldb

import (
	"context"
	"database/sql/driver"
	"slices"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

// server knows one of the statements that limit a session, or none.
type server struct {
	knows string
	asked []string
}

func (s *server) ExecContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Result, error) {
	s.asked = append(s.asked, query)
	if query != s.knows {
		return nil, &mysql.MySQLError{Number: erUnknownSystemVariable, Message: "Unknown system variable"}
	}
	return nil, nil
}

// A server is asked once what it knows.
func TestStatementLimits(t *testing.T) {
	t.Parallel()
	const mariadb, oracle = "SET SESSION max_statement_time = 1.900", "SET SESSION max_execution_time = 1900"
	for _, test := range []struct {
		knows        string
		first, later []string
	}{
		{mariadb, []string{mariadb}, []string{mariadb}},
		{oracle, []string{mariadb, oracle}, []string{oracle}},
		{"", []string{mariadb, oracle}, nil},
	} {
		c := &connector{statementTimeout: 1900 * time.Millisecond}
		for i, want := range [][]string{test.first, test.later, test.later} {
			s := &server{knows: test.knows}
			if err := c.limitStatements(t.Context(), s); err != nil || !slices.Equal(s.asked, want) {
				t.Errorf("connection %d of a server that knows %q: asked %q, %v; want %q", i, test.knows, s.asked, err, want)
			}
		}
	}
	none := &server{}
	if err := new(connector).limitStatements(t.Context(), none); err != nil || none.asked != nil {
		t.Errorf("without a limit: asked %q, %v", none.asked, err)
	}
}
