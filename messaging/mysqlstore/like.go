package mysqlstore

import "strings"

// escaped ends a LIKE whose pattern holds a likeLiteral. The escape character is one that nobody types: MySQL 5.7
// misreads the doubled one of a text that contains it, when it stands right behind a %.
const escaped = " ESCAPE '\x1f' "

// likeLiteral is the part of a LIKE pattern that stands for text, and for nothing else.
func likeLiteral(text string) string { return likeReplacer.Replace(text) }

// The escape character itself becomes another one that texts don't contain either.
var likeReplacer = strings.NewReplacer("\x1f", "\x1e", "%", "\x1f%", "_", "\x1f_")
