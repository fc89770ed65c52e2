package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Which slices share memory. A subslice is translated to a copy wherever that cannot be told from sharing. It becomes a
// view, view(x, 1, 3), where elements are written through one slice and may be read through another. The analysis works
// on classes of variables: all places that a slice may flow between belong to one class.

type aliasing struct {
	prog   *program
	parent map[node]node
	class  map[node]*sharing
	views  map[token.Pos]bool // subslices that are views, by the position of the bracket
	checks map[token.Pos]bool // subslices whose bounds may exceed the length
	direct map[node]bool      // variables whose elements are set through the variable itself
	kept   map[node]bool      // variables whose slice replaces the one it was cut from, and that nobody uses afterwards
	makes  map[token.Pos]node // the variables that hold slices made with spare capacity
}

// A sharing has the facts about the slices of one class.
type sharing struct {
	written  bool // an element is set
	appended bool
	high     bool // a subslice ends before the slice, so that appending to it overwrites
	capacity bool // a slice is made with spare capacity
	grows    bool // the capacity is read, or a subslice exceeds the length
	viewed   bool
	holders  map[node]bool
}

func (a *aliasing) find(k node) node {
	for {
		p, ok := a.parent[k]
		if !ok || p == k {
			return k
		}
		if g, ok := a.parent[p]; ok {
			a.parent[k] = g
		}
		k = p
	}
}

func (a *aliasing) union(x, y node) {
	if x == nil || y == nil {
		return
	}
	if x, y = a.find(x), a.find(y); x != y {
		a.parent[x] = y
	}
}

func (a *aliasing) of(k node) *sharing {
	k = a.find(k)
	s := a.class[k]
	if s == nil {
		s = &sharing{holders: map[node]bool{}}
		a.class[k] = s
	}
	return s
}

func isSharing(t types.Type) bool {
	if t == nil {
		return false
	}
	u := t.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	switch u.(type) {
	case *types.Slice, *types.Array:
		return true
	}
	return false
}

// scanAliases finds the subslices that have to be views. The flow graph must be complete.
func (p *program) scanAliases() {
	a := &aliasing{prog: p, parent: map[node]node{}, class: map[node]*sharing{}, views: map[token.Pos]bool{}, checks: map[token.Pos]bool{}, makes: map[token.Pos]node{}, kept: map[node]bool{}, direct: map[node]bool{}}
	p.alias = a
	vars, names := map[node]bool{}, map[string]bool{}
	for _, u := range p.pkgs {
		for _, o := range u.info.Defs {
			switch o := o.(type) {
			case *types.Var:
				if isSharing(o.Type()) {
					vars[p.key(o)] = true
				}
			case *types.TypeName:
				if isSharing(o.Type()) {
					names[typeKey(o.Type())] = true
				}
			}
		}
		for _, o := range u.info.Implicits {
			if v, ok := o.(*types.Var); ok && isSharing(v.Type()) {
				vars[p.key(v)] = true
			}
		}
	}
	holds := func(k node) bool {
		if vars[k] {
			return true
		}
		s, ok := k.(string)
		if !ok {
			return false
		}
		if kind, ty, ok := strings.Cut(s, ":"); ok && (kind == "elem" || kind == "map" || kind == "chan" || kind == "ref") {
			return strings.HasPrefix(ty, "[") || strings.HasPrefix(ty, "*[") || names[ty]
		}
		return true
	}
	for from, list := range p.facts.edges {
		if !holds(from) {
			continue
		}
		for _, to := range list {
			if holds(to) && (vars[from] || vars[to]) {
				a.union(from, to)
			}
		}
	}
	var sites []func()
	for _, u := range p.pkgs {
		for _, f := range u.files {
			sites = append(sites, a.scan(u, f)...)
		}
	}
	for k := range vars {
		a.of(k).holders[k] = true
	}
	for _, decide := range sites {
		decide()
	}
	for _, to := range a.makes {
		if s := a.of(to); s.grows {
			s.viewed = true
		}
	}
}

// scan records what is written. It returns the decisions to take when all files have been scanned.
func (a *aliasing) scan(u *unit, file *ast.File) []func() {
	info, f := u.info, a.prog.facts
	var sites []func()
	var stack []ast.Node
	places := func(e ast.Expr) []node {
		from, _ := f.places(info, e)
		return from
	}
	each := func(e ast.Expr, do func(*sharing)) {
		if e == nil || !isSharing(info.TypeOf(e)) {
			return
		}
		for _, k := range places(e) {
			do(a.of(k))
		}
	}
	// The classes are known only when all flow is recorded, so these functions run after that.
	var later []func()
	written := func(e ast.Expr) {
		if isSharing(info.TypeOf(e)) {
			for _, k := range places(e) {
				a.direct[k] = true
			}
		}
		later = append(later, func() { each(e, func(s *sharing) { s.written = true }) })
	}
	// Where a variable is used as a whole: from there on its slice may have another reference.
	shared := map[node][]token.Pos{}
	set := func(l ast.Expr) {
		x, ok := ast.Unparen(l).(*ast.IndexExpr)
		if !ok {
			return
		}
		id, ok := ast.Unparen(x.X).(*ast.Ident)
		if !ok || !isSlice(info.TypeOf(id)) {
			written(x.X)
			return
		}
		// Writes to a slice before it has another reference do not matter: they cannot be seen through another one.
		k := a.prog.key(info.Uses[id])
		end := l.End()
		for _, n := range stack {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				if end < n.End() {
					end = n.End()
				}
			}
		}
		later = append(later, func() {
			if f.plainLocal[k] && !f.captured[k] && a.ownArray(id, places) {
				early := true
				for _, p := range shared[k] {
					early = early && p > end
				}
				if early {
					return
				}
			}
			each(x.X, func(s *sharing) { s.written = true })
			a.direct[k] = true
		})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		switch n := n.(type) {
		case *ast.Ident:
			v, ok := info.Uses[n].(*types.Var)
			if !ok || !isSlice(v.Type()) {
				break
			}
			switch p := stack[len(stack)-1].(type) {
			case *ast.IndexExpr:
				ok = p.X != n
			case *ast.RangeStmt:
				ok = p.X != n
			case *ast.CallExpr:
				id, isId := p.Fun.(*ast.Ident)
				ok = !isId || id.Name != "len"
			case *ast.AssignStmt:
				for _, l := range p.Lhs {
					ok = ok && l != n
				}
			}
			if ok {
				shared[a.prog.key(v)] = append(shared[a.prog.key(v)], n.Pos())
			}
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				set(l)
			}
		case *ast.IncDecStmt:
			set(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				for _, l := range []ast.Expr{n.Key, n.Value} {
					if l != nil {
						set(l)
					}
				}
			}
		case *ast.UnaryExpr:
			if n.Op != token.AND {
				break
			}
			if x, ok := ast.Unparen(n.X).(*ast.IndexExpr); ok && !isStruct(info.TypeOf(x)) && isSharing(info.TypeOf(x.X)) {
				written(x.X)
			}
			if t := info.TypeOf(n.X); isSlice(t) {
				for _, k := range places(n.X) {
					a.union(k, "ref:"+typeKey(t))
				}
			}
		case *ast.CallExpr:
			fn, isType, isBuiltin := callee(info, n)
			switch {
			case isType:
			case isBuiltin:
				id, _ := ast.Unparen(n.Fun).(*ast.Ident)
				if id == nil {
					break
				}
				switch id.Name {
				case "copy", "clear":
					written(n.Args[0])
				case "append":
					if !a.ownArray(n.Args[0], places) {
						later = append(later, func() { each(n.Args[0], func(s *sharing) { s.appended = true }) })
					}
				case "cap":
					later = append(later, func() { each(n.Args[0], func(s *sharing) { s.grows = true }) })
				}
			case fn != nil && !a.prog.isLocal(fn.Pkg()):
				for _, arg := range n.Args {
					if writesArgument(fn) {
						written(arg)
						if c, ok := ast.Unparen(arg).(*ast.CallExpr); ok && len(c.Args) == 1 {
							if _, isType, _ := callee(info, c); isType {
								written(c.Args[0])
							}
						}
					}
				}
			case fn != nil:
				// The receiver of a method on a slice.
				if r := recvOf(fn); r != nil && isSharing(r) {
					if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
						for _, k := range places(sel.X) {
							a.union(k, a.prog.key(fn.Type().(*types.Signature).Recv()))
						}
					}
				}
			}
			// A make with spare capacity: elements appended into it are shared.
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "make" && len(n.Args) == 3 {
				if to := a.target(info, n, stack); to != nil {
					a.makes[n.Lparen] = to
					later = append(later, func() { a.of(to).capacity = true })
				}
			}
		case *ast.SliceExpr:
			t := info.TypeOf(n.X)
			if !isSharing(t) || n.Low == nil && n.High == nil {
				break
			}
			later = append(later, func() {
				if n.High != nil && (n.Max == nil || types.ExprString(n.Max) != types.ExprString(n.High)) {
					each(n.X, func(s *sharing) { s.high = true })
				}
			})
			path := append([]ast.Node(nil), stack...)
			later = append(later, func() { a.keep(info, n, path) })
			sites = append(sites, func() { a.decide(info, n, path) })
		}
		stack = append(stack, n)
		return true
	})
	return append(later, sites...)
}

// ownArray reports whether a slice that is appended to was made for this variable: the append overwrites no elements of
// other slices.
func (a *aliasing) ownArray(e ast.Expr, places func(ast.Expr) []node) bool {
	if _, ok := ast.Unparen(e).(*ast.SliceExpr); ok {
		return false
	}
	from := places(e)
	for _, k := range from {
		u := a.prog.facts.slices[k]
		if u == nil || u.stale || u.cut || u.called || u.isParam || u.shrunk && u.given || len(u.from) > 0 {
			return false
		}
	}
	return len(from) > 0
}

// target returns the variable or field that receives a slice that is made.
func (a *aliasing) target(info *types.Info, c *ast.CallExpr, stack []ast.Node) node {
	if len(stack) == 0 {
		return nil
	}
	var l ast.Expr
	switch p := stack[len(stack)-1].(type) {
	case *ast.AssignStmt:
		for i, r := range p.Rhs {
			if r == c && len(p.Lhs) == len(p.Rhs) {
				l = p.Lhs[i]
			}
		}
	case *ast.ValueSpec:
		for i, r := range p.Values {
			if r == c && len(p.Names) == len(p.Values) {
				l = p.Names[i]
			}
		}
	case *ast.KeyValueExpr:
		l, _ = p.Key.(*ast.Ident)
	}
	if l == nil || isBlank(l) {
		return nil
	}
	from, _ := a.prog.facts.places(info, l)
	if len(from) == 0 {
		return nil
	}
	return from[0]
}

// hasRoom reports whether a make has to keep its capacity: it is read, or a subslice exceeds the length.
func (p *program) hasRoom(c *ast.CallExpr) bool {
	to := p.alias.makes[c.Lparen]
	return to != nil && p.alias.of(to).grows
}

// writesArgument reports whether a function of another package may set elements of its argument.
func writesArgument(fn *types.Func) bool {
	switch pathOf(fn) {
	case "sort", "container/heap":
		return true
	case "slices":
		switch fn.Name() {
		case "Sort", "SortFunc", "SortStableFunc", "Reverse", "Delete", "DeleteFunc", "Insert", "Replace", "Compact", "CompactFunc":
			return true
		}
		return false
	case "io", "bufio", "encoding/binary", "crypto/rand", "math/rand", "encoding/hex", "encoding/base64", "unicode/utf8", "os", "net":
		return true
	}
	return false
}

// decide determines whether a subslice has to share memory.
func (a *aliasing) decide(info *types.Info, e *ast.SliceExpr, path []ast.Node) {
	from, _ := a.prog.facts.places(info, e.X)
	if len(from) == 0 {
		return
	}
	s := a.of(from[0])
	if e.High != nil && s.capacity && !withinLength(info, e) {
		a.checks[e.Lbrack] = true
		s.grows = true
	}
	s.viewed = s.viewed || s.grows && s.capacity && !isBytes(info.TypeOf(e))
	overwrites := s.appended && s.high
	if !s.written && !overwrites || isBytes(info.TypeOf(e)) && !overwrites {
		return // subarrays of bytes share memory anyway
	}
	outer := parentOf(path)
	switch p := outer.(type) {
	case *ast.RangeStmt:
		if !writesIn(info, p.Body, a, a.find(from[0])) {
			return
		}
	case *ast.IndexExpr:
		if !assignedIn(path, p) {
			return
		}
	case *ast.SliceExpr:
		return // the outer subslice is decided by itself
	case *ast.BinaryExpr:
		return
	case *ast.CallExpr:
		fn, isType, isBuiltin := callee(info, p)
		switch {
		case isType:
			if isString(info.TypeOf(p)) {
				return
			}
		case isBuiltin:
			id, _ := ast.Unparen(p.Fun).(*ast.Ident)
			if id == nil {
				break
			}
			switch id.Name {
			case "append":
				if ast.Unparen(p.Args[0]) != e && p.Ellipsis.IsValid() {
					return // its elements are only read
				}
				if a.detached(info, p, e, path) {
					return
				}
			case "copy":
				return // the target of copyInto, or only read
			case "len", "min", "max":
				return
			}
		case fn != nil && !a.prog.isLocal(fn.Pkg()):
			if !writesArgument(fn) {
				return
			}
		}
	case *ast.AssignStmt:
		if a.detached(info, e, e, path) {
			return
		}
		for i, r := range p.Rhs {
			if ast.Unparen(r) != e || len(p.Lhs) != len(p.Rhs) {
				continue
			}
			l := p.Lhs[i]
			if _, ok := ast.Unparen(l).(*ast.StarExpr); ok {
				return // assignSlice copies
			}
			if types.ExprString(l) == types.ExprString(e.X) && a.references(s) == 1 {
				return // there is no other reference
			}
			if a.replaced(info, l, e, path) {
				return
			}
		}
	case *ast.ReturnStmt:
		if a.detached(info, e, e, path) {
			return
		}
	}
	a.views[e.Lbrack] = true
	s.viewed = true
}

// references counts the variables that may refer to a slice of a class at the same time.
func (a *aliasing) references(s *sharing) int {
	n := 0
	for k := range s.holders {
		if !a.kept[k] {
			n++
		}
	}
	return n
}

// keep records the variable of kept := x.list[:0]; …; x.list = kept, if that is its last use.
func (a *aliasing) keep(info *types.Info, e *ast.SliceExpr, path []ast.Node) {
	as, ok := parentOf(path).(*ast.AssignStmt)
	if !ok || as.Tok != token.DEFINE || len(as.Lhs) != len(as.Rhs) {
		return
	}
	for i, r := range as.Rhs {
		id, ok := as.Lhs[i].(*ast.Ident)
		if !ok || ast.Unparen(r) != e || info.Defs[id] == nil {
			continue
		}
		k, f := a.prog.key(info.Defs[id]), a.prog.facts
		end, ok := a.replacedAt(info, id, e, path)
		if !ok || !f.plainLocal[k] || f.captured[k] || f.addressed[k] {
			continue
		}
		last := true
		for _, use := range f.uses[k] {
			last = last && use <= end
		}
		a.kept[k] = last
	}
}

// detached reports whether the slice that is cut is not used afterwards and has no other reference.
func (a *aliasing) detached(info *types.Info, at ast.Node, e *ast.SliceExpr, path []ast.Node) bool {
	id, ok := ast.Unparen(e.X).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := info.Uses[id].(*types.Var)
	if !ok || isArray(v.Type()) {
		return false
	}
	k, f := a.prog.key(v), a.prog.facts
	if !f.plainLocal[k] || f.captured[k] || f.addressed[k] {
		return false
	}
	own := a.prog.facts.slices[k]
	if own != nil && (own.stale || own.isParam || len(own.from) > 0 || len(own.escapes) > 0 || own.shrunk && own.given) {
		return false
	}
	if own != nil {
		for _, n := range path {
			if as, ok := n.(*ast.AssignStmt); ok {
				for _, l := range as.Lhs {
					if lid, ok := ast.Unparen(l).(*ast.Ident); ok && lid.Name == id.Name && len(own.escapes) == 0 {
						return true // the part replaces the slice it was cut from
					}
				}
			}
		}
	}
	for _, n := range path {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return false
		}
	}
	for _, use := range f.uses[k] {
		if use > at.End() {
			return false
		}
	}
	return true
}

// replaced reports whether the part is assigned back to the slice it was cut from: kept := x.list[:0]; …; x.list = kept.
func (a *aliasing) replaced(info *types.Info, l ast.Expr, e *ast.SliceExpr, path []ast.Node) bool {
	_, ok := a.replacedAt(info, l, e, path)
	return ok
}

// replacedAt returns the end of the last assignment that puts the part back.
func (a *aliasing) replacedAt(info *types.Info, l ast.Expr, e *ast.SliceExpr, path []ast.Node) (end token.Pos, found bool) {
	id, ok := ast.Unparen(l).(*ast.Ident)
	if !ok || id.Name == "_" {
		return token.NoPos, false
	}
	source := types.ExprString(e.X)
	if root := identOf(e.X); root != nil {
		if v, ok := info.Uses[root].(*types.Var); ok && ast.Unparen(e.X) == root && !a.prog.facts.plainLocal[a.prog.key(v)] {
			return token.NoPos, false // a parameter: the caller has a reference
		}
	}
	var body ast.Node
	for _, n := range path {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			body = n
		}
	}
	if body != nil {
		ast.Inspect(body, func(n ast.Node) bool {
			if as, ok := n.(*ast.AssignStmt); ok && as.Tok == token.ASSIGN && as.Pos() > e.End() && len(as.Lhs) == len(as.Rhs) {
				for i := range as.Lhs {
					r, ok := ast.Unparen(as.Rhs[i]).(*ast.Ident)
					if ok && r.Name == id.Name && types.ExprString(as.Lhs[i]) == source {
						end, found = as.End(), true
					}
				}
			}
			return true
		})
	}
	return end, found
}

func parentOf(path []ast.Node) ast.Node {
	for i := len(path) - 1; i >= 0; i-- {
		if _, ok := path[i].(*ast.ParenExpr); !ok {
			return path[i]
		}
	}
	return nil
}

func assignedIn(path []ast.Node, x ast.Expr) bool {
	for i := len(path) - 1; i >= 0; i-- {
		switch s := path[i].(type) {
		case *ast.AssignStmt:
			for _, l := range s.Lhs {
				if l.Pos() <= x.Pos() && x.End() <= l.End() {
					return true
				}
			}
			return false
		case *ast.IncDecStmt:
			return true
		case *ast.UnaryExpr:
			if s.Op == token.AND {
				return true
			}
		case ast.Stmt:
			return false
		}
	}
	return false
}

// writesIn reports whether the body of a loop may set elements of a class: directly, or by a call.
func writesIn(info *types.Info, body ast.Node, a *aliasing, class node) bool {
	found := false
	set := func(l ast.Expr) {
		for {
			x, ok := ast.Unparen(l).(*ast.SelectorExpr)
			if !ok || info.Selections[x] == nil || isPointer(info.TypeOf(x.X)) {
				break
			}
			l = x.X // a field of an element
		}
		if x, ok := ast.Unparen(l).(*ast.IndexExpr); ok && isSharing(info.TypeOf(x.X)) {
			from, _ := a.prog.facts.places(info, x.X)
			for _, k := range from {
				found = found || a.find(k) == class
			}
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
		}
		return true
	})
	return found
}

// withinLength reports whether the upper bound of a subslice is certain not to exceed the length.
func withinLength(info *types.Info, e *ast.SliceExpr) bool {
	if v := info.Types[e.High].Value; v != nil {
		return v.ExactString() == "0"
	}
	switch h := ast.Unparen(e.High).(type) {
	case *ast.CallExpr:
		return len(h.Args) == 1 && types.ExprString(h.Fun) == "len" && types.ExprString(h.Args[0]) == types.ExprString(e.X)
	case *ast.BinaryExpr:
		if c, ok := ast.Unparen(h.X).(*ast.CallExpr); ok && h.Op == token.SUB {
			return len(c.Args) == 1 && types.ExprString(c.Fun) == "len" && types.ExprString(c.Args[0]) == types.ExprString(e.X)
		}
	}
	return false
}

// writesParam reports whether elements of a parameter are set through the parameter itself.
func (t *tr) writesParam(k node) bool {
	return t.prog.alias.direct[k]
}

// isView reports whether a subslice shares memory with the slice it was cut from.
func (p *program) isView(e ast.Expr) bool {
	s, ok := ast.Unparen(e).(*ast.SliceExpr)
	return ok && p.alias != nil && p.alias.views[s.Lbrack]
}

// mayBeView reports whether a slice may be a view, so that appending to it may overwrite elements of another one.
func (p *program) mayBeView(info *types.Info, e ast.Expr) bool {
	from, _ := p.facts.places(info, e)
	for _, k := range from {
		if p.alias.of(k).viewed {
			return true
		}
	}
	return false
}
