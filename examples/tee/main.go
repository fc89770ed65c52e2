// Tee: one channel becomes two, and every value goes to both before the next one is taken. A channel that has got its
// value turns nil for the rest of the round, so that the faster reader does not get it twice.
package main

import "fmt"

func tee(in <-chan int) (<-chan int, <-chan int) {
	a, b := make(chan int), make(chan int)
	go func() {
		defer close(a)
		defer close(b)
		for n := range in {
			toA, toB := a, b
			for range 2 {
				select {
				case toA <- n:
					toA = nil
				case toB <- n:
					toB = nil
				}
			}
		}
	}()
	return a, b
}

func main() {
	in := make(chan int)
	go func() {
		defer close(in)
		for n := range 5 {
			in <- n
		}
	}()

	a, b := tee(in)
	for n := range a {
		fmt.Println(n, <-b)
	}
	_, ok := <-b
	fmt.Println("b has more:", ok)
}
