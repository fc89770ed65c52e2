package main

import (
	"fmt"
	"sort"
)

type ring struct {
	items []int
	head  int
}

// pop shrinks the slice that its callers look at.
func (r *ring) pop() int {
	v := r.items[0]
	r.items = r.items[1:]
	return v
}

func (r *ring) drain() (sum int) {
	for i := range r.items {
		sum += r.items[i]
		if r.items[i]%2 == 0 {
			r.pop()
		}
	}
	return sum
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r)
		} else {
			fmt.Println(name, "is in range")
		}
	}()
	f()
}

func at(list []string, i int) string { return list[i] }

func set(list []int, i, v int) { list[i] = v }

func add(list []int, i, v int) { list[i] += v }

func count(list []int, i int) { list[i]++ }

func swap(list []int, i, j int) { list[i], list[j] = list[j], list[i] }

func middle(list []int, lo, hi int) []int { return list[lo:hi] }

func rest(list []int, lo int) []int { return list[lo:] }

func remove(list []int, i int) []int { return append(list[:i], list[i+1:]...) }

func square(grid [3][3]int, y, x int) int { return grid[y][x] }

func octet(b []byte, i int) byte { return b[i] }

func char(s string, i int) byte { return s[i] }

func sub(s string, lo, hi int) string { return s[lo:hi] }

func last(list []int) int { return list[len(list)-1] }

func lastOr(list []int, none int) int {
	if len(list) == 0 {
		return none
	}
	return list[len(list)-1]
}

func pairs(list []int) (sum int) {
	for i := 1; i < len(list); i++ {
		sum += list[i] * list[i-1]
	}
	for i := len(list) - 1; i >= 0; i-- {
		sum -= list[i]
	}
	return sum
}

func beyond(list []int) (sum int) {
	for i := 0; i <= len(list); i++ {
		sum += list[i]
	}
	return sum
}

func shrinking(list []int) (sum int) {
	for i := range list {
		sum += list[i]
		list = list[:len(list)-1]
	}
	return sum
}

func find(list []int, v int) []int {
	for i, x := range list {
		if x == v {
			list = append(list[:i], list[i+1:]...)
			break
		}
	}
	return list
}

func doubled(list []int) []int {
	out := make([]int, len(list))
	for i, v := range list {
		out[i] = 2 * v
	}
	n := len(out)
	for i := 0; i < n/2; i++ {
		out[i], out[n-1-i] = out[n-1-i], out[i]
	}
	return out
}

func calls() int {
	fmt.Println("called")
	return 5
}

func main() {
	list := []int{1, 2, 3}
	names := []string{"a", "b"}
	var none []int
	try("an index", func() { at(names, 1) })
	try("an index", func() { at(names, 2) })
	try("an index", func() { at(names, -1) })
	try("an index of nothing", func() { set(none, 0, 1) })
	try("a write", func() { set(list, 2, 9) })
	try("a write", func() { set(list, 3, 9) })
	try("a sum", func() { add(list, 3, 1) })
	try("an increment", func() { count(list, 4) })
	try("an increment", func() { count(list, 0) })
	try("a swap", func() { swap(list, 0, 3) })
	try("a swap", func() { swap(list, 0, 2) })
	try("a part", func() { middle(list, 1, 4) })
	try("a part", func() { middle(list, 2, 1) })
	try("a part", func() { middle(list, 1, 2) })
	try("a rest", func() { rest(list, 4) })
	try("a rest", func() { rest(list, 3) })
	try("a removal", func() { remove([]int{1, 2}, 2) })
	try("a removal", func() { fmt.Println(remove([]int{1, 2}, 1)) })
	try("a cell", func() { square([3][3]int{}, 2, 3) })
	try("a cell", func() { square([3][3]int{}, 2, 2) })
	try("a byte", func() { octet([]byte("ab"), 2) })
	try("a character", func() { char("héllo", 6) })
	try("a substring", func() { sub("héllo", 2, 9) })
	try("the last", func() { last(none) })
	fmt.Println(list, lastOr(none, 7), lastOr(list, 7), pairs(list), doubled(list), find(list, 1))
	try("one too far", func() { beyond([]int{1}) })
	try("a shrinking slice", func() { shrinking([]int{1, 2, 3}) })
	try("a copy", func() { copy(list[5:], list) })
	try("a pointer", func() {
		i := 3
		p := &list[i]
		*p = 1
	})
	r := &ring{items: []int{1, 2, 3, 4}}
	try("a drained ring", func() { fmt.Println(r.drain()) })
	try("an operand", func() { none[calls()]++ })
	words := []string{"pear", "fig", "apple"}
	sort.Slice(words, func(i, j int) bool { return len(words[i]) < len(words[j]) })
	fmt.Println(words, sort.Search(len(list), func(i int) bool { return list[i] >= 3 }))
	func() {
		defer func() {
			err, ok := recover().(error)
			fmt.Println(ok, err)
		}()
		grid := [][]int{{1}, {2, 3}}
		for y := range grid {
			for x := range grid[y] {
				grid[y][x] *= 2
			}
		}
		fmt.Println(grid, grid[1][1], grid[0][1])
	}()
}
