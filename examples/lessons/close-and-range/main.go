// The sender closes when no more comes. The loop ends by itself, and a receive from a closed channel returns at once.
package main

import "fmt"

func fibonacci(numbers chan<- int, n int) {
	defer close(numbers)
	a, b := 0, 1
	for range n {
		numbers <- a
		a, b = b, a+b
	}
}

func main() {
	numbers := make(chan int)
	go fibonacci(numbers, 6)
	for n := range numbers {
		fmt.Println(n)
	}
	_, ok := <-numbers
	fmt.Println("another one:", ok)
}
