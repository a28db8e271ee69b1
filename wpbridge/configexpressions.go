package wpbridge

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"jetonomy-sidecar/wpbridge/phpserial"
)

// Binding powers of PHP's operators, weakest first. Assignment is read with the variable it assigns to.
const (
	bindAny = iota
	bindOr
	bindXor
	bindAnd
	bindTernary
	bindCoalesce
	bindLogicalOr
	bindLogicalAnd
	bindBitOr
	bindEquality
	bindConcat
	bindMath
	bindUnary
)

var phpBinding = map[string]int{
	"or": bindOr, "xor": bindXor, "and": bindAnd,
	"?": bindTernary, "??": bindCoalesce, "||": bindLogicalOr, "&&": bindLogicalAnd,
	"|": bindBitOr, "^": bindBitOr, "&": bindBitOr,
	"==": bindEquality, "!=": bindEquality, "<>": bindEquality, "===": bindEquality, "!==": bindEquality,
	"<": bindEquality, ">": bindEquality, "<=": bindEquality, ">=": bindEquality, "<=>": bindEquality,
	".": bindConcat, "<<": bindMath, ">>": bindMath, "+": bindMath, "-": bindMath,
	"*": bindMath, "/": bindMath, "%": bindMath, "**": bindMath, "instanceof": bindMath,
}

func (r *phpReader) expression() phpOperand { return r.binary(bindAny) }

// binary reads an expression of operators that bind stronger than least.
func (r *phpReader) binary(least int) phpOperand {
	if !r.enter() {
		return phpOperand{}
	}
	defer r.leave()

	left := r.unary()
	for r.more() {
		t := r.peek()
		op := strings.ToLower(t.text)
		power := phpBinding[op]
		if (t.kind != phpPunct && t.kind != phpName) || power <= least {
			break
		}
		r.pos++
		switch op {
		case "?":
			left = r.ternary(left)
		case "??":
			left = r.choice(left, left.known && !left.value.IsNull(), left, func() phpOperand { return r.binary(bindCoalesce - 1) })
		case "||", "or":
			left = truth(r.choice(left, left.value.Bool(), known(true), func() phpOperand { return r.binary(power) }))
		case "&&", "and":
			left = truth(r.choice(left, !left.value.Bool(), known(false), func() phpOperand { return r.binary(power) }))
		case ".":
			left = concat(left, r.binary(power))
		case "|":
			left = bitOr(left, r.binary(power))
		case "==", "!=", "<>", "===", "!==":
			left = equality(op, left, r.binary(power))
		default:
			r.binary(power)
			left = phpOperand{}
		}
	}
	return left
}

// choice reads the right side of an operator that looks at its left side first: where left decides, the
// result is settled and the right side is not run.
func (r *phpReader) choice(left phpOperand, decides bool, settled phpOperand, right func() phpOperand) (result phpOperand) {
	mode := phpRuns
	switch {
	case !left.known:
		mode = phpMay
	case decides:
		mode = phpSkips
	}
	r.within(mode, func() { result = right() })
	switch mode {
	case phpRuns:
		return result
	case phpSkips:
		return settled
	default:
		return phpOperand{}
	}
}

// ternary reads what follows the question mark: "a : b", or ": b" for which the condition is a.
func (r *phpReader) ternary(condition phpOperand) phpOperand {
	yes, no := condition, phpOperand{}
	whenTrue, whenFalse := phpMay, phpMay
	if condition.known {
		whenTrue, whenFalse = phpRuns, phpSkips
		if !condition.value.Bool() {
			whenTrue, whenFalse = phpSkips, phpRuns
		}
	}
	if !r.accept(":") {
		r.within(whenTrue, func() { yes = r.binary(bindAnd) })
		r.accept(":")
	}
	r.within(whenFalse, func() { no = r.binary(bindTernary) })
	switch {
	case !condition.known:
		return phpOperand{}
	case condition.value.Bool():
		return yes
	default:
		return no
	}
}

func truth(o phpOperand) phpOperand {
	if !o.known {
		return phpOperand{}
	}
	return known(o.value.Bool())
}

func concat(a, b phpOperand) phpOperand {
	if !a.known || !b.known || len(a.value.String())+len(b.value.String()) > maxPHPConcat {
		return phpOperand{}
	}
	joined := known(a.value.String() + b.value.String())
	joined.missing = a.missing
	if joined.missing == "" {
		joined.missing = b.missing
	}
	return joined
}

func bitOr(a, b phpOperand) phpOperand {
	if !a.known || !b.known || a.value.Kind() != phpserial.KindInt || b.value.Kind() != phpserial.KindInt {
		return phpOperand{}
	}
	return known(a.value.Int() | b.value.Int())
}

// equality compares as PHP does, as far as that needs no reading of numbers in strings.
func equality(op string, a, b phpOperand) phpOperand {
	if !a.known || !b.known {
		return phpOperand{}
	}
	equal := a.value.String() == b.value.String()
	sameKind := a.value.Kind() == b.value.Kind()
	switch {
	case op == "===" || op == "!==":
		equal = equal && sameKind
	case isBoolOrNull(a) || isBoolOrNull(b):
		equal = a.value.Bool() == b.value.Bool()
	case !equal && (startsLikeNumber(a) || startsLikeNumber(b)):
		return phpOperand{}
	}
	return known(equal == (op == "==" || op == "==="))
}

func isBoolOrNull(o phpOperand) bool {
	return o.value.IsNull() || o.value.Kind() == phpserial.KindBool
}

func startsLikeNumber(o phpOperand) bool {
	s := o.value.String()
	return s != "" && strings.IndexByte("0123456789+-. \t\r\n\v\f", s[0]) >= 0
}

func (r *phpReader) unary() phpOperand {
	t := r.peek()
	if t.kind == phpPunct {
		switch t.text {
		case "!":
			r.pos++
			o := truth(r.binary(bindUnary))
			if o.known {
				return known(!o.value.Bool())
			}
			return o
		case "@":
			r.pos++
			return r.binary(bindUnary)
		case "+", "-", "~", "&", "++", "--", "...":
			r.pos++
			r.binary(bindUnary)
			return phpOperand{}
		case "(":
			if cast := r.peekAt(1); cast.kind == phpName && r.peekAt(2).is(")") && isPHPCast(cast.text) {
				r.pos += 3
				return applyCast(cast.text, r.binary(bindUnary))
			}
		}
	}
	return r.postfix(r.primary())
}

var phpCasts = []string{"string", "bool", "boolean", "int", "integer", "float", "double", "array", "object", "binary"}

func isPHPCast(name string) bool { return slices.Contains(phpCasts, strings.ToLower(name)) }

func applyCast(name string, o phpOperand) phpOperand {
	if !o.known {
		return phpOperand{}
	}
	cast := phpOperand{known: true, missing: o.missing}
	switch strings.ToLower(name) {
	case "string", "binary":
		cast.value = phpserial.Of(o.value.String())
	case "bool", "boolean":
		cast.value = phpserial.Of(o.value.Bool())
	case "int", "integer":
		cast.value = phpserial.Of(o.value.Int())
	default:
		return phpOperand{}
	}
	return cast
}

// primary reads a value without the operators behind it.
func (r *phpReader) primary() phpOperand {
	t := r.peek()
	switch t.kind {
	case phpText:
		r.pos++
		return known(t.text)
	case phpNumber:
		r.pos++
		return number(t.text)
	case phpOpaque:
		r.pos++
	case phpVariable:
		r.pos++
		return r.variable(t.text)
	case phpName:
		r.pos++
		if r.accept("(") {
			return r.call(t)
		}
		return r.word(t)
	case phpPunct:
		switch t.text {
		case "(":
			r.pos++
			o := r.expression()
			r.closing(")")
			return o
		case "[", "{":
			r.skipBalanced()
		case "$": // $$name, ${expression}
			r.pos++
			r.primary()
		}
	}
	return phpOperand{}
}

func number(text string) phpOperand {
	text = strings.ReplaceAll(text, "_", "")
	if len(text) > 1 && text[0] == '0' && isDigit(text[1]) {
		text = "0o" + text[1:]
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		return phpOperand{}
	}
	return known(n)
}

// postfix reads what makes something else of a value: an element, a member, a call.
func (r *phpReader) postfix(o phpOperand) phpOperand {
	for r.more() {
		t := r.peek()
		switch {
		case t.is("["), t.is("("):
			r.skipBalanced()
		case t.is("->"), t.is("?->"), t.is("::"):
			r.pos++
			if r.peek().is("{") {
				r.skipBalanced()
			} else if r.peek().kind != phpEnd {
				r.pos++
			}
		case t.is("++"), t.is("--"):
			r.pos++
		default:
			return o
		}
		o = phpOperand{}
	}
	return o
}

// word reads a name that is not a call: a constant, or a construct of the language.
func (r *phpReader) word(t phpToken) phpOperand {
	switch strings.ToLower(t.text) {
	case "true":
		return known(true)
	case "false":
		return known(false)
	case "null":
		return known(nil)
	case "__dir__":
		return known(filepath.Dir(r.path))
	case "__file__":
		return known(r.path)
	case "__line__":
		return known(t.line)
	case "require", "require_once", "include", "include_once":
		return r.includeExpression()
	case "exit", "die":
		r.exited = r.exited || r.mode == phpRuns
		return phpOperand{}
	case "new", "clone", "print", "throw", "yield", "echo", "static", "fn", "function", "match":
		r.skipConstruct()
		return phpOperand{}
	}
	if c, ok := r.constants[t.text]; ok {
		return c.phpOperand
	}
	return phpOperand{}
}

// skipConstruct skips a closure, an object that is made, a match: up to the end of the expression, with
// the brackets on the way.
func (r *phpReader) skipConstruct() {
	for r.more() {
		switch t := r.peek(); {
		case t.is("("), t.is("["), t.is("{"):
			r.skipBalanced()
		case t.is(")"), t.is("]"), t.is("}"), t.is(";"), t.is(","):
			return
		default:
			r.pos++
		}
	}
}

func (r *phpReader) includeExpression() phpOperand {
	start := r.pos
	target := r.binary(bindAnd)
	loadsWordPress := slices.ContainsFunc(r.tokens[start:min(r.pos, len(r.tokens))], func(t phpToken) bool {
		return t.kind == phpText && strings.HasSuffix(t.text, "wp-settings.php")
	})
	r.include(target, loadsWordPress)
	return phpOperand{}
}
