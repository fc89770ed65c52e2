package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// The statements of code that throws its errors.

// throwsHere reports whether the counterpart of a call throws its error.
func (t *tr) throwsHere(c *ast.CallExpr) bool {
	if t.prog.throwsCall(c) {
		return true
	}
	fn, _, _ := callee(t.info, c)
	return fn != nil && !t.prog.isLocal(fn.Pkg()) && stdThrows[fn.FullName()]
}

// thrown translates a call that throws its error, awaited if it waits.
func (t *tr) thrown(c *ast.CallExpr) X {
	if fn, _, _ := callee(t.info, c); isScan(fn) {
		return X{s: t.scanCall(c), p: pAssign}
	}
	x := t.directCall(c)
	if t.asyncCall(c) {
		return X{s: "await " + x.at(pPrimary), p: pUnary}
	}
	return X{s: x.s, p: x.p}
}

// resultCall translates a call that throws its error to its value and its error: [value, err].
func (t *tr) resultCall(c *ast.CallExpr) string {
	errors := t.gocsp("errors")
	fn, _, _ := callee(t.info, c)
	if isScan(fn) {
		if t.asyncCall(c) {
			return "await " + errors + ".result(async () => (" + t.scanCall(c) + "))"
		}
		return errors + ".resultSync(() => (" + t.scanCall(c) + "))"
	}
	if t.asyncCall(c) && fn != nil && !isIfaceMethod(fn) {
		return "await " + errors + ".result(" + t.directCall(c).at(pAssign) + ")"
	}
	// What is called may throw at once.
	saved := t.narrowings
	t.narrowings = t.constNarrowings()
	x := t.directCall(c).at(pAssign)
	t.narrowings = saved
	if t.asyncCall(c) && !strings.Contains(x, "await ") {
		return "await " + errors + ".result(() => " + x + ")"
	}
	if strings.Contains(x, "await ") {
		return "await " + errors + ".result(async () => " + x + ")"
	}
	return errors + ".resultSync(() => " + x + ")"
}

// valueCall translates a call that throws its error where Go has its results as values.
func (t *tr) valueCall(c *ast.CallExpr) X {
	s := t.resultCall(c)
	if _, ok := t.info.TypeOf(c).(*types.Tuple); ok {
		return X{s: s, p: pUnary}
	}
	if strings.HasPrefix(s, "await ") {
		s = "(" + s + ")"
	}
	return X{s: s + "[1]", p: pPrimary, undef: true}
}

// resultParts tells about the values of resultCall.
func (t *tr) resultParts(c *ast.CallExpr) []part {
	tu, ok := t.info.TypeOf(c).(*types.Tuple)
	if !ok {
		return []part{{}, {undef: true}}
	}
	parts := make([]part, tu.Len())
	parts[tu.Len()-1].undef = true
	for i := 0; i < tu.Len()-1; i++ {
		ty := tu.At(i).Type()
		if isNilable(ty) {
			fn, _, _ := callee(t.info, c)
			parts[i].undef = fn == nil || t.prog.isLocal(fn.Pkg())
			if !parts[i].undef {
				parts[i].cast = t.typ(ty) // where the variables are constant, TypeScript knows it by the error
			}
		} else if z := t.zeroOf(ty); z != "undefined" {
			if m, ok := ty.Underlying().(*types.Map); ok {
				z = t.lang("nilMap") + "<" + t.typ(m.Key()) + ", " + t.funcPlace(m.Elem(), elemNode(m)) + ">()"
			}
			parts[i].fallback = z
		}
	}
	return parts
}

// errorOnly translates err := f() and err = f() for a call that throws.
func (t *tr) errorOnly(l, r ast.Expr, define bool, end token.Pos) bool {
	c, ok := ast.Unparen(r).(*ast.CallExpr)
	if !ok || !t.throwsHere(c) {
		return false
	}
	if _, ok := t.info.TypeOf(c).(*types.Tuple); ok {
		return false
	}
	if isBlank(l) {
		t.line("%s;", t.resultCall(c))
		return true
	}
	lhs := []ast.Expr{ast.NewIdent("_"), l}
	if id, ok := ast.Unparen(l).(*ast.Ident); ok && (define || t.redeclares(id)) {
		t.bindTuple(lhs, t.resultCall(c), t.resultParts(c), end)
		return true
	}
	t.assignParts(lhs, make([]string, 2), t.resultCall(c), t.resultParts(c))
	return true
}

// redeclares reports whether a variable whose declaration was left out is declared here.
func (t *tr) redeclares(id *ast.Ident) bool {
	if t.prog.throws == nil {
		return false
	}
	v, ok := t.info.Uses[id].(*types.Var)
	if !ok {
		return false
	}
	k := t.prog.key(v)
	_, declared := t.locals[k]
	return t.prog.throws.dropped[k] && !declared
}

// plainSite translates an assignment whose error is thrown on, and the statement that looks at the error. It reports
// whether s is one.
func (t *tr) plainSite(s ast.Stmt) bool {
	site := t.prog.throws.plain(s)
	if site == nil {
		return false
	}
	a := s.(*ast.AssignStmt)
	c := ast.Unparen(a.Rhs[0]).(*ast.CallExpr)
	lhs := a.Lhs[:len(a.Lhs)-1]
	named := 0
	for _, l := range lhs {
		if !isBlank(l) {
			named++
		}
	}
	if site.kind == "pass" {
		x := t.thrown(c)
		switch {
		case named == 0:
			t.line("%s;", x.s)
		case len(lhs) == 1:
			t.bindThrown(lhs[0], x, c, a.End())
		default:
			t.bindTuple(lhs, x.s, t.callParts(c, len(lhs)), a.End())
		}
		return true
	}
	// let x; try { x = f(); } catch (thrown) { throw …; }
	for _, l := range lhs {
		id, ok := l.(*ast.Ident)
		if !ok || id.Name == "_" {
			continue
		}
		if v, ok := t.info.Defs[id].(*types.Var); ok {
			t.line("let %s: %s;", t.declare(v, a.End()), t.declType(v))
		} else if v, ok := t.info.Uses[id].(*types.Var); ok && t.prog.ssa[t.prog.key(v)] {
			t.line("let %s: %s;", t.renamed(v), t.declType(v))
		}
	}
	t.line("try {")
	t.inner(func() {
		x := t.thrown(c)
		switch {
		case named == 0:
			t.line("%s;", x.s)
		case len(lhs) == 1:
			t.store(lhs[0], x.s)
		default:
			t.assignParts(lhs, make([]string, len(lhs)), x.s, t.callParts(c, len(lhs)))
		}
	})
	thrown := t.fresh("thrown")
	k := t.prog.key(site.v)
	old, had := t.locals[k]
	t.line("} catch (%s) {", thrown)
	t.bodyWith(site.body.List, site.body.Lbrace, site.body.Rbrace, func() {
		name := t.declare(site.v, site.body.Lbrace)
		t.line("const %s = %s(%s);", name, t.lang("caughtError"), thrown)
		t.narrowings[name]++
	})
	t.line("}")
	if had {
		t.locals[k] = old
	} else {
		delete(t.locals, k)
	}
	return true
}

// bindThrown declares or assigns the only value of a call that throws its error.
func (t *tr) bindThrown(l ast.Expr, x X, c *ast.CallExpr, end token.Pos) {
	parts := t.callParts(c, 1)
	x.undef = parts[0].undef
	if parts[0].fallback != "" && isTypeParam(t.info.TypeOf(l)) {
		parts[0].fallback = ""
	}
	if parts[0].fallback != "" {
		if fn, _, _ := callee(t.info, c); fn != nil && t.prog.isLocal(fn.Pkg()) {
			x = X{s: x.at(pCoalesce+1) + " ?? " + parts[0].fallback, p: pCoalesce}
		}
	}
	if id, ok := ast.Unparen(l).(*ast.Ident); ok {
		if v, ok := t.info.Defs[id].(*types.Var); ok {
			t.defineOne(v, x, c, end, false)
			return
		}
		if v, ok := t.info.Uses[id].(*types.Var); ok && t.prog.ssa[t.prog.key(v)] {
			t.line("const %s = %s;", t.renamed(v), x.s)
			return
		}
	}
	if x.undef && !t.prog.facts.nils[t.placeOf(l)] {
		x = x.sure()
	}
	t.store(l, x.s)
}

// retThrown translates a return of a function that throws its error.
func (t *tr) retThrown(s *ast.ReturnStmt) {
	st := t.fn
	sig := st.sig
	n := sig.Results().Len()
	place := t.ownResults()
	values := func(list []ast.Expr) string {
		var b []string
		for i, e := range list {
			b = append(b, t.retValue(e, sig.Results().At(i).Type(), place(i)).at(pAssign))
		}
		if len(b) == 1 {
			return b[0]
		}
		return t.list("[", b, "]", false)
	}
	ret := func(v string) {
		switch {
		case v != "":
			t.line("return %s;", v)
		case !t.lastIn(s):
			t.line("return;")
		}
	}
	throwIf := func(e string) {
		t.line("if (%s !== undefined) {", e)
		t.line("  throw %s;", e)
		t.line("}")
	}
	if len(s.Results) == 0 { // only the error
		if name := t.resultNames(); t.narrowed(name) {
			t.line("throw %s;", name)
		} else {
			throwIf(name)
			ret("")
		}
		return
	}
	if len(s.Results) == 1 {
		if c, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr); ok && !t.prog.throws.definite(t.info, c) {
			switch {
			case t.throwsHere(c) && n == 1:
				t.line("%s;", t.thrown(c).s)
				ret("")
			case t.throwsHere(c):
				t.line("return %s;", t.thrown(c).s)
			case n == 1:
				err := t.fresh("err")
				t.line("const %s = %s;", err, t.expr(c).s)
				throwIf(err)
				ret("")
			default:
				var names []string
				for i := 0; i < n-1; i++ {
					names = append(names, t.fresh("value"))
				}
				err := t.fresh("err")
				t.line("const [%s, %s] = %s;", strings.Join(names, ", "), err, t.expr(c).s)
				throwIf(err)
				if len(names) == 1 {
					ret(names[0])
				} else {
					ret("[" + strings.Join(names, ", ") + "]")
				}
			}
			return
		}
	}
	last := s.Results[n-1]
	rest := s.Results[:n-1]
	if t.info.Types[last].IsNil() {
		if n == 1 {
			ret("")
		} else {
			ret(values(rest))
		}
		return
	}
	e := t.retValue(last, sig.Results().At(n-1).Type(), place(n-1))
	sure := t.prog.throws.definite(t.info, last)
	if id, ok := ast.Unparen(last).(*ast.Ident); ok && !sure {
		sure = t.narrowed(e.s) && t.info.Uses[id] != nil
	}
	if sure {
		t.line("throw %s;", e.s)
		return
	}
	if !t.repeatable(last) || !t.narrowable(last) {
		err := t.fresh("err")
		t.line("const %s = %s;", err, e.s)
		e.s = err
	}
	throwIf(e.s)
	if n == 1 {
		ret("")
	} else {
		ret(values(rest))
	}
}

// narrowable reports whether a comparison narrows the type of an expression.
func (t *tr) narrowable(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.Ident)
	return ok
}

// lastIn reports whether a return is the last statement of its function's body.
func (t *tr) lastIn(s *ast.ReturnStmt) bool {
	var b *ast.BlockStmt
	switch n := t.fn.node.(type) {
	case *ast.FuncDecl:
		b = n.Body
	case *ast.FuncLit:
		b = n.Body
	}
	return b != nil && len(b.List) > 0 && b.List[len(b.List)-1] == s
}

// shortThrow translates the only statement of a closure that throws its error, or returns "".
func (t *tr) shortThrow(s ast.Stmt) string {
	r, ok := s.(*ast.ReturnStmt)
	if !ok || len(r.Results) == 0 {
		return ""
	}
	n := t.fn.sig.Results().Len()
	if n == 1 && t.info.Types[r.Results[0]].IsNil() {
		return "{}"
	}
	marks := len(t.pending)
	if c, ok := ast.Unparen(r.Results[0]).(*ast.CallExpr); ok && len(r.Results) == 1 && t.throwsHere(c) {
		// A closure that waits may return the promise.
		x := t.directCall(c)
		if t.asyncCall(c) && n == 1 {
			x = X{s: "await " + x.at(pPrimary), p: pUnary}
		} else if t.asyncCall(c) {
			x = X{s: "await " + x.at(pPrimary), p: pUnary}
		}
		if len(t.pending) > marks || strings.Contains(x.s, "\n") {
			return ""
		}
		return x.at(pAssign)
	}
	if n == 2 && len(r.Results) == 2 && t.info.Types[r.Results[1]].IsNil() {
		x := t.value(r.Results[0], t.fn.sig.Results().At(0).Type(), litResult(t.fn.lit, 0))
		if len(t.pending) > marks || strings.Contains(x.s, "\n") {
			return ""
		}
		if strings.HasPrefix(x.s, "{") {
			return "(" + x.s + ")"
		}
		return x.at(pAssign)
	}
	return ""
}

// retResult translates a return of a call that throws, in a function that returns its error: return f().
func (t *tr) retResult(c *ast.CallExpr) {
	var pat []string
	var names []string
	for _, p := range t.resultParts(c) {
		name := t.fresh("value")
		if p.undef && len(names) == len(t.resultParts(c))-1 {
			name = t.fresh("err")
		}
		names = append(names, name)
		pat = append(pat, name+fallback(p))
	}
	t.line("const [%s] = %s;", strings.Join(pat, ", "), t.resultCall(c))
	v := "[" + strings.Join(names, ", ") + "]"
	if st := t.fn; st.defers == "full" && len(st.results) > 0 {
		t.line("%s = %s;", t.resultNames(), v)
		t.line("return undefined;")
		return
	} else if st.assignFirst {
		t.line("%s = %s;", t.resultNames(), v)
		v = t.resultNames()
	}
	t.line("return %s;", v)
}
