// Iterators: functions that yield, and loops over them.
package main

import (
	"fmt"
	"iter"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

type bag struct{ items []string }

func (b *bag) all() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, s := range b.items {
			if !yield(i, s) {
				return
			}
		}
	}
}

func main() {
	for n := range count(10) {
		if n == 3 {
			break
		}
		fmt.Println(n)
	}
	b := &bag{[]string{"x", "y"}}
	for i, s := range b.all() {
		fmt.Println(i, s)
	}
	total := 0
	for n := range count(4) {
		total += n
	}
	fmt.Println(total, slices.Sorted(count(3)))
}
