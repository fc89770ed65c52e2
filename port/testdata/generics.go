// Type parameters: functions, types, constraints, and methods of generic types.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"sort"
)

type number interface{ ~int | ~float64 }

func sum[T number](list ...T) T {
	var total T
	for _, n := range list {
		total += n
	}
	return total
}

func mapped[A, B any](list []A, f func(A) B) []B {
	out := make([]B, 0, len(list))
	for _, a := range list {
		out = append(out, f(a))
	}
	return out
}

func keys[K cmp.Ordered, V any](m map[K]V) []K {
	var out []K
	for k := range m {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// A list is a linked list.
type list[T any] struct {
	head *element[T]
	size int
}

type element[T any] struct {
	value T
	next  *element[T]
}

func (l *list[T]) push(v T) {
	l.head = &element[T]{v, l.head}
	l.size++
}

func (l *list[T]) each(f func(T)) {
	for e := l.head; e != nil; e = e.next {
		f(e.value)
	}
}

func find[T comparable](list []T, v T) (int, error) {
	for i, x := range list {
		if x == v {
			return i, nil
		}
	}
	return -1, errors.New("not found")
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func main() {
	fmt.Println(sum(1, 2, 3), sum(0.5, 0.25))
	fmt.Println(mapped([]int{1, 2}, func(n int) string { return fmt.Sprint("n", n) }))
	fmt.Println(keys(map[string]int{"b": 1, "a": 2}))
	var l list[string]
	l.push("x")
	l.push("y")
	l.each(func(s string) { fmt.Println(s) })
	fmt.Println(l.size)
	fmt.Println(find([]string{"a", "b"}, "b"))
	fmt.Println(find([]int{1}, 2))
	p := pair[string, []int]{"k", []int{1, 2}}
	fmt.Println(p.key, p.value, len(p.value))
}
