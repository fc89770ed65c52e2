package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

var (
	exportMark = regexp.MustCompile("\x01(\\d+)\x02")
	nameMark   = regexp.MustCompile("\x07([^\x02]*)\x02")
	cloneMark  = regexp.MustCompile("(?m)^( *)\x04(\\d+)\x05([^\x06\n]*)\x06([^\n]*)$")
)

// initRefs returns the package-level objects that a piece of code needs when it is evaluated, directly or through the
// functions that it calls.
func (p *program) initRefs(u *unit, nodes []ast.Node) map[node]types.Object {
	found := map[node]types.Object{}
	seen := map[node]bool{}
	var visit func(info *types.Info, n ast.Node)
	visit = func(info *types.Info, n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			o := info.Uses[id]
			if o == nil || o.Pkg() == nil || !p.isLocal(o.Pkg()) {
				return true
			}
			k := p.key(o)
			if fn, ok := o.(*types.Func); ok {
				if !seen[k] {
					seen[k] = true
					if d := p.decls[k]; d != nil && d.Body != nil {
						visit(p.local[pathOf(fn)].info, d.Body)
					}
				}
				if r := recvOf(fn); r != nil {
					return true
				}
				return true
			}
			if o.Parent() == o.Pkg().Scope() {
				found[k] = o
			}
			return true
		})
		// The classes of values whose types are not named here.
		ast.Inspect(n, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if t := info.TypeOf(e); t != nil {
					if nm := namedOf(t); nm != nil && nm.Obj().Pkg() != nil && p.isLocal(nm.Obj().Pkg()) && nm.Obj().Parent() == nm.Obj().Pkg().Scope() {
						if _, ok := nm.Underlying().(*types.Struct); ok {
							found[p.key(nm.Obj())] = nm.Obj()
						}
						found[node("box:"+typeKey(nm.Origin()))] = nm.Obj()
					}
				}
			}
			return true
		})
	}
	for _, n := range nodes {
		visit(u.info, n)
	}
	return found
}

// ordered returns the items in an order in which everything is initialized before it is used.
func (p *program) ordered(of *outFile) []*item {
	owner := map[node]*item{}
	for _, it := range of.items {
		for _, k := range it.keys {
			owner[k] = it
		}
	}
	var out []*item
	state := map[*item]int{}
	var emit func(it *item)
	emit = func(it *item) {
		if state[it] != 0 {
			return
		}
		state[it] = 1
		if len(it.init) > 0 {
			refs := p.initRefs(of.unit, it.init)
			var deps []*item
			for k, o := range refs {
				if dep := owner[k]; dep != nil && dep != it {
					deps = append(deps, dep)
				}
				if f := p.outFiles[p.fset.Position(o.Pos()).Filename]; f != nil && f != of {
					of.needs[f] = true
				}
			}
			sort.Slice(deps, func(i, j int) bool { return indexOf(of.items, deps[i]) < indexOf(of.items, deps[j]) })
			for _, d := range deps {
				if state[d] == 0 && !d.last {
					emit(d)
				}
			}
		}
		state[it] = 2
		out = append(out, it)
	}
	for _, it := range of.items {
		if !it.last {
			emit(it)
		}
	}
	for _, it := range of.items {
		if it.last {
			emit(it)
		}
	}
	return out
}

func indexOf(l []*item, x *item) int {
	for i, it := range l {
		if it == x {
			return i
		}
	}
	return -1
}

func (p *program) render(of *outFile) string {
	items := p.ordered(of)
	var body strings.Builder
	for i, it := range items {
		text := it.text
		close := strings.HasPrefix(text, "\x03")
		text = strings.TrimPrefix(text, "\x03")
		if text == "" {
			continue
		}
		if i > 0 {
			if close {
				body.WriteString("\n")
			} else {
				body.WriteString("\n\n")
			}
		}
		body.WriteString(text)
	}
	s := body.String()
	s = exportMark.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.Atoi(exportMark.FindStringSubmatch(m)[1])
		if p.exported[token.Pos(n)] {
			return "export "
		}
		return ""
	})
	s = nameMark.ReplaceAllStringFunc(s, func(m string) string {
		if p.exportedNames[nameMark.FindStringSubmatch(m)[1]] {
			return "export "
		}
		return ""
	})
	s = cloneMark.ReplaceAllStringFunc(s, func(m string) string {
		g := cloneMark.FindStringSubmatch(m)
		n, _ := strconv.Atoi(g[2])
		if !p.facts.cloned[token.Pos(n)] {
			return "\x08"
		}
		return fmt.Sprintf("\n%s/** A copy, as an assignment makes it in Go. */\n%sclone(): %s {\n%s  return %s;\n%s}", g[1], g[1], g[3], g[1], g[4], g[1])
	})
	s = strings.ReplaceAll(s, "\x08\n", "")
	s = regexp.MustCompile(`\n{3,}`).ReplaceAllString(s, "\n\n")
	s = regexp.MustCompile(`\{\n+(\n *\S)`).ReplaceAllString(s, "{$1")
	s = regexp.MustCompile(`\n\n( *)\}`).ReplaceAllString(s, "\n$1}")
	s = strings.ReplaceAll(s, rawNewline, "\n")
	for strings.Contains(s, "[, ]") {
		s = strings.ReplaceAll(s, "[, ]", "[]")
	}

	tail := ""
	if len(of.tests) > 0 {
		t := newTr(p, of.unit)
		t.file = of
		runner := "node:test"
		if p.opts.vitest {
			runner = "vitest"
		}
		testName := "test"
		t.pkgByName = map[string]node{}
		if regexp.MustCompile(`\b(const|let|function|class) test\b`).MatchString(s) {
			testName = "runTest"
			t.use(runner, "test as runTest")
		} else {
			t.use(runner, "test")
		}
		t.use("gocsp/golib/testing", "* as testing")
		tail = "\n"
		for _, n := range of.tests {
			parts := strings.SplitN(n, " ", 2)
			tail += fmt.Sprintf("\n%s(%s, testing.test(%s));", testName, quote(parts[0]), parts[1])
		}
	}
	doc := ""
	// The comment at the top of the file comes before the imports.
	if len(items) > 0 && items[0].class && of.gofile.Doc != nil && strings.HasPrefix(s, items[0].text) && items[0].text != "" {
		doc = items[0].text + "\n"
		s = strings.TrimLeft(strings.TrimPrefix(s, items[0].text), "\n")
	}
	imports := p.importsOf(of, codeOnly(s+tail))
	if imports != "" {
		imports += "\n"
	}
	return doc + imports + strings.TrimLeft(s, "\n") + tail + "\n"
}

// codeOnly returns TypeScript without its comments and strings.
func codeOnly(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "//"):
			for i < len(s) && s[i] != '\n' {
				i++
			}
			b.WriteByte('\n')
		case strings.HasPrefix(s[i:], "/*"):
			if end := strings.Index(s[i+2:], "*/"); end >= 0 {
				i += end + 3
			}
			b.WriteByte(' ')
		case s[i] == '"':
			for i++; i < len(s) && s[i] != '"' && s[i] != '\n'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
			b.WriteByte(' ')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// mentions reports whether code has a word.
func mentions(code, word string) bool {
	letter := func(c byte) bool {
		return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	for i := 0; ; {
		j := strings.Index(code[i:], word)
		if j < 0 {
			return false
		}
		i += j
		end := i + len(word)
		if (i == 0 || !letter(code[i-1])) && (end == len(code) || !letter(code[end])) {
			return true
		}
		i = end
	}
}

// plainTime lists the names of gocsp/time with the same meaning in gocsp/golib/time, whose times are like Go's.
var plainTime = map[string]bool{
	"nanosecond": true, "microsecond": true, "millisecond": true, "second": true, "minute": true, "hour": true, "sleep": true, "after": true,
	"tick": true, "newTimer": true, "newTicker": true, "afterFunc": true, "formatDuration": true, "Timer": true, "Ticker": true,
}

// importsOf prints the imports of a file: gocsp first, then Node, then the package's own files; files that have to be
// evaluated earlier come first.
func (p *program) importsOf(of *outFile, code string) string {
	mods := map[string]map[string]bool{}
	add := func(mod, name string) {
		if mods[mod] == nil {
			mods[mod] = map[string]bool{}
		}
		mods[mod][name] = true
	}
	for mod, names := range of.imports {
		pkg, std := strings.CutPrefix(mod, "std:")
		if !std {
			for n := range names {
				add(mod, n)
			}
			continue
		}
		own := true
		for n := range names {
			if !exports["gocsp/"+pkg][n] || pkg == "time" && !plainTime[n] {
				own = false
			}
		}
		if own {
			add("gocsp", pkg)
		} else {
			add("gocsp/golib/"+pkg, "* as "+pkg)
		}
	}
	// context.x and errors.x come through the root's namespaces; if golib has the package too, only one of the two is
	// imported.
	for _, pkg := range []string{"time", "context", "errors", "sync"} {
		if mods["gocsp/golib/"+pkg] != nil && mods["gocsp"][pkg] {
			delete(mods["gocsp"], pkg)
		}
	}
	var list []string
	for m := range mods {
		if len(mods[m]) > 0 {
			list = append(list, m)
		}
	}
	rank := func(m string) int {
		switch {
		case m == "gocsp":
			return 0
		case strings.HasPrefix(m, "gocsp/golib"):
			return 2
		case strings.HasPrefix(m, "gocsp/"):
			return 1
		case strings.HasPrefix(m, "."):
			return 4
		}
		return 3
	}
	needed := map[string]bool{}
	for f := range of.needs {
		if f.unit == of.unit {
			needed["./"+filepath.Base(f.path)] = true
		}
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if rank(a) != rank(b) {
			return rank(a) < rank(b)
		}
		if needed[a] != needed[b] {
			return needed[a]
		}
		return a < b
	})
	var b strings.Builder
	for _, m := range list {
		var names []string
		var star []string
		for n := range mods[m] {
			if v, ok := strings.CutPrefix(n, "type "); ok && mods[m][v] {
				continue
			}
			// What was left out with the code around it needs no import.
			if !strings.HasPrefix(m, ".") && !mentions(code, n[strings.LastIndexByte(n, ' ')+1:]) {
				continue
			}
			if strings.HasPrefix(n, "* as ") {
				star = append(star, n)
				continue
			}
			names = append(names, n)
		}
		for _, s := range star {
			fmt.Fprintf(&b, "import %s from %q;\n", s, m)
		}
		if len(names) == 0 {
			continue
		}
		sort.Slice(names, func(i, j int) bool {
			x, y := strings.TrimPrefix(names[i], "type "), strings.TrimPrefix(names[j], "type ")
			if lx, ly := strings.ToLower(x), strings.ToLower(y); lx != ly {
				return lx < ly
			}
			return x < y
		})
		allTypes := true
		for _, n := range names {
			allTypes = allTypes && strings.HasPrefix(n, "type ")
		}
		if allTypes {
			for i := range names {
				names[i] = strings.TrimPrefix(names[i], "type ")
			}
			b.WriteString(importLine("import type", names, m))
			continue
		}
		b.WriteString(importLine("import", names, m))
	}
	return b.String()
}

func importLine(kw string, names []string, m string) string {
	s := fmt.Sprintf("%s { %s } from %q;\n", kw, strings.Join(names, ", "), m)
	if len(s) <= 121 {
		return s
	}
	return fmt.Sprintf("%s {\n  %s,\n} from %q;\n", kw, strings.Join(names, ",\n  "), m)
}

// write writes the output, or prints it.
func (p *program) write() error {
	entries := map[string][]*outFile{}
	for _, of := range p.order {
		if of.test && !p.opts.tests {
			continue
		}
		of.text = p.render(of)
	}
	for _, of := range p.order {
		if of.text == "" {
			continue
		}
		p.stats.files++
		if !of.test && !of.unit.external {
			entries[of.unit.dir] = append(entries[of.unit.dir], of)
		}
		if err := writeFile(filepath.Join(p.opts.out, of.path), of.text); err != nil {
			return err
		}
	}
	for dir, files := range entries {
		if len(files) < 2 || files[0].unit.Name == "main" {
			continue
		}
		var b strings.Builder
		for _, f := range sortedByNeed(files) {
			if regexp.MustCompile(`(?m)^export `).MatchString(f.text) {
				fmt.Fprintf(&b, "export * from \"./%s\";\n", filepath.Base(f.path))
			}
		}
		if err := writeFile(filepath.Join(p.opts.out, dir, "index.ts"), b.String()); err != nil {
			return err
		}
	}
	return nil
}

// sortedByNeed puts a file before the files that need it when they start.
func sortedByNeed(files []*outFile) []*outFile {
	var out []*outFile
	state := map[*outFile]bool{}
	var visit func(f *outFile)
	visit = func(f *outFile) {
		if state[f] {
			return
		}
		state[f] = true
		for _, g := range files {
			if f.needs[g] {
				visit(g)
			}
		}
		out = append(out, f)
	}
	for _, f := range files {
		visit(f)
	}
	return out
}

func writeFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}
