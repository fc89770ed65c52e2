// Ten thousand goroutines in a row: each adds one to what it hears from its right and passes it to its left.
// A well-known proof that goroutines are cheap, and that waking one after the other needs no deep stack.
package main

import "fmt"

func pass(left chan<- int, right <-chan int) {
	left <- 1 + <-right
}

func main() {
	const n = 10000
	leftmost := make(chan int)
	left := leftmost
	for range n {
		right := make(chan int)
		go pass(left, right)
		left = right
	}
	left <- 1
	fmt.Println(<-leftmost)
}
