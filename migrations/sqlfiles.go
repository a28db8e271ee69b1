package migrations

import (
	"bytes"
	"embed"
	"io"
	"io/fs"
	"path"
	"strings"

	"jetonomy-sidecar/internal/mysqldb"
)

//go:embed 0*.sql
var files embed.FS

// sqlFiles are the embedded files with {p} and {collation} expanded.
func sqlFiles(prefix mysqldb.Prefix, collation string) fs.FS {
	return expandedFS{files, func(text string) string {
		return prefix.Expand(strings.ReplaceAll(text, "{collation}", collation))
	}}
}

type expandedFS struct {
	fs.FS
	expand func(string) string
}

func (e expandedFS) Open(name string) (fs.File, error) {
	f, err := e.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return f, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return expandedFile{f, bytes.NewReader([]byte(e.expand(string(text))))}, nil
}

// expandedFile reads other text than its Stat tells the size of; goose doesn't ask.
type expandedFile struct {
	fs.File
	text *bytes.Reader
}

func (f expandedFile) Read(p []byte) (int, error) { return f.text.Read(p) }
