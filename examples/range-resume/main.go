// Leaving a range over a channel neither closes it nor loses a value: the next range goes on where this one stopped.
// It ends at once on a channel that is closed and drained, and takes no value before it is asked for one.
package main

import "fmt"

func main() {
	numbers := make(chan int)
	go func() {
		for n := 1; n <= 10; n++ {
			numbers <- n
		}
		close(numbers)
	}()

	for n := range numbers {
		fmt.Println("first:", n)
		if n == 3 {
			break
		}
	}
	fmt.Println("between:", <-numbers)
	for n := range numbers {
		if n%2 == 0 {
			continue
		}
		fmt.Println("second:", n)
		if n > 6 {
			break
		}
	}
	count := 0
	for range numbers {
		count++
	}
	fmt.Println("rest:", count)
	for range numbers {
		fmt.Println("never printed")
	}

	// Two loops share one channel: together they see every value once.
	shared, sums := make(chan int, 4), make(chan int)
	for range 2 {
		go func() {
			sum := 0
			for n := range shared {
				sum += n
			}
			sums <- sum
		}()
	}
	for n := range 100 {
		shared <- n
	}
	close(shared)
	fmt.Println("sum:", <-sums+<-sums)
}
