package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The precedences of TypeScript's operators that matter here.
const (
	pComma = iota
	pAssign
	pCond
	pCoalesce
	pOrOr
	pAndAnd
	pBitOr
	pBitXor
	pBitAnd
	pEquals
	pLess
	pShift
	pAdd
	pMul
	pPow
	pUnary
	pPrimary
)

// An X is an expression with its precedence. undef is set if its type includes undefined.
type X struct {
	s     string
	p     int
	undef bool
}

func prim(format string, args ...any) X { return X{s: fmt.Sprintf(format, args...), p: pPrimary} }

func (x X) at(p int) string {
	if x.p < p {
		return "(" + x.s + ")"
	}
	return x.s
}

// sure adds the ! that asserts that a value is not undefined.
func (x X) sure() X {
	if !x.undef {
		return x
	}
	return X{s: x.at(pPrimary) + "!", p: pPrimary}
}

func itoa(i int) string { return strconv.Itoa(i) }

func quote(s string) string {
	q := strconv.Quote(s)
	// Go's escapes that JavaScript does not have.
	var b strings.Builder
	for i := 0; i < len(q); i++ {
		if q[i] == '\\' && i+1 < len(q) {
			switch q[i+1] {
			case 'a':
				b.WriteString(`\x07`)
				i++
				continue
			case 'U':
				n, _ := strconv.ParseInt(q[i+2:i+10], 16, 32)
				fmt.Fprintf(&b, `\u{%x}`, n)
				i += 9
				continue
			}
			b.WriteByte(q[i])
			i++
		}
		b.WriteByte(q[i])
	}
	return b.String()
}

// constant prints a constant value.
func (t *tr) constant(v constant.Value, ty types.Type) (X, bool) {
	switch v.Kind() {
	case constant.Bool:
		return prim("%s", v.ExactString()), true
	case constant.String:
		if !utf8.ValidString(constant.StringVal(v)) {
			t.mark(t.curPos, "string", "a string that is no UTF-8", "use bytes: a Uint8Array")
		}
		return prim("%s", quote(constant.StringVal(v))), true
	case constant.Int, constant.Float:
		if isDuration(ty) {
			return t.durationConst(v), true
		}
		if b, ok := ty.Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
			v = constant.ToInt(v)
		}
		if v.Kind() == constant.Int {
			if n, ok := constant.Int64Val(v); ok {
				if n > 1<<53 || n < -(1<<53) {
					if n == math.MaxInt64 {
						return X{s: t.stdFunc("math", "maxInt64"), p: pPrimary}, true
					}
					if n == math.MinInt64 {
						return X{s: t.stdFunc("math", "minInt64"), p: pPrimary}, true
					}
					if int64(float64(n)) != n {
						t.markConst(v)
					}
				}
				if n >= 1<<53 && n&(n-1) == 0 {
					return X{s: "2 ** " + itoa(bits.TrailingZeros64(uint64(n))), p: pPow}, true
				}
				if n < 0 {
					return X{s: strconv.FormatInt(n, 10), p: pUnary}, true
				}
				return prim("%d", n), true
			}
			if n, ok := constant.Uint64Val(v); ok && n == math.MaxUint64 {
				return X{s: t.stdFunc("math", "maxUint64"), p: pPrimary}, true
			}
			t.markConst(v)
		}
		f, _ := constant.Float64Val(v)
		if v.Kind() == constant.Int {
			if f == 1<<63 && v.ExactString() == "9223372036854775808" {
				return X{s: "2 ** 63", p: pPow}, true
			}
			return X{s: v.ExactString(), p: pPrimary}, true
		}
		s := strconv.FormatFloat(f, 'g', -1, 64)
		if math.Abs(f) < 1e21 && f == math.Trunc(f) {
			s = strconv.FormatFloat(f, 'f', -1, 64)
		}
		p := pPrimary
		if f < 0 {
			p = pUnary
		}
		return X{s: s, p: p}, true
	}
	return X{}, false
}

func (t *tr) markConst(v constant.Value) {
	t.mark(t.curPos, "number", "the integer constant "+v.String()+" is beyond 2^53", "use bigint here, or a smaller value")
}

// durationConst prints a constant duration in its largest even unit.
func (t *tr) durationConst(v constant.Value) X {
	n, ok := constant.Int64Val(constant.ToInt(v))
	if !ok || n == math.MaxInt64 || n == math.MinInt64 {
		f, _ := constant.Float64Val(v)
		if f < 0 {
			return X{s: "-Infinity", p: pUnary}
		}
		return prim("Infinity")
	}
	if n == 0 {
		return prim("0")
	}
	for _, u := range []struct {
		n    int64
		name string
	}{{3600e9, "hour"}, {60e9, "minute"}, {1e9, "second"}, {1e6, "millisecond"}, {1e3, "microsecond"}, {1, "nanosecond"}} {
		if n%u.n == 0 {
			x := t.stdFunc("time", u.name)
			if n == u.n {
				return prim("%s", x)
			}
			return X{s: strconv.FormatInt(n/u.n, 10) + " * " + x, p: pMul}
		}
	}
	return prim("0")
}

// mentionsName reports whether a constant expression mentions a name: such an expression is kept as written.
func mentionsName(info *types.Info, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if c, ok := info.Uses[id].(*types.Const); ok && c.Name() != "iota" && c.Name() != "true" && c.Name() != "false" {
				found = true
			}
		}
		return !found
	})
	return found
}

func (t *tr) expr(e ast.Expr) X {
	if tv, ok := t.info.Types[e]; ok && tv.Value != nil {
		switch e := e.(type) {
		case *ast.BinaryExpr, *ast.UnaryExpr, *ast.CallExpr, *ast.BasicLit:
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind != token.CHAR && lit.Kind != token.STRING && !isDuration(tv.Type) {
				if lit.Kind == token.INT && !strings.HasPrefix(lit.Value, "0") || lit.Value == "0" || strings.HasPrefix(lit.Value, "0x") {
					if v, ok := constant.Int64Val(constant.ToInt(tv.Value)); ok && v < 1<<53 && isInteger(tv.Type) {
						return prim("%s", lit.Value)
					}
				}
			}
			if lit, ok := e.(*ast.BasicLit); ok {
				if lit.Kind == token.CHAR {
					if isInteger(tv.Type) {
						return prim("%s /* %s */", tv.Value.ExactString(), strings.ReplaceAll(lit.Value, "*/", "* /"))
					}
				}
				if lit.Kind == token.STRING && strings.HasPrefix(lit.Value, "`") {
					return t.rawString(constant.StringVal(tv.Value))
				}
			}
			if isDuration(tv.Type) && mentionsDurationUnit(t.info, e) && !mentionsLocalConst(t, e) {
				return t.durationExpr(e, tv)
			}
			if !mentionsName(t.info, e) || overflows(tv) {
				if x, ok := t.constant(tv.Value, tv.Type); ok {
					return x
				}
			}
			if b, ok := e.(*ast.BinaryExpr); ok && isInteger(tv.Type) && (b.Op != token.ADD && b.Op != token.SUB && b.Op != token.MUL) {
				if x, ok := t.constant(tv.Value, tv.Type); ok {
					return x
				}
			}
		}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		x := t.expr(e.X)
		if x.p == pPrimary || x.p == pUnary {
			return x
		}
		return X{s: "(" + x.s + ")", p: pPrimary, undef: x.undef}
	case *ast.BasicLit:
		if tv := t.info.Types[e]; tv.Value != nil {
			if x, ok := t.constant(tv.Value, tv.Type); ok {
				return x
			}
		}
		return t.unported(e, "literal", "complex numbers", "write them with two numbers")
	case *ast.Ident:
		return t.ident(e)
	case *ast.SelectorExpr:
		return t.selector(e)
	case *ast.StarExpr:
		return t.star(e)
	case *ast.UnaryExpr:
		return t.unary(e)
	case *ast.BinaryExpr:
		return t.binary(e)
	case *ast.CallExpr:
		return t.call(e)
	case *ast.FuncLit:
		return t.funcLit(e, false)
	case *ast.CompositeLit:
		return t.composite(e)
	case *ast.IndexExpr:
		return t.index(e)
	case *ast.IndexListExpr:
		return t.expr(e.X)
	case *ast.SliceExpr:
		return t.slice(e)
	case *ast.TypeAssertExpr:
		return t.assertion(e)
	case *ast.KeyValueExpr:
		return prim("%s: %s", t.expr(e.Key).s, t.expr(e.Value).s)
	}
	return t.unported(e, "expression", fmt.Sprintf("%T", e), "write it by hand")
}

func overflows(tv types.TypeAndValue) bool { return false }

func mentionsDurationUnit(info *types.Info, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if c, ok := info.Uses[id].(*types.Const); ok && c.Pkg() != nil && c.Pkg().Path() == "time" {
				found = true
			}
		}
		return true
	})
	return found
}

func mentionsLocalConst(t *tr, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if c, ok := t.info.Uses[id].(*types.Const); ok && c.Pkg() != nil && c.Pkg().Path() != "time" {
				found = true
			}
		}
		return true
	})
	return found
}

// durationExpr keeps 50*time.Millisecond as it is written, where the arithmetic is the same.
func (t *tr) durationExpr(e ast.Expr, tv types.TypeAndValue) X {
	if b, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && (b.Op == token.MUL || b.Op == token.ADD || b.Op == token.SUB) {
		side := func(x ast.Expr) (X, bool) {
			x = ast.Unparen(x)
			if c, ok := x.(*ast.CallExpr); ok && len(c.Args) == 1 {
				if _, isType, _ := callee(t.info, c); isType {
					x = ast.Unparen(c.Args[0])
				}
			}
			if lit, ok := x.(*ast.BasicLit); ok {
				return prim("%s", lit.Value), true
			}
			if mentionsDurationUnit(t.info, x) {
				return t.expr(x), true
			}
			return X{}, false
		}
		if x, ok := side(b.X); ok {
			if y, ok := side(b.Y); ok {
				p := pMul
				if b.Op != token.MUL {
					p = pAdd
				}
				return X{s: x.at(p) + " " + b.Op.String() + " " + y.at(p+1), p: p}
			}
		}
	}
	if s, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		return t.selector(s)
	}
	return t.durationConst(tv.Value)
}

// rawString prints a string between backquotes, with its line breaks.
func (t *tr) rawString(s string) X {
	if !strings.Contains(s, "\n") && !strings.Contains(s, `\`) {
		return prim("%s", quote(s))
	}
	s = strings.ReplaceAll(s, `\`, `\\`)
	s = strings.ReplaceAll(s, "`", "\\`")
	s = strings.ReplaceAll(s, "${", "\\${")
	return prim("`%s`", strings.ReplaceAll(s, "\n", rawNewline))
}

// rawNewline stands for a line break that must not be indented.
const rawNewline = "\x00"

func (t *tr) ident(e *ast.Ident) X {
	o := t.info.Uses[e]
	if o == nil {
		o = t.info.Defs[e]
	}
	if o == nil {
		return prim("%s", e.Name)
	}
	if _, ok := o.(*types.Nil); ok {
		return t.nilOf(t.info.TypeOf(e))
	}
	if c, ok := o.(*types.Const); ok && c.Parent() == types.Universe {
		if e.Name == "iota" {
			x, _ := t.constant(t.info.Types[e].Value, types.Typ[types.Int])
			return x
		}
		return prim("%s", e.Name)
	}
	name := t.object(o, false)
	if fn, ok := o.(*types.Func); ok && t.prog.generator(fn) != nil {
		return t.pushingValue(name)
	}
	x := X{s: name, p: pPrimary}
	if v, ok := o.(*types.Var); ok {
		if t.isRefVar(v) {
			x.s += ".value"
		}
		if isNilable(v.Type()) && t.prog.facts.nils[t.prog.key(v)] && !t.narrowed(x.s) {
			x.undef = true
		}
		if t.maybeUndef[t.prog.key(v)] && !t.narrowed(x.s) {
			x.undef = true
		}
	}
	return x
}

func (t *tr) nilOf(ty types.Type) X {
	if ty == nil {
		return X{s: "undefined", p: pPrimary, undef: true}
	}
	switch ty.Underlying().(type) {
	case *types.Slice:
		return prim("%s", t.zero(ty))
	case *types.Map, *types.Chan:
		return prim("%s", t.zero(ty))
	}
	return X{s: "undefined", p: pPrimary, undef: true}
}

// isRefVar reports whether a variable is kept in a Ref because a pointer to it exists.
func (t *tr) isRefVar(v *types.Var) bool {
	if v.IsField() || v.Pkg() == nil {
		return false
	}
	return t.prog.refVars[t.prog.key(v)]
}

func (t *tr) star(e *ast.StarExpr) X {
	ty := t.info.TypeOf(e.X)
	x := t.expr(e.X)
	if _, ok := refElem(ty); ok {
		el := t.info.TypeOf(e)
		return X{s: x.sure().at(pPrimary) + ".value", p: pPrimary, undef: isNilable(el) && t.prog.facts.nils[node("ref:"+typeKey(el))]}
	}
	return x.sure()
}

func (t *tr) unary(e *ast.UnaryExpr) X {
	switch e.Op {
	case token.ARROW:
		return t.receive(e)
	case token.AND:
		return t.address(e)
	case token.NOT:
		x := t.expr(e.X)
		return X{s: "!" + x.at(pUnary), p: pUnary}
	case token.XOR:
		x := t.expr(e.X)
		if ty := t.info.TypeOf(e); !small(ty) && !t.flagType(ty) {
			if b, ok := ty.Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned != 0 {
				t.mark(e.Pos(), "overflow", "the complement of an unsigned integer of 64 bits", "use bigint with BigInt.asUintN(64, …)")
			}
			return X{s: "-" + x.at(pUnary) + " - 1", p: pAdd}
		}
		return t.wrap(X{s: "~" + x.at(pUnary), p: pUnary}, t.info.TypeOf(e))
	case token.SUB:
		x := t.expr(e.X)
		s := x.at(pUnary)
		if strings.HasPrefix(s, "-") {
			s = "(" + s + ")"
		}
		r := X{s: "-" + s, p: pUnary}
		if b, ok := t.info.TypeOf(e).Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned != 0 {
			if !small(b) {
				t.mark(e.Pos(), "overflow", "the negative of an unsigned integer of 64 bits", "use bigint with BigInt.asUintN(64, …)")
				return r
			}
			return t.wrap(r, t.info.TypeOf(e))
		}
		switch basicKind(t.info.TypeOf(e)) {
		case types.Int8, types.Int16, types.Int32:
			if b, ok := types.Unalias(t.info.TypeOf(e)).(*types.Basic); !ok || b.Name() != "rune" {
				return t.wrap(r, t.info.TypeOf(e)) // the smallest number has no counterpart
			}
		}
		return r
	}
	return t.expr(e.X)
}

// receive translates <-ch as a value. A closed channel yields the zero value.
func (t *tr) receive(e *ast.UnaryExpr) X {
	ch := t.info.TypeOf(e.X)
	c := ch.Underlying().(*types.Chan)
	x := X{s: "await " + t.expr(e.X).sure().at(pPrimary) + ".receive()", p: pUnary}
	return t.received(x, c, true)
}

func (t *tr) received(x X, c *types.Chan, value bool) X {
	el := c.Elem()
	if isEmptyStruct(el) {
		return x
	}
	if isTime(el) {
		return prim("%s(%s)", t.stdFunc("time", "at"), x.s)
	}
	if isNilable(el) {
		x.undef = true
		return x
	}
	if !t.prog.facts.closed[typeKey(el)] && t.ownChannels() {
		x.undef = true
		return x.sure()
	}
	if isTypeParam(el) {
		return X{s: x.s + " as " + t.typ(el), p: pCoalesce}
	}
	if strings.HasPrefix(x.s, "await ") {
		x = X{s: "(" + x.s + ")", p: pPrimary}
	}
	return X{s: x.at(pOrOr+1) + " ?? " + t.zero(el), p: pCoalesce}
}

// ownChannels reports whether the program makes all channels itself: a main package does.
func (t *tr) ownChannels() bool { return t.unit.Name == "main" }

func (t *tr) address(e *ast.UnaryExpr) X {
	switch x := ast.Unparen(e.X).(type) {
	case *ast.CompositeLit:
		if el, ok := refElem(types.NewPointer(t.info.TypeOf(x))); ok {
			return prim("%s<%s>(%s)", t.lang("ref"), t.place(el, node("ref:"+typeKey(el))), t.expr(x).s)
		}
		return t.expr(x)
	}
	ty := t.info.TypeOf(e.X)
	if _, ok := refElem(types.NewPointer(ty)); !ok {
		return t.expr(e.X)
	}
	switch x := ast.Unparen(e.X).(type) {
	case *ast.Ident:
		if v, ok := t.info.Uses[x].(*types.Var); ok && t.isRefVar(v) {
			return prim("%s", t.object(v, false))
		}
		if v, ok := t.info.Uses[x].(*types.Var); ok {
			name := t.object(v, false)
			return prim("%s(() => %s, (v) => { %s = v; })", t.lang("refOf"), name, name)
		}
	case *ast.SelectorExpr:
		if s := t.info.Selections[x]; s != nil {
			f := t.expr(x).s
			if i := strings.LastIndex(f, "."); i > 0 {
				return prim("%s(%s, %s)", t.lang("refTo"), f[:i], quote(strings.TrimSuffix(f[i+1:], "!")))
			}
		}
	case *ast.IndexExpr:
		if !isMap(t.info.TypeOf(x.X)) {
			return prim("%s(%s, %s)", t.lang("refTo"), t.expr(x.X).sure().s, t.expr(x.Index).s)
		}
	}
	return t.unported(e, "pointer", "the address of this is taken", "make it a field of an object, and hand over the object")
}

// typeSet reports whether a type parameter may be an integer, and whether it may be a float.
func (t *tr) typeSet(ty types.Type) (ints, floats bool) {
	it, ok := types.Unalias(ty).(*types.TypeParam).Constraint().Underlying().(*types.Interface)
	if !ok {
		return false, false
	}
	var walk func(it *types.Interface)
	term := func(x types.Type) {
		if inner, ok := x.Underlying().(*types.Interface); ok && !isTypeParam(x) {
			walk(inner)
			return
		}
		ints = ints || isInteger(x)
		floats = floats || isFloat(x)
	}
	walk = func(it *types.Interface) {
		for i := 0; i < it.NumEmbeddeds(); i++ {
			switch e := types.Unalias(it.EmbeddedType(i)).(type) {
			case *types.Union:
				for j := 0; j < e.Len(); j++ {
					term(e.Term(j).Type())
				}
			default:
				term(e)
			}
		}
	}
	walk(it)
	return ints, floats
}

// factor reports whether a factor is small, so that a product with it stays exact.
func (t *tr) factor(e ast.Expr) bool {
	n, ok := constInt(t.info, e)
	if ok {
		return n > -1<<16 && n < 1<<16
	}
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok && id.Name == "len" {
		return true
	}
	if _, isType, _ := callee(t.info, c); isType {
		from := t.info.TypeOf(c.Args[0])
		return small(from) && basicKind(from) != types.Int32 && basicKind(from) != types.Uint32
	}
	return false
}

// masked reports whether the count of a shift is certain to be less than 32.
func (t *tr) masked(e ast.Expr) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok {
		if c, ok := ast.Unparen(e).(*ast.CallExpr); ok && len(c.Args) == 1 {
			if _, isType, _ := callee(t.info, c); isType {
				return t.masked(c.Args[0])
			}
		}
		return false
	}
	n, ok := constInt(t.info, b.Y)
	return ok && (b.Op == token.AND && n < 32 || b.Op == token.REM && n <= 32)
}

// mixing marks arithmetic that overflows 64 bits on purpose, as in hashes and random generators: numbers have only 53
// bits.
func (t *tr) mixing(op token.Token, ex, ey ast.Expr, ty types.Type) {
	if !isInteger(ty) || small(ty) || isDuration(ty) || t.fn == nil || t.info.Types[ex].Type == nil {
		return
	}
	n, ok := constInt(t.info, ey)
	if v := t.info.Types[ey].Value; v != nil && !ok {
		n, ok = 1<<62, true
	}
	if op == token.SHL && t.leaves53(ex, ey) {
		t.overflow(ex)
		return
	}
	switch {
	case op == token.SHL && ok && n >= 5 || op == token.MUL && ok && n >= 31 || op == token.MUL && ok && n < 0 && big(t.info, ey):
	case op == token.MUL:
		m, ok := constInt(t.info, ex)
		if !ok || m < 31 {
			return
		}
		ex, ey = ey, ex
	default:
		return
	}
	// Only if the result is assigned back to the operand, so that it can grow without limit.
	if !t.accumulates(ex) {
		return
	}
	t.overflow(ex)
}

// leaves53 reports whether a shift moves bits to where a number has none: a part of an integer that is put together of
// several, or a bit of a word of 64.
func (t *tr) leaves53(ex, ey ast.Expr) bool {
	n, ok := constInt(t.info, ey)
	if !ok {
		if c, isCall := ast.Unparen(ey).(*ast.CallExpr); isCall && len(c.Args) == 1 {
			if _, isType, _ := callee(t.info, c); isType {
				ey = c.Args[0]
			}
		}
		b, isBinary := ast.Unparen(ey).(*ast.BinaryExpr)
		if !isBinary {
			return false
		}
		m, known := constInt(t.info, b.Y)
		return known && (b.Op == token.AND && m == 63 || b.Op == token.REM && m == 64)
	}
	if v := t.info.Types[ex].Value; v != nil {
		return false
	}
	width := int64(64)
	switch x := ast.Unparen(ex).(type) {
	case *ast.CallExpr:
		if _, isType, _ := callee(t.info, x); isType && len(x.Args) == 1 {
			switch basicKind(t.info.TypeOf(x.Args[0])) {
			case types.Int8, types.Uint8:
				width = 8
			case types.Int16, types.Uint16:
				width = 16
			case types.Int32, types.Uint32:
				width = 32
			}
		}
	case *ast.BinaryExpr:
		for _, side := range []ast.Expr{x.X, x.Y} {
			if m, known := constInt(t.info, side); known && x.Op == token.AND && m >= 0 {
				width = int64(bits.Len64(uint64(m)))
			}
		}
	}
	return n >= 20 && (width == 64 || width+n > 53)
}

func (t *tr) overflow(ex ast.Expr) {
	if t.once[fmt.Sprint("mixing", t.fn.node.Pos())] {
		return
	}
	t.once[fmt.Sprint("mixing", t.fn.node.Pos())] = true
	t.mark(ex.Pos(), "overflow", "arithmetic that may overflow 2^53", "use bigint with BigInt.asUintN(64, …), or a hash of 32 bits")
}

// accumulates reports whether the statement that is translated computes a variable from itself: h = h*31 + c.
func (t *tr) accumulates(e ast.Expr) bool {
	root := types.ExprString(ast.Unparen(e))
	switch s := t.curStmt.(type) {
	case *ast.AssignStmt:
		for i, l := range s.Lhs {
			if types.ExprString(l) == root && (s.Tok != token.ASSIGN || len(s.Rhs) == len(s.Lhs) && s.Rhs[i].Pos() <= e.Pos() && e.End() <= s.Rhs[i].End()) {
				return true
			}
		}
	}
	return false
}

func (t *tr) wrap(x X, ty types.Type) X {
	switch basicKind(ty) {
	case types.Int8:
		return X{s: "(" + x.at(pShift) + " << 24) >> 24", p: pShift}
	case types.Int16:
		return X{s: "(" + x.at(pShift) + " << 16) >> 16", p: pShift}
	case types.Int32:
		return X{s: x.at(pBitOr) + " | 0", p: pBitOr}
	case types.Uint8:
		return X{s: x.at(pBitAnd) + " & 0xff", p: pBitAnd}
	case types.Uint16:
		return X{s: x.at(pBitAnd) + " & 0xffff", p: pBitAnd}
	case types.Uint32:
		return X{s: x.at(pShift) + " >>> 0", p: pShift}
	}
	return x
}

// small reports whether an integer type is narrower than JavaScript's exact integers.
func small(ty types.Type) bool {
	switch basicKind(ty) {
	case types.Int8, types.Int16, types.Int32, types.Uint8, types.Uint16, types.Uint32, types.UntypedRune:
		return true
	}
	return false
}

func (t *tr) isNilExpr(e ast.Expr) bool { return t.info.Types[e].IsNil() }

func constInt(info *types.Info, e ast.Expr) (int64, bool) {
	if v := info.Types[e].Value; v != nil {
		if i := constant.ToInt(v); i.Kind() == constant.Int {
			return constant.Int64Val(i)
		}
	}
	return 0, false
}

func (t *tr) binary(e *ast.BinaryExpr) X {
	switch e.Op {
	case token.EQL, token.NEQ:
		return t.compare(e)
	case token.LAND, token.LOR:
		x := t.expr(e.X)
		p := pAndAnd
		if e.Op == token.LOR {
			p = pOrOr
		}
		yes, no := t.implied(e.X)
		if e.Op == token.LOR {
			yes = no
		}
		t.narrow(yes)
		y := t.expr(e.Y)
		t.widen(yes)
		return X{s: x.at(p) + t.opBreak(e) + y.at(p), p: p}
	}
	return t.arith(e.Op, t.zeroedField(e.X, t.expr(e.X)), t.zeroedField(e.Y, t.expr(e.Y)), e.X, e.Y, t.info.TypeOf(e))
}

// opBreak keeps a line break after && and ||.
func (t *tr) opBreak(e *ast.BinaryExpr) string {
	if t.prog.line(e.OpPos) != t.prog.line(e.Y.Pos()) {
		return " " + e.Op.String() + "\n  "
	}
	return " " + e.Op.String() + " "
}

func (t *tr) arith(op token.Token, x, y X, ex, ey ast.Expr, ty types.Type) X {
	x, y = x.sure(), y.sure()
	tx := t.info.TypeOf(ex)
	if tx != nil && isTypeParam(tx) {
		x, y = t.zeroLike(x, ex, ey), t.zeroLike(y, ey, ex)
	}
	switch op {
	case token.LSS, token.GTR, token.LEQ, token.GEQ:
		// uint(i) < uint(n) is false for a negative i.
		if t.fromSigned(ex) {
			x = prim("%s(%s)", t.lang("unsigned"), x.s)
		}
		if t.fromSigned(ey) {
			y = prim("%s(%s)", t.lang("unsigned"), y.s)
		}
		return X{s: x.at(pLess) + " " + op.String() + " " + y.at(pLess+1), p: pLess}
	}
	if isTypeParam(ty) {
		r := X{s: x.at(pAdd) + " " + op.String() + " " + y.at(pAdd+1), p: pAdd}
		if op == token.MUL || op == token.QUO || op == token.REM {
			r = X{s: x.at(pMul) + " " + op.String() + " " + y.at(pMul+1), p: pMul}
		}
		if op == token.QUO || op == token.REM {
			switch ints, floats := t.typeSet(ty); {
			case ints && floats && op == token.QUO:
				t.mark(ex.Pos(), "division", "a division of integers or floats, whichever the type parameter is", "write a function for each of the two")
			case ints:
				name := map[token.Token]string{token.QUO: "div", token.REM: "rem"}[op]
				return X{s: t.lang(name) + "(" + x.s + ", " + y.s + ") as " + t.typ(ty), p: pCoalesce}
			}
		}
		if c := t.constraint(types.Unalias(ty).(*types.TypeParam).Constraint()); c != "number" && op == token.ADD {
			return X{s: "(" + x.at(pUnary) + " as never) + " + y.at(pAdd+1) + " as " + t.typ(ty), p: pCoalesce}
		}
		return X{s: r.at(pLess) + " as " + t.typ(ty), p: pCoalesce}
	}
	integer := isInteger(ty)
	if basicKind(ty) == types.Float32 {
		p := map[token.Token]int{token.ADD: pAdd, token.SUB: pAdd, token.MUL: pMul, token.QUO: pMul}[op]
		return prim("Math.fround(%s %s %s)", x.at(p), op, y.at(p+1))
	}
	t.mixing(op, ex, ey, ty)
	switch op {
	case token.ADD, token.SUB:
		r := X{s: x.at(pAdd) + " " + op.String() + " " + y.at(pAdd+1), p: pAdd}
		if integer && small(ty) {
			if t.fits(op, ex, ey, ty) {
				return r
			}
			return t.wrap(r, ty)
		}
		return r
	case token.MUL:
		if isDuration(ty) {
			// One of the two is a plain number converted to a duration.
			return t.durationMul(x, y, ex, ey)
		}
		switch basicKind(ty) {
		case types.Int32:
			return prim("Math.imul(%s, %s)", x.s, y.s)
		case types.Uint32:
			return X{s: "Math.imul(" + x.s + ", " + y.s + ") >>> 0", p: pShift}
		case types.Uint64, types.Uint:
			if big(t.info, ex) || big(t.info, ey) {
				t.mark(ex.Pos(), "overflow", "this product of 64 bits may overflow 2^53", "use bigint with BigInt.asUintN(64, …)")
			}
		}
		r := X{s: x.at(pMul) + " * " + y.at(pMul+1), p: pMul}
		if integer && small(ty) {
			return t.wrap(r, ty)
		}
		return r
	case token.QUO:
		if isDuration(ty) {
			if isDurationValue(t.info, ey) && isDurationValue(t.info, ex) {
				// The quotient of two durations has the type Duration in Go, but is a plain number.
				return prim("%s(%s, %s)", t.lang("div"), x.s, y.s).divided(t)
			}
			return X{s: x.at(pMul) + " / " + t.durationFactor(ey, y).at(pMul+1), p: pMul}
		}
		if integer {
			r := prim("%s(%s, %s)", t.lang("div"), x.s, y.s)
			n, ok := constInt(t.info, ey)
			if ok && n != 0 {
				r = prim("Math.trunc(%s / %s)", x.at(pMul), y.at(pMul+1))
			}
			if b, is := ty.Underlying().(*types.Basic); is && small(ty) && b.Info()&types.IsUnsigned == 0 && (!ok || n == -1) {
				return t.wrap(r, ty) // the least value by -1 is itself
			}
			return r
		}
		return X{s: x.at(pMul) + " / " + y.at(pMul+1), p: pMul}
	case token.REM:
		if m, ok := ast.Unparen(ex).(*ast.BinaryExpr); ok && integer && !small(ty) && m.Op == token.MUL && !t.factor(m.X) && !t.factor(m.Y) {
			// mulRem is exact even if the product exceeds 2^53.
			return prim("%s(%s, %s, %s)", t.lang("mulRem"), t.expr(m.X).sure().s, t.expr(m.Y).sure().s, y.s)
		}
		if integer {
			if n, ok := constInt(t.info, ey); !ok || n == 0 {
				return prim("%s(%s, %s)", t.lang("rem"), x.s, y.s)
			}
		}
		return X{s: x.at(pMul) + " % " + y.at(pMul+1), p: pMul}
	case token.AND, token.OR, token.XOR, token.AND_NOT:
		return t.bits(op, x, y, ex, ey, ty)
	case token.SHL:
		if _, isConst := constInt(t.info, ey); !isConst && small(ty) && !t.masked(ey) {
			return t.wrap(X{s: x.at(pMul) + " * 2 ** " + y.at(pUnary), p: pMul}, ty) // for any count
		}
		if n, ok := constInt(t.info, ex); ok && n == 1 && !small(ty) {
			return X{s: "2 ** " + y.at(pUnary), p: pPow}
		}
		if small(ty) {
			return t.wrap(X{s: x.at(pShift) + " << " + y.at(pShift+1), p: pShift}, ty)
		}
		return X{s: x.at(pMul) + " * 2 ** " + y.at(pUnary), p: pMul}
	case token.SHR:
		if _, isConst := constInt(t.info, ey); !isConst && small(ty) && !t.masked(ey) {
			return prim("Math.floor(%s / 2 ** %s)", x.at(pMul), y.at(pUnary))
		}
		switch basicKind(ty) {
		case types.Int8, types.Int16, types.Int32, types.UntypedRune:
			return X{s: x.at(pShift) + " >> " + y.at(pShift+1), p: pShift}
		case types.Uint8, types.Uint16, types.Uint32:
			return X{s: x.at(pShift) + " >>> " + y.at(pShift+1), p: pShift}
		}
		return prim("Math.floor(%s / 2 ** %s)", x.at(pMul), y.at(pUnary))
	}
	return X{s: x.at(pMul) + " " + op.String() + " " + y.at(pMul), p: pAdd}
}

// fromSigned reports whether an expression converts an int that may be negative to an unsigned type of 64 bits.
func (t *tr) fromSigned(e ast.Expr) bool {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(c.Args) != 1 || t.info.Types[c].Value != nil {
		return false
	}
	if _, isType, _ := callee(t.info, c); !isType {
		return false
	}
	switch basicKind(t.info.TypeOf(c)) {
	case types.Uint, types.Uint64, types.Uintptr:
	default:
		return false
	}
	from := t.info.TypeOf(c.Args[0])
	if b, ok := from.Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 || b.Info()&types.IsUnsigned != 0 || isDuration(from) {
		return false
	}
	if inner, ok := ast.Unparen(c.Args[0]).(*ast.CallExpr); ok {
		if id, ok := ast.Unparen(inner.Fun).(*ast.Ident); ok && (id.Name == "len" || id.Name == "cap") {
			return false
		}
	}
	return true
}

func (x X) divided(t *tr) X { return x }

// fits reports whether a sum of small integers needs no wrapping because a constant is small, as in r - '0' for a rune.
func (t *tr) fits(op token.Token, ex, ey ast.Expr, ty types.Type) bool {
	switch basicKind(ty) {
	case types.Int32:
		// Runes are far from the limits of int32.
		if b, ok := types.Unalias(ty).(*types.Basic); ok && b.Name() == "rune" {
			return true
		}
		for _, e := range []ast.Expr{ex, ey} {
			if tv := t.info.Types[e]; tv.Value != nil {
				if _, ok := ast.Unparen(e).(*ast.BasicLit); ok && ast.Unparen(e).(*ast.BasicLit).Kind == token.CHAR {
					return true
				}
			}
		}
	}
	return false
}

func big(info *types.Info, e ast.Expr) bool {
	n, ok := constInt(info, e)
	return ok && (n > 1<<31 || n < 0)
}

func isDurationValue(info *types.Info, e ast.Expr) bool {
	e = ast.Unparen(e)
	if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.MUL || b.Op == token.QUO || b.Op == token.ADD || b.Op == token.SUB) && info.Types[e].Value == nil {
		return isDurationValue(info, b.X) || isDurationValue(info, b.Y) && b.Op != token.QUO
	}
	if tv := info.Types[e]; tv.Value != nil {
		return mentionsDurationUnit(info, e) || func() bool {
			if id, ok := e.(*ast.Ident); ok {
				_, isConst := info.Uses[id].(*types.Const)
				return isConst && isDuration(tv.Type)
			}
			return false
		}()
	}
	if c, ok := e.(*ast.CallExpr); ok {
		if _, isType, _ := callee(info, c); isType && isDuration(info.TypeOf(c)) && !isDuration(info.TypeOf(c.Args[0])) {
			return false
		}
	}
	return isDuration(info.TypeOf(e))
}

// durationFactor strips the conversion of a plain number to a duration, which Go requires.
func (t *tr) durationFactor(e ast.Expr, x X) X {
	e = ast.Unparen(e)
	if b, ok := e.(*ast.BinaryExpr); ok && t.info.Types[e].Value == nil && (b.Op == token.MUL || b.Op == token.ADD || b.Op == token.SUB) {
		p := pAdd
		if b.Op == token.MUL {
			p = pMul
		}
		return X{s: t.durationFactor(b.X, X{}).at(p) + " " + b.Op.String() + " " + t.durationFactor(b.Y, X{}).at(p+1), p: p}
	}
	if x.s == "" {
		x = t.expr(e)
	}
	if c, ok := e.(*ast.CallExpr); ok && len(c.Args) == 1 {
		if _, isType, _ := callee(t.info, c); isType && !isDuration(t.info.TypeOf(c.Args[0])) {
			y := t.expr(c.Args[0])
			if isFloat(t.info.TypeOf(c.Args[0])) {
				return prim("Math.trunc(%s)", y.s)
			}
			return y
		}
	}
	if tv := t.info.Types[e]; tv.Value != nil && !mentionsDurationUnit(t.info, e) && !mentionsName(t.info, e) {
		y, _ := t.constant(tv.Value, types.Typ[types.Int64])
		return y
	}
	return x
}

func (t *tr) durationMul(x, y X, ex, ey ast.Expr) X {
	if !isDurationValue(t.info, ex) && !isDurationValue(t.info, ey) {
		return prim("%s(%s * %s)", t.stdFunc("time", "fromNanoseconds"), t.durationFactor(ex, x).at(pMul), t.durationFactor(ey, y).at(pMul+1))
	}
	if !isDurationValue(t.info, ex) {
		x = t.durationFactor(ex, x)
	} else if !isDurationValue(t.info, ey) {
		y = t.durationFactor(ey, y)
	} else {
		// Both are durations: one of them is used as a number of nanoseconds.
		y = prim("%s(%s)", t.stdFunc("time", "nanoseconds"), y.s)
	}
	return X{s: x.at(pMul) + " * " + y.at(pMul+1), p: pMul}
}

func (t *tr) bits(op token.Token, x, y X, ex, ey ast.Expr, ty types.Type) X {
	p := map[token.Token]int{token.AND: pBitAnd, token.OR: pBitOr, token.XOR: pBitXor, token.AND_NOT: pBitAnd}[op]
	js := map[token.Token]string{token.AND: "&", token.OR: "|", token.XOR: "^", token.AND_NOT: "& ~"}[op]
	plain := func() X {
		r := y.at(p + 1)
		if op == token.AND_NOT {
			r = y.at(pUnary)
			return X{s: x.at(p) + " & ~" + r, p: p}
		}
		return X{s: x.at(p) + " " + js + " " + r, p: p}
	}
	if small(ty) {
		if basicKind(ty) == types.Uint32 {
			return X{s: plain().at(pShift) + " >>> 0", p: pShift}
		}
		return plain()
	}
	// 64 bits: plain operators where the operands are known to be small.
	lowMask := func(e ast.Expr) bool { n, ok := constInt(t.info, e); return ok && n >= 0 && n < 1<<31 }
	if op == token.AND && (lowMask(ex) || lowMask(ey)) {
		return plain()
	}
	if t.flagType(ty) || lowMask(ex) && lowMask(ey) {
		return plain()
	}
	name := map[token.Token]string{token.AND: "and64", token.OR: "or64", token.XOR: "xor64", token.AND_NOT: "andNot64"}[op]
	return prim("%s(%s, %s)", t.lang(name), x.s, y.s)
}

// flagType reports whether a type is a set of flags: all its constants are small.
func (t *tr) flagType(ty types.Type) bool {
	n, ok := types.Unalias(ty).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || !t.prog.isLocal(n.Obj().Pkg()) {
		return false
	}
	found := false
	s := n.Obj().Pkg().Scope()
	for _, name := range s.Names() {
		if c, ok := s.Lookup(name).(*types.Const); ok && typeKey(c.Type()) == typeKey(n) {
			v, ok := constant.Int64Val(constant.ToInt(c.Val()))
			if !ok || v < 0 || v >= 1<<31 {
				return false
			}
			found = true
		}
	}
	return found
}

func (t *tr) compare(e *ast.BinaryExpr) X {
	op := e.Op.String() + "="
	ex, ey := e.X, e.Y
	if t.isNilExpr(ex) {
		ex, ey = ey, ex
	}
	tx := t.info.TypeOf(ex)
	if t.isNilExpr(ey) {
		x := t.expr(ex)
		switch tx.Underlying().(type) {
		case *types.Slice:
			t.nilSliceCompare(ex)
			return X{s: x.at(pPrimary) + ".length " + op + " 0", p: pEquals}
		case *types.Map:
			if s := t.inMap(ex); s != "" {
				return X{s: s + " " + op + " undefined", p: pEquals}
			}
			if isStdMap(tx) {
				return X{s: x.at(pPrimary) + ".map.size " + op + " 0", p: pEquals}
			}
			return X{s: x.at(pEquals) + " " + op + " " + t.lang("nilMap") + "()", p: pEquals}
		case *types.Chan:
			return X{s: x.at(pEquals) + " " + op + " " + t.gocsp("nilChan") + "()", p: pEquals}
		}
		return X{s: x.at(pEquals+1) + " " + op + " undefined", p: pEquals}
	}
	ty := t.info.TypeOf(ey)
	if isTypeParam(tx) && (t.zeroVar(ex) || t.zeroVar(ey)) {
		if t.zeroVar(ex) {
			ex = ey
		}
		if e.Op == token.NEQ {
			return X{s: "!" + t.lang("isZero") + "(" + t.expr(ex).s + ")", p: pUnary}
		}
		return prim("%s(%s)", t.lang("isZero"), t.expr(ex).s)
	}
	if isTypeParam(tx) && isTypeParam(ty) && (t.mayZero(ex) || t.mayZero(ey)) {
		same := t.lang("sameOrZero") + "(" + t.expr(ex).s + ", " + t.expr(ey).s + ")"
		if e.Op == token.NEQ {
			return X{s: "!" + same, p: pUnary}
		}
		return prim("%s", same)
	}
	x, y := t.operand(ex, ty), t.operand(ey, tx)
	if isTime(tx) || isStruct(tx) || isStruct(ty) || isArray(tx) || isArray(ty) || t.needsBox(tx) != t.needsBox(ty) || t.structLike(tx) || t.structLike(ty) || t.prog.paramByValue(tx) {
		neg := ""
		if e.Op == token.NEQ {
			neg = "!"
		}
		p := pPrimary
		if neg != "" {
			p = pUnary
		}
		return X{s: neg + t.lang("equal") + "(" + x.s + ", " + y.s + ")", p: p}
	}
	if c := t.info.Types[ey].Value; c != nil && t.info.Types[ex].Value == nil && (isNumber(tx) || isString(tx)) && t.fn != nil && t.changesUnseen(ex) {
		// TypeScript keeps the narrowing of an earlier comparison, although a call may have changed the value since.
		key := fmt.Sprint(t.fn.node.Pos(), x.s)
		if t.compared == nil {
			t.compared = map[string]string{}
		}
		if before, ok := t.compared[key]; ok && before != c.ExactString() {
			x = X{s: "(" + x.s + " as " + t.typ(tx.Underlying()) + ")", p: pPrimary}
		}
		t.compared[key] = c.ExactString()
	}
	if t.info.Types[ex].Value != nil && t.info.Types[ey].Value != nil && isNumber(tx) {
		// TypeScript would know the result, and report an error.
		x = X{s: "(" + x.s + " as number)", p: pPrimary}
	}
	if len(x.s) > 0 && len(y.s) > 0 && isBoolLiteral(y.s) && tx.Underlying() != nil {
		if (y.s == "true") == (e.Op == token.EQL) {
			return x
		}
		return X{s: "!" + x.at(pUnary), p: pUnary}
	}
	return X{s: x.at(pEquals+1) + " " + op + " " + y.at(pEquals+1), p: pEquals}
}

// changesUnseen reports whether a call may change a variable or field although nothing is assigned where it is compared.
func (t *tr) changesUnseen(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return t.prog.facts.capSet[t.prog.key(t.info.Uses[x])]
	case *ast.SelectorExpr:
		return t.info.Selections[x] != nil
	}
	return false
}

func isBoolLiteral(s string) bool { return s == "true" || s == "false" }

// operand translates an operand of a comparison. It is converted to an interface if the other operand is one.
func (t *tr) operand(e ast.Expr, other types.Type) X {
	if isIface(other) && !isIface(t.info.TypeOf(e)) {
		return t.value(e, other, nil)
	}
	return t.zeroedField(e, t.expr(e))
}

// structLike reports whether a comparison of interfaces may have to compare structs.
func (t *tr) structLike(ty types.Type) bool {
	if !isIface(ty) {
		return false
	}
	return !isError(ty) && t.prog.facts.valueIn[typeKey(ty.Underlying())]
}

func (t *tr) isReceiver(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	return t.locals[t.prog.key(t.info.Uses[id])] == "this"
}

// nilSliceCompare marks a comparison of a slice with nil if an empty slice that is not nil may reach it.
func (t *tr) nilSliceCompare(e ast.Expr) {
	from, _ := t.prog.facts.places(t.info, e)
	for _, k := range from {
		if t.prog.facts.madeEmpty[k] {
			t.mark(e.Pos(), "nil slice", "a nil slice is told from an empty one", "use undefined for the nil slice")
		}
	}
}

func (t *tr) index(e *ast.IndexExpr) X {
	tv := t.info.Types[e.X]
	if tv.IsType() {
		return prim("%s", t.typ(t.info.TypeOf(e)))
	}
	switch u := tv.Type.Underlying().(type) {
	case *types.Signature:
		return t.expr(e.X)
	case *types.Map:
		x := X{s: t.mapToGet(e.X) + ".get(" + t.key(e.Index, u.Key()) + ")", p: pPrimary}
		if isNilable(u.Elem()) {
			x.undef = true
			return x
		}
		if isTypeParam(u.Elem()) {
			return X{s: x.s + " as " + t.typ(u.Elem()), p: pCoalesce}
		}
		return X{s: x.s + " ?? " + t.zero(u.Elem()), p: pCoalesce}
	case *types.Basic:
		return prim("%s(%s, %s)", t.lang("byteAt"), t.expr(e.X).s, t.expr(e.Index).s)
	}
	ct := tv.Type
	if p, ok := ct.Underlying().(*types.Pointer); ok {
		ct = p.Elem()
	}
	el := elemOf(ct)
	if !t.prog.bounds.sure[e.Lbrack] {
		x := prim("%s(%s, %s)", t.lang("at"), t.expr(e.X).sure().s, t.expr(e.Index).s)
		x.undef = isNilable(el) && t.prog.facts.nils[elemNode(ct)] && !t.narrowed(x.s)
		return x
	}
	x := X{s: t.element(e), p: pPrimary}
	if !isNilable(el) || !t.prog.facts.nils[elemNode(ct)] {
		if isTypeParam(el) {
			return X{s: x.s + " as " + t.typ(el), p: pCoalesce}
		}
		x.s += "!"
		return x
	}
	x.undef = !t.narrowed(x.s)
	return x
}

// element translates an element of a slice as the target of an assignment.
func (t *tr) element(e *ast.IndexExpr) string {
	return t.expr(e.X).sure().at(pPrimary) + "[" + t.expr(e.Index).s + "]"
}

// unsureElement returns the element of a slice whose index may be out of range; nil for any other expression.
func (t *tr) unsureElement(l ast.Expr) *ast.IndexExpr {
	ix, ok := ast.Unparen(l).(*ast.IndexExpr)
	if !ok || t.prog.bounds.sure[ix.Lbrack] || isMap(t.info.TypeOf(ix.X)) {
		return nil
	}
	return ix
}

func elemOf(ty types.Type) types.Type {
	switch u := ty.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	case *types.Chan:
		return u.Elem()
	case *types.Pointer:
		return elemOf(u.Elem())
	}
	return types.Typ[types.Invalid]
}

// key translates a key of a map.
func (t *tr) key(e ast.Expr, kt types.Type) string { return t.value(e, kt, nil).s }

func (t *tr) slice(e *ast.SliceExpr) X {
	ty := t.info.TypeOf(e.X)
	x := t.expr(e.X).sure()
	lo, hi := "", ""
	if e.Low != nil {
		lo = t.expr(e.Low).s
	}
	if e.High != nil {
		hi = t.expr(e.High).s
	}
	args := lo
	if hi != "" {
		if lo == "" {
			args = "0"
		}
		args += ", " + hi
	}
	if isString(ty) {
		if args == "" {
			return x
		}
		return prim("%s(%s, %s)", t.lang("substring"), x.s, args)
	}
	if args == "" {
		return x
	}
	if hi == "0" && (lo == "" || lo == "0") {
		if from, _ := t.prog.facts.places(t.info, e.X); len(from) > 0 && isBytes(ty) && t.prog.alias.of(from[0]).grows {
			return prim("%s.subarray(0, 0)", x.at(pPrimary))
		}
		if !t.prog.isView(e) {
			return prim("%s", t.zero(t.info.TypeOf(e)))
		}
	}
	if t.prog.isView(e) {
		t.prog.stats.views++
		if e.Max != nil {
			if hi != "" && lo == "" {
				args = "0, " + hi
			}
			args += ", " + t.expr(e.Max).s
		}
		return prim("%s(%s, %s)", t.lang("view"), x.s, args)
	}
	if t.prog.alias.checks[e.Lbrack] {
		return prim("%s(%s, %s)", t.lang("view"), x.s, args)
	}
	if !t.prog.bounds.sure[e.Lbrack] {
		return prim("%s(%s, %s)", t.lang("slice"), x.s, args)
	}
	if isBytes(t.info.TypeOf(e)) {
		return prim("%s.subarray(%s)", x.at(pPrimary), args)
	}
	return prim("%s.slice(%s)", x.at(pPrimary), args)
}

// assertion translates x.(T) as a value: it panics if x is something else.
func (t *tr) assertion(e *ast.TypeAssertExpr) X {
	ty := t.info.TypeOf(e.Type)
	x := t.expr(e.X)
	if u := t.unboxed(x, ty); u != "" {
		return X{s: u, p: pPrimary}
	}
	if c := t.testType("v", ty); c != "" && !t.trustedAssertion(e) {
		s := x.s
		return prim("%s<%s>(%s, (v) => %s, %s)", t.lang("asserted"), t.typ(ty), s, c, quote(t.goType(ty)))
	}
	if from := t.info.TypeOf(e.X); isIface(from) && !isAny(from) && isIface(ty) {
		return X{s: x.at(pLess) + " as unknown as " + t.typ(ty), p: pCoalesce}
	}
	return X{s: x.at(pLess) + " as " + t.typ(ty), p: pCoalesce}
}

// trustedAssertion reports whether an assertion needs no check: a pool or a heap returns the values that were put in.
func (t *tr) trustedAssertion(e *ast.TypeAssertExpr) bool {
	if c, ok := ast.Unparen(e.X).(*ast.CallExpr); ok {
		if fn, _, _ := callee(t.info, c); fn != nil && fn.Pkg() != nil {
			switch pathOf(fn) {
			case "sync", "container/heap", "container/list", "sync/atomic":
				return true
			}
		}
	}
	if isTypeParam(t.info.TypeOf(e.Type)) {
		return true
	}
	return false
}

func (t *tr) goType(ty types.Type) string {
	return types.TypeString(ty, func(p *types.Package) string { return p.Name() })
}

// unboxed takes a value of a type that is boxed in interfaces out of its box.
func (t *tr) unboxed(x X, ty types.Type) string {
	if basicKind(ty) == types.Float32 && !boxed(ty) {
		return fmt.Sprintf("(%s as %s).value as number", x.at(pUnary), t.lang("type Typed"))
	}
	if isFloat(ty) && !boxed(ty) {
		return fmt.Sprintf("(%s(%s) as number)", t.lang("unbox"), x.s)
	}
	if isDuration(ty) {
		return fmt.Sprintf("(%s(%s) as number)", t.lang("unbox"), x.s)
	}
	if isInteger(ty) && !t.needsBox(ty) && basicKind(ty) != types.Int {
		return fmt.Sprintf("(%s as %s).value as number", x.at(pUnary), t.lang("type Typed"))
	}
	if t.needsBox(ty) {
		return fmt.Sprintf("(%s(%s) as %s)", t.lang("unbox"), x.s, t.typ(ty))
	}
	return ""
}

func (t *tr) alsoLang(name string) string { t.lang(name); return "" }

// needsBox reports whether values of a type are boxed in interfaces: values of types that have methods but are not
// classes, and of types named by a type switch or assertion or used as context keys.
func (t *tr) needsBox(ty types.Type) bool {
	ty = types.Unalias(ty)
	if p, ok := ty.(*types.Pointer); ok {
		ty = types.Unalias(p.Elem())
	}
	n, ok := ty.(*types.Named)
	if !ok || n.Obj().Pkg() == nil || !t.prog.isLocal(n.Obj().Pkg()) {
		return false
	}
	switch n.Underlying().(type) {
	case *types.Struct, *types.Interface:
		return false
	}
	return n.NumMethods() > 0 || t.prog.facts.asserted[typeKey(n)] || t.prog.facts.ctxKeys[typeKey(n)]
}

// elementTest is the condition under which an element has a type, "" if it does not show.
func (t *tr) elementTest(x string, ty types.Type) string {
	switch u := ty.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsNumeric != 0 && u.Info()&types.IsComplex == 0 {
			return "typeof " + x + ` === "number"` // elements are not wrapped, whatever number they are
		}
		return t.testType(x, u)
	case *types.Struct:
		if n := namedOf(ty); n != nil && !isEmptyStruct(ty) {
			return t.testType(x, ty)
		}
	}
	return ""
}

// testType returns the condition that the value of an interface has a type; "" if it cannot be tested.
func (t *tr) testType(x string, ty types.Type) string {
	if isError(ty) {
		return x + " instanceof Error"
	}
	if isTypeParam(ty) {
		return ""
	}
	if isTime(ty) {
		return x + " instanceof " + t.stdFunc("time", "Time")
	}
	if isDuration(ty) {
		return x + " instanceof " + t.lang("Duration")
	}
	if t.needsBox(ty) {
		return x + " instanceof " + t.boxClass(ty)
	}
	switch u := ty.Underlying().(type) {
	case *types.Interface:
		if u.NumMethods() == 0 {
			return x + " !== undefined"
		}
		var names []string
		for i := 0; i < u.NumMethods(); i++ {
			names = append(names, quote(t.prog.names.member(u.Method(i))))
		}
		return fmt.Sprintf("%s(%s, %s)", t.lang("has"), x, strings.Join(names, ", "))
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return "typeof " + x + ` === "string"`
		case u.Info()&types.IsBoolean != 0:
			return "typeof " + x + ` === "boolean"`
		case u.Kind() == types.Float32:
			return t.lang("typeName") + "(" + x + `) === "float32"`
		case u.Info()&types.IsFloat != 0:
			return x + " instanceof " + t.lang("Float")
		case u.Kind() == types.Int:
			return "typeof " + x + ` === "number"`
		case u.Info()&types.IsInteger != 0:
			return t.lang("typeName") + "(" + x + ") === " + quote(goBasic(u))
		}
	case *types.Pointer, *types.Struct:
		if n := namedOf(ty); n != nil {
			if _, ok := n.Underlying().(*types.Struct); ok {
				name := t.ctor(n)
				if i := strings.IndexByte(name, '<'); i > 0 {
					name = name[:i]
				}
				return x + " instanceof " + name
			}
		}
	case *types.Slice:
		if isByte(u.Elem()) {
			return x + " instanceof Uint8Array"
		}
		list := "Array.isArray(" + x + ")"
		if el := t.elementTest(x+"[0]", u.Elem()); el != "" {
			// The list itself does not know what it is of: its first element tells.
			return list + " && (" + x + ".length === 0 || " + el + ")"
		}
		return list
	case *types.Chan:
		name := "tryReceive"
		if u.Dir() == types.SendOnly {
			name = "trySend"
		}
		return fmt.Sprintf("%s(%s, %q)", t.lang("has"), x, name)
	case *types.Map:
		return x + " instanceof Map"
	case *types.Signature:
		return "typeof " + x + ` === "function"`
	}
	return ""
}
