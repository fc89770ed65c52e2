package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// A fnState is the state of the function that is being translated.
type fnState struct {
	// assignFirst is set if a deferred call reads the named results: a return assigns them before it returns.
	assignFirst bool
	async       bool
	// throws is set if the function throws its error.
	throws bool
	sig    *types.Signature
	outer  *fnState
	node   ast.Node
	lit    *ast.FuncLit
	// results are the named results.
	results []*types.Var
	// prologue has the first lines of the body.
	prologue []string
	// recov is the name of recover in this function.
	recov string
	// defers is the form of deferred calls: "using", "stack" (DisposableStack) or "full" (deferring).
	defers    string
	deferName string
	using     int
	// onReturn is the value that a bare return returns in the body of a catch.
	onReturn string
	inCatch  bool
	voidFull bool
	// yield is the yield parameter of an iterator; exact tells that its calls tell whether to go on.
	yield *types.Var
	exact bool
	// doneMethod is set for the Done method of a context.
	doneMethod bool
}

// A target is a statement that a break may leave.
type target struct {
	chain bool   // an if chain, which break does not leave
	label string // its label
	used  bool
}

func (t *tr) line(format string, args ...any) {
	s := format
	if len(args) > 0 {
		s = fmt.Sprintf(format, args...)
	}
	t.out = append(t.out, strings.Split(s, "\n")...)
}

// capture runs f and returns the lines that it prints, indented once.
func (t *tr) capture(f func()) string {
	old := t.out
	t.out = nil
	f()
	s := strings.Join(t.out, "\n")
	t.out = old
	return indent(s, 1)
}

// inner prints an indented part.
func (t *tr) inner(f func()) {
	if s := t.capture(f); s != "" {
		t.line("%s", s)
	}
}

// block translates the body of a function, braces included.
func (t *tr) block(b *ast.BlockStmt) string {
	s := t.capture(func() { t.funcBody(b) })
	if s == "" {
		return "{}"
	}
	return "{\n" + s + "\n}"
}

func (t *tr) funcBody(b *ast.BlockStmt) {
	st := t.fn
	t.out = append(t.out, st.prologue...)
	deferring := false
	inspectBody(b, func(n ast.Node) {
		if d, ok := n.(*ast.DeferStmt); ok && !t.vanishes(d.Call) {
			deferring = true
		}
	})
	for i := 0; i < st.sig.Results().Len() && deferring; i++ {
		// A deferred call may read the results: they are assigned before the function returns.
		if r := st.sig.Results().At(i); r.Name() != "" && r.Name() != "_" && t.prog.facts.captured[t.prog.key(r)] {
			st.assignFirst = true
		}
	}
	for i := 0; i < st.sig.Results().Len() && st.assignFirst; i++ {
		t.prog.facts.assigned[t.prog.key(st.sig.Results().At(i))]++
	}
	bare := deferring
	inspectBody(b, func(n ast.Node) {
		if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) == 0 {
			bare = true
		}
	})
	for i := 0; i < st.sig.Results().Len(); i++ {
		r := st.sig.Results().At(i)
		if !bare && len(t.prog.facts.uses[t.prog.key(r)]) == 0 {
			continue // its name only documents the signature
		}
		if t.prog.throws != nil && t.prog.throws.gone[t.prog.key(r)] {
			continue
		}
		if r.Name() != "" && r.Name() != "_" {
			st.results = append(st.results, r)
			name := t.declare(r, r.Pos())
			t.letZero(name, r)
		} else if r.Name() == "_" {
			st.results = append(st.results, r)
		}
	}
	var defers []*ast.DeferStmt
	nested := false
	inspectBody(b, func(n ast.Node) {
		if d, ok := n.(*ast.DeferStmt); ok {
			defers = append(defers, d)
		}
	})
	top := map[ast.Stmt]bool{}
	for _, s := range b.List {
		top[s] = true
	}
	full, async, visible := false, false, 0
	for _, d := range defers {
		if t.vanishes(d.Call) {
			continue
		}
		visible++
		nested = nested || !top[d]
		async = async || t.deferAsync(d)
		full = full || t.deferRecovers(d) || t.setsResults(d)
	}
	if visible > 0 {
		for _, r := range st.results {
			full = full || t.prog.facts.capSet[t.prog.key(r)]
		}
	}
	if st.recov == "" {
		if d, ok := t.recoveringDecl(); ok {
			st.recov = d
		}
	}
	switch {
	case visible == 0:
	case full && visible == 1 && t.simpleCatch(b):
		st.defers = "catch"
	case full:
		st.defers = "full"
		t.fullDefers(b, async)
		return
	case nested:
		st.defers = "stack"
		st.deferName = t.fresh("deferred")
		if async {
			t.line("await using %s = new AsyncDisposableStack();", st.deferName)
		} else {
			t.line("using %s = new DisposableStack();", st.deferName)
		}
	default:
		st.defers = "using"
	}
	t.stmts(b.List)
	t.flushComments(b.Rbrace)
	if t.fn.lit == nil && len(st.results) > 0 && !terminates(b.List) {
		t.line("return %s;", t.resultNames())
	}
}

// letZero declares a variable with its zero value.
func (t *tr) letZero(name string, v *types.Var) {
	k := t.prog.key(v)
	if t.isRefVar(v) {
		t.line("const %s = %s<%s>(%s);", name, t.lang("ref"), t.place(v.Type(), k), t.zero(v.Type()))
		return
	}
	ty := t.funcPlace(v.Type(), k)
	z := t.zero(v.Type())
	kw := t.keyword(v)
	switch {
	case isEmptyStruct(v.Type()):
		t.line("%s %s = undefined;", kw, name)
	case z == "undefined":
		if t.prog.facts.capSet[k] {
			t.line("let %s = undefined as %s;", name, orNil(ty))
			return
		}
		t.line("let %s: %s;", name, orNil(ty))
	case kw == "let" && (isBool(v.Type()) && t.prog.facts.capSet[k]):
		t.line("let %s = false as boolean;", name)
	case isNumber(v.Type()) || isString(v.Type()) || isBool(v.Type()) || strings.HasPrefix(z, "new ") && !isBytes(v.Type()) && !isArray(v.Type()) || isTime(v.Type()) && kw == "const":
		t.line("%s %s = %s;", kw, name, z)
	default:
		t.line("%s %s: %s = %s;", kw, name, ty, z)
	}
}

func isBool(ty types.Type) bool {
	b, ok := ty.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func (t *tr) resultNames() string {
	var b []string
	for i, r := range t.fn.results {
		if r.Name() == "_" {
			b = append(b, t.zero(t.fn.sig.Results().At(i).Type()))
			continue
		}
		n := t.localName(r)
		if t.isRefVar(r) {
			n += ".value"
		}
		b = append(b, n)
	}
	if len(b) == 1 {
		return b[0]
	}
	return "[" + strings.Join(b, ", ") + "]"
}

func (t *tr) localName(o types.Object) string {
	if n, ok := t.locals[t.prog.key(o)]; ok {
		return n
	}
	return lower(o.Name())
}

// vanishes reports whether a call is left out because its mutex is.
func (t *tr) vanishes(c *ast.CallExpr) bool {
	fn, _, _ := callee(t.info, c)
	return mutexMethod(fn) != "" && t.prog.facts.gone(mutexOf(t.info, c))
}

// ---- statements

func (t *tr) stmts(l []ast.Stmt) {
	for i := 0; i < len(l); i++ {
		s := l[i]
		// mu.Lock(); defer mu.Unlock()
		if i+1 < len(l) && t.fn.defers == "using" {
			if es, ok := s.(*ast.ExprStmt); ok {
				if d, ok := l[i+1].(*ast.DeferStmt); ok {
					if c, ok := es.X.(*ast.CallExpr); ok && t.lockPair(c, d.Call) && !t.vanishes(c) {
						t.before(s)
						t.line("using %s = %s;", t.usingName(), t.call(c).s)
						t.after(d)
						i++
						continue
					}
				}
			}
		}
		if site := t.prog.throws.plain(s); site != nil {
			t.prog.stats.statements++
			t.withMarks(s, func() { t.plainSite(s) })
			t.skipComments(site.test.End())
			t.after(site.test)
			i++
			continue
		}
		if d, ok := s.(*ast.DeferStmt); ok && t.fn.defers == "catch" && !t.vanishes(d.Call) {
			t.before(s)
			t.catching(l[i+1:], d)
			return
		}
		if ls, ok := s.(*ast.LabeledStmt); ok && t.gotoLabel(l, i, ls) {
			return
		}
		if n := t.forwardGoto(l, i); n > 0 {
			i = n - 1
			continue
		}
		t.stmt(s)
	}
}

func (t *tr) lockPair(lock, unlock *ast.CallExpr) bool {
	a, _, _ := callee(t.info, lock)
	b, _, _ := callee(t.info, unlock)
	x, y := mutexMethod(a), mutexMethod(b)
	if !(x == "Lock" && y == "Unlock" || x == "RLock" && y == "RUnlock") {
		return false
	}
	return types.ExprString(lock.Fun.(*ast.SelectorExpr).X) == types.ExprString(unlock.Fun.(*ast.SelectorExpr).X)
}

// usingName names the next deferred call: _, _1, _2.
func (t *tr) usingName() string {
	cur := t.scopes[len(t.scopes)-1]
	name := "_"
	for i := 1; ; i++ {
		_, taken := cur.names[name]
		if _, vis := t.visible(name); !taken && !vis {
			break
		}
		name = "_" + itoa(i)
	}
	cur.names[name] = "fixed:" + name
	return name
}

// before prints the comments and the blank line above a statement.
func (t *tr) before(s ast.Node) {
	t.curPos = s.Pos()
	start := s.Pos()
	cs := t.takeComments(s.Pos())
	first := start
	if len(cs) > 0 {
		first = cs[0].Pos()
	}
	if t.lastEnd.IsValid() && t.prog.line(first)-t.prog.line(t.lastEnd) > 1 && len(t.out) > 0 {
		t.blank()
	}
	last := first
	for _, g := range cs {
		if last != first && t.prog.line(g.Pos())-t.prog.line(last) > 1 {
			t.blank()
		}
		t.comment(g)
		last = g.End()
	}
	if len(cs) > 0 && t.prog.line(start)-t.prog.line(last) > 1 {
		t.blank()
	}
}

func (t *tr) blank() {
	if n := len(t.out); n > 0 && t.out[n-1] != "" {
		t.out = append(t.out, "")
	}
}

func (t *tr) after(s ast.Node) {
	t.lastEnd = s.End()
	t.trailing(s.End())
}

func (t *tr) stmt(s ast.Stmt) {
	t.withMarks(s, func() { t.statement(s) })
	t.after(s)
}

// withMarks prints a statement, with its marks above it.
func (t *tr) withMarks(s ast.Stmt, print func()) {
	t.before(s)
	t.prog.stats.statements++
	marks := t.markCount
	at := len(t.out)
	pend := t.pending
	t.pending = nil
	outer := t.curStmt
	t.curStmt = s
	print()
	t.curStmt = outer
	if len(t.pending) > 0 {
		// The marks of a statement are printed above it.
		rest := append([]string(nil), t.out[at:]...)
		t.out = append(t.out[:at], t.pending...)
		t.out = append(t.out, rest...)
	}
	t.pending = pend
	if t.markCount > marks {
		t.prog.stats.marked++
	}
}

func (t *tr) statement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		t.exprStmt(s)
	case *ast.SendStmt:
		t.line("await %s;", t.sendExpr(s))
	case *ast.IncDecStmt:
		t.incDec(s)
	case *ast.AssignStmt:
		t.assign(s)
	case *ast.DeclStmt:
		if gd, ok := s.Decl.(*ast.GenDecl); ok {
			t.localDecl(gd)
		}
	case *ast.GoStmt:
		t.goStmt(s)
	case *ast.DeferStmt:
		t.deferStmt(s)
	case *ast.ReturnStmt:
		t.ret(s)
	case *ast.BranchStmt:
		t.branch(s)
	case *ast.BlockStmt:
		t.line("{")
		t.body(s)
		t.line("}")
	case *ast.IfStmt:
		t.ifStmt(s)
	case *ast.ForStmt:
		t.forStmt(s, "")
	case *ast.RangeStmt:
		t.rangeStmt(s, "")
	case *ast.LabeledStmt:
		t.labeled(s)
	case *ast.SwitchStmt:
		t.switchStmt(s, "")
	case *ast.TypeSwitchStmt:
		t.typeSwitch(s, "")
	case *ast.SelectStmt:
		t.selectStmt(s, "")
	case *ast.EmptyStmt:
	default:
		t.line("throw %s;", t.unported(s, "statement", fmt.Sprintf("%T", s), "write it by hand").s)
	}
}

// body prints the statements of a block, indented, in a scope of their own.
func (t *tr) body(b *ast.BlockStmt) {
	t.bodyWith(b.List, b.Lbrace, b.Rbrace, nil)
}

func (t *tr) bodyWith(l []ast.Stmt, start, end token.Pos, pre func()) {
	t.push(start, false)
	saved := t.saveNarrow()
	t.lastEnd = token.NoPos
	t.inner(func() {
		if pre != nil {
			pre()
		}
		t.stmts(l)
		t.flushComments(end)
	})
	t.restoreNarrow(saved)
	t.pop()
}

func (t *tr) exprStmt(s *ast.ExprStmt) {
	if y, ok := t.yielded(s.X); ok {
		t.line("%s;", y)
		return
	}
	if c, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
		if t.vanishes(c) {
			return
		}
		if t.throwsHere(c) {
			t.line("%s;", t.resultCall(c))
			return
		}
		if _, _, isBuiltin := callee(t.info, c); isBuiltin {
			if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "panic" {
				t.line("%s;", t.expr(s.X).s)
				return
			}
		}
	}
	x := t.expr(s.X)
	if i := strings.LastIndex(x.s, " ?? "); i > 0 && x.p == pCoalesce {
		// A receive whose value is not used.
		x.s = x.s[:i]
		x.s = strings.TrimPrefix(x.s, "(")
		if strings.HasPrefix(x.s, "await ") {
			x.s = strings.TrimSuffix(x.s, ")")
			if !strings.HasSuffix(x.s, ")") {
				x.s += ")"
			}
		}
	}
	if u, ok := ast.Unparen(s.X).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		t.line("await %s.receive();", t.expr(u.X).sure().at(pPrimary))
		return
	}
	if strings.HasPrefix(x.s, "{") || strings.HasPrefix(x.s, "function") {
		x.s = "(" + x.s + ")"
	}
	t.line("%s;", x.s)
}

// sendExpr translates a send without its await.
func (t *tr) sendExpr(s *ast.SendStmt) string {
	ch := t.info.TypeOf(s.Chan).Underlying().(*types.Chan)
	x := t.expr(s.Chan).sure()
	v := t.sendValue(s.Value, ch)
	return x.at(pPrimary) + ".send(" + v + ")"
}

func (t *tr) sendValue(e ast.Expr, ch *types.Chan) string {
	if isEmptyStruct(ch.Elem()) {
		if c, ok := ast.Unparen(e).(*ast.CompositeLit); ok && len(c.Elts) == 0 {
			return ""
		}
	}
	return t.value(e, ch.Elem(), elemNode(ch)).at(pAssign)
}

func (t *tr) incDec(s *ast.IncDecStmt) {
	one := &ast.BasicLit{Kind: token.INT, Value: "1", ValuePos: s.TokPos}
	op := token.ADD
	if s.Tok == token.DEC {
		op = token.SUB
	}
	t.opAssign(s.X, op, one, prim("1"), s.Tok.String())
}

// opAssign translates x op= y.
func (t *tr) opAssign(l ast.Expr, op token.Token, y ast.Expr, yx X, incdec string) {
	ty := t.info.TypeOf(l)
	if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
		if m, ok := t.info.TypeOf(ix.X).Underlying().(*types.Map); ok {
			ix = t.entryOnce(ix)
			v := t.arithOf(op, X{s: "(" + t.expr(ix).s + ")", p: pPrimary}, yx, l, y, ty)
			t.line("%s.set(%s, %s);", t.mapToSet(ix.X), t.key(ix.Index, m.Key()), v.s)
			return
		}
	}
	x := t.expr(l)
	name := x.s
	if _, ok := ast.Unparen(l).(*ast.IndexExpr); !ok {
		name = strings.TrimSuffix(x.s, "!")
	}
	t.forget(name)
	if ix := t.unsureElement(l); ix != nil {
		// The read checks the index.
		if !t.repeatable(ix.X) || !t.repeatable(ix.Index) {
			list, i := t.expr(ix.X).sure().s, t.fresh("index")
			if !t.repeatable(ix.X) {
				name := t.fresh("list")
				t.line("const %s = %s;", name, list)
				list = name
			}
			t.line("const %s = %s;", i, t.expr(ix.Index).s)
			x.s = t.lang("at") + "(" + list + ", " + i + ")"
			t.line("%s[%s] = %s;", list, i, t.arithOf(op, x, yx, l, y, ty).s)
			return
		}
		t.line("%s = %s;", t.element(ix), t.arithOf(op, x, yx, l, y, ty).s)
		return
	}
	if v := t.outsideVar(l); v != "" {
		t.line("%s(%s);", v, t.arithOf(op, x, yx, l, y, ty).s)
		return
	}
	if isTypeParam(ty) {
		t.line("%s = %s;", name, t.arithOf(op, x, yx, l, y, ty).s)
		return
	}
	t.mixing(op, l, y, ty)
	plain := !isInteger(ty) && basicKind(ty) != types.Float32 || (!small(ty) || t.fits(op, l, y, ty)) && (op == token.ADD || op == token.SUB || op == token.MUL && !isDuration(ty)) || isDuration(ty) && (op == token.ADD || op == token.SUB)
	if isString(ty) {
		plain = true
	}
	if !isInteger(ty) && op == token.REM {
		plain = true
	}
	if isDuration(ty) && op == token.QUO || isDuration(ty) && op == token.MUL {
		plain = false
	}
	if t.flagType(ty) && (op == token.AND || op == token.OR || op == token.XOR) {
		plain = true
	}
	if plain {
		if incdec != "" {
			t.line("%s%s;", name, incdec)
			return
		}
		if isInteger(ty) && op == token.MUL {
			t.arith(op, x, yx, l, y, ty) // to print its marks
		}
		t.line("%s %s= %s;", name, op, yx.sure().at(pAssign))
		return
	}
	if base := rootOf(t.info, l); base != nil && !t.repeatable(base) {
		// The object is evaluated once.
		object, was := t.fresh("object"), t.expr(base).sure().at(pPrimary)
		if rest, ok := strings.CutPrefix(name, was); ok {
			t.line("const %s = %s;", object, was)
			name, x.s = object+rest, object+rest
		}
	}
	t.line("%s = %s;", name, t.arithOf(op, x, yx, l, y, ty).s)
}

// rootOf returns the pointer through which a field or a variable is reached.
func rootOf(info *types.Info, l ast.Expr) ast.Expr {
	for {
		switch x := ast.Unparen(l).(type) {
		case *ast.SelectorExpr:
			if info.Selections[x] == nil {
				return nil
			}
			if isPointer(info.TypeOf(x.X)) {
				return x.X
			}
			l = x.X
		case *ast.StarExpr:
			return x.X
		default:
			return nil
		}
	}
}

// repeatable reports whether an expression may be evaluated twice: it calls nothing.
func (t *tr) repeatable(e ast.Expr) bool {
	receives := false
	ast.Inspect(e, func(n ast.Node) bool {
		if x, ok := n.(*ast.UnaryExpr); ok {
			receives = receives || x.Op == token.ARROW
		}
		return !receives
	})
	return !receives && !t.calls(e)
}

func (t *tr) arithOf(op token.Token, x, yx X, l, y ast.Expr, ty types.Type) X {
	if b, ok := y.(*ast.BasicLit); ok && t.info.Types[b].Type == nil {
		r := X{s: x.at(pAdd) + " " + op.String() + " 1", p: pAdd}
		if isTypeParam(ty) {
			return X{s: r.s + " as " + t.typ(ty), p: pLess}
		}
		if isInteger(ty) && small(ty) {
			return t.wrap(r, ty)
		}
		return r
	}
	return t.arith(op, x, yx, l, y, ty)
}

// outsideVar returns the setter of a package variable that belongs to another file, "" for everything else.
func (t *tr) outsideVar(l ast.Expr) string {
	var o types.Object
	switch x := ast.Unparen(l).(type) {
	case *ast.Ident:
		o = t.info.Uses[x]
	case *ast.SelectorExpr:
		if id, ok := x.X.(*ast.Ident); ok {
			if _, ok := t.info.Uses[id].(*types.PkgName); ok {
				o = t.info.Uses[x.Sel]
			}
		}
	}
	v, ok := o.(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() || !t.prog.isLocal(v.Pkg()) || t.isRefVar(v) {
		return ""
	}
	if t.fileOf(v) == t.file {
		return ""
	}
	t.prog.setters[t.prog.key(v)] = true
	return t.qualified(v, "set"+upper(t.prog.names.pkg[t.prog.key(v)]))
}

// ---- go and defer

func (t *tr) goStmt(s *ast.GoStmt) {
	g := t.gocsp("go")
	c := s.Call
	if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		own := t.info.TypeOf(l).(*types.Signature)
		args := t.args(c, own, func(i int) node { return t.prog.key(own.Params().At(i)) })
		t.line("%s(%s);", g, strings.Join(append([]string{t.funcLit(l, true).s}, args...), ", "))
		return
	}
	fn, _, isBuiltin := callee(t.info, c)
	stable := true
	for _, a := range c.Args {
		stable = stable && t.stable(a) && !t.copiesWhenUsed(a)
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
		if fn != nil && t.info.Selections[sel] != nil && t.prog.isLocal(fn.Pkg()) && !t.boxedRecv(fn) {
			if r := recvOf(fn); r != nil && !isPointer2(r) && isStruct(r) && t.needsCopy(r) {
				stable = false
			}
		}
		if se := t.info.Selections[sel]; se != nil {
			stable = stable && t.stable(sel.X)
			if se.Kind() == types.FieldVal {
				stable = false
			}
		}
	}
	isMethod := fn != nil && fn.Type().(*types.Signature).Recv() != nil
	if !isBuiltin && !isMethod && (fn == nil || t.prog.isLocal(fn.Pkg())) {
		sig := t.info.TypeOf(c.Fun).Underlying().(*types.Signature)
		var place func(i int) node
		if fn != nil {
			own := fn.Type().(*types.Signature)
			place = func(i int) node { return t.prog.key(own.Params().At(i)) }
		}
		args := t.args(c, sig, place)
		t.line("%s(%s);", g, strings.Join(append([]string{t.expr(c.Fun).sure().s}, args...), ", "))
		return
	}
	if stable || isBuiltin {
		t.line("%s(() => %s);", g, t.rawCall(c).s)
		return
	}
	// The receiver and the arguments are evaluated at this point.
	sel, _ := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	sig := t.info.TypeOf(c.Fun).Underlying().(*types.Signature)
	args := t.args(c, sig, nil)
	if sel == nil || !isMethod {
		t.line("%s(%s);", g, strings.Join(append([]string{t.expr(c.Fun).s}, args...), ", "))
		return
	}
	x := t.recv(sel).sure()
	if r := recvOf(fn); r != nil && !isPointer2(r) && isStruct(r) && t.needsCopy(r) && t.prog.isLocal(fn.Pkg()) {
		x = t.clone(x, r)
		m := t.recv(sel).sure().at(pPrimary) + "." + t.prog.names.member(fn)
		t.line("%s(%s.bind(%s));", g, m, strings.Join(append([]string{x.s}, args...), ", "))
		return
	}
	params := make([]string, len(args))
	for i := range args {
		params[i] = "arg" + itoa(i)
		if i < sig.Params().Len() && sig.Params().At(i).Name() != "" && sig.Params().At(i).Name() != "_" && !reserved[lower(sig.Params().At(i).Name())] {
			params[i] = lower(sig.Params().At(i).Name())
		}
	}
	name := t.prog.names.member(fn)
	if t.stable(sel.X) {
		t.line("%s((%s) => %s.%s(%s), %s);", g, strings.Join(params, ", "), x.at(pPrimary), name, strings.Join(params, ", "), strings.Join(args, ", "))
		return
	}
	if t.boxedRecv(fn) {
		t.line("%s(%s);", g, strings.Join(append([]string{t.methodFunc(fn), x.s}, args...), ", "))
		return
	}
	t.line("%s((self%s) => self.%s(%s), %s);", g, prefixed(params), name, strings.Join(params, ", "), strings.Join(append([]string{x.s}, args...), ", "))
}

func prefixed(l []string) string {
	if len(l) == 0 {
		return ""
	}
	return ", " + strings.Join(l, ", ")
}

func (t *tr) deferAsync(d *ast.DeferStmt) bool {
	if l, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit); ok {
		return t.prog.facts.waits[l.Pos()]
	}
	return t.asyncCall(d.Call)
}

func callsRecover(info *types.Info, n ast.Node) bool {
	found := false
	inspectBody(n, func(n ast.Node) {
		if c, ok := n.(*ast.CallExpr); ok {
			if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "recover" {
				if _, ok := info.Uses[id].(*types.Builtin); ok {
					found = true
				}
			}
		}
	})
	return found
}

// recoversParam reports whether a declared function calls recover itself: it then receives recover as an argument.
func (t *tr) recoversParam(fn *types.Func) bool {
	d := t.prog.decls[t.prog.key(fn)]
	return d != nil && d.Body != nil && callsRecover(t.info0(fn), d.Body)
}

func (t *tr) info0(fn *types.Func) *types.Info {
	if u := t.prog.local[pathOf(fn)]; u != nil {
		return u.info
	}
	return t.info
}

func (t *tr) recoverArg() string { return t.lang("noPanic") }

func (t *tr) recoveringDecl() (string, bool) {
	if d, ok := t.fn.node.(*ast.FuncDecl); ok && d.Body != nil && callsRecover(t.info, d.Body) {
		return "recover", true
	}
	return "", false
}

func (t *tr) deferRecovers(d *ast.DeferStmt) bool {
	if l, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit); ok {
		return callsRecover(t.info, l.Body)
	}
	if id, ok := ast.Unparen(d.Call.Fun).(*ast.Ident); ok && id.Name == "recover" {
		return true
	}
	fn, _, _ := callee(t.info, d.Call)
	return fn != nil && t.prog.isLocal(fn.Pkg()) && t.recoversParam(fn)
}

// setsResults reports whether a deferred closure assigns a named result, which changes what the function returns.
func (t *tr) setsResults(d *ast.DeferStmt) bool {
	named := map[node]bool{}
	for _, r := range t.fn.results {
		named[t.prog.key(r)] = true
	}
	found := false
	ast.Inspect(d.Call, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if id, ok := ast.Unparen(l).(*ast.Ident); ok && named[t.prog.key(t.info.Uses[id])] {
					found = true
				}
			}
		case *ast.IncDecStmt:
			if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && named[t.prog.key(t.info.Uses[id])] {
				found = true
			}
		case *ast.UnaryExpr:
			if id, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND && named[t.prog.key(t.info.Uses[id])] {
				found = true
			}
		}
		return true
	})
	return found
}

// simpleCatch: the only deferred call is `defer func() { if r := recover(); r != nil { … } }()` in the outermost block.
func (t *tr) simpleCatch(b *ast.BlockStmt) bool {
	for _, s := range b.List {
		d, ok := s.(*ast.DeferStmt)
		if !ok || t.vanishes(d.Call) {
			continue
		}
		_, _, ok = t.recoverPattern(d)
		return ok
	}
	return false
}

func (t *tr) recoverPattern(d *ast.DeferStmt) (v *ast.Ident, body *ast.IfStmt, ok bool) {
	l, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit)
	if !ok || len(l.Body.List) != 1 || len(d.Call.Args) > 0 {
		return nil, nil, false
	}
	is, ok := l.Body.List[0].(*ast.IfStmt)
	if !ok || is.Else != nil {
		return nil, nil, false
	}
	be, ok := ast.Unparen(is.Cond).(*ast.BinaryExpr)
	if !ok || be.Op != token.NEQ || !t.isNilExpr(be.Y) {
		return nil, nil, false
	}
	if c, ok := ast.Unparen(be.X).(*ast.CallExpr); ok && is.Init == nil {
		if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "recover" {
			return nil, is, true
		}
	}
	as, ok := is.Init.(*ast.AssignStmt)
	if !ok || as.Tok != token.DEFINE || len(as.Lhs) != 1 {
		return nil, nil, false
	}
	c, ok := as.Rhs[0].(*ast.CallExpr)
	if !ok {
		return nil, nil, false
	}
	if id, ok := c.Fun.(*ast.Ident); !ok || id.Name != "recover" {
		return nil, nil, false
	}
	x, ok := ast.Unparen(be.X).(*ast.Ident)
	if !ok || t.info.Uses[x] != t.info.Defs[as.Lhs[0].(*ast.Ident)] {
		return nil, nil, false
	}
	again := false
	inspectBody(is.Body, func(n ast.Node) {
		if c, ok := n.(*ast.CallExpr); ok {
			if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "recover" {
				again = true
			}
		}
	})
	return as.Lhs[0].(*ast.Ident), is, !again
}

// catching translates a deferred recover, and what follows it, to try and catch.
func (t *tr) catching(rest []ast.Stmt, d *ast.DeferStmt) {
	v, is, _ := t.recoverPattern(d)
	st := t.fn
	i := t.saveComments()
	t.skipComments(d.End())
	t.line("try {")
	end := t.fn.node.End()
	t.bodyWith(rest, d.End(), end, nil)
	t.restoreComments(i)
	thrown := t.fresh("thrown")
	t.line("} catch (%s) {", thrown)
	oldReturn, oldIn := st.onReturn, st.inCatch
	st.inCatch = true
	st.onReturn = t.zeroResults()
	t.bodyWith(is.Body.List, is.Body.Lbrace, is.Body.Rbrace, func() {
		if v != nil {
			t.line("const %s = %s(%s);", t.declare(t.info.Defs[v], v.Pos()), t.lang("recovered"), thrown)
		} else {
			t.line("%s(%s);", t.lang("recovered"), thrown)
		}
	})
	st.onReturn, st.inCatch = oldReturn, oldIn
	t.line("}")
	t.skipComments(end - 1)
	if z := t.zeroResults(); z != "" {
		t.line("return %s;", z)
	}
}

// zeroResults is what a function returns after a recovered panic: its named results, or zero values.
func (t *tr) zeroResults() string {
	st := t.fn
	if st.sig.Results().Len() == 0 {
		return ""
	}
	if len(st.results) > 0 {
		return t.resultNames()
	}
	var b []string
	for i := 0; i < st.sig.Results().Len(); i++ {
		b = append(b, t.zero(st.sig.Results().At(i).Type()))
	}
	if len(b) == 1 {
		return b[0]
	}
	return "[" + strings.Join(b, ", ") + "]"
}

// fullDefers translates a function whose deferred calls recover or change the results.
func (t *tr) fullDefers(b *ast.BlockStmt, async bool) {
	st := t.fn
	st.deferName = t.fresh("deferred")
	name, head, ret := "deferringSync", "", ""
	if st.async {
		name, head = "deferring", "async "
		ret = "await "
	}
	if st.sig.Results().Len() > 0 {
		ret = "return " + ret
	}
	t.line("%s%s(%s(%s) => {", ret, t.lang(name), head, st.deferName)
	t.inner(func() {
		t.stmts(b.List)
		t.flushComments(b.Rbrace)
	})
	if z := t.zeroResults(); z != "" {
		if strings.HasPrefix(z, "{") {
			z = "(" + z + ")"
		}
		ty := t.result(st.sig, false, t.ownResults(), false)
		t.line("}, (): %s => %s);", ty, z)
	} else {
		t.line("});")
	}
}

// ownResults returns the places of the results of the function at hand.
func (t *tr) ownResults() func(i int) node {
	st := t.fn
	return func(i int) node {
		if st.lit != nil {
			return litResult(st.lit, i)
		}
		return t.prog.key(st.sig.Results().At(i))
	}
}

func (t *tr) deferStmt(s *ast.DeferStmt) {
	if t.vanishes(s.Call) {
		return
	}
	async := t.deferAsync(s)
	f := t.deferred(s)
	switch t.fn.defers {
	case "full":
		t.line("%s(%s);", t.fn.deferName, f)
	case "stack":
		if sig, ok := t.info.TypeOf(s.Call.Fun).Underlying().(*types.Signature); ok && async && sig.Results().Len() > 0 {
			// What is deferred on a stack itself may have no result that waits.
			t.line("%s.use(%s(%s));", t.fn.deferName, t.gocsp("defer"), f)
			return
		}
		t.line("%s.defer(%s);", t.fn.deferName, f)
	default:
		// A CancelFunc is disposable.
		if len(s.Call.Args) == 0 {
			if id, ok := ast.Unparen(s.Call.Fun).(*ast.Ident); ok && isNamed(t.info.TypeOf(id), "context", "CancelFunc") {
				if v, ok := t.info.Uses[id].(*types.Var); ok && t.prog.facts.assigned[t.prog.key(v)] == 0 && !t.expr(id).undef {
					t.line("using %s = %s;", t.usingName(), t.expr(id).s)
					return
				}
			}
		}
		aw := ""
		if async {
			aw = "await "
		}
		t.line("%susing %s = %s(%s);", aw, t.usingName(), t.gocsp("defer"), f)
	}
}

// deferred translates a deferred call to a function. The receiver and the arguments are evaluated when the call is
// deferred.
func (t *tr) deferred(s *ast.DeferStmt) string {
	c := s.Call
	if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		if len(c.Args) == 0 {
			if t.fn.defers == "full" && callsRecover(t.info, l.Body) {
				return t.recoveringLit(l)
			}
			return t.funcLit(l, false).at(pAssign)
		}
		own := t.info.TypeOf(l).(*types.Signature)
		args := t.args(c, own, func(i int) node { return t.prog.key(own.Params().At(i)) })
		if t.fn.defers == "using" {
			return strings.Join(append([]string{t.funcLit(l, false).at(pAssign)}, args...), ", ")
		}
		return t.lang("bound") + "(" + strings.Join(append([]string{t.funcLit(l, false).at(pAssign)}, args...), ", ") + ")"
	}
	fn, _, isBuiltin := callee(t.info, c)
	if isBuiltin {
		if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "recover" {
			return "(recover) => void recover()"
		}
	}
	if fn != nil && t.prog.isLocal(fn.Pkg()) && t.recoversParam(fn) {
		x := t.rawCall(c).s
		return "(recover) => " + strings.Replace(x, t.lang("noPanic"), "recover", 1)
	}
	stable := true
	for _, a := range c.Args {
		stable = stable && t.stable(a) && !t.copiesWhenUsed(a)
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && t.info.Selections[sel] != nil {
		if fn != nil && t.prog.isLocal(fn.Pkg()) && !t.boxedRecv(fn) {
			if r := recvOf(fn); r != nil && !isPointer2(r) && isStruct(r) && t.needsCopy(r) {
				// The receiver is copied at this point.
				args := t.args(c, t.info.TypeOf(c.Fun).Underlying().(*types.Signature), nil)
				x := t.recv(sel).sure()
				return x.at(pPrimary) + "." + t.prog.names.member(fn) + ".bind(" + strings.Join(append([]string{t.clone(x, r).s}, args...), ", ") + ")"
			}
		}
		stable = stable && (t.stable(sel.X) || t.stableEnough(sel.X))
	} else if fn == nil && !isBuiltin {
		stable = stable && t.stable(c.Fun)
		if stable && len(c.Args) == 0 {
			if sig, ok := t.info.TypeOf(c.Fun).Underlying().(*types.Signature); ok && sig.Results().Len() == 0 {
				return t.expr(c.Fun).sure().at(pAssign)
			}
		}
	}
	if isBuiltin && len(c.Args) > 0 {
		stable = stable && t.stableEnough(c.Args[0])
	}
	if stable {
		x := t.rawCall(c)
		if i := strings.LastIndex(x.s, "\n"); i >= 0 {
			return "() => " + x.s
		}
		return "() => " + x.at(pAssign)
	}
	// The arguments are evaluated at this point: they become parameters.
	sig, _ := t.info.TypeOf(c.Fun).Underlying().(*types.Signature)
	if isBuiltin && len(c.Args) == 1 {
		if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "close" {
			ch := t.expr(c.Args[0]).sure()
			return ch.at(pPrimary) + ".close.bind(" + ch.s + ")"
		}
	}
	if id := identOf(c.Fun); isBuiltin && id.Name != "panic" {
		// What a builtin gets is evaluated at this point too, into constants.
		c = t.withConstants(c)
		sig = nil
	}
	if sig == nil {
		return "() => " + t.rawCall(c).at(pAssign)
	}
	args := t.args(c, sig, nil)
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && t.info.Selections[sel] != nil && fn != nil && !t.boxedRecv(fn) {
		x := t.recv(sel).sure()
		m := x.at(pPrimary) + "." + t.prog.names.member(fn) + ".bind(" + strings.Join(append([]string{x.s}, args...), ", ") + ")"
		return m
	}
	if t.fn.defers == "using" {
		return strings.Join(append([]string{t.expr(c.Fun).sure().at(pAssign)}, args...), ", ")
	}
	return t.lang("bound") + "(" + strings.Join(append([]string{t.expr(c.Fun).sure().at(pAssign)}, args...), ", ") + ")"
}

// entryOnce returns an entry of a map that may be written twice: a map or a key that is not repeatable becomes a constant.
func (t *tr) entryOnce(ix *ast.IndexExpr) *ast.IndexExpr {
	made := *ix
	for _, part := range []struct {
		e    *ast.Expr
		name string
	}{{&made.X, "map"}, {&made.Index, "key"}} {
		e := *part.e
		if _, made := ast.Unparen(e).(*ast.CompositeLit); t.repeatable(e) && !(made && part.name == "map") {
			continue
		}
		name := t.fresh(part.name)
		if part.name == "map" {
			t.line("const %s = %s;", name, t.expr(e).s)
		} else {
			t.line("const %s = %s;", name, t.value(e, t.info.TypeOf(ix.X).Underlying().(*types.Map).Key(), nil).s)
		}
		id := &ast.Ident{NamePos: e.Pos(), Name: name}
		t.info.Types[id] = t.info.Types[e]
		*part.e = id
	}
	if made == *ix {
		return ix
	}
	t.info.Types[&made] = t.info.Types[ix]
	return &made
}

// withConstants prints constants for the arguments of a call, and returns the call of these.
func (t *tr) withConstants(c *ast.CallExpr) *ast.CallExpr {
	made := *c
	made.Args = nil
	for _, a := range c.Args {
		if t.info.Types[a].Value == nil {
			name := t.fresh("arg")
			t.line("const %s = %s;", name, t.value(a, t.info.TypeOf(a), nil).s)
			id := &ast.Ident{NamePos: a.Pos(), Name: name}
			t.info.Types[id] = t.info.Types[a]
			a = id
		}
		made.Args = append(made.Args, a)
	}
	return &made
}

// copiesWhenUsed reports whether an argument is a struct or an array that has to be copied when the call is deferred, not
// when it runs.
func (t *tr) copiesWhenUsed(e ast.Expr) bool {
	ty := t.info.TypeOf(e)
	return ty != nil && !t.isFresh(e) && (isArray(ty) || isStruct(ty) && t.needsCopy(ty))
}

// stableEnough reports whether an expression is a chain of fields that are set once, on a stable variable.
func (t *tr) stableEnough(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return t.stable(x)
	case *ast.SelectorExpr:
		if s := t.info.Selections[x]; s != nil && s.Kind() == types.FieldVal {
			return t.prog.facts.fieldStable[t.prog.key(s.Obj())] && t.stableEnough(x.X)
		}
	}
	return false
}

// recoveringLit translates a deferred closure that recovers: it receives recover as its parameter.
func (t *tr) recoveringLit(l *ast.FuncLit) string {
	sig := t.info.TypeOf(l).(*types.Signature)
	async := t.prog.facts.waits[l.Pos()]
	t.push(l.Pos(), true)
	old := t.fn
	t.fn = &fnState{async: async, sig: sig, outer: old, node: l, lit: l, recov: "recover"}
	saved := t.narrowings
	t.narrowings = t.constNarrowings()
	t.scopes[len(t.scopes)-1].names["recover"] = "fixed:recover"
	body := t.block(l.Body)
	t.fn = old
	t.narrowings = saved
	t.pop()
	head := ""
	if async {
		head = "async "
	}
	return head + "(recover) => " + body
}

// ---- return and branches

func (t *tr) ret(s *ast.ReturnStmt) {
	st := t.fn
	if st.yield != nil && st.sig.Results().Len() == 0 {
		t.line("return;")
		return
	}
	if st.throws {
		t.retThrown(s)
		return
	}
	n := st.sig.Results().Len()
	if len(s.Results) == 1 && n > 1 {
		if c, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr); ok && t.throwsHere(c) {
			t.retResult(c)
			return
		}
	}
	place := t.ownResults()
	setNamed := st.defers == "full" && len(st.results) > 0
	switch {
	case len(s.Results) == 0:
		if st.inCatch {
			if st.onReturn != "" {
				t.line("return %s;", st.onReturn)
			} else {
				t.line("return;")
			}
			return
		}
		if len(st.results) > 0 && !setNamed {
			t.line("return %s;", t.resultNames())
		} else if setNamed {
			t.line("return undefined;")
		} else {
			t.line("return;")
		}
	case len(s.Results) == 1 && n == 1:
		x := t.retValue(s.Results[0], st.sig.Results().At(0).Type(), place(0))
		if st.doneMethod && !strings.HasSuffix(x.s, ".done()") && x.s != "nilChan()" {
			x = X{s: x.at(pCoalesce) + " as " + t.gocsp("type ReceiveChan") + "<never>", p: pCoalesce}
		}
		if setNamed {
			t.line("%s = %s;", t.resultNames(), x.s)
			t.line("return undefined;")
			return
		}
		if st.assignFirst && t.resultNames() != x.s {
			t.line("%s = %s;", t.resultNames(), x.s)
			x.s = t.resultNames()
		}
		t.line("return %s;", x.s)
	case len(s.Results) == 1:
		x := t.expr(s.Results[0])
		if setNamed {
			t.line("%s = %s;", t.resultNames(), x.s)
			t.line("return undefined;")
			return
		}
		if st.assignFirst {
			t.line("%s = %s;", t.resultNames(), x.s)
			x.s = t.resultNames()
		}
		t.line("return %s;", x.s)
	default:
		var b []string
		for i, e := range s.Results {
			b = append(b, t.retValue(e, st.sig.Results().At(i).Type(), place(i)).at(pAssign))
		}
		v := t.list("[", b, "]", false)
		if setNamed {
			if names := t.resultNames(); names != v {
				t.line("%s = %s;", names, v)
			}
			t.line("return undefined;")
			return
		}
		if names := t.resultNames(); st.assignFirst && names != v {
			t.line("%s = %s;", names, v)
			v = names
		}
		t.line("return %s;", v)
	}
}

// retValue translates a returned value. A local struct needs no copy.
func (t *tr) retValue(e ast.Expr, ty types.Type, place node) X {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok && isStruct(t.info.TypeOf(e)) && !isIface(ty) {
		if v, ok := t.info.Uses[id].(*types.Var); ok && v.Parent() != nil && v.Parent() != v.Pkg().Scope() {
			k := t.prog.key(v)
			if !t.prog.facts.captured[k] && !t.prog.facts.addressed[k] && t.locals[k] != "this" {
				return t.expr(e)
			}
		}
	}
	return t.value(e, ty, place)
}

func (t *tr) branch(s *ast.BranchStmt) {
	switch s.Tok {
	case token.GOTO:
		if how, ok := t.gotos[s.Label.Name]; ok {
			t.line("%s %s;", how, labelName(s.Label.Name))
			return
		}
		t.line("throw %s;", t.unported(s, "goto", "goto "+s.Label.Name, "write it with a loop and continue, or a function").s)
	case token.FALLTHROUGH:
	case token.BREAK:
		if s.Label != nil {
			t.line("break %s;", labelName(s.Label.Name))
			return
		}
		if n := len(t.targets); n > 0 && t.targets[n-1].chain {
			tg := t.targets[n-1]
			tg.used = true
			t.line("break %s;", tg.label)
			return
		}
		t.line("break;")
	default:
		if s.Label != nil {
			t.line("continue %s;", labelName(s.Label.Name))
			return
		}
		t.line("continue;")
	}
}

func labelName(s string) string {
	n := lower(s)
	if n == strings.ToUpper(n) {
		n = strings.ToLower(n)
	}
	if reserved[n] {
		n += "_"
	}
	return n
}

func (t *tr) labeled(s *ast.LabeledStmt) {
	l := labelName(s.Label.Name) + ": "
	switch x := s.Stmt.(type) {
	case *ast.ForStmt:
		t.forStmt(x, l)
	case *ast.RangeStmt:
		t.rangeStmt(x, l)
	case *ast.SwitchStmt:
		t.switchStmt(x, l)
	case *ast.SelectStmt:
		t.selectStmt(x, l)
	case *ast.TypeSwitchStmt:
		t.typeSwitch(x, l)
	case *ast.BlockStmt:
		t.line("%s{", l)
		t.body(x)
		t.line("}")
	default:
		t.stmt(s.Stmt)
	}
}

func hasGoto(n ast.Node, label string) bool {
	found := false
	inspectBody(n, func(n ast.Node) {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO && b.Label.Name == label {
			found = true
		}
	})
	return found
}

// gotoLabel translates a label that is the target of backward jumps only: it becomes a loop.
func (t *tr) gotoLabel(l []ast.Stmt, i int, ls *ast.LabeledStmt) bool {
	name := ls.Label.Name
	back := hasGoto(ls.Stmt, name)
	for _, s := range l[i+1:] {
		back = back || hasGoto(s, name)
	}
	if !back {
		return false
	}
	for _, s := range l[:i] {
		if hasGoto(s, name) {
			return false
		}
	}
	if t.gotos == nil {
		t.gotos = map[string]string{}
	}
	t.gotos[name] = "continue"
	t.before(ls)
	rest := append([]ast.Stmt{ls.Stmt}, l[i+1:]...)
	t.line("%s: for (;;) {", labelName(name))
	t.targets = append(t.targets, &target{})
	t.bodyWith(rest, ls.Pos(), l[len(l)-1].End(), nil)
	if !terminates(rest) {
		t.line("  break;")
	}
	t.targets = t.targets[:len(t.targets)-1]
	t.line("}")
	delete(t.gotos, name)
	return true
}

// forwardGoto translates a forward jump to a label in the same block: the statements between become a block with that
// label.
func (t *tr) forwardGoto(l []ast.Stmt, i int) int {
	for j := i + 1; j < len(l); j++ {
		ls, ok := l[j].(*ast.LabeledStmt)
		if !ok || !hasGoto(l[i], ls.Label.Name) {
			continue
		}
		name := ls.Label.Name
		back := hasGoto(ls.Stmt, name)
		for _, s := range l[j+1:] {
			back = back || hasGoto(s, name)
		}
		for k := i; k < j; k++ {
			if declaresVars(l[k : k+1]) {
				back = true // the variable would be out of scope after the block
			}
		}
		if _, active := t.gotos[name]; back || active {
			return 0
		}
		if t.gotos == nil {
			t.gotos = map[string]string{}
		}
		t.gotos[name] = "break"
		t.line("%s: {", labelName(name))
		t.bodyWith(l[i:j], l[i].Pos(), ls.Pos(), nil)
		t.line("}")
		delete(t.gotos, name)
		t.stmt(ls.Stmt)
		return j + 1
	}
	return 0
}

func declaresVars(l []ast.Stmt) bool {
	for _, s := range l {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				return true
			}
		case *ast.DeclStmt:
			return true
		}
	}
	return false
}

// terminates reports whether control never reaches the end of a list of statements.
func terminates(l []ast.Stmt) bool {
	if len(l) == 0 {
		return false
	}
	return terminating(l[len(l)-1])
}

func terminating(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		if c, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
			if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "panic" {
				return true
			}
		}
	case *ast.BlockStmt:
		return terminates(s.List)
	case *ast.IfStmt:
		return s.Else != nil && terminates(s.Body.List) && terminating(s.Else)
	case *ast.ForStmt:
		return s.Cond == nil && !hasBreakTo(s.Body, "", true)
	case *ast.LabeledStmt:
		if f, ok := s.Stmt.(*ast.ForStmt); ok {
			return f.Cond == nil && !hasBreakTo(f.Body, s.Label.Name, true)
		}
		return terminating(s.Stmt)
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			cc := c.(*ast.CommClause)
			if !terminates(cc.Body) || hasBreakTo(&ast.BlockStmt{List: cc.Body}, "", true) {
				return false
			}
		}
		return true
	case *ast.SwitchStmt:
		def := false
		for _, c := range s.Body.List {
			cc := c.(*ast.CaseClause)
			def = def || cc.List == nil
			ft := false
			if len(cc.Body) > 0 {
				if b, ok := cc.Body[len(cc.Body)-1].(*ast.BranchStmt); ok && b.Tok == token.FALLTHROUGH {
					ft = true
				}
			}
			if !ft && (!terminates(cc.Body) || hasBreakTo(&ast.BlockStmt{List: cc.Body}, "", true)) {
				return false
			}
		}
		return def
	case *ast.TypeSwitchStmt:
		def := false
		for _, c := range s.Body.List {
			cc := c.(*ast.CaseClause)
			def = def || cc.List == nil
			if !terminates(cc.Body) || hasBreakTo(&ast.BlockStmt{List: cc.Body}, "", true) {
				return false
			}
		}
		return def
	}
	return false
}

// inBreakable visits the nodes in a body, without closures, with the number of statements around each that a break
// would leave.
func inBreakable(root ast.Node, visit func(n ast.Node, depth int)) {
	var walk func(root ast.Node, depth int)
	walk = func(root ast.Node, depth int) {
		ast.Inspect(root, func(n ast.Node) bool {
			if n == nil || n == root {
				return true
			}
			visit(n, depth)
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.SelectStmt, *ast.TypeSwitchStmt:
				walk(n, depth+1)
				return false
			}
			return true
		})
	}
	walk(root, 0)
}

// hasBreakTo reports whether something in a body breaks out of the statement around it.
func hasBreakTo(n ast.Node, label string, plain bool) bool {
	found := false
	inBreakable(n, func(n ast.Node, depth int) {
		if x, ok := n.(*ast.BranchStmt); ok && x.Tok == token.BREAK {
			found = found || x.Label == nil && depth == 0 && plain || x.Label != nil && label != "" && x.Label.Name == label
		}
	})
	return found
}

// ---- narrowing

func (t *tr) narrowed(s string) bool { return t.narrowings[strings.TrimSuffix(s, "!")] > 0 }

func (t *tr) narrow(list []string) {
	for _, s := range list {
		t.narrowings[s]++
	}
}

func (t *tr) widen(list []string) {
	for _, s := range list {
		if t.narrowings[s] > 0 {
			t.narrowings[s]--
		}
	}
}

// forget drops the narrowings of a place that is assigned.
func (t *tr) forget(s string) {
	for k := range t.narrowings {
		if k == s || strings.HasPrefix(k, s+".") || strings.HasPrefix(k, s+"[") {
			delete(t.narrowings, k)
		}
	}
}

func (t *tr) saveNarrow() map[string]int {
	m := map[string]int{}
	for k, v := range t.narrowings {
		m[k] = v
	}
	return m
}

// restoreNarrow restores the narrowings from before a block, without those of places that the block assigned.
func (t *tr) restoreNarrow(saved map[string]int) {
	for k := range saved {
		if t.narrowings[k] == 0 {
			delete(saved, k)
		}
	}
	t.narrowings = saved
}

// constNarrowings returns the narrowings that hold inside a closure: those of plain names that are never assigned.
func (t *tr) constNarrowings() map[string]int {
	m := map[string]int{}
	for k, v := range t.narrowings {
		if strings.ContainsAny(k, ".[(") || v == 0 {
			continue
		}
		if o, ok := t.visible(k); ok && t.prog.facts.assigned[o] == 0 && (t.prog.facts.redefined[o] == 0 || t.prog.ssa[o]) {
			m[k] = v
		}
	}
	return m
}

// implied returns the places that are not undefined if a condition holds, and those if it does not.
func (t *tr) implied(e ast.Expr) (yes, no []string) {
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		switch x.Op {
		case token.NEQ, token.EQL:
			a, b := x.X, x.Y
			if t.isNilExpr(a) {
				a, b = b, a
			}
			if !t.isNilExpr(b) || !isNilable(t.info.TypeOf(a)) {
				return nil, nil
			}
			switch ast.Unparen(a).(type) {
			case *ast.Ident, *ast.SelectorExpr:
				s := []string{strings.TrimSuffix(t.expr(a).s, "!")}
				if x.Op == token.NEQ {
					return s, nil
				}
				return nil, s
			}
		case token.LAND:
			y1, _ := t.implied(x.X)
			y2, _ := t.implied(x.Y)
			return append(y1, y2...), nil
		case token.LOR:
			_, n1 := t.implied(x.X)
			_, n2 := t.implied(x.Y)
			return nil, append(n1, n2...)
		}
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			y, n := t.implied(x.X)
			return n, y
		}
	case *ast.Ident:
		if v, ok := t.okVars[t.prog.key(t.info.Uses[x])]; ok {
			return []string{v}, nil
		}
	}
	return nil, nil
}

// loopForget drops the narrowings of places that the body of a loop assigns: they do not hold in the next iteration.
func (t *tr) loopForget(body ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		mark := func(e ast.Expr) {
			switch x := ast.Unparen(e).(type) {
			case *ast.Ident:
				if o := t.info.Uses[x]; o != nil {
					t.forget(t.localName(o))
				}
			case *ast.SelectorExpr:
				name := "." + t.memberText(x)
				for k := range t.narrowings {
					if strings.HasSuffix(k, name) || strings.Contains(k, name+".") {
						delete(t.narrowings, k)
					}
				}
			}
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				mark(l)
			}
		case *ast.IncDecStmt:
			mark(n.X)
		}
		return true
	})
}

func (t *tr) memberText(x *ast.SelectorExpr) string {
	if o := t.info.Uses[x.Sel]; o != nil {
		return t.prog.names.member(o)
	}
	return lower(x.Sel.Name)
}

// ---- comments

func (t *tr) takeComments(before token.Pos) []*ast.CommentGroup {
	var list []*ast.CommentGroup
	for t.cpos < len(t.comments) && t.comments[t.cpos].Pos() < before {
		g := t.comments[t.cpos]
		t.cpos++
		if g.Pos() >= t.cfrom {
			list = append(list, g)
		}
	}
	return list
}

// commentsBefore returns the text of the comments before a position.
func (t *tr) commentsBefore(pos token.Pos, inline bool) []string {
	var out []string
	for _, g := range t.takeComments(pos) {
		out = append(out, commentLines(g)...)
	}
	return out
}

func (t *tr) flushComments(before token.Pos) {
	for i, g := range t.takeComments(before) {
		if t.lastEnd.IsValid() && t.prog.line(g.Pos())-t.prog.line(t.lastEnd) > 1 && i == 0 && len(t.out) > 0 {
			t.blank()
		}
		t.comment(g)
		t.lastEnd = g.End()
	}
}

func (t *tr) comment(g *ast.CommentGroup) {
	for _, l := range commentLines(g) {
		t.line("%s", l)
	}
}

// trailing appends a comment that follows a statement on its last line.
func (t *tr) trailing(end token.Pos) {
	if t.cpos >= len(t.comments) || len(t.out) == 0 {
		return
	}
	g := t.comments[t.cpos]
	if g.Pos() < end || t.prog.line(g.Pos()) != t.prog.line(end) {
		return
	}
	t.cpos++
	text := strings.Join(commentLines(g), " ")
	if text == "" {
		return
	}
	if t.out[len(t.out)-1] == "" {
		return
	}
	t.out[len(t.out)-1] += " " + text
	t.lastEnd = g.End()
}

func commentLines(g *ast.CommentGroup) []string {
	var out []string
	for _, c := range g.List {
		s := c.Text
		if strings.HasPrefix(s, "//go:") || strings.HasPrefix(s, "//nolint") || strings.HasPrefix(s, "// +build") || strings.HasPrefix(s, "//revive") || strings.HasPrefix(s, "//line ") {
			continue
		}
		for _, l := range strings.Split(s, "\n") {
			out = append(out, strings.TrimRight(strings.ReplaceAll(l, "\t", "  "), " "))
		}
	}
	return out
}

func (t *tr) hasComments(n ast.Node) bool {
	i := sort.Search(len(t.comments), func(i int) bool { return t.comments[i].Pos() >= n.Pos() })
	return i < len(t.comments) && t.comments[i].End() <= n.End()
}

func (t *tr) saveComments() int     { return t.cpos }
func (t *tr) restoreComments(i int) { t.cpos = i }
func (t *tr) skipComments(before token.Pos) {
	for t.cpos < len(t.comments) && t.comments[t.cpos].Pos() < before {
		t.cpos++
	}
}
