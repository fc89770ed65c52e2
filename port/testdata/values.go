// Structs and arrays are values: every assignment, call, range and method value copies them.
package main

import "fmt"

type S struct {
	n  int
	a  [3]int
	in struct{ k int }
	p  *int
}

type T struct {
	S
	name string
}

func (s S) val() int   { s.n++; return s.n }
func (s *S) inc() int  { s.n++; return s.n }
func byval(s S) S      { s.n = 100; s.a[0] = 100; s.in.k = 100; return s }
func arr(a [3]int) int { a[0] = 50; return a[0] }

type M map[string]S

func ret() (s S) {
	defer func() { s.n = 9 }()
	s.n = 1
	return s
}

type L struct {
	v    int
	next *L
}

func main() {
	a := S{n: 1}
	b := a
	b.n = 2
	b.a[1] = 7
	b.in.k = 3
	fmt.Println(a.n, a.a, a.in.k, b.n, b.a, b.in.k)
	c := byval(a)
	fmt.Println(a.n, a.a, c.n, c.a)
	fmt.Println(a.val(), a.inc())
	fmt.Println(a.n)
	x := [3]int{1, 2, 3}
	y := x
	y[0] = 9
	fmt.Println(x, y, x == y, arr(x), x)
	px := &x
	px[1] = 44
	for i := range px {
		px[i]++
	}
	fmt.Println(x, *px, len(px))
	list := []S{{n: 1}, {n: 2}}
	for _, s := range list {
		s.n = 99
	}
	fmt.Println(list[0].n, list[1].n)
	for i := range list {
		list[i].n *= 10
	}
	fmt.Println(list[0].n, list[1].n)
	first := list[0]
	first.n = 5
	list[1] = first
	first.n = 6
	fmt.Println(list[0].n, list[1].n, first.n)
	m := map[string]S{"a": {n: 1}}
	s := m["a"]
	s.n = 2
	fmt.Println(m["a"].n, s.n)
	m["a"] = s
	s.n = 3
	fmt.Println(m["a"].n, m["zz"].n, m["zz"].a)
	mp := map[string]*S{"a": {n: 1}}
	mp["a"].n = 7
	fmt.Println(mp["a"].n)
	t := T{S: S{n: 1}, name: "t"}
	u := t
	u.n = 2
	u.S.a[0] = 1
	fmt.Println(t.n, t.a, u.n, u.a, u.val())
	fmt.Println(ret().n)
	arr2 := [2]S{{n: 1}, {n: 2}}
	arr3 := arr2
	arr3[0].n = 55
	fmt.Println(arr2[0].n, arr3[0].n)
	for i, e := range arr2 {
		arr2[1].n = 1000
		fmt.Println(i, e.n)
	}
	ar := [3]int{1, 2, 3}
	for i, v := range ar {
		ar[2] = 10
		fmt.Print(i, v, " ")
	}
	fmt.Println()
	sl := []int{1, 2, 3}
	for i, v := range sl {
		sl[2] = 10
		if i == 0 {
			sl = append(sl, 4)
		}
		fmt.Print(i, v, " ")
	}
	fmt.Println(len(sl))
	var i1 any = a
	a.n = 77
	fmt.Println(i1.(S).n, a.n)
	ch := make(chan S, 1)
	ch <- a
	a.n = 78
	fmt.Println((<-ch).n)
	f := a.val
	a.n = 500
	fmt.Println(f(), a.n)
	g := a.inc
	a.n = 600
	fmt.Println(g(), a.n)
	h := S.val
	k := (*S).inc
	fmt.Println(h(a), k(&a), a.n)
	p := &a
	q := *p
	q.n = 1
	fmt.Println(a.n, p.n, q.n)
	*p = S{n: 3}
	fmt.Println(a.n, p.n)
	fn := func() { a.n++ }
	fn()
	fmt.Println(a.n)
	type key struct{ a, b int }
	km := map[key]string{{1, 2}: "x"}
	km[key{3, 4}] = "y"
	fmt.Println(km[key{1, 2}], km[key{3, 4}], len(km))
	ka := map[[2]int]int{{1, 2}: 5}
	kk := [2]int{1, 2}
	fmt.Println(ka[kk], key{1, 2} == key{1, 2}, key{1, 2} != key{1, 3})
	var head *L
	for i := 0; i < 3; i++ {
		head = &L{i, head}
	}
	for n := head; n != nil; n = n.next {
		fmt.Print(n.v, " ")
	}
	fmt.Println()
	pp := &head
	for *pp != nil {
		if (*pp).v == 1 {
			*pp = (*pp).next
			break
		}
		pp = &(*pp).next
	}
	for n := head; n != nil; n = n.next {
		fmt.Print(n.v, " ")
	}
	fmt.Println()
	anon := struct {
		x int
		y []string
	}{1, []string{"q"}}
	anon2 := anon
	anon2.x = 5
	anon2.y[0] = "z"
	fmt.Println(anon, anon2)
	swap := [2]S{{n: 1}, {n: 2}}
	swap[0], swap[1] = swap[1], swap[0]
	swap[0].n = 8
	fmt.Println(swap[0].n, swap[1].n)
	sw := []S{{n: 1}, {n: 2}, {n: 3}}
	sw[0], sw[2] = sw[2], sw[0]
	fmt.Println(sw[0].n, sw[1].n, sw[2].n)
	ss := []S{{n: 1}}
	ss2 := append(ss, ss[0])
	ss2[1].n = 9
	fmt.Println(ss[0].n, ss2[0].n, ss2[1].n)
	cp := make([]S, 1)
	copy(cp, ss)
	cp[0].n = 44
	fmt.Println(ss[0].n, cp[0].n)
	ap := append([]S(nil), ss...)
	ap[0].n = 45
	fmt.Println(ss[0].n, ap[0].n)
	ptrs := []*S{}
	for _, e := range sw {
		ptrs = append(ptrs, &e)
	}
	ptrs[0].n = 321
	fmt.Println(sw[0].n, ptrs[0].n, ptrs[1].n)
}
