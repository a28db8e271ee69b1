// Package mysqldb is database/sql for MySQL and MariaDB the way this service needs it: a pool with a
// strict session, one transaction helper, one row reader, and WordPress's table prefix. It knows no
// table.
//
// Every connection of a pool made by Open speaks utf8mb4 and UTC, checks values strictly and reads
// what is committed (READ COMMITTED). Everything here is safe for concurrent use.
//
// # Statements
//
// SQL is written with {p} where the table prefix belongs, and expanded once:
//
//	var selectTitle = prefix.Expand("SELECT title FROM {p}jt_pro_conversations WHERE id = ?")
//
// Arguments are interpolated by the driver. Pass text as string: a []byte is sent as binary, and
// compares byte by byte, whatever the column's collation.
package mysqldb
