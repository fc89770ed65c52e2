// Three stages: numbers, squares, and main, which adds up. While main adds one, the others are at the next.
package main

import "fmt"

func count(n int) <-chan int {
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for i := 1; i <= n; i++ {
			numbers <- i
		}
	}()
	return numbers
}

func square(numbers <-chan int) <-chan int {
	squares := make(chan int)
	go func() {
		defer close(squares)
		for n := range numbers {
			squares <- n * n
		}
	}()
	return squares
}

func main() {
	sum := 0
	for n := range square(count(4)) {
		sum += n
	}
	fmt.Println("sum of squares:", sum)
}
