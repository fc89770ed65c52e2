// Interfaces, embedding, generics, methods on all kinds of types, comparisons.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type Shape interface {
	Area() float64
	Name() string
}
type Base struct{ name string }

func (b *Base) Name() string     { return b.name }
func (b *Base) SetName(n string) { b.name = n }
func (b Base) Describe() string  { return "base " + b.name }

type Rect struct {
	Base
	w, h float64
}

func (r Rect) Area() float64 { return r.w * r.h }

type Circle struct {
	*Base
	r float64
}

func (c Circle) Area() float64    { return c.r * 3 }
func (c Circle) Describe() string { return "circle+" + c.Base.Describe() }

type Logger interface{ Log(string) }
type Service struct {
	Logger
	calls int
}
type mem struct{ lines []string }

func (m *mem) Log(s string) { m.lines = append(m.lines, s) }

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }
func (s *Stack[T]) Pop() (T, bool) {
	var zero T
	if len(s.items) == 0 {
		return zero, false
	}
	v := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return v, true
}

type Number interface {
	~int | ~int64 | ~float64
}

func Sum[T Number](xs ...T) T {
	var s T
	for _, x := range xs {
		s += x
	}
	return s
}
func Map[T, U any](xs []T, f func(T) U) []U {
	out := make([]U, 0, len(xs))
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
func Keys[K comparable, V any](m map[K]V) []K {
	var ks []K
	for k := range m {
		ks = append(ks, k)
	}
	return ks
}
func Zero[T any]() T               { var z T; return z }
func Ptr[T any](v T) *T            { return &v }
func Eq[T comparable](a, b T) bool { return a == b }

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) String() string { return fmt.Sprintf("%v=>%v", p.Key, p.Val) }

type List[T any] struct {
	head *node[T]
	n    int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Add(v T) *List[T] { l.head = &node[T]{v, l.head}; l.n++; return l }
func (l *List[T]) All() func(yield func(int, T) bool) {
	return func(yield func(int, T) bool) {
		i := 0
		for n := l.head; n != nil; n = n.next {
			if !yield(i, n.v) {
				return
			}
			i++
		}
	}
}

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type Op func(int, int) int

func (o Op) Apply(a, b int) int { return o(a, b) }

type Set map[string]struct{}

func (s Set) Add(k string)      { s[k] = struct{}{} }
func (s Set) Has(k string) bool { _, ok := s[k]; return ok }
func (s Set) Sorted() (out []string) {
	for k := range s {
		out = append(out, k)
	}
	sort.Strings(out)
	return
}

type Counter int

func (c *Counter) Inc()    { *c++ }
func (c Counter) Get() int { return int(c) }

type Temp float64

func (t Temp) String() string { return fmt.Sprintf("%.1f°", float64(t)) }

type Inner struct{ a int }
type Mid struct{ Inner }
type Outer struct {
	Mid
	a string
}

func main() {
	r := &Rect{Base{"rect"}, 2, 3}
	c := Circle{&Base{"circ"}, 2}
	for _, s := range []Shape{r, c} {
		fmt.Println(s.Name(), s.Area())
	}
	r.SetName("R2")
	fmt.Println(r.Describe(), c.Describe(), r.name)
	m := &mem{}
	sv := Service{Logger: m}
	sv.Log("x")
	var lg Logger = sv
	lg.Log("y")
	fmt.Println(m.lines)
	st := &Stack[int]{}
	st.Push(1)
	st.Push(2)
	fmt.Println(st.Pop())
	fmt.Println(st.Pop())
	fmt.Println(st.Pop())
	ss := Stack[string]{}
	v, ok := ss.Pop()
	fmt.Printf("%q %v\n", v, ok)
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[int]())
	fmt.Println(Map([]int{1, 2}, func(i int) string { return strings.Repeat("x", i) }))
	ks := Keys(map[string]int{"b": 1, "a": 2})
	sort.Strings(ks)
	fmt.Println(ks)
	fmt.Printf("%v %q %v %v\n", Zero[int](), Zero[string](), Zero[bool](), Zero[*int]() == nil)
	fmt.Println(Zero[struct{ a int }](), Zero[[2]int]())
	p := Ptr(5)
	*p++
	fmt.Println(*p, Eq(1, 1), Eq("a", "b"), Eq([2]int{1, 2}, [2]int{1, 2}))
	pr := Pair[string, int]{"a", 1}
	fmt.Println(pr, &pr)
	fmt.Println(Eq(pr, Pair[string, int]{"a", 1}))
	l := (&List[string]{}).Add("a").Add("b").Add("c")
	for i, s := range l.All() {
		if i == 2 {
			break
		}
		fmt.Print(i, s, " ")
	}
	fmt.Println(l.n)
	w := byLen{"ccc", "a", "bb"}
	sort.Sort(w)
	fmt.Println(w, sort.IsSorted(w))
	sort.Sort(sort.Reverse(w))
	fmt.Println(w)
	fmt.Println(Op(func(a, b int) int { return a * b }).Apply(3, 4))
	set := Set{}
	set.Add("q")
	set.Add("b")
	fmt.Println(set.Has("q"), set.Has("z"), set.Sorted(), len(set))
	var cn Counter
	cn.Inc()
	cn.Inc()
	fmt.Println(cn.Get(), cn)
	cp := &cn
	cp.Inc()
	fmt.Println(*cp, cn)
	fmt.Println(Temp(3), []Temp{1, 2}, map[string]Temp{"a": 4})
	var i any = Temp(4)
	if s, ok := i.(fmt.Stringer); ok {
		fmt.Println(s, s.String())
	}
	_, isInt := i.(int)
	t, isTemp := i.(Temp)
	fmt.Println(isInt, isTemp, float64(t))
	o := Outer{Mid{Inner{1}}, "s"}
	o.Mid.a = 2
	fmt.Println(o.a, o.Inner.a, o)
	var x, y any = 1, 1
	fmt.Println(x == y)
	var s1, s2 Shape = r, r
	fmt.Println(s1 == s2, s1 != nil)
	var e1, e2 any = Inner{1}, Inner{1}
	fmt.Println(e1 == e2)
	fn := r.Area
	r.w = 100
	fmt.Println(fn(), r.Area())
	g := (*Base).Name
	fmt.Println(g(&r.Base))
	h := Shape.Area
	fmt.Println(h(r))
	switch s := s1.(type) {
	case *Rect:
		fmt.Println("rect", s.w)
	case Circle:
		fmt.Println("circle", s.r)
	}
	if d, ok := s1.(interface{ Describe() string }); ok {
		fmt.Println(d.Describe())
	}
}
