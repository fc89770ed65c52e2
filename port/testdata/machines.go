// A state machine, visitors, a parser, options, readers and writers, sorting.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
)

type State int

const (
	Idle State = iota
	Running
	Done
)

func (s State) String() string {
	switch s {
	case Idle:
		return "Idle"
	case Running:
		return "Running"
	}
	return fmt.Sprintf("State(%d)", int(s))
}

type Event struct {
	Name string
	From []State
	To   State
}

type Machine struct {
	cur   State
	trans map[State]map[string]State
	hooks map[State][]func(from, to State) error
	log   []string
}

var ErrBad = errors.New("bad transition")

type TransErr struct {
	From State
	Ev   string
	Err  error
}

func (e *TransErr) Error() string { return fmt.Sprintf("%v --%s--> ?: %v", e.From, e.Ev, e.Err) }
func (e *TransErr) Unwrap() error { return e.Err }

func New(evs ...Event) *Machine {
	m := &Machine{trans: make(map[State]map[string]State), hooks: map[State][]func(State, State) error{}}
	for _, e := range evs {
		for _, f := range e.From {
			if m.trans[f] == nil {
				m.trans[f] = make(map[string]State)
			}
			m.trans[f][e.Name] = e.To
		}
	}
	return m
}

func (m *Machine) On(s State, f func(from, to State) error) *Machine {
	m.hooks[s] = append(m.hooks[s], f)
	return m
}

func (m *Machine) Fire(ev string) error {
	to, ok := m.trans[m.cur][ev]
	if !ok {
		return &TransErr{m.cur, ev, ErrBad}
	}
	for i, h := range m.hooks[to] {
		if err := h(m.cur, to); err != nil {
			return fmt.Errorf("hook %d: %w", i, err)
		}
	}
	m.cur = to
	m.log = append(m.log, m.cur.String())
	return nil
}

type Visitor interface {
	VisitNum(n Num) float64
	VisitBin(b *Bin) float64
}
type Expr interface{ Accept(v Visitor) float64 }
type Num float64
type Bin struct {
	Op   byte
	L, R Expr
}

func (n Num) Accept(v Visitor) float64  { return v.VisitNum(n) }
func (b *Bin) Accept(v Visitor) float64 { return v.VisitBin(b) }

type eval struct{ depth int }

func (e *eval) VisitNum(n Num) float64 { return float64(n) }
func (e *eval) VisitBin(b *Bin) float64 {
	e.depth++
	l, r := b.L.Accept(e), b.R.Accept(e)
	switch b.Op {
	case '+':
		return l + r
	case '-':
		return l - r
	case '*':
		return l * r
	case '/':
		return l / r
	}
	panic(fmt.Sprintf("op %c", b.Op))
}

type parser struct {
	s   string
	pos int
}

func (p *parser) peek() byte {
	if p.pos < len(p.s) {
		return p.s[p.pos]
	}
	return 0
}
func (p *parser) expr() Expr {
	l := p.term()
	for p.peek() == '+' || p.peek() == '-' {
		op := p.peek()
		p.pos++
		l = &Bin{op, l, p.term()}
	}
	return l
}
func (p *parser) term() Expr {
	l := p.factor()
	for p.peek() == '*' || p.peek() == '/' {
		op := p.s[p.pos]
		p.pos++
		l = &Bin{op, l, p.factor()}
	}
	return l
}
func (p *parser) factor() Expr {
	if p.peek() == '(' {
		p.pos++
		e := p.expr()
		p.pos++
		return e
	}
	n := 0
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		n = n*10 + int(c-'0')
		p.pos++
	}
	return Num(n)
}

type option func(*config)
type config struct {
	name    string
	retries int
	tags    map[string]string
}

func WithName(n string) option { return func(c *config) { c.name = n } }
func WithRetries(n int) option { return func(c *config) { c.retries = n } }
func build(opts ...option) config {
	c := config{name: "def", retries: 1, tags: map[string]string{}}
	for _, o := range opts {
		o(&c)
	}
	return c
}

type upper struct{ r io.Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	copy(p, []byte(strings.ToUpper(string(p[:n]))))
	return n, err
}

type countW struct{ n int }

func (c *countW) Write(p []byte) (int, error) { c.n += len(p); return len(p), nil }

type people []struct {
	name string
	age  int
}

func wordFreq(s string) []string {
	m := map[string]int{}
	for _, w := range strings.Fields(strings.ToLower(s)) {
		m[strings.Trim(w, ".,")]++
	}
	ks := make([]string, 0, len(m))
	for k := range m {
		ks = append(ks, k)
	}
	sort.Slice(ks, func(i, j int) bool {
		if m[ks[i]] != m[ks[j]] {
			return m[ks[i]] > m[ks[j]]
		}
		return ks[i] < ks[j]
	})
	for i, k := range ks {
		ks[i] = fmt.Sprintf("%s=%d", k, m[k])
	}
	return ks
}

func main() {
	m := New(Event{"start", []State{Idle}, Running}, Event{"stop", []State{Running, Idle}, Done})
	m.On(Done, func(f, t State) error { fmt.Println("hook", f, t); return nil })
	fmt.Println(m.Fire("start"), m.cur)
	err := m.Fire("start")
	var te *TransErr
	fmt.Println(err, errors.Is(err, ErrBad), errors.As(err, &te))
	fmt.Println(te.From, te.Ev)
	fmt.Println(m.Fire("stop"), m.log, State(7))
	m2 := New(Event{"x", []State{Idle}, Done}).On(Done, func(f, t State) error { return ErrBad })
	err = m2.Fire("x")
	fmt.Println(err, errors.Is(err, ErrBad), m2.cur)
	e := &eval{}
	p := &parser{s: "(1+2)*3-8/4"}
	fmt.Println(p.expr().Accept(e), e.depth)
	fmt.Printf("%+v\n", build(WithName("n"), WithRetries(3)))
	r := upper{strings.NewReader("hello reader")}
	b, err := io.ReadAll(r)
	fmt.Println(string(b), err)
	cw := &countW{}
	n, err := io.Copy(io.MultiWriter(cw, os.Stdout), strings.NewReader("copy me\n"))
	fmt.Println(n, err, cw.n)
	ps := people{{"Al", 3}, {"Bo", 2}}
	sort.Slice(ps, func(i, j int) bool { return ps[i].age < ps[j].age })
	fmt.Println(ps)
	fmt.Println(wordFreq("The cat. the dog, a cat the"))
	var w io.Writer = cw
	if _, ok := w.(io.Reader); !ok {
		fmt.Println("no reader")
	}
	fmt.Fprintf(w, "%d", 12345)
	fmt.Println(cw.n)
	fmt.Println(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return 'a' + (r-'a'+13)%26
		case r >= 'A' && r <= 'Z':
			return 'A' + (r-'A'+13)%26
		}
		return r
	}, "Hello, World"))
	type kv = struct {
		k string
		v int
	}
	kvs := []kv{{"a", 1}, {"b", 2}}
	for i := range kvs {
		kvs[i].v *= 2
	}
	fmt.Println(kvs)
	x, y := 10, 3
	x, y = y, x%y
	x ^= y
	y &^= 1
	x |= 8
	fmt.Println(x, y, x<<2|y, -x/2, -x%3, -4%2, 0*-1)
	var arr [5]int
	sl := arr[1:4]
	sl[0], sl[2] = 7, 9
	fmt.Println(arr, len(sl), cap(sl))
	sl = append(sl, 11)
	fmt.Println(arr, sl)
	sl = append(sl, 12)
	sl[0] = 100
	fmt.Println(arr, sl)
	func() {
		defer func() {
			fmt.Println("rec:", recover())
		}()
		var ip *int
		fmt.Println(*ip)
	}()
	func() {
		defer func() {
			if r := recover(); r != nil {
				err, ok := r.(error)
				fmt.Println(ok, err)
			}
		}()
		var mm map[string]map[string]int
		_ = mm["a"]["b"]
		panic(io.ErrUnexpectedEOF)
	}()
}
