package main

import (
	"go/ast"
	"go/types"
	"sort"
)

// A type that is declared as another struct type (type internal Timer) is the same class if pointers to the two are
// converted into each other: an object keeps its class, so that has to have the methods of both.

// merge finds these types.
func (p *program) merge() {
	p.merged = map[node]*types.Named{}
	declared := map[node]bool{} // types whose declaration spells the struct out
	for _, u := range p.pkgs {
		for _, f := range u.files {
			ast.Inspect(f, func(n ast.Node) bool {
				if ts, ok := n.(*ast.TypeSpec); ok {
					if _, ok := ts.Type.(*ast.StructType); ok {
						declared[p.key(u.info.Defs[ts.Name])] = true
					}
				}
				return true
			})
		}
	}
	for _, u := range p.pkgs {
		for _, f := range u.files {
			ast.Inspect(f, func(n ast.Node) bool {
				c, ok := n.(*ast.CallExpr)
				if !ok || len(c.Args) != 1 || !u.info.Types[c.Fun].IsType() {
					return true
				}
				to, from := u.info.TypeOf(c), u.info.TypeOf(c.Args[0])
				if from == nil || !isPointer2(to) || !isPointer2(from) {
					return true
				}
				a, b := namedOf(to), namedOf(from)
				if a == nil || b == nil || !isStruct(a) || !isStruct(b) {
					return true
				}
				if declared[p.key(a.Obj())] {
					a, b = b, a
				}
				if declared[p.key(b.Obj())] && !declared[p.key(a.Obj())] && p.mayMerge(a, b) {
					p.merged[p.key(a.Obj())] = b
				}
				return true
			})
		}
	}
	for k, b := range p.merged {
		for _, n := range p.facts.named {
			if p.key(n.Obj()) != k {
				continue
			}
			// What happens to values of the one happens to values of the other.
			x, y := structKey(n), structKey(b)
			p.facts.mutated[x] = p.facts.mutated[x] || p.facts.mutated[y]
			p.facts.mutated[y] = p.facts.mutated[x]
			bk := p.key(b.Obj())
			p.cloneDeps[k] = append(p.cloneDeps[k], bk)
			p.facts.zeroMade[bk] = p.facts.zeroMade[bk] || p.facts.zeroMade[k]
		}
	}
}

// mayMerge reports whether the methods of two types can be in one class.
func (p *program) mayMerge(a, b *types.Named) bool {
	if a.Obj().Pkg() != b.Obj().Pkg() || !p.isLocal(a.Obj().Pkg()) || a.TypeParams().Len() > 0 || b.TypeParams().Len() > 0 || isErrorType(a) != isErrorType(b) {
		return false
	}
	if p.inTest(a.Obj().Pos()) != p.inTest(b.Obj().Pos()) || a.Obj().Parent() != a.Obj().Pkg().Scope() {
		return false
	}
	names := map[string]bool{}
	for i := 0; i < b.NumMethods(); i++ {
		names[lower(b.Method(i).Name())] = true
	}
	for i := 0; i < a.NumMethods(); i++ {
		if names[lower(a.Method(i).Name())] {
			return false
		}
	}
	return true
}

// sameClass returns the types that share the class of a type, in the order of their names.
func (p *program) sameClass(n *types.Named) []*types.Named {
	list := []*types.Named{n}
	for k, b := range p.merged {
		if p.key(b.Obj()) != p.key(n.Obj()) {
			continue
		}
		for _, a := range p.facts.named {
			if p.key(a.Obj()) == k {
				list = append(list, a)
				break
			}
		}
	}
	sort.Slice(list[1:], func(i, j int) bool { return list[i+1].Obj().Name() < list[j+1].Obj().Name() })
	return list
}
