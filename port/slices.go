package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Which appends may work in place. A Go slice is translated to an array, and x = append(x, …) to x.push(…) only if the
// array has no other reference; otherwise append makes a new array.

type sliceUse struct {
	from    []node // variables whose arrays it receives
	cut     bool   // it may be a part of another slice
	stale   bool   // it may hold an array that has another reference
	shrunk  bool   // its own part takes its place, so that the array has elements behind it
	given   bool   // its array goes to another place, perhaps before it gets another array
	appends []token.Pos
	escapes []escape
	isField bool
	isParam bool
	called  bool // it receives the result of a function, which may be a part of an argument
	several bool // it is assigned together with other variables, or by a function
	copied  bool // it belongs to a struct that is copied, so that two structs refer to one array
}

type escape struct {
	pos   token.Pos
	loops []ast.Node
}

func (f *facts) slice(k node) *sliceUse {
	u := f.slices[k]
	if u == nil {
		u = &sliceUse{}
		f.slices[k] = u
	}
	return u
}

// mayPush reports whether no other reference can see an append in place to a variable or field.
func (f *facts) mayPush(k node) bool {
	u := f.slices[k]
	if u == nil {
		return true
	}
	if u.stale || u.isParam || u.copied {
		return false
	}
	for _, k := range u.from {
		if v := f.slices[k]; v != nil && (v.stale || v.isParam || len(v.from) > 0) {
			return false
		}
	}
	for _, e := range u.escapes {
		if u.isField {
			return false
		}
		for _, a := range u.appends {
			if a > e.pos {
				return false
			}
			for _, l := range e.loops {
				if l.Pos() < a && a < l.End() {
					return false
				}
			}
		}
	}
	return true
}

func (p *program) scanSlices() {
	f := p.facts
	f.slices = map[node]*sliceUse{}
	f.madeEmpty = map[node]bool{}
	f.appended = map[node]bool{}
	f.ctxKeys = map[string]bool{}
	p.refVars = map[node]bool{}
	p.decls = map[node]*ast.FuncDecl{}
	p.setters = map[node]bool{}
	p.ssa = map[node]bool{}
	for _, u := range p.pkgs {
		for _, file := range u.files {
			p.scanSlicesIn(u, file)
		}
	}
	for k, n := range f.redefined {
		if n > 0 && f.assigned[k] == 0 && !f.captured[k] && !f.addressed[k] && !p.refVars[k] && f.plainLocal[k] {
			p.ssa[k] = true
		}
	}
}

func (p *program) scanSlicesIn(u *unit, file *ast.File) {
	f := p.facts
	info := u.info
	var stack []ast.Node
	loops := func() []ast.Node {
		var l []ast.Node
		for _, n := range stack {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				l = append(l, n)
			case *ast.FuncLit:
				l = nil
			}
		}
		return l
	}
	varOf := func(e ast.Expr) (node, *types.Var) {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			if v, ok := info.Uses[x].(*types.Var); ok {
				return p.key(v), v
			}
			if v, ok := info.Defs[x].(*types.Var); ok {
				return p.key(v), v
			}
		case *ast.SelectorExpr:
			if v, ok := info.Uses[x.Sel].(*types.Var); ok {
				return p.key(v), v
			}
		}
		return nil, nil
	}
	isAppend := func(e ast.Expr) (*ast.CallExpr, bool) {
		c, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok {
			return nil, false
		}
		id, ok := ast.Unparen(c.Fun).(*ast.Ident)
		if !ok || id.Name != "append" {
			return nil, false
		}
		_, ok = info.Uses[id].(*types.Builtin)
		return c, ok
	}
	fresh := func(e ast.Expr) bool {
		switch x := ast.Unparen(e).(type) {
		case *ast.CompositeLit, *ast.FuncLit, *ast.BasicLit:
			return true
		case *ast.CallExpr:
			if c, ok := isAppend(x); ok && len(c.Args) == 1 {
				return false
			}
			fn, isType, isBuiltin := callee(info, x)
			if isType {
				return false
			}
			if p.alias != nil && !isBuiltin && (fn == nil || p.isLocal(fn.Pkg())) && isSliceType(info.TypeOf(x)) && p.mayBeView(info, x) {
				return false // a part of an argument
			}
			return p.alias == nil || !p.hasRoom(x)
		case *ast.SliceExpr:
			return (x.Low != nil || x.High != nil) && !p.isView(x)
		case *ast.Ident:
			return info.Types[x].IsNil()
		case *ast.TypeAssertExpr, *ast.IndexExpr, *ast.SelectorExpr, *ast.StarExpr:
			return false
		}
		return true
	}
	// escapes records that the array of an expression gets a second reference.
	escapes := func(e ast.Expr) {
		if e == nil || !isSliceType(info.TypeOf(e)) {
			return
		}
		k, v := varOf(e)
		if v == nil {
			return
		}
		su := f.slice(k)
		su.given = true
		// It does not matter if the variable gets another array right after.
		for i := len(stack) - 1; i >= 0; i-- {
			var list []ast.Stmt
			switch b := stack[i].(type) {
			case *ast.BlockStmt:
				list = b.List
			case *ast.CaseClause:
				list = b.Body
			case *ast.CommClause:
				list = b.Body
			default:
				continue
			}
			name := types.ExprString(ast.Unparen(e))
			for _, s := range list {
				if s.Pos() <= e.Pos() {
					if as, ok := s.(*ast.AssignStmt); ok && e.Pos() <= s.End() {
						for j, l := range as.Lhs {
							if types.ExprString(l) == name && len(as.Rhs) == len(as.Lhs) && fresh(as.Rhs[j]) {
								return
							}
						}
					}
					continue
				}
				if as, ok := s.(*ast.AssignStmt); ok && len(as.Lhs) == len(as.Rhs) {
					for j, l := range as.Lhs {
						if types.ExprString(l) == name {
							if _, app := isAppend(as.Rhs[j]); !app && fresh(as.Rhs[j]) {
								return
							}
						}
					}
				}
				if _, ok := s.(*ast.ReturnStmt); ok && !v.IsField() {
					return
				}
			}
			break
		}
		su.isField = v.IsField() || v.Parent() == v.Pkg().Scope()
		su.escapes = append(su.escapes, escape{e.Pos(), loops()})
	}
	store := func(l, r ast.Expr) {
		k, v := varOf(l)
		if v != nil && isSliceType(v.Type()) {
			su := f.slice(k)
			su.isField = v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
			if c, ok := isAppend(r); ok {
				if types.ExprString(ast.Unparen(c.Args[0])) == types.ExprString(ast.Unparen(l)) {
					su.appends = append(su.appends, r.Pos())
					f.appended[k] = true
					return
				}
			}
			if x, ok := ast.Unparen(r).(*ast.SliceExpr); ok {
				if types.ExprString(x.X) != types.ExprString(ast.Unparen(l)) {
					su.cut = true
				} else if x.High != nil {
					su.shrunk = true
				}
			}
			if call, ok := ast.Unparen(r).(*ast.CallExpr); ok {
				if fn, isType, isBuiltin := callee(info, call); !isType && !isBuiltin && (fn == nil || p.isLocal(fn.Pkg())) {
					su.called = true
				}
			}
			if !fresh(r) {
				// The last use of a variable passes its array on: there is only one reference afterwards.
				if id, ok := ast.Unparen(r).(*ast.Ident); ok && lastUse(f, p.key(info.Uses[id]), id.Pos()) && len(loops()) == 0 {
					su.from = append(su.from, p.key(info.Uses[id]))
				} else {
					su.stale = true
				}
			}
			if c, ok := ast.Unparen(r).(*ast.CompositeLit); ok && len(c.Elts) == 0 {
				f.madeEmpty[k] = true
			}
		}
		escapes(r)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if e, ok := n.(ast.Expr); ok && copiesStruct(info, stack, e) {
			p.structCopied(info.TypeOf(e))
		}
		switch n := n.(type) {
		case *ast.FuncDecl:
			p.decls[p.key(info.Defs[n.Name])] = n
			if n.Recv != nil && len(n.Recv.List[0].Names) == 1 && n.Body != nil {
				// A method that changes its receiver, which is a copy.
				if v, ok := info.Defs[n.Recv.List[0].Names[0]].(*types.Var); ok && isStruct(v.Type()) && setsField(info, v, n.Body) {
					p.structCopied(v.Type())
				}
			}
			if n.Type.Params != nil {
				for _, fl := range n.Type.Params.List {
					for _, id := range fl.Names {
						if v, ok := info.Defs[id].(*types.Var); ok && isSliceType(v.Type()) {
							if _, variadic := fl.Type.(*ast.Ellipsis); !variadic {
								f.slice(p.key(v)).isParam = true
							}
						}
					}
				}
			}
		case *ast.FuncLit:
			for _, fl := range n.Type.Params.List {
				for _, id := range fl.Names {
					if v, ok := info.Defs[id].(*types.Var); ok && isSliceType(v.Type()) {
						if _, variadic := fl.Type.(*ast.Ellipsis); !variadic {
							f.slice(p.key(v)).isParam = true
						}
					}
				}
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, l := range n.Lhs {
					if id, ok := l.(*ast.Ident); ok {
						if v, ok := info.Defs[id].(*types.Var); ok {
							f.plainLocal[p.key(v)] = true
						}
					}
				}
			}
			if len(n.Lhs) == len(n.Rhs) {
				pushes := true // all of them are x = append(x, …)
				for i := range n.Lhs {
					c, ok := isAppend(n.Rhs[i])
					pushes = pushes && ok && types.ExprString(ast.Unparen(c.Args[0])) == types.ExprString(ast.Unparen(n.Lhs[i]))
				}
				for i := range n.Lhs {
					store(n.Lhs[i], n.Rhs[i])
					if k, v := varOf(n.Lhs[i]); len(n.Lhs) > 1 && !pushes && v != nil && isSliceType(v.Type()) {
						f.slice(k).several = true
					}
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if v, ok := info.Defs[id].(*types.Var); ok && v.Pkg() != nil && v.Parent() != v.Pkg().Scope() {
					f.plainLocal[p.key(v)] = true
				}
				if i < len(n.Values) && len(n.Values) == len(n.Names) {
					store(id, n.Values[i])
				}
			}
		case *ast.RangeStmt:
			if n.Value != nil {
				if k, v := varOf(n.Value); v != nil && isSliceType(v.Type()) {
					f.slice(k).stale = true
				}
			}
		case *ast.CompositeLit:
			st, _ := info.TypeOf(n).Underlying().(*types.Struct)
			for i, el := range n.Elts {
				v := el
				if kv, ok := el.(*ast.KeyValueExpr); ok {
					v = kv.Value
					if id, ok := kv.Key.(*ast.Ident); ok && st != nil {
						if fv, ok := info.Uses[id].(*types.Var); ok && isSliceType(fv.Type()) {
							su := f.slice(p.key(fv))
							su.isField = true
							if !fresh(v) {
								su.stale = true
							}
						}
					}
				} else if st != nil && i < st.NumFields() && isSliceType(st.Field(i).Type()) {
					su := f.slice(p.key(st.Field(i)))
					su.isField = true
					if !fresh(v) {
						su.stale = true
					}
				}
				escapes(v)
			}
		case *ast.SliceExpr:
			if p.isView(n) {
				escapes(n.X)
			}
		case *ast.SendStmt:
			escapes(n.Value)
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				if _, v := varOf(r); v != nil && v.IsField() {
					escapes(r)
				}
			}
		case *ast.CallExpr:
			fn, _, isBuiltin := callee(info, n)
			if isBuiltin {
				if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "append" && len(n.Args) > 1 && !n.Ellipsis.IsValid() {
					for _, a := range n.Args[1:] {
						escapes(a)
					}
				}
			}
			if fn != nil && pathOf(fn) == "context" {
				if fn.Name() == "WithValue" && len(n.Args) == 3 {
					f.ctxKeys[typeKey(info.TypeOf(n.Args[1]))] = true
				}
				if fn.Name() == "Value" && len(n.Args) == 1 {
					f.ctxKeys[typeKey(info.TypeOf(n.Args[0]))] = true
				}
			}
			// A method with a pointer receiver, called on a variable that does not hold an object.
			if fn != nil && p.isLocal(fn.Pkg()) {
				if r := recvOf(fn); r != nil && isPointer2(r) {
					if _, isRef := refElem(r); isRef {
						if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
							if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok {
								if v, ok := info.Uses[id].(*types.Var); ok && !isPointer2(v.Type()) {
									p.refVars[p.key(v)] = true
								}
							}
						}
					}
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				if id, ok := ast.Unparen(n.X).(*ast.Ident); ok {
					if v, ok := info.Uses[id].(*types.Var); ok && !v.IsField() {
						_, isRef := refElem(types.NewPointer(v.Type()))
						switch {
						case v.Pkg() == nil:
						case exempt(info, stack, n):
							if f.assigned[p.key(v)]++; isSliceType(v.Type()) {
								f.slice(p.key(v)).several = true
							}
						case isRef:
							p.refVars[p.key(v)] = true
						}
					}
				}
			}
		}
		stack = append(stack, n)
		return true
	})
}

// copiesStruct reports whether an expression is a struct that gets a second place, so that its slices have two references.
func copiesStruct(info *types.Info, stack []ast.Node, e ast.Expr) bool {
	ty := info.TypeOf(e)
	if ty == nil || !isStruct(ty) || info.Types[e].IsType() {
		return false
	}
	switch x := e.(type) {
	case *ast.Ident:
		if _, ok := info.Uses[x].(*types.Var); !ok {
			return false
		}
	case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr, *ast.TypeAssertExpr:
	default:
		return false
	}
	switch p := parentOf(stack).(type) {
	case *ast.SelectorExpr, *ast.UnaryExpr, *ast.RangeStmt, *ast.BinaryExpr, *ast.ExprStmt, *ast.SwitchStmt, *ast.IncDecStmt:
		return false
	case *ast.AssignStmt:
		for _, r := range p.Rhs {
			if ast.Unparen(r) == e {
				return true
			}
		}
		return false
	case *ast.KeyValueExpr:
		return ast.Unparen(p.Value) == e
	case *ast.ReturnStmt:
		_, local := e.(*ast.Ident)
		return !local
	case *ast.CallExpr:
		fn, _, _ := callee(info, p)
		return fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "fmt"
	}
	return true
}

// structCopied records that structs of a type are copied, with those inside.
func (p *program) structCopied(ty types.Type) {
	n, ok := types.Unalias(ty).(*types.Named)
	if ok {
		ty = n.Origin()
	}
	s, ok := ty.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i := 0; i < s.NumFields(); i++ {
		switch f := s.Field(i); {
		case isSliceType(f.Type()):
			p.facts.slice(p.key(f)).copied = true
		case isStruct(f.Type()):
			p.structCopied(f.Type())
		}
	}
}

// setsField reports whether a body assigns a field of a variable.
func setsField(info *types.Info, v *types.Var, body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if as, ok := n.(*ast.AssignStmt); ok {
			for _, l := range as.Lhs {
				if sel, ok := ast.Unparen(l).(*ast.SelectorExpr); ok {
					if id := identOf(sel.X); id != nil && info.Uses[id] == v {
						found = true
					}
				}
			}
		}
		return !found
	})
	return found
}

func lastUse(f *facts, k node, pos token.Pos) bool {
	for _, u := range f.uses[k] {
		if u > pos {
			return false
		}
	}
	return f.plainLocal[k] && !f.captured[k]
}

// exempt reports whether an address is only taken for a function that is translated without pointers.
func exempt(info *types.Info, stack []ast.Node, n *ast.UnaryExpr) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		c, ok := stack[i].(*ast.CallExpr)
		if !ok {
			if _, ok := stack[i].(*ast.ParenExpr); ok {
				continue
			}
			return false
		}
		fn, _, _ := callee(info, c)
		if fn == nil || fn.Pkg() == nil {
			return false
		}
		if pathOf(fn) == "sync/atomic" || fn.FullName() == "errors.As" {
			return true
		}
		switch fn.FullName() {
		case "(*database/sql.Rows).Scan", "(*database/sql.Row).Scan":
			return true
		}
		if p := pathOf(fn); (p == "github.com/stretchr/testify/assert" || p == "github.com/stretchr/testify/require") && fn.Name() == "ErrorAs" {
			return true
		}
		return false
	}
	return false
}

func isSliceType(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Slice)
	return ok
}
