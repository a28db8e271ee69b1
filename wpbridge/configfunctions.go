package wpbridge

import (
	"path/filepath"
	"strings"
)

// call reads the arguments of a function and gives its value, if it is one of the few that are known.
// The opening bracket is read already.
func (r *phpReader) call(function phpToken) phpOperand {
	name := strings.ToLower(function.text)
	switch name {
	case "function", "fn", "match", "array", "list", "declare":
		r.pos-- // the bracket
		r.skipConstruct()
		return phpOperand{}
	case "require", "require_once", "include", "include_once":
		r.pos--
		return r.includeExpression()
	}

	args := r.arguments()
	arg := func(i int) phpOperand {
		if i < len(args) {
			return args[i]
		}
		return phpOperand{}
	}
	first, isKnown := arg(0).text()

	switch name {
	case "define":
		if isKnown && len(args) > 1 {
			r.define(first, args[1], function.line)
		}
		return known(true)
	case "eval":
		r.eval(arg(0))
		return phpOperand{}
	case "isset":
		return isset(args)
	case "empty":
		o := truth(arg(0))
		if o.known {
			o = known(!o.value.Bool())
		}
		return o
	case "exit", "die":
		r.exited = r.exited || r.mode == phpRuns
		return phpOperand{}
	}

	if !isKnown {
		return phpOperand{}
	}
	switch name {
	case "defined":
		c, exists := r.constants[first]
		if c.maybe {
			return phpOperand{}
		}
		return known(exists)
	case "constant":
		return r.constants[first].phpOperand
	case "getenv":
		return r.environment(first, known(false))
	case "getenv_docker":
		return r.dockerEnvironment(first, arg(1))
	case "file_get_contents":
		return r.contents(first)
	case "file_exists", "is_file", "is_readable":
		if !filepath.IsAbs(first) {
			return phpOperand{}
		}
		return known(r.files.Exists(first))
	case "dirname":
		return dirname(first, args)
	case "trim", "rtrim", "ltrim":
		return trim(name, arg(0), args)
	}
	return phpOperand{}
}

// arguments reads up to and including the closing bracket.
func (r *phpReader) arguments() []phpOperand {
	var args []phpOperand
	for r.more() && !r.accept(")") {
		if r.peek().kind == phpName && r.peekAt(1).is(":") {
			r.pos += 2 // a named argument; they are taken in their order
		}
		before := r.pos
		args = append(args, r.expression())
		if r.accept(",") || r.peek().is(")") {
			continue
		}
		if r.pos == before {
			r.pos++
		}
		if r.peek().is(";") {
			return args
		}
	}
	return args
}

// isset is false as soon as one of args is null.
func isset(args []phpOperand) phpOperand {
	result := known(true)
	for _, o := range args {
		switch {
		case !o.known:
			result = phpOperand{}
		case o.value.IsNull():
			return known(false)
		}
	}
	return result
}

// environment gives an environment variable. An empty one counts as absent: os.Getenv does not tell.
func (r *phpReader) environment(name string, absent phpOperand) phpOperand {
	if value := r.getenv(name); value != "" {
		return known(value)
	}
	absent.missing = name
	return absent
}

// dockerEnvironment is the function that the wp-config.php of WordPress's Docker image declares: the
// contents of the file that NAME_FILE names, NAME, or a default.
func (r *phpReader) dockerEnvironment(name string, absent phpOperand) phpOperand {
	if file := r.getenv(name + "_FILE"); file != "" {
		return trim("rtrim", r.contents(file), nil)
	}
	if value := r.getenv(name); value != "" {
		return known(value)
	}
	return absent
}

func (r *phpReader) contents(file string) phpOperand {
	if r.mode == phpSkips || !filepath.IsAbs(file) {
		return phpOperand{}
	}
	text, err := r.files.Read(file)
	if err != nil {
		return phpOperand{}
	}
	return known(text)
}

func dirname(name string, args []phpOperand) phpOperand {
	levels := int64(1)
	if len(args) > 1 {
		if !args[1].known {
			return phpOperand{}
		}
		levels = args[1].value.Int()
	}
	for range min(max(levels, 0), maxPHPDepth) {
		name = filepath.Dir(name)
	}
	return known(name)
}

// trim is PHP's trim, ltrim or rtrim; ranges of characters ("a..z") are not known.
func trim(function string, o phpOperand, args []phpOperand) phpOperand {
	text, ok := o.text()
	characters := " \n\r\t\v\x00"
	if len(args) > 1 {
		var isKnown bool
		characters, isKnown = args[1].text()
		ok = ok && isKnown && !strings.Contains(characters, "..")
	}
	if !ok {
		return phpOperand{}
	}
	if function != "rtrim" {
		text = strings.TrimLeft(text, characters)
	}
	if function != "ltrim" {
		text = strings.TrimRight(text, characters)
	}
	trimmed := known(text)
	trimmed.missing = o.missing
	return trimmed
}

// eval reads a known text as PHP: WordPress's Docker image takes WORDPRESS_CONFIG_EXTRA so.
func (r *phpReader) eval(code phpOperand) {
	text, ok := code.text()
	if !ok || r.mode == phpSkips || len(text) > maxPHPFile {
		return
	}
	if err := r.run(r.path, text, true, r.mode); err != nil && r.err == nil {
		r.err = err
	}
}
