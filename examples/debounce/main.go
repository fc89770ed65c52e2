// Debounce: of a burst of events only the last one counts, and only when it has been quiet for a while.
// One timer, started again with every event; until there is an event its channel never fires.
package main

import (
	"fmt"
	"time"
)

const quiet = 100 * time.Millisecond

func debounce(in <-chan string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		timer := time.NewTimer(quiet)
		timer.Stop()
		var last string
		for {
			select {
			case s, ok := <-in:
				if !ok {
					if timer.Stop() {
						out <- last + " (at the end)"
					}
					return
				}
				last = s
				timer.Reset(quiet)
			case <-timer.C:
				out <- last
			}
		}
	}()
	return out
}

func main() {
	keys := make(chan string)
	searches := debounce(keys)

	for _, text := range []string{"g", "go", "goc", "gocs", "gocsp"} {
		keys <- text
	}
	fmt.Println("search for", <-searches)

	keys <- "gocsp c"
	keys <- "gocsp chan"
	fmt.Println("search for", <-searches)

	keys <- "gocsp select"
	close(keys)
	fmt.Println("search for", <-searches)
	_, ok := <-searches
	fmt.Println("more:", ok)
}
