// The zero values of type parameters, in comparisons, sums, fields and results.
package main

import (
	"cmp"
	"fmt"
)

func Max[T cmp.Ordered](xs ...T) T {
	var m T
	for _, x := range xs {
		if x > m {
			m = x
		}
	}
	return m
}

func Join[T int | string](xs []T) T {
	var s T
	for _, x := range xs {
		s += x
	}
	return s
}

func JoinB[T int | string](xs []T) (s T) {
	for _, x := range xs {
		s = s + x
	}
	return
}

func Last[T comparable](xs []T) int {
	var prev T
	n := 0
	for _, x := range xs {
		if x == prev {
			n++
		}
		prev = x
	}
	return n
}

type Tracker[T cmp.Ordered] struct {
	max, min T
	seen     bool
}

func (t *Tracker[T]) Add(x T) {
	if !t.seen || x < t.min {
		t.min = x
	}
	t.max = max(t.max, x)
	t.seen = true
}

type Heap[K cmp.Ordered, V any] struct {
	keys map[string]K
	list []K
}

func (h *Heap[K, V]) Less(a, b string) bool { return h.keys[a] < h.keys[b] }

func Compare[T cmp.Ordered](a, b T) int { return cmp.Compare(a, b) }

func CountZero[T comparable](xs []T) (n int) {
	var zero T
	for _, x := range xs {
		if x == zero {
			n++
		}
	}
	return
}

type P struct{ x, y int }

func Get[K comparable, V any](m map[K]V, k K) V { return m[k] }

func Zero[T any]() T {
	var z T
	return z
}

func main() {
	fmt.Println(Max(1, 3, 2), Max("b", "a"), Max(-1, -2), Max[float64](), Max[string]() == "")
	fmt.Println(Join([]int{1, 2}), Join([]string{"a", "b"}), JoinB([]int{1, 2}), JoinB([]string{"a", "b"}), Join([]int{}))
	fmt.Println(Last([]int{0, 0, 1, 1}), Last([]string{"", "a", "a"}), Last([]P{{0, 0}, {1, 2}, {1, 2}}), Last([]*P{nil, nil}))
	t := &Tracker[int]{}
	for _, x := range []int{3, -1, 7} {
		t.Add(x)
	}
	fmt.Println(t.max, t.min, *t)
	ts := &Tracker[string]{}
	ts.Add("m")
	fmt.Println(ts.max, ts.min)
	h := &Heap[int, string]{keys: map[string]int{"a": -1, "b": 1}}
	fmt.Println(h.Less("a", "zz"), h.Less("zz", "b"), h.Less("b", "zz"))
	fmt.Println(Compare(Zero[int](), 1), Compare("", Zero[string]()), CountZero([]int{0, 1, 0}), CountZero([]P{{}, {1, 0}}), CountZero([]string{"", "x"}))
	fmt.Println(Get(map[string]int{}, "q"), Get(map[int]string{}, 1) == "", Get(map[int]P{}, 1), Zero[P](), Zero[int]()+1)
}
