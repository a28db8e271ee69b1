package wpbridge

import "strings"

func (r *phpReader) statement() {
	if !r.enter() {
		return
	}
	defer r.leave()

	t := r.peek()
	if t.is("{") {
		r.block()
		return
	}
	if t.kind != phpName {
		r.expressionStatement()
		return
	}
	switch strings.ToLower(t.text) {
	case "if":
		r.take()
		r.ifStatement()
	case "while", "for", "foreach", "switch", "catch":
		r.loop()
	case "do", "else", "finally", "try":
		r.take()
		r.statement()
	case "case":
		r.take()
		r.expression()
		if !r.accept(":") {
			r.accept(";")
		}
	case "default":
		r.take()
		r.accept(":")
	case "const":
		r.take()
		r.constStatement()
	case "function":
		if r.peekAt(1).kind == phpName || r.peekAt(1).is("&") {
			r.skipBlock()
		} else {
			r.expressionStatement()
		}
	case "class", "interface", "trait", "abstract", "final":
		r.skipBlock()
	case "return", "exit", "die":
		r.end()
	default:
		r.expressionStatement()
	}
}

func (r *phpReader) block() {
	r.take()
	for r.more() && !r.accept("}") {
		before := r.pos
		r.statement()
		if r.pos == before {
			r.pos++
		}
	}
}

// expressionStatement reads to the end of the statement, whatever it is.
func (r *phpReader) expressionStatement() {
	r.expression()
	for r.more() && !r.peek().is("}") && !r.accept(";") {
		if t := r.peek(); t.is("(") || t.is("[") || t.is("{") {
			r.skipBalanced()
		} else {
			r.pos++
		}
	}
}

// ifStatement reads if, elseif and else, with braces or with colons.
func (r *phpReader) ifStatement() {
	undecided := phpRuns // the mode of a branch whose condition is true
	branch := func(condition phpOperand) {
		mode := undecided
		switch {
		case !condition.known:
			mode = max(undecided, phpMay)
			undecided = mode
		case condition.value.Bool():
			undecided = phpSkips
		default:
			mode = phpSkips
		}
		r.within(mode, r.branch)
	}

	branch(r.condition(undecided))
	for r.more() {
		switch t := r.peek(); {
		case t.keyword("elseif"), t.keyword("else") && r.peekAt(1).keyword("if"):
			r.pos++
			if t.keyword("else") {
				r.pos++
			}
			branch(r.condition(undecided))
		case t.keyword("else"):
			r.pos++
			branch(known(true))
		case t.keyword("endif"):
			r.pos++
			r.accept(";")
			return
		default:
			return
		}
	}
}

func (r *phpReader) condition(mode phpMode) (condition phpOperand) {
	r.within(mode, func() {
		if r.accept("(") {
			condition = r.expression()
			r.closing(")")
		}
	})
	return condition
}

// branch reads a statement, or with the colon of the other syntax all up to the next keyword of the if.
func (r *phpReader) branch() {
	if !r.accept(":") {
		r.statement()
		return
	}
	for r.more() {
		if t := r.peek(); t.keyword("elseif") || t.keyword("else") || t.keyword("endif") {
			return
		}
		before := r.pos
		r.statement()
		if r.pos == before {
			r.pos++
		}
	}
}

// loop reads what may be run any number of times. What it assigns is not known from then on.
func (r *phpReader) loop() {
	r.take()
	start := r.pos
	if r.peek().is("(") {
		r.skipBalanced()
	}
	if r.mode != phpSkips {
		for _, t := range r.tokens[start:min(r.pos, len(r.tokens))] {
			if t.kind == phpVariable {
				r.variables[t.text] = phpOperand{}
			}
		}
	}
	r.within(phpMay, func() {
		if !r.accept(":") {
			r.statement()
			return
		}
		for r.more() {
			if t := r.peek(); t.kind == phpName && strings.HasPrefix(strings.ToLower(t.text), "end") {
				r.pos++
				return
			}
			before := r.pos
			r.statement()
			if r.pos == before {
				r.pos++
			}
		}
	})
}

// constStatement reads the rest of const A = 1, B = 2;
func (r *phpReader) constStatement() {
	for r.more() {
		name := r.take()
		if name.kind != phpName || !r.accept("=") {
			return
		}
		r.define(name.text, r.expression(), name.line)
		if !r.accept(",") {
			r.accept(";")
			return
		}
	}
}

// end reads return, exit and die.
func (r *phpReader) end() {
	isReturn := r.take().keyword("return")
	r.expressionStatement()
	if r.mode != phpRuns {
		return
	}
	if isReturn {
		r.returned = true
	} else {
		r.exited = true
	}
}

// skipBlock skips a declaration up to and including its braces.
func (r *phpReader) skipBlock() {
	for r.more() {
		switch t := r.peek(); {
		case t.is("{"):
			r.skipBalanced()
			return
		case t.is("("), t.is("["):
			r.skipBalanced()
		case r.take().is(";"):
			return
		}
	}
}

// skipBalanced skips a bracket and everything up to its partner.
func (r *phpReader) skipBalanced() {
	open := 0
	for r.pos < len(r.tokens) {
		switch t := r.take(); {
		case t.is("("), t.is("["), t.is("{"):
			open++
		case t.is(")"), t.is("]"), t.is("}"):
			if open--; open <= 0 {
				return
			}
		}
	}
}

// closing skips to a closing bracket of the present level, over what was not understood.
func (r *phpReader) closing(bracket string) {
	for r.more() && !r.accept(bracket) {
		switch t := r.peek(); {
		case t.is("("), t.is("["), t.is("{"):
			r.skipBalanced()
		case t.is(")"), t.is("]"), t.is("}"), t.is(";"):
			return
		default:
			r.pos++
		}
	}
}
