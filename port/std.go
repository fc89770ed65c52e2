package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strings"
)

// The standard library: where the parts of Go's are in TypeScript.

//go:embed golib.json
var golibJSON []byte

// exports has the names that each module of gocsp exports, as written by port/exports.ts.
var exports = func() map[string]map[string]bool {
	var lists map[string][]string
	if err := json.Unmarshal(golibJSON, &lists); err != nil {
		panic(err)
	}
	m := map[string]map[string]bool{}
	for mod, names := range lists {
		m[mod] = map[string]bool{}
		for _, n := range names {
			m[mod][n] = true
		}
	}
	return m
}()

var langExports = exports["gocsp/golib"]

// modules maps Go packages to their counterparts, where the last element of the path does not name it.
var modules = map[string]string{
	"context": "gocsp", "time": "gocsp", "sync": "gocsp", "errors": "gocsp",
	"os/signal": "gocsp/signal", "golang.org/x/sync/errgroup": "gocsp/errgroup",
	"golang.org/x/sync/semaphore": "gocsp/semaphore", "golang.org/x/sync/singleflight": "gocsp/singleflight",
	"golang.org/x/time/rate": "gocsp/rate", "sync/atomic": "gocsp/golib/atomic", "database/sql": "gocsp/sql",
	"github.com/stretchr/testify/assert": "gocsp/golib/assert", "github.com/stretchr/testify/require": "gocsp/golib/require",
	"go.uber.org/goleak": "gocsp/golib/goleak", "math/rand/v2": "gocsp/golib/rand",
	"github.com/fortytw2/leaktest": "gocsp/golib/leaktest", "go.uber.org/atomic": "gocsp/golib/atomic",
	"path/filepath": "gocsp/golib/filepath", "golang.org/x/exp/constraints": "gocsp/golib/cmp",
	"io/ioutil": "gocsp/golib/io", "testing/synctest": "gocsp/synctest", "runtime/debug": "gocsp/golib/debug",
	"golang.org/x/exp/slices": "gocsp/golib/slices", "golang.org/x/exp/maps": "gocsp/golib/maps",
}

func moduleOf(path string) string {
	if m := modules[path]; m != "" {
		return m
	}
	if !mirrored[path] {
		return "gocsp/golib/" + path // which does not exist
	}
	return "gocsp/golib/" + path[strings.LastIndexByte(path, '/')+1:]
}

// mirrored lists the Go packages that have a folder of their name; the paths of others may have the same last element.
var mirrored = map[string]bool{}

func init() {
	for _, path := range strings.Fields(`bufio bytes cmp container/heap container/list container/ring fmt io log maps math math/bits
		math/rand net net/http net/http/httptest net/url os reflect runtime slices sort strconv strings testing unicode unicode/utf8`) {
		mirrored[path] = true
	}
}

// blocking reports whether a function of the standard library waits.
func blocking(full string) bool { return blockingFuncs[full] }

var blockingFuncs = map[string]bool{}

func init() {
	for _, s := range strings.Fields(`
		(*sync.WaitGroup).Wait (*sync.Cond).Wait (sync.Locker).Lock time.Sleep runtime.Gosched
		(*golang.org/x/sync/errgroup.Group).Wait (*golang.org/x/sync/semaphore.Weighted).Acquire
		(*golang.org/x/sync/singleflight.Group).Do (*golang.org/x/time/rate.Limiter).Wait (*golang.org/x/time/rate.Limiter).WaitN
		testing/synctest.Test testing/synctest.Wait (*testing.T).Run (*testing.T).Parallel (*testing.B).Run
		net/http.Get net/http.Post net/http.PostForm net/http.Head (*net/http.Client).Do (*net/http.Client).Get
		(*net/http.Client).Post (*net/http.Client).PostForm (*net/http.Client).Head (net/http.RoundTripper).RoundTrip
		(*net/http.Transport).RoundTrip (net/http.Handler).ServeHTTP (net/http.HandlerFunc).ServeHTTP (*net/http.ServeMux).ServeHTTP
		(net/http.ResponseWriter).Write net/http.Error net/http.NotFound net/http.Redirect (*net/http.Request).ParseForm
		(*net/http.Request).FormValue (*net/http.Request).PostFormValue net/http/httptest.NewServer (*net/http/httptest.Server).Close
		net/http.ListenAndServe net/http.Serve (*net/http.Server).Serve (*net/http.Server).ListenAndServe (*net/http.Server).Shutdown
		net.Listen io.ReadAll io.Copy (io.Closer).Close
		io/ioutil.ReadAll io.ReadAtLeast io.ReadFull io.WriteString io.CopyBuffer io.CopyN (io.Reader).Read (io.Writer).Write (io.StringWriter).WriteString
		(io.ByteReader).ReadByte (io.ByteWriter).WriteByte (io.RuneReader).ReadRune (*io.LimitedReader).Read
		(*io.PipeReader).Read (*io.PipeWriter).Write (*bufio.Reader).Read (*bufio.Reader).ReadByte (*bufio.Reader).ReadRune
		(*bufio.Reader).Peek (*bufio.Reader).Discard (*bufio.Reader).ReadBytes (*bufio.Reader).ReadString (*bufio.Reader).ReadSlice
		(*bufio.Reader).ReadLine (*bufio.Scanner).Scan (*bufio.Writer).Write (*bufio.Writer).WriteString (*bufio.Writer).WriteByte
		(*bufio.Writer).WriteRune (*bufio.Writer).Flush (*bytes.Buffer).ReadFrom (*bytes.Buffer).WriteTo (*os.File).Read
		(*database/sql.DB).QueryContext (*database/sql.DB).ExecContext (*database/sql.DB).Query (*database/sql.DB).Exec
		(*database/sql.DB).PrepareContext (*database/sql.DB).BeginTx (*database/sql.DB).Begin (*database/sql.DB).PingContext (*database/sql.DB).Ping
		(*database/sql.DB).Conn (*database/sql.DB).Close (*database/sql.Rows).Next (*database/sql.Rows).Close (*database/sql.Row).Scan
		(*database/sql.Tx).QueryContext (*database/sql.Tx).ExecContext (*database/sql.Tx).Commit (*database/sql.Tx).Rollback
		(*database/sql.Stmt).QueryContext (*database/sql.Stmt).ExecContext (*database/sql.Stmt).Close
		go.uber.org/goleak.VerifyNone (*os/exec.Cmd).Run (*os/exec.Cmd).Wait (*os/exec.Cmd).Output
		`) {
		blockingFuncs[s] = true
	}
	for _, p := range []string{"assert", "require"} {
		for _, s := range strings.Fields("Eventually Eventuallyf Never EventuallyWithT") {
			blockingFuncs["github.com/stretchr/testify/"+p+"."+s] = true
			blockingFuncs["(*github.com/stretchr/testify/"+p+".Assertions)."+s] = true
		}
	}
}

// callbackArgs returns the indexes of the arguments that a function of the standard library calls before it returns: it
// waits if one of them does.
func callbackArgs(full string) []int {
	if i := strings.Index(full, "/testify/"); i >= 0 {
		name := full[strings.LastIndex(full, ".")+1:]
		first := 1
		if strings.HasPrefix(full, "(") {
			first = 0
		}
		switch name {
		case "Panics", "Panicsf", "NotPanics", "NotPanicsf":
			return []int{first}
		case "PanicsWithValue", "PanicsWithError", "PanicsWithValuef", "PanicsWithErrorf":
			return []int{first + 1}
		}
		return nil
	}
	switch full {
	case "testing.AllocsPerRun":
		return []int{1}
	case "(*sync.Map).Range":
		return []int{0}
	}
	return nil
}

// noWaitCallback reports whether a callback of a function of the standard library must not wait here.
func noWaitCallback(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch pathOf(fn) {
	case "sort", "slices", "strings", "bytes", "maps", "container/heap":
		return true
	}
	return fn.FullName() == "(*sync.Map).Range"
}

// stdFunc returns the name of a function of the standard library that is needed here.
func (t *tr) stdFunc(pkg, name string) string {
	last := pkg[strings.LastIndex(pkg, "/")+1:]
	if pkg == "time" || pkg == "context" || pkg == "sync" || pkg == "errors" {
		t.use("std:"+pkg, name)
		return t.alias(pkg, last) + "." + name
	}
	mod := moduleOf(pkg)
	t.use(mod, "* as "+t.alias(pkg, last))
	return t.alias(pkg, last) + "." + name
}

// alias is the name under which a package is imported.
func (t *tr) alias(path, name string) string {
	if name == "" {
		name = path[strings.LastIndex(path, "/")+1:]
	}
	if reserved[name] || t.pkgNameTaken(name) {
		return name + "_"
	}
	return name
}

func (t *tr) pkgNameTaken(name string) bool {
	_, ok := t.pkgByName[name]
	return ok
}

// known reports whether a package's counterpart has a name.
func known(path, name string) bool {
	switch path {
	case "time":
		return exports["gocsp/time"][name] || exports["gocsp/golib/time"][name]
	case "context", "sync", "errors":
		return exports["gocsp/"+path][name] || exports["gocsp/golib/"+path][name]
	}
	return exports[moduleOf(path)][name]
}

// lacks reports whether the counterpart of a type is known, and has no such member.
func lacks(n *types.Named, member string) bool {
	path, name := n.Obj().Pkg().Path(), n.Obj().Name()
	if member == "toString" {
		return false
	}
	mods := []string{moduleOf(path)}
	if mods[0] == "gocsp" {
		mods = []string{"gocsp/golib/" + path, "gocsp/" + path}
	}
	for _, mod := range mods {
		if members := exports[mod+"#"+name]; members != nil {
			return !members[member]
		}
	}
	return false
}

func stdName(o types.Object) string {
	if _, ok := o.(*types.TypeName); ok {
		return o.Name()
	}
	n := lower(o.Name())
	if o.Pkg() != nil && exports[moduleOf(o.Pkg().Path())][n] {
		return n // a member of a namespace may have any name
	}
	for _, w := range strings.Fields("new delete default in of function try catch switch case for do") {
		if n == w {
			return n + "_"
		}
	}
	return n
}

// pkgMember translates pkg.Name.
func (t *tr) pkgMember(p *types.Package, o types.Object, e ast.Expr) X {
	if t.prog.isLocal(p) {
		x := X{s: t.object(o, false), p: pPrimary}
		if v, ok := o.(*types.Var); ok && isNilable(v.Type()) && t.prog.facts.nils[t.prog.key(v)] && !t.narrowed(x.s) {
			x.undef = true
		}
		if v, ok := o.(*types.Var); ok && t.isRefVar(v) {
			x.s += ".value"
		}
		return x
	}
	if p.Path() == "syscall" && strings.HasPrefix(o.Name(), "SIG") {
		return prim("%q", o.Name())
	}
	if c, ok := o.(*types.Const); ok && p.Path() != "database/sql" {
		switch p.Path() {
		case "time":
			if isDuration(c.Type()) {
				return prim("%s", t.stdFunc("time", lower(c.Name())))
			}
		case "math":
			if !known("math", stdName(c)) {
				x, _ := t.constant(c.Val(), c.Type())
				return x
			}
		}
		if !known(p.Path(), stdName(c)) {
			if x, ok := t.constant(c.Val(), c.Type()); ok {
				return x
			}
		}
	}
	if level, ok := strings.CutPrefix(o.Name(), "Level"); ok && p.Path() == "database/sql" {
		return prim("%q", isolation[level])
	}
	switch p.Path() + "." + o.Name() {
	case "os.Interrupt":
		return prim(`"SIGINT"`)
	case "syscall.SIGTERM", "syscall.SIGINT", "syscall.SIGHUP", "syscall.SIGQUIT", "syscall.SIGUSR1", "syscall.SIGUSR2", "syscall.SIGKILL":
		return prim("%q", o.Name())
	case "runtime.NumGoroutine":
		return prim("%s", t.use("gocsp/runtime", "numGoroutine"))
	case "runtime.Goexit":
		return prim("%s", t.use("gocsp/runtime", "goexit"))
	case "runtime.Gosched":
		return prim("%s", t.gocsp("gosched"))
	}
	name := stdName(o)
	if !known(p.Path(), name) {
		t.missing(e, p, o.Name())
		return prim("%s(%s)", t.lang("unported"), quote(p.Name()+"."+o.Name()))
	}
	return prim("%s", t.stdFunc(p.Path(), name))
}

// missing marks a use of the standard library that has no counterpart.
func (t *tr) missing(n ast.Node, p *types.Package, what string) {
	t.mark(n.Pos(), "library", p.Path()+"."+what+" has no counterpart here", "see the table of packages in the guide")
	t.absent[moduleOf(p.Path())] = true
}

// stdType returns the type for one of the standard library's.
func (t *tr) stdType(u *types.Named) string {
	o := u.Obj()
	full := o.Pkg().Path() + "." + o.Name()
	switch full {
	case "time.Duration":
		return "number"
	case "time.Month", "time.Weekday":
		return "number"
	case "context.Context", "context.CancelFunc", "context.CancelCauseFunc":
		return t.gocsp("type " + o.Name())
	case "os.Signal", "syscall.Signal":
		return t.use("gocsp/signal", "type Signal")
	case "testing.TB", "testing.T", "testing.B", "testing.M", "testing.F", "testing.PB":
	case "iter.Seq":
		return "Iterable<" + t.typ(u.TypeArgs().At(0)) + ">"
	case "iter.Seq2":
		return "Iterable<[" + t.typ(u.TypeArgs().At(0)) + ", " + t.typ(u.TypeArgs().At(1)) + "]>"
	case "sync.Once":
		if t.syncOnce {
			return t.lang("type Once")
		}
	case "sync.Map":
		return t.stdFunc("sync", "Map") + "<unknown, unknown>"
	case "golang.org/x/sync/singleflight.Group":
		return t.stdFunc("golang.org/x/sync/singleflight", "Group") + "<unknown>"
	case "sync.Pool":
		return t.stdFunc("sync", "Pool") + "<unknown>"
	case "sync/atomic.Value":
		return t.stdFunc("sync/atomic", "Value")
	case "net/http.HandlerFunc", "sort.Interface":
	case "fmt.Stringer":
		return "{ toString(): string }"
	}
	switch u.Underlying().(type) {
	case *types.Basic:
		if !known(o.Pkg().Path(), o.Name()) {
			return t.typ(u.Underlying())
		}
	}
	if !known(o.Pkg().Path(), o.Name()) {
		if it, ok := u.Underlying().(*types.Interface); ok && it.NumMethods() > 0 && !t.visiting[full] {
			if t.visiting == nil {
				t.visiting = map[string]bool{}
			}
			t.visiting[full] = true // it may refer to itself
			defer delete(t.visiting, full)
			return t.typ(it)
		}
		t.markOnce(full, "type", full+" has no counterpart here", "see the table of packages in the guide")
		return t.lang("type Unported")
	}
	return t.stdFunc(o.Pkg().Path(), o.Name()) + t.targs(u.TypeArgs())
}

// stdZero makes the zero value of a struct of the standard library.
func (t *tr) stdZero(n *types.Named) string {
	full := n.Obj().Pkg().Path() + "." + n.Obj().Name()
	switch full {
	case "sync.Once":
		if t.syncOnce {
			return "new " + t.lang("Once") + "()"
		}
	case "time.Time":
		return t.stdFunc("time", "zero") + "()"
	}
	s := t.stdType(n)
	if s == "Unported" {
		return t.lang("unported") + "(" + quote(full) + ")"
	}
	return "new " + s + "()"
}

// stdLit translates a composite literal of a type of the standard library.
func (t *tr) stdLit(e *ast.CompositeLit, n *types.Named) X {
	full := n.Obj().Pkg().Path() + "." + n.Obj().Name()
	if len(e.Elts) == 0 {
		return prim("%s", t.stdZero(n))
	}
	field := func(name string) ast.Expr {
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == name {
				return kv.Value
			}
		}
		return nil
	}
	switch full {
	case "sync.Pool":
		return prim("new %s(%s)", t.stdType(n), t.expr(field("New")).s)
	case "net/url.Error":
		return t.urlError(e, n)
	case "sync.Cond":
		if l := field("L"); l != nil {
			return prim("new %s(%s)", t.stdType(n), t.expr(l).s)
		}
	}
	var b []string
	st := n.Underlying().(*types.Struct)
	if t.stdType(n) == "Unported" {
		return prim("%s(%s)", t.lang("unported"), quote(full))
	}
	for i, el := range e.Elts {
		v, f := el, (*types.Var)(nil)
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			v = kv.Value
			for j := 0; j < st.NumFields(); j++ {
				if st.Field(j).Name() == kv.Key.(*ast.Ident).Name {
					f = st.Field(j)
				}
			}
		} else if i < st.NumFields() {
			f = st.Field(i)
		}
		if f == nil {
			continue
		}
		if lacks(n, lower(f.Name())) {
			t.mark(el.Pos(), "library", "the field "+f.Name()+" of "+t.goType(n)+" has no counterpart here", "see the table of packages in the guide")
			continue
		}
		s := t.value(v, f.Type(), nil).at(pAssign)
		if name := lower(f.Name()); s == name {
			b = append(b, name)
		} else {
			b = append(b, name+": "+s)
		}
	}
	if full == "database/sql.TxOptions" {
		return prim("%s", t.list("{", b, "}", t.prog.line(e.Lbrace) != t.prog.line(e.Rbrace)))
	}
	return prim("new %s(%s)", t.stdType(n), t.list("{", b, "}", t.prog.line(e.Lbrace) != t.prog.line(e.Rbrace)))
}

// stdField translates a field of a struct of the standard library.
func (t *tr) stdField(e ast.Expr, x X, f *types.Var, s *types.Selection) X {
	r := X{s: x.sure().at(pPrimary) + "." + lower(f.Name()), p: pPrimary}
	if isNamed(s.Recv(), "net/url", "Error") && f.Name() == "Err" {
		return X{s: r.s + " as Error", p: pLess}
	}
	if n := namedOf(s.Recv()); n != nil && len(s.Index()) == 1 && lacks(n, lower(f.Name())) {
		// A field of what throws, so that it may stand on the left of an assignment.
		what := t.unported(e, "library", "the field "+f.Name()+" of "+t.goType(n)+" has no counterpart here", "see the table of packages in the guide")
		return prim("%s.%s", what.at(pPrimary), lower(f.Name()))
	}
	return r
}

// stdMethodValue translates a method of the standard library that is used as a function.
func (t *tr) stdMethodValue(e *ast.SelectorExpr, fn *types.Func, x X) (X, bool) {
	b := x.sure().at(pPrimary)
	name := t.prog.names.member(fn)
	if fn.FullName() == "(net/http.HandlerFunc).ServeHTTP" {
		return x, true
	}
	if isError(recvOf(fn)) {
		return X{s: "() => " + b + ".message", p: pAssign}, true
	}
	sig := fn.Type().(*types.Signature)
	if t.stable(e.X) && sig.Params().Len() == 0 {
		return X{s: "() => " + b + "." + name + "()", p: pAssign}, true
	}
	return prim("%s.%s.bind(%s)", b, name, b), true
}

// markWaitingMethods marks an argument with a method that waits, where the standard library calls it by an interface.
func (t *tr) markWaitingMethods(a ast.Expr, param types.Type, fn *types.Func) {
	iface, ok := param.Underlying().(*types.Interface)
	if !ok {
		return
	}
	for m := range iface.Methods() {
		o, _, _ := types.LookupFieldOrMethod(t.info.TypeOf(a), true, m.Pkg(), m.Name())
		if own, ok := o.(*types.Func); ok && t.prog.facts.waits[t.prog.key(own.Origin())] {
			t.mark(a.Pos(), "callback", "the method "+m.Name()+" waits, but "+fn.Name()+" calls it without awaiting", "do not wait there")
		}
	}
}

// stdCall translates a call of the standard library.
func (t *tr) stdCall(c *ast.CallExpr, fn *types.Func, sig *types.Signature) X {
	full := fn.FullName()
	if x, ok := t.specialCall(c, fn, sig, full); ok {
		return x
	}
	if noWaitCallback(fn) {
		for i, a := range c.Args {
			if i < sig.Params().Len() {
				t.markWaitingMethods(a, sig.Params().At(i).Type(), fn)
			}
			if isFunc(t.info.TypeOf(a)) {
				from, _ := t.prog.facts.places(t.info, a)
				for _, k := range from {
					if t.prog.facts.waits[k] {
						t.mark(a.Pos(), "callback", "this function waits, but "+fn.Name()+" calls it without awaiting", "write the loop out")
					}
				}
			}
		}
	}
	if pathOf(fn) == "flag" && recvOf(fn) == nil && len(c.Args) == 3 && sig.Results().Len() == 1 {
		// A flag always has its default value.
		t.mark(c.Pos(), "flag", "a flag of the command line, here always its default", "use parseArgs of node:util")
		e, _ := refElem(sig.Results().At(0).Type())
		return prim("%s<%s>(%s)", t.lang("ref"), t.typ(e), t.value(c.Args[1], e, nil).s)
	}
	if recvOf(fn) == nil && fn.Pkg() != nil && !known(pathOf(fn), stdName(fn)) && !renamedStd[full] {
		return t.expr(c.Fun) // marked as missing: it throws
	}
	for _, a := range c.Args {
		if isStdMap(t.info.TypeOf(a)) && sig.Params().Len() > 0 && fn.Origin().Type().(*types.Signature).TypeParams().Len() > 0 {
			return t.unported(c, "library", fn.Name()+" of "+t.goType(t.info.TypeOf(a)), "call it with the field map")
		}
	}
	args := t.args(c, sig, nil)
	undefRes := false
	if sig.Results().Len() == 1 && isNilable(sig.Results().At(0).Type()) {
		undefRes = isError(sig.Results().At(0).Type()) || isAny(sig.Results().At(0).Type())
		if full == "fmt.Errorf" {
			undefRes = false
		}
		undefRes = undefRes || stdNilable(fn)
	}
	if recvOf(fn) == nil {
		x := t.expr(c.Fun)
		ta := ""
		if known(pathOf(fn), stdName(fn)) {
			ta = t.explicitTypeArgs(c)
		}
		return X{s: x.at(pPrimary) + ta + t.callList(c, args), p: pPrimary, undef: undefRes}
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return t.unported(c, "call", "method call", "write it by hand")
	}
	x := t.recv(sel).sure()
	name := t.prog.names.member(fn)
	if name == "toString" && !isIface(recvOf(fn)) {
		name = "string"
	}
	if n := namedOf(recvOf(fn)); n != nil && lacks(n, name) {
		return t.unported(c, "library", "the method "+fn.Name()+" of "+t.goType(n)+" has no counterpart here", "see the table of packages in the guide")
	}
	return X{s: x.at(pPrimary) + "." + name + t.callList(c, args), p: pPrimary, undef: undefRes}
}

// specialCall translates the calls of the standard library that need a different form here.
func (t *tr) specialCall(c *ast.CallExpr, fn *types.Func, sig *types.Signature, full string) (X, bool) {
	arg := func(i int) X { return t.value(c.Args[i], paramType(sig, i), nil) }
	recv := func() X {
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if !ok {
			return prim("undefined")
		}
		return t.recv(sel).sure()
	}
	switch full {
	case "testing.Benchmark":
		// The function benchmark of gocsp/golib/testing makes a test, and measures nothing.
		return t.unported(c, "call", "testing.Benchmark", "measure with mitata or tinybench"), true
	case "errors.New":
		return prim("new Error(%s)", arg(0).s), true
	case "errors.Is":
		return prim("%s.is(%s, %s)", t.gocsp("errors"), arg(0).s, arg(1).s), true
	case "errors.Unwrap":
		return X{s: t.gocsp("errors") + ".unwrap(" + arg(0).s + ") as Error | undefined", p: pLess, undef: true}, true
	case "errors.Join":
		return X{s: t.gocsp("errors") + ".join(" + strings.Join(t.args(c, sig, nil), ", ") + ")", p: pPrimary, undef: true}, true
	case "errors.As":
		return t.errorsAs(c.Args[0], c.Args[1]), true
	case "fmt.Println", "fmt.Printf", "fmt.Sprintf", "fmt.Errorf", "fmt.Sprint", "fmt.Print":
		if x, ok := t.print(c, fn.Name()); ok {
			return x, true
		}
	case "time.Since", "time.Until", "time.Now":
		return prim("%s(%s)", t.stdFunc("time", lower(fn.Name())), strings.Join(t.args(c, sig, nil), ", ")), true
	case "(context.Context).Deadline":
		return prim("%s(%s)", t.stdFunc("time", "deadline"), recv().s), true
	case "(context.Context).Err", "context.Cause":
		if full == "context.Cause" {
			return X{s: t.gocsp("context") + ".cause(" + arg(0).s + ")", p: pPrimary, undef: true}, true
		}
		s := recv().at(pPrimary) + ".err()"
		return X{s: s, p: pPrimary, undef: !t.narrowed(s)}, true
	case "(context.Context).Value":
		return X{s: recv().at(pPrimary) + ".value(" + t.contextKey(c.Args[0]) + ")", p: pPrimary, undef: true}, true
	case "context.WithValue":
		return prim("%s.withValue(%s, %s, %s)", t.gocsp("context"), arg(0).s, t.contextKey(c.Args[1]), arg(2).s), true
	case "(time.Duration).Seconds":
		return X{s: recv().at(pMul) + " / " + t.stdFunc("time", "second"), p: pMul}, true
	case "(time.Duration).Minutes":
		return X{s: recv().at(pMul) + " / " + t.stdFunc("time", "minute"), p: pMul}, true
	case "(time.Duration).Hours":
		return X{s: recv().at(pMul) + " / " + t.stdFunc("time", "hour"), p: pMul}, true
	case "(time.Duration).Milliseconds":
		return prim("Math.trunc(%s)", recv().s), true
	case "(time.Duration).Microseconds":
		return prim("Math.trunc(%s * 1000)", recv().at(pMul)), true
	case "(time.Duration).Nanoseconds":
		return prim("%s(%s)", t.stdFunc("time", "nanoseconds"), recv().s), true
	case "(time.Duration).String":
		return prim("%s(%s)", t.stdFunc("time", "formatDuration"), recv().s), true
	case "(time.Duration).Abs":
		return prim("Math.abs(%s)", recv().s), true
	case "(time.Duration).Truncate", "(time.Duration).Round":
		return prim("%s(%s, %s)", t.stdFunc("time", lower(fn.Name())+"Duration"), recv().s, arg(0).s), true
	case "(time.Month).String", "(time.Weekday).String":
		return prim("%s(%s)", t.stdFunc("time", lower(namedOf(recvOf(fn)).Obj().Name())+"String"), recv().s), true
	case "testing/synctest.Test":
		return prim("%s(%s(%s, %s))", t.stdFunc("testing/synctest", "test"), t.lang("bound"), t.expr(c.Args[1]).at(pAssign), t.expr(c.Args[0]).s), true
	case "runtime.Gosched":
		return prim("%s()", t.gocsp("gosched")), true
	case "runtime.Goexit":
		return prim("%s()", t.use("gocsp/runtime", "goexit")), true
	case "runtime.NumGoroutine":
		return prim("%s()", t.use("gocsp/runtime", "numGoroutine")), true
	case "sync.NewCond":
		return prim("new %s(%s)", t.stdFunc("sync", "Cond"), t.expr(c.Args[0]).sure().s), true
	case "(*sync.Once).Do":
		sel := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		return prim("%s.do(%s)", t.recv(sel).sure().at(pPrimary), arg(0).s), true
	case "(*sync.Map).Load", "(*sync.Map).LoadOrStore", "(*sync.Map).LoadAndDelete":
	case "(*golang.org/x/sync/errgroup.Group).Go", "(*golang.org/x/sync/errgroup.Group).TryGo":
		return prim("%s.%s(%s)", recv().at(pPrimary), lower(fn.Name()), t.throwing(c.Args[0])), true
	case "(*golang.org/x/sync/errgroup.Group).Wait":
		return prim("%s.wait()", recv().at(pPrimary)), true
	case "golang.org/x/sync/semaphore.NewWeighted":
		return prim("new %s(%s)", t.stdFunc("golang.org/x/sync/semaphore", "Weighted"), arg(0).s), true
	case "(*golang.org/x/sync/semaphore.Weighted).Acquire":
		return prim("%s.acquire(%s)", recv().at(pPrimary), strings.Join(t.args(c, sig, nil), ", ")), true
	case "golang.org/x/time/rate.NewLimiter":
		return prim("new %s(%s)", t.stdFunc("golang.org/x/time/rate", "Limiter"), strings.Join(t.args(c, sig, nil), ", ")), true
	case "(*golang.org/x/time/rate.Limiter).Wait", "(*golang.org/x/time/rate.Limiter).WaitN":
		return prim("%s.%s(%s)", recv().at(pPrimary), lower(fn.Name()), strings.Join(t.args(c, sig, nil), ", ")), true
	case "(*golang.org/x/sync/singleflight.Group).Do", "(*golang.org/x/sync/singleflight.Group).DoChan":
		name := "flight"
		if fn.Name() == "DoChan" {
			name = "flightChan"
		}
		return prim("%s(%s, %s, %s)", t.lang(name), recv().s, arg(0).s, t.expr(c.Args[1]).at(pAssign)), true
	case "golang.org/x/exp/slices.SortFunc", "golang.org/x/exp/slices.SortStableFunc":
		// Older versions of the package sort by less instead of cmp.
		if less, ok := sig.Params().At(1).Type().Underlying().(*types.Signature); ok && isBool(less.Results().At(0).Type()) {
			return prim("%s(%s, %s(%s))", t.stdFunc(pathOf(fn), lower(fn.Name())), arg(0).s, t.stdFunc(pathOf(fn), "byLess"), arg(1).s), true
		}
	case "(*sync/atomic.Uint64).Add", "(*sync/atomic.Uintptr).Add":
		if u, ok := ast.Unparen(c.Args[0]).(*ast.UnaryExpr); ok && u.Op == token.XOR {
			return prim("%s.add(%s)", recv().at(pPrimary), t.addend(c.Args[0]).s), true
		}
	case "iter.Pull", "iter.Pull2":
		return t.pulled(c, fn), true
	case "strconv.FormatFloat":
		if n, ok := constInt(t.info, c.Args[1]); ok {
			return prim("%s(%s, %s, %s, %s)", t.stdFunc("strconv", "formatFloat"), arg(0).s, quote(string(rune(n))), arg(2).s, arg(3).s), true
		}
	case "sort.Slice", "sort.SliceStable":
	case "os.Exit":
	case "maps.Keys", "maps.Values":
	}
	if pathOf(fn) == "net/http" {
		if x, ok := t.httpCall(c, fn, sig); ok {
			return x, true
		}
	}
	if pathOf(fn) == "database/sql" {
		if x, ok := t.sqlCall(c, fn, sig, recv); ok {
			return x, true
		}
	}
	if strings.Contains(pathOf(fn), "/testify/") && (fn.Name() == "ErrorAs" || fn.Name() == "ErrorAsf") && recvOf(fn) == nil {
		return prim("%s(%s, %s)", t.stdFunc(pathOf(fn), "true_"), t.expr(c.Args[0]).s, t.errorsAs(c.Args[1], c.Args[2]).s), true
	}
	if pathOf(fn) == "sync/atomic" && recvOf(fn) == nil {
		return t.atomicFunc(c, fn), true
	}
	if r := recvOf(fn); r != nil && isTime(r) {
		return X{}, false
	}
	return X{}, false
}

// renamedStd lists functions that have another name here.
var renamedStd = map[string]bool{"runtime.NumGoroutine": true, "runtime.Goexit": true, "runtime.Gosched": true}

func paramType(sig *types.Signature, i int) types.Type {
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 {
		return elemOf(sig.Params().At(n - 1).Type())
	}
	if i < n {
		return sig.Params().At(i).Type()
	}
	return nil
}

// throwing wraps a function that returns an error, for a callee that expects a function that throws.
func (t *tr) throwing(e ast.Expr) string {
	if sig, ok := t.info.TypeOf(e).Underlying().(*types.Signature); ok {
		if l, isLit := ast.Unparen(e).(*ast.FuncLit); isLit && t.prog.throwsLit(l, sig) || !isLit && t.prog.throwsSig(sig) {
			return t.expr(e).at(pAssign)
		}
	}
	return t.lang("throwing") + "(" + t.expr(e).at(pAssign) + ")"
}

// contextKey translates the key of a value in a context: keys compare by value.
func (t *tr) contextKey(e ast.Expr) string {
	ty := t.info.TypeOf(e)
	if t.isNilExpr(e) {
		return "undefined"
	}
	if isStruct(ty) || isEmptyStruct(ty) || t.needsBox(ty) {
		return t.lang("interned") + "(" + t.value(e, types.NewInterfaceType(nil, nil), nil).s + ")"
	}
	return t.value(e, types.NewInterfaceType(nil, nil), nil).s
}

// errorsAs translates errors.As(err, &target): the target is assigned if an error is found, and the result tells
// whether one was.
func (t *tr) errorsAs(e, into ast.Expr) X {
	u, ok := ast.Unparen(into).(*ast.UnaryExpr)
	if !ok || u.Op != token.AND {
		return t.unported(into, "errors.As", "errors.As into something else than a variable", "write the test with errors.as")
	}
	target := t.expr(u.X)
	_, isLit := ast.Unparen(u.X).(*ast.CompositeLit)
	if isLit {
		target = prim("%s", t.fresh("as")) // a value that is not used afterwards
	}
	found := "e"
	if regexp.MustCompile(`\be\b`).MatchString(target.s) {
		found = "found"
	}
	ty := t.info.TypeOf(u.X)
	err, c := t.expr(e), into
	t.forget(target.s)
	cls := ""
	if n := namedOf(ty); n != nil && !types.IsInterface(n) {
		if t.needsBox(n) {
			if isPointer2(ty) {
				return t.unported(c, "errors.As", "errors.As for a pointer to a type that is no struct", "write the test with errors.as")
			}
			box := t.boxClass(n)
			set := "() => {}"
			if !isLit {
				set = "(" + found + ") => { " + target.s + " = (" + found + " as " + box + ").value; }"
			}
			return prim("%s(%s, (e) => e instanceof %s, %s)", t.lang("asError"), err.s, box, set)
		}
		cls = t.ctor(n)
		if i := strings.IndexByte(cls, '<'); i > 0 {
			cls = cls[:i]
		}
		if isLit {
			return prim("%s(%s, (e) => e instanceof %s, () => {})", t.lang("asError"), err.s, cls)
		}
		if !isPointer2(ty) {
			// The target variable has a struct type, not a pointer.
			return prim("%s(%s, (e) => e instanceof %s, (%s) => { Object.assign(%s, %s); })", t.lang("asError"), err.s, cls, found, target.s, found)
		}
		return X{s: t.lang("asError") + "(" + err.s + ", (e) => e instanceof " + cls + ", (" + found + ") => { " + target.s + " = " + found + " as " + t.typ(n) + "; })", p: pPrimary}
	}
	test := t.testType("e", ty)
	return X{s: t.lang("asError") + "(" + err.s + ", (e) => " + test + ", (" + found + ") => { " + target.s + " = " + found + " as " + t.typ(ty) + "; })", p: pPrimary}
}

// addend translates what is added atomically: ^uint64(n) stands for -n - 1.
func (t *tr) addend(e ast.Expr) X {
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || u.Op != token.XOR || small(t.info.TypeOf(e)) {
		return t.expr(e)
	}
	if n, ok := constInt(t.info, u.X); ok {
		return X{s: itoa(int(-n - 1)), p: pUnary}
	}
	return X{s: "-" + t.expr(u.X).at(pUnary) + " - 1", p: pAdd}
}

// atomicFunc translates atomic.AddInt64(&x, 1) to plain operations: there is only one thread.
func (t *tr) atomicFunc(c *ast.CallExpr, fn *types.Func) X {
	name := fn.Name()
	a := ast.Unparen(c.Args[0])
	var x string
	if u, ok := a.(*ast.UnaryExpr); ok && u.Op == token.AND {
		x = t.expr(u.X).s
	} else {
		x = t.expr(a).sure().at(pPrimary) + ".value"
	}
	rest := func(i int) string { return t.expr(c.Args[i]).at(pAssign) }
	ty := elemOf2(t.info.TypeOf(a))
	if u, ok := a.(*ast.UnaryExpr); ok && u.Op == token.AND && !strings.HasPrefix(name, "Load") {
		if set := t.outsideVar(u.X); set != "" {
			// A variable of another file is assigned by a function.
			switch {
			case strings.HasPrefix(name, "Store"):
				return prim("%s(%s)", set, rest(1))
			case strings.HasPrefix(name, "Add"):
				sum := X{s: x + " + " + t.addend(c.Args[1]).at(pAdd+1), p: pAdd}
				if small(ty) {
					sum = t.wrap(sum, ty)
				}
				return prim("(%s(%s), %s)", set, sum.s, x)
			case strings.HasPrefix(name, "Swap"):
				return prim("%s(%s, %s(%s))", t.lang("first"), x, set, rest(1))
			case strings.HasPrefix(name, "CompareAndSwap"):
				return X{s: x + " === " + t.expr(c.Args[1]).at(pEquals+1) + " && (" + set + "(" + rest(2) + "), true)", p: pAndAnd}
			}
		}
	}
	switch {
	case strings.HasPrefix(name, "Load"):
		return prim("%s", x)
	case strings.HasPrefix(name, "Store"):
		return X{s: x + " = " + rest(1), p: pAssign}
	case strings.HasPrefix(name, "Add"):
		if small(ty) {
			return X{s: x + " = " + t.wrap(X{s: x + " + " + t.expr(c.Args[1]).at(pAdd+1), p: pAdd}, ty).s, p: pAssign}
		}
		return X{s: x + " += " + t.addend(c.Args[1]).at(pAssign), p: pAssign}
	case strings.HasPrefix(name, "Swap"):
		return prim("%s(%s, %s = %s)", t.lang("first"), x, x, rest(1))
	case strings.HasPrefix(name, "CompareAndSwap"):
		return X{s: x + " === " + t.expr(c.Args[1]).at(pEquals+1) + " && ((" + x + " = " + rest(2) + "), true)", p: pAndAnd}
	}
	return t.unported(c, "atomic", "atomic."+name, "write it with a plain variable")
}

func elemOf2(ty types.Type) types.Type {
	if p, ok := ty.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return ty
}

// ---- printing

// plain reports whether a value looks the same in a template literal as with %v.
func (t *tr) plain(e ast.Expr) bool {
	ty := t.info.TypeOf(e)
	if ty == nil || isDuration(ty) || boxed(ty) || isTypeParam(ty) {
		return false
	}
	if n, ok := types.Unalias(ty).(*types.Named); ok && n.NumMethods() > 0 {
		return false
	}
	b, ok := ty.Underlying().(*types.Basic)
	if !ok {
		return false
	}
	if b.Kind() == types.UntypedNil {
		return false
	}
	if b.Info()&types.IsInteger != 0 && !small(ty) && t.prog.facts.bigInts {
		return false // fmt prints all digits, and the limits of 64 bits
	}
	return b.Info()&(types.IsString|types.IsInteger|types.IsBoolean) != 0
}

// print translates fmt's functions to console.log and template literals, where the output is the same.
func (t *tr) print(c *ast.CallExpr, name string) (X, bool) {
	if c.Ellipsis.IsValid() {
		return X{}, false
	}
	for _, a := range c.Args {
		if _, ok := t.info.TypeOf(a).(*types.Tuple); ok {
			return X{}, false
		}
	}
	switch name {
	case "Println":
		for _, a := range c.Args {
			if !t.plain(a) || t.prog.minusZero(t.info, a) {
				return X{}, false
			}
		}
		if len(c.Args) > 1 && isString(t.info.TypeOf(c.Args[0])) {
			v := t.info.Types[c.Args[0]].Value
			if v == nil || strings.Contains(constant.StringVal(v), "%") {
				return X{}, false
			}
		}
		var b []string
		for _, a := range c.Args {
			b = append(b, t.expr(a).at(pAssign))
		}
		return prim("console.log%s", t.callList(c, b)), true
	case "Printf", "Sprintf", "Errorf":
		if len(c.Args) == 0 {
			return X{}, false
		}
		v := t.info.Types[c.Args[0]].Value
		if v == nil || v.Kind() != constant.String {
			return X{}, false
		}
		f := constant.StringVal(v)
		if name == "Printf" {
			if !strings.HasSuffix(f, "\n") || strings.Count(f, "\n") > 1 {
				return X{}, false
			}
			f = strings.TrimSuffix(f, "\n")
		}
		tmpl, ok := t.template(f, c.Args[1:])
		if !ok {
			return X{}, false
		}
		switch name {
		case "Printf":
			return prim("console.log(%s)", tmpl), true
		case "Sprintf":
			return prim("%s", tmpl), true
		}
		return prim("new Error(%s)", tmpl), true
	}
	return X{}, false
}

// template makes a template literal of a format, if its verbs are simple.
func (t *tr) template(f string, args []ast.Expr) (string, bool) {
	var b strings.Builder
	n := 0
	plainText := true
	for i := 0; i < len(f); i++ {
		ch := f[i]
		if ch != '%' {
			switch {
			case ch == '`' || ch == '\\' || ch == '$' && i+1 < len(f) && f[i+1] == '{':
				b.WriteByte('\\')
				b.WriteByte(ch)
			case ch == '\n':
				b.WriteString(`\n`)
			case ch == '\t':
				b.WriteString(`\t`)
			case ch < 32:
				return "", false
			default:
				b.WriteByte(ch)
			}
			continue
		}
		i++
		if i >= len(f) {
			return "", false
		}
		if f[i] == '%' {
			b.WriteByte('%')
			continue
		}
		if n >= len(args) {
			return "", false
		}
		a := args[n]
		n++
		ty := t.info.TypeOf(a)
		bt, _ := ty.Underlying().(*types.Basic)
		if !t.plain(a) || bt == nil {
			return "", false
		}
		switch f[i] {
		case 'd':
			if bt.Info()&types.IsInteger == 0 {
				return "", false
			}
		case 's':
			if bt.Info()&types.IsString == 0 {
				return "", false
			}
		case 'v':
		case 't':
			if bt.Info()&types.IsBoolean == 0 {
				return "", false
			}
		default:
			return "", false
		}
		plainText = false
		x := t.expr(a)
		if strings.Contains(x.s, "\n") {
			return "", false
		}
		b.WriteString("${" + x.s + "}")
	}
	if n != len(args) {
		return "", false
	}
	if plainText {
		s := strings.NewReplacer("\\`", "`", `\\`, `\`, `\$`, "$", `\n`, "\n", `\t`, "\t").Replace(b.String())
		return quote(s), true
	}
	return "`" + b.String() + "`", true
}

// ---- type switches on the standard library's names

func (t *tr) useNamespace(path string) string { return fmt.Sprintf("gocsp/%s", path) }
