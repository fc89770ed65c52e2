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

// A program is all code that is translated in one run, with the facts about the whole.
type program struct {
	opts options
	fset *token.FileSet
	pkgs []*unit
	// local maps the paths of the translated packages to them.
	local map[string]*unit
	facts *facts
	// opened has the expressions that stand for the map in an http.Header or url.Values.
	opened map[ast.Expr]bool
	throws *throws
	// merged has the types that have the class of another one.
	merged map[node]*types.Named
	alias  *aliasing
	names  *namer
	bounds *bounds
	// src has the text of the files, for line breaks and comments.
	src map[string][]byte
	// lines has the starts of lines that hold only comments or nothing.
	stats           stats
	refVars         map[node]bool
	ssa             map[node]bool
	decls           map[node]*ast.FuncDecl
	setters         map[node]bool
	outFiles        map[string]*outFile
	order           []*outFile
	exported        map[node]bool
	exportedNames   map[string]bool
	exportedMethods map[node]bool
	boxed           map[node]*types.Named
	boxDone         map[node]bool
	cloneDeps       map[node][]node
	generators      map[node]*generator
}

// A unit is one Go package, or the external tests of one.
type unit struct {
	*goPackage
	prog *program
	// dir is where its files go, relative to the output.
	dir string
	// external is set for the package of another one's external tests.
	external bool
	// dep is set for a package of another module that is translated as a dependency.
	dep   bool
	info  *types.Info
	files []*ast.File
}

func (p *program) fileOf(f *ast.File) string { return p.fset.Position(f.Pos()).Filename }

func (u *unit) fileName(f *ast.File) string { return filepath.Base(u.prog.fileOf(f)) }

// inTest reports whether a position is in a test file.
func (p *program) inTest(pos token.Pos) bool {
	return strings.HasSuffix(p.fset.Position(pos).Filename, "_test.go")
}

// load reads the packages with their tests. The tests are always read, even if only the packages are translated: they
// show which functions are passed as arguments, and so which calls may wait.
func load(opts options) (*program, error) {
	l, err := listPackages(opts)
	if err != nil {
		return nil, err
	}
	roots, deps := l.chosen(opts.tests)
	best := map[string]*goPackage{}
	external := map[string]bool{}
	var wanted []*goPackage
	withTests := map[string]bool{}
	for _, p := range l.list {
		if p.ForTest == p.PkgPath {
			withTests[p.PkgPath] = true
		}
	}
	for _, p := range l.list {
		if p.ForTest == "" && withTests[p.PkgPath] {
			continue // the one that includes the tests of the package has all its files
		}
		root := roots[p.PkgPath] || roots[strings.TrimSuffix(p.PkgPath, "_test")] && p.ForTest != ""
		if !root && (!deps[p.PkgPath] || p.ForTest != "") {
			continue
		}
		wanted = append(wanted, p)
	}
	if err := l.check(wanted); err != nil {
		return nil, err
	}
	for _, p := range wanted {
		if len(p.Syntax) == 0 {
			continue
		}
		if old := best[p.PkgPath]; old == nil || len(p.Syntax) > len(old.Syntax) {
			best[p.PkgPath] = p
		}
		if p.ForTest != "" && strings.HasSuffix(p.PkgPath, "_test") {
			external[p.PkgPath] = true
		}
	}
	prog := &program{opts: opts, fset: l.fset, local: map[string]*unit{}, src: l.src, exportedMethods: map[node]bool{}, cloneDeps: map[node][]node{}}
	for path, p := range best {
		u := &unit{goPackage: p, prog: prog, external: external[path], info: p.TypesInfo, files: p.Syntax}
		sort.Slice(u.files, func(i, j int) bool { return u.fileName(u.files[i]) < u.fileName(u.files[j]) })
		prog.pkgs = append(prog.pkgs, u)
		prog.local[path] = u
	}
	if len(prog.pkgs) == 0 {
		return nil, fmt.Errorf("no Go files in %s", strings.Join(opts.patterns, " "))
	}
	sort.Slice(prog.pkgs, func(i, j int) bool { return prog.pkgs[i].PkgPath < prog.pkgs[j].PkgPath })
	for _, u := range prog.pkgs {
		u.dep = !roots[u.PkgPath] && !roots[strings.TrimSuffix(u.PkgPath, "_test")]
	}
	prog.placeUnits()
	return prog, nil
}

// placeUnits gives each package its folder: its path below the prefix that all of them share.
func (p *program) placeUnits() {
	var paths [][]string
	for _, u := range p.pkgs {
		if !u.external && !u.dep {
			paths = append(paths, strings.Split(u.PkgPath, "/"))
		}
	}
	shared := 0
	if len(paths) > 0 {
		shared = len(paths[0])
		for _, q := range paths[1:] {
			n := 0
			for n < len(q) && n < shared && q[n] == paths[0][n] {
				n++
			}
			shared = n
		}
		if len(paths) == 1 {
			shared = len(paths[0])
		}
	}
	for _, u := range p.pkgs {
		parts := strings.Split(strings.TrimSuffix(u.PkgPath, "_test"), "/")
		if !u.external {
			parts = strings.Split(u.PkgPath, "/")
		}
		if u.dep {
			u.dir = filepath.Join(append([]string{"deps"}, parts...)...)
		} else if shared < len(parts) {
			u.dir = filepath.Join(parts[shared:]...)
		}
	}
}

func unique(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// line is the line of a position.
func (p *program) line(pos token.Pos) int { return p.fset.Position(pos).Line }

// oneLine reports whether a node is on a single line in the Go source.
func (p *program) oneLine(n ast.Node) bool { return p.line(n.Pos()) == p.line(n.End()) }
