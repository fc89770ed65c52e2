package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// The flow graph records which values may reach which places. Its nodes are places that hold functions or pointers
// (variables, fields, parameters, results, the elements of a container type) and the functions themselves. It answers
// two questions: which places may hold a function that waits (colour), and which may hold nil.

// A node is a place or a function: the position of its declaration, or a string if it has none.
type node any

type facts struct {
	prog *program
	// colour: from a function or place to the places and functions that wait if it does.
	waits map[node]bool
	edges map[node][]node
	// nil: from a place to those that may be nil if it is.
	nils     map[node]bool
	nilEdges map[node][]node
	// named lists the named types of all packages.
	named []*types.Named
	// bodies lists the bodies of all functions.
	bodies []*body
	// facts about variables
	assigned    map[node]int  // assignments without the declaration and without :=
	redefined   map[node]int  // assignments by := to an existing variable
	captured    map[node]bool // used in a closure inside the function that declares it
	capSet      map[node]bool // assigned in such a closure
	addressed   map[node]bool // the address is taken
	uses        map[node][]token.Pos
	owner       map[node]ast.Node
	comparedNil map[node]bool
	// facts about structs, by their declaration
	mutated      map[string]bool // a field of the struct is assigned somewhere
	zeroMade     map[node]bool   // a zero value of the struct is made
	leftOut      map[node]bool   // a literal of the struct leaves the field out
	literals     map[node]int    // composite literals of this struct
	asserted     map[string]bool // named types that a type assertion or switch names
	cloned       map[node]bool   // structs that are copied somewhere
	reached      map[node]bool   // places that some value flows to
	closed       map[string]bool // element types of channels that are closed somewhere
	mutexes      map[node]*mutex
	keptRounds   int
	onces        map[node]bool
	taken        map[node]bool // slices that may have another reference
	pushed       map[node]bool // slices that are appended to in place
	instances    map[string][]types.Type
	setLimit     bool
	inRange      map[node]bool
	outsideSet   map[node]bool // package variables assigned outside of their file
	slices       map[node]*sliceUse
	madeEmpty    map[node]bool
	appended     map[node]bool
	ctxKeys      map[string]bool
	plainLocal   map[node]bool
	fieldSet     map[node]bool
	fieldStable  map[node]bool
	foreign      map[string]bool // methods of interfaces that a type of the standard library has, with their arity
	valueIn      map[string]bool // interfaces that get structs, arrays or boxed values
	zeros        map[node]bool   // places that may hold the zero value of a type parameter
	zeroDecl     map[node]bool   // variables of a type parameter's type that are declared without a value
	shown        map[string]bool // structs that are printed in any form
	described    map[string]bool // structs that are printed with the names of their fields
	minusZeros   map[node]bool   // places that may hold -0
	byValue      map[node]bool   // type parameters that stand for a struct or an array somewhere
	compared     map[node]bool
	errorReturns []errorReturn
	bigInts      bool // a constant of 64 bits is beyond 2^53
	intsAsked    bool // a type switch or assertion names an integer type
}

// A body is a function, a closure, or the initializers of a file.
type body struct {
	id    node
	unit  *unit
	node  ast.Node
	block *ast.BlockStmt
	sig   *types.Signature
	outer *body
}

func (p *program) key(o types.Object) node {
	if o == nil {
		return nil
	}
	switch x := o.(type) {
	case *types.Func:
		o = x.Origin()
	case *types.Var:
		o = x.Origin()
	}
	if o.Pos().IsValid() {
		return o.Pos()
	}
	return o
}

func isNilable(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Signature:
		return true
	case *types.Interface:
		_, ok := types.Unalias(t).(*types.TypeParam)
		return !ok
	}
	return false
}

func typeKey(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Path() })
}

// elemNode is the place of the elements of all containers of a type.
func elemNode(container types.Type) node {
	u := container.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	switch c := u.(type) {
	case *types.Slice:
		return "elem:" + typeKey(c.Elem())
	case *types.Array:
		return "elem:" + typeKey(c.Elem())
	case *types.Map:
		return "map:" + typeKey(c.Elem())
	case *types.Chan:
		return "chan:" + typeKey(c.Elem())
	}
	return "elem?" + typeKey(u)
}

// sigName returns a name for a signature that ignores the names of parameters. With type parameters, only the numbers
// of parameters and results count.
func sigName(s *types.Signature) string {
	generic := false
	var part func(t *types.Tuple) string
	part = func(t *types.Tuple) string {
		var b []string
		for i := 0; i < t.Len(); i++ {
			ty := t.At(i).Type()
			if hasTypeParam(ty) {
				generic = true
			}
			b = append(b, typeKey(ty))
		}
		return strings.Join(b, ",")
	}
	k := part(s.Params()) + "=>" + part(s.Results())
	if generic {
		return fmt.Sprintf("%d=>%d", s.Params().Len(), s.Results().Len())
	}
	return k
}

func hasTypeParam(t types.Type) bool {
	seen := map[types.Type]bool{}
	var has func(t types.Type) bool
	has = func(t types.Type) bool {
		if seen[t] {
			return false
		}
		seen[t] = true
		switch u := t.(type) {
		case *types.TypeParam:
			return true
		case *types.Alias:
			return has(types.Unalias(u))
		case *types.Pointer:
			return has(u.Elem())
		case *types.Slice:
			return has(u.Elem())
		case *types.Array:
			return has(u.Elem())
		case *types.Chan:
			return has(u.Elem())
		case *types.Map:
			return has(u.Key()) || has(u.Elem())
		case *types.Signature:
			for _, tu := range []*types.Tuple{u.Params(), u.Results()} {
				for i := 0; i < tu.Len(); i++ {
					if has(tu.At(i).Type()) {
						return true
					}
				}
			}
		case *types.Named:
			for i := 0; i < u.TypeArgs().Len(); i++ {
				if has(u.TypeArgs().At(i)) {
					return true
				}
			}
		case *types.Struct:
			for i := 0; i < u.NumFields(); i++ {
				if has(u.Field(i).Type()) {
					return true
				}
			}
		}
		return false
	}
	return has(t)
}

func sigNames(s *types.Signature) []string {
	k, a := sigName(s), fmt.Sprintf("%d=>%d", s.Params().Len(), s.Results().Len())
	if k == a {
		return []string{k}
	}
	return []string{k, a}
}

func paramNode(sig string, i int) node  { return fmt.Sprintf("param:%s:%d", sig, i) }
func resultNode(sig string, i int) node { return fmt.Sprintf("result:%s:%d", sig, i) }

func (f *facts) edge(from, to node) {
	if from != nil && to != nil && from != to {
		f.edges[from] = append(f.edges[from], to)
	}
}

func (f *facts) nilEdge(from, to node) {
	if from != nil && to != nil && from != to {
		f.nilEdges[from] = append(f.nilEdges[from], to)
	}
}

// places returns the nodes whose value an expression has, and whether it may be nil by itself.
func (f *facts) places(info *types.Info, e ast.Expr) (from []node, isNil bool) {
	e = ast.Unparen(e)
	if tv, ok := info.Types[e]; ok && tv.IsNil() {
		return nil, true
	}
	switch e := e.(type) {
	case *ast.FuncLit:
		return []node{e.Pos()}, false
	case *ast.Ident:
		if o := info.Uses[e]; o != nil {
			f.stdValue(o)
			return []node{f.prog.key(o)}, false
		}
		return []node{f.prog.key(info.Defs[e])}, false
	case *ast.SelectorExpr:
		if o := info.Uses[e.Sel]; o != nil {
			f.stdValue(o)
			return []node{f.prog.key(o)}, false
		}
	case *ast.IndexExpr:
		if tv, ok := info.Types[e.X]; ok && !tv.IsType() {
			if _, ok := tv.Type.Underlying().(*types.Signature); ok {
				return f.places(info, e.X)
			}
			return []node{elemNode(tv.Type)}, false
		}
	case *ast.IndexListExpr:
		return f.places(info, e.X)
	case *ast.UnaryExpr:
		if e.Op == token.ARROW {
			return []node{elemNode(info.TypeOf(e.X))}, false
		}
	case *ast.TypeAssertExpr:
		return nil, false
	case *ast.CallExpr:
		return f.resultPlaces(info, e, 0), false
	case *ast.StarExpr:
		return []node{"ref:" + typeKey(info.TypeOf(e))}, false
	case *ast.SliceExpr:
		return f.places(info, e.X)
	}
	return nil, false
}

// stdValue notes that a function of the standard library is used as a value: what holds it waits if it does.
func (f *facts) stdValue(o types.Object) {
	if fn, ok := o.(*types.Func); ok && !f.prog.isLocal(fn.Pkg()) && blocking(fn.FullName()) {
		f.jobs()[f.prog.key(fn)] = true
	}
}

// resultPlaces returns the nodes of the i-th result of a call.
func (f *facts) resultPlaces(info *types.Info, c *ast.CallExpr, i int) []node {
	fn, isType, isBuiltin := callee(info, c)
	if isType {
		if len(c.Args) == 1 {
			from, _ := f.places(info, c.Args[0])
			return from
		}
		return nil
	}
	if isBuiltin {
		if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "append" {
			from, _ := f.places(info, c.Args[0])
			return from
		}
		return nil
	}
	if fn != nil {
		switch fn.FullName() {
		case "sync.OnceFunc", "sync.OnceValue", "sync.OnceValues":
			from, _ := f.places(info, c.Args[0])
			return from
		}
		if f.prog.isLocal(fn.Pkg()) {
			sig := fn.Origin().Type().(*types.Signature)
			if i < sig.Results().Len() {
				places := []node{f.prog.key(sig.Results().At(i))}
				if hasTypeParam(sig.Results().At(i).Type()) {
					if t := tupleAt(info, c, i); t != nil && isNilable(t) {
						places = append(places, node("inst:"+typeKey(t)))
					}
				}
				return places
			}
		}
		return nil
	}
	if t, ok := info.TypeOf(c.Fun).Underlying().(*types.Signature); ok {
		if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
			return []node{litResult(l, i)}
		}
		return []node{resultNode(sigName(t), i)}
	}
	return nil
}

func litResult(l *ast.FuncLit, i int) node { return fmt.Sprintf("lit:%d:%d", l.Pos(), i) }

func (p *program) isLocal(pkg *types.Package) bool {
	return pkg != nil && p.local[pkg.Path()] != nil
}

// flow records that the value of an expression goes to a place.
func (f *facts) flow(info *types.Info, e ast.Expr, to node) {
	if e == nil || to == nil {
		return
	}
	t := info.TypeOf(e)
	if t == nil {
		return
	}
	f.reached[to] = true
	from, isNil := f.places(info, e)
	if isNil {
		f.nils[to] = true
	}
	if c, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		if fn, _, _ := callee(info, c); fn != nil && !f.prog.isLocal(fn.Pkg()) && stdNilable(fn) {
			f.nils[to] = true
		}
	}
	for _, n := range from {
		f.edge(n, to)
		f.nilEdge(n, to)
	}
	f.asValue(info, e)
}

// flowTo is flow to a place whose type is known: function types with a name are places of their own.
func (f *facts) flowTo(info *types.Info, e ast.Expr, to node, t types.Type) {
	f.flow(info, e, to)
	f.intoInterface(info, e, t)
	if n := namedFuncType(t); n != nil && e != nil && to != nil {
		f.flow(info, e, namedFunc(n))
		f.edge(namedFunc(n), to)
	}
}

// intoInterface notes which interfaces get structs and arrays by value, so that they compare by value.
func (f *facts) intoInterface(info *types.Info, e ast.Expr, t types.Type) {
	if e == nil || t == nil {
		return
	}
	from := info.TypeOf(e)
	f.stdMethods(from, t)
	if from == nil || !isIface(t) || isIface(from) {
		return
	}
	if isStruct(from) || isArray(from) || boxed(from) && !isStruct(from) {
		if f.valueIn == nil {
			f.valueIn = map[string]bool{}
		}
		f.valueIn[typeKey(t.Underlying())] = true
	}
}

// stdMethods notes which methods of an interface are methods of the standard library's for one of its values: they wait
// if these do, and return their errors.
func (f *facts) stdMethods(from, to types.Type) {
	if from == nil || !isIface(to) {
		return
	}
	it := to.Underlying().(*types.Interface)
	for i := 0; i < it.NumMethods(); i++ {
		im := it.Method(i)
		if !f.prog.isLocal(im.Pkg()) {
			continue
		}
		o, _, _ := types.LookupFieldOrMethod(from, true, im.Pkg(), im.Name())
		cm, ok := o.(*types.Func)
		if !ok || f.prog.isLocal(cm.Pkg()) {
			continue
		}
		if f.foreign == nil {
			f.foreign = map[string]bool{}
		}
		f.foreign[im.Name()+"/"+arity(im.Type().(*types.Signature))] = true
		if blocking(cm.FullName()) {
			f.jobs()[f.prog.key(im)] = true
		}
		results := im.Type().(*types.Signature).Results()
		for j := 0; j < results.Len(); j++ {
			if isError(results.At(j).Type()) {
				f.nils[f.prog.key(results.At(j))] = true
			}
		}
	}
}

func namedFuncType(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil
	}
	if _, ok := n.Underlying().(*types.Signature); !ok {
		return nil
	}
	return n
}

// stdNilable reports whether a function of the standard library may return nil, or undefined here.
func stdNilable(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch pathOf(fn) {
	case "sync/atomic", "container/list", "container/ring", "go.uber.org/atomic":
		sig := fn.Type().(*types.Signature)
		return sig.Results().Len() == 1 && isNilable(sig.Results().At(0).Type()) || sig.Results().Len() == 1 && isTypeParamPtr(sig.Results().At(0).Type())
	}
	return fn.FullName() == "(*sync.Pool).Get"
}

func isTypeParamPtr(t types.Type) bool {
	p, ok := t.(*types.Pointer)
	return ok && p != nil
}

// asValue links the parameters and results of a function used as a value to those of its signature.
func (f *facts) asValue(info *types.Info, e ast.Expr) {
	e = ast.Unparen(e)
	sig, ok := info.TypeOf(e).Underlying().(*types.Signature)
	if !ok {
		return
	}
	switch x := e.(type) {
	case *ast.FuncLit:
		for _, name := range sigNames(sig) {
			f.linkSig(info.TypeOf(x).(*types.Signature), x, name)
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
		var o types.Object
		switch y := x.(type) {
		case *ast.Ident:
			o = info.Uses[y]
		case *ast.SelectorExpr:
			o = info.Uses[y.Sel]
		case *ast.IndexExpr:
			f.asValue(info, y.X)
		}
		if fn, ok := o.(*types.Func); ok {
			shift := 0
			if y, ok := x.(*ast.SelectorExpr); ok {
				if s := info.Selections[y]; s != nil && s.Kind() == types.MethodExpr {
					shift = 1
				}
			}
			for _, name := range sigNames(sig) {
				f.linkSigAt(fn.Origin().Type().(*types.Signature), nil, name, shift)
			}
		}
	}
}

func (f *facts) linkSig(own *types.Signature, lit *ast.FuncLit, name string) {
	f.linkSigAt(own, lit, name, 0)
}

// linkSigAt is linkSig for a function whose first parameters, its receiver, are not in own.
func (f *facts) linkSigAt(own *types.Signature, lit *ast.FuncLit, name string, shift int) {
	for i := 0; i < own.Params().Len(); i++ {
		k := f.prog.key(own.Params().At(i))
		p := paramNode(name, i+shift)
		f.edge(p, k)
		f.edge(k, p)
		f.nilEdge(p, k)
		f.nilEdge(k, p)
	}
	for i := 0; i < own.Results().Len(); i++ {
		k := f.prog.key(own.Results().At(i))
		if lit != nil {
			k = litResult(lit, i)
		}
		f.edge(k, resultNode(name, i))
		f.nilEdge(k, resultNode(name, i))
	}
}

func callee(info *types.Info, c *ast.CallExpr) (fn *types.Func, isType, isBuiltin bool) {
	fun := ast.Unparen(c.Fun)
	if ix, ok := fun.(*ast.IndexExpr); ok {
		if tv := info.Types[ix.X]; tv.Type != nil {
			if _, ok := tv.Type.Underlying().(*types.Signature); ok {
				fun = ast.Unparen(ix.X)
			}
		}
	}
	if ix, ok := fun.(*ast.IndexListExpr); ok {
		fun = ast.Unparen(ix.X)
	}
	if tv, ok := info.Types[fun]; ok {
		if tv.IsType() {
			return nil, true, false
		}
		if tv.IsBuiltin() {
			return nil, false, true
		}
	}
	switch f := fun.(type) {
	case *ast.Ident:
		fn, _ = info.Uses[f].(*types.Func)
	case *ast.SelectorExpr:
		fn, _ = info.Uses[f.Sel].(*types.Func)
	}
	if fn != nil {
		fn = fn.Origin()
	}
	return
}

func isIfaceMethod(fn *types.Func) bool {
	r := fn.Type().(*types.Signature).Recv()
	return r != nil && types.IsInterface(r.Type())
}

// analyse builds the graph and computes both answers.
func (p *program) analyse() {
	f := &facts{
		prog: p, waits: map[node]bool{}, edges: map[node][]node{}, nils: map[node]bool{}, nilEdges: map[node][]node{},
		assigned: map[node]int{}, redefined: map[node]int{}, captured: map[node]bool{}, capSet: map[node]bool{},
		addressed: map[node]bool{}, uses: map[node][]token.Pos{}, owner: map[node]ast.Node{}, comparedNil: map[node]bool{},
		mutated: map[string]bool{}, zeroMade: map[node]bool{}, leftOut: map[node]bool{}, literals: map[node]int{},
		asserted: map[string]bool{}, cloned: map[node]bool{}, reached: map[node]bool{}, closed: map[string]bool{},
		mutexes: map[node]*mutex{}, onces: map[node]bool{}, taken: map[node]bool{}, pushed: map[node]bool{},
		instances: map[string][]types.Type{}, inRange: map[node]bool{}, outsideSet: map[node]bool{},
		plainLocal: map[node]bool{}, compared: map[node]bool{}, fieldSet: map[node]bool{}, fieldStable: map[node]bool{},
	}
	p.facts = f
	p.opened = map[ast.Expr]bool{}
	for _, u := range p.pkgs {
		for _, file := range u.files {
			p.openStdMaps(u.info, file)
		}
	}
	for _, u := range p.pkgs {
		for _, o := range u.info.Defs {
			if tn, ok := o.(*types.TypeName); ok && !tn.IsAlias() {
				if n, ok := tn.Type().(*types.Named); ok {
					f.named = append(f.named, n)
				}
			}
		}
	}
	for _, u := range p.pkgs {
		for _, tv := range u.info.Types {
			if tv.Value != nil && tv.Value.Kind() == constant.Int && isInteger(tv.Type) && !isDuration(tv.Type) {
				if n, ok := constant.Int64Val(tv.Value); !ok || n > 1<<53 || n < -1<<53 {
					f.bigInts = true
				}
			}
		}
		for _, inst := range u.info.Instances {
			for i := 0; i < inst.TypeArgs.Len(); i++ {
				if s, ok := inst.Type.(*types.Named); ok {
					k := typeKey(s.Origin())
					f.instances[k] = append(f.instances[k], inst.TypeArgs.At(i))
				}
			}
		}
		for _, file := range u.files {
			f.scanFile(u, file)
		}
	}
	p.scanSlices()
	f.linkInterfaces()
	p.scanParams()
	p.seedZeros()
	p.scanAliases()
	p.scanSlices() // again: it depends on which subslices share memory
	for _, n := range f.named {
		if st, ok := n.Underlying().(*types.Struct); ok {
			for i := 0; i < st.NumFields(); i++ {
				if k := p.key(st.Field(i)); !f.fieldSet[k] {
					f.fieldStable[k] = true
				}
			}
		}
	}
	p.scanBounds()
	p.scanThrows()
	p.merge()
	f.fieldNils()
	f.spreadNil()
	f.colour()
	p.scanGenerators()
}

func (f *facts) scanFile(u *unit, file *ast.File) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			fn := u.info.Defs[d.Name].(*types.Func)
			b := &body{id: f.prog.key(fn), unit: u, node: d, block: d.Body, sig: fn.Type().(*types.Signature)}
			f.ownResults(b)
			f.bodies = append(f.bodies, b)
			f.signature(b.sig)
			if d.Body != nil {
				f.scan(b, d.Body)
			}
		case *ast.GenDecl:
			b := &body{id: d.Pos(), unit: u, node: d}
			f.bodies = append(f.bodies, b)
			f.scan(b, d)
		}
	}
}

// signature records facts that follow from a declaration alone: named results are nil at first.
func (f *facts) signature(s *types.Signature) {
	for i := 0; i < s.Results().Len(); i++ {
		if v := s.Results().At(i); v.Name() != "" && v.Name() != "_" && isNilable(v.Type()) {
			f.nils[f.prog.key(v)] = true
		}
	}
}

// ownResults records which function owns the named results, to find the closures that capture them.
func (f *facts) ownResults(b *body) {
	for i := 0; i < b.sig.Results().Len(); i++ {
		if v := b.sig.Results().At(i); v.Name() != "" && v.Name() != "_" {
			f.owner[f.prog.key(v)] = b.node
		}
	}
}

func (f *facts) mark(b *body, e ast.Expr, info *types.Info) {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.Ident:
		if o := info.Uses[x]; o != nil {
			k := f.prog.key(o)
			f.assigned[k]++
			if own := f.owner[k]; own != nil && own != b.node {
				f.capSet[k] = true
			}
			if v, ok := o.(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				if f.prog.fset.Position(v.Pos()).Filename != f.prog.fset.Position(x.Pos()).Filename {
					f.outsideSet[k] = true
				}
			}
		}
	case *ast.SelectorExpr:
		if s := info.Selections[x]; s != nil {
			f.fieldSet[f.prog.key(s.Obj())] = true
			f.mutates(s.Recv())
			// Assigning a part changes the structs around it too.
			f.markInner(x.X, info)
		} else if o := info.Uses[x.Sel]; o != nil {
			f.assigned[f.prog.key(o)]++
			f.outsideSet[f.prog.key(o)] = true
		}
	case *ast.IndexExpr:
		f.markInner(x.X, info)
	case *ast.StarExpr:
		f.mutates(info.TypeOf(x))
	}
}

func (f *facts) markInner(e ast.Expr, info *types.Info) {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			if s := info.Selections[x]; s != nil {
				if _, ok := info.TypeOf(x).Underlying().(*types.Pointer); ok {
					return
				}
				f.mutates(s.Recv())
			}
			e = x.X
			continue
		case *ast.IndexExpr:
			e = x.X
			continue
		}
		return
	}
}

func (f *facts) mutates(t types.Type) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	f.mutated[structKey(t)] = true
	if s, ok := t.Underlying().(*types.Struct); ok {
		for i := 0; i < s.NumFields(); i++ {
			if s.Field(i).Embedded() {
				e := s.Field(i).Type()
				if _, ok := e.Underlying().(*types.Struct); ok {
					f.mutated[structKey(e)] = true
				}
			}
		}
	}
}

func structKey(t types.Type) string {
	t = types.Unalias(t)
	if n, ok := t.(*types.Named); ok {
		return typeKey(n.Origin())
	}
	return typeKey(t)
}

// zeroOf records that a zero value of a type is made, including all structs inside it.
func (f *facts) zeroOf(t types.Type) {
	t = types.Unalias(t)
	var k node
	if n, ok := t.(*types.Named); ok {
		k = f.prog.key(n.Obj())
	} else {
		k = typeKey(t)
	}
	if f.zeroMade[k] {
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		f.zeroMade[k] = true
		for i := 0; i < u.NumFields(); i++ {
			f.zeroOf(u.Field(i).Type())
			if isNilable(u.Field(i).Type()) {
				f.nils[f.prog.key(u.Field(i))] = true
			}
		}
	case *types.Array:
		f.zeroOf(u.Elem())
		if isNilable(u.Elem()) {
			f.nils[elemNode(u)] = true
		}
	}
}

func (f *facts) scan(b *body, root ast.Node) {
	info := b.unit.info
	called := map[ast.Expr]bool{}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			sub := &body{id: n.Pos(), unit: b.unit, node: n, block: n.Body, sig: info.TypeOf(n).(*types.Signature), outer: b}
			f.bodies = append(f.bodies, sub)
			f.signature(sub.sig)
			f.ownResults(sub)
			for i := 0; i < sub.sig.Params().Len(); i++ {
				f.owner[f.prog.key(sub.sig.Params().At(i))] = n
			}
			if !called[n] {
				f.asValue(info, n)
			}
			f.scan(sub, n.Body)
			return false
		case *ast.Ident:
			if o := info.Defs[n]; o != nil {
				if v, ok := o.(*types.Var); ok && !v.IsField() {
					if f.owner[f.prog.key(o)] == nil {
						f.owner[f.prog.key(o)] = b.node
					}
				}
			}
			if o := info.Uses[n]; o != nil {
				k := f.prog.key(o)
				f.uses[k] = append(f.uses[k], n.Pos())
				if own := f.owner[k]; own != nil && own != b.node {
					f.captured[k] = true
				}
				if _, ok := o.(*types.Func); ok && !called[n] {
					f.asValue(info, n)
				}
			}
		case *ast.SelectorExpr:
			if called[n] {
				called[n.Sel] = true
			} else if _, ok := info.Uses[n.Sel].(*types.Func); ok {
				f.asValue(info, n)
				called[n.Sel] = true
			}
		case *ast.CallExpr:
			called[ast.Unparen(n.Fun)] = true
			if ix, ok := ast.Unparen(n.Fun).(*ast.IndexExpr); ok {
				called[ast.Unparen(ix.X)] = true
			}
			f.call(b, n)
		case *ast.AssignStmt:
			f.assign(b, n)
		case *ast.IndexExpr:
			if m := info.TypeOf(n.X); m != nil && isMap(m) {
				f.intoInterface(info, n.Index, m.Underlying().(*types.Map).Key())
			}
		case *ast.IncDecStmt:
			f.mark(b, n.X, info)
		case *ast.RangeStmt:
			f.rangeFlow(b, n)
		case *ast.SendStmt:
			f.flowTo(info, n.Value, elemNode(info.TypeOf(n.Chan)), elemOf(info.TypeOf(n.Chan)))
		case *ast.ValueSpec:
			for i, id := range n.Names {
				o := info.Defs[id]
				if o == nil {
					continue
				}
				if len(n.Values) == len(n.Names) {
					f.intoInterface(info, n.Values[i], o.Type())
				}
				switch {
				case len(n.Values) == 0:
					if isTypeParam(o.Type()) {
						if f.zeroDecl == nil {
							f.zeroDecl = map[node]bool{}
						}
						f.zeroDecl[f.prog.key(o)] = true
					}
					f.zeroOf(o.Type())
					if isNilable(o.Type()) {
						if _, ok := o.(*types.Var); ok {
							f.nils[f.prog.key(o)] = true
						}
					}
				case len(n.Values) == len(n.Names):
					f.flowTo(info, n.Values[i], f.prog.key(o), o.Type())
				default:
					f.tupleFlow(info, n.Values[0], i, f.prog.key(o))
				}
			}
		case *ast.ReturnStmt:
			f.returns(b, n)
		case *ast.CompositeLit:
			f.composite(info, n)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				switch x := ast.Unparen(n.X).(type) {
				case *ast.Ident:
					f.addressed[f.prog.key(info.Uses[x])] = true
				case *ast.SelectorExpr:
					f.markInner(x, info)
					if s := info.Selections[x]; s != nil {
						if _, ok := info.TypeOf(x).Underlying().(*types.Struct); !ok {
							f.mutates(s.Recv())
						}
					}
				}
			}
		case *ast.BinaryExpr:
			if n.Op == token.EQL || n.Op == token.NEQ {
				f.compares(info, n.X)
				f.compares(info, n.Y)
				x, y := n.X, n.Y
				if info.Types[x].IsNil() {
					x, y = y, x
				}
				if info.Types[y].IsNil() {
					from, _ := f.places(info, x)
					for _, k := range from {
						f.comparedNil[k] = true
					}
				}
			}
		case *ast.SwitchStmt:
			if n.Tag != nil {
				f.compares(info, n.Tag)
			}
		case *ast.TypeAssertExpr:
			if n.Type != nil {
				f.asserted[typeKey(info.TypeOf(n.Type))] = true
				f.intsAsked = f.intsAsked || isInteger(info.TypeOf(n.Type))
			}
		case *ast.TypeSwitchStmt:
			for _, c := range n.Body.List {
				for _, e := range c.(*ast.CaseClause).List {
					if t := info.TypeOf(e); t != nil {
						f.asserted[typeKey(t)] = true
						f.intsAsked = f.intsAsked || isInteger(t) && !isDuration(t)
					}
				}
			}
		}
		return true
	})
}

func (f *facts) compares(info *types.Info, e ast.Expr) {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if o := info.Uses[id]; o != nil {
			f.compared[f.prog.key(o)] = true
		}
	}
}

func (f *facts) assign(b *body, n *ast.AssignStmt) {
	info := b.unit.info
	for i, l := range n.Lhs {
		id, _ := ast.Unparen(l).(*ast.Ident)
		if n.Tok == token.DEFINE {
			if id != nil && info.Defs[id] == nil && id.Name != "_" {
				f.redefined[f.prog.key(info.Uses[id])]++
			}
		} else if id == nil || id.Name != "_" {
			f.mark(b, l, info)
		}
		if id != nil && id.Name == "_" {
			continue
		}
		to, _ := f.places(info, l)
		for _, k := range to {
			if len(n.Rhs) == len(n.Lhs) {
				f.flowTo(info, n.Rhs[i], k, info.TypeOf(l))
			} else {
				f.tupleFlow(info, n.Rhs[0], i, k)
			}
		}
	}
}

// tupleFlow records that the i-th value of an expression with several values goes to a place.
func (f *facts) tupleFlow(info *types.Info, e ast.Expr, i int, to node) {
	f.reached[to] = true
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		for _, k := range f.resultPlaces(info, x, i) {
			f.edge(k, to)
			f.nilEdge(k, to)
		}
		if fn, _, _ := callee(info, x); fn != nil && !f.prog.isLocal(fn.Pkg()) {
			sig := fn.Type().(*types.Signature)
			if i < sig.Results().Len() && isError(sig.Results().At(i).Type()) {
				f.nils[to] = true
			}
		}
	case *ast.IndexExpr, *ast.UnaryExpr, *ast.TypeAssertExpr:
		if i == 0 {
			from, _ := f.places(info, x)
			for _, k := range from {
				f.edge(k, to)
				f.nilEdge(k, to)
			}
			if isNilable(tupleAt(info, e, 0)) {
				f.nils[to] = true // the missing element
			}
		}
	}
}

func tupleAt(info *types.Info, e ast.Expr, i int) types.Type {
	t := info.TypeOf(e)
	if tu, ok := t.(*types.Tuple); ok && i < tu.Len() {
		return tu.At(i).Type()
	}
	return t
}

func (f *facts) rangeFlow(b *body, n *ast.RangeStmt) {
	info := b.unit.info
	if n.Tok == token.ASSIGN {
		for _, e := range []ast.Expr{n.Key, n.Value} {
			if e != nil {
				f.mark(b, e, info)
			}
		}
	}
	t := info.TypeOf(n.X)
	var elem ast.Expr = n.Value
	if _, ok := t.Underlying().(*types.Chan); ok {
		elem = n.Key
	}
	if elem != nil {
		if from, _ := f.places(info, elem); len(from) > 0 {
			f.edge(elemNode(t), from[0])
			f.nilEdge(elemNode(t), from[0])
			f.reached[from[0]] = true
		}
	}
}

func (f *facts) returns(b *body, n *ast.ReturnStmt) {
	if b.sig == nil {
		return
	}
	info := b.unit.info
	lit, _ := b.node.(*ast.FuncLit)
	place := func(i int) node {
		if lit != nil {
			return litResult(lit, i)
		}
		return f.prog.key(b.sig.Results().At(i))
	}
	for i := 0; i < b.sig.Results().Len(); i++ {
		switch {
		case len(n.Results) == b.sig.Results().Len():
			if last := len(n.Results) - 1; f.prog.opts.throw && i < last && info.Types[n.Results[i]].IsNil() && !info.Types[n.Results[last]].IsNil() && errorLast(b.sig) {
				// The caller of a function that throws never sees it.
				f.reached[place(i)] = true
				f.errorReturns = append(f.errorReturns, errorReturn{b, place(i)})
				if v := b.sig.Results().At(i); lit != nil && v.Name() != "" && v.Name() != "_" {
					f.errorReturns = append(f.errorReturns, errorReturn{b, f.prog.key(v)})
				}
				continue
			}
			f.flowTo(info, n.Results[i], place(i), b.sig.Results().At(i).Type())
			if v := b.sig.Results().At(i); lit != nil && v.Name() != "" && v.Name() != "_" {
				f.flow(info, n.Results[i], f.prog.key(v))
			}
		case len(n.Results) == 1:
			f.tupleFlow(info, n.Results[0], i, place(i))
		default:
			v := b.sig.Results().At(i)
			if lit != nil {
				f.edge(f.prog.key(v), litResult(lit, i))
				f.nilEdge(f.prog.key(v), litResult(lit, i))
			}
			if isNilable(v.Type()) {
				f.nils[f.prog.key(v)] = true
			}
		}
	}
	if len(n.Results) == 0 {
		for i := 0; i < b.sig.Results().Len(); i++ {
			if v := b.sig.Results().At(i); isNilable(v.Type()) {
				f.nils[place(i)] = true
			}
		}
	}
}

func (f *facts) composite(info *types.Info, n *ast.CompositeLit) {
	t := info.TypeOf(n)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		var k node = typeKey(types.Unalias(t))
		if nm, ok := types.Unalias(t).(*types.Named); ok {
			k = f.prog.key(nm.Obj())
			u = nm.Origin().Underlying().(*types.Struct)
		}
		f.literals[k]++
		set := map[int]bool{}
		for i, el := range n.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				name := kv.Key.(*ast.Ident).Name
				for j := 0; j < u.NumFields(); j++ {
					if u.Field(j).Name() == name {
						set[j] = true
						f.flowTo(info, kv.Value, f.prog.key(u.Field(j)), u.Field(j).Type())
					}
				}
			} else if i < u.NumFields() {
				set[i] = true
				f.flowTo(info, el, f.prog.key(u.Field(i)), u.Field(i).Type())
			}
		}
		for j := 0; j < u.NumFields(); j++ {
			if !set[j] {
				f.zeroOf(u.Field(j).Type())
				f.leftOut[f.prog.key(u.Field(j))] = true
				if isNilable(u.Field(j).Type()) {
					f.nils[f.prog.key(u.Field(j))] = true
				}
			}
		}
	case *types.Slice, *types.Array, *types.Map:
		for _, el := range n.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				f.flow(info, kv.Value, elemNode(t))
				f.intoInterface(info, kv.Value, elemOf(t))
				if m, ok := u.(*types.Map); ok {
					f.intoInterface(info, kv.Key, m.Key())
					f.flow(info, kv.Key, "key:"+typeKey(m.Key()))
				}
			} else {
				f.flow(info, el, elemNode(t))
				f.intoInterface(info, el, elemOf(t))
			}
		}
	}
}

// call records where arguments go, and that the caller waits if the callee does.
func (f *facts) call(b *body, c *ast.CallExpr) {
	info := b.unit.info
	fn, isType, isBuiltin := callee(info, c)
	if isType {
		if len(c.Args) == 1 {
			f.intoInterface(info, c.Args[0], info.TypeOf(c))
			f.asValue(info, c.Args[0])
			if n := namedFuncType(info.TypeOf(c)); n != nil {
				f.flow(info, c.Args[0], namedFunc(n))
			}
		}
		return
	}
	if isBuiltin {
		name := ""
		if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok {
			name = id.Name
		}
		switch name {
		case "append":
			to := elemNode(info.TypeOf(c))
			for i, a := range c.Args[1:] {
				if c.Ellipsis.IsValid() && i == len(c.Args)-2 {
					f.nilEdge(elemNode(info.TypeOf(a)), to)
					f.edge(elemNode(info.TypeOf(a)), to)
					continue
				}
				f.flow(info, a, to)
				f.intoInterface(info, a, elemOf(info.TypeOf(c)))
			}
		case "new":
			f.zeroOf(info.TypeOf(c.Args[0]))
			if t := info.TypeOf(c.Args[0]); isNilable(t) {
				f.nils[node("ref:"+typeKey(t))] = true
			}
		case "make":
			if s, ok := info.TypeOf(c).Underlying().(*types.Slice); ok {
				zero := false
				if len(c.Args) > 1 {
					if v := info.Types[c.Args[1]].Value; v != nil && v.ExactString() == "0" {
						zero = true
					}
				}
				if !zero {
					f.zeroOf(s.Elem())
					if isNilable(s.Elem()) {
						f.nils[elemNode(s)] = true
					}
				}
			}
		case "close":
			if ch, ok := info.TypeOf(c.Args[0]).Underlying().(*types.Chan); ok {
				f.closed[typeKey(ch.Elem())] = true
			}
		}
		return
	}
	f.describe(info, c)
	if fn != nil {
		if fn.FullName() == "(*golang.org/x/sync/errgroup.Group).SetLimit" {
			f.setLimit = true
		}
		sig := fn.Type().(*types.Signature)
		if sig.Recv() != nil {
			if _, ok := sig.Recv().Type().(*types.Pointer); ok {
				// A method with a pointer receiver may change the variable that it is called on.
				if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
					if id, ok := ast.Unparen(sel.X).(*ast.Ident); ok {
						if o, ok := info.Uses[id].(*types.Var); ok {
							if _, isPtr := o.Type().Underlying().(*types.Pointer); !isPtr {
								f.addressed[f.prog.key(o)] = true
							}
						}
					}
				}
			}
		}
		if !f.prog.isLocal(fn.Pkg()) {
			for _, a := range c.Args {
				f.asValue(info, a)
			}
			return
		}
		f.argFlow(info, c, sig, func(i int) node { return f.prog.key(sig.Params().At(i)) })
		return
	}
	if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		sig := info.TypeOf(l).(*types.Signature)
		f.argFlow(info, c, sig, func(i int) node { return f.prog.key(sig.Params().At(i)) })
		return
	}
	if sig, ok := info.TypeOf(c.Fun).Underlying().(*types.Signature); ok {
		name := sigName(sig)
		f.argFlow(info, c, sig, func(i int) node { return paramNode(name, i) })
	}
}

// describe records the structs that a call prints with %+v or %#v.
func (f *facts) describe(info *types.Info, c *ast.CallExpr) {
	sig, _ := info.TypeOf(c.Fun).Underlying().(*types.Signature)
	for i, a := range c.Args {
		if sig == nil {
			break
		}
		j := min(i, sig.Params().Len()-1)
		if j < 0 {
			break
		}
		to := sig.Params().At(j).Type()
		if sig.Variadic() && j == sig.Params().Len()-1 {
			to = elemOf(to)
		}
		if isIface(to) && isAny(to) {
			f.show(info.TypeOf(a))
		}
	}
	for i, a := range c.Args {
		v := info.Types[a].Value
		if v == nil || v.Kind() != constant.String {
			continue
		}
		if s := constant.StringVal(v); strings.Contains(s, "%+v") || strings.Contains(s, "%#v") {
			for _, arg := range c.Args[i+1:] {
				f.describeType(info.TypeOf(arg))
			}
		}
		return
	}
}

// show records the structs that are printed with a value of a type.
func (f *facts) show(t types.Type) {
	if t == nil {
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Tuple:
		for i := 0; i < u.Len(); i++ {
			f.show(u.At(i).Type())
		}
	case *types.Pointer:
		f.show(u.Elem())
	case *types.Slice:
		f.show(u.Elem())
	case *types.Array:
		f.show(u.Elem())
	case *types.Map:
		f.show(u.Key())
		f.show(u.Elem())
	case *types.Struct:
		k := structKey(t)
		if f.shown[k] {
			return
		}
		if f.shown == nil {
			f.shown = map[string]bool{}
		}
		f.shown[k] = true
		for i := 0; i < u.NumFields(); i++ {
			f.show(u.Field(i).Type())
		}
	}
}

func (f *facts) describeType(t types.Type) {
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		f.describeType(u.Elem())
	case *types.Slice:
		f.describeType(u.Elem())
	case *types.Array:
		f.describeType(u.Elem())
	case *types.Map:
		f.describeType(u.Key())
		f.describeType(u.Elem())
	case *types.Struct:
		k := structKey(t)
		if f.described[k] {
			return
		}
		if f.described == nil {
			f.described = map[string]bool{}
		}
		f.described[k] = true
		for i := 0; i < u.NumFields(); i++ {
			f.describeType(u.Field(i).Type())
		}
	}
}

func namedFunc(n *types.Named) node { return "type:" + typeKey(n.Origin()) }

func (f *facts) argFlow(info *types.Info, c *ast.CallExpr, sig *types.Signature, param func(i int) node) {
	n := sig.Params().Len()
	if len(c.Args) == 1 && n > 1 {
		for i := 0; i < n; i++ {
			f.tupleFlow(info, c.Args[0], i, param(i))
		}
		return
	}
	for i, a := range c.Args {
		j := i
		if sig.Variadic() && i >= n-1 {
			j = n - 1
			if c.Ellipsis.IsValid() {
				f.flow(info, a, param(j))
				continue
			}
			f.flow(info, a, elemNode(sig.Params().At(j).Type()))
			f.intoInterface(info, a, elemOf(sig.Params().At(j).Type()))
			f.flow(info, a, param(j))
			continue
		}
		if j < n {
			f.flowTo(info, a, param(j), sig.Params().At(j).Type())
			if hasTypeParam(sig.Params().At(j).Type()) {
				if t := info.TypeOf(a); t != nil && isNilable(t) {
					f.flow(info, a, node("inst:"+typeKey(t)))
				}
			}
		}
	}
}

// linkInterfaces links the methods of interfaces to the methods that implement them.
func (f *facts) linkInterfaces() {
	var ifaces []*types.Named
	for _, n := range f.named {
		if types.IsInterface(n) {
			ifaces = append(ifaces, n)
		}
	}
	for _, n := range f.named {
		if types.IsInterface(n) {
			continue
		}
		for _, it := range ifaces {
			i := it.Underlying().(*types.Interface)
			if i.NumMethods() == 0 || !f.implements(n, i) {
				continue
			}
			for m := 0; m < i.NumMethods(); m++ {
				im := i.Method(m)
				o, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, im.Pkg(), im.Name())
				cm, ok := o.(*types.Func)
				if !ok {
					continue
				}
				f.edge(f.prog.key(cm), f.prog.key(im))
				f.stdMethods(types.NewPointer(n), it)
				is, cs := im.Type().(*types.Signature), cm.Origin().Type().(*types.Signature)
				for k := 0; k < is.Params().Len(); k++ {
					f.edge(f.prog.key(is.Params().At(k)), f.prog.key(cs.Params().At(k)))
					f.nilEdge(f.prog.key(is.Params().At(k)), f.prog.key(cs.Params().At(k)))
					f.nilEdge(f.prog.key(cs.Params().At(k)), f.prog.key(is.Params().At(k)))
				}
				for k := 0; k < is.Results().Len(); k++ {
					f.edge(f.prog.key(cs.Results().At(k)), f.prog.key(is.Results().At(k)))
					f.nilEdge(f.prog.key(cs.Results().At(k)), f.prog.key(is.Results().At(k)))
				}
			}
		}
	}
}

// implements compares signatures by their text: a package and its test variant have distinct types.
func (f *facts) implements(n *types.Named, i *types.Interface) bool {
	for m := 0; m < i.NumMethods(); m++ {
		im := i.Method(m)
		o, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, im.Pkg(), im.Name())
		cm, ok := o.(*types.Func)
		if !ok {
			return false
		}
		a, b := im.Type().(*types.Signature), cm.Type().(*types.Signature)
		if a.Params().Len() != b.Params().Len() || a.Results().Len() != b.Results().Len() {
			return false
		}
		if !hasTypeParam(a) && !hasTypeParam(b) && sigName(a) != sigName(b) {
			return false
		}
	}
	return true
}

// fieldNils finds the fields that are nil at first: those of structs whose zero value is made, or that no literal
// makes.
func (f *facts) fieldNils() {
	for _, n := range f.named {
		s, ok := n.Underlying().(*types.Struct)
		if !ok {
			continue
		}
		k := f.prog.key(n.Obj())
		for i := 0; i < s.NumFields(); i++ {
			fk := f.prog.key(s.Field(i))
			if isNilable(s.Field(i).Type()) && (f.zeroMade[k] || f.literals[k] == 0) {
				f.nils[fk] = true
			}
		}
	}
}

func (f *facts) spreadNil() {
	for k := range f.comparedNil {
		f.nils[k] = true
	}
	var work []node
	for k := range f.nils {
		work = append(work, k)
	}
	for len(work) > 0 {
		k := work[len(work)-1]
		work = work[:len(work)-1]
		for _, to := range f.nilEdges[k] {
			if !f.nils[to] {
				f.nils[to] = true
				work = append(work, to)
			}
		}
	}
}

// pathOf returns the path of the package of a function; "" for the method of error, which has none.
func pathOf(fn *types.Func) string {
	if fn.Pkg() == nil {
		return ""
	}
	return fn.Pkg().Path()
}
