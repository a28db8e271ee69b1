package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	const in = `{"Action":"start","Package":"jetonomy-sidecar/a"}
{"Action":"run","Package":"jetonomy-sidecar/a","Test":"TestX"}
{"Action":"output","Package":"jetonomy-sidecar/a","Test":"TestX","Output":"=== RUN   TestX\n"}
{"Action":"output","Package":"jetonomy-sidecar/a","Test":"TestX","Output":"said by X\n"}
{"Action":"output","Package":"jetonomy-sidecar/a","Test":"TestX","Output":"    x_test.go:12: X = 1, want 2\n"}
{"Action":"output","Package":"jetonomy-sidecar/a","Test":"TestX/one","Output":"said by one\n"}
{"Action":"pass","Package":"jetonomy-sidecar/a","Test":"TestX/one","Elapsed":0}
{"Action":"fail","Package":"jetonomy-sidecar/a","Test":"TestX","Elapsed":0}
{"Action":"skip","Package":"jetonomy-sidecar/a","Test":"TestY","Elapsed":0}
{"Action":"fail","Package":"jetonomy-sidecar/a","Elapsed":1.25}
{"ImportPath":"jetonomy-sidecar/b","Action":"build-output","Output":"b.go:1:1: no\n"}
{"ImportPath":"jetonomy-sidecar/b","Action":"build-fail"}
{"Action":"start","Package":"jetonomy-sidecar/b"}
{"Action":"output","Package":"jetonomy-sidecar/b","Output":"FAIL\tjetonomy-sidecar/b [build failed]\n"}
{"Action":"fail","Package":"jetonomy-sidecar/b","Elapsed":0,"FailedBuild":"jetonomy-sidecar/b"}
{"Action":"start","Package":"jetonomy-sidecar/c"}
{"Action":"output","Package":"jetonomy-sidecar/c","Output":"?   \tjetonomy-sidecar/c\t[no test files]\n"}
{"Action":"skip","Package":"jetonomy-sidecar/c","Elapsed":0}
not JSON
{"Action":"start","Package":"jetonomy-sidecar/d"}
{"Action":"pass","Package":"jetonomy-sidecar/d","Test":"TestZ","Elapsed":0}
`
	dir := t.TempDir()
	log, counts, failures := filepath.Join(dir, "log"), filepath.Join(dir, "counts"), filepath.Join(dir, "failures")
	var out strings.Builder
	if err := run(strings.NewReader(in), &out, log, counts, failures); err != nil {
		t.Fatal(err)
	}

	// One test of a, the build of b, and d that did not end; TestX/one and TestZ passed.
	if got, want := read(t, counts), "2 3 1\n"; got != want {
		t.Errorf("counts = %q, want %q", got, want)
	}
	if got, want := read(t, failures), "a TestX: x_test.go:12: X = 1, want 2\nb: b.go:1:1: no\nd did not end\n"; got != want {
		t.Errorf("failures = %q, want %q", got, want)
	}
	for _, want := range []string{"said by X\n", "b.go:1:1: no\n", "not JSON\n", "d did not end\n", "1 passed, 1 failed, 1 skipped in 1.2 s"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output has no %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "said by one") {
		t.Errorf("the output shows a test that passed:\n%s", out.String())
	}
	if got := read(t, log); !strings.Contains(got, "said by one") {
		t.Errorf("the log has not everything:\n%s", got)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
