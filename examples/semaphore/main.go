// A buffered channel as a counting semaphore: its capacity is how many may be inside at once.
// To send is to enter, to receive is to leave; trying to enter is a select with a default.
package main

import "fmt"

func main() {
	const limit, visitors = 2, 5
	sem := make(chan struct{}, limit)

	most := make(chan int, visitors)
	for range visitors {
		go func() {
			sem <- struct{}{}
			defer func() { <-sem }()
			most <- len(sem)
		}()
	}
	peak := 0
	for range visitors {
		peak = max(peak, <-most)
	}
	fmt.Println("never more than two inside:", peak <= limit)

	// Whoever fills the semaphore knows that everybody else has left.
	for range limit {
		sem <- struct{}{}
	}
	select {
	case sem <- struct{}{}:
		fmt.Println("one too many")
	default:
		fmt.Println("full")
	}
	<-sem
	select {
	case sem <- struct{}{}:
		fmt.Println("one more")
	default:
		fmt.Println("full")
	}
}
