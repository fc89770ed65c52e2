// Iterators that hand their yield on, go on when it refuses, or are declared functions; iterators that are pulled.
package main

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

type Tree struct {
	l, r *Tree
	v    int
}

func (t *Tree) All(yield func(int) bool) {
	t.push(yield)
}

func (t *Tree) push(yield func(int) bool) bool {
	if t == nil {
		return true
	}
	return t.l.push(yield) && yield(t.v) && t.r.push(yield)
}

func (t *Tree) Seq() iter.Seq[int] {
	return func(yield func(int) bool) {
		t.push(yield)
	}
}

type List[T any] struct{ items []T }

func (l *List[T]) Each(yield func(int, T) bool) {
	for i, x := range l.items {
		if !yield(i, x) {
			return
		}
	}
}

func (l *List[T]) Backward() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := len(l.items) - 1; i >= 0; i-- {
			if !yield(i, l.items[i]) {
				return
			}
		}
	}
}

func count(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				fmt.Println("stopped at", i)
				return
			}
		}
	}
}

func thrice(yield func() bool) {
	_ = yield() && yield() && yield()
}

func numbers(yield func(int) bool) {
	_ = yield(1) && yield(2) && yield(3)
}

func filter[T any](s iter.Seq[T], f func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for x := range s {
			if f(x) && !yield(x) {
				return
			}
		}
	}
}

func find(l *List[string], want string) (at int) {
	for i, x := range l.Each {
		if x == want {
			return i
		}
	}
	return -1
}

// Set has an iterator as a type of its own.
type Set map[string]int

type Pairs func(yield func(string, int) bool)

func (s Set) Sorted(yield func(string, int) bool) {
	for _, k := range slices.Sorted(maps.Keys(s)) {
		if !yield(k, s[k]) {
			return
		}
	}
}

func (s Set) Pairs() Pairs {
	return func(yield func(string, int) bool) {
		s.Sorted(yield)
		yield("end", len(s))
	}
}

func twice[T any](s iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		s(yield)
		s(yield)
	}
}

func zip[A, B any](a iter.Seq[A], b iter.Seq[B]) iter.Seq2[A, B] {
	return func(yield func(A, B) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		for x := range a {
			y, ok := next()
			if !ok || !yield(x, y) {
				return
			}
		}
	}
}

// walk is generic, and recursive.
func walk[T any](list []T, yield func(int, T) bool) bool {
	if len(list) == 0 {
		return true
	}
	if !walk(list[1:], yield) {
		return false
	}
	return yield(len(list), list[0])
}

func Walk[T any](list []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) { walk(list, yield) }
}

// visit gets a function as others do: nothing makes an iterator of it.
func visit(n int, f func(int) bool) int {
	for i := range n {
		if !f(i) {
			return i
		}
	}
	return n
}

func more() {
	set := Set{"b": 2, "a": 1}
	for k, v := range set.Sorted {
		fmt.Print(k, v, " ")
	}
	for k, v := range set.Pairs() {
		fmt.Print(k, v, " ")
	}
	set.Sorted(func(k string, v int) bool { fmt.Print(k, ";"); return false })
	fmt.Println()
	for x := range twice(count(2)) {
		fmt.Print(x, " ")
	}
	for i, x := range Walk([]string{"x", "y", "z"}) {
		if i == 3 {
			break
		}
		fmt.Print(i, x, " ")
	}
	for x := range iter.Seq[int](numbers) {
		fmt.Print(x, " ")
	}
	fmt.Println(visit(5, func(i int) bool { return i < 3 }))
	for a, b := range zip(count(5), twice(count(2))) {
		fmt.Print(a, b, " ")
	}
	for a, b := range zip(count(9), count(2)) {
		fmt.Print(a, b, " ")
	}
	fmt.Println()
	next, stop := iter.Pull2(Walk([]string{"p"}))
	a, b, ok := next()
	fmt.Println(a, b, ok)
	a, b, ok = next()
	fmt.Printf("%d %q %v\n", a, b, ok)
	stop()
	stop()
	fmt.Println(slices.Collect(numbers), slices.Collect(twice(count(3))))
	defer func() { fmt.Println(recover()) }()
	for range thoughtless {
		break
	}
}

func thoughtless(yield func(int) bool) {
	yield(1)
	yield(2)
}

func main() {
	more()
	t := &Tree{&Tree{nil, nil, 1}, &Tree{nil, nil, 3}, 2}
	for v := range t.All {
		fmt.Print(v, " ")
	}
	for v := range t.Seq() {
		if v == 2 {
			break
		}
		fmt.Print(v, " ")
	}
	l := &List[string]{[]string{"a", "b", "c"}}
	for i, x := range l.Each {
		if i == 1 {
			continue
		}
		fmt.Print(i, x, " ")
	}
	for i, x := range l.Backward() {
		fmt.Print(i, x, " ")
	}
	fmt.Println()
	for i := range count(5) {
		if i == 2 {
			break
		}
	}
	n := 0
	for range thrice {
		n++
	}
	for _ = range numbers {
		n++
	}
	for v := range numbers {
		n += v
	}
	fmt.Println(n, find(l, "b"), find(l, "z"))
	even := filter(count(7), func(i int) bool { return i%2 == 0 })
	fmt.Println(slices.Collect(even), slices.Sorted(maps.Keys(map[int]bool{3: true, 1: true})))
	next, stop := iter.Pull(even)
	a, ok := next()
	b, ok2 := next()
	fmt.Println(a, ok, b, ok2)
	stop()
	_, ok = next()
	fmt.Println(ok)
	numbers(func(i int) bool { fmt.Print(i, ";"); return i < 2 })
	l.Each(func(i int, s string) bool { fmt.Print(i, s, ";"); return true })
	fmt.Println()
outer:
	for i := range count(3) {
		for j := range numbers {
			if j == 2 {
				continue outer
			}
			if i == 1 {
				break outer
			}
			fmt.Print(i, j, " ")
		}
	}
	fmt.Println()
}
