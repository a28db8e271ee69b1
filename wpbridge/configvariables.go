package wpbridge

import (
	"slices"
	"strings"
)

// variable reads a variable with its index, and what is assigned to it.
func (r *phpReader) variable(name string) phpOperand {
	target, value := name, phpOperand{}
	super := ""
	switch name {
	case "_ENV", "_SERVER", "GLOBALS":
		super, target = name, ""
	default:
		value = r.read(name)
	}

	element := false // of an array: assigning to it leaves an array that is not known
	for r.accept("[") {
		index := r.expression()
		r.closing("]")
		key, ok := index.text()
		if super == "" || !ok {
			value, super, element = phpOperand{}, "", true
			continue
		}
		if super == "GLOBALS" {
			target, value = key, r.read(key)
		} else {
			target = super + "[" + key
			value = r.serverVariable(super, key, target)
		}
		super = ""
	}

	op := r.peek()
	switch {
	case op.is("="):
		r.pos++
		value = r.binary(bindAnd)
	case op.is("??="):
		r.pos++
		value = r.choice(value, value.known && !value.value.IsNull(), value, func() phpOperand { return r.binary(bindAnd) })
	case op.is(".="):
		r.pos++
		value = concat(value, r.binary(bindAnd))
	case isCompoundAssignment(op):
		r.pos++
		r.binary(bindAnd)
		value = phpOperand{}
	case op.is("++"), op.is("--"):
		value = phpOperand{}
	default:
		return value
	}
	if element {
		r.assign(target, phpOperand{})
	} else {
		r.assign(target, value)
	}
	return value
}

func isCompoundAssignment(t phpToken) bool {
	return t.kind == phpPunct && len(t.text) > 1 && strings.HasSuffix(t.text, "=") && phpBinding[t.text] == 0
}

// read gives a variable; one that was never assigned is null.
func (r *phpReader) read(name string) phpOperand {
	if value, ok := r.variables[name]; ok {
		return value
	}
	return known(nil)
}

// serverVariable gives $_ENV[key] or $_SERVER[key], which hold the environment. What a web server adds to
// $_SERVER for each request is not known.
func (r *phpReader) serverVariable(super, key, target string) phpOperand {
	if value, ok := r.variables[target]; ok {
		return value
	}
	if value := r.getenv(key); value != "" {
		return known(value)
	}
	if super == "_SERVER" && isRequestVariable(key) {
		return phpOperand{}
	}
	return phpOperand{known: true, missing: key}
}

func isRequestVariable(key string) bool {
	for _, prefix := range []string{"HTTP", "SERVER_", "REMOTE_", "REQUEST_", "SCRIPT_", "PHP_", "PATH_", "ORIG_", "REDIRECT_", "GATEWAY_"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return slices.Contains([]string{"argc", "argv", "AUTH_TYPE", "CONTENT_LENGTH", "CONTENT_TYPE", "DOCUMENT_ROOT", "QUERY_STRING"}, key)
}
