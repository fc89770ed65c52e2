package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Packages are listed by the go command and read from their sources, the standard library's too, of which only the
// declarations are checked. So nothing has to be compiled first, and the translator needs no module but its own.

// A goPackage is a package as `go list` describes it, with its syntax and types.
type goPackage struct {
	// ID is the path with the name of the test binary for which it is compiled: `p [p.test]`.
	ID         string `json:"ImportPath"`
	Name       string
	Dir        string
	ForTest    string
	DepOnly    bool
	Standard   bool
	GoFiles    []string
	CgoFiles   []string
	Imports    []string
	ImportMap  map[string]string
	Module     *struct{ GoVersion string }
	Error      *listError
	DepsErrors []*listError

	PkgPath   string         `json:"-"`
	Types     *types.Package `json:"-"`
	TypesInfo *types.Info    `json:"-"`
	Syntax    []*ast.File    `json:"-"`
	done      chan struct{}  `json:"-"`
	problems  []string       `json:"-"`
}

type listError struct{ Pos, Err string }

func (e *listError) String() string {
	if e.Pos == "" {
		return strings.TrimSpace(e.Err)
	}
	return e.Pos + ": " + strings.TrimSpace(e.Err)
}

// A loader has all packages that the wanted ones import, in an order in which each follows its imports.
type loader struct {
	fset *token.FileSet
	list []*goPackage
	byID map[string]*goPackage
	// src has the text of the files of the wanted packages.
	src    map[string][]byte
	mu     sync.Mutex
	parsed map[string]*parsedFile
}

type parsedFile struct {
	once sync.Once
	file *ast.File
	err  error
}

func listPackages(opts options) (*loader, error) {
	args := []string{"list", "-e", "-deps", "-test",
		"-json=ImportPath,Name,Dir,ForTest,DepOnly,Standard,GoFiles,CgoFiles,Imports,ImportMap,Module,Error,DepsErrors", "--"}
	cmd := exec.Command("go", append(args, opts.patterns...)...)
	cmd.Dir = opts.dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return nil, errors.New(text)
		}
		return nil, err
	}
	l := &loader{fset: token.NewFileSet(), byID: map[string]*goPackage{}, src: map[string][]byte{}, parsed: map[string]*parsedFile{}}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &goPackage{done: make(chan struct{})}
		if err := dec.Decode(p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("the answer of go list: %w", err)
		}
		l.byID[p.ID] = p
		if p.Name == "main" && strings.HasSuffix(p.ID, ".test") {
			continue // the generated main package of tests
		}
		p.PkgPath, _, _ = strings.Cut(p.ID, " ")
		l.list = append(l.list, p)
	}
	return l, nil
}

// chosen returns the paths of the requested packages, and of the packages of other modules that they import and that
// have no counterpart here: these are translated too.
func (l *loader) chosen(tests bool) (roots, deps map[string]bool) {
	roots, deps = map[string]bool{}, map[string]bool{}
	var open []*goPackage
	for _, p := range l.list {
		if p.DepOnly {
			continue
		}
		if p.ForTest == "" {
			roots[p.PkgPath] = true
		}
		if p.ForTest == "" || tests {
			open = append(open, p)
		}
	}
	seen := map[*goPackage]bool{}
	for len(open) > 0 {
		p := open[len(open)-1]
		open = open[:len(open)-1]
		if seen[p] {
			continue
		}
		seen[p] = true
		for _, id := range p.Imports {
			q := l.byID[id]
			if q == nil || q.Standard || exports[moduleOf(q.PkgPath)] != nil || q.PkgPath == "golang.org/x/exp/constraints" {
				continue // the standard library, or a package with a counterpart here
			}
			if !roots[q.PkgPath] {
				deps[q.PkgPath] = true
			}
			open = append(open, q)
		}
	}
	return roots, deps
}

// check parses and checks the wanted packages, and of all others that they import the declarations.
func (l *loader) check(wanted []*goPackage) error {
	whole := map[*goPackage]bool{}
	needed := map[*goPackage]bool{}
	var need func(p *goPackage)
	need = func(p *goPackage) {
		if p == nil || needed[p] {
			return
		}
		needed[p] = true
		for _, id := range p.Imports {
			need(l.byID[id])
		}
	}
	for _, p := range wanted {
		whole[p] = true
		need(p)
		// Positions identify objects, so the files are read in the same order in each run.
		for _, name := range p.files() {
			l.parse(name)
			if b, err := os.ReadFile(name); err == nil {
				l.src[name] = b
			}
		}
	}
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, p := range l.list {
		if !needed[p] {
			continue
		}
		go func() {
			defer close(p.done)
			slots <- struct{}{}
			for _, name := range p.files() {
				l.parse(name)
			}
			<-slots
			for _, id := range p.Imports {
				if q := l.byID[id]; q != nil && q != p {
					<-q.done
				}
			}
			slots <- struct{}{}
			l.checkTypes(p, whole[p])
			<-slots
		}()
	}
	var problems []string
	for _, p := range l.list {
		if !needed[p] {
			continue
		}
		<-p.done
		if !whole[p] {
			continue
		}
		if p.Error != nil {
			problems = append(problems, p.Error.String())
		}
		for _, e := range p.DepsErrors {
			problems = append(problems, e.String())
		}
		problems = append(problems, p.problems...)
	}
	if len(problems) > 0 {
		return fmt.Errorf("the Go code does not compile:\n  %s", strings.Join(unique(problems), "\n  "))
	}
	return nil
}

func (p *goPackage) files() []string {
	var list []string
	for _, name := range append(append([]string(nil), p.GoFiles...), p.CgoFiles...) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		list = append(list, name)
	}
	return list
}

// parse reads a file once, for all packages that it belongs to.
func (l *loader) parse(name string) *parsedFile {
	l.mu.Lock()
	f := l.parsed[name]
	if f == nil {
		f = &parsedFile{}
		l.parsed[name] = f
	}
	l.mu.Unlock()
	f.once.Do(func() {
		f.file, f.err = parser.ParseFile(l.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	})
	return f
}

func (l *loader) checkTypes(p *goPackage, whole bool) {
	if p.PkgPath == "unsafe" {
		p.Types = types.Unsafe
		return
	}
	var files []*ast.File
	for _, name := range p.files() {
		f := l.parse(name)
		if f.err != nil {
			p.problems = append(p.problems, f.err.Error())
		}
		if f.file != nil {
			files = append(files, f.file)
		}
	}
	cfg := &types.Config{
		Importer:         importer{l, p},
		IgnoreFuncBodies: !whole,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", runtime.GOARCH),
		Error:            func(err error) { p.problems = append(p.problems, err.Error()) },
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		cfg.GoVersion = "go" + p.Module.GoVersion
	}
	if whole {
		p.Syntax = files
		p.TypesInfo = &types.Info{
			Types:        map[ast.Expr]types.TypeAndValue{},
			Instances:    map[*ast.Ident]types.Instance{},
			Defs:         map[*ast.Ident]types.Object{},
			Uses:         map[*ast.Ident]types.Object{},
			Implicits:    map[ast.Node]types.Object{},
			Selections:   map[*ast.SelectorExpr]*types.Selection{},
			Scopes:       map[ast.Node]*types.Scope{},
			FileVersions: map[*ast.File]string{},
		}
	}
	p.Types, _ = cfg.Check(p.PkgPath, l.fset, files, p.TypesInfo)
}

// An importer finds the packages that one package imports.
type importer struct {
	l *loader
	p *goPackage
}

func (i importer) Import(path string) (*types.Package, error) {
	id := path
	if mapped := i.p.ImportMap[path]; mapped != "" {
		id = mapped
	}
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	q := i.l.byID[id]
	if q == nil || q.Types == nil {
		return nil, fmt.Errorf("no package %s", path)
	}
	return q.Types, nil
}
