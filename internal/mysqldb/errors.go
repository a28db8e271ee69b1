package mysqldb

import (
	"errors"

	"github.com/go-sql-driver/mysql"
)

// Error numbers are the same in every version of MySQL and MariaDB; messages are translated.
const (
	erDupEntry        = 1062
	erNoSuchTable     = 1146
	erLockWaitTimeout = 1205
	erLockDeadlock    = 1213
)

// IsDuplicate reports whether err says that a row with that unique key exists.
func IsDuplicate(err error) bool { return number(err) == erDupEntry }

// IsNoSuchTable reports whether err says that a table does not exist.
func IsNoSuchTable(err error) bool { return number(err) == erNoSuchTable }

// IsDeadlock reports whether err says that the transaction lost a fight over locks, by a deadlock or by
// waiting too long, so that the same transaction run again may succeed.
func IsDeadlock(err error) bool {
	n := number(err)
	return n == erLockDeadlock || n == erLockWaitTimeout
}

func number(err error) uint16 {
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return e.Number
	}
	return 0
}
