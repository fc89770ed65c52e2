// Two goroutines add up half of the numbers each. Their sums come back over a channel, in whichever order.
package main

import "fmt"

func add(numbers []int, sums chan<- int) {
	sum := 0
	for _, n := range numbers {
		sum += n
	}
	sums <- sum
}

func main() {
	sums := make(chan int)
	go add([]int{7, 2, 8}, sums)
	go add([]int{-9, 4, 0}, sums)
	a, b := <-sums, <-sums
	fmt.Println(a, "and", b, "make", a+b)
}
