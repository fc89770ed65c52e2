// A daisy chain of eight: each goroutine hears a number from its right, adds one, and whispers it to its left.
// The example daisy-chain does the same with ten thousand.
package main

import "fmt"

func whisper(left chan<- int, right <-chan int) {
	heard := <-right
	left <- heard + 1
}

func main() {
	leftmost := make(chan int)
	left := leftmost
	for range 8 {
		right := make(chan int)
		go whisper(left, right)
		left = right
	}
	left <- 1
	fmt.Println("heard at the end:", <-leftmost)
}
