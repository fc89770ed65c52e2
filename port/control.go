package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// ---- if

// thisType is the class of the method that is translated.
func (t *tr) thisType() string {
	for f := t.fn; f != nil; f = f.outer {
		if d, ok := f.node.(*ast.FuncDecl); ok && d.Recv != nil {
			return t.typ(f.sig.Recv().Type())
		}
	}
	return "never"
}

// yielded translates a call of an iterator's yield.
func (t *tr) yielded(e ast.Expr) (string, bool) {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || t.fn == nil || t.fn.yield == nil {
		return "", false
	}
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	if !ok || t.info.Uses[id] != t.fn.yield {
		return "", false
	}
	y := t.fn.yield.Type().Underlying().(*types.Signature)
	args := t.args(c, y, nil)
	switch len(args) {
	case 0:
		return "yield", true
	case 1:
		return "yield " + args[0], true
	}
	return "yield [" + strings.Join(args, ", ") + "]", true
}

// endsAtYield reports whether a statement may be `if !yield(x) { return }`.
func endsAtYield(s *ast.IfStmt) bool {
	u, ok := ast.Unparen(s.Cond).(*ast.UnaryExpr)
	if !ok || u.Op != token.NOT || s.Init != nil || s.Else != nil || len(s.Body.List) != 1 {
		return false
	}
	_, ok = s.Body.List[0].(*ast.ReturnStmt)
	return ok
}

func (t *tr) ifStmt(s *ast.IfStmt) {
	if t.fn != nil && !t.fn.exact && endsAtYield(s) {
		if y, ok := t.yielded(ast.Unparen(s.Cond).(*ast.UnaryExpr).X); ok {
			t.line("%s;", y)
			t.skipComments(s.End())
			return
		}
	}
	if s.Init != nil && t.prog.throws.plain(s.Init) != nil {
		t.plainSite(s.Init)
		t.skipComments(s.End())
		return
	}
	t.ifInit(s)
	t.ifChain(s, "")
}

// ifInit prints the initial statement of an if. Its variables are declared in the enclosing block.
func (t *tr) ifInit(s *ast.IfStmt) {
	if s.Init == nil {
		return
	}
	t.hoist(s.Init)
}

// hoist translates the initial statement of an if or switch in the enclosing block.
func (t *tr) hoist(s ast.Stmt) {
	old := t.hoisting
	t.hoisting = true
	t.statement(s)
	t.hoisting = old
}

func (t *tr) ifChain(s *ast.IfStmt, head string) {
	cond := t.condition(s.Cond)
	yes, no := t.implied(s.Cond)
	t.line("%sif (%s) {", head, cond)
	t.trailing(s.Body.Lbrace)
	t.narrow(yes)
	t.body(s.Body)
	t.widen(yes)
	switch e := s.Else.(type) {
	case nil:
		t.line("}")
		if terminates(s.Body.List) {
			t.narrow(no)
		}
	case *ast.BlockStmt:
		t.line("} else {")
		t.narrow(no)
		t.body(e)
		t.widen(no)
		t.line("}")
		if terminates(s.Body.List) {
			t.narrow(no)
		}
	case *ast.IfStmt:
		t.narrow(no)
		if e.Init != nil {
			t.line("} else {")
			t.push(e.Pos(), false)
			t.inner(func() { t.ifStmt(e) })
			t.pop()
			t.line("}")
		} else {
			t.ifChain(e, "} else ")
		}
		t.widen(no)
	}
}

func (t *tr) condition(e ast.Expr) string {
	x := t.expr(ast.Unparen(e))
	return x.s
}

// ---- for

func (t *tr) forStmt(s *ast.ForStmt, label string) {
	t.push(s.Pos(), false)
	defer t.pop()
	saved := t.saveNarrow()
	defer func() { t.restoreNarrow(saved) }()
	t.loopForget(s)
	init := ""
	if s.Init != nil {
		init = strings.TrimSuffix(t.oneStatement(s.Init), ";")
		if strings.Contains(init, "\n") {
			// If there is more than one statement, they go before the loop, in a block of their own.
			t.line("%s{", label)
			lines := t.capture(func() { t.statement(s.Init) })
			t.line("%s", lines)
			init = ""
		}
	}
	cond := ""
	var yes []string
	if s.Cond != nil {
		cond = t.condition(s.Cond)
		yes, _ = t.implied(s.Cond)
	}
	post := ""
	if s.Post != nil {
		post = strings.TrimSuffix(t.oneStatement(s.Post), ";")
		post = strings.ReplaceAll(post, ";\n", ", ")
	}
	switch {
	case s.Init == nil && s.Post == nil && s.Cond != nil:
		t.line("%swhile (%s) {", label, cond)
	case s.Init == nil && s.Post == nil:
		t.line("%sfor (;;) {", label)
	default:
		h := init + "; " + cond + ";"
		if post != "" {
			h += " " + post
		}
		t.line("%sfor (%s) {", label, h)
	}
	t.trailing(s.Body.Lbrace)
	t.narrow(yes)
	t.targets = append(t.targets, &target{})
	t.body(s.Body)
	t.targets = t.targets[:len(t.targets)-1]
	t.widen(yes)
	t.line("}")
}

// oneStatement translates a statement to a string.
func (t *tr) oneStatement(s ast.Stmt) string {
	old := t.out
	t.out = nil
	if as, ok := s.(*ast.AssignStmt); ok && as.Tok == token.DEFINE && len(as.Lhs) > 1 && len(as.Lhs) == len(as.Rhs) {
		// let i = 0, j = n
		var b []string
		for i, l := range as.Lhs {
			v, _ := t.info.Defs[l.(*ast.Ident)].(*types.Var)
			x := t.value(as.Rhs[i], v.Type(), t.prog.key(v))
			b = append(b, t.declare(v, as.End())+" = "+x.s)
		}
		t.out = []string{"let " + strings.Join(b, ", ") + ";"}
	} else {
		t.statement(s)
	}
	r := strings.Join(t.out, "\n")
	t.out = old
	return r
}

// ---- range

// pushedIn reports whether a slice is appended to in place while a loop goes over it.
func (t *tr) pushedIn(x ast.Expr, body ast.Node) bool {
	k := t.sliceVar(x)
	if k == nil {
		return false
	}
	found, waits := false, false
	ast.Inspect(body, func(n ast.Node) bool {
		if as, ok := n.(*ast.AssignStmt); ok && len(as.Rhs) == 1 {
			if c, ok := ast.Unparen(as.Rhs[0]).(*ast.CallExpr); ok && t.isAppend(c) && t.sliceVar(as.Lhs[0]) == k {
				found = true
			}
		}
		return true
	})
	if found {
		return t.prog.facts.mayPush(k)
	}
	_, isField := ast.Unparen(x).(*ast.SelectorExpr)
	if isField || t.prog.facts.captured[k] {
		inspectBody(body, func(n ast.Node) {
			switch c := n.(type) {
			case *ast.CallExpr:
				waits = waits || t.asyncCall(c)
				if fn, isType, isBuiltin := callee(t.info, c); !isType && !isBuiltin && isField && t.prog.facts.appended[k] && (fn == nil || t.prog.isLocal(fn.Pkg())) {
					waits = true
				}
			case *ast.SendStmt, *ast.SelectStmt:
				waits = true
			case *ast.UnaryExpr:
				waits = waits || c.Op == token.ARROW
			}
		})
	}
	return waits && t.prog.facts.appended[k] && t.prog.facts.mayPush(k)
}

func (t *tr) rangeStmt(s *ast.RangeStmt, label string) {
	ty := t.info.TypeOf(s.X)
	x := t.expr(s.X).sure()
	t.push(s.Pos(), false)
	defer t.pop()
	saved := t.saveNarrow()
	defer func() { t.restoreNarrow(saved) }()
	t.loopForget(s)

	// The variables of the loop, and statements at the head of its body for those that are assigned.
	var pre []func()
	bind := func(e ast.Expr) string {
		if e == nil || isBlank(e) {
			return ""
		}
		if s.Tok == token.DEFINE {
			id := e.(*ast.Ident)
			v := t.info.Defs[id].(*types.Var)
			t.prog.facts.inRange[t.prog.key(v)] = true
			name := t.declare(v, s.X.End())
			if t.isRefVar(v) {
				raw := t.fresh(name + "Value")
				pre = append(pre, func() {
					t.line("const %s = %s<%s>(%s);", name, t.lang("ref"), t.place(v.Type(), t.prog.key(v)), raw)
				})
				return raw
			}
			return name
		}
		tmp := t.fresh("next")
		pre = append(pre, func() { t.store(e, tmp) })
		return tmp
	}
	assigned := func(e ast.Expr) bool {
		if e == nil || isBlank(e) || s.Tok != token.DEFINE {
			return false
		}
		v, _ := t.info.Defs[e.(*ast.Ident)].(*types.Var)
		return v != nil && t.keyword(v) == "let" && !t.isRefVar(v)
	}
	kw := "const"
	if assigned(s.Key) || assigned(s.Value) {
		kw = "let"
	}
	// A struct that the loop changes is copied.
	copyElem := func(el types.Type) {
		if s.Value == nil || isBlank(s.Value) || s.Tok != token.DEFINE || !isStruct(el) && !isArray(el) {
			return
		}
		v := t.info.Defs[s.Value.(*ast.Ident)].(*types.Var)
		if t.isRefVar(v) {
			return
		}
		if (isArray(el) || t.needsCopy(el)) && (t.changedIn(v, s.Body) || t.changesElements(el, s.Body)) {
			name := t.locals[t.prog.key(v)]
			raw := t.fresh(name + "Elem")
			kw := t.keyword(v)
			pre = append(pre, func() {
				x := prim("%s", raw)
				if isArray(el) {
					x = t.cloneOfArray(x, el)
				} else {
					x = t.clone(x, el)
				}
				t.line("%s %s = %s;", kw, name, x.s)
			})
			t.swapName = [2]string{name, raw}
		}
	}
	var head string
	u := ty.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	t.swapName = [2]string{}
	sub := func(n string) string {
		if n != "" && n == t.swapName[0] {
			return t.swapName[1]
		}
		return n
	}
	switch c := u.(type) {
	case *types.Basic:
		if isString(ty) {
			k, v := bind(s.Key), bind(s.Value)
			r := t.lang("runes") + "(" + x.s + ")"
			switch {
			case k == "" && v == "":
				head = "for (const _ of " + r + ")"
			case v == "":
				head = "for (" + kw + " [" + k + "] of " + r + ")"
			default:
				head = "for (" + kw + " [" + k + ", " + v + "] of " + r + ")"
			}
			break
		}
		// range n
		i := bind(s.Key)
		if i == "" {
			i = t.fresh("i")
		}
		limit := x.s
		if _, isConst := constInt(t.info, s.X); isConst || t.stable(s.X) {
			head = "for (let " + i + " = 0; " + i + " < " + x.at(pLess+1) + "; " + i + "++)"
		} else {
			n := t.fresh("n")
			head = "for (let " + i + " = 0, " + n + " = " + limit + "; " + i + " < " + n + "; " + i + "++)"
		}
	case *types.Slice, *types.Array:
		el := elemOf(ty)
		k, v := bind(s.Key), bind(s.Value)
		if _, lit := ast.Unparen(s.X).(*ast.CompositeLit); lit && assigned(s.Value) && isIface(el) {
			x = prim("(%s as %s[])", x.s, t.typ(el))
		}
		copyElem(el)
		v = sub(v)
		from, _ := t.prog.facts.places(t.info, s.X)
		writes := len(from) > 0 && writesIn(t.info, s.Body, t.prog.alias, t.prog.alias.find(from[0]))
		if _, isArr := u.(*types.Array); isArr && v != "" && writes && !isPointer(ty) {
			x = t.cloneOfArray(x, ty) // the loop goes over a copy
		} else if t.pushedIn(s.X, s.Body) {
			if writes && v != "" {
				x = prim("%s(%s, 0)", t.lang("view"), x.s)
			} else {
				x = prim("%s.slice()", x.at(pPrimary))
			}
		}
		switch {
		case k == "" && v == "":
			head = "for (const _ of " + x.s + ")"
		case v == "":
			if kw == "const" {
				head = "for (const " + k + " of " + x.at(pPrimary) + ".keys())"
			} else {
				head = "for (let " + k + " of " + x.at(pPrimary) + ".keys())"
			}
		case k == "":
			head = "for (" + kw + " " + v + " of " + x.s + ")"
		default:
			head = "for (" + kw + " [" + k + ", " + v + "] of " + x.at(pPrimary) + ".entries())"
		}
	case *types.Map:
		k, v := bind(s.Key), bind(s.Value)
		copyElem(c.Elem())
		v = sub(v)
		switch {
		case k == "" && v == "":
			head = "for (const _ of " + x.at(pPrimary) + ".keys())"
		case v == "":
			head = "for (" + kw + " " + k + " of " + x.at(pPrimary) + ".keys())"
		case k == "":
			head = "for (" + kw + " " + v + " of " + x.at(pPrimary) + ".values())"
		default:
			head = "for (" + kw + " [" + k + ", " + v + "] of " + x.s + ")"
		}
	case *types.Chan:
		v := bind(s.Key)
		if v != "" && isTime(c.Elem()) && s.Tok == token.DEFINE {
			name, raw := v, t.fresh(v+"Date")
			pre = append(pre, func() { t.line("const %s = %s(%s);", name, t.stdFunc("time", "at"), raw) })
			v = raw
		}
		if v == "" {
			v = "_"
			if _, taken := t.visible("_"); taken {
				v = t.usingName()
			}
		}
		head = "for await (" + kw + " " + v + " of " + x.s + ")"
	case *types.Signature:
		if id := identOf(s.X); id != nil {
			if fn, ok := t.info.Uses[id].(*types.Func); ok && t.prog.isLocal(fn.Pkg()) && t.prog.generator(fn) == nil {
				x = t.unported(s.X, "iterator", "a loop over "+id.Name+", which keeps its yield, defers or waits", "write it as a generator")
				x.s += " as Iterable<never>"
			}
		}
		t.rangeFunc(s, x, label, c, bind)
		return
	default:
		t.line("throw %s;", t.unported(s, "range", "range over "+t.goType(ty), "write the loop by hand").s)
		return
	}
	t.line("%s%s {", label, head)
	t.trailing(s.Body.Lbrace)
	t.targets = append(t.targets, &target{})
	t.bodyWith(s.Body.List, s.Body.Lbrace, s.Body.Rbrace, func() {
		for _, f := range pre {
			f()
		}
	})
	t.targets = t.targets[:len(t.targets)-1]
	t.line("}")
}

// rangeFunc translates a loop over an iterator, which is an iterable here.
func (t *tr) rangeFunc(s *ast.RangeStmt, x X, label string, sig *types.Signature, bind func(ast.Expr) string) {
	k, v := bind(s.Key), bind(s.Value)
	y, _ := sig.Params().At(0).Type().Underlying().(*types.Signature)
	n := 1
	if y != nil {
		n = y.Params().Len()
	}
	aw := ""
	switch {
	case n == 2 && v != "":
		t.line("%sfor %s(const [%s, %s] of %s) {", label, aw, k, v, x.s)
	case n == 2 && k != "":
		t.line("%sfor %s(const [%s] of %s) {", label, aw, k, x.s)
	case k != "":
		t.line("%sfor %s(const %s of %s) {", label, aw, k, x.s)
	default:
		t.line("%sfor %s(const _ of %s) {", label, aw, x.s)
	}
	t.targets = append(t.targets, &target{})
	t.body(s.Body)
	t.targets = t.targets[:len(t.targets)-1]
	t.line("}")
}

// iterator translates a closure that is an iterator (iter.Seq) to an iterable object.
func (t *tr) iterator(l *ast.FuncLit, sig *types.Signature) (X, bool) {
	y := yieldOf(sig)
	if y == nil {
		return X{}, false
	}
	v := sig.Params().At(0)
	// A plain generator will do if every use of yield is `if !yield(x) { return }`, or a statement of its own.
	allowed := map[*ast.CallExpr]bool{}
	good := true
	inspectBody(l.Body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.IfStmt:
			if endsAtYield(n) {
				if c, ok := ast.Unparen(ast.Unparen(n.Cond).(*ast.UnaryExpr).X).(*ast.CallExpr); ok {
					if id, ok := c.Fun.(*ast.Ident); ok && t.info.Uses[id] == v {
						allowed[c] = true
					}
				}
			}
		case *ast.ExprStmt:
			if c, ok := n.X.(*ast.CallExpr); ok {
				if id, ok := c.Fun.(*ast.Ident); ok && t.info.Uses[id] == v {
					allowed[c] = true
				}
			}
		}
	})
	called := map[*ast.Ident]bool{}
	ast.Inspect(l.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok {
				called[id] = true
				if t.info.Uses[id] == v && !allowed[n] {
					good = false
				}
			}
		case *ast.FuncLit:
			ast.Inspect(n, func(m ast.Node) bool {
				if id, ok := m.(*ast.Ident); ok && t.info.Uses[id] == v {
					good = false
				}
				return true
			})
		case *ast.Ident:
			if t.info.Uses[n] == v && !called[n] {
				good = false // yield is passed on
			}
		}
		return true
	})
	if t.prog.facts.waits[l.Pos()] {
		t.skipComments(l.End())
		return t.unported(l, "iterator", "an iterator that waits", "write an async generator"), true
	}
	if !good && !t.exactIterator(l, sig) {
		t.skipComments(l.End())
		return t.unported(l, "iterator", "an iterator whose yield is kept, or called in a closure", "write a generator"), true
	}
	t.push(l.Pos(), true)
	old := t.fn
	t.fn = &fnState{sig: sig, outer: old, node: l, lit: l, yield: v, exact: !good}
	saved := t.narrowings
	t.narrowings = t.constNarrowings()
	body := t.block(l.Body)
	t.fn = old
	t.narrowings = saved
	t.pop()
	gen, make := "Generator<"+t.yieldType(y)+">", t.lang("seq")
	if !good {
		gen, make = "Generator<"+t.yieldType(y)+", void, boolean>", t.lang("pushing")
	}
	if regexp.MustCompile(`\bthis\b`).MatchString(body) {
		return X{s: make + "(function* (this: " + t.thisType() + "): " + gen + " " + body + ".bind(this))", p: pPrimary}, true
	}
	return X{s: make + "(function* (): " + gen + " " + body + ")", p: pPrimary}, true
}

// changesElements reports whether a loop changes an element of a type where it is: a field of list[i], or by a method.
func (t *tr) changesElements(el types.Type, body ast.Node) bool {
	found := false
	element := func(e ast.Expr) bool {
		for {
			switch x := ast.Unparen(e).(type) {
			case *ast.IndexExpr:
				if ty := t.info.TypeOf(x); ty != nil && types.Identical(ty, el) && !isMap(t.info.TypeOf(x.X)) {
					return true
				}
				e = x.X
			case *ast.SelectorExpr:
				if isPointer(t.info.TypeOf(x)) {
					return false
				}
				e = x.X
			default:
				return false
			}
		}
	}
	set := func(e ast.Expr) {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			found = found || element(x.X)
		case *ast.IndexExpr:
			found = found || isArray(t.info.TypeOf(x.X)) && element(x.X)
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				set(l)
			}
		case *ast.IncDecStmt:
			set(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && element(n.X)
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
				if s := t.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
					if r := recvOf(s.Obj().(*types.Func)); r != nil && isPointer2(r) && !isPointer(t.info.TypeOf(sel.X)) {
						found = found || element(sel.X)
					}
				}
			}
		}
		return !found
	})
	return found
}

// changedIn reports whether a loop changes its variable, or takes its address.
func (t *tr) changedIn(v *types.Var, body ast.Node) bool {
	k := t.prog.key(v)
	if t.prog.facts.addressed[k] || t.prog.facts.assigned[k] > 0 {
		return true
	}
	found := false
	root := func(e ast.Expr) {
		for {
			switch x := ast.Unparen(e).(type) {
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.Ident:
				if t.info.Uses[x] == v {
					found = true
				}
			}
			return
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				root(l)
			}
		case *ast.IncDecStmt:
			root(n.X)
		}
		return true
	})
	return found
}

// ---- switch

// plainBreak reports whether some clause breaks out of the switch.
func clausesBreak(b *ast.BlockStmt) bool {
	for _, c := range b.List {
		var l []ast.Stmt
		switch cc := c.(type) {
		case *ast.CaseClause:
			l = cc.Body
		case *ast.CommClause:
			l = cc.Body
		}
		if hasBreakTo(&ast.BlockStmt{List: l}, "", true) {
			return true
		}
	}
	return false
}

// chainLabel begins an if chain in place of a switch: with a label if something breaks out of it.
func (t *tr) chainLabel(b *ast.BlockStmt, label, base string) (open bool) {
	own := strings.TrimSuffix(label, ": ")
	tg := &target{chain: true, label: own}
	need := label != ""
	if clausesBreak(b) {
		need = true
		if own == "" {
			tg.label = t.fresh(base)
			own = tg.label
		}
	}
	t.targets = append(t.targets, tg)
	if need {
		t.line("%s: {", own)
		return true
	}
	return false
}

func (t *tr) switchStmt(s *ast.SwitchStmt, label string) {
	if s.Init != nil {
		t.hoist(s.Init)
	}
	bodies := t.clauseBodies(s.Body)
	chain := s.Tag == nil
	var tt types.Type
	if s.Tag != nil {
		tt = t.info.TypeOf(s.Tag)
		if isStruct(tt) || isArray(tt) || isTime(tt) || isIface(tt) && t.structLike(tt) {
			chain = true
		}
	}
	if chain {
		t.switchChain(s, label, bodies)
		return
	}
	tag := t.expr(s.Tag)
	t.line("%sswitch (%s) {", label, tag.s)
	t.targets = append(t.targets, &target{})
	t.inner(func() {
		for i, c := range s.Body.List {
			cc := c.(*ast.CaseClause)
			t.before(cc)
			var heads []string
			for _, e := range cc.List {
				heads = append(heads, "case "+t.value(e, tt, nil).s+":")
			}
			if cc.List == nil {
				heads = []string{"default:"}
			}
			t.clause(strings.Join(heads, "\n"), nil, bodies[i], cc, i == len(s.Body.List)-1)
		}
	})
	t.targets = t.targets[:len(t.targets)-1]
	t.line("}")
}

// clauseBodies returns the statements of each clause, and of the clauses that it falls through to.
func (t *tr) clauseBodies(b *ast.BlockStmt) [][]ast.Stmt {
	out := make([][]ast.Stmt, len(b.List))
	for i := len(b.List) - 1; i >= 0; i-- {
		l := b.List[i].(*ast.CaseClause).Body
		if n := len(l); n > 0 {
			if br, ok := l[n-1].(*ast.BranchStmt); ok && br.Tok == token.FALLTHROUGH && i+1 < len(b.List) {
				l = append(append([]ast.Stmt(nil), l[:n-1]...), out[i+1]...)
			}
		}
		out[i] = l
	}
	return out
}

func declaresIn(l []ast.Stmt) bool {
	for _, s := range l {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				return true
			}
		case *ast.DeclStmt, *ast.DeferStmt, *ast.SelectStmt:
			return true
		case *ast.IfStmt:
			if s.Init != nil {
				return true
			}
		case *ast.SwitchStmt:
			if s.Init != nil {
				return true
			}
		case *ast.TypeSwitchStmt:
			return true
		}
	}
	return false
}

// clause prints one case with its body and the break that is implicit in Go.
func (t *tr) clause(head string, pre func(), l []ast.Stmt, cc ast.Node, last bool) {
	braces := pre != nil || declaresIn(l)
	t.trailingAfter(head, cc)
	if braces {
		t.line("%s {", head)
	} else {
		t.line("%s", head)
	}
	t.bodyWith(l, cc.Pos(), cc.End(), pre)
	if !last && !terminates(l) {
		t.line("  break;")
	}
	if braces {
		t.line("}")
	}
	t.lastEnd = cc.End()
}

func (t *tr) trailingAfter(head string, cc ast.Node) {}

func (t *tr) switchChain(s *ast.SwitchStmt, label string, bodies [][]ast.Stmt) {
	tag := ""
	var tt types.Type
	if s.Tag != nil {
		tt = t.info.TypeOf(s.Tag)
		tag = t.expr(s.Tag).s
		if strings.ContainsAny(tag, "( ") {
			tmp := t.fresh("tag")
			t.line("const %s = %s;", tmp, tag)
			tag = tmp
		}
	}
	open := t.chainLabel(s.Body, label, "sw")
	emit := func() {
		head := ""
		var def *ast.CaseClause
		defAt := 0
		var undo [][]string
		for i, c := range s.Body.List {
			cc := c.(*ast.CaseClause)
			if cc.List == nil {
				def, defAt = cc, i
				continue
			}
			var conds []string
			var yes, no []string
			for _, e := range cc.List {
				if s.Tag == nil {
					x := t.expr(e)
					if len(cc.List) > 1 {
						conds = append(conds, x.at(pOrOr))
					} else {
						conds = append(conds, x.s)
					}
					y, n := t.implied(e)
					if len(cc.List) == 1 {
						yes = y
					}
					no = append(no, n...)
				} else if t.isNilExpr(e) {
					conds = append(conds, tag+" === undefined")
				} else {
					conds = append(conds, t.lang("equal")+"("+tag+", "+t.value(e, tt, nil).s+")")
				}
			}
			t.chainComments(cc)
			t.line("%sif (%s) {", head, strings.Join(conds, " || "))
			t.narrow(yes)
			t.bodyWith(bodies[i], cc.Colon, cc.End(), nil)
			t.widen(yes)
			t.narrow(no)
			undo = append(undo, no)
			head = "} else "
		}
		if def != nil {
			if head == "" {
				t.line("{")
			} else {
				t.line("} else {")
			}
			t.bodyWith(bodies[defAt], def.Colon, def.End(), nil)
		}
		if head != "" || def != nil {
			t.line("}")
		}
		for _, u := range undo {
			t.widen(u)
		}
	}
	if open {
		t.inner(emit)
		t.line("}")
	} else {
		emit()
	}
	t.targets = t.targets[:len(t.targets)-1]
}

// chainComments prints the comments above a case of a chain at the end of the previous body.
func (t *tr) chainComments(cc ast.Node) {
	for _, g := range t.takeComments(cc.Pos()) {
		for _, l := range commentLines(g) {
			t.line("  %s", l)
		}
	}
}

func (t *tr) typeSwitch(s *ast.TypeSwitchStmt, label string) {
	if s.Init != nil {
		t.hoist(s.Init)
	}
	var x ast.Expr
	var id *ast.Ident
	switch a := s.Assign.(type) {
	case *ast.ExprStmt:
		x = ast.Unparen(a.X).(*ast.TypeAssertExpr).X
	case *ast.AssignStmt:
		id = a.Lhs[0].(*ast.Ident)
		x = ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr).X
	}
	v := t.expr(x).s
	if strings.ContainsAny(v, "( ") {
		tmp := t.fresh("value")
		t.line("const %s = %s;", tmp, v)
		v = tmp
	}
	open := t.chainLabel(s.Body, label, "sw")
	emit := func() {
		head := ""
		seen := map[string]string{}
		var def *ast.CaseClause
		run := func(cc *ast.CaseClause) {
			t.bodyWith(cc.Body, cc.Colon, cc.End(), func() {
				if id == nil {
					return
				}
				o := t.info.Implicits[cc]
				if o == nil || len(t.prog.facts.uses[t.prog.key(o)]) == 0 && !t.usedIn(o, cc) {
					return
				}
				ty := o.Type()
				val := v
				if len(cc.List) == 1 && !t.isNilExpr(cc.List[0]) {
					if u := t.unboxed(X{s: v, p: pPrimary}, ty); u != "" {
						val = u
					} else if t.testType(v, ty) != "" && t.nativeTest(ty) {
						val = v
					} else {
						val = v + " as " + t.typ(ty)
						if from := t.info.TypeOf(x); isIface(from) && !isAny(from) && isIface(ty) {
							val = v + " as unknown as " + t.typ(ty)
						}
					}
				}
				if _, own := t.scopes[len(t.scopes)-1].names[v]; !own && v != lower(id.Name) {
					t.scopes[len(t.scopes)-1].names[v] = "fixed:" + v // a variable of that name in the clause would hide it
				}
				if len(cc.List) == 1 && t.changedIn(o.(*types.Var), cc) {
					val = t.ownCopy(val, ty)
				}
				assigned := t.prog.facts.assigned[t.prog.key(o)] > 0
				if assigned && !t.usedIn(o, cc) {
					return
				}
				name := t.declareShared(o, id, lower(id.Name) == val && !assigned)
				if assigned {
					// The operand keeps its value.
					ty := t.typ(ty)
					if isNilable(o.Type()) {
						ty = orNil(ty)
					}
					t.line("let %s: %s = %s;", name, ty, val)
				} else if name != val {
					kw := "const"
					t.line("%s %s = %s;", kw, name, val)
				}
				if len(cc.List) != 1 || t.isNilExpr(cc.List[0]) {
					t.maybeUndef[t.prog.key(o)] = t.expr(x).undef
				}
				t.narrowings[name]++
			})
		}
		for _, c := range s.Body.List {
			cc := c.(*ast.CaseClause)
			if cc.List == nil {
				def = cc
				continue
			}
			var conds []string
			for _, e := range cc.List {
				if t.isNilExpr(e) {
					conds = append(conds, v+" === undefined")
					continue
				}
				ty := t.info.TypeOf(e)
				cond := t.testType(v, ty)
				if other, twice := seen[cond]; twice && cond != "" {
					t.mark(e.Pos(), "type switch", other+" and "+t.goType(ty)+" are the same here", "ask for something that is there at run time")
				}
				seen[cond] = t.goType(ty)
				if cond == "" {
					cond = t.unported(e, "type switch", "a case for "+t.goType(ty), "ask for something that is there at run time").s
				}
				conds = append(conds, cond)
			}
			t.chainComments(cc)
			t.line("%sif (%s) {", head, strings.Join(conds, " || "))
			run(cc)
			head = "} else "
		}
		if def != nil {
			if head == "" {
				t.line("{")
			} else {
				t.line("} else {")
			}
			run(def)
		}
		if head != "" || def != nil {
			t.line("}")
		}
	}
	if open {
		t.inner(emit)
		t.line("}")
	} else {
		emit()
	}
	t.targets = t.targets[:len(t.targets)-1]
}

// nativeTest reports whether TypeScript narrows a value by the test of its type.
func (t *tr) nativeTest(ty types.Type) bool {
	if isError(ty) {
		return true
	}
	switch u := ty.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsString|types.IsBoolean|types.IsInteger) != 0
	case *types.Pointer, *types.Struct:
		n := namedOf(ty)
		return n != nil && n.TypeArgs().Len() == 0
	}
	return false
}

func (t *tr) usedIn(o types.Object, n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && t.info.Uses[id] == o {
			found = true
		}
		return true
	})
	return found
}

// declareShared names the variable of a type switch, which is a separate object in each clause.
func (t *tr) declareShared(o types.Object, id *ast.Ident, same bool) string {
	name := lower(id.Name)
	for i := 1; reserved[name] || t.taken(name); i++ {
		name = lower(id.Name) + "_"
	}
	// The operand of the switch may be a variable of the same name. Unless it is the same variable, a new name is
	// needed.
	if old, ok := t.visible(name); ok && old != nil && !same {
		name = t.fresh(name)
	}
	t.scopes[len(t.scopes)-1].names[name] = t.prog.key(o)
	t.implicit[o] = name
	return name
}

// ---- select

func (t *tr) selectStmt(s *ast.SelectStmt, label string) {
	if len(s.Body.List) == 0 {
		t.line("await %s({});", t.gocsp("select"))
		return
	}
	if isTrySelect(s) {
		t.trySelect(s, label)
		return
	}
	type arm struct {
		name, expr string
		pre        func(op string)
		body       []ast.Stmt
		cc         *ast.CommClause
	}
	var arms []arm
	used := map[string]bool{"default": true}
	uniq := func(n string) string {
		base := n
		for i := 2; used[n]; i++ {
			n = base + itoa(i)
		}
		used[n] = true
		return n
	}
	for _, c := range s.Body.List {
		cc := c.(*ast.CommClause)
		a := arm{body: cc.Body, cc: cc}
		switch st := cc.Comm.(type) {
		case nil:
			a.name, a.expr = "default", "true"
		case *ast.SendStmt:
			a.name = uniq(caseName(st.Chan, "sent"))
			if len(s.Body.List) == 2 || a.name == "out" || a.name == "ch" || a.name == "c" {
				delete(used, a.name)
				a.name = uniq("sent")
			}
			v := t.sendValue(st.Value, t.info.TypeOf(st.Chan).Underlying().(*types.Chan))
			if v != "" {
				v = ", " + v
			}
			a.expr = t.gocsp("send") + "(" + t.expr(st.Chan).s + v + ")"
		case *ast.ExprStmt:
			ch := ast.Unparen(st.X).(*ast.UnaryExpr).X
			a.name, a.expr = uniq(caseName(ch, "received")), t.expr(ch).s
		case *ast.AssignStmt:
			ch := ast.Unparen(st.Rhs[0]).(*ast.UnaryExpr).X
			n := caseName(ch, "received")
			a.name, a.expr = uniq(n), t.expr(ch).s
			ct := t.info.TypeOf(ch).Underlying().(*types.Chan)
			a.pre = func(op string) { t.bindReceived(st, ct, op+".value", op+".ok", op) }
		}
		arms = append(arms, a)
	}
	var b []string
	for _, a := range arms {
		if a.name == a.expr {
			b = append(b, a.name)
		} else {
			b = append(b, a.name+": "+a.expr)
		}
	}
	cases := t.list("{", b, "}", len(b) > 3)
	busy := 0
	for _, a := range arms {
		if len(a.body) > 0 || a.pre != nil {
			busy++
		}
	}
	if busy == 0 {
		t.line("await %s(%s);", t.gocsp("select"), cases)
		t.skipComments(s.Body.Rbrace)
		return
	}
	op := t.fresh("op")
	t.line("const %s = await %s(%s);", op, t.gocsp("select"), cases)
	if busy == 1 && len(arms) == 2 && label == "" && !clausesBreak(s.Body) {
		for _, a := range arms {
			if len(a.body) == 0 && a.pre == nil {
				continue
			}
			t.line(`if (%s.case === "%s") {`, op, a.name)
			t.bodyWith(a.body, a.cc.Colon, a.cc.End(), func() {
				if a.pre != nil {
					a.pre(op)
				}
			})
			t.line("}")
		}
		return
	}
	t.line("%sswitch (%s.case) {", label, op)
	t.targets = append(t.targets, &target{})
	t.inner(func() {
		for i, a := range arms {
			t.before(a.cc)
			var pre func()
			if a.pre != nil {
				pre = func() { a.pre(op) }
			}
			t.clause(`case "`+a.name+`":`, pre, a.body, a.cc, i == len(arms)-1)
		}
	})
	t.targets = t.targets[:len(t.targets)-1]
	t.line("}")
}

// bindReceived assigns the value received by a select or try to the variables of its case.
func (t *tr) bindReceived(st *ast.AssignStmt, ct *types.Chan, value, ok, op string) {
	el := ct.Elem()
	wantV, wantOk := !isBlank(st.Lhs[0]), len(st.Lhs) > 1 && !isBlank(st.Lhs[1])
	if st.Tok != token.DEFINE {
		if wantV {
			x := X{s: value, p: pPrimary, undef: true}
			if isNilable(el) {
				if !t.prog.facts.nils[t.placeOf(st.Lhs[0])] {
					x = x.sure()
				}
			} else {
				x = t.received(X{s: value, p: pPrimary}, ct, true)
			}
			t.store(st.Lhs[0], x.s)
		}
		if wantOk {
			t.store(st.Lhs[1], ok)
		}
		return
	}
	var v, o *types.Var
	if wantV {
		v = t.info.Defs[st.Lhs[0].(*ast.Ident)].(*types.Var)
	}
	if wantOk {
		o = t.info.Defs[st.Lhs[1].(*ast.Ident)].(*types.Var)
	}
	nilable := isNilable(el) || isTypeParam(el)
	if v != nil && o != nil && nilable && t.keyword(v) == "const" && t.keyword(o) == "const" && !t.isRefVar(v) {
		vn, on := t.declare(v, st.End()), t.declare(o, st.End())
		t.maybeUndef[t.prog.key(v)] = true
		if !t.prog.facts.nils[elemNode(ct)] {
			t.okVars[t.prog.key(o)] = vn
		}
		t.line("const { value%s, ok%s } = %s;", renameTo("value", vn), renameTo("ok", on), op)
		return
	}
	if v != nil {
		x := X{s: value, p: pPrimary, undef: true}
		k := t.prog.key(v)
		switch {
		case isNilable(el):
			if o == nil && !t.prog.facts.comparedNil[k] && !t.prog.facts.nils[elemNode(ct)] {
				x = x.sure()
			}
		case isTypeParam(el):
			x = X{s: value + " as " + t.typ(el), p: pLess}
		default:
			x = t.received(X{s: value, p: pPrimary}, ct, true)
		}
		if isEmptyStruct(el) {
			x = prim("undefined")
		}
		name := t.declare(v, st.End())
		if t.isRefVar(v) {
			t.line("const %s = %s<%s>(%s);", name, t.lang("ref"), t.place(v.Type(), k), x.s)
		} else {
			ty := ""
			if t.keyword(v) == "let" && isNilable(el) {
				ty = ": " + t.funcPlace(v.Type(), k)
			}
			t.line("%s %s%s = %s;", t.keyword(v), name, ty, x.s)
			if !x.undef && isNilable(el) {
				t.narrowings[name]++
			}
			if x.undef {
				t.maybeUndef[k] = true
			}
		}
	}
	if o != nil {
		t.line("%s %s = %s;", t.keyword(o), t.declare(o, st.End()), ok)
	}
}

func renameTo(prop, name string) string {
	if prop == name {
		return ""
	}
	return ": " + name
}

func caseName(e ast.Expr, dflt string) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return lower(e.Name)
	case *ast.SelectorExpr:
		if e.Sel.Name == "C" {
			return caseName(e.X, dflt)
		}
		return lower(e.Sel.Name)
	case *ast.CallExpr:
		return caseName(e.Fun, dflt)
	case *ast.IndexExpr:
		return caseName(e.X, dflt)
	}
	return dflt
}

func (t *tr) trySelect(s *ast.SelectStmt, label string) {
	var comm, def *ast.CommClause
	for _, c := range s.Body.List {
		if cc := c.(*ast.CommClause); cc.Comm == nil {
			def = cc
		} else {
			comm = cc
		}
	}
	open := t.chainLabel(s.Body, label, "sel")
	emit := func() {
		cond := ""
		var pre func()
		yes := true
		switch st := comm.Comm.(type) {
		case *ast.SendStmt:
			ch := t.info.TypeOf(st.Chan).Underlying().(*types.Chan)
			cond = t.expr(st.Chan).sure().at(pPrimary) + ".trySend(" + t.sendValue(st.Value, ch) + ")"
		case *ast.ExprStmt:
			cond = t.expr(ast.Unparen(st.X).(*ast.UnaryExpr).X).sure().at(pPrimary) + ".tryReceive()"
			yes = false
		case *ast.AssignStmt:
			ch := ast.Unparen(st.Rhs[0]).(*ast.UnaryExpr).X
			ct := t.info.TypeOf(ch).Underlying().(*types.Chan)
			got := t.fresh("got")
			t.line("const %s = %s.tryReceive();", got, t.expr(ch).sure().at(pPrimary))
			cond = got + " !== undefined"
			pre = func() { t.bindReceived(st, ct, got+".value", got+".ok", got) }
		}
		test := func(positive bool) string {
			if pre != nil {
				if positive {
					return cond
				}
				return strings.Replace(cond, "!==", "===", 1)
			}
			if yes {
				if positive {
					return cond
				}
				return "!" + cond
			}
			if positive {
				return cond + " !== undefined"
			}
			return cond + " === undefined"
		}
		clauseBody := func(cc *ast.CommClause, pre func()) {
			i := t.saveComments()
			// The clauses may be in either order.
			for t.cpos > 0 && t.comments[t.cpos-1].Pos() > cc.Colon {
				t.cpos--
			}
			for t.cpos < len(t.comments) && t.comments[t.cpos].Pos() < cc.Pos() {
				t.cpos++
			}
			t.bodyWith(cc.Body, cc.Colon, cc.End(), pre)
			if t.cpos < i {
				t.cpos = i
			}
		}
		switch {
		case len(comm.Body) == 0 && pre == nil && len(def.Body) == 0:
			t.line("%s;", cond)
			t.skipComments(s.Body.Rbrace)
		case len(comm.Body) == 0 && pre == nil:
			t.line("if (%s) {", test(false))
			clauseBody(def, nil)
			t.line("}")
		default:
			t.line("if (%s) {", test(true))
			clauseBody(comm, pre)
			if len(def.Body) > 0 {
				t.line("} else {")
				clauseBody(def, nil)
			}
			t.line("}")
		}
	}
	if open {
		t.inner(emit)
		t.line("}")
	} else {
		emit()
	}
	t.targets = t.targets[:len(t.targets)-1]
}
