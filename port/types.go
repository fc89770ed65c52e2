package main

import (
	"fmt"
	"go/types"
	"strings"
)

func isEmptyStruct(t types.Type) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() > 0 {
		return false
	}
	_, named := types.Unalias(t).(*types.Named)
	return !named
}

// isStruct reports whether values of a type are objects that have to be copied.
func isStruct(t types.Type) bool {
	if t == nil || isNamed(t, "time", "Time") || isEmptyStruct(t) {
		return false
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func isArray(t types.Type) bool { _, ok := t.Underlying().(*types.Array); return ok }

func isSlice(t types.Type) bool { _, ok := t.Underlying().(*types.Slice); return ok }

func isMap(t types.Type) bool { _, ok := t.Underlying().(*types.Map); return ok }

func isChan(t types.Type) bool { _, ok := t.Underlying().(*types.Chan); return ok }

func isFunc(t types.Type) bool { _, ok := t.Underlying().(*types.Signature); return ok }

func isTypeParam(t types.Type) bool { _, ok := types.Unalias(t).(*types.TypeParam); return ok }

func isIface(t types.Type) bool { return t != nil && types.IsInterface(t) && !isTypeParam(t) }

func isPointer(t types.Type) bool { _, ok := t.Underlying().(*types.Pointer); return ok }

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && isByte(s.Elem())
}

func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && (b.Kind() == types.Uint8)
}

func basicKind(t types.Type) types.BasicKind {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Kind()
	}
	return types.Invalid
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isFloat(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

func isDuration(t types.Type) bool {
	if isPointer2(t) {
		return false
	}
	return isNamed(t, "time", "Duration")
}

func isPointer2(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok
}

// isTime reports whether a type is time.Time itself.
func isTime(t types.Type) bool { return !isPointer2(t) && isNamed(t, "time", "Time") }

// refElem returns the element type of a pointer that becomes a Ref: a pointer to anything but a struct, slice or map.
func refElem(t types.Type) (types.Type, bool) {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil, false
	}
	e := p.Elem()
	if isTime(e) {
		return e, true
	}
	switch e.Underlying().(type) {
	case *types.Struct:
		return nil, false
	case *types.Array, *types.Map:
		return nil, false
	case *types.Slice:
		if _, ok := types.Unalias(e).(*types.Named); ok {
			return nil, false
		}
	}
	return e, true
}

// boxed reports whether a type has methods but is not translated to a class.
func boxed(t types.Type) bool {
	t = types.Unalias(t)
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	switch n.Underlying().(type) {
	case *types.Struct, *types.Interface:
		return false
	}
	return n.NumMethods() > 0
}

// orNil adds undefined to a type.
func orNil(s string) string {
	if s == "unknown" || s == "Unported" || strings.HasSuffix(s, "| undefined") && (!strings.HasPrefix(s, "(") || strings.HasSuffix(s, ") | undefined") && strings.HasPrefix(s, "((")) {
		return s
	}
	if strings.Contains(s, "=>") && !strings.HasPrefix(s, "{") {
		s = "(" + s + ")"
	}
	return s + " | undefined"
}

// place returns the type of a place: with undefined if it may be nil.
func (t *tr) place(ty types.Type, k node) string {
	s := t.typ(ty)
	if isNilable(ty) && (k == nil || t.prog.facts.nils[k]) {
		return orNil(s)
	}
	return s
}

func (t *tr) varType(v *types.Var) string {
	if t.isRefVar(v) {
		return t.lang("type Ref") + "<" + t.place(v.Type(), t.prog.key(v)) + ">"
	}
	return t.place(v.Type(), t.prog.key(v))
}

// typ returns the TypeScript type of a value that is not nil.
func (t *tr) typ(ty types.Type) string {
	switch u := ty.(type) {
	case *types.Alias:
		if t.prog.isLocal(u.Obj().Pkg()) && u.Obj().Parent() == u.Obj().Pkg().Scope() && u.TypeArgs().Len() == 0 {
			return t.object(u.Obj(), true)
		}
		return t.typ(types.Unalias(u))
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return "string"
		case u.Info()&types.IsBoolean != 0:
			return "boolean"
		case u.Info()&types.IsComplex != 0:
			return "unknown"
		case u.Info()&types.IsNumeric != 0:
			return "number"
		}
		return "unknown"
	case *types.Named:
		return t.namedType(u)
	case *types.Pointer:
		if e, ok := refElem(u); ok {
			return t.lang("type Ref") + "<" + t.place(e, node("ref:"+typeKey(e))) + ">"
		}
		return t.typ(u.Elem())
	case *types.Slice:
		if isByte(u.Elem()) {
			return "Uint8Array"
		}
		return t.arr(t.funcPlace(u.Elem(), elemNode(u)))
	case *types.Array:
		if isByte(u.Elem()) {
			return "Uint8Array"
		}
		return t.arr(t.funcPlace(u.Elem(), elemNode(u)))
	case *types.Map:
		return t.mapClass(u, true) + "<" + t.typ(u.Key()) + ", " + t.funcPlace(u.Elem(), elemNode(u)) + ">"
	case *types.Chan:
		n := map[types.ChanDir]string{types.SendRecv: "Chan", types.SendOnly: "SendChan", types.RecvOnly: "ReceiveChan"}[u.Dir()]
		return t.gocsp("type "+n) + "<" + t.chanElem(u) + ">"
	case *types.Signature:
		if y := yieldOf(u); y != nil {
			return "Iterable<" + t.yieldType(y) + ">"
		}
		return "(" + t.sigParams(u) + ") => " + t.dynResult(u, t.sigWaits(u), resultPlace(t, u), t.prog.throwsSig(u))
	case *types.Interface:
		if u.NumMethods() == 0 {
			return "unknown"
		}
		var m []string
		for i := 0; i < u.NumMethods(); i++ {
			m = append(m, t.ifaceMethod(u.Method(i)))
		}
		return "{ " + strings.Join(m, "; ") + " }"
	case *types.Struct:
		if u.NumFields() == 0 {
			return "void"
		}
		var m []string
		for i := 0; i < u.NumFields(); i++ {
			m = append(m, t.prog.names.member(u.Field(i))+": "+t.fieldType(u.Field(i)))
		}
		return "{ " + strings.Join(m, "; ") + " }"
	case *types.TypeParam:
		return u.Obj().Name()
	case *types.Tuple:
		return t.tuple(u, nil)
	}
	return "unknown"
}

// yieldOf returns the yield parameter of an iterator whose type is written out: func(yield func(T) bool).
func yieldOf(u *types.Signature) *types.Signature {
	if !isIterator(u) || u.Params().At(0).Name() != "yield" {
		return nil
	}
	return yieldOfShape(u.Params().At(0).Type())
}

func (t *tr) fieldType(v *types.Var) string {
	return t.place(v.Type(), t.prog.key(v))
}

func resultPlace(t *tr, u *types.Signature) func(i int) node {
	name := sigName(u)
	return func(i int) node { return resultNode(name, i) }
}

// sigWaits reports whether a function of a signature may wait. The place that holds it decides; see funcPlace.
func (t *tr) sigWaits(u *types.Signature) bool { return t.waitHint }

// funcPlace returns the type of a place that holds a function, with a Promise if that function may wait.
func (t *tr) funcPlace(ty types.Type, k node) string {
	old := t.waitHint
	t.waitHint = t.prog.facts.waits[k]
	s := t.place(ty, k)
	t.waitHint = old
	return s
}

func (t *tr) chanElem(c *types.Chan) string {
	if isEmptyStruct(c.Elem()) {
		return "void"
	}
	if isTime(c.Elem()) {
		return "Date" // what timers deliver; a time.Time is one
	}
	return t.elemType(c)
}

// elemType returns the type of a container's elements.
func (t *tr) elemType(container types.Type) string {
	var e types.Type
	switch u := container.Underlying().(type) {
	case *types.Slice:
		e = u.Elem()
	case *types.Array:
		e = u.Elem()
	case *types.Map:
		e = u.Elem()
	case *types.Chan:
		e = u.Elem()
	}
	return t.funcPlace(e, elemNode(container))
}

func (t *tr) arr(s string) string {
	if strings.ContainsAny(s, " ") {
		return "(" + s + ")[]"
	}
	return s + "[]"
}

// mapClass returns Map, or KeyMap if keys compare by value.
func (t *tr) mapClass(m *types.Map, isType bool) string {
	if t.valueKey(m.Key()) {
		if isType {
			return t.lang("type KeyMap")
		}
		return t.lang("KeyMap")
	}
	return "Map"
}

func (t *tr) valueKey(k types.Type) bool {
	switch u := k.Underlying().(type) {
	case *types.Struct:
		return true
	case *types.Array:
		return true
	case *types.Interface:
		if isTypeParam(k) {
			return t.prog.paramByValue(k)
		}
		return !isError(k) && t.prog.facts.valueIn[typeKey(u)]
	}
	return false
}

func (t *tr) namedType(u *types.Named) string {
	o := u.Obj()
	if o.Pkg() == nil {
		if o.Name() == "error" {
			return "Error"
		}
		return "unknown"
	}
	if t.prog.isLocal(o.Pkg()) {
		return t.object(o, true) + t.targs(u.TypeArgs())
	}
	return t.stdType(u)
}

func (t *tr) targs(l *types.TypeList) string {
	if l.Len() == 0 {
		return ""
	}
	var b []string
	for i := 0; i < l.Len(); i++ {
		s := t.funcPlace(l.At(i), node("inst:"+typeKey(l.At(i))))
		if s == "void" && isEmptyStruct(l.At(i)) {
			s = "void"
		}
		b = append(b, s)
	}
	return "<" + strings.Join(b, ", ") + ">"
}

func (t *tr) tparams(l *types.TypeParamList) string {
	if l.Len() == 0 {
		return ""
	}
	var b []string
	for i := 0; i < l.Len(); i++ {
		p := l.At(i)
		s := p.Obj().Name()
		if c := t.constraint(p.Constraint()); c != "" {
			s += " extends " + c
		}
		b = append(b, s)
	}
	return "<" + strings.Join(b, ", ") + ">"
}

// hasInterface reports whether a named interface has a counterpart: one that is translated, or one of io.
func (t *tr) hasInterface(n *types.Named) bool {
	pkg := n.Obj().Pkg()
	return t.prog.isLocal(pkg) || pkg.Path() == "io" && known("io", n.Obj().Name())
}

func (t *tr) constraint(c types.Type) string {
	it, ok := c.Underlying().(*types.Interface)
	if !ok {
		return ""
	}
	if it.NumMethods() > 0 {
		if n, ok := types.Unalias(c).(*types.Named); ok && n.Obj().Pkg() != nil && t.hasInterface(n) && isPlainIface(it) {
			return t.typ(c)
		}
		if isError(c) {
			return "Error"
		}
		return t.typ(it)
	}
	num, str, other := false, false, false
	var look func(ty types.Type)
	look = func(ty types.Type) {
		switch u := ty.(type) {
		case *types.Alias:
			look(types.Unalias(u))
		case *types.Union:
			for i := 0; i < u.Len(); i++ {
				look(u.Term(i).Type())
			}
		case *types.Named:
			look(u.Underlying())
		case *types.Interface:
			if u.NumEmbeddeds() == 0 {
				other = true
			}
			for i := 0; i < u.NumEmbeddeds(); i++ {
				look(u.EmbeddedType(i))
			}
		case *types.Basic:
			if u.Info()&types.IsNumeric != 0 {
				num = true
			} else if u.Info()&types.IsString != 0 {
				str = true
			} else {
				other = true
			}
		default:
			other = true
		}
	}
	if it.NumEmbeddeds() == 0 {
		return ""
	}
	look(it)
	switch {
	case other:
		if it.NumEmbeddeds() == 1 {
			if un, ok := it.EmbeddedType(0).(*types.Union); ok && un.Len() == 1 {
				if s, ok := un.Term(0).Type().(*types.Slice); ok {
					return t.typ(s)
				}
			}
		}
		return ""
	case num && str:
		return "number | string"
	case num:
		return "number"
	case str:
		return "string"
	}
	return ""
}

func isPlainIface(it *types.Interface) bool { return it.IsMethodSet() }

// sigParams prints the parameters of a function type.
func (t *tr) sigParams(s *types.Signature) string {
	var b []string
	names := map[string]bool{}
	for i := 0; i < s.Params().Len(); i++ {
		p := s.Params().At(i)
		n := lower(p.Name())
		if n == "" || n == "_" {
			n = fmt.Sprintf("arg%d", i)
			if s.Params().Len() == 1 {
				n = "arg"
			}
		}
		if reserved[n] {
			n += "_"
		}
		for names[n] {
			n += "_"
		}
		names[n] = true
		ty := p.Type()
		var text string
		if s.Variadic() && i == s.Params().Len()-1 {
			n = "..." + n
			text = t.variadicType(ty)
		} else {
			text = t.funcPlace(ty, paramNode(sigName(s), i))
		}
		b = append(b, n+": "+text)
	}
	return strings.Join(b, ", ")
}

// variadicType is the type of a rest parameter: always an array, also for bytes.
func (t *tr) variadicType(ty types.Type) string {
	if s, ok := ty.Underlying().(*types.Slice); ok {
		return t.arr(t.funcPlace(s.Elem(), elemNode(s)))
	}
	return t.typ(ty)
}

func (t *tr) tuple(u *types.Tuple, place func(i int) node) string {
	one := func(i int) string {
		var k node
		if place != nil {
			k = place(i)
		}
		if isError(u.At(i).Type()) && k == nil {
			return "Error | undefined"
		}
		if isFunc(u.At(i).Type()) {
			return t.funcPlace(u.At(i).Type(), k)
		}
		return t.place(u.At(i).Type(), k)
	}
	switch u.Len() {
	case 0:
		return "void"
	case 1:
		return one(0)
	}
	var b []string
	for i := 0; i < u.Len(); i++ {
		b = append(b, one(i))
	}
	return "[" + strings.Join(b, ", ") + "]"
}

// result is the type of the results of a declared function: it is known whether that waits.
func (t *tr) result(s *types.Signature, async bool, place func(i int) node, throws bool) string {
	old := t.waitHint
	t.waitHint = false
	list := s.Results()
	if throws {
		list = withoutError(list)
	}
	r := t.tuple(list, place)
	t.waitHint = old
	if async {
		return "Promise<" + r + ">"
	}
	return r
}

// dynResult is the type of the results of a function value or an interface method, which may wait or not.
func (t *tr) dynResult(s *types.Signature, async bool, place func(i int) node, throws bool) string {
	r := t.result(s, false, place, throws)
	if !async {
		return r
	}
	if strings.Contains(r, "=>") {
		r = "(" + r + ")"
	}
	return r + " | Promise<" + r + ">"
}

func (t *tr) ifaceMethod(m *types.Func) string {
	s := m.Type().(*types.Signature)
	name := t.prog.names.member(m)
	if name == "message" || name == "cause" {
		return "readonly " + name + ": " + t.result(s, false, t.resultPlaces(m), false)
	}
	waits := t.prog.facts.waits[t.prog.key(m)]
	if m.Pkg() != nil && !t.prog.isLocal(m.Pkg()) {
		// What implements it may be anywhere.
		waits = blocking(m.FullName())
		results := m.Origin().Type().(*types.Signature).Results()
		for v := range results.Variables() {
			if isError(v.Type()) {
				t.prog.facts.nils[t.prog.key(v)] = true
			}
		}
	}
	return name + "(" + t.methodParams(m) + "): " + t.dynResult(s, waits, t.resultPlaces(m), t.prog.throwsFn(m))
}

// withoutError returns the results without the last one.
func withoutError(list *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for i := 0; i < list.Len()-1; i++ {
		vars = append(vars, list.At(i))
	}
	return types.NewTuple(vars...)
}

// resultPlaces returns the places of a function's own results.
func (t *tr) resultPlaces(fn *types.Func) func(i int) node {
	s := fn.Origin().Type().(*types.Signature)
	return func(i int) node { return t.prog.key(s.Results().At(i)) }
}

func (t *tr) methodParams(m *types.Func) string {
	s := m.Type().(*types.Signature)
	own := m.Origin().Type().(*types.Signature)
	var b []string
	for i := 0; i < s.Params().Len(); i++ {
		p := s.Params().At(i)
		n := lower(p.Name())
		if n == "" || n == "_" {
			n = fmt.Sprintf("arg%d", i)
			if s.Params().Len() == 1 {
				n = "arg"
			}
		}
		if reserved[n] {
			n += "_"
		}
		text := t.funcPlace(p.Type(), t.prog.key(own.Params().At(i)))
		if s.Variadic() && i == s.Params().Len()-1 {
			n, text = "..."+n, t.variadicType(p.Type())
		}
		b = append(b, n+": "+text)
	}
	return strings.Join(b, ", ")
}

// zero returns the zero value of a type.
func (t *tr) zero(ty types.Type) string {
	if isTime(ty) {
		return t.stdFunc("time", "zero") + "()"
	}
	if isTypeParam(ty) {
		switch t.constraint(types.Unalias(ty).(*types.TypeParam).Constraint()) {
		case "number":
			return "0 as " + t.typ(ty)
		case "string":
			return `"" as ` + t.typ(ty)
		}
		return t.lang("zero") + "<" + t.typ(ty) + ">()"
	}
	switch u := ty.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return `""`
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsNumeric != 0:
			return "0"
		}
	case *types.Struct:
		if isEmptyStruct(ty) {
			return "undefined"
		}
		if n, ok := types.Unalias(ty).(*types.Named); ok {
			if !t.prog.isLocal(n.Obj().Pkg()) {
				return t.stdZero(n)
			}
			return "new " + t.ctor(ty) + "()"
		}
		var m []string
		for i := 0; i < u.NumFields(); i++ {
			m = append(m, t.prog.names.member(u.Field(i))+": "+t.zero(u.Field(i).Type()))
		}
		return "{ " + strings.Join(m, ", ") + " }"
	case *types.Slice:
		if isByte(u.Elem()) {
			return "new Uint8Array()"
		}
		return "[]"
	case *types.Array:
		if isByte(u.Elem()) {
			return fmt.Sprintf("new Uint8Array(%d)", u.Len())
		}
		return t.filled(fmt.Sprint(u.Len()), u.Elem(), elemNode(u))
	case *types.Map:
		if isStdMap(ty) {
			return "new " + t.stdType(types.Unalias(ty).(*types.Named)) + "()"
		}
		return t.lang("nilMap") + "()"
	case *types.Chan:
		return t.gocsp("nilChan") + "()"
	}
	return "undefined"
}

// ctor is the type of a struct after new: the class is imported as a value.
func (t *tr) ctor(ty types.Type) string {
	s := t.typ(ty)
	if n := namedOf(ty); n != nil && n.Obj().Pkg() != nil && t.prog.isLocal(n.Obj().Pkg()) && n.Obj().Parent() == n.Obj().Pkg().Scope() {
		t.see(n.Obj(), t.prog.names.pkg[t.prog.key(n.Obj())], false)
	}
	return s
}

// filled makes an array of n zero values.
func (t *tr) filled(n string, elem types.Type, k node) string {
	z := t.zero(elem)
	switch {
	case z == "undefined" || z == "[]" || isStruct(elem) || isArray(elem) || isTypeParam(elem) || isMap(elem) || isChan(elem) || isTime(elem):
		body := z
		if strings.HasPrefix(z, "{") {
			body = "(" + z + ")"
		}
		ty := ""
		if z == "undefined" || z == "[]" || isMap(elem) || isChan(elem) {
			ty = "(): " + t.funcPlace(elem, k) + " => "
		} else {
			ty = "() => "
		}
		return "Array.from({ length: " + n + " }, " + ty + body + ")"
	}
	return "new Array<" + t.typ(elem) + ">(" + n + ").fill(" + z + ")"
}
