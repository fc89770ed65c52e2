package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// call translates a call, awaited if it waits.
func (t *tr) call(c *ast.CallExpr) X {
	if t.throwsHere(c) {
		return t.valueCall(c)
	}
	x := t.rawCall(c)
	if t.asyncCall(c) {
		return t.zeroed(c, X{s: "await " + x.at(pPrimary), p: pUnary, undef: x.undef})
	}
	return t.zeroed(c, x)
}

// rawCall translates a call without its await. Its error, if it has one, is dropped.
func (t *tr) rawCall(c *ast.CallExpr) X {
	if t.throwsHere(c) {
		return X{s: strings.TrimPrefix(t.resultCall(c), "await "), p: pPrimary}
	}
	return t.directCall(c)
}

// directCall translates a call without its await, to one that throws if the function does.
func (t *tr) directCall(c *ast.CallExpr) X {
	fn, isType, isBuiltin := callee(t.info, c)
	if isBuiltin {
		return t.builtin(c)
	}
	if isType {
		return t.conversion(c)
	}
	if fn == nil {
		if y, ok := t.yielded(c); ok {
			return X{s: y, p: pAssign}
		}
		if x, ok := t.iterableCall(c); ok {
			return x
		}
		return t.dynamicCall(c)
	}
	if x, ok := t.generatorCall(c, fn); ok {
		return x
	}
	return t.localCall(c, fn)
}

// localCall translates a call of a declared function or method.
func (t *tr) localCall(c *ast.CallExpr, fn *types.Func) X {
	sig, _ := t.info.TypeOf(c.Fun).Underlying().(*types.Signature)
	if !t.prog.isLocal(fn.Pkg()) {
		if fn.Pkg() == nil || isError(recvOf(fn)) { // err.Error()
			sel := ast.Unparen(c.Fun).(*ast.SelectorExpr)
			if methodExpr(t.info, sel) { // error.Error(err)
				return prim("%s.message", t.expr(c.Args[0]).sure().at(pPrimary))
			}
			return prim("%s.message", t.recv(sel).sure().at(pPrimary))
		}
		printing := t.printing
		t.printing = pathOf(fn) == "fmt" || pathOf(fn) == "log"
		x := t.stdCall(c, fn, sig)
		t.printing = printing
		return x
	}
	printing := t.printing
	t.printing = false
	defer func() { t.printing = printing }()
	own := fn.Type().(*types.Signature)
	var args []string
	if sig.Params().Len() == own.Params().Len() { // not for method expressions
		args = t.args(c, sig, func(i int) node { return t.prog.key(own.Params().At(i)) })
	}
	undef := false
	if own.Results().Len() == 1 && isNilable(own.Results().At(0).Type()) {
		undef = t.prog.facts.nils[t.prog.key(own.Results().At(0))]
	}
	if own.Recv() == nil {
		name := t.object(fn, false)
		name += t.explicitTypeArgs(c)
		t.markBoxedArgs(c, own)
		if t.recoversParam(fn) {
			args = append(args, t.recoverArg())
		}
		return X{s: name + t.callList(c, args), p: pPrimary, undef: undef}
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return t.unported(c, "call", "method call", "write it by hand")
	}
	s := t.info.Selections[sel]
	if s == nil {
		return t.unported(c, "call", "method call", "write it by hand")
	}
	if s.Kind() == types.MethodExpr {
		x := t.expr(c.Args[0])
		rest := args
		// The first argument is the receiver.
		rest = t.argsFrom(c, sig, 1)
		if t.boxedRecv(fn) {
			return prim("%s(%s)", t.methodFunc(fn), strings.Join(append([]string{x.s}, rest...), ", "))
		}
		return X{s: x.sure().at(pPrimary) + "." + t.prog.names.member(fn) + "(" + strings.Join(rest, ", ") + ")", p: pPrimary, undef: undef}
	}
	x := t.recv(sel)
	if t.boxedRecv(fn) {
		x = t.pointerRecv(fn, sel, x)
		return X{s: t.methodFunc(fn) + t.callList(c, append([]string{x.s}, args...)), p: pPrimary, undef: undef}
	}
	name := t.prog.names.member(fn)
	base := x.sure().at(pPrimary)
	if name == "message" || name == "cause" || name == "errors" {
		if len(args) == 0 {
			return X{s: base + "." + name, p: pPrimary, undef: undef && name == "cause"}
		}
	}
	if t.recoversParam(fn) {
		args = append(args, t.recoverArg())
	}
	return X{s: base + "." + name + t.callList(c, args), p: pPrimary, undef: undef}
}

// pointerRecv passes the Ref of a variable to a method with a pointer receiver.
func (t *tr) pointerRecv(fn *types.Func, sel *ast.SelectorExpr, x X) X {
	r := recvOf(fn)
	if _, isRef := refElem(r); !isRef || !isPointer2(r) {
		return x
	}
	if isPointer2(t.info.TypeOf(sel.X)) {
		return X{s: strings.TrimSuffix(x.s, ".value"), p: pPrimary}
	}
	return t.address(&ast.UnaryExpr{Op: token.AND, X: sel.X, OpPos: sel.Pos()})
}

func (t *tr) argsFrom(c *ast.CallExpr, sig *types.Signature, n int) []string {
	var b []string
	for i, a := range c.Args {
		if i < n {
			continue
		}
		ty := sig.Params().At(min(i, sig.Params().Len()-1)).Type()
		b = append(b, t.value(a, ty, nil).at(pAssign))
	}
	return b
}

func recvOf(fn *types.Func) types.Type {
	if r := fn.Type().(*types.Signature).Recv(); r != nil {
		return r.Type()
	}
	return nil
}

// explicitTypeArgs keeps type arguments that Go was given and that TypeScript cannot infer from the arguments.
func (t *tr) explicitTypeArgs(c *ast.CallExpr) string {
	var id *ast.Ident
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.IndexExpr:
		id = identOf(f.X)
	case *ast.IndexListExpr:
		id = identOf(f.X)
	default:
		return ""
	}
	if id == nil {
		return ""
	}
	inst, ok := t.info.Instances[id]
	if !ok {
		return ""
	}
	return t.targs(inst.TypeArgs)
}

// withoutTypeArgs returns the generic function of an instantiation, and other expressions as they are.
func withoutTypeArgs(e ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return e.X
	case *ast.IndexListExpr:
		return e.X
	}
	return ast.Unparen(e)
}

// markBoxedArgs marks type arguments whose methods are functions here: generic code calls them as methods of a value.
func (t *tr) markBoxedArgs(c *ast.CallExpr, generic *types.Signature) {
	id := identOf(withoutTypeArgs(c.Fun))
	if id == nil {
		return
	}
	args := t.info.Instances[id].TypeArgs
	for i := 0; args != nil && i < args.Len(); i++ {
		arg := args.At(i)
		if p, ok := types.Unalias(arg).(*types.Pointer); ok {
			arg = p.Elem()
		}
		constraint, ok := generic.TypeParams().At(i).Constraint().Underlying().(*types.Interface)
		if !ok || !boxed(arg) || !t.prog.isLocal(namedOf(arg).Obj().Pkg()) || constraint.NumMethods() == 0 {
			continue
		}
		what := id.Name + " calls methods of a " + t.typeName(namedOf(arg).Obj()) + ", which is a plain value here"
		t.mark(c.Pos(), "generics", what, "make it a class, or hand over the functions")
	}
}

func identOf(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	}
	return nil
}

// recv translates the receiver of a method call, including the path through embedded fields.
func (t *tr) recv(sel *ast.SelectorExpr) X {
	x := t.expr(sel.X)
	s := t.info.Selections[sel]
	if s == nil {
		return x
	}
	recv := s.Recv()
	if _, ok := refElem(recv); ok && !isIface(recv) {
		if _, isPtr := recv.Underlying().(*types.Pointer); isPtr {
			x = X{s: x.sure().at(pPrimary) + ".value", p: pPrimary}
		}
	}
	return t.through(x, recv, s.Index()[:len(s.Index())-1])
}

// through translates a path of fields.
func (t *tr) through(x X, recv types.Type, idx []int) X {
	for _, i := range idx {
		if p, ok := recv.Underlying().(*types.Pointer); ok {
			recv = p.Elem()
		}
		st, ok := recv.Underlying().(*types.Struct)
		if !ok {
			return x
		}
		f := st.Field(i)
		if f.Pkg() == nil || t.prog.isLocal(f.Pkg()) {
			s := x.sure().at(pPrimary) + "." + t.prog.names.member(f)
			x = X{s: s, p: pPrimary, undef: isNilable(f.Type()) && t.prog.facts.nils[t.prog.key(f)] && !t.narrowed(s)}
		}
		recv = f.Type()
	}
	return x
}

// boxedRecv reports whether a method becomes a function because the type of its receiver is not a class.
func (t *tr) boxedRecv(fn *types.Func) bool {
	r := recvOf(fn)
	if r == nil || types.IsInterface(r) {
		return false
	}
	n := namedOf(r)
	return n != nil && boxed(n) || t.nilSafe(fn)
}

// nilSafe reports whether a method compares its receiver with nil. It becomes a function, which can be called with
// undefined.
func (t *tr) nilSafe(fn *types.Func) bool {
	fn = fn.Origin()
	r := fn.Type().(*types.Signature).Recv()
	if r == nil || !isPointer2(r.Type()) || !t.prog.isLocal(fn.Pkg()) {
		return false
	}
	return t.prog.facts.comparedNil[t.prog.key(r)]
}

// methodFunc returns the name of the function that a method becomes.
func (t *tr) methodFunc(fn *types.Func) string {
	return t.qualified(fn.Origin(), methodFuncName(fn))
}

func methodFuncName(fn *types.Func) string {
	n := namedOf(recvOf(fn)).Origin()
	name := lower(n.Obj().Name()) + upper(fn.Name())
	if !fn.Exported() {
		for i := 0; i < n.NumMethods(); i++ {
			if n.Method(i).Name() == upper(fn.Name()) {
				return name + "_"
			}
		}
	}
	return name
}

// coreSignature returns the signature of a function type, or of a type parameter that is constrained to one.
func coreSignature(ty types.Type) *types.Signature {
	if sig, ok := ty.Underlying().(*types.Signature); ok {
		return sig
	}
	if it, ok := ty.Underlying().(*types.Interface); ok && it.NumEmbeddeds() == 1 {
		e := it.EmbeddedType(0)
		if u, ok := e.(*types.Union); ok && u.Len() == 1 {
			e = u.Term(0).Type()
		}
		sig, _ := e.Underlying().(*types.Signature)
		return sig
	}
	return nil
}

func (t *tr) dynamicCall(c *ast.CallExpr) X {
	sig := coreSignature(t.info.TypeOf(c.Fun))
	if sig == nil {
		return t.unported(c, "call", "a call of "+t.goType(t.info.TypeOf(c.Fun)), "write it by hand")
	}
	name := sigName(sig)
	if l, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		own := t.info.TypeOf(l).(*types.Signature)
		args := t.args(c, sig, func(i int) node { return t.prog.key(own.Params().At(i)) })
		return X{s: "(" + t.expr(c.Fun).s + ")" + t.callList(c, args), p: pPrimary,
			undef: sig.Results().Len() == 1 && isNilable(sig.Results().At(0).Type()) && t.prog.facts.nils[litResult(l, 0)]}
	}
	args := t.args(c, sig, func(i int) node { return paramNode(name, i) })
	f := t.expr(c.Fun).sure()
	undef := sig.Results().Len() == 1 && isNilable(sig.Results().At(0).Type()) && t.prog.facts.nils[resultNode(name, 0)]
	return X{s: f.at(pPrimary) + t.callList(c, args), p: pPrimary, undef: undef}
}

// selector translates x.y.
func (t *tr) selector(e *ast.SelectorExpr) X {
	if id, ok := e.X.(*ast.Ident); ok {
		if pn, ok := t.info.Uses[id].(*types.PkgName); ok {
			return t.pkgMember(pn.Imported(), t.info.Uses[e.Sel], e)
		}
	}
	if t.prog.opened[e] {
		return prim("%s.map", t.expr(e.X).sure().at(pPrimary))
	}
	s := t.info.Selections[e]
	if s == nil {
		return prim("%s", t.object(t.info.Uses[e.Sel], false))
	}
	switch s.Kind() {
	case types.FieldVal:
		x := t.recv(e)
		f := s.Obj().(*types.Var)
		if f.Pkg() != nil && !t.prog.isLocal(f.Pkg()) {
			return t.stdField(e, x, f, s)
		}
		text := x.sure().at(pPrimary) + "." + t.prog.names.member(f)
		k := t.prog.key(f)
		return X{s: text, p: pPrimary, undef: isNilable(f.Type()) && t.prog.facts.nils[k] && !t.narrowed(text)}
	case types.MethodVal:
		return t.methodValue(e, s)
	}
	// A method expression: T.m
	fn := s.Obj().(*types.Func).Origin()
	if t.boxedRecv(fn) {
		return prim("%s", t.methodFunc(fn))
	}
	return t.methodArrow("", fn, s)
}

// methodValue translates a method that is used as a function: it stays bound to its receiver.
func (t *tr) methodValue(e *ast.SelectorExpr, s *types.Selection) X {
	fn := s.Obj().(*types.Func).Origin()
	x := t.recv(e)
	sig := fn.Type().(*types.Signature)
	if !t.prog.isLocal(fn.Pkg()) {
		if m := mutexMethod(fn); m != "" && t.prog.facts.gone(mutexOfSel(t.info, e)) {
			return prim("() => {}")
		}
		if y, ok := t.stdMethodValue(e, fn, x); ok {
			return y
		}
	}
	if t.prog.generator(fn) != nil {
		if t.boxedRecv(fn) {
			return t.pushingValue("() => " + t.methodFunc(fn) + "(" + t.pointerRecv(fn, e, x).s + ")")
		}
		return t.pushingValue("() => " + x.sure().at(pPrimary) + "." + t.prog.names.member(fn) + "()")
	}
	simple := t.stable(e.X)
	if r := recvOf(fn); r != nil && !isPointer2(r) && isStruct(r) && t.needsCopy(r) {
		// The method is bound to a copy of the receiver, made at this point.
		b := x.sure()
		if !t.isFresh(e.X) {
			b = t.clone(b, r)
		}
		if hasCalls(e.X) {
			return prim("((it) => %s)(%s)", t.methodArrow("it", fn, s).at(pAssign), b.at(pAssign))
		}
		return prim("%s.%s.bind(%s)", x.sure().at(pPrimary), t.prog.names.member(fn), b.s)
	}
	if t.boxedRecv(fn) {
		recv := x.s
		if !simple {
			recv = "it"
		}
		bound := "() => " + t.methodFunc(fn) + "(" + recv + ")"
		if sig.Params().Len() > 0 {
			bound = "(...args: Parameters<typeof " + t.methodFunc(fn) + "> extends [unknown, ...infer R] ? R : never) => " + t.methodFunc(fn) + "(" + recv + ", ...args)"
		}
		if !simple {
			return prim("((it) => %s)(%s)", bound, x.sure().at(pAssign))
		}
		return X{s: bound, p: pAssign}
	}
	if !simple {
		b := x.sure()
		if hasCalls(e.X) {
			// The receiver is evaluated once, at this point.
			return prim("((it) => %s)(%s)", t.methodArrow("it", fn, s).at(pAssign), b.at(pAssign))
		}
		return prim("%s.%s.bind(%s)", b.at(pPrimary), t.prog.names.member(fn), b.at(pPrimary))
	}
	return t.methodArrow(x.sure().at(pPrimary), fn, s)
}

// methodArrow prints (a, b) => x.m(a, b); without x the receiver is the first parameter.
func (t *tr) methodArrow(x string, fn *types.Func, s *types.Selection) X {
	sig := s.Type().(*types.Signature)
	own := fn.Type().(*types.Signature)
	var params, args []string
	n := sig.Params().Len()
	off := 0
	if x == "" {
		off = 1
		x = "self"
		params = append(params, "self: "+t.typ(sig.Params().At(0).Type()))
	}
	for i := off; i < n; i++ {
		p := own.Params().At(i - off)
		name := lower(p.Name())
		if name == "" || name == "_" || reserved[name] {
			name = fmt.Sprintf("arg%d", i)
		}
		ty := t.funcPlace(sig.Params().At(i).Type(), t.prog.key(p))
		if sig.Variadic() && i == n-1 {
			params = append(params, "..."+name+": "+t.variadicType(sig.Params().At(i).Type()))
			args = append(args, "..."+name)
			continue
		}
		params = append(params, name+": "+ty)
		args = append(args, name)
	}
	name := t.prog.names.member(fn)
	call := x + "." + name + "(" + strings.Join(args, ", ") + ")"
	if name == "message" || name == "cause" {
		call = x + "." + name
	}
	return X{s: "(" + strings.Join(params, ", ") + ") => " + call, p: pAssign}
}

func mutexOfSel(info *types.Info, sel *ast.SelectorExpr) *types.Var {
	return mutexOf(info, &ast.CallExpr{Fun: sel})
}

// stable reports whether an expression has the same value whenever it is evaluated: constants, literals, variables that
// are never assigned, and structs held by value in these.
func (t *tr) stable(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		o := t.info.Uses[x]
		switch o := o.(type) {
		case *types.Var:
			k := t.prog.key(o)
			return t.prog.facts.assigned[k] == 0 && (t.prog.facts.redefined[k] == 0 || t.prog.ssa[k]) && !t.isRefVar(o)
		case *types.Const, *types.Func, *types.Nil, *types.PkgName, *types.TypeName:
			return true
		}
		return false
	case *ast.BasicLit, *ast.FuncLit:
		return true
	case *ast.SelectorExpr:
		if _, ok := t.info.Uses[x.Sel].(*types.Const); ok {
			return true
		}
		if s := t.info.Selections[x]; s != nil && s.Kind() == types.FieldVal {
			// A struct that is embedded or held by value is always the same object.
			if _, ok := s.Obj().Type().Underlying().(*types.Struct); ok {
				return t.stable(x.X)
			}
		}
		return false
	case *ast.UnaryExpr:
		return x.Op == token.AND && t.stable(x.X)
	}
	return t.info.Types[e].Value != nil
}

// ---- builtins

func (t *tr) builtin(c *ast.CallExpr) X {
	name := ""
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = "unsafe." + f.Sel.Name
	}
	switch name {
	case "make":
		return t.makeCall(c)
	case "new":
		ty := elemPointer(t.info.TypeOf(c))
		k := node("ref:" + typeKey(ty))
		first := prim("%s", t.zero(ty))
		if !t.info.Types[c.Args[0]].IsType() {
			first = t.value(c.Args[0], ty, k) // a variable that has this value first
		}
		if _, ok := refElem(types.NewPointer(ty)); ok {
			return prim("%s<%s>(%s)", t.lang("ref"), t.place(ty, k), first.s)
		}
		return first
	case "len":
		return t.length(c.Args[0])
	case "cap":
		x := t.expr(c.Args[0]).sure()
		if isChan(t.info.TypeOf(c.Args[0])) {
			return prim("%s.capacity", x.at(pPrimary))
		}
		if t.prog.mayBeView(t.info, c.Args[0]) {
			return prim("%s(%s)", t.lang("cap"), x.s)
		}
		if !isArray(t.info.TypeOf(c.Args[0])) {
			t.mark(c.Pos(), "capacity", "slices have no capacity here", "use the length, or keep the capacity in a variable")
		}
		return prim("%s.length", x.at(pPrimary))
	case "close":
		return prim("%s.close()", t.expr(c.Args[0]).sure().at(pPrimary))
	case "panic":
		a := ast.Unparen(c.Args[0])
		return prim("%s(%s)", t.lang("panic"), t.value(a, types.NewInterfaceType(nil, nil), nil).s)
	case "recover":
		if t.fn.recov == "" {
			return t.unported(c, "recover", "recover outside of a deferred function", "catch the error where it may be thrown")
		}
		return X{s: t.fn.recov + "()", p: pPrimary}
	case "append":
		return t.appendCall(c)
	case "copy":
		return t.copyCall(c)
	case "delete":
		m := t.info.TypeOf(c.Args[0]).Underlying().(*types.Map)
		return prim("%s.delete(%s)", t.mapToGet(c.Args[0]), t.key(c.Args[1], m.Key()))
	case "clear":
		x := t.expr(c.Args[0]).sure().at(pPrimary)
		if isMap(t.info.TypeOf(c.Args[0])) {
			return prim("%s.clear()", x)
		}
		return prim("%s.fill(%s)", x, t.zero(elemOf(t.info.TypeOf(c.Args[0]))))
	case "min", "max":
		var b []string
		for _, a := range c.Args {
			b = append(b, t.expr(a).s)
		}
		if isNumber(t.info.TypeOf(c)) {
			return prim("Math.%s(%s)", name, strings.Join(b, ", "))
		}
		return prim("%s(%s)", t.lang(name+map[string]string{"min": "imum", "max": "imum"}[name]), strings.Join(b, ", "))
	case "print", "println":
		var b []string
		for _, a := range c.Args {
			b = append(b, t.expr(a).s)
		}
		return prim("console.error(%s)", strings.Join(b, ", "))
	}
	return t.unported(c, name, "the built-in function "+name, "write it by hand")
}

func (t *tr) length(e ast.Expr) X {
	ty := t.info.TypeOf(e)
	x := t.expr(e).sure()
	switch {
	case isMap(ty):
		if s := t.inMap(e); s != "" {
			return X{s: s + "?.size ?? 0", p: pCoalesce}
		}
		return prim("%s.size", x.at(pPrimary))
	case isString(ty):
		if strings.HasPrefix(x.s, `"`) || t.asciiOnly(e) {
			return prim("%s.length", x.at(pPrimary))
		}
		return prim("%s(%s)", t.lang("len"), x.s)
	}
	return prim("%s.length", x.at(pPrimary))
}

func (t *tr) asciiOnly(e ast.Expr) bool {
	v := t.info.Types[e].Value
	if v == nil {
		return false
	}
	for _, r := range v.ExactString() {
		if r > 126 {
			return false
		}
	}
	return true
}

func (t *tr) makeCall(c *ast.CallExpr) X {
	ty := t.info.TypeOf(c)
	if isTypeParam(ty) {
		return t.unported(c, "make", "make of a type parameter", "hand over a function that makes it")
	}
	switch u := ty.Underlying().(type) {
	case *types.Chan:
		size := ""
		if len(c.Args) > 1 {
			if n, ok := constInt(t.info, c.Args[1]); !ok || n != 0 {
				size = t.expr(c.Args[1]).s
			}
		}
		return prim("%s<%s>(%s)", t.gocsp("chan"), t.chanElem(u), size)
	case *types.Map:
		if isStdMap(ty) {
			return prim("%s", t.zero(ty))
		}
		t.mapClass(u, false)
		return prim("new %s()", t.typ(u))
	case *types.Slice:
		n := t.expr(c.Args[1]).s
		if len(c.Args) == 3 && t.prog.hasRoom(c) {
			if isByte(u.Elem()) {
				return prim("%s(%s, %s)", t.lang("makeBytes"), n, t.expr(c.Args[2]).s)
			}
			t.prog.stats.views++
			return prim("%s(%s, 0, %s)", t.lang("view"), t.filled(t.expr(c.Args[2]).s, u.Elem(), elemNode(u)), n)
		}
		if isByte(u.Elem()) {
			if n == "0" {
				return prim("new Uint8Array()")
			}
			return prim("new Uint8Array(%s)", n)
		}
		if n == "0" {
			return prim("[]")
		}
		return prim("%s", t.filled(n, u.Elem(), elemNode(u)))
	}
	return t.unported(c, "make", "make", "write it by hand")
}

// appendCall translates append as a value: a new array.
func (t *tr) appendCall(c *ast.CallExpr) X {
	ty := t.info.TypeOf(c)
	el := elemOf(ty)
	x := t.expr(c.Args[0]).sure()
	if t.isNilExpr(c.Args[0]) {
		x = prim("%s", t.zero(ty))
	}
	if len(c.Args) == 1 {
		return x
	}
	if !t.isNilExpr(c.Args[0]) && (t.prog.isView(c.Args[0]) || t.prog.mayBeView(t.info, c.Args[0])) {
		last := c.Args[len(c.Args)-1]
		if c.Ellipsis.IsValid() {
			return prim("%s(%s, %s)", t.lang("appendAll"), x.s, t.copiedElems(last, t.expr(last).sure()).at(pAssign))
		}
		return prim("%s(%s, %s)", t.lang("append"), x.s, t.appendArgs(c))
	}
	if isBytes(ty) {
		var b []string
		for i, a := range c.Args[1:] {
			if c.Ellipsis.IsValid() && i == len(c.Args)-2 {
				y := t.expr(a)
				if isString(t.info.TypeOf(a)) {
					y = prim("%s(%s)", t.lang("toBytes"), y.s)
				}
				b = append(b, "..."+y.at(pUnary))
			} else {
				b = append(b, t.expr(a).at(pAssign))
			}
		}
		return prim("Uint8Array.of(...%s, %s)", x.at(pUnary), strings.Join(b, ", "))
	}
	var b []string
	if first := x.s; first != "[]" {
		b = append(b, "..."+x.at(pUnary))
	}
	for i, a := range c.Args[1:] {
		if c.Ellipsis.IsValid() && i == len(c.Args)-2 {
			b = append(b, "..."+t.copiedElems(a, t.expr(a).sure()).at(pUnary))
			continue
		}
		b = append(b, t.value(a, el, elemNode(ty)).at(pAssign))
	}
	return prim("[%s]", strings.Join(b, ", "))
}

func (t *tr) copyCall(c *ast.CallExpr) X {
	dst, src := ast.Unparen(c.Args[0]), c.Args[1]
	s := t.expr(src).sure()
	if isString(t.info.TypeOf(src)) {
		s = prim("%s(%s)", t.lang("toBytes"), s.s)
	}
	s = t.copiedElems(src, s)
	if sl, ok := dst.(*ast.SliceExpr); ok {
		// copy(x[i:j], y) writes into x.
		lo := "0"
		if sl.Low != nil {
			lo = t.expr(sl.Low).s
		}
		hi := ""
		if sl.High != nil {
			hi = ", " + t.expr(sl.High).s
		}
		return prim("%s(%s, %s, %s%s)", t.lang("copyInto"), t.expr(sl.X).sure().s, s.s, lo, hi)
	}
	return prim("%s(%s, %s)", t.lang("copy"), t.expr(dst).sure().s, s.s)
}

// ---- conversions

func (t *tr) conversion(c *ast.CallExpr) X {
	ty := t.info.TypeOf(c)
	a := c.Args[0]
	from := t.info.TypeOf(a)
	if t.isNilExpr(a) {
		return t.nilOf(ty)
	}
	x := t.expr(a)
	if m, ok := t.stdMap(x, from, ty); ok {
		return m
	}
	switch {
	case isIface(ty):
		return t.value(a, ty, nil)
	case isTypeParam(ty) || isTypeParam(from):
		if isString(ty) || isTypeParam(from) && isNumber(ty) {
			return X{s: x.at(pLess) + " as " + t.typ(ty), p: pCoalesce}
		}
		return X{s: x.at(pLess) + " as " + t.typ(ty), p: pCoalesce}
	case isString(ty):
		switch {
		case isString(from):
			return x
		case isBytes(from):
			return prim("%s(%s)", t.lang("fromBytes"), x.s)
		case isSlice(from):
			return prim("%s(%s)", t.lang("fromRunes"), x.s)
		case isInteger(from):
			return prim("%s(%s)", t.lang("fromRune"), x.s)
		}
	case isBytes(ty) && isString(from):
		return prim("%s(%s)", t.lang("toBytes"), x.s)
	case isSlice(ty) && isString(from):
		return prim("%s(%s)", t.lang("toRunes"), x.s)
	case isDuration(ty) && !isDuration(from):
		return t.toDuration(a, x, from)
	case isDuration(from) && !isDuration(ty) && isNumber(ty) && t.quotient(a):
		return t.wrapNarrow(x, ty, types.Typ[types.Int64]) // a quotient of two durations is a plain number
	case isDuration(from) && !isDuration(ty) && isNumber(ty):
		n := prim("%s(%s)", t.stdFunc("time", "nanoseconds"), x.s)
		return t.wrapNarrow(n, ty, types.Typ[types.Int64])
	case isNumber(ty):
		if isInteger(ty) && isFloat(from) {
			return t.wrapNarrow(prim("Math.trunc(%s)", x.s), ty, types.Typ[types.Int64])
		}
		if basicKind(ty) == types.Float32 && basicKind(from) != types.Float32 {
			return prim("Math.fround(%s)", x.s)
		}
		return t.wrapNarrow(x, ty, from)
	}
	if b, ok := from.Underlying().(*types.Basic); ok && b.Kind() == types.UnsafePointer && isPointer2(ty) {
		return X{s: x.at(pLess) + " as " + t.typ(ty), p: pCoalesce}
	}
	if p, ok := types.Unalias(ty).(*types.Pointer); ok && isPointer2(from) {
		n, m := namedOf(p.Elem()), namedOf(from)
		if n != nil && m != nil && isStruct(n) && isStruct(m) && n.Origin() != m.Origin() {
			if t.typ(n) == t.typ(m) {
				return x
			}
			t.mark(c.Pos(), "conversion", "a pointer to "+t.goType(m)+" becomes one to "+t.goType(n)+", but the object keeps its class", "make one of the two a field of the other")
			return X{s: x.at(pLess) + " as unknown as " + t.typ(ty), p: pCoalesce}
		}
	}
	if isStruct(ty) && isStruct(from) {
		n, m := namedOf(ty), namedOf(from)
		if n != nil && t.prog.isLocal(n.Obj().Pkg()) && (m == nil || n.Origin() != m.Origin()) {
			// A conversion to another class with the same fields.
			return prim("new %s(%s)", t.ctor(ty), x.sure().s)
		}
	}
	return t.copied(a, x, ty)
}

// quotient reports whether an expression divides a duration by another: in Go the type of the result is a duration too.
func (t *tr) quotient(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && b.Op == token.QUO && isDurationValue(t.info, b.X) && isDurationValue(t.info, b.Y)
}

// width returns the bits of an integer type and whether it is signed.
func width(ty types.Type) (bits int, signed bool) {
	switch basicKind(ty) {
	case types.Int8:
		return 8, true
	case types.Int16:
		return 16, true
	case types.Int32, types.UntypedRune:
		return 32, true
	case types.Uint8:
		return 8, false
	case types.Uint16:
		return 16, false
	case types.Uint32:
		return 32, false
	case types.Uint, types.Uint64, types.Uintptr:
		return 64, false
	}
	return 64, true
}

// wrapNarrow converts between integer types. A conversion that cannot lose bits is the value itself.
func (t *tr) wrapNarrow(x X, to, from types.Type) X {
	if !isInteger(to) {
		return x
	}
	tb, ts := width(to)
	fb, fs := width(from)
	if tb > fb && (ts || !fs) || tb == fb && ts == fs || tb == 64 && (fb < 64 || ts) {
		return x
	}
	if tb == 64 {
		return x // from signed to unsigned: negative values are rare, and are not converted
	}
	return t.wrap(x, to)
}

// toDuration converts a number of nanoseconds.
func (t *tr) toDuration(e ast.Expr, x X, from types.Type) X {
	if n, ok := constInt(t.info, e); ok && n == 0 {
		return prim("0")
	}
	// time.Duration(float64(d) * 1.5) is d * 1.5, rounded to a nanosecond.
	return prim("%s(%s)", t.stdFunc("time", "fromNanoseconds"), t.expr(e).s)
}
