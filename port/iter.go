package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// Iterators. Go pushes: an iterator is a function that calls its yield for each value, and a yield that returns false wants
// no more. Here a loop pulls, so an iterator is an iterable that is made from a generator: the call of yield becomes a yield
// expression. Where every such call ends the function if it is refused, it is a plain generator, which its consumer ends at
// the yield (seq). Elsewhere the yield expression tells whether to go on, as in Go (pushing).
//
// A declared function that gets a yield, and calls it or hands it on to such functions, is a generator too: its callers
// write yield* instead. One whose yield is a function like others stays as it is.

// yieldOfShape returns the signature of a yield: up to two parameters, and a bool that tells whether to go on.
func yieldOfShape(ty types.Type) *types.Signature {
	y, ok := ty.Underlying().(*types.Signature)
	if !ok || y.Variadic() || y.Params().Len() > 2 || y.Results().Len() != 1 || !isBool(y.Results().At(0).Type()) {
		return nil
	}
	return y
}

// isIterator reports whether a function has one parameter, its yield, and no result.
func isIterator(s *types.Signature) bool {
	return s.Params().Len() == 1 && s.Results().Len() == 0 && yieldOfShape(s.Params().At(0).Type()) != nil
}

// isIterable reports whether values of a type are iterables here.
func isIterable(ty types.Type) bool {
	if isNamed(ty, "iter", "Seq") || isNamed(ty, "iter", "Seq2") {
		return true
	}
	s, ok := ty.Underlying().(*types.Signature)
	return ok && yieldOf(s) != nil
}

// A generator is a declared function with a yield as its last parameter.
type generator struct {
	yield *types.Var
	// calls are the functions to which it hands its yield on.
	calls []node
}

// usesOfYield walks the body of a function whose last parameter is its yield. It returns the functions to which the yield is
// handed on, and whether each use is a call of it or such a handing on, outside of closures.
func (p *program) usesOfYield(info *types.Info, s *types.Signature, body ast.Node) (calls []node, ok bool) {
	v := s.Params().At(s.Params().Len() - 1)
	named := s.Results().Len() > 0 && s.Results().At(0).Name() != ""
	ok = true
	fine := map[*ast.Ident]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ast.Inspect(n.Body, func(m ast.Node) bool {
				if id, is := m.(*ast.Ident); is && info.Uses[id] == v {
					ok = false
				}
				return ok
			})
			return false
		case *ast.DeferStmt:
			// A call that recovers needs a function around the body, in which there is no yield.
			fn, _, _ := callee(info, n.Call)
			l, isLit := ast.Unparen(n.Call.Fun).(*ast.FuncLit)
			ok = ok && !named && (fn == nil || !p.isLocal(fn.Pkg())) && !(isLit && callsRecover(info, l.Body))
		case *ast.GoStmt, *ast.SelectStmt:
			ok = false
		case *ast.CallExpr:
			if id, is := ast.Unparen(n.Fun).(*ast.Ident); is && info.Uses[id] == v {
				fine[id] = true
			}
			for i, a := range n.Args {
				id, is := ast.Unparen(a).(*ast.Ident)
				if !is || info.Uses[id] != v {
					continue
				}
				fn, isType, isBuiltin := callee(info, n)
				switch {
				case isType || isBuiltin || i != len(n.Args)-1:
				case fn == nil && len(n.Args) == 1 && isIterable(info.TypeOf(n.Fun)):
					fine[id] = true
				case fn != nil && p.isLocal(fn.Pkg()):
					calls = append(calls, p.key(fn))
					fine[id] = true
				}
			}
		case *ast.Ident:
			if info.Uses[n] == v && !fine[n] {
				ok = false
			}
		}
		return true
	})
	return calls, ok
}

// scanGenerators finds the declared functions that become generators.
func (p *program) scanGenerators() {
	candidates := map[node]*generator{}
	wanted := map[node]bool{}
	want := func(list []node) {
		for _, k := range list {
			wanted[k] = true
		}
	}
	for _, u := range p.pkgs {
		for _, file := range u.files {
			for _, d := range file.Decls {
				fd, ok := d.(*ast.FuncDecl)
				if !ok || fd.Body == nil {
					continue
				}
				fn := u.info.Defs[fd.Name].(*types.Func)
				s := fn.Type().(*types.Signature)
				n := s.Params().Len()
				if n == 0 || s.Variadic() || yieldOfShape(s.Params().At(n-1).Type()) == nil {
					continue
				}
				if p.facts.waits[p.key(fn)] || s.Recv() != nil && p.facts.ifaceHas(fn.Name()) {
					continue
				}
				v := s.Params().At(n - 1)
				if calls, ok := p.usesOfYield(u.info, s, fd.Body); ok && v.Name() != "" && v.Name() != "_" {
					candidates[p.key(fn)] = &generator{v, calls}
				}
			}
		}
	}
	// A function that is a value must be an iterator, which becomes an iterable.
	for _, u := range p.pkgs {
		called := map[*ast.Ident]bool{}
		for _, file := range u.files {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					fun := withoutTypeArgs(n.Fun)
					if id := identOf(fun); id != nil && !methodExpr(u.info, fun) {
						called[id] = true
					}
				case *ast.FuncLit:
					if s := u.info.TypeOf(n).(*types.Signature); yieldOf(s) != nil {
						if calls, ok := p.usesOfYield(u.info, s, n.Body); ok {
							want(calls)
						}
					}
				case *ast.Ident:
					fn, ok := u.info.Uses[n].(*types.Func)
					if !ok || called[n] {
						return true
					}
					k := p.key(fn.Origin())
					if isIterator(fn.Origin().Type().(*types.Signature)) && candidates[k] != nil {
						wanted[k] = true
					} else {
						delete(candidates, k)
					}
				}
				return true
			})
		}
	}
	for changed := true; changed; {
		changed = false
		for k, g := range candidates {
			for _, c := range g.calls {
				if candidates[c] == nil {
					delete(candidates, k)
					changed = true
					break
				}
			}
		}
	}
	p.generators = map[node]*generator{}
	var visit func(k node)
	visit = func(k node) {
		if g := candidates[k]; g != nil && p.generators[k] == nil {
			p.generators[k] = g
			for _, c := range g.calls {
				visit(c)
			}
		}
	}
	for k := range wanted {
		visit(k)
	}
}

// methodExpr reports whether a selector is a method expression: T.Method.
func methodExpr(info *types.Info, e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	s := info.Selections[sel]
	return s != nil && s.Kind() == types.MethodExpr
}

// generator returns what is known of a declared function that becomes a generator, nil for others.
func (p *program) generator(fn *types.Func) *generator { return p.generators[p.key(fn.Origin())] }

// yieldType is the type of what a yield gets.
func (t *tr) yieldType(y *types.Signature) string {
	switch y.Params().Len() {
	case 0:
		return "void"
	case 1:
		return t.typ(y.Params().At(0).Type())
	}
	return "[" + t.typ(y.Params().At(0).Type()) + ", " + t.typ(y.Params().At(1).Type()) + "]"
}

// generatorCall translates a call of a function that is a generator.
func (t *tr) generatorCall(c *ast.CallExpr, fn *types.Func) (X, bool) {
	g := t.prog.generator(fn)
	if g == nil || len(c.Args) == 0 {
		return X{}, false
	}
	last := c.Args[len(c.Args)-1]
	without := *c
	without.Args = c.Args[:len(c.Args)-1]
	return t.handOn(t.localCall(&without, fn), last, g.yield.Type(), false), true
}

// iterableCall translates a call of an iterable: Go's seq(yield).
func (t *tr) iterableCall(c *ast.CallExpr) (X, bool) {
	if len(c.Args) != 1 || !isIterable(t.info.TypeOf(c.Fun)) {
		return X{}, false
	}
	if _, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		return X{}, false
	}
	s := t.info.TypeOf(c.Fun).Underlying().(*types.Signature)
	return t.handOn(t.expr(c.Fun).sure(), c.Args[0], s.Params().At(0).Type(), true), true
}

// handOn has the values of a generator, or of an iterable, yielded or handed to a function.
func (t *tr) handOn(from X, to ast.Expr, yield types.Type, iterable bool) X {
	if id, ok := ast.Unparen(to).(*ast.Ident); ok && t.fn != nil && t.fn.yield != nil && t.info.Uses[id] == t.fn.yield {
		s := from.at(pAssign)
		if iterable {
			s = t.lang("passing") + "(" + s + ")"
		}
		return X{s: "yield* " + s, p: pAssign}
	}
	f := t.value(to, yield, nil)
	call := f.at(pAssign)
	if yieldOfShape(yield).Params().Len() == 2 {
		call = "(pair) => " + f.at(pPrimary) + "(...pair)"
	}
	name := "push"
	if iterable {
		name = "pushAll"
	}
	return prim("%s(%s, %s)", t.lang(name), from.at(pAssign), call)
}

// exactIterator translates the body of a closure that is an iterator to a generator whose yields tell whether to go on.
func (t *tr) exactIterator(l *ast.FuncLit, sig *types.Signature) bool {
	calls, ok := t.prog.usesOfYield(t.info, sig, l.Body)
	for _, c := range calls {
		ok = ok && t.prog.generators[c] != nil
	}
	return ok
}

// pushingValue makes an iterable from a function that returns a generator.
func (t *tr) pushingValue(f string) X { return prim("%s(%s)", t.lang("pushing"), f) }

// generatorResult is the type of what a function returns that is a generator.
func (t *tr) generatorResult(g *generator, result string) string {
	return "Generator<" + t.yieldType(yieldOfShape(g.yield.Type())) + ", " + result + ", boolean>"
}

// pulled translates iter.Pull and iter.Pull2.
func (t *tr) pulled(c *ast.CallExpr, fn *types.Func) X {
	args := []string{t.value(c.Args[0], t.info.TypeOf(c.Args[0]), nil).at(pAssign)}
	next := t.info.TypeOf(c).(*types.Tuple).At(0).Type().Underlying().(*types.Signature).Results()
	for i := 0; i < next.Len()-1; i++ {
		args = append(args, t.zero(next.At(i).Type()))
	}
	return prim("%s(%s)", t.lang(lower(fn.Name())), strings.Join(args, ", "))
}
