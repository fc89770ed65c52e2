package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Which indexes are certain to be in range. An index out of range panics in Go and yields undefined in JavaScript, so
// a[i] is translated to at(a, i), which panics as Go does, except where the code around it shows that i is in range: in
// loops over a, behind a comparison with len(a), after the same index. The walk follows the statements in the order of
// their execution and keeps what is known about lengths and indexes.

type bounds struct {
	prog *program
	info *types.Info
	// sure has the brackets of the index and slice expressions that are in range.
	sure map[token.Pos]bool
	// objects has the variables of plain paths.
	objects map[string]node
}

// Ranges hold what is known at a point of a function. Slices and integers are named by paths: v12 is a variable that only
// this function changes, !v12.items something that other code may change. #v12 stands for a length of v12.
type ranges struct {
	lower   map[string]int64    // an integer is at least this
	upper   map[string]int64    // an integer is at most this
	atLeast map[string]int64    // a slice has at least so many elements
	below   map[[2]string]int64 // slice, integer: the integer plus this is less than the length
	same    map[string]string   // two slices have the same length
}

func newRanges() *ranges {
	return &ranges{map[string]int64{}, map[string]int64{}, map[string]int64{}, map[[2]string]int64{}, map[string]string{}}
}

func (k *ranges) clone() *ranges {
	c := newRanges()
	for p, n := range k.lower {
		c.lower[p] = n
	}
	for p, n := range k.upper {
		c.upper[p] = n
	}
	for p, n := range k.atLeast {
		c.atLeast[p] = n
	}
	for p, n := range k.below {
		c.below[p] = n
	}
	for p, q := range k.same {
		c.same[p] = q
	}
	return c
}

// drop removes what is known about the paths that a test accepts.
func (k *ranges) drop(test func(path string) bool) {
	gone := func(p string) bool { return test(strings.TrimPrefix(p, "#")) }
	for p := range k.lower {
		if gone(p) {
			delete(k.lower, p)
		}
	}
	for p := range k.upper {
		if gone(p) {
			delete(k.upper, p)
		}
	}
	for p := range k.atLeast {
		if gone(p) {
			delete(k.atLeast, p)
		}
	}
	for p := range k.below {
		if gone(p[0]) || gone(p[1]) {
			delete(k.below, p)
		}
	}
	for p, q := range k.same {
		if gone(p) || gone(q) {
			delete(k.same, p)
		}
	}
}

// kill forgets a place that is assigned. A field or an element may be the same as that of another path.
func (k *ranges) kill(path string) {
	if strings.HasSuffix(path, ".*") {
		k.killShared()
		return
	}
	if strings.HasSuffix(path, "]") {
		k.drop(func(p string) bool { return strings.Contains(p, "[") })
		return
	}
	field := ""
	if i := strings.LastIndexByte(path, '.'); i > 0 {
		field = path[i:]
	}
	bare := strings.TrimPrefix(path, "!")
	k.drop(func(p string) bool {
		q := strings.TrimPrefix(p, "!")
		return q == bare || strings.HasPrefix(q, bare+".") || strings.HasPrefix(q, bare+"[") || strings.Contains(p, "["+bare+"]") ||
			field != "" && (strings.HasSuffix(p, field) || strings.Contains(p, field+".") || strings.Contains(p, field+"[") || strings.Contains(p, field+"]"))
	})
}

// killShared forgets what other code may have changed.
func (k *ranges) killShared() { k.drop(func(p string) bool { return strings.HasPrefix(p, "!") }) }

// meet keeps what holds on both of two ways.
func (k *ranges) meet(o *ranges) {
	least := func(a, b map[string]int64) {
		for p, n := range a {
			if m, ok := b[p]; !ok {
				delete(a, p)
			} else if m < n {
				a[p] = m
			}
		}
	}
	least(k.lower, o.lower)
	least(k.atLeast, o.atLeast)
	for p, n := range k.upper {
		if m, ok := o.upper[p]; !ok {
			delete(k.upper, p)
		} else if m > n {
			k.upper[p] = m
		}
	}
	for p, n := range k.below {
		if m, ok := o.below[p]; !ok {
			delete(k.below, p)
		} else if m < n {
			k.below[p] = m
		}
	}
	for p, q := range k.same {
		if o.same[p] != q {
			delete(k.same, p)
		}
	}
}

// equals returns the paths whose length is that of a slice.
func (k *ranges) equals(a string) []string {
	list := []string{a}
	seen := map[string]bool{a: true}
	for i := 0; i < len(list); i++ {
		for p, q := range k.same {
			if p == list[i] && !seen[q] {
				seen[q] = true
				list = append(list, q)
			}
			if q == list[i] && !seen[p] {
				seen[p] = true
				list = append(list, p)
			}
		}
	}
	return list
}

func (k *ranges) length(a string) int64 {
	var n int64
	for _, p := range k.equals(a) {
		n = max(n, k.atLeast[p])
	}
	return n
}

func (k *ranges) raise(m map[string]int64, path string, n int64) {
	if old, ok := m[path]; !ok || n > old {
		m[path] = n
	}
}

// scanBounds finds the indexes that need no check.
func (p *program) scanBounds() {
	b := &bounds{prog: p, sure: map[token.Pos]bool{}, objects: map[string]node{}}
	p.bounds = b
	for _, u := range p.pkgs {
		b.info = u.info
		for _, f := range u.files {
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Body != nil {
						b.function(d.Body, newRanges())
					}
				case *ast.GenDecl:
					ast.Inspect(d, func(n ast.Node) bool {
						if l, ok := n.(*ast.FuncLit); ok {
							b.function(l.Body, newRanges())
							return false
						}
						return true
					})
				}
			}
		}
	}
}

func (b *bounds) function(body *ast.BlockStmt, k *ranges) {
	jumps := false
	inspectBody(body, func(n ast.Node) {
		if s, ok := n.(*ast.BranchStmt); ok && s.Tok == token.GOTO {
			jumps = true
		}
	})
	if !jumps {
		b.stmts(body.List, k)
	}
}

// path names a variable or field; "" for other expressions.
func (b *bounds) path(e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := b.info.ObjectOf(x).(*types.Var)
		if !ok || v.Pkg() == nil {
			return ""
		}
		key := b.prog.key(v)
		name := "v" + posName(v)
		if v.IsField() || v.Parent() == v.Pkg().Scope() || b.prog.facts.capSet[key] || b.prog.facts.addressed[key] || b.prog.refVars[key] ||
			b.prog.facts.captured[key] && b.prog.facts.assigned[key]+b.prog.facts.redefined[key] > 0 {
			return "!" + name
		}
		b.objects[name] = key
		return name
	case *ast.SelectorExpr:
		if s := b.info.Selections[x]; s != nil && s.Kind() == types.FieldVal {
			if p := b.path(x.X); p != "" {
				return "!" + strings.TrimPrefix(p, "!") + "." + x.Sel.Name
			}
		} else if v, ok := b.info.Uses[x.Sel].(*types.Var); ok && !v.IsField() {
			return "!v" + posName(v)
		}
	case *ast.StarExpr:
		if p := b.path(x.X); p != "" {
			return "!" + strings.TrimPrefix(p, "!") + ".*"
		}
	case *ast.IndexExpr:
		tv := b.info.Types[x.X]
		if tv.Type == nil || !isSlice(tv.Type) && !isArray(tv.Type) {
			break
		}
		p := b.path(x.X)
		if t, ok := b.term(x.Index); ok && p != "" && !strings.HasPrefix(t.path, "#") && (t.off == 0 || t.path == "") {
			at := strings.TrimPrefix(t.path, "!")
			if at == "" {
				at = itoa(int(t.off))
			}
			return "!" + strings.TrimPrefix(p, "!") + "[" + at + "]"
		}
	}
	return ""
}

func posName(v *types.Var) string { return itoa(int(v.Origin().Pos())) }

// A term is an integer: a path plus a number. The path of a length is the slice's with a #.
type term struct {
	path string
	off  int64
}

func (b *bounds) term(e ast.Expr) (term, bool) {
	if n, ok := constInt(b.info, e); ok {
		return term{"", n}, true
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		if x.Op != token.ADD && x.Op != token.SUB {
			break
		}
		l, ok := b.term(x.X)
		r, ok2 := b.term(x.Y)
		switch {
		case !ok || !ok2:
		case r.path == "" && x.Op == token.ADD:
			return term{l.path, l.off + r.off}, true
		case r.path == "":
			return term{l.path, l.off - r.off}, true
		case l.path == "" && x.Op == token.ADD:
			return term{r.path, l.off + r.off}, true
		}
		return term{}, false
	case *ast.CallExpr:
		if len(x.Args) != 1 {
			break
		}
		_, isType, isBuiltin := callee(b.info, x)
		if id, ok := ast.Unparen(x.Fun).(*ast.Ident); ok && isBuiltin && id.Name == "len" {
			if n, ok := arrayLen(b.info.TypeOf(x.Args[0])); ok {
				return term{"", n}, true
			}
			if p := b.path(x.Args[0]); p != "" {
				return term{"#" + p, 0}, true
			}
		}
		if isType && isInteger(b.info.TypeOf(x)) && !small(b.info.TypeOf(x)) && isInteger(b.info.TypeOf(x.Args[0])) {
			return b.term(x.Args[0])
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.StarExpr:
		if isInteger(b.info.TypeOf(e)) {
			if p := b.path(e); p != "" {
				return term{p, 0}, true
			}
		}
	}
	return term{}, false
}

// arrayLen returns the length of an array, or of the array that a pointer points to.
func arrayLen(ty types.Type) (int64, bool) {
	if ty == nil {
		return 0, false
	}
	u := ty.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	if a, ok := u.(*types.Array); ok {
		return a.Len(), true
	}
	return 0, false
}

func isUnsigned(ty types.Type) bool {
	u, ok := ty.Underlying().(*types.Basic)
	return ok && u.Info()&types.IsUnsigned != 0
}

// least returns what an integer is at least.
func (b *bounds) least(k *ranges, e ast.Expr) (int64, bool) {
	if n, ok := constInt(b.info, e); ok {
		return n, true
	}
	e = ast.Unparen(e)
	if t, ok := b.term(e); ok {
		if strings.HasPrefix(t.path, "#") {
			return k.length(t.path[1:]) + t.off, true
		}
		if n, ok := k.lower[t.path]; ok {
			return n + t.off, true
		}
		if t.off >= 0 && isUnsigned(b.info.TypeOf(e)) {
			return 0, true
		}
	} else if isUnsigned(b.info.TypeOf(e)) {
		if x, ok := e.(*ast.BinaryExpr); !ok || x.Op != token.SUB {
			return 0, true
		}
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		l, ok := b.least(k, x.X)
		r, ok2 := b.least(k, x.Y)
		both := ok && ok2 && l >= 0 && r >= 0
		switch x.Op {
		case token.ADD, token.MUL, token.OR:
			return 0, both
		case token.QUO, token.SHR, token.REM:
			return 0, ok && l >= 0
		case token.AND:
			return 0, ok && l >= 0 || ok2 && r >= 0
		}
	case *ast.CallExpr:
		if _, isType, _ := callee(b.info, x); isType && len(x.Args) == 1 && isInteger(b.info.TypeOf(x.Args[0])) {
			return b.least(k, x.Args[0])
		}
	}
	return 0, false
}

// most returns what an integer is at most.
func (b *bounds) most(k *ranges, e ast.Expr) (int64, bool) {
	if n, ok := constInt(b.info, e); ok {
		return n, true
	}
	e = ast.Unparen(e)
	if t, ok := b.term(e); ok {
		if n, ok := k.upper[t.path]; ok {
			return n + t.off, true
		}
		if t.off == 0 && basicKind(b.info.TypeOf(e)) == types.Uint8 {
			return 255, true
		}
		return 0, false
	}
	switch x := e.(type) {
	case *ast.BinaryExpr:
		n, ok := constInt(b.info, x.Y)
		switch {
		case x.Op == token.REM && ok && n > 0:
			return n - 1, true
		case x.Op == token.AND && ok && n >= 0:
			return n, true
		case x.Op == token.SHR && ok && n >= 0 && n < 64:
			if m, ok := b.most(k, x.X); ok && m >= 0 {
				return m >> n, true
			}
		}
	case *ast.CallExpr:
		if _, isType, _ := callee(b.info, x); isType && len(x.Args) == 1 && isInteger(b.info.TypeOf(x.Args[0])) {
			return b.most(k, x.Args[0])
		}
	case *ast.IndexExpr:
	}
	if basicKind(b.info.TypeOf(e)) == types.Uint8 {
		return 255, true
	}
	return 0, false
}

// under reports whether an integer plus an offset is less than a length.
func (b *bounds) under(k *ranges, a string, size int64, e ast.Expr, off int64) bool {
	if n, ok := b.most(k, e); ok && (n+off < size || a != "" && n+off < k.length(a)) {
		return true
	}
	if a == "" {
		return false
	}
	equal := k.equals(a)
	if t, ok := b.term(e); ok {
		for _, p := range equal {
			if t.path == "#"+p || "#"+t.path == p {
				if t.off+off < 0 {
					return true
				}
			}
			if n, ok := k.below[[2]string{p, t.path}]; ok && n >= t.off+off {
				return true
			}
		}
	}
	// x % len(a), which panics by itself if a is empty
	if x, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && x.Op == token.REM && off <= 0 {
		if t, ok := b.term(x.Y); ok && t.off <= 0 {
			for _, p := range equal {
				if t.path == "#"+p || "#"+t.path == p {
					return true
				}
			}
		}
	}
	return false
}

// index decides about a[i], and learns that i is in range from there on.
func (b *bounds) index(k *ranges, e *ast.IndexExpr) {
	ty := b.info.TypeOf(e.X)
	size, _ := arrayLen(ty)
	a := b.path(e.X)
	if a == "" {
		size = b.lengthOf(k, e.X)
	}
	n, ok := b.least(k, e.Index)
	if ok && n >= 0 && b.under(k, a, size, e.Index, 0) {
		b.sure[e.Lbrack] = true
		return
	}
	if a == "" {
		return
	}
	if t, ok := b.term(e.Index); ok {
		if t.path == "" {
			k.raise(k.atLeast, a, t.off+1)
			return
		}
		if p, ok := strings.CutPrefix(t.path, "#"); ok {
			if p == a {
				k.raise(k.atLeast, a, -t.off)
			}
			return
		}
		at := [2]string{a, t.path}
		if old, ok := k.below[at]; !ok || t.off > old {
			k.below[at] = t.off
		}
		k.raise(k.lower, t.path, -t.off)
	}
}

// cut decides about a[lo:hi].
func (b *bounds) cut(k *ranges, e *ast.SliceExpr) {
	a := b.path(e.X)
	size, _ := arrayLen(b.info.TypeOf(e.X))
	if e.Slice3 {
		return
	}
	var within func(i ast.Expr) bool
	within = func(i ast.Expr) bool { // 0 <= i <= len(a)
		if x, ok := ast.Unparen(i).(*ast.BinaryExpr); ok && (x.Op == token.QUO || x.Op == token.SHR) {
			if n, ok := constInt(b.info, x.Y); ok && n >= 1 && within(x.X) {
				return true
			}
		}
		n, ok := b.least(k, i)
		return ok && n >= 0 && (b.under(k, a, size, i, -1) || b.isLen(k, a, i))
	}
	lo, loConst := int64(0), true
	if e.Low != nil {
		lo, loConst = constInt(b.info, e.Low)
	}
	zero := e.Low == nil || loConst && lo == 0
	switch {
	case zero && (e.High == nil || b.isLen(k, a, e.High)):
	case e.High == nil && within(e.Low):
	case zero && within(e.High):
	case e.High != nil && loConst && within(e.High):
		if n, ok := b.least(k, e.High); !ok || n < lo {
			return
		}
	case e.High != nil && b.isLen(k, a, e.High) && within(e.Low):
	default:
		return
	}
	b.sure[e.Lbrack] = true
}

func (b *bounds) isLen(k *ranges, a string, e ast.Expr) bool {
	t, ok := b.term(e)
	if !ok || t.off != 0 || a == "" {
		return false
	}
	for _, p := range k.equals(a) {
		if t.path == "#"+p || "#"+t.path == p {
			return true
		}
	}
	return false
}

// assume adds what a condition tells if it is true, or if it is false.
func (b *bounds) assume(k *ranges, e ast.Expr, truth bool) {
	switch x := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			b.assume(k, x.X, !truth)
		}
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND, token.LOR:
			if truth == (x.Op == token.LAND) {
				b.assume(k, x.X, truth)
				b.assume(k, x.Y, truth)
			}
			return
		}
		l, ok := b.term(x.X)
		r, ok2 := b.term(x.Y)
		if !ok || !ok2 {
			return
		}
		op := x.Op
		if !truth {
			op = map[token.Token]token.Token{token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
				token.EQL: token.NEQ, token.NEQ: token.EQL}[op]
		}
		switch op {
		case token.LSS:
			b.less(k, l, r)
		case token.LEQ:
			b.less(k, l, term{r.path, r.off + 1})
		case token.GTR:
			b.less(k, r, l)
		case token.GEQ:
			b.less(k, r, term{l.path, l.off + 1})
		case token.EQL:
			b.less(k, l, term{r.path, r.off + 1})
			b.less(k, r, term{l.path, l.off + 1})
			if l.off == r.off {
				b.sameLength(k, l.path, r.path)
			}
		case token.NEQ:
			// A length that is not zero is at least one.
			if r.path == "" && r.off == 0 && l.off == 0 {
				if p, ok := strings.CutPrefix(l.path, "#"); ok {
					k.raise(k.atLeast, p, 1)
				} else if n, ok := k.lower[l.path]; ok && n == 0 {
					k.lower[l.path] = 1
				}
			}
		}
	}
}

// less adds l < r.
func (b *bounds) less(k *ranges, l, r term) {
	switch {
	case l.path == "" && r.path == "":
	case l.path == "":
		if p, ok := strings.CutPrefix(r.path, "#"); ok {
			k.raise(k.atLeast, p, l.off-r.off+1)
		} else {
			k.raise(k.lower, r.path, l.off-r.off+1)
		}
	case strings.HasPrefix(l.path, "#"):
	case r.path == "":
		if old, ok := k.upper[l.path]; !ok || r.off-l.off-1 < old {
			k.upper[l.path] = r.off - l.off - 1
		}
	default:
		a := "#" + r.path
		if p, ok := strings.CutPrefix(r.path, "#"); ok {
			a = p
		}
		at := [2]string{a, l.path}
		if old, ok := k.below[at]; !ok || l.off-r.off > old {
			k.below[at] = l.off - r.off
		}
	}
}

// sameLength adds that a path, # with the slice for a length, equals another one.
func (b *bounds) sameLength(k *ranges, p, q string) {
	if p == "" || q == "" || p == q {
		return
	}
	name := func(s string) string {
		if a, ok := strings.CutPrefix(s, "#"); ok {
			return a
		}
		return "#" + s
	}
	if strings.HasPrefix(p, "#") || strings.HasPrefix(q, "#") {
		k.same[name(p)] = name(q)
	}
}

// ---- expressions

// expr walks an expression in the order of its evaluation.
func (b *bounds) expr(k *ranges, e ast.Expr) {
	switch x := e.(type) {
	case nil:
	case *ast.FuncLit:
		b.function(x.Body, b.inClosure(k))
	case *ast.ParenExpr:
		b.expr(k, x.X)
	case *ast.SelectorExpr:
		b.expr(k, x.X)
	case *ast.StarExpr:
		b.expr(k, x.X)
	case *ast.UnaryExpr:
		b.expr(k, x.X)
		if x.Op == token.ARROW {
			k.killShared()
		}
	case *ast.BinaryExpr:
		b.expr(k, x.X)
		if x.Op == token.LAND || x.Op == token.LOR {
			right := k.clone()
			b.assume(right, x.X, x.Op == token.LAND)
			b.expr(right, x.Y)
			k.meet(right)
			return
		}
		b.expr(k, x.Y)
	case *ast.KeyValueExpr:
		b.expr(k, x.Key)
		b.expr(k, x.Value)
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				if _, isMap := b.info.TypeOf(x).Underlying().(*types.Map); isMap {
					b.expr(k, kv.Key)
				}
				b.expr(k, kv.Value)
				continue
			}
			b.expr(k, el)
		}
	case *ast.TypeAssertExpr:
		b.expr(k, x.X)
	case *ast.IndexExpr:
		tv := b.info.Types[x.X]
		if tv.Type == nil || tv.IsType() {
			return
		}
		if _, ok := tv.Type.Underlying().(*types.Signature); ok {
			b.expr(k, x.X)
			return
		}
		b.expr(k, x.X)
		b.expr(k, x.Index)
		if !isMap(tv.Type) {
			b.index(k, x)
		}
	case *ast.IndexListExpr:
		b.expr(k, x.X)
	case *ast.SliceExpr:
		b.expr(k, x.X)
		b.expr(k, x.Low)
		b.expr(k, x.High)
		b.expr(k, x.Max)
		b.cut(k, x)
	case *ast.CallExpr:
		fn, isType, isBuiltin := callee(b.info, x)
		if !isType && !isBuiltin {
			b.expr(k, x.Fun)
		}
		for i, a := range x.Args {
			if l, ok := a.(*ast.FuncLit); ok && i == 1 && fn != nil && pathOf(fn) == "sort" {
				b.comparing(k, fn.Name(), x.Args[0], l)
				continue
			}
			b.expr(k, a)
		}
		if !isType && !isBuiltin && !harmless(fn) {
			k.killShared()
		}
	}
}

// inClosure returns what holds whenever a closure is called: what is known about variables that never change.
func (b *bounds) inClosure(k *ranges) *ranges {
	inner := k.clone()
	inner.drop(func(p string) bool {
		o, ok := b.objects[p]
		return !ok || b.prog.facts.assigned[o] > 0 || b.prog.facts.redefined[o] > 0
	})
	return inner
}

// comparing walks the closure of sort.Slice and sort.Search, which get indexes that are in range.
func (b *bounds) comparing(k *ranges, name string, of ast.Expr, l *ast.FuncLit) {
	inner := b.inClosure(k)
	a := b.path(of)
	switch name {
	case "Slice", "SliceStable", "SliceIsSorted":
	case "Search":
		t, _ := b.term(of)
		a, _ = strings.CutPrefix(t.path, "#")
		if t.off != 0 || !strings.HasPrefix(t.path, "#") {
			a = ""
		}
	default:
		a = ""
	}
	for _, f := range l.Type.Params.List {
		for _, id := range f.Names {
			if p := b.path0(id); p != "" && a != "" && !strings.HasPrefix(p, "!") {
				inner.lower[p] = 0
				inner.below[[2]string{a, p}] = 0
			}
		}
	}
	b.function(l.Body, inner)
}

// harmless reports whether a function of the standard library is certain to change no slice of the program.
func harmless(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch pathOf(fn) {
	case "fmt", "strings", "strconv", "math", "math/bits", "math/rand", "bytes", "errors", "unicode", "unicode/utf8", "sync/atomic", "log":
		return true
	case "time":
		return fn.Name() != "Sleep"
	case "testing":
		return fn.Name() != "Run"
	}
	return false
}

// ---- statements

func (b *bounds) stmts(l []ast.Stmt, k *ranges) {
	for _, s := range l {
		b.stmt(s, k)
	}
}

func (b *bounds) stmt(s ast.Stmt, k *ranges) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		b.expr(k, s.X)
	case *ast.SendStmt:
		b.expr(k, s.Chan)
		b.expr(k, s.Value)
		k.killShared()
	case *ast.IncDecStmt:
		b.expr(k, s.X)
		d := int64(1)
		if s.Tok == token.DEC {
			d = -1
		}
		b.shift(k, b.path(s.X), d)
	case *ast.AssignStmt:
		b.assign(s, k)
	case *ast.DeclStmt:
		if gd, ok := s.Decl.(*ast.GenDecl); ok {
			for _, sp := range gd.Specs {
				v, ok := sp.(*ast.ValueSpec)
				if !ok || gd.Tok != token.VAR {
					continue
				}
				for _, r := range v.Values {
					b.expr(k, r)
				}
				for i, id := range v.Names {
					var r ast.Expr
					if len(v.Values) == len(v.Names) {
						r = v.Values[i]
					}
					b.set(k, id, r)
					if len(v.Values) == 0 && isInteger(b.info.TypeOf(id)) {
						if p := b.path(id); p != "" {
							k.lower[p], k.upper[p] = 0, 0
						}
					}
				}
			}
		}
	case *ast.GoStmt:
		b.expr(k, s.Call)
	case *ast.DeferStmt:
		b.expr(k, s.Call)
	case *ast.ReturnStmt:
		for _, r := range s.Results {
			b.expr(k, r)
		}
	case *ast.BlockStmt:
		b.stmts(s.List, k)
	case *ast.LabeledStmt:
		if _, ok := s.Stmt.(*ast.BlockStmt); ok {
			b.around(s.Stmt, k, func(inner *ranges) { b.stmt(s.Stmt, inner) })
			return
		}
		b.stmt(s.Stmt, k)
	case *ast.IfStmt:
		if s.Init != nil {
			b.stmt(s.Init, k)
		}
		b.expr(k, s.Cond)
		yes, no := k.clone(), k.clone()
		b.assume(yes, s.Cond, true)
		b.assume(no, s.Cond, false)
		b.stmts(s.Body.List, yes)
		ended := false
		if s.Else != nil {
			b.stmt(s.Else, no)
			ended = terminating(s.Else)
		}
		switch {
		case terminates(s.Body.List):
			*k = *no
		case ended:
			*k = *yes
		default:
			yes.meet(no)
			*k = *yes
		}
	case *ast.SwitchStmt:
		if s.Init != nil {
			b.stmt(s.Init, k)
		}
		b.expr(k, s.Tag)
		b.around(s.Body, k, func(inner *ranges) {
			for _, c := range s.Body.List {
				cc := c.(*ast.CaseClause)
				clause := inner.clone()
				for _, e := range cc.List {
					b.expr(clause, e)
					if s.Tag == nil && len(cc.List) == 1 {
						b.assume(clause, e, true)
					}
				}
				if fallsInto(s.Body.List, c) {
					clause = inner.clone()
				}
				b.stmts(cc.Body, clause)
				if s.Tag == nil && len(cc.List) == 1 {
					b.assume(inner, cc.List[0], false)
				}
			}
		})
	case *ast.TypeSwitchStmt:
		if s.Init != nil {
			b.stmt(s.Init, k)
		}
		b.stmt(s.Assign, k)
		b.around(s.Body, k, func(inner *ranges) {
			for _, c := range s.Body.List {
				b.stmts(c.(*ast.CaseClause).Body, inner.clone())
			}
		})
	case *ast.SelectStmt:
		k.killShared()
		b.around(s.Body, k, func(inner *ranges) {
			for _, c := range s.Body.List {
				cc := c.(*ast.CommClause)
				clause := inner.clone()
				if cc.Comm != nil {
					b.stmt(cc.Comm, clause)
				}
				b.stmts(cc.Body, clause)
			}
		})
	case *ast.ForStmt:
		b.loop(s, k)
	case *ast.RangeStmt:
		b.rangeLoop(s, k)
	}
}

// fallsInto reports whether the clause before another one ends with fallthrough.
func fallsInto(list []ast.Stmt, c ast.Stmt) bool {
	for i := 1; i < len(list); i++ {
		if list[i] == c {
			if body := list[i-1].(*ast.CaseClause).Body; len(body) > 0 {
				s, ok := body[len(body)-1].(*ast.BranchStmt)
				return ok && s.Tok == token.FALLTHROUGH
			}
		}
	}
	return false
}

// around walks a statement that may be left at several places: afterwards holds what it does not change.
func (b *bounds) around(n ast.Node, k *ranges, walk func(inner *ranges)) {
	walk(k.clone())
	b.changes(n).apply(k)
}

// A change lists what a piece of code assigns.
type change struct {
	paths  map[string]bool
	up     map[string]bool // assigned, but only increased
	down   map[string]bool
	shared bool
}

func (c *change) apply(k *ranges) {
	for p := range c.paths {
		k.kill(p)
	}
	if c.shared {
		k.killShared()
	}
}

func (b *bounds) changes(n ast.Node) *change { return b.changesBut(n, nil) }

// staying returns what the body of a loop changes on the ways to its next iteration.
func (b *bounds) staying(loop ast.Node) *change {
	leaves := map[ast.Node]bool{}
	inBreakable(loop, func(n ast.Node, depth int) {
		switch x := n.(type) {
		case *ast.BlockStmt:
			leaves[x] = leavesLoop(x.List, depth)
		case *ast.CaseClause:
			leaves[x] = leavesLoop(x.Body, depth)
		case *ast.CommClause:
			leaves[x] = leavesLoop(x.Body, depth)
		}
	})
	return b.changesBut(loop, leaves)
}

// leavesLoop reports whether a block always leaves the loop around it, so many statements outside.
func leavesLoop(list []ast.Stmt, depth int) bool {
	if len(list) == 0 {
		return false
	}
	for _, s := range list {
		again := false
		inspectBody(s, func(n ast.Node) {
			if x, ok := n.(*ast.BranchStmt); ok && (x.Tok == token.CONTINUE || x.Label != nil) {
				again = true
			}
		})
		if again {
			return false
		}
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.BREAK && last.Label == nil && depth == 0
	}
	return false
}

func (b *bounds) changesBut(n ast.Node, leaves map[ast.Node]bool) *change {
	c := &change{map[string]bool{}, map[string]bool{}, map[string]bool{}, false}
	other := map[string]bool{}
	note := func(e ast.Expr, dir int) {
		p := b.path(e)
		if p == "" {
			return
		}
		c.paths[p] = true
		switch {
		case dir > 0:
			c.up[p] = true
		case dir < 0:
			c.down[p] = true
		default:
			other[p] = true
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if leaves[n] {
			return false
		}
		switch x := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IncDecStmt:
			if x.Tok == token.INC {
				note(x.X, 1)
			} else {
				note(x.X, -1)
			}
		case *ast.AssignStmt:
			dir := 0
			if x.Tok == token.ADD_ASSIGN || x.Tok == token.SUB_ASSIGN {
				if n, ok := constInt(b.info, x.Rhs[0]); ok && n >= 0 {
					dir = map[token.Token]int{token.ADD_ASSIGN: 1, token.SUB_ASSIGN: -1}[x.Tok]
				}
			}
			for _, l := range x.Lhs {
				note(l, dir)
			}
		case *ast.ValueSpec:
			for _, id := range x.Names {
				note(id, 0)
			}
		case *ast.RangeStmt:
			note(x.Key, 0)
			note(x.Value, 0)
			if isChan(b.info.TypeOf(x.X)) || isFunc(b.info.TypeOf(x.X)) {
				c.shared = true
			}
		case *ast.SendStmt, *ast.SelectStmt:
			c.shared = true
		case *ast.UnaryExpr:
			c.shared = c.shared || x.Op == token.ARROW
		case *ast.CallExpr:
			if fn, isType, isBuiltin := callee(b.info, x); !isType && !isBuiltin && !harmless(fn) {
				c.shared = true
			}
		}
		return true
	})
	for p := range c.paths {
		if other[p] || c.up[p] && c.down[p] {
			delete(c.up, p)
			delete(c.down, p)
		}
	}
	return c
}

// enter forgets what a loop changes, except that an index that only grows keeps its lower bound, and one that only
// shrinks its upper one.
func (c *change) enter(k *ranges) {
	old := k.clone()
	c.apply(k)
	kept := func(p string) bool {
		for q := range c.paths {
			if p == q || strings.HasPrefix(p, q+".") {
				return false
			}
		}
		return !c.shared || !strings.HasPrefix(p, "!")
	}
	for p := range c.up {
		if n, ok := old.lower[p]; ok && !strings.HasPrefix(p, "!") {
			k.lower[p] = n
		}
	}
	for p := range c.down {
		if strings.HasPrefix(p, "!") {
			continue
		}
		if n, ok := old.upper[p]; ok {
			k.upper[p] = n
		}
		for at, n := range old.below {
			if at[1] == p && kept(strings.TrimPrefix(at[0], "#")) {
				k.below[at] = n
			}
		}
	}
}

func (b *bounds) loop(s *ast.ForStmt, k *ranges) {
	if s.Init != nil {
		b.stmt(s.Init, k)
	}
	whole := &ast.ForStmt{Cond: s.Cond, Post: s.Post, Body: s.Body}
	c := b.changes(whole)
	inner := k.clone()
	b.staying(whole).enter(inner)
	c.enter(k)
	if s.Cond != nil {
		b.expr(inner, s.Cond)
		b.assume(inner, s.Cond, true)
	}
	b.stmts(s.Body.List, inner)
	if s.Post != nil {
		// A continue statement leads here too.
		after := k.clone()
		c.apply(after)
		b.stmt(s.Post, after)
	}
	if s.Cond != nil && !hasBreakTo(s.Body, "", true) && !hasLabelledBreak(s.Body) {
		b.assume(k, s.Cond, false)
	}
}

func hasCalls(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.CallExpr, *ast.FuncLit:
			found = true
		}
		return !found
	})
	return found
}

func hasLabelledBreak(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if s, ok := n.(*ast.BranchStmt); ok && s.Label != nil {
			found = true
		}
		return true
	})
	return found
}

func (b *bounds) rangeLoop(s *ast.RangeStmt, k *ranges) {
	b.expr(k, s.X)
	all, c := b.changes(s.Body), b.staying(s.Body)
	for _, c := range []*change{all, c} {
		for _, e := range []ast.Expr{s.Key, s.Value} {
			if p := b.path0(e); p != "" {
				c.paths[p] = true
			}
		}
		if isChan(b.info.TypeOf(s.X)) || isFunc(b.info.TypeOf(s.X)) {
			c.shared = true
		}
	}
	inner := k.clone()
	c.enter(inner)
	all.enter(k)
	if i := b.path0(s.Key); i != "" && !strings.HasPrefix(i, "!") {
		ty := b.info.TypeOf(s.X)
		switch u := ty.Underlying().(type) {
		case *types.Slice, *types.Array, *types.Pointer:
			inner.lower[i] = 0
			if n, ok := arrayLen(ty); ok {
				inner.upper[i] = n - 1
			}
			a := b.path(s.X)
			if a != "" && !c.paths[a] && !(c.shared && strings.HasPrefix(a, "!")) && !c.above(a) {
				inner.below[[2]string{a, i}] = 0
			}
		case *types.Basic:
			if u.Info()&types.IsString != 0 {
				inner.lower[i] = 0
			}
			if u.Info()&types.IsInteger != 0 {
				inner.lower[i] = 0
				if t, ok := b.term(s.X); ok {
					b.less(inner, term{i, 0}, t)
					c.apply(inner)
					// The bound is evaluated once, and what the loop changes is no bound.
					inner.lower[i] = 0
					if t.path == "" || !c.paths[strings.TrimPrefix(t.path, "#")] && !(c.shared && strings.HasPrefix(strings.TrimPrefix(t.path, "#"), "!")) {
						b.less(inner, term{i, 0}, t)
					}
				}
			}
		}
	}
	b.stmts(s.Body.List, inner)
}

// above reports whether something is assigned that a path goes through.
func (c *change) above(path string) bool {
	for p := range c.paths {
		if strings.HasPrefix(strings.TrimPrefix(path, "!"), strings.TrimPrefix(p, "!")+".") {
			return true
		}
	}
	return false
}

func (b *bounds) path0(e ast.Expr) string {
	if e == nil || isBlank(e) {
		return ""
	}
	return b.path(e)
}

func (b *bounds) assign(s *ast.AssignStmt, k *ranges) {
	for _, r := range s.Rhs {
		b.expr(k, r)
	}
	for _, l := range s.Lhs {
		if s.Tok == token.DEFINE {
			continue
		}
		b.expr(k, l)
		if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok && len(s.Lhs) == len(s.Rhs) {
			// In a[i], a[j] = a[j], a[i] the right side checks the indexes.
			for _, r := range s.Rhs {
				if r, ok := ast.Unparen(r).(*ast.IndexExpr); ok && types.ExprString(r) == types.ExprString(ix) && !hasCalls(ix) {
					b.sure[ix.Lbrack] = true
				}
			}
		}
	}
	if s.Tok == token.ADD_ASSIGN || s.Tok == token.SUB_ASSIGN {
		if n, ok := constInt(b.info, s.Rhs[0]); ok {
			if s.Tok == token.SUB_ASSIGN {
				n = -n
			}
			b.shift(k, b.path(s.Lhs[0]), n)
			return
		}
	}
	if len(s.Lhs) == len(s.Rhs) && len(s.Lhs) == 1 && (s.Tok == token.ASSIGN || s.Tok == token.DEFINE) {
		b.set(k, s.Lhs[0], s.Rhs[0])
		return
	}
	for i, l := range s.Lhs {
		var r ast.Expr
		if s.Tok == token.DEFINE && len(s.Lhs) == len(s.Rhs) {
			r = s.Rhs[i]
		}
		b.set(k, l, r)
	}
}

// shift adds a number to an integer.
func (b *bounds) shift(k *ranges, p string, d int64) {
	if p == "" {
		return
	}
	old := k.clone()
	k.kill(p)
	if n, ok := old.lower[p]; ok {
		k.lower[p] = n + d
	}
	if n, ok := old.upper[p]; ok {
		k.upper[p] = n + d
	}
	for at, n := range old.below {
		if at[1] == p && at[0] != "#"+p {
			k.below[at] = n - d
		}
	}
}

// set assigns a value, nil if it is not known, to a place.
func (b *bounds) set(k *ranges, l, r ast.Expr) {
	if isBlank(l) {
		return
	}
	p := b.path(l)
	if p == "" {
		return
	}
	if r == nil {
		k.kill(p)
		return
	}
	ty := b.info.TypeOf(l)
	if isInteger(ty) {
		low, ok := b.least(k, r)
		high, ok2 := b.most(k, r)
		t, isTerm := b.term(r)
		isTerm = isTerm && t.path != p
		k.kill(p)
		if ok {
			k.lower[p] = low
		}
		if ok2 {
			k.upper[p] = high
		}
		if isTerm && t.path != "" {
			if t.off == 0 {
				b.sameLength(k, p, t.path)
			}
			if a, isLen := strings.CutPrefix(t.path, "#"); isLen {
				k.below[[2]string{a, p}] = -t.off - 1
			}
		}
		return
	}
	if !isSliceType(ty) {
		k.kill(p)
		return
	}
	length := b.lengthOf(k, r)
	switch x := ast.Unparen(r).(type) {
	case *ast.CallExpr:
		id, _ := ast.Unparen(x.Fun).(*ast.Ident)
		_, isType, isBuiltin := callee(b.info, x)
		switch {
		case isBuiltin && id != nil && id.Name == "append" && len(x.Args) > 0 && b.path(x.Args[0]) == p:
			// It only grows.
			old := k.clone()
			k.kill(p)
			for at, m := range old.below {
				if at[0] == p && at[1] != p {
					k.below[at] = m
				}
			}
		case isBuiltin && id != nil && id.Name == "make" && len(x.Args) >= 2:
			t, ok := b.term(x.Args[1])
			k.kill(p)
			if ok && t.off == 0 && t.path != "" {
				b.sameLength(k, "#"+p, t.path)
			}
		case isType && len(x.Args) == 1 && isSliceType(b.info.TypeOf(x.Args[0])):
			b.set(k, l, x.Args[0])
		default:
			k.kill(p)
		}
	case *ast.Ident, *ast.SelectorExpr:
		q := b.path(r)
		if q == p {
			return
		}
		k.kill(p)
		if q != "" {
			b.sameLength(k, "#"+p, "#"+q)
		}
	default:
		k.kill(p)
	}
	if length > 0 {
		k.raise(k.atLeast, p, length)
	}
}

// lengthOf returns what the length of a slice is at least.
func (b *bounds) lengthOf(k *ranges, e ast.Expr) int64 {
	if n, ok := arrayLen(b.info.TypeOf(e)); ok {
		return n
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.StarExpr, *ast.IndexExpr:
		if p := b.path(e); p != "" {
			return k.length(p)
		}
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			if _, ok := el.(*ast.KeyValueExpr); ok {
				return 0
			}
		}
		return int64(len(x.Elts))
	case *ast.CallExpr:
		id, _ := ast.Unparen(x.Fun).(*ast.Ident)
		_, isType, isBuiltin := callee(b.info, x)
		switch {
		case isType && len(x.Args) == 1 && isSliceType(b.info.TypeOf(x.Args[0])):
			return b.lengthOf(k, x.Args[0])
		case isBuiltin && id != nil && id.Name == "make" && len(x.Args) >= 2:
			if n, ok := b.least(k, x.Args[1]); ok && n > 0 {
				return n
			}
		case isBuiltin && id != nil && id.Name == "append" && len(x.Args) > 0:
			n := b.lengthOf(k, x.Args[0]) + int64(len(x.Args)-1)
			if x.Ellipsis.IsValid() {
				n += b.lengthOf(k, x.Args[len(x.Args)-1]) - 1
			}
			return n
		}
	case *ast.SliceExpr:
		low, isConst := int64(0), true
		if x.Low != nil {
			low, isConst = constInt(b.info, x.Low)
		}
		if !isConst {
			return 0
		}
		n := b.lengthOf(k, x.X)
		if x.High != nil {
			n, _ = b.least(k, x.High)
		}
		return max(n-low, 0)
	}
	return 0
}
