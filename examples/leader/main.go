// Leader election with a lease: whoever takes the lease leads for a while, in a term with a number. A leader who slept through
// the end of its lease still believes that it leads: the store refuses what comes with the number of an older term.
package main

import (
	"fmt"
	"sync"
	"time"
)

const lease = 20 * time.Millisecond

var (
	mu    sync.Mutex
	term  int
	until time.Time
)

func campaign() int {
	mu.Lock()
	defer mu.Unlock()
	for time.Now().Before(until) {
		left := time.Until(until)
		mu.Unlock()
		time.Sleep(left)
		mu.Lock()
	}
	until = time.Now().Add(lease)
	term++
	return term
}

func write(own int) string {
	mu.Lock()
	defer mu.Unlock()
	if own == term {
		return "written"
	}
	return "refused"
}

func main() {
	var candidates sync.WaitGroup
	first := campaign()
	fmt.Println("ann leads in term", first)
	candidates.Go(func() {
		second := campaign()
		fmt.Println("bob leads in term", second)
		fmt.Println("bob:", write(second))
	})
	time.Sleep(5 * lease) // ann's machine is busy
	candidates.Wait()
	fmt.Println("ann:", write(first))
}
