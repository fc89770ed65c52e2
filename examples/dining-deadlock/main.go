// Five philosophers who all take the left fork first, and wait until everyone has one: nobody will ever get the right
// one. The program is told so and ends with status 2; the report names each of the locks that are waited for.
package main

import (
	"fmt"
	"sync"
)

func main() {
	const n = 5
	forks := make([]sync.Mutex, n)
	var seated sync.WaitGroup
	seated.Add(n)
	eaten := make(chan int)
	for id := range n {
		left, right := &forks[id], &forks[(id+1)%n]
		go func() {
			left.Lock()
			defer left.Unlock()
			seated.Done()
			seated.Wait()
			right.Lock()
			defer right.Unlock()
			eaten <- id
		}()
	}
	seated.Wait()
	fmt.Println("everyone has a left fork")
	fmt.Println("philosopher", <-eaten, "has eaten")
}
