// Declarations of a package and of a function: blank ones, several at once, pointers to what they declare.
package main

import "fmt"

var log []string

var _ = note("blank")

func note(s string) int { log = append(log, s); return len(log) }

// Both are assigned later, and the first has a pointer to it.
var count, name = pair()

func pair() (int, string) { return note("pair"), "name" }

var first = &count

var _, second = pair()

type Shape interface{ Area() int }

type Square struct{ side int }

func (s *Square) Area() int { return s.side * s.side }

// Assertions for the compiler.
var _ Shape = (*Square)(nil)
var _ Shape = &Square{}

var x, y = note("x"), note("y")

// It is set before b is.
var _ = func() int {
	a = false
	return 0
}()

var a = true
var b = a

type options struct {
	limit *int
	name  *string
}

func main() {
	count = 7
	*first++
	name += "!"
	fmt.Println(log, count, name, *first, second, x, y, a, b)
	type _ int
	const _ = 3
	var _ = note("local")
	fmt.Println(len(log))

	// A variable that has a value first.
	p := new(123)
	*p++
	side := Square{2}
	q := new(side)
	q.side = 9
	row := [2]int{1, 2}
	r := new(row)
	r[0] = 7
	list := new([]int{1, 2})
	*list = append(*list, 3)
	fmt.Println(*p, side, *q, row, *r, *list, *new(side.side > 1), *new("text"))
	o := options{limit: new(10), name: new("none")}
	*o.limit += 5
	fmt.Println(*o.limit, *o.name)

	// Pointers to one place are equal, also as keys.
	numbers := []int{1, 2, 3}
	fmt.Println(&numbers[1] == &numbers[1], &numbers[1] == &numbers[2], &side.side == &side.side, &side.side == &q.side)
	seen := map[*int]string{&numbers[0]: "first", &side.side: "side"}
	fmt.Println(seen[&numbers[0]], seen[&side.side], len(seen), seen[&numbers[2]] == "")
}
