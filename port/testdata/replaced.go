// A part of a slice takes the place of the slice, which something else still refers to.
package main

import "fmt"

type box struct{ f []int }

func (b *box) cut(n int) { b.f = b.f[:n] }

type outer struct{ in *box }

func (o outer) share() []int { return o.in.f }

type shelf struct {
	books []string
	lent  []string
}

func main() {
	// A variable has the whole slice.
	b := &box{f: []int{1, 2, 3}}
	all := b.f
	b.f = b.f[:2]
	b.f[0] = 9
	fmt.Println(all)
	b.f = append(b.f, 7)
	fmt.Println(all)

	// The slice came from a variable, and a method cuts it.
	given := []int{1, 2, 3, 4}
	c := &box{f: given}
	c.cut(2)
	c.f[1] = 20
	c.f = append(c.f, 30)
	fmt.Println(given, c.f)

	// A result has it, and the field is a field of a field.
	o := outer{&box{f: []int{1, 2, 3}}}
	shared := o.share()
	o.in.f = o.in.f[1:]
	o.in.f[0] = 40
	fmt.Println(shared, o.in.f)

	// Another field has it.
	s := &shelf{books: []string{"a", "b", "c"}}
	s.lent = s.books
	s.books = s.books[:1]
	s.books = append(s.books, "z")
	fmt.Println(s.lent, s.books)

	// A variable instead of a field.
	x := given
	x = x[:1]
	x[0] = 5
	fmt.Println(given, x)
	y := []int{1, 2, 3}
	z := y
	y = y[:1]
	y = append(y, 8)
	fmt.Println(y, z)
}
