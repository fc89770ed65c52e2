// A cache behind a readers-writer lock: readers are inside together, a writer is alone, and while a writer waits no
// new reader gets ahead of it. Who misses looks again under the write lock, so each key is loaded once.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

type cache struct {
	mu     sync.RWMutex
	values map[int]int
	loads  int
}

func (c *cache) get(key int) int {
	c.mu.RLock()
	value, ok := c.values[key]
	c.mu.RUnlock()
	if ok {
		return value
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if value, ok := c.values[key]; ok {
		return value
	}
	c.loads++
	c.values[key] = key * key
	return key * key
}

func main() {
	c := &cache{values: map[int]int{}}
	var wg sync.WaitGroup
	sums := make([]int, 50)
	for i := range sums {
		wg.Go(func() {
			for key := range 5 {
				sums[i] += c.get(key)
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	fmt.Println("sums:", sums[0], sums[49], "loads:", c.loads)

	// Three readers meet inside.
	inside, leave := make(chan bool), make(chan bool)
	for range 3 {
		wg.Go(func() {
			c.mu.RLock()
			defer c.mu.RUnlock()
			inside <- true
			<-leave
		})
	}
	for range 3 {
		<-inside
	}
	fmt.Println("three readers inside, writer may enter:", c.mu.TryLock())

	wg.Go(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.values[7] = 49
	})
	for c.mu.TryRLock() {
		c.mu.RUnlock()
		runtime.Gosched()
	}
	fmt.Println("a writer waits, no reader may enter")
	close(leave)
	fmt.Println("read after the write:", c.get(7), "loads:", c.loads)
	wg.Wait()
}
