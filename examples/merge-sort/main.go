// Merge sort in which every half is a goroutine and every merge reads two channels: a tree of goroutines, a stream at
// each branch. The sorted numbers begin to come out at the top while the merges below still go on.
package main

import "fmt"

func sorted(values []int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		if len(values) == 0 {
			return
		}
		if len(values) == 1 {
			out <- values[0]
			return
		}
		left, right := sorted(values[:len(values)/2]), sorted(values[len(values)/2:])
		a, okA := <-left
		b, okB := <-right
		for okA || okB {
			if okA && (!okB || a <= b) {
				out <- a
				a, okA = <-left
			} else {
				out <- b
				b, okB = <-right
			}
		}
	}()
	return out
}

func main() {
	for n := range sorted([]int{31, 4, 15, 9, 26, 5, 35, 8, 97, 9, 32, 3}) {
		fmt.Println(n)
	}

	numbers := make([]int, 2000)
	for i := range numbers {
		numbers[i] = i * 7919 % 2003
	}
	inOrder, count, last := true, 0, -1
	for n := range sorted(numbers) {
		inOrder = inOrder && last <= n
		last = n
		count++
	}
	fmt.Println(count, "numbers in order:", inOrder)
}
