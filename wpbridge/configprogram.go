package wpbridge

import (
	"errors"
	"fmt"
	"path/filepath"

	"jetonomy-sidecar/wpbridge/phpserial"
)

// Bounds of what is read of a configuration: nesting, files that include each other, bytes of one file
// or eval, and bytes of a string that is put together.
const (
	maxPHPDepth    = 200
	maxPHPIncludes = 16
	maxPHPFile     = 256 << 10
	maxPHPConcat   = 4 << 10
)

// phpMode says what the statement that is being read means. Modes are ordered: inside of a statement
// nothing is more certain than the statement.
type phpMode uint8

const (
	phpRuns  phpMode = iota // PHP would run it
	phpMay                  // under a condition that cannot be evaluated here
	phpSkips                // PHP would not run it
)

// phpOperand is a value, as far as it is known.
type phpOperand struct {
	value phpserial.Value
	known bool

	// missing is the environment variable that the value was to come from and that is not set here.
	missing string
}

func known(x any) phpOperand { return phpOperand{value: phpserial.Of(x), known: true} }

// text gives the value as a string, if it is known.
func (o phpOperand) text() (string, bool) { return o.value.String(), o.known }

// phpConstant is a constant that was, or (maybe) may have been, defined.
type phpConstant struct {
	phpOperand
	maybe bool
	line  int
	file  string
}

// phpFiles is what a configuration may touch outside of itself.
type phpFiles interface {
	Read(path string) (string, error) // at most maxPHPFile bytes of a regular file
	Exists(path string) bool
}

// phpProgram follows a configuration file far enough to know its constants. It runs nothing: a handful
// of pure functions is known, everything else has an unknown value. State is shared by the files that
// include each other.
type phpProgram struct {
	getenv    func(string) string
	files     phpFiles
	constants map[string]phpConstant
	variables map[string]phpOperand
	includes  int
	exited    bool
}

// phpReader reads the tokens of one file.
type phpReader struct {
	*phpProgram
	path     string
	tokens   []phpToken
	pos      int
	mode     phpMode
	depth    int
	returned bool
	err      error
}

func newPHPProgram(getenv func(string) string, files phpFiles) *phpProgram {
	return &phpProgram{
		getenv: getenv,
		files:  files,
		constants: map[string]phpConstant{
			// WordPress defines it before it reads wp-config.php.
			"ABSPATH":             {},
			"PHP_EOL":             {phpOperand: known("\n")},
			"DIRECTORY_SEPARATOR": {phpOperand: known("/")},
			"MYSQLI_CLIENT_SSL":   {phpOperand: known(mysqliClientSSL)},
			"MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT": {phpOperand: known(mysqliClientSSLDontVerify)},
		},
		variables: map[string]phpOperand{},
	}
}

// run reads one file, or the text of an eval.
func (p *phpProgram) run(path, src string, inside bool, mode phpMode) error {
	if p.includes++; p.includes > maxPHPIncludes {
		return fmt.Errorf("more than %d files are included", maxPHPIncludes)
	}
	tokens, err := lexPHP(src, inside)
	if err != nil {
		return err
	}
	r := &phpReader{phpProgram: p, path: path, tokens: tokens, mode: mode}
	for r.more() {
		before := r.pos
		r.statement()
		if r.pos == before {
			r.pos++ // a stray bracket
		}
	}
	return r.err
}

func (r *phpReader) more() bool {
	return r.pos < len(r.tokens) && !r.returned && !r.exited && r.err == nil
}

func (r *phpReader) peek() phpToken { return r.peekAt(0) }

func (r *phpReader) peekAt(n int) phpToken {
	if r.pos+n < len(r.tokens) {
		return r.tokens[r.pos+n]
	}
	return phpToken{}
}

func (r *phpReader) take() phpToken {
	t := r.peek()
	r.pos++
	return t
}

func (r *phpReader) accept(punct string) bool {
	if r.peek().is(punct) {
		r.pos++
		return true
	}
	return false
}

// enter counts nesting; every call is paired with one of leave.
func (r *phpReader) enter() bool {
	if r.depth++; r.depth > maxPHPDepth && r.err == nil {
		r.err = fmt.Errorf("line %d: nested deeper than %d", r.peek().line, maxPHPDepth)
	}
	return r.err == nil
}

func (r *phpReader) leave() { r.depth-- }

// within reads with f in a mode that is no more certain than the present one.
func (r *phpReader) within(mode phpMode, f func()) {
	before := r.mode
	r.mode = max(before, mode)
	f()
	r.mode = before
}

// define keeps the first definition, as PHP does.
func (r *phpReader) define(name string, value phpOperand, line int) {
	if _, exists := r.constants[name]; exists || r.mode == phpSkips {
		return
	}
	c := phpConstant{phpOperand: value, line: line, file: r.path}
	if r.mode == phpMay {
		c.phpOperand, c.maybe = phpOperand{}, true
	}
	r.constants[name] = c
}

func (r *phpReader) assign(name string, value phpOperand) {
	switch {
	case name == "" || r.mode == phpSkips:
	case r.mode == phpMay:
		r.variables[name] = phpOperand{}
	default:
		r.variables[name] = value
	}
}

// include follows a file that the configuration includes; one that cannot be told is passed over.
// wp-settings.php is WordPress itself: the configuration ends there.
func (r *phpReader) include(path phpOperand, loadsWordPress bool) {
	if loadsWordPress {
		r.exited = r.exited || r.mode == phpRuns
		return
	}
	name, ok := path.text()
	if !ok || r.mode == phpSkips {
		return
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(r.path), name)
	}
	src, err := r.files.Read(name)
	if err != nil {
		return
	}
	if err := r.run(name, src, false, r.mode); err != nil {
		r.err = errors.Join(r.err, fmt.Errorf("%s: %w", name, err))
	}
}
