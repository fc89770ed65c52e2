// Copies of structs and arrays: their slices, the elements that a loop changes, what maps, interfaces and containers keep.
// Expressions with calls are evaluated once.
package main

import (
	"errors"
	"fmt"
	"sort"
	"time"
)

type Level int

func (l Level) String() string { return [...]string{"low", "high"}[l] }

type Query struct {
	table string
	where []string
	level Level
	wait  time.Duration
	seen  []Level
	named map[string]Level
}

// Where returns a query with another condition. The receiver stays as it is.
func (q Query) Where(cond string) Query {
	q.where = append(q.where, cond)
	return q
}

type Option func(*Query)

var defaults = Query{table: "t", wait: time.Second}

func New(opts ...Option) *Query {
	q := defaults
	for _, o := range opts {
		o(&q)
	}
	return &q
}

func With(cond string) Option { return func(q *Query) { q.where = append(q.where, cond) } }

type Item struct {
	n    int
	tags [2]string
}

func (it *Item) Inc() { it.n++ }

type Stack[T any] struct{ items []T }

func (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }

func (s *Stack[T]) Peek() (T, bool) {
	var zero T
	if len(s.items) == 0 {
		return zero, false
	}
	return s.items[len(s.items)-1], true
}

func (s *Stack[T]) Top() T { return s.items[len(s.items)-1] }

var calls int

func key() string { calls++; return fmt.Sprint("k", calls%2) }

func state() (Level, time.Duration) { return 1, 2 * time.Second }

type Counts struct {
	small uint8
	deep  struct{ n int16 }
}

var counts Counts

func get() *Counts { calls++; return &counts }

func pointer() *int { calls++; return &calls2 }

var calls2 int

func inside(i, n int) bool { return uint(i) < uint(n) }

func half(list []int) []int { return list[:len(list)/2] }

func negative(a int8, b int32) (int8, int32, int8) { return -a, -b, a / -1 }

type Errors []error

func (e Errors) Error() string { return fmt.Sprint(len(e), " errors") }

func main() {
	base := Query{table: "t"}.Where("a")
	one, two := base.Where("b"), base.Where("c")
	fmt.Println(base.where, one.where, two.where)
	New(With("x"), With("y"))
	fmt.Println(len(defaults.where), New(With("z")).where)

	items := []Item{{n: 1}, {n: 2}}
	for i, it := range items {
		items[i].n *= 10
		items[i].Inc()
		fmt.Print(it.n, " ", items[i].n, " ")
	}
	fmt.Println()
	pairs := [][2]int{{1, 2}, {3, 4}}
	for _, p := range pairs {
		p[0] = 0
	}
	fmt.Println(pairs)

	byKey := map[string]Item{"k0": {n: 1}, "k1": {n: 2}}
	it, ok := byKey[key()]
	it.n = 100
	fmt.Println(it.n, ok, byKey["k0"].n, byKey["k1"].n, calls)
	it, ok = byKey["k0"]
	it.n = 200
	fmt.Println(it.n, ok, byKey["k0"].n)
	lists := map[string][2]int{"a": {1, 2}}
	list, ok := lists["a"]
	list[0] = 9
	fmt.Println(lists, list, ok)
	var any1 any = Item{n: 5}
	held, ok := any1.(Item)
	held.n++
	switch x := any1.(type) {
	case Item:
		x.n = 50
		fmt.Println(x.n, held.n, any1.(Item).n, ok)
	}

	stack := &Stack[Item]{}
	stack.Push(Item{n: 1})
	top, ok := stack.Peek()
	top.n = 7
	other := stack.Top()
	other.n = 8
	fmt.Println(top.n, other.n, ok, stack.items[0].n)

	totals := map[string]int{}
	totals[key()] += 5
	totals[key()]++
	get().small--
	get().deep.n -= 5
	*pointer() *= 2
	fmt.Println(totals, counts, calls)

	fmt.Println(Query{level: 1, wait: time.Minute, seen: []Level{0, 1}, named: map[string]Level{"a": 1}})
	fmt.Println(state())
	fmt.Println(inside(-1, 3), inside(2, 3), inside(3, 3))
	fmt.Println(negative(-128, -2147483648))

	var chunks [][]int
	rest := []int{1, 2, 3, 4, 5}
	for len(rest) > 2 {
		chunks = append(chunks, rest[:2:2])
		rest = rest[2:]
	}
	chunks[0] = append(chunks[0], 9)
	fmt.Println(chunks, rest)
	all := []int{1, 2, 3, 4}
	first := half(all)
	first[0] = 5
	first = append(first, 6)
	fmt.Println(all, first)

	var errs Errors
	err := fmt.Errorf("all: %w", Errors{errors.New("a")})
	fmt.Println(errors.As(err, &errs), len(errs))
	numbers := []int{1, 3, 2}
	sort.Sort(sort.Reverse(sort.IntSlice(numbers)))
	fmt.Println(numbers, -numbers[0]*0)
}
