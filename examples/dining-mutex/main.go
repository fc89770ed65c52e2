// Five philosophers whose forks are mutexes. Everyone takes the lower-numbered fork first, so that there is always one
// who can eat; dining-deadlock shows what happens if everyone takes the left one first.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	const n, meals = 5, 20
	forks := make([]sync.Mutex, n)
	plates := make([]int, n)
	neighbours := false
	eating := make([]bool, n)
	var table sync.Mutex
	var wg sync.WaitGroup
	for id := range n {
		left, right := id, (id+1)%n
		first, second := &forks[min(left, right)], &forks[max(left, right)]
		wg.Go(func() {
			for range meals {
				first.Lock()
				second.Lock()
				table.Lock()
				eating[id] = true
				neighbours = neighbours || eating[(id+1)%n] || eating[(id+n-1)%n]
				table.Unlock()
				runtime.Gosched()
				plates[id]++
				table.Lock()
				eating[id] = false
				table.Unlock()
				second.Unlock()
				first.Unlock()
			}
		})
	}
	wg.Wait()
	for id, count := range plates {
		fmt.Printf("philosopher %d ate %d times\n", id, count)
	}
	fmt.Println("neighbours ate at the same time:", neighbours)
}
