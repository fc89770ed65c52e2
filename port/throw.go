package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// --throw: errors as exceptions. A function whose last result is an error returns the other results, and throws the
// error. What is not plainly translated that way keeps its form: functions keep their error values, and calls of
// functions that throw turn the exception back into a value with errors.result.
//
// Functions that may stand for one another have one form: those of an interface's method, and all that are used as
// values and have as many parameters and results. They form a class; one member that has to keep its error values
// keeps them for all.

// A throwCall is a call of a function whose last result is an error.
type throwCall struct {
	class node
	unit  *unit
	// context is "drop", "assign", "return" or "value"; anything else needs the error as a value in a form that errors.result
	// does not give.
	context string
	results int
	assign  ast.Node // the statement of an assignment or declaration
	lhs     []ast.Expr
}

// A plainSite is an assignment of a call's results whose error is only looked at by the statement after it.
type plainSite struct {
	kind string // "pass": thrown on as it is; "wrap": thrown on as another error
	v    *types.Var
	test ast.Stmt // the statement that looks at the error
	body *ast.BlockStmt
}

type errorDef struct {
	stmt    ast.Stmt
	call    *ast.CallExpr
	lhs     []ast.Expr
	list    *[]ast.Stmt // the statements around it
	index   int
	complex bool
	inIf    *ast.IfStmt // the if whose init it is
	fn      *throwBody
}

// A throwBody is a function or closure with its returns.
type throwBody struct {
	class   node
	unit    *unit
	node    ast.Node
	sig     *types.Signature
	block   *ast.BlockStmt
	returns []*ast.ReturnStmt
	outer   *throwBody
	defers  bool
	// testing is the parameter of type *testing.T.
	testing *types.Var
}

type throws struct {
	prog    *program
	parent  map[node]node
	pinned  map[node]bool
	calls   map[*ast.CallExpr]*throwCall
	sites   map[ast.Stmt]*plainSite
	bodies  []*throwBody
	byNode  map[ast.Node]*throwBody
	lits    map[*ast.FuncLit]node
	methods map[string]bool // the methods of the program's interfaces: Name/params=>results
	foreign map[string]bool // those of interfaces of other packages
	allSigs bool
	defs    map[node][]*errorDef
	usesOf  map[node][]*ast.Ident
	ownerOf map[ast.Stmt]*throwBody
	noValue map[node]bool // variables that are declared without a value
	params  map[node]bool
	// gone has the error variables that are left out, because no place of them is left.
	gone map[node]bool
	// dropped has those whose declaration is left out, but not all places.
	dropped map[node]bool
}

func errorLast(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && isError(sig.Results().At(n-1).Type())
}

func arity(sig *types.Signature) string {
	return fmt.Sprintf("%d=>%d", sig.Params().Len(), sig.Results().Len())
}

func sigClass(sig *types.Signature) node { return "sig:" + arity(sig) }

func (h *throws) find(n node) node {
	for {
		p, ok := h.parent[n]
		if !ok || p == n {
			return n
		}
		n = p
	}
}

func (h *throws) union(a, b node) {
	a, b = h.find(a), h.find(b)
	if a != b {
		h.parent[a] = b
		if h.pinned[a] {
			h.pinned[b] = true
		}
	}
}

func (h *throws) pin(n node) bool {
	n = h.find(n)
	if h.pinned[n] {
		return false
	}
	h.pinned[n] = true
	return true
}

// fnClass is the class of a declared function or a method.
func (h *throws) fnClass(fn *types.Func) node {
	fn = fn.Origin()
	sig := fn.Type().(*types.Signature)
	if sig.Recv() != nil {
		if name := fn.Name() + "/" + arity(sig); h.methods[name] {
			return "method:" + name
		}
	}
	return h.prog.key(fn)
}

// throwsClass reports whether the functions of a class throw.
func (h *throws) throwsClass(n node) bool {
	if h == nil || n == nil {
		return false
	}
	if s, ok := n.(string); ok && strings.HasPrefix(s, "sig:") && h.allSigs {
		return false
	}
	return !h.pinned[h.find(n)]
}

func (p *program) throwsFn(fn *types.Func) bool {
	if p.throws == nil || fn == nil || !p.isLocal(fn.Pkg()) || !errorLast(fn.Type().(*types.Signature)) {
		return false
	}
	return p.throws.throwsClass(p.throws.fnClass(fn))
}

func (p *program) throwsSig(sig *types.Signature) bool {
	return p.throws != nil && errorLast(sig) && p.throws.throwsClass(sigClass(sig))
}

func (p *program) throwsLit(l *ast.FuncLit, sig *types.Signature) bool {
	return p.throws != nil && errorLast(sig) && p.throws.throwsClass(p.throws.lits[l])
}

// throwsCall reports whether a call throws its error here.
func (p *program) throwsCall(c *ast.CallExpr) bool {
	if p.throws == nil {
		return false
	}
	tc := p.throws.calls[c]
	return tc != nil && p.throws.throwsClass(tc.class)
}

// stdThrows lists the functions of other packages whose counterparts throw.
var stdThrows = map[string]bool{}

func init() {
	for _, name := range strings.Fields(`(*golang.org/x/sync/errgroup.Group).Wait (*golang.org/x/sync/semaphore.Weighted).Acquire
		(*golang.org/x/time/rate.Limiter).Wait (*golang.org/x/time/rate.Limiter).WaitN
		(*database/sql.DB).Close (*database/sql.DB).Conn (*database/sql.DB).Ping (*database/sql.DB).PingContext
		(*database/sql.Conn).Close (*database/sql.Conn).PingContext (*database/sql.Stmt).Close
		(*database/sql.Tx).Commit (*database/sql.Tx).Rollback (*database/sql.Row).Scan (*database/sql.Rows).Scan
		(*database/sql.Rows).Close (*database/sql.Rows).Columns
		(database/sql.Result).LastInsertId (database/sql.Result).RowsAffected`) {
		stdThrows[name] = true
	}
	for _, t := range []string{"DB", "Tx", "Conn", "Stmt"} {
		for _, m := range strings.Fields("Begin BeginTx Exec ExecContext Prepare PrepareContext Query QueryContext") {
			name := "(*database/sql." + t + ")." + m
			stdThrows[name], blockingFuncs[name] = true, true
		}
	}
	for _, name := range strings.Fields("(*database/sql.Conn).Close (*database/sql.Conn).PingContext (*database/sql.Stmt).Close") {
		blockingFuncs[name] = true
	}
}

func takesThrowing(full string) bool {
	return full == "(*golang.org/x/sync/errgroup.Group).Go" || full == "(*golang.org/x/sync/errgroup.Group).TryGo"
}

func (p *program) scanThrows() {
	if !p.opts.throw {
		return
	}
	h := &throws{prog: p, parent: map[node]node{}, pinned: map[node]bool{}, calls: map[*ast.CallExpr]*throwCall{}, sites: map[ast.Stmt]*plainSite{},
		byNode: map[ast.Node]*throwBody{}, lits: map[*ast.FuncLit]node{}, methods: map[string]bool{}, foreign: map[string]bool{},
		defs: map[node][]*errorDef{}, usesOf: map[node][]*ast.Ident{}, ownerOf: map[ast.Stmt]*throwBody{}, noValue: map[node]bool{}, params: map[node]bool{},
		gone: map[node]bool{}, dropped: map[node]bool{}}
	p.throws = h
	h.interfaces()
	for _, u := range p.pkgs {
		for _, f := range u.files {
			h.scanFile(u, f)
		}
		for id, inst := range u.info.Instances {
			for i := 0; i < inst.TypeArgs.Len(); i++ {
				if o := u.info.Uses[id]; isError(inst.TypeArgs.At(i)) && o != nil && p.isLocal(o.Pkg()) {
					h.allSigs = true // a result of a type parameter's type would be the error
				}
			}
		}
	}
	h.pinData()
	for _, b := range h.bodies {
		if b.class != nil && h.mustKeep(b) {
			h.pin(b.class)
		}
	}
	h.findSites()
	for changed := true; changed; {
		changed = false
		for _, b := range h.bodies {
			if b.class != nil && h.throwsClass(b.class) && !h.cleanReturns(b) {
				changed = h.pin(b.class) || changed
			}
		}
		for c, tc := range h.calls {
			if !h.throwsClass(tc.class) || h.manageable(c, tc) {
				continue
			}
			changed = h.pin(tc.class) || changed
		}
	}
	h.decide()
}

// interfaces collects the methods of all interfaces that the program's types may implement.
func (h *throws) interfaces() {
	add := func(to map[string]bool, it *types.Interface) {
		for i := 0; i < it.NumMethods(); i++ {
			m := it.Method(i)
			to[m.Name()+"/"+arity(m.Type().(*types.Signature))] = true
		}
	}
	// Other packages see the program's types through the interfaces in the types of what is used of them.
	seen := map[types.Type]bool{}
	var foreign func(t types.Type)
	foreign = func(t types.Type) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		switch x := t.(type) {
		case *types.Alias:
			foreign(types.Unalias(x))
		case *types.Named:
			if it, ok := x.Underlying().(*types.Interface); ok && x.Obj().Pkg() != nil && !h.prog.isLocal(x.Obj().Pkg()) {
				add(h.foreign, it)
			}
			for i := 0; i < x.TypeArgs().Len(); i++ {
				foreign(x.TypeArgs().At(i))
			}
			if _, ok := x.Underlying().(*types.Struct); !ok {
				foreign(x.Underlying())
			}
		case *types.Pointer:
			foreign(x.Elem())
		case *types.Slice:
			foreign(x.Elem())
		case *types.Array:
			foreign(x.Elem())
		case *types.Map:
			foreign(x.Key())
			foreign(x.Elem())
		case *types.Chan:
			foreign(x.Elem())
		case *types.Signature:
			for _, list := range []*types.Tuple{x.Params(), x.Results()} {
				for i := 0; i < list.Len(); i++ {
					foreign(list.At(i).Type())
				}
			}
		case *types.Interface:
			for i := 0; i < x.NumEmbeddeds(); i++ {
				foreign(x.EmbeddedType(i))
			}
		}
	}
	// These are looked for at run time.
	for _, name := range strings.Fields("MarshalJSON/0=>2 UnmarshalJSON/1=>1 MarshalText/0=>2 UnmarshalText/1=>1 Scan/1=>1 Value/0=>2 WriteTo/1=>2 ReadFrom/1=>2 WriteString/1=>2 ReadByte/0=>2 WriteByte/1=>1") {
		h.foreign[name] = true
	}
	for _, u := range h.prog.pkgs {
		for _, o := range u.info.Defs {
			if fn, ok := o.(*types.Func); ok && isIfaceMethod(fn) {
				h.methods[fn.Name()+"/"+arity(fn.Type().(*types.Signature))] = true
			}
		}
		for _, o := range u.info.Uses {
			foreign(o.Type())
		}
	}
	// Interfaces that embed those of other packages.
	for _, n := range h.prog.facts.named {
		if it, ok := n.Underlying().(*types.Interface); ok {
			add(h.methods, it)
		}
	}
	for name := range h.prog.facts.foreign {
		h.foreign[name] = true
	}
	for name := range h.foreign {
		if h.methods[name] {
			h.pin("method:" + name)
		}
	}
}

func (h *throws) scanFile(u *unit, file *ast.File) {
	info := u.info
	var stack []ast.Node
	var fns []*throwBody
	parentOf := func() ast.Node {
		for i := len(stack) - 1; i >= 0; i-- {
			if _, ok := stack[i].(*ast.ParenExpr); !ok {
				return stack[i]
			}
		}
		return nil
	}
	enter := func(n ast.Node, sig *types.Signature, block *ast.BlockStmt, class node) {
		b := &throwBody{class: class, unit: u, node: n, sig: sig, block: block}
		if len(fns) > 0 {
			b.outer = fns[len(fns)-1]
		}
		for i := 0; i < sig.Params().Len(); i++ {
			v := sig.Params().At(i)
			h.params[h.prog.key(v)] = true
			if isNamed(v.Type(), "testing", "T") {
				b.testing = v
			}
		}
		h.bodies = append(h.bodies, b)
		h.byNode[n] = b
		fns = append(fns, b)
	}
	called := map[ast.Expr]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			top := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if len(fns) > 0 && fns[len(fns)-1].node == top {
				fns = fns[:len(fns)-1]
			}
			return true
		}
		switch x := n.(type) {
		case *ast.FuncDecl:
			fn := info.Defs[x.Name].(*types.Func)
			sig := fn.Type().(*types.Signature)
			var class node
			if errorLast(sig) {
				class = h.fnClass(fn)
				if sig.Recv() != nil && h.foreign[fn.Name()+"/"+arity(sig)] || x.Body == nil {
					h.pin(class)
				}
			}
			if x.Body != nil {
				enter(x, sig, x.Body, class)
			}
		case *ast.FuncLit:
			sig := info.TypeOf(x).(*types.Signature)
			var class node
			if errorLast(sig) {
				class = sigClass(sig)
				if c, ok := parentOf().(*ast.CallExpr); ok {
					fn, isType, _ := callee(info, c)
					switch {
					case ast.Unparen(c.Fun) == x:
						class = x.Pos()
					case fn != nil && !isType && !h.prog.isLocal(fn.Pkg()):
						class = x.Pos()
						if !takesThrowing(fn.FullName()) {
							h.pin(class)
						}
					}
				}
				h.lits[x] = class
			}
			enter(x, sig, x.Body, class)
		case *ast.CallExpr:
			called[ast.Unparen(x.Fun)] = true
			h.scanCall(u, x, parentOf())
		case *ast.ReturnStmt:
			if len(fns) > 0 {
				fns[len(fns)-1].returns = append(fns[len(fns)-1].returns, x)
			}
		case *ast.DeferStmt:
			fns[len(fns)-1].defers = true
		case *ast.Ident:
			h.scanIdent(u, x, parentOf(), called)
		case *ast.SelectorExpr:
			if s := info.Selections[x]; s != nil && s.Kind() == types.MethodExpr {
				if fn := s.Obj().(*types.Func); errorLast(fn.Type().(*types.Signature)) {
					h.pin(h.fnClass(fn))
					if sig, ok := s.Type().(*types.Signature); ok {
						h.pin(sigClass(sig))
					}
				}
			}
			if called[x] {
				called[x.Sel] = true
			}
		case *ast.IndexExpr:
			if called[x] {
				called[ast.Unparen(x.X)] = true
			}
		case *ast.IndexListExpr:
			if called[x] {
				called[ast.Unparen(x.X)] = true
			}
		case *ast.ValueSpec:
			if len(x.Values) == 0 {
				for _, id := range x.Names {
					h.noValue[h.prog.key(info.Defs[id])] = true
				}
			}
		}
		if e, ok := n.(ast.Expr); ok {
			if t := info.TypeOf(e); t != nil {
				if nf := namedFuncType(t); nf != nil && nf.Obj().Pkg() != nil && !h.prog.isLocal(nf.Obj().Pkg()) {
					if sig := nf.Underlying().(*types.Signature); errorLast(sig) {
						h.pin(sigClass(sig))
					}
				}
			}
		}
		h.scanDefs(u, n, stack, fns)
		stack = append(stack, n)
		return true
	})
}

// scanIdent notes functions that are used as values.
func (h *throws) scanIdent(u *unit, id *ast.Ident, parent ast.Node, called map[ast.Expr]bool) {
	o := u.info.Uses[id]
	switch o := o.(type) {
	case *types.Var:
		h.usesOf[h.prog.key(o)] = append(h.usesOf[h.prog.key(o)], id)
		if sig, ok := o.Type().Underlying().(*types.Signature); ok && o.IsField() && !h.prog.isLocal(o.Pkg()) && errorLast(sig) {
			h.pin(sigClass(sig))
		}
	case *types.Func:
		sig := o.Type().(*types.Signature)
		if called[id] || !errorLast(sig) {
			return
		}
		if sel, ok := parent.(*ast.SelectorExpr); ok && sel.Sel == id && called[sel] {
			return
		}
		if !h.prog.isLocal(o.Pkg()) {
			h.pin(sigClass(sig))
			return
		}
		h.union(h.fnClass(o), sigClass(sig))
	}
}

func (h *throws) scanCall(u *unit, c *ast.CallExpr, parent ast.Node) {
	info := u.info
	fn, isType, isBuiltin := callee(info, c)
	if isType || isBuiltin {
		return
	}
	full := ""
	local := fn != nil && h.prog.isLocal(fn.Pkg())
	if fn != nil && !local {
		full = fn.FullName()
		// Functions that go to other packages, and come from them, keep their errors.
		for _, a := range c.Args {
			if _, isLit := ast.Unparen(a).(*ast.FuncLit); isLit || takesThrowing(full) {
				continue
			}
			if sig, ok := info.TypeOf(a).Underlying().(*types.Signature); ok && errorLast(sig) {
				h.pin(sigClass(sig))
			}
		}
		h.pinResult(info.TypeOf(c))
	}
	var sig *types.Signature
	var class node
	switch {
	case local:
		sig, class = fn.Type().(*types.Signature), h.fnClass(fn)
	case fn != nil:
		if !stdThrows[full] {
			return
		}
		sig, class = fn.Type().(*types.Signature), "std"
	default:
		sig = coreSignature(info.TypeOf(c.Fun))
		if sig == nil {
			return
		}
		class = sigClass(sig)
		if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
			class = l.Pos()
		}
	}
	if !errorLast(sig) {
		return
	}
	tc := &throwCall{class: class, unit: u, results: sig.Results().Len()}
	h.calls[c] = tc
	switch s := parent.(type) {
	case *ast.ExprStmt:
		tc.context = "drop"
	case *ast.AssignStmt:
		if len(s.Rhs) == 1 && (s.Tok == token.DEFINE || s.Tok == token.ASSIGN) {
			tc.context, tc.assign, tc.lhs = "assign", s, s.Lhs
		}
	case *ast.ValueSpec:
		if len(s.Values) == 1 {
			tc.context, tc.assign = "assign", s
			for _, id := range s.Names {
				tc.lhs = append(tc.lhs, id)
			}
		}
	case *ast.ReturnStmt:
		if len(s.Results) == 1 {
			tc.context = "return"
		}
	case *ast.GoStmt, *ast.DeferStmt:
		tc.context = "spawn"
		return
	}
	if tc.context == "" && tc.results == 1 {
		tc.context = "value"
	}
}

func (h *throws) pinResult(t types.Type) {
	if tu, ok := t.(*types.Tuple); ok {
		for i := 0; i < tu.Len(); i++ {
			h.pinResult(tu.At(i).Type())
		}
		return
	}
	if t == nil {
		return
	}
	if sig, ok := t.Underlying().(*types.Signature); ok && errorLast(sig) {
		h.pin(sigClass(sig))
	}
}

// manageable reports whether a call of a function that throws can be translated where it stands.
func (h *throws) manageable(c *ast.CallExpr, tc *throwCall) bool {
	if h.find(tc.class) == h.find("std") {
		return true
	}
	switch tc.context {
	case "drop", "value":
		return true
	case "assign":
		if tc.results <= 2 {
			return true
		}
		s, ok := tc.assign.(ast.Stmt)
		return ok && h.plain(s) != nil
	case "return":
		return tc.results <= 2
	}
	return false
}

// pinData keeps functions that have errors as their data: accessors, wrappers, constructors.
func (h *throws) pinData() {
	for _, b := range h.bodies {
		if b.class == nil || b.sig.Results().Len() != 1 {
			continue
		}
		if _, many := h.find(b.class).(string); many {
			continue // it stands for a function that may fail
		}
		for i := 0; i < b.sig.Params().Len(); i++ {
			if isError(b.sig.Params().At(i).Type()) {
				h.pin(b.class)
			}
		}
		if d, ok := b.node.(*ast.FuncDecl); ok {
			switch d.Name.Name {
			case "Unwrap", "Err", "Cause", "Error", "err", "LastError":
				h.pin(b.class)
			}
		}
		// It only ever makes errors, or only reads one.
		makes := len(b.returns) > 0
		for _, r := range b.returns {
			makes = makes && len(r.Results) == 1 && h.definite(b.unit.info, r.Results[0])
		}
		reads := false
		if len(b.block.List) == 1 && len(b.returns) == 1 && len(b.returns[0].Results) == 1 {
			_, reads = ast.Unparen(b.returns[0].Results[0]).(*ast.SelectorExpr)
		}
		if _, isDecl := b.node.(*ast.FuncDecl); isDecl && (makes || reads) {
			h.pin(b.class)
		}
	}
}

// definite reports whether an expression is an error that is not nil.
func (h *throws) definite(info *types.Info, e ast.Expr) bool {
	t := info.TypeOf(e)
	if _, several := t.(*types.Tuple); t != nil && !several && !isNilable(t) && !isTypeParam(t) && !info.Types[ast.Unparen(e)].IsNil() {
		return true // a value that is not a pointer makes an error that is not nil
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return x.Op == token.AND
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		fn, isType, _ := callee(info, x)
		if isType && len(x.Args) == 1 {
			return !isIface(info.TypeOf(x)) && !isPointer2(info.TypeOf(x))
		}
		return fn != nil && (fn.FullName() == "errors.New" || fn.FullName() == "fmt.Errorf")
	case *ast.Ident:
		return h.sentinel(info.Uses[x])
	case *ast.SelectorExpr:
		if info.Selections[x] == nil {
			return h.sentinel(info.Uses[x.Sel])
		}
	}
	return false
}

// sentinel reports whether an object is a package's variable for an error: of another package, or never assigned.
func (h *throws) sentinel(o types.Object) bool {
	v, ok := o.(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return false
	}
	if !h.prog.isLocal(v.Pkg()) {
		return isError(v.Type())
	}
	k := h.prog.key(v)
	f := h.prog.facts
	return !h.noValue[k] && f.assigned[k] == 0 && !f.addressed[k] && !f.outsideSet[k] && !f.nils[k]
}

// mustKeep reports whether a body cannot throw its errors: if it recovers, they would look like panics to it, and a
// deferred call may set them.
func (h *throws) mustKeep(b *throwBody) bool {
	if !b.defers {
		return false
	}
	info := b.unit.info
	keep := false
	inspectBody(b.node, func(n ast.Node) {
		d, ok := n.(*ast.DeferStmt)
		if !ok {
			return
		}
		if l, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit); ok {
			keep = keep || callsRecover(info, l.Body)
		}
		if fn, _, isBuiltin := callee(info, d.Call); isBuiltin {
			if id, ok := ast.Unparen(d.Call.Fun).(*ast.Ident); ok && id.Name == "recover" {
				keep = true
			}
		} else if fn != nil {
			if decl := h.prog.decls[h.prog.key(fn)]; decl != nil && decl.Body != nil {
				if u := h.prog.local[pathOf(fn)]; u != nil && callsRecover(u.info, decl.Body) {
					keep = true
				}
			}
		}
	})
	for i := 0; i < b.sig.Results().Len(); i++ {
		k := h.prog.key(b.sig.Results().At(i))
		if h.prog.facts.captured[k] || h.prog.facts.capSet[k] || h.prog.facts.addressed[k] {
			keep = true
		}
	}
	return keep
}

// cleanReturns reports whether a body's results are zero wherever its error is not nil: throwing loses them.
func (h *throws) cleanReturns(b *throwBody) bool {
	n := b.sig.Results().Len()
	info := b.unit.info
	for _, r := range b.returns {
		switch {
		case len(r.Results) == 0:
			if n > 1 {
				return false
			}
		case len(r.Results) == 1 && n == 1:
		case len(r.Results) == 1:
			c, ok := ast.Unparen(r.Results[0]).(*ast.CallExpr)
			if !ok || !h.cleanCall(info, c) {
				return false
			}
			if n > 2 && !h.prog.throwsCall(c) {
				continue
			}
		default:
			last := r.Results[n-1]
			if info.Types[last].IsNil() {
				continue
			}
			for _, e := range r.Results[:n-1] {
				if !h.zeroValue(info, e) && !h.pair(info, e, last) {
					return false
				}
			}
		}
	}
	return true
}

// zeroValue reports whether an expression is the zero value of its type.
func (h *throws) zeroValue(info *types.Info, e ast.Expr) bool {
	e = ast.Unparen(e)
	tv := info.Types[e]
	if tv.IsNil() {
		return true
	}
	if tv.Value != nil {
		s := tv.Value.ExactString()
		return s == "0" || s == `""` || s == "false"
	}
	switch x := e.(type) {
	case *ast.CompositeLit:
		return len(x.Elts) == 0 && (isStruct(tv.Type) || isArray(tv.Type))
	case *ast.Ident:
		k := h.prog.key(info.Uses[x])
		f := h.prog.facts
		return h.noValue[k] && f.assigned[k] == 0 && f.redefined[k] == 0 && !f.addressed[k]
	case *ast.StarExpr:
		if c, ok := ast.Unparen(x.X).(*ast.CallExpr); ok && len(c.Args) == 1 {
			id, ok := ast.Unparen(c.Fun).(*ast.Ident)
			return ok && id.Name == "new"
		}
	}
	return false
}

// pair reports whether a value and an error always come from the same call, whose value is zero if there is an error.
func (h *throws) pair(info *types.Info, value, err ast.Expr) bool {
	vi, ok1 := ast.Unparen(value).(*ast.Ident)
	ei, ok2 := ast.Unparen(err).(*ast.Ident)
	if !ok1 || !ok2 {
		return false
	}
	vk, ek := h.prog.key(info.Uses[vi]), h.prog.key(info.Uses[ei])
	f := h.prog.facts
	if vk == nil || ek == nil || h.params[vk] || h.params[ek] || f.addressed[vk] || f.addressed[ek] {
		return false
	}
	defs := h.defs[ek]
	if len(defs) == 0 || len(h.defs[vk]) != len(defs) {
		return false
	}
	for i, d := range defs {
		if d.complex || d.call == nil || h.defs[vk][i].stmt != d.stmt || !h.cleanCall(info, d.call) {
			return false
		}
		if last, ok := d.lhs[len(d.lhs)-1].(*ast.Ident); !ok || h.prog.key(objectOf(info, last)) != ek {
			return false
		}
	}
	return true
}

func objectOf(info *types.Info, id *ast.Ident) types.Object {
	if o := info.Defs[id]; o != nil {
		return o
	}
	return info.Uses[id]
}

// cleanCall reports whether the results of a call are zero if its error is not nil.
func (h *throws) cleanCall(info *types.Info, c *ast.CallExpr) bool {
	if h.prog.throwsCall(c) {
		return true
	}
	fn, _, _ := callee(info, c)
	if fn == nil || fn.Pkg() == nil || h.prog.isLocal(fn.Pkg()) {
		return false
	}
	switch pathOf(fn) {
	case "io", "bufio", "bytes", "os", "strconv", "strings", "net", "fmt", "unicode/utf8", "encoding/binary", "compress/gzip", "crypto/rand", "math/rand",
		"io/ioutil", "golang.org/x/sync/singleflight", "encoding/hex", "encoding/base64":
		return false
	}
	return recvOf(fn) == nil || !types.IsInterface(recvOf(fn))
}

// scanDefs notes where variables are assigned.
func (h *throws) scanDefs(u *unit, n ast.Node, stack []ast.Node, fns []*throwBody) {
	info := u.info
	complex := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			if v, ok := objectOf(info, id).(*types.Var); ok {
				k := h.prog.key(v)
				h.defs[k] = append(h.defs[k], &errorDef{complex: true})
			}
		}
	}
	switch s := n.(type) {
	case *ast.AssignStmt:
		d := &errorDef{stmt: s, lhs: s.Lhs, complex: len(s.Rhs) != 1 || s.Tok != token.DEFINE && s.Tok != token.ASSIGN}
		if len(s.Rhs) == 1 {
			d.call, _ = ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
		}
		if len(fns) > 0 {
			d.fn = fns[len(fns)-1]
			h.ownerOf[s] = d.fn
		}
		if len(stack) > 0 {
			switch p := stack[len(stack)-1].(type) {
			case *ast.BlockStmt:
				d.list = &p.List
			case *ast.CaseClause:
				d.list = &p.Body
			case *ast.CommClause:
				if p.Comm != s {
					d.list = &p.Body
				}
			case *ast.IfStmt:
				if p.Init == s {
					d.inIf = p
				}
			}
		}
		if d.list != nil {
			for i, x := range *d.list {
				if x == s {
					d.index = i
				}
			}
		}
		for _, l := range s.Lhs {
			if id, ok := ast.Unparen(l).(*ast.Ident); ok && id.Name != "_" {
				if v, ok := objectOf(info, id).(*types.Var); ok {
					k := h.prog.key(v)
					h.defs[k] = append(h.defs[k], d)
				}
			}
		}
	case *ast.IncDecStmt:
		complex(s.X)
	case *ast.RangeStmt:
		if s.Key != nil {
			complex(s.Key)
		}
		if s.Value != nil {
			complex(s.Value)
		}
	case *ast.ValueSpec:
		for _, id := range s.Names {
			if len(s.Values) > 0 {
				complex(id)
			}
		}
	}
}

// findSites finds the assignments whose errors are only looked at by the statement that follows.
func (h *throws) findSites() {
	for k, defs := range h.defs {
		v := h.errorVar(k, defs)
		if v == nil {
			continue
		}
		uses := h.reads(k, defs)
		segments := defs[0].list != nil
		for _, d := range defs {
			segments = segments && d.list == defs[0].list
		}
		if segments {
			first := false
			for _, l := range defs[0].lhs {
				if id, ok := l.(*ast.Ident); ok {
					if o := defs[0].fn.unit.info.Defs[id]; o != nil && h.prog.key(o) == k {
						first = true
					}
				}
			}
			segments = first || defs[0].list == &defs[0].fn.block.List && h.namedResult(defs[0].fn, k)
		}
		all := true
		sites := map[ast.Stmt]*plainSite{}
		covered := map[*ast.Ident]bool{}
		for i, d := range defs {
			var mine []*ast.Ident
			if segments {
				for _, id := range uses {
					if id.Pos() >= d.stmt.Pos() && (i+1 == len(defs) || id.Pos() < defs[i+1].stmt.Pos()) {
						mine = append(mine, id)
					}
				}
			} else if t := d.test(); t != nil {
				for _, id := range uses {
					if t.Pos() <= id.Pos() && id.Pos() < t.End() {
						mine = append(mine, id)
					}
				}
			}
			s := h.siteOf(d, v, mine)
			if s == nil {
				all = false
				continue
			}
			sites[d.stmt] = s
			for _, id := range mine {
				covered[id] = true
			}
		}
		all = all && len(covered) == len(uses)
		if !all && !segments {
			continue
		}
		for st, s := range sites {
			h.sites[st] = s
		}
	}
}

// test returns the statement after a definition, or the if around it.
func (d *errorDef) test() ast.Stmt {
	if d.inIf != nil {
		return d.inIf
	}
	if d.list == nil || d.index+1 >= len(*d.list) {
		return nil
	}
	return (*d.list)[d.index+1]
}

// errorVar returns the variable if it is a local one for errors that is only assigned by calls.
func (h *throws) errorVar(k node, defs []*errorDef) *types.Var {
	f := h.prog.facts
	if h.params[k] || f.captured[k] || f.addressed[k] || len(defs) == 0 {
		return nil
	}
	var v *types.Var
	for _, d := range defs {
		if d.complex || d.call == nil || d.fn == nil || d.list == nil && d.inIf == nil {
			return nil
		}
		id, ok := ast.Unparen(d.lhs[len(d.lhs)-1]).(*ast.Ident)
		if !ok {
			return nil
		}
		o, ok := objectOf(d.fn.unit.info, id).(*types.Var)
		if !ok || h.prog.key(o) != k || !isError(o.Type()) {
			return nil
		}
		v = o
	}
	if v.Pkg() == nil || v.Parent() == nil || v.Parent() == v.Pkg().Scope() {
		return nil
	}
	if h.namedResult(defs[0].fn, k) {
		for _, r := range defs[0].fn.returns {
			if len(r.Results) == 0 {
				return nil // it returns the variable
			}
		}
	}
	return v
}

func (h *throws) namedResult(b *throwBody, k node) bool {
	for i := 0; i < b.sig.Results().Len(); i++ {
		if h.prog.key(b.sig.Results().At(i)) == k {
			return true
		}
	}
	return false
}

// reads returns the uses of a variable that are not its assignments.
func (h *throws) reads(k node, defs []*errorDef) []*ast.Ident {
	targets := map[*ast.Ident]bool{}
	for _, d := range defs {
		for _, l := range d.lhs {
			if id, ok := ast.Unparen(l).(*ast.Ident); ok {
				targets[id] = true
			}
		}
	}
	var out []*ast.Ident
	for _, id := range h.usesOf[k] {
		if !targets[id] {
			out = append(out, id)
		}
	}
	return out
}

// siteOf tells how an assignment is translated whose error has the given uses; nil if it is not plain.
func (h *throws) siteOf(d *errorDef, v *types.Var, uses []*ast.Ident) *plainSite {
	t := d.test()
	if t == nil || h.calls[d.call] == nil {
		return nil
	}
	for _, id := range uses {
		if id.Pos() < t.Pos() || id.Pos() >= t.End() {
			return nil
		}
	}
	info := d.fn.unit.info
	isV := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && h.prog.key(info.Uses[id]) == h.prog.key(v)
	}
	if es, ok := t.(*ast.ExprStmt); ok && len(uses) == 1 {
		// require.NoError(t, err)
		c, ok := ast.Unparen(es.X).(*ast.CallExpr)
		if !ok || len(c.Args) != 2 || !isV(c.Args[1]) {
			return nil
		}
		fn, _, _ := callee(info, c)
		if fn == nil || fn.FullName() != "github.com/stretchr/testify/require.NoError" || !h.ownTest(d.fn, info, c.Args[0]) {
			return nil
		}
		return &plainSite{kind: "pass", v: v, test: t}
	}
	s, ok := t.(*ast.IfStmt)
	if !ok || s.Else != nil || s.Init != nil && d.inIf != s {
		return nil
	}
	b, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ || !isV(b.X) || !info.Types[b.Y].IsNil() || len(s.Body.List) == 0 {
		return nil
	}
	last := s.Body.List[len(s.Body.List)-1]
	if es, ok := last.(*ast.ExprStmt); ok && len(s.Body.List) == 1 && len(uses) == 2 {
		// t.Fatal(err)
		c, ok := ast.Unparen(es.X).(*ast.CallExpr)
		if !ok || len(c.Args) != 1 || !isV(c.Args[0]) {
			return nil
		}
		fn, _, _ := callee(info, c)
		sel, isSel := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if fn == nil || !isSel || fn.FullName() != "(*testing.common).Fatal" || !h.ownTest(d.fn, info, sel.X) {
			return nil
		}
		return &plainSite{kind: "pass", v: v, test: t}
	}
	r, ok := last.(*ast.ReturnStmt)
	if !ok || d.fn.class == nil {
		return nil
	}
	n := d.fn.sig.Results().Len()
	if len(r.Results) != n {
		return nil
	}
	for _, e := range r.Results[:n-1] {
		// The value beside the error is zero.
		if !h.zeroValue(info, e) && !h.boundBy(info, d, e) {
			return nil
		}
	}
	if isV(r.Results[n-1]) && len(s.Body.List) == 1 && len(uses) == 2 {
		return &plainSite{kind: "pass", v: v, test: t, body: s.Body}
	}
	if !isV(r.Results[n-1]) && !h.definite(info, r.Results[n-1]) {
		return nil
	}
	// The values that the call returns beside the error must not be read.
	for _, l := range d.lhs[:len(d.lhs)-1] {
		if id, ok := ast.Unparen(l).(*ast.Ident); ok && id.Name != "_" {
			o := objectOf(info, id)
			read := false
			ast.Inspect(s.Body, func(x ast.Node) bool {
				if y, ok := x.(*ast.Ident); ok && info.Uses[y] == o {
					read = true
				}
				return true
			})
			if read {
				return nil
			}
		}
	}
	// A throw in the block that catches: nothing else in it may leave it with values.
	return &plainSite{kind: "wrap", v: v, test: t, body: s.Body}
}

func (h *throws) boundBy(info *types.Info, d *errorDef, e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	for _, l := range d.lhs[:len(d.lhs)-1] {
		if x, ok := ast.Unparen(l).(*ast.Ident); ok && objectOf(info, x) == info.Uses[id] {
			return true
		}
	}
	return false
}

// ownTest reports whether an expression is the *testing.T of the function itself, which ends if that fails.
func (h *throws) ownTest(b *throwBody, info *types.Info, e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || b.testing == nil || info.Uses[id] != b.testing || b.class != nil || b.sig.Params().Len() != 1 || h.mustKeep(b) {
		return false
	}
	d, ok := b.node.(*ast.FuncDecl)
	return !ok || strings.HasPrefix(d.Name.Name, "Test")
}

// plain returns how an assignment is translated that throws, or nil.
func (h *throws) plain(s ast.Stmt) *plainSite {
	if h == nil {
		return nil
	}
	a, ok := s.(*ast.AssignStmt)
	if !ok {
		return nil
	}
	site := h.sites[s]
	if site == nil {
		return nil
	}
	c, ok := ast.Unparen(a.Rhs[0]).(*ast.CallExpr)
	if !ok || !h.prog.throwsCall(c) {
		return nil
	}
	if site.body != nil {
		// The error is thrown on: by a function that throws.
		if b := h.ownerOf[s]; b == nil || !h.throwsClass(b.class) {
			return nil
		}
	}
	return site
}

// decide tells which variables are left out, and which values may be nil after all.
func (h *throws) decide() {
	for k, defs := range h.defs {
		v := h.errorVar(k, defs)
		if v == nil {
			continue
		}
		all := true
		for _, d := range defs {
			if h.plain(d.stmt) == nil {
				all = false
			}
		}
		if all {
			h.gone[k] = true
		} else if h.plain(defs[0].stmt) != nil && !h.namedResult(defs[0].fn, k) {
			h.dropped[k] = true
		}
	}
	h.dropZeros()
	f := h.prog.facts
	for _, tc := range h.calls {
		s, _ := tc.assign.(ast.Stmt)
		if tc.context != "assign" || !h.throwsClass(tc.class) || s != nil && h.plain(s) != nil {
			continue
		}
		// errors.result gives undefined for the value of a call that failed.
		for _, l := range tc.lhs[:len(tc.lhs)-1] {
			if t := tc.unit.info.TypeOf(l); t != nil && isNilable(t) {
				to, _ := f.places(tc.unit.info, l)
				for _, k := range to {
					f.nils[k] = true
				}
			}
		}
	}
	for _, r := range f.errorReturns {
		if b := h.byNode[r.body.node]; b == nil || b.class == nil || !h.throwsClass(b.class) {
			f.nils[r.to] = true
		}
	}
}

// dropZeros leaves out the variables that were only there to be returned beside an error.
func (h *throws) dropZeros() {
	dropped := map[*ast.Ident]bool{}
	drop := func(list []ast.Expr) {
		for _, e := range list {
			if id, ok := ast.Unparen(e).(*ast.Ident); ok {
				dropped[id] = true
			}
		}
	}
	lastReturn := map[*ast.ReturnStmt]bool{}
	for s := range h.sites {
		if site := h.plain(s); site != nil && site.body != nil {
			if r, ok := site.body.List[len(site.body.List)-1].(*ast.ReturnStmt); ok {
				lastReturn[r] = true
			}
		}
	}
	for _, b := range h.bodies {
		if b.class == nil || !h.throwsClass(b.class) {
			continue
		}
		for _, r := range b.returns {
			if n := len(r.Results); n > 1 && (lastReturn[r] || h.definite(b.unit.info, r.Results[n-1])) {
				drop(r.Results[:n-1])
			}
		}
	}
	for k := range h.noValue {
		uses := h.usesOf[k]
		all := len(uses) > 0 && len(h.defs[k]) == 0
		for _, id := range uses {
			all = all && dropped[id]
		}
		if all {
			h.gone[k] = true
		}
	}
}

// An errorReturn is a nil that is returned beside an error.
type errorReturn struct {
	body *body
	to   node
}
