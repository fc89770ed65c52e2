// Slices that share memory: writes through parts, appending into room, growing, and copies that overlap.
package main

import (
	"fmt"
	"sort"
)

func fill(xs []int, v int) {
	for i := range xs {
		xs[i] = v
	}
}

func quick(a []int) {
	if len(a) < 2 {
		return
	}
	p := a[len(a)-1]
	i := 0
	for j := 0; j < len(a)-1; j++ {
		if a[j] < p {
			a[i], a[j] = a[j], a[i]
			i++
		}
	}
	a[i], a[len(a)-1] = a[len(a)-1], a[i]
	quick(a[:i])
	quick(a[i+1:])
}

func merge(a, tmp []int) {
	if len(a) < 2 {
		return
	}
	m := len(a) / 2
	merge(a[:m], tmp[:m])
	merge(a[m:], tmp[m:])
	copy(tmp, a)
	i, j := 0, m
	for k := range a {
		if i < m && (j >= len(a) || tmp[i] <= tmp[j]) {
			a[k] = tmp[i]
			i++
		} else {
			a[k] = tmp[j]
			j++
		}
	}
}

func filter(xs []int, f func(int) bool) []int {
	out := xs[:0]
	for _, x := range xs {
		if f(x) {
			out = append(out, x)
		}
	}
	return out
}

type grid struct {
	cells []int
	rows  [][]int
}

func newGrid(w, h int) *grid {
	g := &grid{cells: make([]int, w*h)}
	for y := 0; y < h; y++ {
		g.rows = append(g.rows, g.cells[y*w:(y+1)*w])
	}
	return g
}

type ring struct {
	buf        []string
	head, size int
}

func (r *ring) push(s string) {
	if r.size == len(r.buf) {
		nb := make([]string, 2*len(r.buf)+1)
		n := copy(nb, r.buf[r.head:])
		copy(nb[n:], r.buf[:r.head])
		r.buf, r.head = nb, 0
	}
	r.buf[(r.head+r.size)%len(r.buf)] = s
	r.size++
}

func insert(xs []int, i, v int) []int {
	xs = append(xs, 0)
	copy(xs[i+1:], xs[i:])
	xs[i] = v
	return xs
}

func reverse(xs []int) {
	for i, j := 0, len(xs)-1; i < j; i, j = i+1, j-1 {
		xs[i], xs[j] = xs[j], xs[i]
	}
}

func rotate(xs []int, k int) {
	reverse(xs[:k])
	reverse(xs[k:])
	reverse(xs)
}

type point struct{ x, y int }

func main() {
	a := []int{5, 3, 9, 1, 7}
	b := a[1:3]
	b[0] = 100
	fmt.Println(a, b)
	fill(a[3:], 8)
	fmt.Println(a)
	q := []int{5, 3, 9, 1, 7, 2, 8}
	quick(q)
	fmt.Println(q)
	m := []int{5, 3, 9, 1, 7, 2, 8}
	merge(m, make([]int, len(m)))
	fmt.Println(m)
	f := []int{1, 2, 3, 4, 5, 6}
	g := filter(f, func(n int) bool { return n%2 == 0 })
	fmt.Println(f, g)
	gr := newGrid(3, 2)
	gr.rows[1][2] = 7
	gr.cells[0] = 1
	fmt.Println(gr.cells, gr.rows)
	r := &ring{}
	for _, s := range []string{"a", "b", "c", "d"} {
		r.push(s)
	}
	fmt.Println(r.buf, r.size)
	fmt.Println(insert([]int{1, 2, 3}, 1, 9))
	ro := []int{1, 2, 3, 4, 5}
	rotate(ro, 2)
	fmt.Println(ro)
	sort.Ints(ro[1:4])
	fmt.Println(ro)
	sort.Slice(ro[:3], func(i, j int) bool { return ro[i] > ro[j] })
	fmt.Println(ro)
	ps := []point{{1, 2}, {3, 4}, {5, 6}}
	tail := ps[1:]
	tail[0].x = 99
	p := &ps[2]
	p.y = 77
	fmt.Println(ps, tail)
	arr := [4]int{1, 2, 3, 4}
	sl := arr[:]
	sl[0] = 9
	part := arr[1:3]
	part[0] = 8
	fmt.Println(arr, sl, part)
	x := make([]int, 3, 10)
	y := append(x, 1)
	z := append(x, 2)
	fmt.Println(y[3], z[3], len(x), cap(x))
	w := x[:5]
	fmt.Println(w, len(w), cap(x))
	c := []int{1, 2, 3}
	d := append(c[:1], 9)
	fmt.Println(c, d)
	e := append(c[:1:1], 7)
	fmt.Println(c, e)
	st := []int{1, 2, 3}
	top := st[len(st)-1]
	st = st[:len(st)-1]
	st = append(st, 4)
	fmt.Println(top, st)
	queue := []int{1, 2, 3}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n < 3 {
			queue = append(queue, n+2)
		}
		fmt.Print(n, " ")
	}
	fmt.Println()
	copy(a[1:], a)
	fmt.Println(a)
	copy(a, a[2:])
	fmt.Println(a)
	del := []int{0, 1, 2, 3, 4}
	del = append(del[:1], del[3:]...)
	fmt.Println(del)
	bs := []byte("hello world")
	bb := bs[:5]
	bb[0] = 'J'
	fmt.Println(string(bs), string(bb))
	bb = append(bb, '!')
	fmt.Println(string(bs), string(bb))
	matrix := make([][]int, 2)
	flat := make([]int, 6)
	for i := range matrix {
		matrix[i], flat = flat[:3], flat[3:]
	}
	matrix[1][1] = 5
	fmt.Println(matrix, len(flat))
	rows := matrix[1:]
	rows[0] = []int{9}
	fmt.Println(matrix)
	clear(a[1:3])
	fmt.Println(a)
	win := a[1:4]
	for i := range win {
		win[i] += 10
	}
	win[0]++
	fmt.Println(a)
	fmt.Println(a)
	var pa = &a[2]
	*pa = 1234
	fmt.Println(a)
}
