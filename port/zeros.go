package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Two facts that depend on the whole program. Inside generic code the zero value of a type parameter is undefined; a
// caller that uses a known type replaces undefined by the zero value. And an integer may be -0 here, which console.log
// prints as such.

// seedZeros records the places where zero values of type parameters originate.
func (p *program) seedZeros() {
	f := p.facts
	f.zeros, f.minusZeros = map[node]bool{}, map[node]bool{}
	seed := func(v *types.Var) {
		if v != nil && isTypeParam(v.Type()) {
			f.zeros[p.key(v)] = true
		}
	}
	for _, n := range f.named {
		if s, ok := n.Underlying().(*types.Struct); ok {
			k := p.key(n.Obj())
			for v := range s.Fields() {
				if f.leftOut[p.key(v)] || f.zeroMade[k] || f.literals[k] == 0 {
					seed(v)
				}
			}
		}
	}
	for _, u := range p.pkgs {
		info := u.info
		flows := func(to, e ast.Expr) {
			from, _ := f.places(info, to)
			for _, k := range from {
				if p.isZeroParam(info, e) {
					f.zeros[k] = true
				}
				if _, all := k.(string); !all && p.minusZero(info, e) {
					f.minusZeros[k] = true
				}
			}
		}
		for _, file := range u.files {
			var results []*types.Signature
			var stack []ast.Node
			ast.Inspect(file, func(n ast.Node) bool {
				if n == nil {
					switch stack[len(stack)-1].(type) {
					case *ast.FuncDecl, *ast.FuncLit:
						results = results[:len(results)-1]
					}
					stack = stack[:len(stack)-1]
					return true
				}
				stack = append(stack, n)
				switch n := n.(type) {
				case *ast.FuncDecl:
					sig := info.Defs[n.Name].Type().(*types.Signature)
					results = append(results, sig)
					for i := 0; i < sig.Results().Len(); i++ {
						if v := sig.Results().At(i); v.Name() != "" {
							seed(v)
						}
					}
				case *ast.FuncLit:
					results = append(results, info.TypeOf(n).(*types.Signature))
				case *ast.ValueSpec:
					for i, id := range n.Names {
						v, _ := info.Defs[id].(*types.Var)
						switch {
						case len(n.Values) == 0:
							seed(v)
						case len(n.Values) == len(n.Names):
							flows(id, n.Values[i])
						case i == 0:
							flows(id, n.Values[0])
						}
					}
				case *ast.AssignStmt:
					for i, l := range n.Lhs {
						switch {
						case isBlank(l):
						case len(n.Rhs) == len(n.Lhs):
							flows(l, n.Rhs[i])
						case i == 0:
							flows(l, n.Rhs[0])
						}
						if n.Tok == token.MUL_ASSIGN && negative(info, n.Rhs[0]) || (n.Tok == token.QUO_ASSIGN || n.Tok == token.REM_ASSIGN) && info.Types[n.Rhs[0]].Value != nil {
							from, _ := f.places(info, l)
							for _, k := range from {
								if _, all := k.(string); all {
									continue
								}
								f.minusZeros[k] = f.minusZeros[k] || isInteger(info.TypeOf(l))
							}
						}
					}
				case *ast.ReturnStmt:
					if len(results) == 0 {
						break
					}
					sig := results[len(results)-1]
					for i, r := range n.Results {
						if i < sig.Results().Len() && len(n.Results) == sig.Results().Len() {
							k := p.key(sig.Results().At(i))
							f.zeros[k] = f.zeros[k] || p.isZeroParam(info, r)
							f.minusZeros[k] = f.minusZeros[k] || p.minusZero(info, r)
						}
					}
				case *ast.CompositeLit:
					st, ok := info.TypeOf(n).Underlying().(*types.Struct)
					if !ok || len(n.Elts) == st.NumFields() {
						break
					}
					for i := 0; i < st.NumFields(); i++ {
						seed(st.Field(i).Origin())
					}
				}
				return true
			})
		}
	}
	p.spread(f.zeros)
	p.spread(f.minusZeros)
}

func (p *program) spread(set map[node]bool) {
	var work []node
	for k := range set {
		work = append(work, k)
	}
	for len(work) > 0 {
		k := work[len(work)-1]
		work = work[:len(work)-1]
		for _, to := range p.facts.edges[k] {
			if s, ok := to.(string); ok && !strings.HasPrefix(s, "lit:") && !strings.HasPrefix(s, "result:") {
				continue // this place stands for all containers of its type
			}
			if !set[to] {
				set[to] = true
				work = append(work, to)
			}
		}
	}
}

// isZeroParam reports whether an expression may itself yield the zero value of a type parameter.
func (p *program) isZeroParam(info *types.Info, e ast.Expr) bool {
	t := info.TypeOf(e)
	if tu, ok := t.(*types.Tuple); ok && tu.Len() > 0 {
		t = tu.At(0).Type()
	}
	if t == nil || !isTypeParam(t) {
		return false
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.StarExpr:
		c, ok := ast.Unparen(x.X).(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := ast.Unparen(c.Fun).(*ast.Ident)
		return ok && id.Name == "new"
	case *ast.IndexExpr:
		return isMap(info.TypeOf(x.X))
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	case *ast.TypeAssertExpr:
		return true
	}
	return false
}

// minusZero reports whether an integer may be -0 here.
func (p *program) minusZero(info *types.Info, e ast.Expr) bool {
	tv := info.Types[e]
	if tv.Type == nil || tv.Value != nil || !isInteger(tv.Type) || isDuration(tv.Type) {
		return false
	}
	if b, ok := tv.Type.Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned != 0 {
		return false
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		switch x.Op {
		case token.MUL:
			return negative(info, x.X) || negative(info, x.Y)
		case token.QUO, token.REM:
			if c, ok := ast.Unparen(x.X).(*ast.CallExpr); ok && types.ExprString(c.Fun) == "len" {
				return false
			}
			return info.Types[x.Y].Value != nil // div and rem never return -0
		case token.ADD, token.SUB:
			return false
		}
	case *ast.UnaryExpr:
		return x.Op == token.SUB
	case *ast.CallExpr:
		if _, isType, _ := callee(info, x); isType {
			return isFloat(info.TypeOf(x.Args[0])) || p.minusZero(info, x.Args[0])
		}
	}
	from, _ := p.facts.places(info, e)
	for _, k := range from {
		if p.facts.minusZeros[k] {
			return true
		}
	}
	return false
}

// negative reports whether a factor is certain to be negative.
func negative(info *types.Info, e ast.Expr) bool {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.SUB {
		return true
	}
	n, ok := constInt(info, e)
	return ok && n < 0
}

// zeroVar reports whether an expression always has the zero value of a type parameter.
func (t *tr) zeroVar(e ast.Expr) bool {
	if !isTypeParam(t.info.TypeOf(e)) {
		return false
	}
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		v, ok := t.info.Uses[id].(*types.Var)
		k := t.prog.key(v)
		return ok && t.prog.facts.zeroDecl[k] && t.prog.facts.assigned[k] == 0 && !t.prog.facts.addressed[k]
	}
	return t.prog.isZeroParam(t.info, e) && func() bool { _, ok := ast.Unparen(e).(*ast.StarExpr); return ok }()
}

// mayZero reports whether an expression of the type of a type parameter may be undefined, which stands for its zero value.
func (t *tr) mayZero(e ast.Expr) bool {
	ty := t.info.TypeOf(e)
	if ty == nil || !isTypeParam(ty) || t.knownZero(ty) {
		return false
	}
	if t.prog.isZeroParam(t.info, e) {
		return true
	}
	from, _ := t.prog.facts.places(t.info, e)
	for _, k := range from {
		if t.prog.facts.zeros[k] {
			return true
		}
	}
	return false
}

// knownZero reports whether generic code knows the zero value of a type parameter: all its types are numbers, or strings.
func (t *tr) knownZero(ty types.Type) bool {
	c := t.constraint(types.Unalias(ty).(*types.TypeParam).Constraint())
	return c == "number" || c == "string"
}

// zeroLike replaces an operand that may be undefined by the zero value of the type that the other has.
func (t *tr) zeroLike(x X, e, other ast.Expr) X {
	if !t.mayZero(e) || !t.repeatable(other) {
		return x
	}
	return prim("%s(%s, %s)", t.lang("orZero"), x.s, t.expr(other).sure().s)
}

// zeroedField replaces undefined by the zero value of a known type, where the field of a generic struct may be undefined.
func (t *tr) zeroedField(e ast.Expr, x X) X {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return x
	}
	s := t.info.Selections[sel]
	if s == nil || s.Kind() != types.FieldVal || !t.prog.facts.zeros[t.prog.key(s.Obj())] {
		return x
	}
	ty := t.info.TypeOf(e)
	generic := s.Obj().(*types.Var).Origin().Type()
	if !isTypeParam(generic) || t.knownZero(generic) || hasTypeParam(ty) || isNilable(ty) || isEmptyStruct(ty) {
		return x
	}
	return X{s: x.at(pCoalesce+1) + " ?? " + t.zero(ty), p: pCoalesce}
}

// zeroed replaces undefined by the zero value of a known type, where a generic function may return undefined.
func (t *tr) zeroed(c *ast.CallExpr, x X) X {
	fn, isType, isBuiltin := callee(t.info, c)
	if fn == nil || isType || isBuiltin || !t.prog.isLocal(fn.Pkg()) {
		return x
	}
	sig := fn.Origin().Type().(*types.Signature)
	if sig.Results().Len() != 1 {
		return x
	}
	if z := t.zeroResult(fn, 0, t.info.TypeOf(c)); z != "" {
		return X{s: x.at(pCoalesce+1) + " ?? " + z, p: pCoalesce}
	}
	return x
}

// zeroResult returns the zero value that a result of a generic function may need, "" if it needs none.
func (t *tr) zeroResult(fn *types.Func, i int, ty types.Type) string {
	sig := fn.Origin().Type().(*types.Signature)
	if i >= sig.Results().Len() || !isTypeParam(sig.Results().At(i).Type()) || ty == nil || hasTypeParam(ty) || isNilable(ty) || isEmptyStruct(ty) {
		return ""
	}
	if t.knownZero(sig.Results().At(i).Type()) {
		return ""
	}
	if !t.prog.facts.zeros[t.prog.key(sig.Results().At(i))] {
		return ""
	}
	return t.zero(ty)
}

// scanParams records the types with which type parameters are used.
func (p *program) scanParams() {
	f := p.facts
	f.byValue = map[node]bool{}
	edges := map[node][]node{}
	link := func(tp *types.TypeParam, arg types.Type) {
		k := p.key(tp.Obj())
		if isTypeParam(arg) {
			a := p.key(types.Unalias(arg).(*types.TypeParam).Obj())
			edges[a] = append(edges[a], k)
			return
		}
		if isStruct(arg) && !isEmptyStruct(arg) || isArray(arg) {
			f.byValue[k] = true
		}
	}
	for _, u := range p.pkgs {
		for id, inst := range u.info.Instances {
			switch o := u.info.Uses[id].(type) {
			case *types.Func:
				tps := o.Origin().Type().(*types.Signature).TypeParams()
				for i := 0; i < tps.Len() && i < inst.TypeArgs.Len(); i++ {
					link(tps.At(i), inst.TypeArgs.At(i))
				}
			case *types.TypeName:
				n, ok := types.Unalias(inst.Type).(*types.Named)
				if !ok {
					continue
				}
				g := n.Origin()
				for i := 0; i < g.TypeParams().Len() && i < inst.TypeArgs.Len(); i++ {
					link(g.TypeParams().At(i), inst.TypeArgs.At(i))
					for m := 0; m < g.NumMethods(); m++ {
						if r := g.Method(m).Type().(*types.Signature).RecvTypeParams(); i < r.Len() {
							link(r.At(i), inst.TypeArgs.At(i))
						}
					}
				}
			}
		}
	}
	var work []node
	for k := range f.byValue {
		work = append(work, k)
	}
	for len(work) > 0 {
		k := work[len(work)-1]
		work = work[:len(work)-1]
		for _, to := range edges[k] {
			if !f.byValue[to] {
				f.byValue[to] = true
				work = append(work, to)
			}
		}
	}
}

// paramByValue reports whether a type parameter stands for a struct or an array somewhere.
func (p *program) paramByValue(ty types.Type) bool {
	tp, ok := types.Unalias(ty).(*types.TypeParam)
	return ok && p.facts.byValue[p.key(tp.Obj())]
}
