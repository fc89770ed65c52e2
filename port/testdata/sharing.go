// Slices that share memory through fields, parameters, results, channels and maps; algorithms in place.
package main

import "fmt"

// aliasing through struct fields, params, returns, channels

type buf struct{ data []int }

func (b *buf) window(i, j int) []int { return b.data[i:j] }
func (b *buf) grow(n int)            { b.data = append(b.data, n) }

func double(xs []int) {
	for i, x := range xs {
		xs[i] = x * 2
	}
}
func firstHalf(xs []int) []int { return xs[:len(xs)/2] }

func partition(xs []int, p func(int) bool) (yes, no []int) {
	i := 0
	for j := range xs {
		if p(xs[j]) {
			xs[i], xs[j] = xs[j], xs[i]
			i++
		}
	}
	return xs[:i], xs[i:]
}

func chunk(xs []int, n int) (out [][]int) {
	for len(xs) > n {
		out = append(out, xs[:n])
		xs = xs[n:]
	}
	return append(out, xs)
}

func dedupe(xs []int) []int {
	if len(xs) == 0 {
		return xs
	}
	j := 0
	for i := 1; i < len(xs); i++ {
		if xs[i] != xs[j] {
			j++
			xs[j] = xs[i]
		}
	}
	return xs[:j+1]
}

type stack struct{ s []string }

func (k *stack) push(v string) { k.s = append(k.s, v) }
func (k *stack) pop() (v string) {
	v, k.s = k.s[len(k.s)-1], k.s[:len(k.s)-1]
	return
}

type queue struct {
	items []int
}

func (q *queue) put(n int)  { q.items = append(q.items, n) }
func (q *queue) get() int   { n := q.items[0]; q.items = q.items[1:]; return n }
func (q *queue) drop(i int) { q.items = append(q.items[:i], q.items[i+1:]...) }
func (q *queue) ins(i, n int) {
	q.items = append(q.items, 0)
	copy(q.items[i+1:], q.items[i:])
	q.items[i] = n
}
func (q *queue) keep(f func(int) bool) {
	kept := q.items[:0]
	for _, x := range q.items {
		if f(x) {
			kept = append(kept, x)
		}
	}
	q.items = kept
}

type mat struct {
	w, h int
	d    []float64
}

func (m *mat) row(i int) []float64 { return m.d[i*m.w : (i+1)*m.w] }

type node struct {
	keys []int
	kids []*node
}

func (n *node) split() (int, *node) {
	m := len(n.keys) / 2
	k := n.keys[m]
	r := &node{}
	r.keys = append(r.keys, n.keys[m+1:]...)
	n.keys = n.keys[:m]
	if len(n.kids) > 0 {
		r.kids = append(r.kids, n.kids[m+1:]...)
		n.kids = n.kids[:m+1]
	}
	return k, r
}

func insertAt(xs []int, i int, v int) []int {
	return append(xs[:i], append([]int{v}, xs[i:]...)...)
}

func swapPtr(a, b *int) { *a, *b = *b, *a }

func setAll(m map[string][]int) {
	for _, v := range m {
		for i := range v {
			v[i] = 0
		}
	}
}

func qsort(a []int, lo, hi int) {
	if lo >= hi {
		return
	}
	p, i := a[hi], lo
	for j := lo; j < hi; j++ {
		if a[j] < p {
			a[i], a[j] = a[j], a[i]
			i++
		}
	}
	a[i], a[hi] = a[hi], a[i]
	qsort(a, lo, i-1)
	qsort(a, i+1, hi)
}

func radix(xs []uint32) []uint32 {
	tmp := make([]uint32, len(xs))
	for sh := uint(0); sh < 32; sh += 8 {
		var cnt [257]int
		for _, x := range xs {
			cnt[(x>>sh)&0xff+1]++
		}
		for i := 0; i < 256; i++ {
			cnt[i+1] += cnt[i]
		}
		for _, x := range xs {
			b := (x >> sh) & 0xff
			tmp[cnt[b]] = x
			cnt[b]++
		}
		xs, tmp = tmp, xs
	}
	return xs
}

func main() {
	b := &buf{data: []int{1, 2, 3, 4}}
	w := b.window(1, 3)
	w[0] = 20
	double(b.window(2, 4))
	fmt.Println(b.data, w)
	b.grow(5)
	fmt.Println(b.data)
	h := firstHalf(b.data)
	h[0] = -1
	fmt.Println(b.data, h)
	xs := []int{5, 2, 8, 1, 9}
	y, n := partition(xs, func(x int) bool { return x < 5 })
	y[0] = 100
	n[0] = 200
	fmt.Println(xs, y, n)
	cs := chunk([]int{1, 2, 3, 4, 5}, 2)
	cs[0][0] = 9
	fmt.Println(cs)
	src := []int{1, 2, 3, 4, 5}
	for _, c := range chunk(src, 2) {
		double(c)
	}
	fmt.Println(src)
	d := []int{1, 1, 2, 2, 3}
	d2 := dedupe(d)
	fmt.Println(d2, d)
	s := &stack{}
	s.push("a")
	s.push("b")
	s.push("c")
	fmt.Println(s.pop(), s.pop(), s.s)
	s.push("z")
	fmt.Println(s.s)
	q := &queue{}
	for i := range 6 {
		q.put(i)
	}
	q.drop(2)
	fmt.Println(q.get(), q.items)
	q.ins(1, 77)
	q.keep(func(n int) bool { return n != 3 })
	fmt.Println(q.items)
	m := &mat{2, 2, make([]float64, 4)}
	m.row(1)[0] = 5
	r0 := m.row(0)
	for i := range r0 {
		r0[i] = float64(i) + 0.5
	}
	fmt.Println(m.d)
	nd := &node{keys: []int{1, 2, 3, 4, 5}}
	k, r := nd.split()
	nd.keys = append(nd.keys, 9)
	fmt.Println(k, nd.keys, r.keys)
	fmt.Println(insertAt([]int{1, 2, 3}, 1, 9))
	a := []int{1, 2, 3}
	swapPtr(&a[0], &a[2])
	p1, p2 := 1, 2
	swapPtr(&p1, &p2)
	fmt.Println(a, p1, p2)
	mm := map[string][]int{"a": {1, 2}}
	al := mm["a"]
	setAll(mm)
	fmt.Println(mm, al)
	z := []int{3, 1, 2, 9, 5}
	qsort(z, 0, len(z)-1)
	fmt.Println(z)
	fmt.Println(radix([]uint32{4000000000, 5, 70000, 1 << 31, 0}))
	ch := make(chan []int, 1)
	ch <- z[1:3]
	got := <-ch
	got[0] = -7
	fmt.Println(z)
	fs := []func(){}
	for i := range z[:2] {
		fs = append(fs, func() { z[i] = 0 })
	}
	for _, f := range fs {
		f()
	}
	fmt.Println(z, got)
	var grid [3][3]rune
	for i := range grid {
		for j := range grid[i] {
			grid[i][j] = '.'
		}
	}
	row := &grid[1]
	row[1] = '#'
	g2 := grid
	g2[0][0] = '@'
	for _, r := range grid {
		fmt.Print(string(r[:]), " ")
	}
	fmt.Println(string(g2[0][:]))
	buf := make([]byte, 0, 16)
	for i := range 3 {
		buf = append(buf[:0], "line"...)
		buf = append(buf, byte('0'+i))
		fmt.Print(string(buf), " ")
	}
	fmt.Println(len(buf), cap(buf))
	parts := [][]int{{1, 2}, {3}}
	flat := parts[0]
	for _, p := range parts[1:] {
		flat = append(flat, p...)
	}
	flat[0] = 42
	fmt.Println(parts, flat)
	tmp := []int{1, 2, 3, 4}
	copy(tmp[2:], tmp[:2])
	fmt.Println(tmp, tmp[len(tmp):], tmp[1:][0])
	last3 := tmp[len(tmp)-3:]
	last3[2]++
	tmp2 := tmp
	tmp2[0]--
	fmt.Println(tmp, last3)
}
