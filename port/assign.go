package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"
	"strings"
)

func (t *tr) localDecl(gd *ast.GenDecl) {
	for _, sp := range gd.Specs {
		if len(gd.Specs) > 1 {
			t.before(sp)
		}
		switch sp := sp.(type) {
		case *ast.ValueSpec:
			if gd.Tok == token.CONST {
				for _, id := range sp.Names {
					if c, ok := t.info.Defs[id].(*types.Const); ok && id.Name != "_" {
						x := t.constSpec(sp, id, c)
						t.line("const %s = %s;", t.declare(c, sp.End()), x.s)
					}
				}
				continue
			}
			t.varSpec(sp)
		case *ast.TypeSpec:
			t.localType(sp)
		}
		if len(gd.Specs) > 1 {
			t.after(sp)
		}
	}
}

// constSpec translates the value of a constant: the expression as written, unless it mentions iota; then its computed
// value.
func (t *tr) constSpec(sp *ast.ValueSpec, id *ast.Ident, c *types.Const) X {
	for i, n := range sp.Names {
		if n == id && i < len(sp.Values) && !mentionsIota(sp.Values[i]) {
			return t.value(sp.Values[i], c.Type(), nil)
		}
	}
	x, ok := t.constant(c.Val(), c.Type())
	if !ok {
		return t.unported(id, "constant", "this constant", "write it by hand")
	}
	return x
}

// mentionsIota reports whether an expression mentions iota. Go's type checker records only one value for an expression
// that is repeated.
func mentionsIota(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == "iota" {
			found = true
		}
		return true
	})
	return found
}

func (t *tr) varSpec(sp *ast.ValueSpec) {
	if len(sp.Values) == 0 {
		for _, id := range sp.Names {
			v, ok := t.info.Defs[id].(*types.Var)
			if !ok || id.Name == "_" {
				continue
			}
			if t.prog.throws != nil && t.prog.throws.gone[t.prog.key(v)] {
				continue
			}
			if isMutexType(v.Type()) && t.prog.facts.gone(v) {
				t.locals[t.prog.key(v)] = id.Name
				t.out = append(t.out, "// "+id.Name+": no section of this mutex waits, so nobody needs it here.")
				continue
			}
			t.syncOnce = t.prog.facts.onceSync(v)
			t.letZero(t.declare(v, sp.End()), v)
			t.syncOnce = false
		}
		return
	}
	lhs := make([]ast.Expr, len(sp.Names))
	for i, id := range sp.Names {
		lhs[i] = id
	}
	t.define(lhs, sp.Values, sp.End(), true)
}

func (t *tr) assign(s *ast.AssignStmt) {
	if s.Tok == token.DEFINE {
		t.define(s.Lhs, s.Rhs, s.End(), false)
		return
	}
	if s.Tok != token.ASSIGN {
		op := map[token.Token]token.Token{token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL,
			token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR,
			token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT}[s.Tok]
		t.opAssign(s.Lhs[0], op, s.Rhs[0], t.expr(s.Rhs[0]), "")
		return
	}
	if len(s.Lhs) == 1 {
		t.assignOne(s.Lhs[0], s.Rhs[0])
		return
	}
	if len(s.Rhs) == len(s.Lhs) {
		t.assignMany(s)
		return
	}
	t.assignTuple(s.Lhs, s.Rhs[0])
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// placeOf returns the place that an assigned expression denotes.
func (t *tr) placeOf(l ast.Expr) node {
	if s, ok := ast.Unparen(l).(*ast.SelectorExpr); ok {
		if o := t.info.Uses[s.Sel]; o != nil {
			return t.prog.key(o)
		}
	}
	from, _ := t.prog.facts.places(t.info, l)
	if len(from) > 0 {
		return from[0]
	}
	return nil
}

// lhs translates the target of an assignment: without the ! that reads get.
func (t *tr) lhs(l ast.Expr) string {
	var s string
	if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
		s = t.element(ix)
	} else {
		s = t.expr(l).s
	}
	t.forget(s)
	return s
}

func (t *tr) assignOne(l, r ast.Expr) {
	if t.errorOnly(l, r, false, r.End()) {
		return
	}
	if isBlank(l) {
		x := t.expr(r)
		if _, ok := ast.Unparen(r).(*ast.Ident); ok {
			return // _ = x is only there for Go's compiler
		}
		if strings.HasPrefix(x.s, "{") {
			x.s = "(" + x.s + ")"
		}
		t.line("%s;", x.s)
		return
	}
	lt := t.info.TypeOf(l)
	switch x := ast.Unparen(l).(type) {
	case *ast.SelectorExpr:
		if x.Sel.Name == "New" && isNamed(t.info.TypeOf(x.X), "sync", "Pool") && !isPointer2(t.info.TypeOf(x.X)) {
			// p.New = f: here the function is given to the constructor.
			t.line("%s = new %s(%s);", t.lhs(x.X), t.typ(t.info.TypeOf(x.X)), t.value(r, lt, nil).s)
			return
		}
	case *ast.IndexExpr:
		if m, ok := t.info.TypeOf(x.X).Underlying().(*types.Map); ok {
			v := t.value(r, m.Elem(), elemNode(m))
			t.line("%s.set(%s, %s);", t.mapToSet(x.X), t.key(x.Index, m.Key()), v.at(pAssign))
			return
		}
	case *ast.StarExpr:
		t.assignThrough(x, r)
		return
	}
	if c, ok := ast.Unparen(r).(*ast.CallExpr); ok && t.selfAppend(l, c) {
		return
	}
	v := t.value(r, lt, t.placeOf(l))
	if id, ok := ast.Unparen(l).(*ast.Ident); ok && isStruct(lt) {
		if o, ok := t.info.Uses[id].(*types.Var); ok && t.prog.facts.addressed[t.prog.key(o)] && t.locals[t.prog.key(o)] != "" {
			t.line("Object.assign(%s, %s);", t.expr(l).s, v.s)
			return
		}
	}
	if set := t.outsideVar(l); set != "" {
		t.line("%s(%s);", set, v.s)
		return
	}
	if ix := t.unsureElement(l); ix != nil {
		t.put(ix, v.at(pAssign))
		return
	}
	name := t.lhs(l)
	if name == "this" {
		t.mark(l.Pos(), "receiver", "the receiver is assigned", "use a variable")
		t.line("// %s = %s;", name, v.s)
		return
	}
	t.line("%s = %s;", name, v.s)
	if !v.undef && isNilable(lt) {
		t.learned(l, name)
	}
}

// put sets an element of a slice, with a check of the index.
func (t *tr) put(l *ast.IndexExpr, v string) {
	t.forget(t.element(l))
	t.line("%s(%s, %s, %s);", t.lang("put"), t.expr(l.X).sure().s, t.expr(l.Index).s, v)
}

// learned records that the target of an assignment is not undefined.
func (t *tr) learned(l ast.Expr, name string) {
	switch ast.Unparen(l).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		t.narrowings[name]++
	}
}

// assignThrough translates *p = v.
func (t *tr) assignThrough(x *ast.StarExpr, r ast.Expr) {
	ty := t.info.TypeOf(x)
	v := t.value(r, ty, nil)
	p := t.expr(x.X).sure()
	if _, ok := refElem(t.info.TypeOf(x.X)); ok {
		if c, ok := ast.Unparen(r).(*ast.CallExpr); ok && t.selfAppend(x, c) {
			return
		}
		t.line("%s.value = %s;", p.at(pPrimary), v.s)
		return
	}
	switch ty.Underlying().(type) {
	case *types.Struct:
		t.line("Object.assign(%s, %s);", p.s, v.s)
	case *types.Slice:
		if c, ok := ast.Unparen(r).(*ast.CallExpr); ok && t.appendTo(p.s, x, c) {
			return
		}
		// The slice itself stands for the pointer: its elements are replaced.
		t.line("%s(%s, %s);", t.lang("assignSlice"), p.s, v.s)
	case *types.Array:
		t.line("%s(%s, %s);", t.lang("assignSlice"), p.s, v.s)
	case *types.Map:
		t.line("%s(%s, %s);", t.lang("assignMap"), p.s, v.s)
	default:
		t.line("throw %s;", t.unported(x, "pointer", "an assignment through a pointer", "make it a field of an object").s)
	}
}

// appendTo translates *p = append(*p, …) for a pointer to a slice.
func (t *tr) appendTo(name string, x *ast.StarExpr, c *ast.CallExpr) bool {
	if !t.isAppend(c) || types.ExprString(c.Args[0]) != types.ExprString(x) && types.ExprString(c.Args[0]) != "("+types.ExprString(x)+")" {
		return false
	}
	t.line("%s.push(%s);", name, t.appendArgs(c))
	return true
}

func (t *tr) isAppend(c *ast.CallExpr) bool {
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	if !ok || id.Name != "append" || len(c.Args) < 2 {
		return false
	}
	_, ok = t.info.Uses[id].(*types.Builtin)
	return ok
}

func (t *tr) appendArgs(c *ast.CallExpr) string {
	var b []string
	el := elemOf(t.info.TypeOf(c))
	for i, a := range c.Args[1:] {
		if c.Ellipsis.IsValid() && i == len(c.Args)-2 {
			x := t.copiedElems(a, t.expr(a).sure())
			b = append(b, "..."+x.at(pUnary))
			continue
		}
		b = append(b, t.value(a, el, elemNode(t.info.TypeOf(c))).at(pAssign))
	}
	return strings.Join(b, ", ")
}

// selfAppend translates x = append(x, …): a push if the array has no other reference.
func (t *tr) selfAppend(l ast.Expr, c *ast.CallExpr) bool {
	if !t.isAppend(c) {
		return false
	}
	ty := t.info.TypeOf(c)
	if isBytes(ty) {
		return false
	}
	// x = append(x[:i], x[i+1:]...)
	if t.deletes(l, c) {
		return true
	}
	if types.ExprString(ast.Unparen(l)) != types.ExprString(ast.Unparen(c.Args[0])) {
		return false
	}
	k := t.sliceVar(l)
	if k == nil || !t.prog.facts.mayPush(k) {
		return false
	}
	if _, elem := ast.Unparen(l).(*ast.IndexExpr); elem && t.prog.mayBeView(t.info, l) {
		return false
	}
	t.line("%s.push(%s);", t.expr(c.Args[0]).sure().at(pPrimary), t.appendArgs(c))
	return true
}

// sliceVar returns the variable or field that holds a slice.
func (t *tr) sliceVar(l ast.Expr) node {
	switch x := ast.Unparen(l).(type) {
	case *ast.Ident:
		if v, ok := t.info.Uses[x].(*types.Var); ok {
			return t.prog.key(v)
		}
		if v, ok := t.info.Defs[x].(*types.Var); ok {
			return t.prog.key(v)
		}
	case *ast.SelectorExpr:
		if v, ok := t.info.Uses[x.Sel].(*types.Var); ok {
			return t.prog.key(v)
		}
	case *ast.IndexExpr:
		if !isMap(t.info.TypeOf(x.X)) {
			return t.sliceVar(x.X)
		}
	}
	return nil
}

// deletes translates Go's idiom for removing elements.
func (t *tr) deletes(l ast.Expr, c *ast.CallExpr) bool {
	a, ok := ast.Unparen(c.Args[0]).(*ast.SliceExpr)
	if !ok || !c.Ellipsis.IsValid() || len(c.Args) != 2 || a.Low != nil || a.High == nil {
		return false
	}
	b, ok := ast.Unparen(c.Args[1]).(*ast.SliceExpr)
	if !ok || b.High != nil || b.Low == nil {
		return false
	}
	name := types.ExprString(ast.Unparen(l))
	if types.ExprString(ast.Unparen(a.X)) != name || types.ExprString(ast.Unparen(b.X)) != name {
		return false
	}
	if !t.prog.bounds.sure[a.Lbrack] || !t.prog.bounds.sure[b.Lbrack] {
		return false // splice has no checks
	}
	lo, hi := types.ExprString(a.High), types.ExprString(b.Low)
	n := ""
	if hi == lo+"+1" || hi == lo+" + 1" {
		n = "1"
	} else {
		n = t.expr(b.Low).s + " - " + t.expr(a.High).at(pAdd+1)
	}
	k := t.sliceVar(l)
	if k == nil || !t.prog.facts.mayPush(k) {
		// The array has other references: they must not see the change.
		t.line("%s = %s.toSpliced(%s, %s);", t.lhs(l), t.expr(l).sure().at(pPrimary), t.expr(a.High).s, n)
		return true
	}
	t.line("%s.splice(%s, %s);", t.expr(l).sure().at(pPrimary), t.expr(a.High).s, n)
	return true
}

func (t *tr) assignMany(s *ast.AssignStmt) {
	if !slices.ContainsFunc(s.Lhs, func(l ast.Expr) bool { return !isBlank(l) }) {
		for i, l := range s.Lhs {
			t.assignOne(l, s.Rhs[i])
		}
		return
	}
	pushes := true
	for i, l := range s.Lhs {
		c, ok := ast.Unparen(s.Rhs[i]).(*ast.CallExpr)
		if !ok || !t.isAppend(c) || isBytes(t.info.TypeOf(c)) || types.ExprString(ast.Unparen(l)) != types.ExprString(ast.Unparen(c.Args[0])) {
			pushes = false
			break
		}
		k := t.sliceVar(l)
		pushes = pushes && k != nil && t.prog.facts.mayPush(k)
	}
	if pushes {
		for i, l := range s.Lhs {
			t.assignOne(l, s.Rhs[i])
		}
		return
	}
	simple := true
	for _, l := range s.Lhs {
		switch x := ast.Unparen(l).(type) {
		case *ast.IndexExpr:
			if isMap(t.info.TypeOf(x.X)) {
				simple = false
			}
		case *ast.StarExpr:
			simple = false
		}
		if t.outsideVar(l) != "" || isBlank(l) || t.unsureElement(l) != nil {
			simple = false
		}
	}
	var vals []string
	for i, r := range s.Rhs {
		if isBlank(s.Lhs[i]) {
			vals = append(vals, t.expr(r).at(pAssign))
			continue
		}
		vals = append(vals, t.value(r, t.info.TypeOf(s.Lhs[i]), t.placeOf(s.Lhs[i])).at(pAssign))
	}
	for _, l := range s.Lhs {
		x, ok := ast.Unparen(l).(*ast.StarExpr)
		if !ok || !isSlice(t.info.TypeOf(x)) {
			continue
		}
		if _, ref := refElem(t.info.TypeOf(x.X)); !ref {
			// *s, rest = (*s)[:i], (*s)[i:]: the elements leave the array of s, so the rest has its own.
			for i, v := range vals {
				if rest, ok := strings.CutPrefix(v, t.lang("view")+"("); ok {
					vals[i] = t.lang("slice") + "(" + rest
				}
			}
		}
	}
	s, vals = t.ordered(s, vals)
	if simple {
		// If no right side reads what a left side assigns, separate statements are easier to read.
		if t.independent(s) {
			for i, l := range s.Lhs {
				t.line("%s = %s;", t.lhs(l), vals[i])
			}
			return
		}
		var names []string
		for _, l := range s.Lhs {
			names = append(names, t.lhs(l))
		}
		t.line("[%s] = [%s];", strings.Join(names, ", "), strings.Join(vals, ", "))
		return
	}
	var tmps []string
	for range s.Lhs {
		tmps = append(tmps, t.fresh("next"))
	}
	t.line("const [%s] = [%s];", strings.Join(tmps, ", "), strings.Join(vals, ", "))
	for i, l := range s.Lhs {
		t.store(l, tmps[i])
	}
}

// ordered moves a target to the front if it has parts that another target changes: in i, a[i] = 1, 2 the index is the
// old one.
func (t *tr) ordered(s *ast.AssignStmt, vals []string) (*ast.AssignStmt, []string) {
	depth := func(e ast.Expr) int {
		n := 0
		ast.Inspect(e, func(x ast.Node) bool {
			switch x.(type) {
			case *ast.IndexExpr, *ast.SelectorExpr, *ast.StarExpr:
				n++
			}
			return true
		})
		return n
	}
	conflict := false
	for i, l := range s.Lhs {
		var o types.Object
		switch x := ast.Unparen(l).(type) {
		case *ast.Ident:
			o = t.info.Uses[x]
		case *ast.SelectorExpr:
			o = t.info.Uses[x.Sel]
		case *ast.IndexExpr:
			// a[a[0]] would see the new a[0].
			for _, m := range s.Lhs[i+1:] {
				if y, ok := ast.Unparen(m).(*ast.IndexExpr); ok && depth(y.Index) > 0 {
					conflict = true
				}
			}
			continue
		}
		for _, m := range s.Lhs[i+1:] {
			if _, plain := ast.Unparen(m).(*ast.Ident); plain {
				continue
			}
			ast.Inspect(m, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && o != nil && t.info.Uses[id] == o {
					if sel, ok := ast.Unparen(m).(*ast.SelectorExpr); !ok || sel.Sel != id {
						conflict = true
					}
				}
				return true
			})
		}
	}
	if !conflict {
		return s, vals
	}
	order := make([]int, len(s.Lhs))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return depth(s.Lhs[order[i]]) > depth(s.Lhs[order[j]]) })
	moved := *s
	moved.Lhs, moved.Rhs = nil, nil
	var list []string
	for _, i := range order {
		moved.Lhs = append(moved.Lhs, s.Lhs[i])
		moved.Rhs = append(moved.Rhs, s.Rhs[i])
		list = append(list, vals[i])
	}
	return &moved, list
}

// independent reports whether the assignments of a statement may be made one after the other.
func (t *tr) independent(s *ast.AssignStmt) bool {
	for i, l := range s.Lhs {
		if i == len(s.Lhs)-1 {
			break
		}
		var o types.Object
		switch x := ast.Unparen(l).(type) {
		case *ast.Ident:
			o = t.info.Uses[x]
		case *ast.SelectorExpr:
			o = t.info.Uses[x.Sel]
		default:
			return false
		}
		for j := i + 1; j < len(s.Lhs); j++ {
			used := false
			for _, e := range []ast.Expr{s.Rhs[j], s.Lhs[j]} {
				ast.Inspect(e, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok && t.info.Uses[id] == o {
						used = true
					}
					if _, ok := n.(*ast.CallExpr); ok {
						if tv := t.info.Types[n.(ast.Expr)]; tv.Value == nil {
							if _, isType, isBuiltin := callee(t.info, n.(*ast.CallExpr)); !isType && !isBuiltin {
								used = true
							}
						}
					}
					return true
				})
			}
			if used {
				return false
			}
		}
	}
	return true
}

// store assigns a value that has been evaluated.
func (t *tr) store(l ast.Expr, v string) {
	if isBlank(l) {
		return
	}
	if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
		if m, ok := t.info.TypeOf(ix.X).Underlying().(*types.Map); ok {
			t.line("%s.set(%s, %s);", t.mapToSet(ix.X), t.key(ix.Index, m.Key()), v)
			return
		}
	}
	if st, ok := ast.Unparen(l).(*ast.StarExpr); ok {
		if _, ok := refElem(t.info.TypeOf(st.X)); ok {
			t.line("%s.value = %s;", t.expr(st.X).sure().at(pPrimary), v)
			return
		}
		set := "Object.assign"
		switch t.info.TypeOf(st).Underlying().(type) {
		case *types.Slice, *types.Array:
			set = t.lang("assignSlice")
		case *types.Map:
			set = t.lang("assignMap")
		}
		t.line("%s(%s, %s);", set, t.expr(st.X).sure().s, v)
		return
	}
	if set := t.outsideVar(l); set != "" {
		t.line("%s(%s);", set, v)
		return
	}
	if ix := t.unsureElement(l); ix != nil {
		t.put(ix, v)
		return
	}
	t.line("%s = %s;", t.lhs(l), v)
}

// ---- definitions

// define translates :=, and var with values.
func (t *tr) define(lhs, rhs []ast.Expr, end token.Pos, isVar bool) {
	if len(rhs) == 1 && len(lhs) == 1 && t.errorOnly(lhs[0], rhs[0], true, end) {
		return
	}
	if len(rhs) == len(lhs) {
		if len(lhs) > 1 && t.anyOld(lhs) {
			t.defineMixed(lhs, rhs, end)
			return
		}
		vals := make([]X, len(rhs))
		for i, l := range lhs {
			v, _ := t.info.Defs[l.(*ast.Ident)].(*types.Var)
			if v == nil { // blank
				vals[i] = t.expr(rhs[i])
				continue
			}
			vals[i] = t.value(rhs[i], v.Type(), t.prog.key(v))
		}
		for i, l := range lhs {
			id := l.(*ast.Ident)
			v, _ := t.info.Defs[id].(*types.Var)
			if v == nil || id.Name == "_" {
				if _, ok := ast.Unparen(rhs[i]).(*ast.Ident); !ok {
					t.line("%s;", vals[i].s)
				}
				continue
			}
			t.defineOne(v, vals[i], rhs[i], end, isVar)
		}
		return
	}
	t.defineTuple(lhs, rhs[0], end)
}

func (t *tr) anyOld(lhs []ast.Expr) bool {
	for _, l := range lhs {
		if id, ok := l.(*ast.Ident); ok && id.Name != "_" && t.info.Defs[id] == nil {
			return true
		}
	}
	return false
}

// keyword tells how a variable is declared.
func (t *tr) keyword(v *types.Var) string {
	k := t.prog.key(v)
	if t.onlyPushed(v) {
		return "const"
	}
	if t.prog.facts.assigned[k] > 0 || t.prog.facts.redefined[k] > 0 && !t.prog.ssa[k] {
		return "let"
	}
	return "const"
}

// onlyPushed reports whether all assignments to a variable are x = append(x, …), which becomes a push.
func (t *tr) onlyPushed(v *types.Var) bool {
	k := t.prog.key(v)
	u := t.prog.facts.slices[k]
	return u != nil && !u.several && isSlice(v.Type()) && !isBytes(v.Type()) && len(u.appends) > 0 && t.prog.facts.assigned[k] == len(u.appends) &&
		t.prog.facts.redefined[k] == 0 && t.prog.facts.mayPush(k)
}

func (t *tr) defineOne(v *types.Var, x X, r ast.Expr, end token.Pos, isVar bool) {
	k := t.prog.key(v)
	// x := x, for a closure in a loop: every iteration has its own variable anyway.
	if id, ok := ast.Unparen(r).(*ast.Ident); ok && id.Name == v.Name() && !t.isRefVar(v) {
		if o, ok := t.info.Uses[id].(*types.Var); ok && t.prog.facts.inRange[t.prog.key(o)] && t.keyword(v) == "const" && t.stable(id) {
			t.locals[k] = t.locals[t.prog.key(o)]
			return
		}
	}
	name := t.declare(v, end)
	if t.isRefVar(v) {
		t.line("const %s = %s<%s>(%s);", name, t.lang("ref"), t.place(v.Type(), k), x.s)
		return
	}
	kw := t.keyword(v)
	ty := ""
	if t.wantsType(v, x, r, kw, isVar) {
		ty = ": " + t.funcPlace(v.Type(), k)
	}
	if kw == "let" && isBool(v.Type()) && isBoolLiteral(x.s) && t.prog.facts.capSet[k] {
		x.s += " as boolean"
	}
	if ty == "" && kw == "const" && t.info.Types[r].Value != nil && t.prog.facts.compared[k] {
		ty = ": " + t.typ(v.Type()) // TypeScript would infer the literal's own type
	}
	if x.s == "undefined" && t.prog.facts.capSet[k] {
		t.line("%s %s = undefined as %s;", kw, name, t.funcPlace(v.Type(), k))
		return
	}
	t.line("%s %s%s = %s;", kw, name, ty, x.s)
	if !x.undef && isNilable(v.Type()) && t.prog.facts.nils[k] && kw == "const" {
		t.narrowings[name]++
	}
}

// wantsType reports whether a declaration needs a type annotation: where TypeScript would infer another type.
func (t *tr) wantsType(v *types.Var, x X, r ast.Expr, kw string, isVar bool) bool {
	ty := v.Type()
	k := t.prog.key(v)
	if strings.HasPrefix(x.s, "[") && isSlice(ty) || x.s == "[]" {
		if x.s == "[]" {
			return true
		}
		el := elemOf(ty)
		if isIface(el) || isFunc(el) || isPointer(el) || isStruct(el) && namedOf(el) == nil || isSlice(el) {
			return true
		}
		return false
	}
	if strings.HasPrefix(x.s, "[") && isArray(ty) && (isIface(elemOf(ty)) || isPointer(elemOf(ty)) || isSlice(elemOf(ty)) || isFunc(elemOf(ty))) {
		return true
	}
	if x.s == "undefined" {
		return true
	}
	if kw == "let" && isNilable(ty) {
		return t.prog.facts.nils[k] || isIface(ty) || isFunc(ty)
	}
	if isIface(ty) && isVar && !isIface(t.info.TypeOf(r)) {
		return true
	}
	if isFunc(ty) {
		// The function may refer to itself, or a function that waits may be assigned later.
		return isVar && kw == "let"
	}
	if kw == "let" && (isMap(ty) || isChan(ty) || isBytes(ty)) {
		return true
	}
	return x.s == "nilMap()" || strings.HasSuffix(x.s, "nilChan()") || strings.HasPrefix(x.s, "{") && kw == "let"
}

// defineMixed translates a, b := x, y where one of the variables exists already.
func (t *tr) defineMixed(lhs, rhs []ast.Expr, end token.Pos) {
	var vals, tmps []string
	for i, r := range rhs {
		ty := t.info.TypeOf(lhs[i])
		if isBlank(lhs[i]) {
			ty = t.info.TypeOf(r)
		}
		vals = append(vals, t.value(r, ty, t.placeOf(lhs[i])).at(pAssign))
	}
	for _, l := range lhs {
		id, ok := l.(*ast.Ident)
		if !ok || id.Name == "_" {
			tmps = append(tmps, "")
			continue
		}
		if v, ok := t.info.Defs[id].(*types.Var); ok {
			name := t.declare(v, end)
			t.line("let %s: %s;", name, t.varType(v))
			tmps = append(tmps, name)
		} else {
			tmps = append(tmps, t.lhs(id))
		}
	}
	t.line("[%s] = [%s];", strings.Join(tmps, ", "), strings.Join(vals, ", "))
}

// A part is one value of an expression with several values.
type part struct {
	undef bool
	// copy is set for a struct of a container, which keeps it.
	copy bool
	// fallback is the default in a destructuring pattern.
	fallback string
	// cast is the type of a value that is undefined beside an error, where nobody reads it.
	cast string
}

// defineTuple translates a, b := f(), and the forms with ok.
func (t *tr) defineTuple(lhs []ast.Expr, r ast.Expr, end token.Pos) {
	if t.defineOk(lhs, r, end) {
		return
	}
	x, parts := t.tupleExpr(r, lhs)
	t.bindTuple(lhs, x, parts, end)
}

// tupleExpr translates an expression with several values.
func (t *tr) tupleExpr(r ast.Expr, lhs []ast.Expr) (string, []part) {
	parts := make([]part, len(lhs))
	switch e := ast.Unparen(r).(type) {
	case *ast.UnaryExpr: // <-ch
		ch := t.info.TypeOf(e.X).Underlying().(*types.Chan)
		el := ch.Elem()
		if isNilable(el) || isTypeParam(el) {
			parts[0].undef = true
		} else if !isEmptyStruct(el) {
			parts[0].fallback = t.zero(el)
		}
		return "await " + t.expr(e.X).sure().at(pPrimary) + ".receiveOk()", parts
	case *ast.IndexExpr:
		m := t.info.TypeOf(e.X).Underlying().(*types.Map)
		e = t.entryOnce(e)
		x := t.mapToGet(e.X)
		k := t.key(e.Index, m.Key())
		has := x + ".has(" + k + ")"
		if strings.HasSuffix(x, "?") {
			has += " === true"
		}
		v := x + ".get(" + k + ")"
		if isNilable(m.Elem()) || isTypeParam(m.Elem()) {
			parts[0].undef = true
		} else {
			v = t.ownCopy(v+" ?? "+t.zero(m.Elem()), m.Elem())
		}
		return "[" + v + ", " + has + "]", parts
	case *ast.TypeAssertExpr:
		ty := t.info.TypeOf(e.Type)
		x := t.expr(e.X)
		s := x.s
		if strings.ContainsAny(s, "( ") {
			tmp := t.fresh("value")
			t.line("const %s = %s;", tmp, s)
			s = tmp
		}
		test := t.testType(s, ty)
		if test == "" {
			test = t.unported(e, "assertion", "a type assertion to "+t.goType(ty), "ask for something that is there at run time").s
		}
		v := t.unboxed(X{s: s, p: pPrimary}, ty)
		if v == "" {
			v = s + " as " + t.typ(ty)
			if from := t.info.TypeOf(e.X); isIface(from) && !isAny(from) && isIface(ty) {
				v = s + " as unknown as " + t.typ(ty)
			}
		}
		if !strings.HasPrefix(v, "(") {
			v = t.ownCopy(v, ty)
		}
		z := t.zeroOf(ty)
		if isNilable(ty) {
			parts[0].undef = true
		}
		return "[" + test + " ? (" + v + ") : " + z + ", " + test + "]", parts
	case *ast.CallExpr:
		return t.expr(e).s, t.callParts(e, len(lhs))
	}
	return t.expr(r).s, parts
}

// callParts tells which results of a call may be undefined.
func (t *tr) callParts(c *ast.CallExpr, n int) []part {
	if t.throwsHere(c) && n == t.results(c) {
		return t.resultParts(c)
	}
	parts := make([]part, n)
	fn, _, _ := callee(t.info, c)
	tu, ok := t.info.TypeOf(c).(*types.Tuple)
	if !ok {
		return parts
	}
	for i := 0; i < n && i < tu.Len(); i++ {
		if ty := tu.At(i).Type(); (isArray(ty) || isStruct(ty) && t.needsCopy(ty)) && t.ofContainer(c, i) {
			parts[i].copy = true
		}
		if !isNilable(tu.At(i).Type()) {
			if fn != nil && t.prog.isLocal(fn.Pkg()) {
				parts[i].fallback = t.zeroResult(fn, i, tu.At(i).Type())
			}
			continue
		}
		if fn != nil && !t.prog.isLocal(fn.Pkg()) {
			parts[i].undef = isError(tu.At(i).Type()) || t.stdUndef(fn, i)
			continue
		}
		for _, k := range t.prog.facts.resultPlaces(t.info, c, i) {
			parts[i].undef = parts[i].undef || t.prog.facts.nils[k]
		}
	}
	return parts
}

// results is the number of results of a call.
func (t *tr) results(c *ast.CallExpr) int {
	if tu, ok := t.info.TypeOf(c).(*types.Tuple); ok {
		return tu.Len()
	}
	return 1
}

// stdUndef reports whether a result of the library is undefined where Go's is a zero value.
func (t *tr) stdUndef(fn *types.Func, i int) bool {
	switch fn.FullName() {
	case "(*sync.Map).Load", "(*sync.Map).LoadOrStore", "(*sync.Map).LoadAndDelete":
		return i == 0
	}
	return false
}

// bindTuple declares or assigns the values of a tuple.
func (t *tr) bindTuple(lhs []ast.Expr, x string, parts []part, end token.Pos) {
	var names []string
	anyOld, anyLet := false, false
	type fresh struct {
		v    *types.Var
		name string
	}
	var news []fresh
	var late []func()
	for i, l := range lhs {
		id, ok := l.(*ast.Ident)
		if ok && id.Name == "_" {
			names = append(names, "")
			continue
		}
		var name string
		if ok {
			v, isNew := t.info.Defs[id].(*types.Var)
			if !isNew && t.redeclares(id) {
				v, isNew = t.info.Uses[id].(*types.Var)
			}
			if isNew {
				name = t.declare(v, end)
				if t.isRefVar(v) {
					raw := t.fresh(name + "Value")
					rname, vv := name, v
					late = append(late, func() {
						t.line("const %s = %s<%s>(%s);", rname, t.lang("ref"), t.place(vv.Type(), t.prog.key(vv)), raw)
					})
					name = raw
					news = append(news, fresh{v, name})
				} else if parts[i].copy && t.fn != nil && t.changedIn(v, t.fn.node) {
					raw := t.fresh(name + "Value")
					rname, vv := name, v
					late = append(late, func() {
						t.line("%s %s = %s;", t.keyword(vv), rname, t.ownCopy(raw, vv.Type()))
					})
					name = raw
					news = append(news, fresh{v, name})
				} else {
					news = append(news, fresh{v, name})
					anyLet = anyLet || t.keyword(v) == "let"
				}
				if parts[i].undef && isTypeParam(v.Type()) {
					t.maybeUndef[t.prog.key(v)] = true
				}
				if parts[i].fallback != "" {
					name += " = " + parts[i].fallback
				}
				names = append(names, name)
				continue
			}
			if v, ok := t.info.Uses[id].(*types.Var); ok && t.prog.ssa[t.prog.key(v)] {
				// The value gets a new name. The variable is translated to that name from here on.
				name = t.renamed(v)
				if parts[i].fallback != "" {
					name += " = " + parts[i].fallback
				}
				names = append(names, name)
				continue
			}
		}
		anyOld = true
		names = append(names, "")
	}
	trimmed := names
	for len(trimmed) > 0 && trimmed[len(trimmed)-1] == "" {
		trimmed = trimmed[:len(trimmed)-1]
	}
	switch {
	case !anyOld && len(trimmed) == 0:
		t.line("%s;", x)
	case !anyOld:
		kw := "const"
		if anyLet {
			kw = "let"
		}
		t.line("%s [%s] = %s;", kw, strings.Join(trimmed, ", "), x)
		for _, f := range late {
			f()
		}
	default:
		// Some of the variables exist already.
		for _, n := range news {
			t.line("let %s: %s;", n.name, t.declType(n.v))
		}
		t.assignParts(lhs, names, x, parts)
		for _, f := range late {
			f()
		}
	}
}

func (t *tr) declType(v *types.Var) string {
	s := t.funcPlace(v.Type(), t.prog.key(v))
	return s
}

// renamed gives a redefined variable its next name.
func (t *tr) renamed(v *types.Var) string {
	k := t.prog.key(v)
	base := lower(v.Name())
	for i := 1; ; i++ {
		name := base + itoa(i)
		if _, vis := t.visible(name); !vis && !t.mentioned(name) {
			if _, pk := t.pkgByName[name]; !pk {
				t.scopes[len(t.scopes)-1].names[name] = k
				t.locals[k] = name
				t.forget(name)
				return name
			}
		}
	}
}

// assignTuple translates a, b = f().
func (t *tr) assignTuple(lhs []ast.Expr, r ast.Expr) {
	x, parts := t.tupleExpr(r, lhs)
	for _, l := range lhs {
		if id, ok := ast.Unparen(l).(*ast.Ident); ok && t.redeclares(id) {
			t.bindTuple(lhs, x, parts, r.End())
			return
		}
	}
	t.assignParts(lhs, make([]string, len(lhs)), x, parts)
}

// assignParts assigns the values of a tuple to existing targets; given has the names of new variables.
func (t *tr) assignParts(lhs []ast.Expr, given []string, x string, parts []part) {
	simple := true
	if len(parts) == 2 && parts[0].cast != "" {
		x += " as readonly [" + parts[0].cast + ", Error | undefined]"
	}
	for i, l := range lhs {
		if given[i] != "" || isBlank(l) {
			continue
		}
		if t.outsideVar(l) != "" || t.unsureElement(l) != nil {
			simple = false
		}
		switch e := ast.Unparen(l).(type) {
		case *ast.IndexExpr:
			if isMap(t.info.TypeOf(e.X)) {
				simple = false
			}
		case *ast.StarExpr:
			if _, ok := refElem(t.info.TypeOf(e.X)); !ok {
				simple = false
			}
		}
		if parts[i].undef && !t.prog.facts.nils[t.placeOf(l)] {
			simple = false
		}
	}
	if simple {
		var names []string
		for i, l := range lhs {
			switch {
			case given[i] != "":
				names = append(names, strings.SplitN(given[i], " = ", 2)[0]+fallback(parts[i]))
			case isBlank(l):
				names = append(names, "")
			default:
				names = append(names, t.lhs(l)+fallback(parts[i]))
			}
		}
		for len(names) > 0 && names[len(names)-1] == "" {
			names = names[:len(names)-1]
		}
		if len(names) == 0 {
			t.line("%s;", x)
			return
		}
		t.line("[%s] = %s;", strings.Join(names, ", "), x)
		return
	}
	var tmps []string
	for _, l := range lhs {
		if isBlank(l) {
			tmps = append(tmps, "")
			continue
		}
		tmps = append(tmps, t.fresh("next"))
	}
	var pat []string
	for i := range tmps {
		if tmps[i] == "" {
			pat = append(pat, "")
			continue
		}
		pat = append(pat, tmps[i]+fallback(parts[i]))
	}
	t.line("const [%s] = %s;", strings.Join(pat, ", "), x)
	for i, l := range lhs {
		if tmps[i] == "" {
			continue
		}
		v := tmps[i]
		if given[i] != "" {
			t.line("%s = %s;", strings.SplitN(given[i], " = ", 2)[0], v)
			continue
		}
		if parts[i].undef && !t.prog.facts.nils[t.placeOf(l)] {
			v += "!"
		}
		t.store(l, v)
	}
}

// zeroOf returns a zero value whose type TypeScript can infer.
func (t *tr) zeroOf(ty types.Type) string {
	if c, ok := ty.Underlying().(*types.Chan); ok {
		return t.gocsp("nilChan") + "<" + t.chanElem(c) + ">()"
	}
	return t.zero(ty)
}

func fallback(p part) string {
	if p.fallback == "" {
		return ""
	}
	return " = " + p.fallback
}

// defineOk translates v, ok := m[k] and v, ok := x.(T), where both are new, in a form that TypeScript can narrow.
func (t *tr) defineOk(lhs []ast.Expr, r ast.Expr, end token.Pos) bool {
	if len(lhs) != 2 || t.anyOld(lhs) {
		return false
	}
	vid, oid := lhs[0].(*ast.Ident), lhs[1].(*ast.Ident)
	v, _ := t.info.Defs[vid].(*types.Var)
	o, _ := t.info.Defs[oid].(*types.Var)
	if v != nil && v.Name() == "_" {
		v = nil
	}
	if o != nil && o.Name() == "_" {
		o = nil
	}
	if v != nil && t.isRefVar(v) {
		return false
	}
	switch e := ast.Unparen(r).(type) {
	case *ast.IndexExpr:
		m, ok := t.info.TypeOf(e.X).Underlying().(*types.Map)
		if !ok {
			return false
		}
		if v != nil {
			e = t.entryOnce(e)
		}
		x := t.mapToGet(e.X)
		k := t.key(e.Index, m.Key())
		has := x + ".has(" + k + ")"
		if strings.HasSuffix(x, "?") {
			has += " === true"
		}
		get := x + ".get(" + k + ")"
		if v == nil {
			if o == nil {
				t.line("%s;", get)
				return true
			}
			t.line("%s %s = %s;", t.keyword(o), t.declare(o, end), has)
			return true
		}
		nilable := isNilable(m.Elem())
		if !nilable && !isTypeParam(m.Elem()) {
			get += " ?? " + t.zero(m.Elem())
		}
		if nilable || isTypeParam(m.Elem()) {
			t.maybeUndef[t.prog.key(v)] = true
		}
		get = strings.TrimSpace(get)
		vname := t.declare(v, end)
		get = t.ownCopy(get, m.Elem())
		ty := ""
		if t.keyword(v) == "let" && (nilable || isSlice(m.Elem()) || isMap(m.Elem())) {
			ty = ": " + orNilIf(t.funcPlace(v.Type(), t.prog.key(v)), nilable)
		}
		t.line("%s %s%s = %s;", t.keyword(v), vname, ty, get)
		if o != nil {
			oname := t.declare(o, end)
			// Elements are never undefined, so undefined means that there is none.
			if nilable && !t.prog.facts.nils[elemNode(m)] && t.keyword(v) == "const" && t.keyword(o) == "const" {
				t.line("const %s = %s !== undefined;", oname, vname)
				t.okVars[t.prog.key(o)] = vname
			} else {
				t.line("%s %s = %s;", t.keyword(o), oname, has)
			}
		}
		return true
	case *ast.TypeAssertExpr:
		ty := t.info.TypeOf(e.Type)
		x := t.expr(e.X)
		s := x.s
		if strings.ContainsAny(s, "( ") {
			tmp := t.fresh("value")
			t.line("const %s = %s;", tmp, s)
			s = tmp
		}
		test := t.testType(s, ty)
		if test == "" {
			return false
		}
		if v == nil {
			if o != nil {
				t.line("%s %s = %s;", t.keyword(o), t.declare(o, end), test)
			}
			return true
		}
		val := t.unboxed(X{s: s, p: pPrimary}, ty)
		if val == "" {
			val = "(" + s + " as " + t.typ(ty) + ")"
			if from := t.info.TypeOf(e.X); isIface(from) && !isAny(from) && isIface(ty) {
				val = "(" + s + " as unknown as " + t.typ(ty) + ")"
			}
			val = t.ownCopy(val, ty)
		}
		vname := t.declare(v, end)
		if isNilable(ty) && t.keyword(v) == "const" && o != nil && t.keyword(o) == "const" {
			t.maybeUndef[t.prog.key(v)] = true
			t.line("const %s = %s ? %s : undefined;", vname, test, val)
			oname := t.declare(o, end)
			t.line("const %s = %s !== undefined;", oname, vname)
			t.okVars[t.prog.key(o)] = vname
			return true
		}
		if isNilable(ty) {
			t.maybeUndef[t.prog.key(v)] = true
		}
		if o != nil {
			oname := t.declare(o, end)
			t.line("%s %s = %s;", t.keyword(o), oname, test)
			t.line("%s %s = %s ? %s : %s;", t.keyword(v), vname, oname, val, t.zeroOf(ty))
			return true
		}
		t.line("%s %s = %s ? %s : %s;", t.keyword(v), vname, test, val, t.zeroOf(ty))
		return true
	case *ast.UnaryExpr:
		ch, ok := t.info.TypeOf(e.X).Underlying().(*types.Chan)
		if !ok {
			return false
		}
		if v != nil && (isNilable(ch.Elem()) || isTypeParam(ch.Elem())) && t.keyword(v) == "const" && o != nil && t.keyword(o) == "const" {
			vname := t.declare(v, end)
			oname := t.declare(o, end)
			t.maybeUndef[t.prog.key(v)] = true
			if !t.prog.facts.nils[elemNode(ch)] {
				t.okVars[t.prog.key(o)] = vname
			}
			t.line("const [%s, %s] = await %s.receiveOk();", vname, oname, t.expr(e.X).sure().at(pPrimary))
			return true
		}
	}
	return false
}

// ownCopy copies a struct or an array that a map or an interface keeps.
func (t *tr) ownCopy(s string, ty types.Type) string {
	x := X{s: s, p: pComma}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && strings.Count(s, "(") == 1 {
		x.p = pPrimary
	}
	switch {
	case isArray(ty):
		return t.cloneOfArray(x, ty).s
	case isStruct(ty) && t.needsCopy(ty):
		return t.clone(X{s: x.at(pPrimary), p: pPrimary}, ty).s
	}
	return s
}

// inMap returns the call of get for a map that is itself an element of a map, "" for any other expression.
func (t *tr) inMap(e ast.Expr) string {
	ix, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return ""
	}
	m, ok := t.info.TypeOf(ix.X).Underlying().(*types.Map)
	if !ok {
		return ""
	}
	return t.mapToGet(ix.X) + ".get(" + t.key(ix.Index, m.Key()) + ")"
}

// mapToGet translates a map that is read. A missing inner map counts as empty.
func (t *tr) mapToGet(e ast.Expr) string {
	if s := t.inMap(e); s != "" {
		return s + "?"
	}
	return t.expr(e).sure().at(pPrimary)
}

// mapToSet translates a map that is written to.
func (t *tr) mapToSet(e ast.Expr) string {
	if s := t.inMap(e); s != "" {
		return s + "!"
	}
	return t.expr(e).sure().at(pPrimary)
}

func orNilIf(s string, b bool) string {
	if b {
		return orNil(s)
	}
	return s
}
