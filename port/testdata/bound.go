// Method values, deferred builtins and divisions: what is evaluated where, and what panics.
package main

import "fmt"

var x = make([]byte, 10)

type T struct{ n int }

func (t *T) Add(k int) int { t.n += k; return t.n }
func (t T) Get() int       { return t.n }

var made int

func newT() *T { made++; return &T{made} }

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func show(m map[int]bool) {
	defer fmt.Println("len", len(m))
	defer delete(m, 1)
	var dst [2]int
	defer func() { fmt.Println(dst) }()
	defer copy(dst[:], []int{1, 2})
	ch := make(chan int)
	defer close(ch)
	defer clear(m)
}

func div(a, b int) int       { return a / b }
func mod(a, b int) int       { return a % b }
func div8(a, b int8) int8    { return a / b }
func div32(a, b int32) int32 { return a / b }
func udiv(a, b uint) uint    { return a / b }

func idx(list []int, i int) int { return list[i] }

func main() {
	add := newT().Add
	add(1)
	fmt.Println(add(2), made)
	get := newT().Get
	fmt.Println(get(), made)
	fs := []func() int{newT().Get, newT().Get}
	fmt.Println(fs[0](), fs[1](), made)
	try("byte", func() { fmt.Println(x[123]) })
	try("stmt", func() { x[50] = 1 })
	try("cut", func() { fmt.Println(x[5:15]) })
	try("idx", func() { idx([]int{1}, 1) })
	try("div", func() { div(1, 0) })
	try("mod", func() { mod(1, 0) })
	try("udiv", func() { udiv(1, 0) })
	fmt.Println(div8(-128, -1), div32(-2147483648, -1), div(7, -2), mod(-7, 2))
	show(map[int]bool{1: true, 2: true})
	try("nilmap", func() { var m map[string]int; m["a"] = 1 })
	try("nilptr", func() { var t *T; fmt.Println(t.n) })
	try("nilfunc", func() { var f func(); f() })
	try("closed", func() { c := make(chan int); close(c); close(c) })
	try("makeneg", func() { n := -1; _ = make([]int, n) })
	try("conv", func() { var i any = "s"; _ = i.(int) })
	try("arr", func() { var a [3]int; i := 5; a[i%8] = 1 })
	try("str", func() { s := "abc"; i := 3; _ = s[i] })
	_, _ = add(1), div(1, 1)
	text := error.Error
	oops := fmt.Errorf("oops")
	method := oops.Error
	fmt.Println(text(oops), error.Error(oops), method())
	var e error
	try("nilerr", func() { _ = e.Error() })
}
