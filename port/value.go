package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// value translates an expression whose value goes to a place of a given type: structs and arrays are copied, values
// converted to an interface may be boxed, nil gets the form for the type, and a value that may be undefined is asserted
// if the place may not be.
func (t *tr) value(e ast.Expr, to types.Type, place node) X {
	if t.isNilExpr(e) {
		return t.nilOf(to)
	}
	from := t.info.TypeOf(e)
	x := t.zeroedField(e, t.expr(e))
	if to == nil || from == nil {
		return x
	}
	if x.undef && isNilable(to) {
		may := isAny(to) || isError(to) && place == nil || place != nil && t.prog.facts.nils[place]
		if place == nil && isFunc(to) && !isNamed(to, "context", "CancelFunc") {
			may = true
		}
		if !may {
			x = x.sure()
		}
	} else if x.undef && !isNilable(to) && !isTypeParam(to) {
		x = x.sure()
	}
	if isIface(to) && !isIface(from) {
		return t.toIface(e, x, from, to)
	}
	for _, name := range []string{"CancelFunc", "CancelCauseFunc"} {
		if isNamed(to, "context", name) && !isNamed(from, "context", name) {
			return prim("%s.cancelFunc(%s)", t.gocsp("context"), x.s)
		}
	}
	if m, ok := t.stdMap(x, from, to); ok && !t.prog.opened[e] {
		return m
	}
	return t.copied(e, x, from)
}

// toIface translates the conversion of a value to an interface.
func (t *tr) toIface(e ast.Expr, x X, from, to types.Type) X {
	if isTypeParam(from) {
		return x
	}
	if isHandlerFunc(from) {
		return prim("%s(%s)", t.stdFunc("net/http", "handlerFunc"), x.sure().s)
	}
	if _, isRef := refElem(from); t.needsBox(from) && !(isRef && isPointer2(from)) {
		if n := namedOf(from); n != nil && isErrorType(n) {
			return prim("%s(%s, %s)", t.lang("boxError"), t.boxOf(from), x.s)
		}
		return prim("%s(%s, %s)", t.lang("box"), t.boxOf(from), x.s)
	}
	if isDuration(from) && isAny(to) {
		return prim("%s(%s)", t.lang("duration"), x.s)
	}
	for _, name := range []string{"IntSlice", "StringSlice", "Float64Slice"} {
		if isNamed(from, "sort", name) && !isPointer2(from) && !isAny(to) {
			return prim("%s(%s)", t.stdFunc("sort", lower(name)), x.s)
		}
	}
	if isEmptyStruct(from) {
		return prim("{}")
	}
	if p, ok := types.Unalias(from).(*types.Pointer); ok && t.printing && isAny(to) {
		if n := namedOf(p.Elem()); n != nil && isStruct(n) && t.prog.isLocal(n.Obj().Pkg()) && !isErrorType(n) && !prints(n) && !t.isFresh(e) {
			return prim("%s(%s, %s)", t.lang("typed"), x.s, quote(t.goType(from)))
		}
	}
	if s, ok := t.boxedElems(x, from, to); ok {
		return s
	}
	if r, isRef := refElem(from); isRef && isPointer2(from) && namedOf(r) != nil && namedOf(r).NumMethods() > 0 {
		t.mark(e.Pos(), "pointer", "a pointer to a value that is no struct becomes an interface", "make the type a struct")
	}
	if isInteger(from) && isAny(to) && basicKind(from) != types.Int && basicKind(from) != types.UntypedInt && t.prog.facts.intsAsked {
		return prim("%s(%s, %s)", t.lang("typed"), x.s, quote(goBasic(from)))
	}
	if basicKind(from) == types.Float32 && isAny(to) {
		return prim("%s(%s, \"float32\")", t.lang("typed"), x.s)
	}
	if isFloat(from) && isAny(to) {
		return prim("%s(%s)", t.lang("float64"), x.s)
	}
	return t.copied(e, x, from)
}

// boxedElems boxes the elements of a slice or map that is converted to any, so that they print with their methods.
func (t *tr) boxedElems(x X, from, to types.Type) (X, bool) {
	if !isAny(to) || !(isSlice(from) || isArray(from) || isMap(from)) || t.prog.facts.asserted[typeKey(from)] {
		return x, false
	}
	text, ok := t.boxedForm(x.sure(), from)
	return prim("%s", text), ok
}

// boxedForm is how a value prints with the methods of its type, or of its elements; false if there are none.
func (t *tr) boxedForm(x X, ty types.Type) (string, bool) {
	if n := namedOf(ty); n != nil && !isPointer(ty) && t.needsBox(ty) && prints(n) {
		if isErrorType(n) {
			return t.lang("boxError") + "(" + t.boxOf(ty) + ", " + x.s + ")", true
		}
		return t.lang("box") + "(" + t.boxOf(ty) + ", " + x.s + ")", true
	}
	switch u := ty.Underlying().(type) {
	case *types.Basic:
		return t.lang("duration") + "(" + x.s + ")", isDuration(ty)
	case *types.Slice, *types.Array:
		el := elemOf(ty)
		each, ok := t.boxedForm(prim("v"), el)
		if isByte(el) {
			return "Array.from(" + x.s + ", (v) => " + each + ")", ok
		}
		return x.at(pPrimary) + ".map((v) => " + each + ")", ok
	case *types.Map:
		k, keys := t.boxedForm(prim("k"), u.Key())
		v, values := t.boxedForm(prim("v"), u.Elem())
		if !keys {
			k = "k"
		}
		if !values {
			v = "v"
		}
		return "new Map(Array.from(" + x.s + ", ([k, v]) => [" + k + ", " + v + "]))", (keys || values) && !t.valueKey(u.Key())
	}
	return "", false
}

// prints reports whether a type has a method that fmt uses to print it.
func prints(n *types.Named) bool {
	for i := 0; i < n.NumMethods(); i++ {
		if m := n.Method(i).Name(); m == "String" || m == "Error" || m == "Format" || m == "GoString" {
			return true
		}
	}
	return false
}

// goBasic is Go's name of a basic type.
func goBasic(t types.Type) string {
	b := t.Underlying().(*types.Basic)
	switch b.Kind() {
	case types.UntypedRune:
		return "int32"
	case types.Uint8:
		return "uint8"
	case types.Int32:
		return "int32"
	}
	return b.Name()
}

func isAny(t types.Type) bool {
	it, ok := t.Underlying().(*types.Interface)
	return ok && it.NumMethods() == 0
}

// copied makes a copy of a struct or array that has another reference.
func (t *tr) copied(e ast.Expr, x X, ty types.Type) X {
	if isArray(ty) {
		if t.isFresh(e) {
			return x
		}
		return t.cloneOfArray(x, ty)
	}
	if !isStruct(ty) || !t.needsCopy(ty) || t.isFresh(e) {
		return x
	}
	return t.clone(x, ty)
}

// cloneOfArray copies an array with the structs and arrays in it.
func (t *tr) cloneOfArray(x X, ty types.Type) X {
	a := elemOf(ty)
	if !isStruct(a) && !isArray(a) {
		return prim("%s.slice()", x.at(pPrimary))
	}
	if n := structIn(a); n != nil && t.prog.isLocal(n.Obj().Pkg()) {
		t.prog.facts.cloned[t.prog.key(n.Obj())] = true
	}
	return prim("%s(%s)", t.lang("cloneArray"), x.s)
}

// copiedElems copies the elements that are appended or copied from one slice to another, if they are structs that
// change.
func (t *tr) copiedElems(e ast.Expr, x X) X {
	ty := t.info.TypeOf(e)
	if ty == nil || !isSlice(ty) {
		return x
	}
	el := elemOf(ty)
	if isArray(el) || isStruct(el) && t.needsCopy(el) {
		if _, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
			return x
		}
		return t.cloneOfArray(x, ty)
	}
	return x
}

func (t *tr) clone(x X, ty types.Type) X {
	n, ok := types.Unalias(ty).(*types.Named)
	if !ok {
		parts := []string{"..." + x.at(pAssign)}
		if u, ok := ty.Underlying().(*types.Struct); ok {
			for i := 0; i < u.NumFields(); i++ {
				f := u.Field(i)
				part := X{s: x.at(pPrimary) + "." + t.prog.names.member(f), p: pPrimary}
				switch {
				case isArray(f.Type()):
					parts = append(parts, t.prog.names.member(f)+": "+t.cloneOfArray(part, f.Type()).s)
				case isStruct(f.Type()) && t.needsCopy(f.Type()):
					parts = append(parts, t.prog.names.member(f)+": "+t.clone(part, f.Type()).s)
				}
			}
		}
		return X{s: "{ " + strings.Join(parts, ", ") + " }", p: pPrimary}
	}
	if !t.prog.isLocal(n.Obj().Pkg()) {
		x, _ = t.stdCopy(x, n)
		return x
	}
	t.prog.facts.cloned[t.prog.key(n.Obj())] = true
	return prim("%s.clone()", x.sure().at(pPrimary))
}

// needsCopy reports whether a copy of a struct can be told from the original: whether a field changes after the struct is
// made.
func (t *tr) needsCopy(ty types.Type) bool {
	return t.prog.structChanges(ty, map[string]bool{})
}

func (p *program) structChanges(ty types.Type, seen map[string]bool) bool {
	k := structKey(ty)
	if seen[k] {
		return false
	}
	seen[k] = true
	if p.facts.mutated[k] {
		return true
	}
	s, ok := ty.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := 0; i < s.NumFields(); i++ {
		ft := s.Field(i).Type()
		if isStruct(ft) && p.structChanges(ft, seen) || isArray(ft) {
			return true
		}
	}
	return false
}

// isFresh reports whether an expression makes a value that has no other reference.
func (t *tr) isFresh(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		_, isType, _ := callee(t.info, x)
		if isType {
			return t.isFresh(x.Args[0])
		}
		return !t.ofContainer(x, 0)
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	case *ast.TypeAssertExpr:
		return false
	case *ast.FuncLit, *ast.BinaryExpr, *ast.BasicLit:
		return true
	}
	return false
}

// ofContainer reports whether a result of a call has a type parameter as its type: code that does not know that it is a
// struct makes no copies.
func (t *tr) ofContainer(c *ast.CallExpr, i int) bool {
	fn, _, _ := callee(t.info, c)
	if fn == nil || !t.prog.isLocal(fn.Pkg()) {
		return false
	}
	r := fn.Origin().Type().(*types.Signature).Results()
	return i < r.Len() && isTypeParam(r.At(i).Type())
}

func (t *tr) composite(e *ast.CompositeLit) X {
	ty := t.info.TypeOf(e)
	if p, ok := ty.Underlying().(*types.Pointer); ok {
		ty = p.Elem()
	}
	multi := len(e.Elts) > 0 && t.prog.line(e.Lbrace) != t.prog.line(e.Rbrace)
	switch u := ty.Underlying().(type) {
	case *types.Struct:
		if isEmptyStruct(ty) {
			return prim("undefined")
		}
		return t.structLit(e, ty, u, multi)
	case *types.Map:
		t.mapClass(u, false) // imports the class as a value
		full := strings.TrimPrefix(t.typ(u), "type ")
		if n, ok := types.Unalias(ty).(*types.Named); ok {
			full = t.typ(n.Underlying())
			if isStdMap(n) {
				full = t.stdType(n)
			}
		}
		if len(e.Elts) == 0 {
			return prim("new %s()", full)
		}
		var b []string
		for _, el := range e.Elts {
			kv := el.(*ast.KeyValueExpr)
			k := t.litElem(kv.Key, u.Key(), "")
			v := t.litElem(kv.Value, u.Elem(), elemNode(u))
			b = append(b, t.elemComment(el)+"["+k+", "+v+"]")
		}
		return prim("new %s(%s)", full, t.list("[", b, "]", multi))
	case *types.Slice, *types.Array:
		var el types.Type
		var n int64 = -1
		if s, ok := u.(*types.Slice); ok {
			el = s.Elem()
		} else {
			a := u.(*types.Array)
			el, n = a.Elem(), a.Len()
		}
		keyed := false
		for _, x := range e.Elts {
			if _, ok := x.(*ast.KeyValueExpr); ok {
				keyed = true
			}
		}
		if keyed {
			return t.keyedArray(e, el, ty, n)
		}
		var b []string
		for _, x := range e.Elts {
			b = append(b, t.elemComment(x)+t.litElem(x, el, elemNode(ty)))
		}
		if isByte(el) {
			if len(b) == 0 && n < 0 {
				return prim("new Uint8Array()")
			}
			if int64(len(b)) < n {
				for int64(len(b)) < n {
					b = append(b, "0")
				}
			}
			return prim("Uint8Array.of(%s)", strings.Join(b, ", "))
		}
		for int64(len(b)) < n {
			if n > 64 {
				return prim("%s(%s, %d, () => %s)", t.lang("padded"), t.list("[", b, "]", multi), n, t.zero(el))
			}
			b = append(b, t.zero(el))
		}
		return prim("%s", t.list("[", b, "]", multi))
	}
	return t.unported(e, "literal", "composite literal", "write it by hand")
}

// elemComment returns the comment above an element of a literal.
func (t *tr) elemComment(e ast.Node) string {
	var b strings.Builder
	for _, c := range t.commentsBefore(e.Pos(), true) {
		b.WriteString(c + "\n")
	}
	return b.String()
}

func (t *tr) keyedArray(e *ast.CompositeLit, el types.Type, ty types.Type, n int64) X {
	vals := map[int64]string{}
	var at, top int64
	for _, x := range e.Elts {
		v := x
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			if i, ok := constInt(t.info, kv.Key); ok {
				at = i
			}
			v = kv.Value
		}
		vals[at] = t.litElem(v, el, elemNode(ty))
		at++
		if at > top {
			top = at
		}
	}
	if n > top {
		top = n
	}
	var b []string
	for i := int64(0); i < top; i++ {
		if v, ok := vals[i]; ok {
			b = append(b, v)
		} else {
			b = append(b, t.zero(el))
		}
	}
	return prim("%s", t.list("[", b, "]", len(b) > 6))
}

// litElem translates an element of a literal. Go may omit its type.
func (t *tr) litElem(e ast.Expr, ty types.Type, place any) string {
	var k node
	if s, ok := place.(string); !ok || s != "" {
		k = place
	}
	return t.value(e, ty, k).at(pAssign)
}

// list prints a list in brackets, on one line or on several.
func (t *tr) list(open string, items []string, end string, multi bool) string {
	if len(items) == 0 {
		return open + end
	}
	n := len(open) + len(end)
	for _, s := range items {
		n += len(s) + 2
		if strings.Contains(s, "\n") && (strings.HasPrefix(s, "//") || strings.HasPrefix(s, "/*")) {
			multi = true
		}
	}
	pad := ""
	if open == "{" {
		pad = " "
	}
	if !multi && n < 100 {
		return open + pad + strings.Join(items, ", ") + pad + end
	}
	var b strings.Builder
	b.WriteString(open + "\n")
	for _, s := range items {
		b.WriteString(indent(s, 1) + ",\n")
	}
	b.WriteString(end)
	return b.String()
}

func indent(s string, n int) string {
	if s == "" {
		return s
	}
	pre := strings.Repeat("  ", n)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = pre + l
		}
	}
	return strings.Join(lines, "\n")
}

func (t *tr) structLit(e *ast.CompositeLit, ty types.Type, u *types.Struct, multi bool) X {
	n, isNamed := types.Unalias(ty).(*types.Named)
	if isNamed && !t.prog.isLocal(n.Obj().Pkg()) {
		return t.stdLit(e, n)
	}
	var b []string
	set := map[string]bool{}
	origin := u
	if isNamed {
		origin = n.Origin().Underlying().(*types.Struct)
	}
	type pair struct {
		f *types.Var
		s string
	}
	var fields []pair
	for i, el := range e.Elts {
		var f *types.Var
		v := el
		comment := t.elemComment(el)
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			for j := 0; j < u.NumFields(); j++ {
				if u.Field(j).Name() == kv.Key.(*ast.Ident).Name {
					f = origin.Field(j)
				}
			}
			v = kv.Value
		} else {
			f = origin.Field(i)
		}
		if f == nil || f.Name() == "_" {
			continue
		}
		set[f.Name()] = true
		if isMutexType(f.Type()) && t.prog.facts.gone(f) {
			continue
		}
		fty := f.Type()
		for j := 0; j < u.NumFields(); j++ {
			if u.Field(j).Name() == f.Name() {
				fty = u.Field(j).Type()
			}
		}
		name := t.prog.names.member(f)
		s := t.value(v, fty, t.prog.key(f)).at(pAssign)
		if s == name {
			s = comment + name
		} else {
			s = comment + name + ": " + s
		}
		fields = append(fields, pair{f, s})
	}
	for _, f := range fields {
		b = append(b, f.s)
	}
	if !isNamed {
		for i := 0; i < u.NumFields(); i++ {
			if f := u.Field(i); !set[f.Name()] && f.Name() != "_" {
				b = append(b, t.prog.names.member(f)+": "+t.zero(f.Type()))
			}
		}
		return prim("%s", t.list("{", b, "}", multi))
	}
	arg := ""
	if len(b) > 0 {
		arg = t.list("{", b, "}", multi)
	}
	return prim("new %s(%s)", t.ctor(ty), arg)
}

// ---- functions

func (t *tr) funcLit(l *ast.FuncLit, inGo bool) X {
	sig := t.info.TypeOf(l).(*types.Signature)
	async := t.prog.facts.waits[l.Pos()]
	if g, ok := t.iterator(l, sig); ok {
		return g
	}
	t.push(l.Pos(), true)
	old := t.fn
	t.fn = &fnState{async: async, sig: sig, outer: old, node: l, lit: l, throws: t.prog.throwsLit(l, sig)}
	saved := t.narrowings
	t.narrowings = t.constNarrowings()
	params := t.params(sig, l.Type, true, l)
	ret := ""
	if sig.Results().Len() > 0 {
		ret = ": " + t.result(sig, async, func(i int) node { return litResult(l, i) }, t.fn.throws)
	}
	head := ""
	if async {
		head = "async "
	}
	// A single statement on one line stays on one line.
	if s := t.shortBody(l, sig); s != "" {
		t.fn = old
		t.narrowings = saved
		t.pop()
		return X{s: head + params + " => " + s, p: pAssign}
	}
	body := t.block(l.Body)
	t.fn = old
	t.narrowings = saved
	t.pop()
	return X{s: head + params + ret + " => " + body, p: pAssign}
}

// shortBody translates the body of a closure that is a single expression, or returns "".
func (t *tr) shortBody(l *ast.FuncLit, sig *types.Signature) string {
	if len(l.Body.List) == 0 {
		return "{}"
	}
	if len(l.Body.List) != 1 || !t.prog.oneLine(l) || t.hasComments(l.Body) {
		return ""
	}
	marks := len(t.pending)
	if t.fn.throws {
		return t.shortThrow(l.Body.List[0])
	}
	switch s := l.Body.List[0].(type) {
	case *ast.ReturnStmt:
		if len(s.Results) == 1 && sig.Results().Len() == 1 {
			x := t.value(s.Results[0], sig.Results().At(0).Type(), litResult(l, 0))
			if len(t.pending) > marks || strings.Contains(x.s, "\n") {
				return ""
			}
			if strings.HasPrefix(x.s, "{") {
				return "(" + x.s + ")"
			}
			return x.at(pAssign)
		}
		if len(s.Results) > 1 && len(s.Results) == sig.Results().Len() {
			x := t.tupleValues(s.Results, sig, func(i int) node { return litResult(l, i) })
			if len(t.pending) > marks {
				return ""
			}
			return x
		}
	case *ast.SendStmt:
		if x := t.sendExpr(s); len(t.pending) == marks {
			return "await " + x
		}
	case *ast.ExprStmt:
		c, ok := ast.Unparen(s.X).(*ast.CallExpr)
		if !ok {
			return ""
		}
		fn, isType, isBuiltin := callee(t.info, c)
		if isType || mutexMethod(fn) != "" {
			return ""
		}
		if isBuiltin {
			id, _ := ast.Unparen(c.Fun).(*ast.Ident)
			if id == nil || id.Name != "close" && id.Name != "panic" {
				return ""
			}
			if x := t.call(c); len(t.pending) == marks {
				return x.at(pAssign)
			}
			return ""
		}
		if tv, ok := t.info.Types[c]; ok && tv.IsVoid() {
			if x := t.call(c); len(t.pending) == marks && !strings.Contains(x.s, "\n") && !t.returnsValue(fn) {
				return x.at(pAssign)
			}
		}
	}
	return ""
}

// returnsValue reports whether a function without results in Go returns a value here: it must not become the value of an
// arrow function.
func (t *tr) returnsValue(fn *types.Func) bool {
	return fn != nil && pathOf(fn) == "sync/atomic"
}

// params prints the parameters of a function that is declared here.
func (t *tr) params(sig *types.Signature, ft *ast.FuncType, arrow bool, lit *ast.FuncLit) string {
	var b []string
	multi := ft.Params != nil && len(ft.Params.List) > 0 && t.prog.line(ft.Params.Opening) != t.prog.line(ft.Params.Closing)
	unnamed := 0
	for i := 0; i < sig.Params().Len(); i++ {
		p := sig.Params().At(i)
		var n string
		if p.Name() == "" || p.Name() == "_" {
			n = "_"
			if unnamed > 0 {
				n = "_" + itoa(unnamed)
			}
			unnamed++
			t.scopes[len(t.scopes)-1].names[n] = "fixed:" + n
		} else {
			n = t.declare(p, p.Pos())
		}
		k := t.prog.key(p)
		if t.fn != nil && p == t.fn.yield {
			continue // a generator has none
		}
		var ty string
		if sig.Variadic() && i == sig.Params().Len()-1 {
			ty = t.variadicType(p.Type())
			b = append(b, "..."+n+": "+ty)
			continue
		}
		ty = t.funcPlace(p.Type(), k)
		if t.prog.refVars[k] {
			// A parameter whose address is taken is kept in a Ref.
			raw := t.fresh(n + "Value")
			t.fn.prologue = append(t.fn.prologue, fmt.Sprintf("const %s = %s<%s>(%s);", n, t.lang("ref"), ty, raw))
			b = append(b, raw+": "+ty)
			continue
		}
		if isStruct(p.Type()) && isEmptyStruct(p.Type()) {
			ty = "void"
		}
		b = append(b, n+": "+ty)
	}
	list := t.list("(", b, ")", multi)
	if sig.Variadic() {
		list = strings.TrimSuffix(list, ",\n)") // a rest parameter has no comma behind it
		if !strings.HasSuffix(list, ")") {
			list += "\n)"
		}
	}
	return list
}

// tupleValues prints the values of a return with several.
func (t *tr) tupleValues(list []ast.Expr, sig *types.Signature, place func(i int) node) string {
	var b []string
	for i, e := range list {
		b = append(b, t.value(e, sig.Results().At(i).Type(), place(i)).at(pAssign))
	}
	return "[" + strings.Join(b, ", ") + "]"
}

// args translates the arguments of a call.
func (t *tr) args(c *ast.CallExpr, sig *types.Signature, place func(i int) node) []string {
	var b []string
	n := sig.Params().Len()
	if len(c.Args) == 1 {
		if tu, ok := t.info.TypeOf(c.Args[0]).(*types.Tuple); ok && tu.Len() > 1 {
			x := t.expr(c.Args[0])
			if inner, ok := ast.Unparen(c.Args[0]).(*ast.CallExpr); ok {
				var from, to []string
				any := false
				for i, p := range t.callParts(inner, tu.Len()) {
					name := string(rune('a' + i))
					into := types.Type(nil)
					switch {
					case sig.Variadic() && i >= n-1:
						into = elemOf(sig.Params().At(n - 1).Type())
					case i < n:
						into = sig.Params().At(i).Type()
					}
					value := name
					if into != nil && isIface(into) && !isIface(tu.At(i).Type()) {
						value = t.toIface(inner, prim("%s", name), tu.At(i).Type(), into).s
						any = any || value != name
					}
					to = append(to, value)
					if p.fallback != "" {
						name += " = " + p.fallback
						any = true
					}
					from = append(from, name)
				}
				if any {
					return []string{"...(([" + strings.Join(from, ", ") + "]) => [" + strings.Join(to, ", ") + "] as const)(" + x.s + ")"}
				}
			}
			return []string{"..." + x.at(pUnary)}
		}
	}
	for i, a := range c.Args {
		j, ty := i, types.Type(nil)
		if sig.Variadic() && i >= n-1 {
			j = n - 1
			ty = sig.Params().At(j).Type()
			if c.Ellipsis.IsValid() {
				if t.isNilExpr(a) {
					continue
				}
				x := t.expr(a)
				if isString(t.info.TypeOf(a)) {
					x = prim("%s(%s)", t.lang("toBytes"), x.s)
				}
				if from, _ := t.prog.facts.places(t.info, a); place != nil && place(j) != nil && len(from) > 0 && t.prog.alias.of(place(j)).written && t.writesParam(place(j)) {
					t.mark(a.Pos(), "slice", "a slice is handed over with its elements, and written to", "hand the slice over as one parameter")
				}
				b = append(b, "..."+x.at(pUnary))
				continue
			}
			s := ty.Underlying().(*types.Slice)
			var k node
			if place != nil {
				k = elemNode(s)
			}
			b = append(b, t.value(a, s.Elem(), k).at(pAssign))
			continue
		}
		if j < n {
			ty = sig.Params().At(j).Type()
		}
		var k node
		if place != nil {
			k = place(j)
		}
		b = append(b, t.value(a, ty, k).at(pAssign))
	}
	return b
}

// callList prints the arguments in parentheses, on the same lines as in the source.
func (t *tr) callList(c *ast.CallExpr, args []string) string {
	multi := len(c.Args) > 0 && t.prog.line(c.Lparen) != t.prog.line(c.Args[0].Pos())
	if !multi {
		return "(" + strings.Join(args, ", ") + ")"
	}
	return t.list("(", args, ")", multi)
}
