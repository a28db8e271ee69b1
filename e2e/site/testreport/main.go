// Command testreport reads the output of go test -json, shows what a person wants to see of it, and counts.
//
//	go test -json ./... | testreport -log FILE -counts FILE -failures FILE
//
// Standard output gets one line per package and the whole output of what failed. The log gets everything,
// the failures file one line per failure: what failed, and the first thing it said.
// The counts file gets one more line: passed, failed, skipped, tests and subtests alike. A package that
// failed without a failed test (it does not compile, it panicked, TestMain failed) counts as one failure.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// event is a line of go test -json; see go doc test2json.
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Elapsed    float64
	Output     string

	FailedBuild string
}

// module is cut off from the package names that are shown.
const module = "jetonomy-sidecar/"

func main() {
	logFile := flag.String("log", os.DevNull, "append everything to this file")
	countsFile := flag.String("counts", os.DevNull, "append the three numbers to this file")
	failuresFile := flag.String("failures", os.DevNull, "append one line per failure to this file")
	flag.Parse()
	if err := run(os.Stdin, os.Stdout, *logFile, *countsFile, *failuresFile); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
}

func run(in io.Reader, out io.Writer, logFile, countsFile, failuresFile string) error {
	var files [3]*os.File
	for i, name := range []string{logFile, countsFile, failuresFile} {
		f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		defer f.Close()
		files[i] = f
	}
	log, counts, failures := files[0], files[1], files[2]

	r := newReport(out, log, failures)
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	r.unfinished()
	_, err := fmt.Fprintln(counts, r.passed, r.failed, r.skipped)
	return err
}

// report keeps the output of what runs until it is known whether it failed.
type report struct {
	out, log, failures      io.Writer
	passed, failed, skipped int
	outputs                 map[string]*strings.Builder // by package and test; by import path for builds
	packages                map[string]*tally           // those that have not ended
}

type tally struct{ passed, failed, skipped int }

func newReport(out, log, failures io.Writer) *report {
	return &report{out: out, log: log, failures: failures, outputs: map[string]*strings.Builder{}, packages: map[string]*tally{}}
}

func (r *report) line(line string) {
	var e event
	if err := json.Unmarshal([]byte(line), &e); err != nil || e.Action == "" {
		io.WriteString(r.log, line)
		io.WriteString(r.out, line)
		return
	}
	switch e.Action {
	case "build-output":
		io.WriteString(r.log, e.Output)
		r.keep(e.ImportPath, e.Output)
	case "build-fail":
		r.failure(e.ImportPath, e.ImportPath)
	case "start":
		r.of(e.Package)
	case "output":
		io.WriteString(r.log, e.Output)
		r.keep(key(e), e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(e)
		} else {
			r.endTest(e)
		}
	}
}

func (r *report) endTest(e event) {
	t := r.of(e.Package)
	switch e.Action {
	case "pass":
		t.passed++
	case "skip":
		t.skipped++
	case "fail":
		t.failed++
		r.failure(e.Package+" "+e.Test, key(e))
	}
	delete(r.outputs, key(e))
}

func (r *report) endPackage(e event) {
	t := r.of(e.Package)
	if e.Action == "fail" {
		if t.failed == 0 {
			t.failed = 1
			if e.FailedBuild == "" { // which was shown when it failed
				r.failure(e.Package, key(e))
			} else {
				r.show(key(e))
			}
		}
		r.endTests(e.Package)
	}
	delete(r.outputs, key(e))
	delete(r.packages, e.Package)
	r.passed += t.passed
	r.failed += t.failed
	r.skipped += t.skipped
	if t.passed+t.failed+t.skipped == 0 {
		return // no tests
	}
	fmt.Fprintf(r.out, "    %-32s %5d passed, %d failed, %d skipped in %.1f s\n",
		strings.TrimPrefix(e.Package, module), t.passed, t.failed, t.skipped, e.Elapsed)
}

// endTests shows the output of tests that never ended: one of them is why the package failed.
func (r *report) endTests(pkg string) {
	for k := range r.outputs {
		if strings.HasPrefix(k, pkg+" ") {
			r.show(k)
			delete(r.outputs, k)
		}
	}
}

// unfinished counts packages whose end was never said: go test was killed.
func (r *report) unfinished() {
	for pkg, t := range r.packages {
		fmt.Fprintf(r.out, "    %s did not end\n", strings.TrimPrefix(pkg, module))
		fmt.Fprintf(r.failures, "%s did not end\n", strings.TrimPrefix(pkg, module))
		r.endTests(pkg)
		r.passed += t.passed
		r.failed += t.failed + 1
		r.skipped += t.skipped
	}
}

func (r *report) of(pkg string) *tally {
	if r.packages[pkg] == nil {
		r.packages[pkg] = &tally{}
	}
	return r.packages[pkg]
}

func (r *report) keep(key, output string) {
	if r.outputs[key] == nil {
		r.outputs[key] = &strings.Builder{}
	}
	r.outputs[key].WriteString(output)
}

// failure shows the output that is kept under key, and notes what failed.
func (r *report) failure(what, key string) {
	r.show(key)
	var output string
	if b := r.outputs[key]; b != nil {
		output = b.String()
	}
	fmt.Fprintf(r.failures, "%s: %s\n", strings.TrimPrefix(what, module), gist(output))
}

// gist is what a test said where it failed, without what it logged before: the first line that begins with a
// place in a test file, or else the first that is neither go test's own nor empty.
func gist(output string) string {
	first := ""
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		switch {
		case place.MatchString(line):
			return line
		case first == "" && line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") && !strings.HasPrefix(line, "# "):
			first = line
		}
	}
	return first
}

var place = regexp.MustCompile(`^\w+_test\.go:\d+: `)

func (r *report) show(key string) {
	if b := r.outputs[key]; b != nil {
		io.WriteString(r.out, b.String())
	}
}

func key(e event) string { return e.Package + " " + e.Test }
