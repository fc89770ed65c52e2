package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// Colour: which functions may wait. Only these become async, and only calls of them are awaited.

// An event is a place in a body that may wait.
type event struct {
	pos    token.Pos
	direct bool
	calls  []node
	// the enclosing nodes, innermost last
	blocks []ast.Node
}

type lockOp struct {
	pos      token.Pos
	name     string
	deferred bool
	blocks   []ast.Node
}

// A mutex is a variable or field. It is kept only if one of its critical sections waits, or if it is used in a way that
// the analysis does not follow.
type mutex struct {
	obj     *types.Var
	kept    bool
	escaped bool
	bodies  map[*body][]lockOp
}

type bodyEvents struct {
	events []event
}

func isMutexType(t types.Type) bool {
	return isNamed(t, "sync", "Mutex") || isNamed(t, "sync", "RWMutex")
}

func isNamed(t types.Type, pkg, name string) bool {
	if t == nil {
		return false
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg && n.Obj().Name() == name
}

// fieldPath returns the fields on the path of a selection, including the last one if it is a field.
func fieldPath(s *types.Selection) []*types.Var {
	var path []*types.Var
	recv := s.Recv()
	idx := s.Index()
	if s.Kind() != types.FieldVal {
		idx = idx[:len(idx)-1]
	}
	for _, i := range idx {
		if p, ok := recv.Underlying().(*types.Pointer); ok {
			recv = p.Elem()
		}
		st, ok := recv.Underlying().(*types.Struct)
		if !ok {
			break
		}
		path = append(path, st.Field(i))
		recv = st.Field(i).Type()
	}
	return path
}

// lastVar returns the variable or field that an expression ends in.
func lastVar(info *types.Info, e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := info.Uses[e].(*types.Var)
		return v
	case *ast.SelectorExpr:
		v, _ := info.Uses[e.Sel].(*types.Var)
		return v
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return lastVar(info, e.X)
		}
	}
	return nil
}

// mutexOf returns the mutex on which a method is called.
func mutexOf(info *types.Info, c *ast.CallExpr) *types.Var {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := info.Selections[sel]
	if s == nil {
		return nil
	}
	if path := fieldPath(s); len(path) > 0 {
		return path[len(path)-1]
	}
	return lastVar(info, sel.X)
}

func mutexMethod(fn *types.Func) string {
	if fn == nil || pathOf(fn) != "sync" {
		return ""
	}
	r := fn.Type().(*types.Signature).Recv()
	if r == nil || !isMutexType(r.Type()) {
		return ""
	}
	return fn.Name()
}

func (f *facts) mutexFor(v *types.Var) *mutex {
	k := f.prog.key(v)
	m := f.mutexes[k]
	if m == nil {
		m = &mutex{obj: v, bodies: map[*body][]lockOp{}}
		if _, ok := v.Type().Underlying().(*types.Pointer); ok {
			m.escaped = true
		}
		f.mutexes[k] = m
	}
	return m
}

// gone reports whether a mutex is left out of the translation.
func (f *facts) gone(v *types.Var) bool {
	if v == nil || f.prog.opts.keepMutexes {
		return false
	}
	if _, ok := v.Type().Underlying().(*types.Pointer); ok {
		return false
	}
	if !isMutexType(v.Type()) {
		return false
	}
	m := f.mutexes[f.prog.key(v)]
	return m == nil || !m.kept
}

// onceSync reports whether a sync.Once only ever runs functions that do not wait.
func (f *facts) onceSync(v *types.Var) bool {
	if v == nil {
		return false
	}
	if _, ok := v.Type().Underlying().(*types.Pointer); ok {
		return false
	}
	return !f.onces[f.prog.key(v)]
}

func (f *facts) colour() {
	events := map[*body][]event{}
	top := map[node]*body{}
	for _, b := range f.bodies {
		top[b.id] = b
	}
	for _, b := range f.bodies {
		events[b] = f.eventsOf(b)
	}
	for b, list := range events {
		for _, e := range list {
			for _, c := range e.calls {
				f.edge(c, b.id)
			}
		}
	}
	// If the receiver of a method has a function type, the receiver is the function that is called.
	for _, b := range f.bodies {
		if b.sig != nil && b.sig.Recv() != nil {
			if n := namedOf(b.sig.Recv().Type()); n != nil {
				if _, ok := n.Underlying().(*types.Signature); ok {
					f.edge(namedFunc(n), f.prog.key(b.sig.Recv()))
				}
			}
		}
	}
	f.callbacks()
	for {
		f.waits = map[node]bool{}
		var work []node
		seed := func(n node) {
			if !f.waits[n] {
				f.waits[n] = true
				work = append(work, n)
			}
		}
		for b, list := range events {
			for _, e := range list {
				if e.direct {
					seed(b.id)
				}
			}
		}
		for _, m := range f.mutexes {
			if m.kept {
				for b, ops := range m.bodies {
					for _, op := range ops {
						if op.name == "Lock" || op.name == "RLock" {
							seed(b.id)
						}
					}
				}
			}
		}
		for n := range f.seedParams() {
			seed(n)
		}
		for len(work) > 0 {
			n := work[len(work)-1]
			work = work[:len(work)-1]
			for _, to := range f.edges[n] {
				seed(to)
			}
		}
		changed := f.onceRound(seed)
		for _, m := range f.mutexes {
			if !m.kept && (m.escaped || f.prog.opts.keepMutexes || f.sectionWaits(m, events)) {
				m.kept = true
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

// onceRound finds the sync.Once variables whose functions wait: their do waits too.
func (f *facts) onceRound(seed func(node)) bool {
	changed := false
	for _, b := range f.bodies {
		root := ast.Node(b.node)
		inspectBody(root, func(n ast.Node) {
			c, ok := n.(*ast.CallExpr)
			if !ok || len(c.Args) != 1 {
				return
			}
			fn, _, _ := callee(b.unit.info, c)
			if fn == nil || fn.FullName() != "(*sync.Once).Do" {
				return
			}
			v := mutexOf(b.unit.info, c)
			if v == nil {
				return
			}
			from, _ := f.places(b.unit.info, c.Args[0])
			for _, k := range from {
				if f.waits[k] && !f.onces[f.prog.key(v)] {
					f.onces[f.prog.key(v)] = true
					changed = true
				}
			}
			if _, ok := v.Type().Underlying().(*types.Pointer); ok && !f.onces[f.prog.key(v)] {
				f.onces[f.prog.key(v)] = true
				changed = true
			}
		})
	}
	if changed {
		// Every function that calls Do on one of them waits.
		for _, b := range f.bodies {
			inspectBody(b.node, func(n ast.Node) {
				if c, ok := n.(*ast.CallExpr); ok {
					if fn, _, _ := callee(b.unit.info, c); fn != nil && fn.FullName() == "(*sync.Once).Do" {
						if v := mutexOf(b.unit.info, c); v != nil && f.onces[f.prog.key(v)] {
							f.edge(node("once"), b.id)
						}
					}
				}
			})
		}
		f.jobs()[node("once")] = true
	}
	return changed
}

var jobParams map[node]bool

func (f *facts) jobs() map[node]bool {
	if jobParams == nil {
		jobParams = map[node]bool{}
	}
	return jobParams
}

func (f *facts) seedParams() map[node]bool { return f.jobs() }

// callbacks finds function parameters of exported functions that receive no argument in the translated code. A caller
// may pass a function that waits if the signature looks like work: no result, an error, or a context as parameter.
func (f *facts) callbacks() {
	for _, b := range f.bodies {
		d, ok := b.node.(*ast.FuncDecl)
		if !ok || !d.Name.IsExported() || b.unit.Name == "main" || f.prog.inTest(d.Pos()) {
			continue
		}
		for i := 0; i < b.sig.Params().Len(); i++ {
			v := b.sig.Params().At(i)
			s, ok := v.Type().Underlying().(*types.Signature)
			if !ok || f.reached[f.prog.key(v)] {
				continue
			}
			work := s.Results().Len() == 0
			for j := 0; j < s.Results().Len(); j++ {
				work = work || isError(s.Results().At(j).Type())
			}
			for j := 0; j < s.Params().Len(); j++ {
				work = work || isNamed(s.Params().At(j).Type(), "context", "Context")
			}
			if work {
				f.jobs()[f.prog.key(v)] = true
			}
		}
	}
}

func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// inspectBody visits a body without the closures in it.
func inspectBody(root ast.Node, visit func(ast.Node)) {
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if _, ok := n.(*ast.FuncLit); ok && n != root {
			return false
		}
		visit(n)
		return true
	})
}

// eventsOf collects the places where a body waits, and its operations on mutexes. Closures that are called immediately
// or deferred belong to the body, because they may unlock its mutexes.
func (f *facts) eventsOf(b *body) []event {
	info := b.unit.info
	var list []event
	var stack []ast.Node
	blocks := func() []ast.Node {
		var out []ast.Node
		for _, n := range stack {
			switch n.(type) {
			case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
				out = append(out, n)
			}
		}
		return out
	}
	add := func(pos token.Pos, direct bool, calls ...node) {
		list = append(list, event{pos, direct, calls, blocks()})
	}
	var walk func(n ast.Node, inDefer bool, home *body)
	var call func(c *ast.CallExpr, deferred bool, spawned bool)
	call = func(c *ast.CallExpr, deferred, spawned bool) {
		fn, isType, isBuiltin := callee(info, c)
		if isType || isBuiltin {
			return
		}
		if name := mutexMethod(fn); name != "" {
			v := mutexOf(info, c)
			if v == nil {
				if !spawned {
					add(c.Pos(), name == "Lock" || name == "RLock")
				}
				return
			}
			m := f.mutexFor(v)
			m.bodies[b] = append(m.bodies[b], lockOp{c.Pos(), name, deferred, blocks()})
			if name == "TryLock" || name == "TryRLock" || spawned || name == "RLocker" {
				m.escaped = true
			}
			if m.escaped && !spawned {
				add(c.Pos(), name == "Lock" || name == "RLock")
			}
			return
		}
		if spawned {
			return
		}
		if fn != nil {
			full := fn.FullName()
			if full == "(*golang.org/x/sync/errgroup.Group).Go" {
				add(c.Pos(), f.setLimit)
				return
			}
			if write := writeOf(info, c, full); write != nil {
				fn, full = write, write.FullName()
			}
			if blocking(full) {
				add(c.Pos(), true)
				return
			}
			if l := callbackArgs(full); l != nil {
				for _, i := range l {
					if i < len(c.Args) {
						from, _ := f.places(info, c.Args[i])
						add(c.Pos(), false, from...)
					}
				}
				return
			}
			add(c.Pos(), false, f.prog.key(fn))
			return
		}
		if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
			add(c.Pos(), false, l.Pos())
			return
		}
		if waitingValue(info, c) {
			add(c.Pos(), true)
			return
		}
		from, _ := f.places(info, c.Fun)
		add(c.Pos(), false, from...)
	}
	walk = func(root ast.Node, inDefer bool, home *body) {
		ast.Inspect(root, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			switch x := n.(type) {
			case *ast.FuncLit:
				if n != b.node {
					return false
				}
			case *ast.GoStmt:
				call(x.Call, false, true)
				for _, a := range x.Call.Args {
					walk(a, inDefer, home)
				}
				if sel, ok := ast.Unparen(x.Call.Fun).(*ast.SelectorExpr); ok {
					walk(sel.X, inDefer, home)
				}
				return false
			case *ast.DeferStmt:
				call(x.Call, true, false)
				for _, a := range x.Call.Args {
					walk(a, inDefer, home)
				}
				if l, ok := ast.Unparen(x.Call.Fun).(*ast.FuncLit); ok {
					// An unlock in a deferred closure runs at the end of the function.
					inspectBody(l.Body, func(m ast.Node) {
						if c, ok := m.(*ast.CallExpr); ok {
							if fn, _, _ := callee(info, c); mutexMethod(fn) != "" {
								if v := mutexOf(info, c); v != nil {
									mm := f.mutexFor(v)
									mm.bodies[b] = append(mm.bodies[b], lockOp{c.Pos(), mutexMethod(fn), true, blocks()})
								}
							}
						}
					})
				}
				return false
			case *ast.CallExpr:
				call(x, inDefer, false)
			case *ast.SendStmt:
				add(x.Pos(), true)
			case *ast.UnaryExpr:
				if x.Op == token.ARROW {
					add(x.Pos(), true)
				}
				if x.Op == token.AND {
					f.mutexEscapes(info, x.X)
				}
			case *ast.RangeStmt:
				if _, ok := info.TypeOf(x.X).Underlying().(*types.Chan); ok {
					add(x.Pos(), true)
				}
			case *ast.SelectStmt:
				if !isTrySelect(x) {
					add(x.Pos(), true)
				}
				stack = append(stack, n)
				for _, c := range x.Body.List {
					cc := c.(*ast.CommClause)
					stack = append(stack, cc)
					// Only the operands can wait: the communications belong to the select.
					switch s := cc.Comm.(type) {
					case *ast.SendStmt:
						walk(s.Chan, inDefer, home)
						walk(s.Value, inDefer, home)
					case *ast.ExprStmt:
						walk(ast.Unparen(s.X).(*ast.UnaryExpr).X, inDefer, home)
					case *ast.AssignStmt:
						walk(ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr).X, inDefer, home)
					}
					for _, s := range cc.Body {
						walk(s, inDefer, home)
					}
					stack = stack[:len(stack)-1]
				}
				stack = stack[:len(stack)-1]
				return false
			}
			stack = append(stack, n)
			return true
		})
	}
	switch n := b.node.(type) {
	case *ast.FuncDecl:
		if n.Body != nil {
			walk(n.Body, false, b)
		}
	case *ast.FuncLit:
		walk(n.Body, false, b)
	default:
		walk(n, false, b)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].pos < list[j].pos })
	return list
}

func (f *facts) mutexEscapes(info *types.Info, e ast.Expr) {
	if v := lastVar(info, e); v != nil && isMutexType(v.Type()) {
		f.mutexFor(v).escaped = true
	}
}

// sectionWaits reports whether a critical section of the mutex waits.
func (f *facts) sectionWaits(m *mutex, events map[*body][]event) bool {
	for b, ops := range m.bodies {
		sort.SliceStable(ops, func(i, j int) bool { return ops[i].pos < ops[j].pos })
		if len(ops) == 0 {
			continue
		}
		isLock := func(o lockOp) bool { return strings.HasSuffix(o.name, "Lock") && !strings.HasSuffix(o.name, "Unlock") }
		end := b.node.End()
		deferred := false
		for _, o := range ops {
			deferred = deferred || o.deferred && !isLock(o)
		}
		waits := func(from, to token.Pos) bool {
			for _, e := range events[b] {
				if e.pos <= from || e.pos >= to {
					continue
				}
				is := e.direct
				for _, c := range e.calls {
					is = is || f.waits[c]
				}
				if !is {
					continue
				}
				// Unlocked before, in a block that contains the event?
				free := false
				for _, o := range ops {
					if o.deferred || isLock(o) || o.pos <= from || o.pos >= e.pos || len(o.blocks) == 0 {
						continue
					}
					inner := o.blocks[len(o.blocks)-1]
					if inner.Pos() <= e.pos && e.pos <= inner.End() {
						relocked := false
						for _, r := range ops {
							if isLock(r) && r.pos > o.pos && r.pos < e.pos {
								relocked = true
							}
						}
						free = free || !relocked
					}
				}
				if !free {
					return true
				}
			}
			return false
		}
		if !isLock(ops[0]) && !ops[0].deferred {
			// Unlocked first: it was locked by a caller, or in the previous iteration of a loop.
			if waits(b.node.Pos(), end) {
				return true
			}
			onlyUnlocks := true
			for _, o := range ops {
				if isLock(o) {
					onlyUnlocks = false
				}
			}
			if onlyUnlocks {
				return true
			}
		}
		for i, o := range ops {
			if !isLock(o) {
				continue
			}
			if deferred {
				if waits(o.pos, end) {
					return true
				}
				continue
			}
			last := token.NoPos
			for _, u := range ops[i+1:] {
				if isLock(u) {
					break
				}
				last = u.pos
			}
			if last == token.NoPos || waits(o.pos, last) {
				return true
			}
		}
	}
	return false
}

// isTrySelect reports whether a select has one case and a default: it never waits.
func isTrySelect(s *ast.SelectStmt) bool {
	if len(s.Body.List) != 2 {
		return false
	}
	for _, c := range s.Body.List {
		if c.(*ast.CommClause).Comm == nil {
			return true
		}
	}
	return false
}

// writeOf returns the method Write that a call of fmt.Fprint, Fprintf or Fprintln calls: it waits if that one does.
func writeOf(info *types.Info, c *ast.CallExpr, full string) *types.Func {
	switch full {
	case "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln":
		o, _, _ := types.LookupFieldOrMethod(info.TypeOf(c.Args[0]), true, nil, "Write")
		if fn, ok := o.(*types.Func); ok {
			return fn.Origin()
		}
	}
	return nil
}

func elemPointer(ty types.Type) types.Type {
	if p, ok := ty.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return ty
}

// async reports whether a function, declared or literal, waits.
func (f *facts) async(n node) bool { return f.waits[n] }

// asyncCall reports whether a call has to be awaited.
func (t *tr) asyncCall(c *ast.CallExpr) bool {
	fn, isType, isBuiltin := callee(t.info, c)
	if isType || isBuiltin {
		return false
	}
	f := t.prog.facts
	if name := mutexMethod(fn); name != "" {
		return (name == "Lock" || name == "RLock") && !f.gone(mutexOf(t.info, c))
	}
	if fn != nil {
		full := fn.FullName()
		if full == "(*sync.Once).Do" {
			return !f.onceSync(mutexOf(t.info, c))
		}
		if full == "(*golang.org/x/sync/errgroup.Group).Go" {
			return f.setLimit
		}
		if write := writeOf(t.info, c, full); write != nil {
			fn, full = write, write.FullName()
		}
		if blocking(full) {
			return true
		}
		if l := callbackArgs(full); l != nil {
			for _, i := range l {
				if i < len(c.Args) {
					from, _ := f.places(t.info, c.Args[i])
					for _, k := range from {
						if f.waits[k] {
							return true
						}
					}
				}
			}
			return false
		}
		return f.waits[t.prog.key(fn)]
	}
	if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		return f.waits[l.Pos()]
	}
	if waitingValue(t.info, c) {
		return true
	}
	from, _ := f.places(t.info, c.Fun)
	for _, k := range from {
		if f.waits[k] {
			return true
		}
	}
	return false
}
