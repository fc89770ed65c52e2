package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// net/http and net/url on gocsp/golib/http and url. The types of maps with methods are classes there, whose field map is
// the map itself; a HandlerFunc is a function, which becomes a Handler where Go converts it to an interface.

// isStdMap reports whether a type is a map with methods that is a class here: http.Header, url.Values.
func isStdMap(ty types.Type) bool {
	if ty == nil {
		return false
	}
	n, ok := types.Unalias(ty).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
	case "net/http.Header", "net/url.Values":
		return true
	}
	return false
}

func isHandlerFunc(ty types.Type) bool {
	_, isPtr := types.Unalias(ty).(*types.Pointer)
	return !isPtr && isNamed(ty, "net/http", "HandlerFunc")
}

// openStdMaps rewrites the operations of maps on http.Header and url.Values to those on their field map.
func (p *program) openStdMaps(info *types.Info, file *ast.File) {
	open := func(e ast.Expr) ast.Expr {
		tv, ok := info.Types[e]
		if !ok || !isStdMap(tv.Type) {
			return e
		}
		sel := &ast.SelectorExpr{X: e, Sel: &ast.Ident{NamePos: e.End() - 1, Name: "map"}}
		tv.Type = tv.Type.Underlying()
		info.Types[sel] = tv
		p.opened[sel] = true
		return sel
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr:
			n.X = open(n.X)
		case *ast.RangeStmt:
			n.X = open(n.X)
		case *ast.CallExpr:
			fn, _, isBuiltin := callee(info, n)
			if isBuiltin && len(n.Args) > 0 && !info.Types[n.Args[0]].IsType() {
				n.Args[0] = open(n.Args[0])
			}
			if fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "maps" && fn.Name() != "Clone" {
				for i, a := range n.Args {
					n.Args[i] = open(a)
				}
			}
		}
		return true
	})
}

// stdMap converts between a class that holds a map and the map.
func (t *tr) stdMap(x X, from, to types.Type) (X, bool) {
	if from == nil || to == nil || isStdMap(from) == isStdMap(to) || !isMap(from) || !isMap(to) {
		return x, false
	}
	if isStdMap(from) {
		return prim("%s.map", x.sure().at(pPrimary)), true
	}
	return prim("new %s(%s)", t.stdType(types.Unalias(to).(*types.Named)), x.s), true
}

// httpCall translates the calls of net/http and net/url that differ.
func (t *tr) httpCall(c *ast.CallExpr, fn *types.Func, sig *types.Signature) (X, bool) {
	if fn.FullName() == "(net/http.HandlerFunc).ServeHTTP" {
		f := t.recv(ast.Unparen(c.Fun).(*ast.SelectorExpr)).sure()
		return prim("%s%s", f.at(pPrimary), t.callList(c, t.args(c, sig, nil))), true
	}
	if fn.FullName() == "(net/http.RoundTripper).RoundTrip" {
		// A transport may return nil, which is looked at only behind the error.
		x := t.recv(ast.Unparen(c.Fun).(*ast.SelectorExpr)).sure()
		t.use("gocsp/golib/http", "* as "+t.alias("net/http", "http"))
		return prim("%s.roundTrip(%s, %s)", t.alias("net/http", "http"), x.s, t.args(c, sig, nil)[0]), true
	}
	return X{}, false
}

// urlError translates a literal of url.Error, which is made by its parts in order.
func (t *tr) urlError(e *ast.CompositeLit, n *types.Named) X {
	parts := map[string]string{"Op": `""`, "URL": `""`, "Err": "undefined"}
	for i, el := range e.Elts {
		name, v := []string{"Op", "URL", "Err"}[i], el
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			name, v = kv.Key.(*ast.Ident).Name, kv.Value
		}
		parts[name] = t.expr(v).at(pAssign)
	}
	return prim("new %s(%s)", t.stdType(n), strings.Join([]string{parts["Op"], parts["URL"], parts["Err"]}, ", "))
}

// stdCopy copies a struct of the standard library whose fields may be set; false for others, which nobody copies.
func (t *tr) stdCopy(x X, n *types.Named) (X, bool) {
	switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
	case "net/http.Request":
		b := x.sure().at(pPrimary)
		return prim("%s.withContext(%s.context())", b, b), true
	case "net/url.URL", "net/http.Response", "net/http.Client":
		return prim("Object.assign(new %s(), %s)", t.stdType(n), x.sure().s), true
	}
	return x, false
}

// waitingValue reports whether a call of a function value waits whatever the function is.
func waitingValue(info *types.Info, c *ast.CallExpr) bool {
	ty := info.TypeOf(c.Fun)
	return ty != nil && isHandlerFunc(ty)
}
