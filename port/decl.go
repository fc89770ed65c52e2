package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"sort"
	"strings"
)

// A tr translates the files of one package.
type tr struct {
	prog *program
	unit *unit
	info *types.Info
	file *outFile

	out         []string
	scopes      []*scope
	locals      map[node]string
	implicit    map[types.Object]string
	fn          *fnState
	narrowings  map[string]int
	maybeUndef  map[node]bool
	okVars      map[node]string
	targets     []*target
	gotos       map[string]string
	importNames map[string]bool
	pkgByName   map[string]node
	fnNames     map[string]bool
	fnStart     token.Pos
	fnEnd       token.Pos
	comments    []*ast.CommentGroup
	cpos        int
	cfrom       token.Pos
	lastEnd     token.Pos
	curPos      token.Pos
	compared    map[string]string // the constants that fields were compared with
	visiting    map[string]bool
	printing    bool // translating an argument of a function that prints
	curStmt     ast.Stmt
	pending     []string
	markCount   int
	absent      map[string]bool
	once        map[string]bool
	waitHint    bool
	isErrClass  bool
	syncOnce    bool
	hoisting    bool
	swapName    [2]string
	boxes       map[node]*types.Named
	refs        map[node]bool
}

// An outFile is one file of the output.
type outFile struct {
	unit     *unit
	path     string // relative to the output
	gofile   *ast.File
	test     bool
	imports  map[string]map[string]bool
	items    []*item
	tests    []string
	siblings map[*outFile]bool
	needs    map[*outFile]bool // needed when the module starts
	text     string
}

// An item is a declaration of the output.
type item struct {
	keys  []node
	text  string
	init  []ast.Node // the nodes evaluated when the module starts
	class bool
	last  bool
	done  bool
}

// ---- names of objects

func (t *tr) fileOf(o types.Object) *outFile {
	return t.prog.outFiles[t.prog.fset.Position(o.Pos()).Filename]
}

// object returns the name of an object, imported if it is declared elsewhere.
func (t *tr) object(o types.Object, isType bool) string {
	if n, ok := t.implicit[o]; ok {
		return n
	}
	k := t.prog.key(o)
	if _, ok := o.(*types.TypeName); ok {
		if m := t.prog.merged[k]; m != nil {
			o, k = m.Obj(), t.prog.key(m.Obj())
		}
	}
	if n, ok := t.locals[k]; ok {
		return n
	}
	if o.Pkg() == nil {
		return o.Name()
	}
	if o.Parent() == o.Pkg().Scope() || o.Parent() == nil && isPkgLevel(o) {
		if !t.prog.isLocal(o.Pkg()) {
			return t.pkgMember(o.Pkg(), o, &ast.Ident{NamePos: t.curPos, Name: o.Name()}).s
		}
		name := t.prog.names.pkg[k]
		if name == "" {
			name = o.Name()
		}
		if isType {
			return t.qualifiedType(o, name)
		}
		return t.qualified(o, name)
	}
	n := lower(o.Name())
	if _, ok := o.(*types.TypeName); ok {
		n = upper(o.Name())
	} else if reserved[n] || t.taken(n) {
		n += "_"
	}
	return n
}

func isPkgLevel(o types.Object) bool {
	_, ok := o.(*types.TypeName)
	return ok
}

// qualified returns a package-level name as written in this file.
func (t *tr) qualified(o types.Object, name string) string { return t.see(o, name, false) }

func (t *tr) qualifiedType(o types.Object, name string) string { return t.see(o, name, true) }

func (t *tr) see(o types.Object, name string, isType bool) string {
	f := t.fileOf(o)
	k := t.prog.key(o)
	if f == nil || f == t.file {
		return name
	}
	t.prog.exported[k] = true
	t.prog.exportedNames[f.path+":"+name] = true
	u := t.prog.local[o.Pkg().Path()]
	if u == t.unit || u.PkgPath == t.unit.PkgPath {
		t.file.siblings[f] = true
		n := name
		if isType {
			n = "type " + name
		}
		t.use("./"+filepath.Base(f.path), n)
		return name
	}
	alias := t.importName(o.Pkg())
	t.use(t.relative(u), "* as "+alias)
	return alias + "." + name
}

// importName is the name under which a translated package is imported: not that of a package of gocsp.
func (t *tr) importName(p *types.Package) string {
	name := p.Name()
	for _, im := range t.file.gofile.Imports {
		if pn := t.info.PkgNameOf(im); pn != nil && pn.Imported() == p && im.Name != nil && im.Name.Name != "." && im.Name.Name != "_" {
			name = im.Name.Name
		}
	}
	alias := t.alias(p.Path(), name)
	if exports["gocsp"][alias] || exports["gocsp/golib/"+alias] != nil || exports["gocsp/"+alias] != nil {
		alias += "_"
	}
	return alias
}

// relative returns the path of another package's entry file.
func (t *tr) relative(u *unit) string {
	from := filepath.Dir(t.file.path)
	rel, err := filepath.Rel(from, u.entry())
	if err != nil {
		rel = u.entry()
	}
	rel = filepath.ToSlash(rel)
	if !strings.HasPrefix(rel, ".") {
		rel = "./" + rel
	}
	return rel
}

// entry is the file that exports the whole package.
func (u *unit) entry() string {
	var list []*outFile
	for _, f := range u.files {
		of := u.prog.outFiles[u.prog.fset.Position(f.Pos()).Filename]
		if of != nil && !of.test {
			list = append(list, of)
		}
	}
	if len(list) == 1 {
		return list[0].path
	}
	return filepath.Join(u.dir, "index.ts")
}

func (t *tr) use(module, name string) string {
	m := t.file.imports[module]
	if m == nil {
		m = map[string]bool{}
		t.file.imports[module] = m
	}
	m[name] = true
	return strings.TrimPrefix(name, "type ")
}

func (t *tr) gocsp(name string) string { return t.use("gocsp", name) }

// lang imports a name of gocsp/golib, under another name if the package has one like it.
func (t *tr) lang(name string) string {
	base := strings.TrimPrefix(name, "type ")
	if _, taken := t.pkgByName[base]; taken {
		t.use("gocsp/golib", name+" as Go"+upper(base))
		return "Go" + upper(base)
	}
	return t.use("gocsp/golib", name)
}

// boxClass returns the class that boxes values of a type in interfaces.
func (t *tr) boxClass(ty types.Type) string {
	n := namedOf(ty)
	o := n.Origin().Obj()
	if o.Parent() != o.Pkg().Scope() {
		return t.typeName(o) + "Value"
	}
	t.prog.boxed[t.prog.key(o)] = n.Origin()
	return t.see(o, t.prog.names.pkg[t.prog.key(o)]+"Value", false)
}

// printBox returns the class whose methods print values of a type, in brackets for the elements of a slice or map; "" if
// they print as they are.
func (t *tr) printBox(ty types.Type) string {
	if isDuration(ty) {
		return t.lang("Duration")
	}
	if n := namedOf(ty); n != nil && !isPointer(ty) && prints(n) && t.needsBox(ty) {
		return t.boxClass(ty)
	}
	switch ty.Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map:
		if b := t.printBox(elemOf(ty)); b != "" {
			return "[" + b + "]"
		}
	}
	return ""
}

// boxOf is boxClass with the type arguments of the type.
func (t *tr) boxOf(ty types.Type) string {
	return t.boxClass(ty) + t.targs(namedOf(ty).TypeArgs())
}

// ---- marks

// mark records a place that the porter has to review.
func (t *tr) mark(pos token.Pos, kind, what, todo string) {
	t.markCount++
	t.prog.stats.marks = append(t.prog.stats.marks, markInfo{kind, t.prog.fset.Position(pos), what})
	t.pending = append(t.pending, fmt.Sprintf("// PORT: %s (%s; %s)", what, kind, todo))
}

func (t *tr) markOnce(key, kind, what, todo string) {
	if t.once[key] {
		return
	}
	t.once[key] = true
	t.mark(t.curPos, kind, what, todo)
}

// unported returns the placeholder for an expression that cannot be translated: it throws.
func (t *tr) unported(n ast.Node, kind, what, todo string) X {
	t.mark(n.Pos(), kind, what, todo)
	return prim("%s(%s)", t.lang("unported"), quote(what))
}

// ---- files

func (p *program) layout() {
	p.outFiles = map[string]*outFile{}
	p.exported = map[node]bool{}
	p.exportedNames = map[string]bool{}
	p.boxed = map[node]*types.Named{}
	for _, u := range p.pkgs {
		for _, f := range u.files {
			name := u.fileName(f)
			base := strings.TrimSuffix(name, ".go")
			test := false
			if b, ok := strings.CutSuffix(base, "_test"); ok {
				base, test = b+".test", true
			}
			of := &outFile{unit: u, gofile: f, test: test, path: filepath.Join(u.dir, base+".ts"),
				imports: map[string]map[string]bool{}, siblings: map[*outFile]bool{}, needs: map[*outFile]bool{}}
			full := u.prog.fset.Position(f.Pos()).Filename
			p.outFiles[full] = of
			p.order = append(p.order, of)
		}
	}
}

func newTr(p *program, u *unit) *tr {
	return &tr{prog: p, unit: u, info: u.info, locals: map[node]string{}, implicit: map[types.Object]string{}, narrowings: map[string]int{},
		maybeUndef: map[node]bool{}, okVars: map[node]string{}, absent: map[string]bool{}, once: map[string]bool{}, boxes: map[node]*types.Named{}}
}

func (p *program) translate() {
	p.layout()
	trs := map[*unit]*tr{}
	for _, u := range p.pkgs {
		t := newTr(p, u)
		trs[u] = t
		t.pkgByName = map[string]node{}
		scope := u.Types.Scope()
		for _, name := range scope.Names() {
			o := scope.Lookup(name)
			t.pkgByName[p.names.pkg[p.key(o)]] = p.key(o)
		}
		for _, f := range u.files {
			of := p.outFiles[u.prog.fset.Position(f.Pos()).Filename]
			if of.test && !p.opts.tests {
				continue
			}
			t.translateFile(of)
		}
	}
	// Boxes and setters belong to the files of their types and variables.
	for again := true; again; {
		again = false
		for k, deps := range p.cloneDeps {
			for _, d := range deps {
				if p.facts.cloned[k] && !p.facts.cloned[d] {
					p.facts.cloned[d] = true
					again = true
				}
			}
		}
	}
	for again := true; again; {
		again = false
		var keys []node
		for k := range p.boxed {
			keys = append(keys, k)
		}
		sort.Slice(keys, func(i, j int) bool { return keys[i].(token.Pos) < keys[j].(token.Pos) })
		for _, k := range keys {
			if p.boxDone[k] {
				continue
			}
			if p.boxDone == nil {
				p.boxDone = map[node]bool{}
			}
			p.boxDone[k] = true
			again = true
			n := p.boxed[k]
			t := trs[p.local[n.Obj().Pkg().Path()]]
			t.file = t.fileOf(n.Obj())
			t.boxDecl(n)
		}
	}
	for k := range p.setters {
		for _, u := range p.pkgs {
			t := trs[u]
			scope := u.Types.Scope()
			for _, name := range scope.Names() {
				o := scope.Lookup(name)
				if p.key(o) != k {
					continue
				}
				t.file = t.fileOf(o)
				v := p.names.pkg[k]
				t.file.items = append(t.file.items, &item{text: fmt.Sprintf("/** Assigns {@link %s}: an import cannot. */\n%sfunction set%s(value: %s): void {\n  %s = value;\n}",
					v, "export ", upper(v), t.funcPlace(o.Type(), k), v)})
			}
		}
	}
}

func (t *tr) translateFile(of *outFile) {
	t.file = of
	t.comments = of.gofile.Comments
	t.cpos = 0
	t.importNames = map[string]bool{}
	for _, im := range of.gofile.Imports {
		if pn := t.info.PkgNameOf(im); pn != nil {
			if t.prog.isLocal(pn.Imported()) {
				t.importNames[t.importName(pn.Imported())] = true
				continue
			}
			t.importNames[t.alias(pn.Imported().Path(), pn.Imported().Name())] = true
		}
	}
	head := of.gofile.Doc
	if head != nil {
		of.items = append(of.items, &item{text: strings.Join(commentLines(head), "\n"), class: true})
	}
	t.cfrom = of.gofile.Name.End()
	t.skipComments(of.gofile.Name.End())
	for _, d := range of.gofile.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				t.skipComments(d.End())
				continue
			}
			t.genDecl(d)
		case *ast.FuncDecl:
			t.topFunc(d)
		}
	}
	// The comments after the last declaration.
	t.out = nil
	t.flushComments(of.gofile.FileEnd + 1)
	if len(t.out) > 0 {
		of.items = append(of.items, &item{text: strings.Join(t.out, "\n"), last: true})
	}
	t.out = nil
}

// loose collects the comments between declarations.
func (t *tr) loose(pos token.Pos, doc *ast.CommentGroup) []string {
	var lines []string
	for _, g := range t.takeComments(pos) {
		if doc != nil && g.Pos() == doc.Pos() {
			continue
		}
		if l := commentLines(g); len(l) > 0 {
			lines = append(lines, l...)
			lines = append(lines, "")
		}
	}
	return lines
}

func docComment(g *ast.CommentGroup) []string {
	if g == nil {
		return nil
	}
	lines := commentLines(g)
	var text []string
	for _, l := range lines {
		switch {
		case strings.HasPrefix(l, "//"):
			text = append(text, strings.TrimPrefix(strings.TrimPrefix(l, "//"), " "))
		case strings.HasPrefix(l, "/*"):
			text = append(text, strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(l, "/*"), " "), "*/"))
		default:
			text = append(text, strings.TrimSuffix(l, "*/"))
		}
	}
	for len(text) > 0 && strings.TrimSpace(text[len(text)-1]) == "" {
		text = text[:len(text)-1]
	}
	for i := range text {
		text[i] = strings.ReplaceAll(text[i], "*/", "* /")
	}
	if len(text) == 0 {
		return nil
	}
	if len(text) == 1 {
		return []string{"/** " + strings.TrimSpace(text[0]) + " */"}
	}
	out := []string{"/**"}
	for _, l := range text {
		out = append(out, strings.TrimRight(" * "+l, " "))
	}
	return append(out, " */")
}

// begin prepares for a declaration.
func (t *tr) begin(n ast.Node) {
	t.out = nil
	t.scopes = nil
	t.push(n.Pos(), true)
	t.fnStart, t.fnEnd = n.Pos(), n.End()
	t.narrowings = map[string]int{}
	t.lastEnd = token.NoPos
	t.curPos = n.Pos()
	t.fn = nil
	t.targets = nil
	t.gotos = nil
	t.fnNames = map[string]bool{}
	ast.Inspect(n, func(x ast.Node) bool {
		if id, ok := x.(*ast.Ident); ok && t.info.Defs[id] != nil {
			t.fnNames[lower(id.Name)] = true
		}
		return true
	})
	t.pending = nil
}

// finish makes an item from the printed lines.
func (t *tr) finish(keys []node, lead []string, init ...ast.Node) *item {
	lines := append(append(append([]string(nil), lead...), t.pending...), t.out...)
	t.pending = nil
	t.out = nil
	it := &item{keys: keys, text: strings.Join(lines, "\n"), init: init}
	t.file.items = append(t.file.items, it)
	return it
}

// export marks a declaration. Whether an unexported one needs an export is known only at the end.
func (t *tr) export(o types.Object) string {
	if o.Exported() {
		return "export "
	}
	return fmt.Sprintf("\x01%d\x02", o.Pos())
}

func (t *tr) genDecl(d *ast.GenDecl) {
	switch d.Tok {
	case token.TYPE:
		for _, sp := range d.Specs {
			ts := sp.(*ast.TypeSpec)
			doc := ts.Doc
			if doc == nil && len(d.Specs) == 1 {
				doc = d.Doc
			}
			lead := t.loose(ts.Pos(), doc)
			t.begin(ts)
			t.cfrom = ts.Pos()
			t.typeDecl(ts, doc, t.info.Defs[ts.Name].(*types.TypeName), t.export(t.info.Defs[ts.Name]))
			t.skipComments(ts.End())
			it := t.finish([]node{t.prog.key(t.info.Defs[ts.Name])}, lead)
			it.class = true
			t.prog.stats.statements++
		}
		t.skipComments(d.End())
	case token.CONST, token.VAR:
		for i, sp := range d.Specs {
			vs := sp.(*ast.ValueSpec)
			doc := vs.Doc
			if doc == nil && len(d.Specs) == 1 {
				doc = d.Doc
			}
			lead := t.loose(vs.Pos(), doc)
			if i == 0 && d.Doc != nil && doc != d.Doc && len(d.Specs) > 1 {
				// A comment on the whole group.
				t.cfrom = vs.Pos()
			}
			t.begin(vs)
			t.out = append(t.out, docComment(doc)...)
			var keys []node
			t.topVars(d, vs)
			t.trailing(vs.End())
			for _, id := range vs.Names {
				if o := t.info.Defs[id]; o != nil {
					keys = append(keys, t.prog.key(o))
				}
			}
			var init []ast.Node
			for _, v := range vs.Values {
				init = append(init, v)
			}
			if len(t.out) == 0 && len(lead) == 0 {
				continue
			}
			it := t.finish(keys, lead, init...)
			it.class = false
			if i > 0 && len(d.Specs) > 1 && t.prog.line(sp.Pos())-t.prog.line(d.Specs[i-1].End()) <= 1 && doc == nil {
				it.text = "\x03" + it.text // no blank line before it
			}
			t.prog.stats.statements++
		}
		t.skipComments(d.End())
	}
}

func (t *tr) topVars(d *ast.GenDecl, vs *ast.ValueSpec) {
	t.fn = &fnState{sig: types.NewSignatureType(nil, nil, nil, nil, nil, false), node: vs}
	if d.Tok == token.CONST {
		for _, id := range vs.Names {
			c, ok := t.info.Defs[id].(*types.Const)
			if !ok || id.Name == "_" {
				continue
			}
			x := t.constSpec(vs, id, c)
			t.line("%sconst %s = %s;", t.export(c), t.prog.names.pkg[t.prog.key(c)], x.s)
		}
		return
	}
	if len(vs.Values) == 1 && len(vs.Names) > 1 {
		x, _ := t.tupleExpr(vs.Values[0], namesToExprs(vs.Names))
		var b, refs []string
		kw := "const"
		for _, id := range vs.Names {
			v, ok := t.info.Defs[id].(*types.Var)
			if !ok || id.Name == "_" {
				b = append(b, "")
				continue
			}
			k := t.prog.key(v)
			name := t.prog.names.pkg[k]
			if t.isRefVar(v) {
				first := name + "_"
				b = append(b, first)
				refs = append(refs, fmt.Sprintf("export const %s = %s<%s>(%s);", name, t.lang("ref"), t.place(v.Type(), k), first))
				continue
			}
			if t.prog.facts.assigned[k] > 0 {
				kw = "let"
			}
			b = append(b, name)
		}
		t.line("export %s [%s] = %s;", kw, strings.Join(b, ", "), x)
		for _, r := range refs {
			t.line("%s", r)
		}
		return
	}
	for i, id := range vs.Names {
		v, ok := t.info.Defs[id].(*types.Var)
		if !ok {
			continue
		}
		if id.Name == "_" {
			// Without a call it is an assertion for Go's compiler.
			if i < len(vs.Values) && t.calls(vs.Values[i]) {
				t.line("%s;", t.value(vs.Values[i], v.Type(), nil).s)
			}
			continue
		}
		k := t.prog.key(v)
		name := t.prog.names.pkg[k]
		if isMutexType(v.Type()) && t.prog.facts.gone(v) {
			t.line("// %s: no section of this mutex waits, so nobody needs it here.", id.Name)
			continue
		}
		kw := "const"
		if t.prog.facts.assigned[k] > 0 {
			kw = "let"
		}
		if i >= len(vs.Values) {
			t.syncOnce = t.prog.facts.onceSync(v)
			z := t.zero(v.Type())
			ty := ""
			if t.isRefVar(v) {
				t.line("%sconst %s = %s<%s>(%s);", t.export(v), name, t.lang("ref"), t.place(v.Type(), k), z)
				t.syncOnce = false
				continue
			}
			if !isNumber(v.Type()) && !isString(v.Type()) && !isBool(v.Type()) && (!strings.HasPrefix(z, "new ") || isBytes(v.Type())) {
				ty = ": " + t.funcPlace(v.Type(), k)
				if z == "undefined" && !isEmptyStruct(v.Type()) {
					ty = orNil(ty)
				}
			}
			if z == "undefined" && !isEmptyStruct(v.Type()) {
				kw = "let"
			}
			t.line("%s%s %s%s = %s;", t.export(v), kw, name, ty, z)
			t.syncOnce = false
			continue
		}
		x := t.value(vs.Values[i], v.Type(), k)
		if t.isRefVar(v) {
			t.line("%sconst %s = %s<%s>(%s);", t.export(v), name, t.lang("ref"), t.place(v.Type(), k), x.s)
			continue
		}
		ty := ""
		if t.wantsType(v, x, vs.Values[i], kw, vs.Type != nil) {
			ty = ": " + t.funcPlace(v.Type(), k)
		}
		t.line("%s%s %s%s = %s;", t.export(v), kw, name, ty, x.s)
	}
}

// calls reports whether an expression calls a function; a conversion is no call.
func (t *tr) calls(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			_, isType, isBuiltin := callee(t.info, n)
			found = found || !isType && !isBuiltin
		}
		return !found
	})
	return found
}

func namesToExprs(ids []*ast.Ident) []ast.Expr {
	var b []ast.Expr
	for _, id := range ids {
		b = append(b, id)
	}
	return b
}

func (t *tr) topFunc(d *ast.FuncDecl) {
	o := t.info.Defs[d.Name].(*types.Func)
	if d.Recv != nil {
		if !t.boxedRecv(o) {
			// It is printed with its class.
			t.skipComments(d.End())
			return
		}
	}
	lead := t.loose(d.Pos(), d.Doc)
	if t.file.test && d.Recv == nil && (strings.HasPrefix(d.Name.Name, "Benchmark") || strings.HasPrefix(d.Name.Name, "Fuzz")) && len(d.Type.Params.List) == 1 {
		t.prog.stats.benchmarks++
		t.skipComments(d.End())
		return
	}
	if t.file.test && d.Name.Name == "TestMain" {
		t.skipComments(d.End())
		t.prog.stats.testMains++
		return
	}
	t.begin(d)
	t.prog.stats.statements++
	t.skipComments(d.Pos())
	if d.Doc != nil && t.cpos > 0 {
		t.skipComments(d.Doc.End())
	}
	t.cfrom = d.Pos()
	if d.Body == nil {
		t.mark(d.Pos(), "assembly", "the function "+d.Name.Name+" has no body in Go", "write it by hand")
	}
	sig := o.Type().(*types.Signature)
	if d.Name.Name == "main" && t.unit.Name == "main" && d.Recv == nil {
		t.fn = &fnState{async: true, sig: sig, node: d}
		t.out = append(t.out, docComment(d.Doc)...)
		async := "async "
		if !t.prog.facts.waits[t.prog.key(o)] {
			t.fn.async = false
			async = ""
		}
		body := t.block(d.Body)
		t.line("%s(%s() => %s);", t.gocsp("main"), async, body)
		it := t.finish(nil, lead, d.Body)
		it.last = true
		return
	}
	if d.Name.Name == "init" && d.Recv == nil {
		t.out = append(t.out, docComment(d.Doc)...)
		async := t.prog.facts.waits[t.prog.key(o)]
		t.fn = &fnState{async: async, sig: sig, node: d, throws: t.prog.throwsFn(o)}
		body := t.block(d.Body)
		if async {
			t.line("await (async () => %s)();", body)
		} else if hasReturn(d.Body) {
			t.line("(() => %s)();", body)
		} else {
			t.line("%s", body)
		}
		it := t.finish(nil, lead, d.Body)
		it.last = true
		return
	}
	async := t.prog.facts.waits[t.prog.key(o)]
	t.fn = &fnState{async: async, sig: sig, node: d, throws: t.prog.throwsFn(o)}
	gen := t.prog.generator(o)
	star := ""
	if gen != nil {
		t.fn.yield, t.fn.exact, star = gen.yield, true, "*"
	}
	t.out = append(t.out, docComment(d.Doc)...)
	head := t.export(o)
	name := t.prog.names.pkg[t.prog.key(o)]
	if d.Recv != nil {
		head = fmt.Sprintf("\x01%d\x02", o.Pos())
		if ast.IsExported(d.Name.Name) {
			head = "export "
		}
		name = methodFuncName(o)
		t.prog.exportedMethods[t.prog.key(o)] = true
	}
	if async {
		head += "async "
	}
	tp := ""
	params := ""
	if d.Recv != nil {
		recv := sig.Recv()
		n := "_self"
		if recv.Name() != "" && recv.Name() != "_" {
			n = t.declare(recv, recv.Pos())
		}
		tp = t.tparams(sig.RecvTypeParams())
		rest := t.params(sig, d.Type, false, nil)
		params = "(" + n + ": " + t.place(recv.Type(), t.prog.key(recv))
		if rest != "()" {
			params += ", " + rest[1:]
		} else {
			params += ")"
		}
	} else {
		tp = t.tparams(sig.TypeParams())
		params = t.params(sig, d.Type, false, nil)
	}
	params = t.withRecover(params)
	place := func(i int) node { return t.prog.key(sig.Results().At(i)) }
	throws := t.prog.throwsFn(o)
	t.fn.throws = throws
	ret := t.result(sig, async, place, throws)
	body := "{}"
	if d.Body != nil {
		body = t.block(d.Body)
	} else {
		body = "{\n  " + t.lang("unported") + "(" + quote(d.Name.Name) + ");\n}"
	}
	if gen != nil {
		ret = t.generatorResult(gen, ret)
	}
	t.line("%sfunction%s %s%s%s: %s %s", head, star, name, tp, params, ret, body)
	key := t.prog.key(o)
	t.finish([]node{key}, lead)
	if t.file.test && d.Recv == nil && strings.HasPrefix(d.Name.Name, "Test") && sig.Params().Len() == 1 && isNamed(sig.Params().At(0).Type(), "testing", "T") {
		t.file.tests = append(t.file.tests, d.Name.Name+" "+name)
	}
}

func hasReturn(b *ast.BlockStmt) bool {
	found := false
	inspectBody(b, func(n ast.Node) {
		if _, ok := n.(*ast.ReturnStmt); ok {
			found = true
		}
	})
	return found
}

// withRecover adds the parameter that passes recover to a deferred function.
func (t *tr) withRecover(params string) string {
	if _, ok := t.recoveringDecl(); !ok {
		return params
	}
	p := "recover: " + t.lang("type Recover")
	if params == "()" {
		return "(" + p + ")"
	}
	return strings.TrimSuffix(params, ")") + ", " + p + ")"
}

// ---- types

func (t *tr) localType(ts *ast.TypeSpec) {
	o := t.info.Defs[ts.Name].(*types.TypeName)
	t.declare(o, ts.End())
	t.typeDecl(ts, ts.Doc, o, "")
	if t.needsBox(o.Type()) {
		t.line("class %sValue extends %s<%s> {", t.typeName(o), t.lang("Boxed"), t.typeName(o))
		t.line("  static override typeName = %s;", quote(t.goType(o.Type())))
		t.line("}")
	}
}

// structIn returns the innermost element type of an array if it is a struct.
func structIn(ty types.Type) *types.Named {
	for {
		a, ok := ty.Underlying().(*types.Array)
		if !ok {
			break
		}
		ty = a.Elem()
	}
	if !isStruct(ty) {
		return nil
	}
	return namedOf(ty)
}

func (t *tr) typeName(o *types.TypeName) string {
	if n, ok := t.locals[t.prog.key(o)]; ok {
		return n
	}
	return t.prog.names.pkg[t.prog.key(o)]
}

func (t *tr) typeDecl(ts *ast.TypeSpec, doc *ast.CommentGroup, o *types.TypeName, export string) {
	if o.Name() == "_" {
		return
	}
	t.out = append(t.out, docComment(doc)...)
	n, ok := o.Type().(*types.Named)
	if o.IsAlias() || !ok {
		t.line("%stype %s = %s;", export, t.typeName(o), t.typ(types.Unalias(o.Type())))
		return
	}
	if m := t.prog.merged[t.prog.key(o)]; m != nil {
		t.line("%stype %s = %s; // the same class, with the methods of both", export, t.typeName(o), t.typ(m))
		return
	}
	tp := t.tparams(n.TypeParams())
	switch u := n.Underlying().(type) {
	case *types.Interface:
		if u.NumMethods() == 0 {
			if c := t.constraint(n); c != "" {
				t.line("%stype %s%s = %s;", export, t.typeName(o), tp, c)
			} else {
				t.line("%stype %s%s = unknown;", export, t.typeName(o), tp)
			}
			return
		}
		t.interfaceDecl(ts, o, u, export, tp)
	case *types.Struct:
		t.classDecl(ts, n, u, export, tp)
	case *types.Signature:
		old := t.waitHint
		t.waitHint = t.prog.facts.waits[namedFunc(n)]
		s := "(" + t.sigParams(u) + ") => " + t.dynResult(u, t.waitHint, resultPlace(t, u), t.prog.throwsSig(u))
		t.waitHint = old
		if yieldOf(u) != nil {
			s = t.typ(u)
		}
		t.line("%stype %s%s = %s;", export, t.typeName(o), tp, s)
	default:
		t.line("%stype %s%s = %s;", export, t.typeName(o), tp, t.typ(u))
	}
}

func (t *tr) interfaceDecl(ts *ast.TypeSpec, o *types.TypeName, u *types.Interface, export, tp string) {
	var ext []string
	inherited := map[string]bool{}
	for i := 0; i < u.NumEmbeddeds(); i++ {
		e := u.EmbeddedType(i)
		if n := namedOf(e); n != nil && n.Obj().Pkg() != nil && types.IsInterface(n) && n.Underlying().(*types.Interface).IsMethodSet() &&
			(t.hasInterface(n) || n.Obj().Pkg().Path() == "context") {
			ext = append(ext, t.typ(e))
			it := n.Underlying().(*types.Interface)
			for j := 0; j < it.NumMethods(); j++ {
				inherited[it.Method(j).Name()] = true
			}
		}
	}
	head := ""
	if len(ext) > 0 {
		head = " extends " + strings.Join(ext, ", ")
	}
	docs := map[string]*ast.Field{}
	if it, ok := ts.Type.(*ast.InterfaceType); ok {
		for _, f := range it.Methods.List {
			for _, id := range f.Names {
				docs[id.Name] = f
			}
		}
	}
	t.line("%sinterface %s%s%s {", export, t.typeName(o), tp, head)
	var ms []*types.Func
	for i := 0; i < u.NumMethods(); i++ {
		if !inherited[u.Method(i).Name()] {
			ms = append(ms, u.Method(i))
		}
	}
	sort.SliceStable(ms, func(i, j int) bool { return ms[i].Pos() < ms[j].Pos() })
	t.inner(func() {
		for _, m := range ms {
			line := t.ifaceMethod(m) + ";"
			if f := docs[m.Name()]; f != nil {
				if len(t.out) > 0 && f.Doc != nil {
					t.blank()
				}
				t.out = append(t.out, docComment(f.Doc)...)
				if f.Comment != nil {
					line += " " + strings.Join(commentLines(f.Comment), " ")
				}
			}
			t.line("%s", line)
		}
	})
	t.line("}")
}

// classDecl prints a struct with its methods.
func (t *tr) classDecl(ts *ast.TypeSpec, n *types.Named, u *types.Struct, export, tp string) {
	o := n.Obj()
	isErr := isErrorType(n)
	t.isErrClass = isErr
	ext := ""
	if isErr {
		ext = " extends Error"
	}
	name := t.typeName(o)
	targs := ""
	if n.TypeParams().Len() > 0 {
		var b []string
		for i := 0; i < n.TypeParams().Len(); i++ {
			b = append(b, n.TypeParams().At(i).Obj().Name())
		}
		targs = "<" + strings.Join(b, ", ") + ">"
	}
	if u.NumFields() == 0 && n.NumMethods() == 0 && !isErr {
		t.line("%sclass %s%s {}", export, name, tp)
		return
	}
	t.line("%sclass %s%s%s {", export, name, tp, ext)
	st, _ := ts.Type.(*ast.StructType)
	fields := 0
	t.inner(func() {
		if st != nil {
			fields = t.fields(st, u)
		} else {
			for i := 0; i < u.NumFields(); i++ {
				t.field(u.Field(i), u.Field(i).Type())
				fields++
			}
		}
		if t.prog.facts.described[structKey(n)] && !isErr {
			var names []string
			for i := 0; i < u.NumFields(); i++ {
				f := u.Field(i)
				name := f.Name()
				switch b := f.Type().Underlying().(type) {
				case *types.Basic:
					if isDuration(f.Type()) {
						name += " time.Duration"
					} else if b.Info()&types.IsFloat != 0 {
						name += " " + b.Name()
					}
				}
				names = append(names, quote(name))
			}
			t.line("static readonly goFields = [%s];", strings.Join(names, ", "))
		}
		if k := structKey(n); t.prog.facts.shown[k] && !isErr && !prints(n) {
			var boxes []string
			for i := 0; i < u.NumFields(); i++ {
				f := u.Field(i)
				// Go does not call the methods of fields that are not exported.
				if b := t.printBox(f.Type()); b != "" && f.Exported() {
					boxes = append(boxes, t.prog.names.member(f)+": "+b)
				} else if isDuration(f.Type()) {
					boxes = append(boxes, t.prog.names.member(f)+`: "time.Duration"`)
				}
			}
			if len(boxes) > 0 {
				t.line("static readonly goTypes = () => (%s);", t.list("{", boxes, "}", false))
			}
		}
		if fields > 0 {
			t.blank()
			t.line("constructor(init?: Partial<%s%s>) {", name, targs)
			if isErr {
				t.line("  super();")
			}
			t.line("  Object.assign(this, init);")
			t.line("}")
		}
		for _, same := range t.prog.sameClass(n) {
			for _, m := range t.methodsOf(same) {
				t.method(same, m)
			}
		}
		t.promoted(n, isErr)
		if t.prog.opts.secondPass || true {
			t.line("\x04%d\x05%s\x06%s", o.Pos(), name+targs, t.cloneBody(n, u, name+targs))
		}
	})
	t.line("}")
}

// cloneBody prints the method that copies a struct. It is removed later if the struct is never copied.
func (t *tr) cloneBody(n *types.Named, u *types.Struct, name string) string {
	var deep []string
	for i := 0; i < u.NumFields(); i++ {
		f := u.Field(i)
		m := "this." + t.prog.names.member(f)
		switch {
		case isMutexType(f.Type()):
			continue
		case isArray(f.Type()):
			if a := f.Type().Underlying().(*types.Array); isStruct(a.Elem()) || isArray(a.Elem()) {
				deep = append(deep, t.prog.names.member(f)+": "+t.lang("cloneArray")+"("+m+")")
				if e := structIn(a.Elem()); e != nil && t.prog.isLocal(e.Obj().Pkg()) {
					t.prog.cloneDeps[t.prog.key(n.Obj())] = append(t.prog.cloneDeps[t.prog.key(n.Obj())], t.prog.key(e.Obj()))
				}
			} else {
				deep = append(deep, t.prog.names.member(f)+": "+m+".slice()")
			}
		case isStruct(f.Type()) && namedOf(f.Type()) != nil && t.prog.isLocal(namedOf(f.Type()).Obj().Pkg()) && t.needsCopy(f.Type()):
			deep = append(deep, t.prog.names.member(f)+": "+m+".clone()")
			t.prog.cloneDeps[t.prog.key(n.Obj())] = append(t.prog.cloneDeps[t.prog.key(n.Obj())], t.prog.key(namedOf(f.Type()).Obj()))
		case isStruct(f.Type()) && namedOf(f.Type()) == nil:
			deep = append(deep, t.prog.names.member(f)+": "+t.clone(prim("%s", m), f.Type()).s)
		}
	}
	if len(deep) == 0 {
		return "new " + name + "(this)"
	}
	return "new " + name + "({ ...this, " + strings.Join(deep, ", ") + " })"
}

func (t *tr) fields(st *ast.StructType, u *types.Struct) int {
	i := 0
	count := 0
	for _, fl := range st.Fields.List {
		n := len(fl.Names)
		if n == 0 {
			n = 1
		}
		if len(t.out) > 0 && fl.Doc != nil {
			t.blank()
		}
		if fl.Doc != nil {
			t.out = append(t.out, docComment(fl.Doc)...)
		}
		for j := 0; j < n; j++ {
			if t.field(u.Field(i), u.Field(i).Type()) {
				count++
			}
			i++
		}
		if fl.Comment != nil && len(t.out) > 0 {
			t.out[len(t.out)-1] += " " + strings.Join(commentLines(fl.Comment), " ")
		}
	}
	return count
}

func (t *tr) field(f *types.Var, ty types.Type) bool {
	if f.Name() == "_" {
		return false
	}
	k := t.prog.key(f)
	name := t.prog.names.member(f)
	if isMutexType(ty) && t.prog.facts.gone(f) {
		t.out = append(t.out, "// "+f.Name()+": no section of this mutex waits, so nobody needs it here.")
		return false
	}
	t.syncOnce = t.prog.facts.onceSync(f)
	defer func() { t.syncOnce = false }()
	z := t.zero(ty)
	s := t.funcPlace(ty, k)
	switch {
	case isEmptyStruct(ty):
		t.line("%s: void = undefined;", name)
	case isTypeParam(ty):
		t.line("%s: %s = %s;", name, s, z)
	case z == "undefined" && t.prog.facts.nils[k]:
		t.line("%s: %s;", name, orNil(s))
	case z == "undefined":
		t.line("%s!: %s;", name, s)
	case isNumber(ty), isString(ty), isBool(ty):
		if n := namedOf(ty); n != nil && n.Obj().Pkg() != nil && t.prog.isLocal(n.Obj().Pkg()) {
			t.line("%s: %s = %s;", name, s, z)
		} else {
			t.line("%s = %s;", name, z)
		}
	case strings.HasPrefix(z, "new ") && !strings.HasPrefix(z, "new Array") && !strings.HasPrefix(z, "new Uint8"):
		t.line("%s = %s;", name, z)
	default:
		t.line("%s: %s = %s;", name, s, z)
	}
	return true
}

// methodsOf returns the declarations of a type's methods, in source order.
func (t *tr) methodsOf(n *types.Named) []*ast.FuncDecl {
	var out []*ast.FuncDecl
	for i := 0; i < n.NumMethods(); i++ {
		if d := t.prog.decls[t.prog.key(n.Method(i))]; d != nil {
			if t.prog.inTest(d.Pos()) && !t.prog.opts.tests {
				continue
			}
			out = append(out, d)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Pos() < out[j].Pos() })
	return out
}

func (t *tr) method(n *types.Named, d *ast.FuncDecl) {
	o := t.info.Defs[d.Name].(*types.Func)
	if t.nilSafe(o) {
		t.delegate(n, o)
		return
	}
	t.prog.stats.statements++
	// The method may be in another file, which has its own comments.
	savedComments, savedPos, savedFrom := t.comments, t.cpos, t.cfrom
	for _, f := range t.unit.files {
		if f.FileStart <= d.Pos() && d.Pos() <= f.FileEnd {
			t.comments = f.Comments
		}
	}
	t.cpos = 0
	t.skipComments(d.Pos())
	t.cfrom = d.Pos()
	defer func() { t.comments, t.cpos, t.cfrom = savedComments, savedPos, savedFrom }()

	sig := o.Type().(*types.Signature)
	async := t.prog.facts.waits[t.prog.key(o)]
	oldFn, oldStart, oldEnd, oldNames := t.fn, t.fnStart, t.fnEnd, t.fnNames
	t.fnStart, t.fnEnd = d.Pos(), d.End()
	t.fnNames = map[string]bool{}
	ast.Inspect(d, func(x ast.Node) bool {
		if id, ok := x.(*ast.Ident); ok && t.info.Defs[id] != nil {
			t.fnNames[lower(id.Name)] = true
		}
		return true
	})
	t.push(d.Pos(), true)
	t.fn = &fnState{async: async, sig: sig, node: d, throws: t.prog.throwsFn(o)}
	gen := t.prog.generator(o)
	if gen != nil {
		t.fn.yield, t.fn.exact = gen.yield, true
	}
	oldLast, oldNarrow := t.lastEnd, t.narrowings
	t.lastEnd = token.NoPos
	t.narrowings = map[string]int{}
	defer func() {
		t.fn, t.fnStart, t.fnEnd, t.fnNames = oldFn, oldStart, oldEnd, oldNames
		t.lastEnd, t.narrowings = oldLast, oldNarrow
		t.pop()
	}()

	if r := sig.Recv(); r.Name() != "" && r.Name() != "_" {
		t.receiver(r, d)
	}
	name := t.prog.names.member(o)
	params := t.withRecover(t.params(sig, d.Type, false, nil))
	tp := ""
	place := func(i int) node { return t.prog.key(sig.Results().At(i)) }
	pend := t.pending
	t.pending = nil
	at := len(t.out)
	if at > 0 {
		t.blank()
		at = len(t.out)
	}
	if async && (d.Name.Name == "String" && name == "toString" || isErrorType(n) && calledByErrors(d.Name.Name)) {
		t.mark(d.Pos(), "colour", d.Name.Name+" waits, but what prints and compares values calls it without awaiting", "do not wait here")
	}
	head := ""
	switch {
	case isErrorType(n) && (name == "message" || name == "cause" || name == "errors") && sig.Params().Len() == 0:
		head = "override get " + name + "(): " + t.result(sig, false, place, false)
		if name == "errors" {
			head = "get " + name + "(): " + t.result(sig, false, place, false)
		}
	case isCtxMethod(n, d.Name.Name) && d.Name.Name == "Done":
		t.fn.doneMethod = true
		head = "done(): " + t.gocsp("type ReceiveChan") + "<never>"
	case isCtxMethod(n, d.Name.Name):
		body := t.block(d.Body)
		if d.Name.Name == "Deadline" {
			t.out = append(t.out, docComment(d.Doc)...)
			t.line("deadline(): Date | undefined {")
			t.line("  const [at, ok] = this.deadlineOk();")
			t.line("  return ok ? at : undefined;")
			t.line("}")
			t.blank()
			t.line("deadlineOk(): %s %s", t.result(sig, false, place, false), body)
		} else {
			t.out = append(t.out, docComment(d.Doc)...)
			t.line("value<T>(key: %s<T>): T | undefined;", t.gocsp("type Key"))
			t.line("value(key: unknown): unknown;")
			t.line("value%s: unknown %s", params, body)
		}
		t.pending = pend
		return
	default:
		if async {
			head = "async "
		}
		if isErrorType(n) && (name == "toString") {
			head = "override " + head
		}
		result := t.result(sig, async, place, t.fn.throws)
		if gen != nil {
			head, result = "*", t.generatorResult(gen, result)
		}
		head += name + tp + params + ": " + result
	}
	body := "{}"
	if d.Body != nil {
		body = t.block(d.Body)
	}
	t.out = append(t.out, docComment(d.Doc)...)
	t.out = append(t.out, t.pending...)
	t.pending = pend
	t.line("%s %s", head, body)
}

// calledByErrors tells the methods of errors that are called by what prints errors and by the package errors.
func calledByErrors(name string) bool {
	switch name {
	case "Error", "Unwrap", "Is", "As":
		return true
	}
	return false
}

// delegate prints the class's method for a method that has become a function.
func (t *tr) delegate(n *types.Named, f *types.Func) {
	if !t.prog.facts.ifaceHas(f.Name()) && !isErrorType(n) && f.Name() != "String" {
		return
	}
	sig := f.Type().(*types.Signature)
	name := t.prog.names.member(f)
	args := []string{"this"}
	params := t.methodParams(f)
	for _, p := range strings.Split(params, ", ") {
		if i := strings.Index(p, ": "); i > 0 && sig.Params().Len() > 0 {
			args = append(args, p[:i])
		}
	}
	t.blank()
	ret := t.result(sig, t.prog.facts.waits[t.prog.key(f)], t.resultPlaces(f), t.prog.throwsFn(f))
	call := t.methodFunc(f) + "(" + strings.Join(args, ", ") + ")"
	if isErrorType(n) && (name == "message" || name == "cause" || name == "errors") {
		t.line("override get %s(): %s {\n  return %s;\n}", name, ret, call)
		return
	}
	head := ""
	if isErrorType(n) && name == "toString" {
		head = "override "
	}
	t.line("%s%s(%s): %s {\n  return %s;\n}", head, name, params, ret, call)
}

func isCtxMethod(n *types.Named, name string) bool {
	if name != "Deadline" && name != "Value" && name != "Done" {
		return false
	}
	has := 0
	for _, m := range []string{"Deadline", "Done", "Err", "Value"} {
		if o, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, n.Obj().Pkg(), m); o != nil {
			if _, ok := o.(*types.Func); ok {
				has++
			}
		}
	}
	return has == 4
}

// receiver names the receiver: this, or a variable if the method assigns it or changes a copy.
func (t *tr) receiver(r *types.Var, d *ast.FuncDecl) {
	k := t.prog.key(r)
	if t.prog.facts.assigned[k] > 0 {
		name := t.declare(r, r.Pos())
		ty := t.typ(r.Type())
		if isPointer2(r.Type()) {
			ty = orNil(ty)
		}
		t.fn.prologue = append(t.fn.prologue, fmt.Sprintf("let %s: %s = this;", name, ty))
		if isPointer2(r.Type()) {
			t.prog.facts.nils[k] = true
		}
		return
	}
	if !isPointer2(r.Type()) && isStruct(r.Type()) && d.Body != nil && t.changedIn(r, d.Body) && t.needsCopy(r.Type()) {
		name := t.declare(r, r.Pos())
		t.fn.prologue = append(t.fn.prologue, fmt.Sprintf("const %s = %s;", name, t.clone(prim("this"), r.Type()).s))
		return
	}
	t.locals[k] = "this"
	t.narrowings["this"]++
}

// promoted prints the methods that a struct inherits from its embedded fields.
func (t *tr) promoted(n *types.Named, isErr bool) {
	ms := types.NewMethodSet(types.NewPointer(n))
	for i := 0; i < ms.Len(); i++ {
		s := ms.At(i)
		if len(s.Index()) < 2 {
			continue
		}
		f := s.Obj().(*types.Func)
		if !f.Exported() && !t.prog.facts.ifaceHas(f.Name()) || mutexMethod(f) != "" {
			continue
		}
		if f.Pkg() != nil && f.Pkg().Path() == "sync" {
			continue
		}
		// The embedded field.
		path, recv := "this", types.Type(n)
		for _, ix := range s.Index()[:len(s.Index())-1] {
			if p, ok := recv.Underlying().(*types.Pointer); ok {
				recv = p.Elem()
			}
			fl := recv.Underlying().(*types.Struct).Field(ix)
			path += "." + t.prog.names.member(fl)
			if isNilable(fl.Type()) && t.prog.facts.nils[t.prog.key(fl)] {
				path += "!"
			}
			recv = fl.Type()
		}
		sig := f.Type().(*types.Signature)
		name := t.prog.names.member(f)
		t.blank()
		if f.Pkg() == nil || isError(recvOf(f)) {
			t.line("override get message(): string {\n  return %s.message;\n}", path)
			continue
		}
		if r := recvOf(f); r != nil && isNamed(r, "context", "Context") {
			switch f.Name() {
			case "Deadline":
				t.line("deadline(): Date | undefined {\n  return %s.deadline();\n}", path)
			case "Done":
				t.line("done(): %s<never> {\n  return %s.done();\n}", t.gocsp("type ReceiveChan"), path)
			case "Err":
				t.line("err(): Error | undefined {\n  return %s.err();\n}", path)
			case "Value":
				t.line("value<T>(key: %s<T>): T | undefined;", t.gocsp("type Key"))
				t.line("value(key: unknown): unknown;")
				t.line("value(key: unknown): unknown {\n  return %s.value(key);\n}", path)
			}
			continue
		}
		if !t.prog.isLocal(f.Pkg()) {
			t.line("get %s() {\n  return %s.%s.bind(%s);\n}", name, path, name, path)
			continue
		}
		own := f.Origin().Type().(*types.Signature)
		var params, args []string
		for j := 0; j < sig.Params().Len(); j++ {
			p := own.Params().At(j)
			pn := lower(p.Name())
			if pn == "" || pn == "_" || reserved[pn] {
				pn = fmt.Sprintf("arg%d", j)
			}
			if sig.Variadic() && j == sig.Params().Len()-1 {
				params = append(params, "..."+pn+": "+t.variadicType(sig.Params().At(j).Type()))
				args = append(args, "..."+pn)
				continue
			}
			params = append(params, pn+": "+t.funcPlace(sig.Params().At(j).Type(), t.prog.key(p)))
			args = append(args, pn)
		}
		if isCtxMethod(n, "Done") {
			switch f.Name() {
			case "Done":
				t.line("done(): %s<never> {\n  return %s.done();\n}", t.gocsp("type ReceiveChan"), path)
				continue
			case "Deadline":
				t.line("deadline(): Date | undefined {\n  return %s.deadline();\n}", path)
				continue
			case "Value":
				t.line("value<T>(key: %s<T>): T | undefined;", t.gocsp("type Key"))
				t.line("value(key: unknown): unknown;")
				t.line("value(key: unknown): unknown {\n  return %s.value(key);\n}", path)
				continue
			}
		}
		async := t.prog.facts.waits[t.prog.key(f)]
		ret := t.result(sig, false, t.resultPlaces(f), t.prog.throwsFn(f))
		if async {
			ret = t.dynResult(sig, true, t.resultPlaces(f), t.prog.throwsFn(f))
			if !isIfaceMethod(f) {
				ret = t.result(sig, true, t.resultPlaces(f), t.prog.throwsFn(f))
			}
		}
		if t.boxedRecv(f) {
			t.line("%s(%s): %s {\n  return %s(%s);\n}", name, strings.Join(params, ", "), ret, t.methodFunc(f), strings.Join(append([]string{path}, args...), ", "))
			continue
		}
		if (name == "message" || name == "cause") && isErr {
			t.line("override get %s(): %s {\n  return %s.%s;\n}", name, ret, path, name)
			continue
		}
		head := ""
		if isErr && name == "toString" {
			head = "override "
		}
		t.line("%s%s(%s): %s {\n  return %s.%s(%s);\n}", head, name, strings.Join(params, ", "), ret, path, name, strings.Join(args, ", "))
	}
}

// ifaceHas reports whether some interface of the program has a method of that name.
func (f *facts) ifaceHas(name string) bool {
	for _, n := range f.named {
		if it, ok := n.Underlying().(*types.Interface); ok {
			for i := 0; i < it.NumMethods(); i++ {
				if it.Method(i).Name() == name {
					return true
				}
			}
		}
	}
	return false
}

// boxDecl prints the class that boxes values of a type that is not a struct in interfaces.
func (t *tr) boxDecl(n *types.Named) {
	o := n.Obj()
	name := t.prog.names.pkg[t.prog.key(o)]
	t.out = nil
	isErr := isErrorType(n)
	boxed := t.typ(n)
	if l := n.TypeParams(); l.Len() > 0 {
		var names []string
		for i := 0; i < l.Len(); i++ {
			names = append(names, l.At(i).Obj().Name())
		}
		boxed = name + "<" + strings.Join(names, ", ") + ">"
	}
	base := t.lang("Boxed") + "<" + boxed + ">"
	if isErr {
		base = t.lang("BoxedError") + "<" + boxed + ">"
	}
	t.line("/** A %s in an interface: the value with its methods. */", o.Name())
	t.line("%sclass %sValue%s extends %s {", fmt.Sprintf("\x07%s\x02", t.file.path+":"+name+"Value"), name, t.tparams(n.TypeParams()), base)
	t.inner(func() {
		t.line("static override typeName = %s;", quote(t.goType(n)))
		for i := 0; i < n.NumMethods(); i++ {
			f := n.Method(i)
			if t.prog.inTest(f.Pos()) && !t.prog.opts.tests {
				continue
			}
			sig := f.Type().(*types.Signature)
			if _, isRef := refElem(sig.Recv().Type()); isRef && isPointer2(sig.Recv().Type()) {
				continue // not in the method set of a value
			}
			m := t.prog.names.member(f)
			var params, args []string
			args = append(args, "this.value")
			for j := 0; j < sig.Params().Len(); j++ {
				p := sig.Params().At(j)
				pn := lower(p.Name())
				if pn == "" || pn == "_" || reserved[pn] {
					pn = fmt.Sprintf("arg%d", j)
				}
				if sig.Variadic() && j == sig.Params().Len()-1 {
					params = append(params, "..."+pn+": "+t.variadicType(p.Type()))
					args = append(args, "..."+pn)
					continue
				}
				params = append(params, pn+": "+t.funcPlace(p.Type(), t.prog.key(p)))
				args = append(args, pn)
			}
			ret := t.result(sig, t.prog.facts.waits[t.prog.key(f)], t.resultPlaces(f), t.prog.throwsFn(f))
			t.blank()
			fn := t.methodFunc(f)
			switch {
			case isErr && (m == "message" || m == "cause"):
				t.line("override get %s(): %s {\n  return %s(%s);\n}", m, ret, fn, strings.Join(args, ", "))
			case m == "toString":
				t.line("override toString(): string {\n  return %s(this.value);\n}", fn)
			default:
				t.line("%s(%s): %s {\n  return %s(%s);\n}", m, strings.Join(params, ", "), ret, fn, strings.Join(args, ", "))
			}
		}
	})
	t.line("}")
	it := &item{text: strings.Join(t.out, "\n"), class: true, keys: []node{"box:" + typeKey(n)}}
	t.out = nil
	t.file.items = append(t.file.items, it)
}
