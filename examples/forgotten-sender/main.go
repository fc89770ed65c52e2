// The forgotten sender, and how not to forget it: main waits for an answer only so long, and the answer comes later. Its
// channel has room for it, so that the goroutine can put it down and go.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	answer := make(chan string, 1)
	late := time.After(10 * time.Millisecond)
	var asked sync.WaitGroup
	asked.Go(func() {
		time.Sleep(50 * time.Millisecond)
		answer <- "42"
	})
	select {
	case text := <-answer:
		fmt.Println(text)
	case <-late:
		fmt.Println("no answer in time")
	}
	asked.Wait()
	fmt.Println("and nobody is left behind")
}
