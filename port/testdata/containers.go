// Containers as packages write them: rings, heaps, caches, tries, sets of bits, graphs.
package main

import (
	"fmt"
	"strings"
)

// containers, as packages write them

type RingBuffer[T any] struct {
	buf   []T
	start int
	count int
}

func NewRing[T any](n int) *RingBuffer[T] { return &RingBuffer[T]{buf: make([]T, n)} }
func (r *RingBuffer[T]) Push(v T) {
	i := (r.start + r.count) % len(r.buf)
	r.buf[i] = v
	if r.count == len(r.buf) {
		r.start = (r.start + 1) % len(r.buf)
	} else {
		r.count++
	}
}
func (r *RingBuffer[T]) Pop() (v T, ok bool) {
	if r.count == 0 {
		return
	}
	v = r.buf[r.start]
	var zero T
	r.buf[r.start] = zero
	r.start = (r.start + 1) % len(r.buf)
	r.count--
	return v, true
}
func (r *RingBuffer[T]) Slice() []T {
	out := make([]T, 0, r.count)
	for i := 0; i < r.count; i++ {
		out = append(out, r.buf[(r.start+i)%len(r.buf)])
	}
	return out
}

type Heap[T any] struct {
	data []T
	less func(a, b T) bool
}

func (h *Heap[T]) Push(v T) {
	h.data = append(h.data, v)
	i := len(h.data) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !h.less(h.data[i], h.data[p]) {
			break
		}
		h.data[i], h.data[p] = h.data[p], h.data[i]
		i = p
	}
}
func (h *Heap[T]) Pop() T {
	top := h.data[0]
	n := len(h.data) - 1
	h.data[0] = h.data[n]
	h.data = h.data[:n]
	i := 0
	for {
		l, r, m := 2*i+1, 2*i+2, i
		if l < n && h.less(h.data[l], h.data[m]) {
			m = l
		}
		if r < n && h.less(h.data[r], h.data[m]) {
			m = r
		}
		if m == i {
			return top
		}
		h.data[i], h.data[m] = h.data[m], h.data[i]
		i = m
	}
}

type entry struct {
	key, val   string
	prev, next *entry
}
type LRU struct {
	cap        int
	m          map[string]*entry
	head, tail *entry
}

func NewLRU(n int) *LRU {
	l := &LRU{cap: n, m: map[string]*entry{}}
	l.head, l.tail = &entry{}, &entry{}
	l.head.next, l.tail.prev = l.tail, l.head
	return l
}
func (l *LRU) unlink(e *entry) { e.prev.next, e.next.prev = e.next, e.prev }
func (l *LRU) front(e *entry) {
	e.prev, e.next = l.head, l.head.next
	l.head.next.prev = e
	l.head.next = e
}
func (l *LRU) Get(k string) (string, bool) {
	e, ok := l.m[k]
	if !ok {
		return "", false
	}
	l.unlink(e)
	l.front(e)
	return e.val, true
}
func (l *LRU) Put(k, v string) {
	if e, ok := l.m[k]; ok {
		e.val = v
		l.unlink(e)
		l.front(e)
		return
	}
	if len(l.m) >= l.cap {
		last := l.tail.prev
		l.unlink(last)
		delete(l.m, last.key)
	}
	e := &entry{key: k, val: v}
	l.m[k] = e
	l.front(e)
}

type Trie struct {
	kids map[rune]*Trie
	end  bool
}

func (t *Trie) Insert(w string) {
	n := t
	for _, r := range w {
		if n.kids == nil {
			n.kids = make(map[rune]*Trie)
		}
		k, ok := n.kids[r]
		if !ok {
			k = &Trie{}
			n.kids[r] = k
		}
		n = k
	}
	n.end = true
}
func (t *Trie) Has(w string) bool {
	n := t
	for _, r := range w {
		if n = n.kids[r]; n == nil {
			return false
		}
	}
	return n.end
}

type Bitset []uint64

func (b *Bitset) Set(i int) {
	for len(*b) <= i/64 {
		*b = append(*b, 0)
	}
	(*b)[i/64] |= 1 << uint(i%64)
}
func (b Bitset) Has(i int) bool {
	return i/64 < len(b) && b[i/64]&(1<<uint(i%64)) != 0
}

type Graph map[string][]string

func (g Graph) Topo() (order []string, err error) {
	state := map[string]int{}
	var visit func(n string) error
	visit = func(n string) error {
		switch state[n] {
		case 1:
			return fmt.Errorf("cycle at %s", n)
		case 2:
			return nil
		}
		state[n] = 1
		for _, m := range g[n] {
			if err := visit(m); err != nil {
				return err
			}
		}
		state[n] = 2
		order = append(order, n)
		return nil
	}
	for _, n := range []string{"a", "b", "c", "d"} {
		if err = visit(n); err != nil {
			return nil, err
		}
	}
	return
}

func perms(xs []int) [][]int {
	var out [][]int
	var rec func(i int)
	rec = func(i int) {
		if i == len(xs) {
			out = append(out, append([]int(nil), xs...))
			return
		}
		for j := i; j < len(xs); j++ {
			xs[i], xs[j] = xs[j], xs[i]
			rec(i + 1)
			xs[i], xs[j] = xs[j], xs[i]
		}
	}
	rec(0)
	return out
}

func subsets(xs []int) (out [][]int) {
	var rec func(i int, cur []int)
	rec = func(i int, cur []int) {
		if i == len(xs) {
			c := make([]int, len(cur))
			copy(c, cur)
			out = append(out, c)
			return
		}
		rec(i+1, cur)
		rec(i+1, append(cur, xs[i]))
	}
	rec(0, nil)
	return
}

func tokenize(s string) (toks []string) {
	var cur strings.Builder
	flush := func() {
		if cur.Len() > 0 {
			toks = append(toks, cur.String())
			cur.Reset()
		}
	}
	for _, c := range s {
		switch {
		case c == ' ':
			flush()
		case strings.ContainsRune("+-*/()", c):
			flush()
			toks = append(toks, string(c))
		default:
			cur.WriteRune(c)
		}
	}
	flush()
	return
}

type Matrix [][]float64

func (m Matrix) Mul(o Matrix) Matrix {
	r := make(Matrix, len(m))
	for i := range r {
		r[i] = make([]float64, len(o[0]))
		for j := range r[i] {
			for k := range o {
				r[i][j] += m[i][k] * o[k][j]
			}
		}
	}
	return r
}

func sieve(n int) []int {
	comp := make([]bool, n+1)
	var ps []int
	for i := 2; i <= n; i++ {
		if !comp[i] {
			ps = append(ps, i)
			for j := i * i; j <= n; j += i {
				comp[j] = true
			}
		}
	}
	return ps
}

func main() {
	r := NewRing[int](3)
	for i := range 5 {
		r.Push(i)
	}
	fmt.Println(r.Slice())
	v, ok := r.Pop()
	fmt.Println(v, ok, r.Slice())
	rs := NewRing[string](2)
	s, ok := rs.Pop()
	fmt.Printf("%q %v\n", s, ok)
	h := &Heap[int]{less: func(a, b int) bool { return a < b }}
	for _, v := range []int{5, 2, 8, 1, 9, 3} {
		h.Push(v)
	}
	for len(h.data) > 0 {
		fmt.Print(h.Pop(), " ")
	}
	fmt.Println()
	l := NewLRU(2)
	l.Put("a", "1")
	l.Put("b", "2")
	l.Get("a")
	l.Put("c", "3")
	_, okb := l.Get("b")
	va, oka := l.Get("a")
	fmt.Println(okb, va, oka, len(l.m))
	t := &Trie{}
	t.Insert("go")
	t.Insert("gopher")
	fmt.Println(t.Has("go"), t.Has("gop"), t.Has("gopher"), t.Has("x"))
	var b Bitset
	b.Set(3)
	b.Set(40)
	b.Set(70)
	fmt.Println(b.Has(3), b.Has(4), b.Has(40), b.Has(70), b.Has(1000), len(b))
	fmt.Println(Graph{"a": {"b", "c"}, "b": {"c"}}.Topo())
	fmt.Println(Graph{"a": {"b"}, "b": {"a"}}.Topo())
	fmt.Println(perms([]int{1, 2, 3}))
	fmt.Println(subsets([]int{1, 2, 3}))
	fmt.Println(tokenize("foo + (bar*2)"), len(tokenize("")))
	fmt.Println(Matrix{{1, 2}, {3, 4}}.Mul(Matrix{{0, 1}, {1, 0}}))
	fmt.Println(sieve(30))
}
