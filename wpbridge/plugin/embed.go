// Package plugin holds the WordPress plugin that is the other end of the bridge, so that the binary can
// hand out exactly the plugin it speaks with.
package plugin

import (
	"archive/zip"
	"embed"
	"io"
	"io/fs"
	"path"
	"regexp"
	"time"
)

// Slug is the plugin's folder under wp-content/plugins and the name of its main file.
const Slug = "jetonomy-sidecar"

// All of the plugin except its tests.
//
//go:embed jetonomy-sidecar.php readme.txt uninstall.php includes assets languages templates
var files embed.FS

var versionHeader = regexp.MustCompile(`(?m)^ \* Version:\s+(\S+)$`)

// FS returns the plugin's files, its main file at the root.
func FS() fs.FS { return files }

// Version returns the version in the header of the plugin's main file.
func Version() string {
	main, err := files.ReadFile(Slug + ".php")
	if err != nil {
		panic(err) // It is embedded.
	}
	m := versionHeader.FindSubmatch(main)
	if m == nil {
		return ""
	}
	return string(m[1])
}

// WriteZip writes the plugin as WordPress installs it: a zip with the one folder Slug. The same files
// give the same bytes.
func WriteZip(w io.Writer) error {
	z := zip.NewWriter(w)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		header := &zip.FileHeader{
			Name:   path.Join(Slug, name),
			Method: zip.Deflate,
			// The earliest time a zip can hold; the embedded files have none.
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		}
		header.SetMode(0o644)
		f, err := z.CreateHeader(header)
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		return err
	})
	if err != nil {
		return err
	}
	return z.Close()
}
