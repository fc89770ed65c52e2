// Request coalescing: three ask for the same page while it is being loaded, and it is loaded once. The first becomes the
// load, the others wait for its result; a cache alone would not help, because it is empty until the load is over.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

// A flight is a load that is under way, as in golang.org/x/sync/singleflight.
type flight struct {
	done chan struct{}
	text string
}

var (
	mu      sync.Mutex
	loads   int
	cache   = map[string]string{}
	flights = map[string]*flight{}
)

func load(page string) string {
	mu.Lock()
	loads++
	mu.Unlock()
	runtime.Gosched() // a server answers
	return "text of " + page
}

func get(page string) string {
	mu.Lock()
	if known, ok := cache[page]; ok {
		mu.Unlock()
		return known
	}
	if running, ok := flights[page]; ok {
		mu.Unlock()
		<-running.done
		return running.text
	}
	own := &flight{done: make(chan struct{})}
	flights[page] = own
	mu.Unlock()
	own.text = load(page)
	mu.Lock()
	cache[page] = own.text
	delete(flights, page)
	mu.Unlock()
	close(own.done)
	return own.text
}

func main() {
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() { get("home") })
	}
	readers.Wait()
	fmt.Println(get("home"), "after loads:", loads)
}
