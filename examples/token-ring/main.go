// A thousand goroutines in a ring elect the one with the largest number: each passes on what is larger than itself, and
// its own when it returns. The election of Chang and Roberts; messages meet only where a channel has a place for them.
package main

import "fmt"

func node(id int, in <-chan int, out chan<- int, elected chan<- int) {
	out <- id
	for n := range in {
		switch {
		case n > id:
			out <- n
		case n == id:
			elected <- id
			return
		}
	}
}

func main() {
	const size = 1000
	first := make(chan int, size)
	elected := make(chan int)
	in := first
	for i := range size {
		out := make(chan int, size)
		if i == size-1 {
			out = first
		}
		go node((i*617+1)%1009, in, out, elected) // 617 and 1009 are prime: all numbers are different
		in = out
	}
	fmt.Println("elected:", <-elected)

	// Then a token goes round the ring three times, with a place for one token only.
	ring := make([]chan int, size)
	for i := range ring {
		ring[i] = make(chan int)
	}
	home := make(chan int)
	for i := range ring {
		go func() {
			for hops := range ring[i] {
				if hops == 3*size {
					home <- i
					return
				}
				ring[(i+1)%size] <- hops + 1
			}
		}()
	}
	ring[7] <- 0
	fmt.Println("the token came home to:", <-home)
}
