// A subscription to a feed: one goroutine owns all its state, and its select has everything that can happen: it is time to
// fetch, somebody takes the next item, it is closed. A nil channel takes no part, so nothing is sent while nothing is there.
package main

import (
	"fmt"
	"time"
)

func subscribe(fetch func() []string) (<-chan string, chan<- chan struct{}) {
	updates, closing := make(chan string), make(chan chan struct{})
	go func() {
		var pending []string
		due := time.After(0)
		for {
			var first string
			var out chan<- string
			if len(pending) > 0 {
				first, out = pending[0], updates
			}
			select {
			case <-due:
				pending = append(pending, fetch()...)
				due = time.After(10 * time.Millisecond)
			case out <- first:
				pending = pending[1:]
			case closed := <-closing:
				closed <- struct{}{}
				return
			}
		}
	}()
	return updates, closing
}

func main() {
	day := 0
	updates, closing := subscribe(func() []string {
		day++
		return []string{fmt.Sprintf("news of day %d", day), fmt.Sprintf("weather of day %d", day)}
	})
	for range 3 {
		fmt.Println(<-updates)
	}
	closed := make(chan struct{})
	closing <- closed
	<-closed
	fmt.Println("closed")
}
