// Port translates Go packages to TypeScript on gocsp: once, to readable code that the porter then owns.
//
// Usage: port [flags] packages; the npm package's command `gocsp port` runs it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type options struct {
	dir         string
	out         string
	tests       bool
	strict      bool
	throw       bool
	check       bool
	keepMutexes bool
	vitest      bool
	json        bool
	quiet       bool
	secondPass  bool
	patterns    []string
}

type markInfo struct {
	kind string
	pos  token.Position
	what string
}

type stats struct {
	files      int
	statements int
	marked     int
	marks      []markInfo
	benchmarks int
	testMains  int
	async      int
	views      int
	functions  int
}

func main() {
	opts, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "gocsp port:", err)
		os.Exit(2)
	}
	p, err := load(opts)
	if err == nil {
		p.analyse()
		p.nameAll()
		p.translate()
		err = p.write()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gocsp port:", err)
		os.Exit(1)
	}
	p.summary()
	if opts.check && len(p.stats.marks) > 0 {
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	fs := flag.NewFlagSet("port", flag.ContinueOnError)
	fs.SetOutput(os.Stderr)
	fs.Usage = func() {
		fmt.Fprint(os.Stderr, `usage: gocsp port [flags] packages

Translates Go packages to TypeScript on gocsp. The output is yours: read it, and go on from there.

  -o folder       where the output goes (default: ported)
  --tests         translate the tests too, for node:test
  --vitest        … for vitest
  --strict        types that hold under TypeScript's strict: always so
  --verify        translate the tests too, run them in Go and here, and print both side by side
  --throw         errors as exceptions, where the code treats them plainly
  --keep-mutexes  keep the mutexes whose sections never wait
  --check         exit 1 if there are marks
  --json          print the summary as JSON
  --quiet         print nothing
`)
	}
	fs.StringVar(&o.out, "o", "ported", "")
	fs.StringVar(&o.dir, "C", "", "")
	fs.BoolVar(&o.tests, "tests", false, "")
	fs.BoolVar(&o.vitest, "vitest", false, "")
	fs.BoolVar(&o.strict, "strict", false, "")
	fs.BoolVar(&o.throw, "throw", false, "")
	fs.BoolVar(&o.check, "check", false, "")
	fs.BoolVar(&o.keepMutexes, "keep-mutexes", false, "")
	fs.BoolVar(&o.json, "json", false, "")
	fs.BoolVar(&o.quiet, "quiet", false, "")
	// Flags may also follow the packages.
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return o, fmt.Errorf("see gocsp port --help")
		}
		args = fs.Args()
		if len(args) > 0 {
			o.patterns = append(o.patterns, args[0])
			args = args[1:]
		}
	}
	if o.vitest {
		o.tests = true
	}
	if len(o.patterns) == 0 {
		return o, fmt.Errorf("no packages given: gocsp port ./pkg…")
	}
	return o, nil
}

// summary prints what was translated, and what is left to do.
func (p *program) summary() {
	s := &p.stats
	var waiting []string
	for _, b := range p.facts.bodies {
		if b.sig == nil {
			continue
		}
		if p.inTest(b.node.Pos()) && !p.opts.tests {
			continue
		}
		s.functions++
		if p.facts.waits[b.id] {
			s.async++
			if d, ok := b.node.(*ast.FuncDecl); ok && !strings.HasPrefix(d.Name.Name, "Benchmark") {
				waiting = append(waiting, d.Name.Name)
			}
		}
	}
	mechanical := 100.0
	if s.statements > 0 {
		mechanical = 100 * float64(s.statements-s.marked) / float64(s.statements)
	}
	kinds := map[string]int{}
	for _, m := range s.marks {
		kinds[m.kind]++
	}
	if p.opts.json {
		var marks []map[string]any
		for _, m := range s.marks {
			marks = append(marks, map[string]any{"kind": m.kind, "file": filepath.Base(m.pos.Filename), "line": m.pos.Line, "what": m.what})
		}
		b, _ := json.Marshal(map[string]any{"files": s.files, "statements": s.statements, "marked": s.marked, "mechanical": mechanical,
			"marks": marks, "kinds": kinds, "functions": s.functions, "async": s.async, "views": s.views,
			"patterns": p.opts.patterns, "dir": absolute(p.opts.dir), "out": absolute(p.opts.out), "tests": p.testFiles()})
		fmt.Println(string(b))
		return
	}
	if p.opts.quiet {
		return
	}
	fmt.Printf("%s in %s, %d statements, %.1f %% mechanical\n", plural(s.files, "file"), p.opts.out, s.statements, mechanical)
	fmt.Printf("%d of %d functions wait and became async", s.async, s.functions)
	if len(waiting) > 0 {
		sort.Strings(waiting)
		waiting = unique(waiting)
		if len(waiting) > 12 {
			waiting = append(waiting[:12], "…")
		}
		fmt.Printf(": %s", strings.Join(waiting, ", "))
	}
	fmt.Println()
	if s.views > 0 {
		fmt.Printf("%s shared memory: view()\n", plural(s.views, "subslice"))
	}
	if s.benchmarks > 0 {
		fmt.Printf("%s left out\n", plural(s.benchmarks, "benchmark"))
	}
	if len(s.marks) == 0 {
		fmt.Println("no marks")
		return
	}
	var names []string
	for k := range kinds {
		names = append(names, k)
	}
	sort.Strings(names)
	var parts []string
	for _, k := range names {
		parts = append(parts, fmt.Sprintf("%s %d", k, kinds[k]))
	}
	fmt.Printf("%s to look at (search for PORT): %s\n", plural(len(s.marks), "mark"), strings.Join(parts, ", "))
	for i, m := range s.marks {
		if i == 20 {
			fmt.Printf("  … and %d more\n", len(s.marks)-20)
			break
		}
		fmt.Printf("  %s:%d: %s: %s\n", filepath.Base(m.pos.Filename), m.pos.Line, m.kind, m.what)
	}
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// testFiles lists the files of tests with their packages.
func (p *program) testFiles() (list []map[string]string) {
	for _, of := range p.order {
		if of.test && of.text != "" && len(of.tests) > 0 {
			list = append(list, map[string]string{"package": of.unit.PkgPath, "file": of.path})
		}
	}
	return list
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
