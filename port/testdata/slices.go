// Slices: append, copy, subslices, deletion, and who sees what.
package main

import "fmt"

type stack struct{ items []int }

func (s *stack) push(n int) { s.items = append(s.items, n) }
func (s *stack) pop() int {
	n := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return n
}
func (s *stack) all() []int { return s.items }

func grown(list []int, n int) []int {
	list = append(list, n) // the caller's slice keeps its length
	return list
}

func main() {
	var list []int
	fmt.Println(list == nil, len(list))
	for i := 0; i < 5; i++ {
		list = append(list, i*i)
	}
	fmt.Println(list, len(list), list[1:3], list[:2], list[3:])

	longer := grown(list, 100)
	fmt.Println(len(list), len(longer), longer[5])

	other := append([]int(nil), list...)
	other[0] = 42
	fmt.Println(list[0], other[0])

	list = append(list[:1], list[2:]...)
	fmt.Println(list)

	n := copy(other, []int{7, 8})
	fmt.Println(n, other)
	copy(other[2:], other[:2])
	fmt.Println(other)

	s := &stack{}
	s.push(1)
	seen := s.all()
	s.push(2)
	s.push(3)
	fmt.Println(len(seen), s.pop(), s.items)

	grid := make([][]string, 2)
	for i := range grid {
		grid[i] = make([]string, 3)
		for j := range grid[i] {
			grid[i][j] = fmt.Sprintf("%d%d", i, j)
		}
	}
	grid[1][2] = "end"
	fmt.Println(grid)

	array := [3]int{1, 2, 3}
	second := array
	second[0] = 9
	fmt.Println(array, second, array == [3]int{1, 2, 3}, len(array))

	var batches [][]int
	var batch []int
	for i := range 5 {
		batch = append(batch, i)
		if len(batch) == 2 {
			batches = append(batches, batch)
			batch = nil
		}
	}
	batches = append(batches, batch)
	fmt.Println(batches)

	sum := 0
	for i := range list {
		sum += i
	}
	for range 3 {
		sum++
	}
	a, b := 1, 2
	a, b = b, a+b
	list[0], list[1] = list[1], list[0]
	fmt.Println(sum, a, b, list, min(3, 1, 2), max(a, b))
}
