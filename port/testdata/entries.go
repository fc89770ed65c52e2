// Entries of maps, elements and pointers whose parts have effects: each is evaluated once.
package main

import (
	"fmt"
	"strings"
)

var n int

func key() string { n++; return strings.Repeat("k", n) }

func maps() map[string]int { n++; return map[string]int{"k": 1} }

func ptr() *int { n++; return new(int) }

type S struct {
	list []int
	m    map[string]int
	c    int
}

func get(s *S) *S { n++; return s }

func idx() int { n++; return n % 2 }

var pv, pok = map[string]int{"k": 5}[key()]

func main() {
	a := &[]int{12}
	*a = append(*a, 13)
	mm := &map[string]int{"x": 1}
	(*mm)["y"] = 2
	arr := &[3]int{1, 2, 3}
	arr[1] = 9
	fmt.Println(*a, len(*a), (*a)[0], len(*mm), *arr, pv, pok)
	n = 0
	m := map[string]int{"k": 7}
	v, ok := m[key()]
	fmt.Println(v, ok, n)
	v, ok = m[key()]
	fmt.Println(v, ok, n)
	_, ok = m[key()]
	fmt.Println(ok, n)
	if v, ok := maps()["k"]; ok {
		fmt.Println(v, n)
	}
	if _, ok := m[key()]; !ok {
		fmt.Println("no", n)
	}
	n = 0
	m[key()]++
	m[key()] += 2
	fmt.Println(m, n)
	*ptr() += 3
	*ptr()++
	fmt.Println(n)
	s := &S{[]int{1, 2}, map[string]int{}, 0}
	get(s).c++
	get(s).c += 2
	get(s).list[idx()]++
	get(s).list[idx()] += 10
	get(s).m["a"]++
	get(s).m[key()] |= 1
	fmt.Println(s.c, s.list, len(s.m), n)
	s.list = append(s.list, idx())
	fmt.Println(s.list, n)
	i := 0
	i, s.list[i] = 1, 42
	fmt.Println(i, s.list)
	s.list[0], s.list[1] = s.list[1], s.list[0]
	x, y := 1, 2
	x, y = y, x+y
	fmt.Println(s.list, x, y)
	var e any = map[string]int{"q": 1}
	q, ok := e.(map[string]int)["q"]
	fmt.Println(q, ok)
	p := &s.list[idx()]
	*p = 77
	fmt.Println(s.list, n)
	ch := make(chan int, 1)
	ch <- 5
	m2 := map[int]string{5: "five"}
	w, ok := m2[<-ch]
	fmt.Println(w, ok)
	switch v, ok := m[key()]; {
	case ok:
		fmt.Println("has", v)
	default:
		fmt.Println("none", n)
	}
	delete(maps(), key())
	fmt.Println(len(maps()), min(idx(), 5), max(key(), "a") != "")
	fmt.Println(n)
	str := "héllo"
	for i, r := range str[idx():] {
		if i > 2 {
			break
		}
		fmt.Print(i, string(r), " ")
	}
	fmt.Println(get(s).list[idx()], get(s).list[:idx()+1])
	fmt.Println(n)
	if b := get(s); b.c > 0 && b.list[idx()] > 0 || n > 100 {
		fmt.Println("ok", n)
	}
}
