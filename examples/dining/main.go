// Five philosophers, five forks, and nobody starves: a fork is a channel with one place, and everyone takes the
// lower-numbered first. Dijkstra's problem; the order of taking is what rules the deadlock out.
package main

import "fmt"

type fork chan struct{}

func philosopher(first, second fork, meals int, eaten chan<- int, id int) {
	for range meals {
		<-first
		<-second
		eaten <- id
		second <- struct{}{}
		first <- struct{}{}
	}
}

func main() {
	const n, meals = 5, 2
	forks := make([]fork, n)
	for i := range forks {
		forks[i] = make(fork, 1)
		forks[i] <- struct{}{}
	}

	eaten := make(chan int)
	for id := range n {
		left, right := id, (id+1)%n
		go philosopher(forks[min(left, right)], forks[max(left, right)], meals, eaten, id)
	}

	plates := make([]int, n)
	for range n * meals {
		plates[<-eaten]++
	}
	for id, count := range plates {
		fmt.Printf("philosopher %d ate %d times\n", id, count)
	}
}
