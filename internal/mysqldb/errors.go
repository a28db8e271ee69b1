package mysqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"slices"

	"github.com/go-sql-driver/mysql"
)

// Error numbers are the same in every version of MySQL and MariaDB; messages are translated.
const (
	erDupEntry              = 1062
	erNoSuchTable           = 1146
	erUnknownSystemVariable = 1193
	erLockWaitTimeout       = 1205
	erLockDeadlock          = 1213
	erCantAggregate         = 1267
)

// unavailable are the numbers that say of the server, not of the statement, that it cannot do it now.
var unavailable = []uint16{
	1040,                   // too many connections
	1047,                   // this node of a Galera cluster is not ready
	1053,                   // shutting down
	1129,                   // too many failed connections from this host
	1158, 1159, 1160, 1161, // communication errors
	1203, 1226, // the user has too many connections, or has used up another limit
	erLockWaitTimeout,
	erLockDeadlock,         // again and again
	1290, 1792, 1836, 3032, // read only or offline, as while a replica takes over
	1317, 1927, 3169, // the statement, or the connection, was killed
	1969, 3024, // the statement ran too long
	4031, // disconnected for having been idle
}

// IsDuplicate reports whether err says that a row with that unique key exists.
func IsDuplicate(err error) bool { return number(err) == erDupEntry }

// IsNoSuchTable reports whether err says that a table does not exist.
func IsNoSuchTable(err error) bool { return number(err) == erNoSuchTable }

// IsIncomparable reports whether err says that a text cannot be compared with a column, because the column's character
// set has not all of its characters: nothing in the column can be equal to it.
func IsIncomparable(err error) bool { return number(err) == erCantAggregate }

// IsDeadlock reports whether err says that the transaction lost a fight over locks, by a deadlock or by
// waiting too long, so that the same transaction run again may succeed.
func IsDeadlock(err error) bool {
	n := number(err)
	return n == erLockDeadlock || n == erLockWaitTimeout
}

// IsUnavailable reports whether err says that the database cannot be reached, or is too busy or too slow for the
// caller's deadline: the same may succeed in a moment. What a transaction did that broke while committing is not known.
func IsUnavailable(err error) bool {
	if n := number(err); n != 0 {
		return slices.Contains(unavailable, n)
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn)
}

func number(err error) uint16 {
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return e.Number
	}
	return 0
}
