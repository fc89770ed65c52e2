// A barrier: nobody begins the next phase before everybody has finished this one. Arriving is a send, being released is
// a close. Each round has a gate of its own, so that a fast goroutine cannot slip through the next one.
package main

import "fmt"

type barrier struct{ arrive chan chan struct{} }

func newBarrier(n int) *barrier {
	b := &barrier{make(chan chan struct{})}
	go func() {
		for {
			var waiting []chan struct{}
			for range n {
				waiting = append(waiting, <-b.arrive)
			}
			for _, gate := range waiting {
				close(gate)
			}
		}
	}()
	return b
}

func (b *barrier) wait() {
	gate := make(chan struct{})
	b.arrive <- gate
	<-gate
}

func main() {
	const n, phases = 5, 4
	b := newBarrier(n)

	// Every round each goroutine adds up what the others wrote in the round before.
	cells := [n]int{1, 2, 3, 4, 5}
	done := make(chan struct{})
	for id := range n {
		go func() {
			for range phases {
				sum := cells[(id+1)%n] + cells[(id+n-1)%n]
				b.wait() // everybody has read
				cells[id] = sum
				b.wait() // everybody has written
			}
			done <- struct{}{}
		}()
	}
	for range n {
		<-done
	}
	for id, value := range cells {
		fmt.Printf("cell %d: %d\n", id, value)
	}
}
