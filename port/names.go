package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
	"unicode"
)

// Names: types start with a capital letter, everything else with a lower-case letter. Reserved words and names that
// collide get an underscore.

var reserved = map[string]bool{}

func init() {
	words := `abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do
		else enum eval export extends false finally for from function get if implements import in instanceof interface is let
		namespace never new null number object of package private protected public return set static string super switch symbol
		this throw true try type typeof undefined unknown using var void while with yield
		chan go select send defer main nilChan gosched goexit PanicError Key Chan SendChan ReceiveChan Context CancelFunc CancelCauseFunc
		Array Boolean Date Error Infinity JSON Map Math NaN Number Object Promise Set String Symbol Uint8Array console process globalThis
		Iterable Record Partial Disposable DisposableStack AsyncDisposableStack`
	for _, s := range strings.Fields(words) {
		reserved[s] = true
	}
	// These are keywords only in some contexts; they are valid names.
	for _, s := range strings.Fields("abstract any as async boolean declare from get implements interface is never number object of private protected public set string symbol type unknown using namespace package static") {
		delete(reserved, s)
	}
	for _, s := range strings.Fields("implements interface package private protected public static let yield") {
		reserved[s] = true // in strict mode
	}
	// The names that the output imports from gocsp/golib: a variable of the same name would hide them.
	for _, name := range strings.Fields(`and64 or64 xor64 andNot64 asError asserted assignMap assignSlice bound box boxError byteAt cancelFunc caughtError cloneArray
		copy copyInto deferring deferringSync div duration equal first flight flightChan float64 fromBytes fromRune fromRunes has interned
		len maximum minimum nilMap noPanic orZero padded panic passing pushing recovered ref refOf refTo rem runes sameOrZero seq substring throwing toBytes toRunes unbox unported zero append appendAll cap isZero makeBytes mulRem typed unsigned view
		at put slice sliceOf typeName`) {
		reserved[name] = true
	}
}

// lower lowers the first letter, or a whole initialism: ID is id, HTTPServer is httpServer.
func lower(s string) string {
	r := []rune(s)
	n := 0
	for n < len(r) && (unicode.IsUpper(r[n]) || n > 0 && unicode.IsDigit(r[n])) {
		n++
	}
	if n > 1 && n < len(r) && unicode.IsLower(r[n]) {
		n--
	}
	for i := 0; i < n; i++ {
		r[i] = unicode.ToLower(r[i])
	}
	return string(r)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

type namer struct {
	prog *program
	// pkg has the names of objects at package level.
	pkg map[node]string
	// members has the names of fields and methods.
	members map[node]string
}

func (p *program) nameAll() {
	n := &namer{prog: p, pkg: map[node]string{}, members: map[node]string{}}
	p.names = n
	for _, u := range p.pkgs {
		n.namePackage(u)
	}
	for _, u := range p.pkgs {
		n.nameMembers(u)
	}
}

func (n *namer) namePackage(u *unit) {
	scope := u.Types.Scope()
	used := map[string]bool{}
	for _, f := range u.files {
		for _, im := range f.Imports {
			if pn := u.info.PkgNameOf(im); pn != nil {
				used[pn.Name()] = true
			}
		}
	}
	names := scope.Names()
	sort.SliceStable(names, func(i, j int) bool { return ast.IsExported(names[i]) && !ast.IsExported(names[j]) })
	take := func(o types.Object, want string) {
		for reserved[want] || used[want] {
			want += "_"
		}
		used[want] = true
		n.pkg[n.prog.key(o)] = want
	}
	for _, name := range names {
		o := scope.Lookup(name)
		if _, ok := o.(*types.TypeName); ok {
			want := upper(name)
			take(o, want)
		}
	}
	for _, name := range names {
		o := scope.Lookup(name)
		switch o.(type) {
		case *types.TypeName:
			continue
		case *types.Func:
			if name == "New" {
				want := "new" + upper(u.Name)
				if res := o.Type().(*types.Signature).Results(); res.Len() > 0 {
					if nm := namedOf(res.At(0).Type()); nm != nil && nm.Obj().Pkg() == o.Pkg() {
						want = "new" + upper(nm.Obj().Name())
					}
				}
				if scope.Lookup(want) != nil || scope.Lookup(upper(want)) != nil {
					want = "new_"
				}
				take(o, want)
				continue
			}
		}
		want := lower(name)
		if want == "then" {
			want = "then_"
		}
		take(o, want)
	}
}

// Members that error classes inherit.
var errorMembers = map[string]bool{"message": true, "stack": true, "cause": true, "name": true, "toString": true}

func (n *namer) nameMembers(u *unit) {
	var all []*types.Named
	for _, o := range u.info.Defs {
		if tn, ok := o.(*types.TypeName); ok && !tn.IsAlias() {
			if nm, ok := tn.Type().(*types.Named); ok {
				all = append(all, nm)
			}
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Obj().Pos() < all[j].Obj().Pos() })
	// Unexported methods whose name is that of an exported member of any type: a method has the same name in all types.
	clash := map[string]bool{}
	for _, nm := range all {
		exported := map[string]bool{}
		for i := 0; i < nm.NumMethods(); i++ {
			if m := nm.Method(i); m.Exported() {
				exported[lower(m.Name())] = true
			}
		}
		if it, ok := nm.Underlying().(*types.Interface); ok {
			for i := 0; i < it.NumMethods(); i++ {
				if it.Method(i).Exported() {
					exported[lower(it.Method(i).Name())] = true
				}
			}
			for i := 0; i < it.NumMethods(); i++ {
				if m := it.Method(i); !m.Exported() && exported[lower(m.Name())] {
					clash[m.Name()] = true
				}
			}
		}
		if st, ok := nm.Underlying().(*types.Struct); ok {
			for i := 0; i < st.NumFields(); i++ {
				if st.Field(i).Exported() && !st.Field(i).Embedded() {
					exported[lower(st.Field(i).Name())] = true
				}
			}
		}
		for i := 0; i < nm.NumMethods(); i++ {
			if m := nm.Method(i); !m.Exported() && exported[lower(m.Name())] {
				clash[m.Name()] = true
			}
		}
	}
	methodName := func(m *types.Func, isErr bool) string {
		sig := m.Type().(*types.Signature)
		plain := sig.Params().Len() == 0 && sig.Results().Len() == 1
		switch m.Name() {
		case "String":
			if plain && isString(sig.Results().At(0).Type()) {
				return "toString"
			}
		case "Error":
			if plain && isErr {
				return "message"
			}
		case "Unwrap":
			if plain && isErr {
				if isError(sig.Results().At(0).Type()) {
					return "cause"
				}
				return "errors"
			}
		}
		name := lower(m.Name())
		if clash[m.Name()] || name == "constructor" || name == "then" || name == "prototype" || isErr && errorMembers[name] || name == "clone" {
			name += "_"
		}
		return name
	}
	for _, nm := range all {
		isErr := isErrorType(nm)
		used := map[string]bool{"clone": true, "constructor": true}
		if isErr {
			for k := range errorMembers {
				used[k] = true
			}
		}
		for i := 0; i < nm.NumMethods(); i++ {
			m := nm.Method(i)
			name := methodName(m, isErr)
			used[name] = true
			n.members[n.prog.key(m)] = name
		}
		if it, ok := nm.Underlying().(*types.Interface); ok {
			for i := 0; i < it.NumMethods(); i++ {
				m := it.Method(i)
				if n.members[n.prog.key(m)] == "" {
					n.members[n.prog.key(m)] = methodName(m, isErr)
				}
			}
		}
		st, ok := nm.Underlying().(*types.Struct)
		if !ok || n.prog.merged[n.prog.key(nm.Obj())] != nil {
			continue
		}
		for _, other := range n.prog.sameClass(nm)[1:] {
			for i := 0; i < other.NumMethods(); i++ {
				used[methodName(other.Method(i), isErr)] = true
			}
		}
		// Promoted methods are members too.
		ms := types.NewMethodSet(types.NewPointer(nm))
		for i := 0; i < ms.Len(); i++ {
			if len(ms.At(i).Index()) > 1 {
				used[lower(ms.At(i).Obj().Name())] = true
			}
		}
		n.nameFields(st, used)
	}
	// Anonymous structs.
	for _, f := range u.files {
		ast.Inspect(f, func(x ast.Node) bool {
			if s, ok := x.(*ast.StructType); ok {
				if st, ok := u.info.TypeOf(s).(*types.Struct); ok {
					if st.NumFields() > 0 && n.members[n.prog.key(st.Field(0))] == "" {
						n.nameFields(st, map[string]bool{})
					}
				}
			}
			if s, ok := x.(*ast.InterfaceType); ok {
				if it, ok := u.info.TypeOf(s).(*types.Interface); ok {
					for i := 0; i < it.NumExplicitMethods(); i++ {
						m := it.ExplicitMethod(i)
						if n.members[n.prog.key(m)] == "" {
							n.members[n.prog.key(m)] = methodName(m, false)
						}
					}
				}
			}
			return true
		})
	}
}

func (n *namer) nameFields(st *types.Struct, used map[string]bool) {
	for pass := 0; pass < 2; pass++ {
		for i := 0; i < st.NumFields(); i++ {
			fl := st.Field(i)
			if fl.Exported() != (pass == 0) {
				continue
			}
			name := lower(fl.Name())
			if name == "then" {
				name = "then_"
			}
			for used[name] {
				name += "_"
			}
			used[name] = true
			n.members[n.prog.key(fl)] = name
		}
	}
}

// member returns the name of a field or method.
func (n *namer) member(o types.Object) string {
	if name := n.members[n.prog.key(o)]; name != "" {
		return name
	}
	if fn, ok := o.(*types.Func); ok {
		sig := fn.Type().(*types.Signature)
		plain := sig.Params().Len() == 0 && sig.Results().Len() == 1
		if plain && fn.Name() == "String" && isString(sig.Results().At(0).Type()) {
			return "toString"
		}
		if fn.Name() == "Error" && sig.Recv() != nil && isError(sig.Recv().Type()) {
			return "message"
		}
	}
	name := lower(o.Name())
	if name == "then" || name == "constructor" {
		name += "_"
	}
	return name
}

func isErrorType(n *types.Named) bool {
	if types.IsInterface(n) {
		return false
	}
	return types.Implements(types.NewPointer(n), errorType.Underlying().(*types.Interface))
}

var errorType = types.Universe.Lookup("error").Type()

func isError(t types.Type) bool { return t != nil && types.Identical(t, errorType) }

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// ---- local names

// A scope is a block of the output with the names that it declares.
type scope struct {
	names map[string]node
	start token.Pos
	// body is set for the body of a function.
	body bool
}

func (t *tr) push(start token.Pos, isBody bool) {
	t.scopes = append(t.scopes, &scope{names: map[string]node{}, start: start, body: isBody})
}

func (t *tr) pop() { t.scopes = t.scopes[:len(t.scopes)-1] }

// visible returns the object that a name denotes in the current scope.
func (t *tr) visible(name string) (node, bool) {
	for i := len(t.scopes) - 1; i >= 0; i-- {
		if o, ok := t.scopes[i].names[name]; ok {
			return o, true
		}
	}
	return nil, false
}

// declare gives a variable its name in the current block. It may hide an outer variable only if neither the block
// before it nor its initializer, which ends at end, uses that variable.
func (t *tr) declare(o types.Object, end token.Pos) string { return t.declareIn(o, end, false) }

// hoisted is declare for the variables of an if or switch, which are declared in the enclosing block: they may hide
// nothing.
func (t *tr) hoisted(o types.Object, end token.Pos) string { return t.declareIn(o, end, true) }

func (t *tr) declareIn(o types.Object, end token.Pos, hoist bool) string {
	if o == nil || o.Name() == "_" {
		return "_"
	}
	k := t.prog.key(o)
	base := o.Name()
	if _, ok := o.(*types.TypeName); ok {
		base = upper(base)
	} else {
		base = lower(base)
	}
	name := base
	for i := 1; !t.free(name, k, end, hoist); i++ {
		if i == 1 && (reserved[base] || t.taken(base) || base == "errors") {
			name = base + "_"
			continue
		}
		name = base + itoa(i)
	}
	t.scopes[len(t.scopes)-1].names[name] = k
	t.locals[k] = name
	return name
}

// taken reports whether the output already uses a name for an import.
func (t *tr) taken(name string) bool {
	return t.importNames[name]
}

func (t *tr) free(name string, k node, end token.Pos, hoist bool) bool {
	if reserved[name] || t.taken(name) || name == "errors" { // errors.result
		return false
	}
	cur := t.scopes[len(t.scopes)-1]
	if old, ok := cur.names[name]; ok && old != k {
		return false
	}
	old, ok := t.visible(name)
	if !ok {
		// A package-level name that this function uses must not be hidden.
		if pk, ok := t.pkgByName[name]; ok && pk != k {
			return !t.usedBetween(pk, t.fnStart, t.fnEnd)
		}
		return true
	}
	if old == k {
		return true
	}
	if hoist {
		return false
	}
	if s, ok := old.(string); ok && strings.HasPrefix(s, "fixed:") {
		return false
	}
	return !t.usedBetween(old, cur.start, end)
}

func (t *tr) usedBetween(k node, from, to token.Pos) bool {
	for _, p := range t.prog.facts.uses[k] {
		if p >= from && p <= to {
			return true
		}
	}
	return false
}

// fresh returns an unused name for a variable that the translator introduces.
func (t *tr) fresh(base string) string {
	name := base
	for i := 1; ; i++ {
		_, vis := t.visible(name)
		_, pk := t.pkgByName[name]
		if !vis && !pk && !reserved[name] && !t.taken(name) && !t.mentioned(name) {
			break
		}
		name = base + itoa(i)
	}
	t.scopes[len(t.scopes)-1].names[name] = "fixed:" + name
	return name
}

// mentioned reports whether the function that is translated declares a variable of that name anywhere.
func (t *tr) mentioned(name string) bool { return t.fnNames[name] }
