package plugin_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"jetonomy-sidecar/wpbridge/plugin"
)

func TestZipInstalls(t *testing.T) {
	t.Parallel()

	var first, second bytes.Buffer
	for _, w := range []io.Writer{&first, &second} {
		if err := plugin.WriteZip(w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two zips of the same files differ")
	}

	z, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
	if err != nil {
		t.Fatal(err)
	}
	main := false
	for _, f := range z.File {
		if !strings.HasPrefix(f.Name, plugin.Slug+"/") {
			t.Errorf("%s is outside the folder %s/", f.Name, plugin.Slug)
		}
		if strings.HasSuffix(f.Name, ".go") || strings.HasPrefix(f.Name, plugin.Slug+"/tests/") {
			t.Errorf("%s does not belong into the plugin", f.Name)
		}
		main = main || f.Name == plugin.Slug+"/"+plugin.Slug+".php"
	}
	if !main {
		t.Error("the main file is missing")
	}
}

// What is added to the folder must be added to the embed directive.
func TestEverythingIsEmbedded(t *testing.T) {
	t.Parallel()

	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name == "tests" {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".go") {
			return nil
		}
		if _, err := fs.Stat(plugin.FS(), name); err != nil {
			t.Errorf("%s is not embedded", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestVersionIsTheSameEverywhere(t *testing.T) {
	t.Parallel()

	version := plugin.Version()
	if version == "" {
		t.Fatal("the main file's header has no version")
	}
	for name, pattern := range map[string]string{
		plugin.Slug + ".php": `define\( 'JETONOMY_SIDECAR_VERSION', '([^']+)' \)`,
		"readme.txt":         `(?m)^Stable tag: (\S+)$`,
	} {
		content, err := fs.ReadFile(plugin.FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(pattern).FindSubmatch(content)
		if m == nil {
			t.Errorf("%s says no version", name)
		} else if got := string(m[1]); got != version {
			t.Errorf("%s says version %s, the main file's header %s", name, got, version)
		}
	}
}
