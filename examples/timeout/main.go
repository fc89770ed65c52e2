// A limit for the whole conversation: time.After is made once, outside the loop, so every turn draws on the same time.
// When it is up, the context tells the talker to stop, and main waits until he has.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func talk(ctx context.Context, words chan<- string) {
	for {
		select {
		case words <- "bla":
		case <-ctx.Done():
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	words := make(chan string)
	var talker sync.WaitGroup
	talker.Go(func() { talk(ctx, words) })
	fmt.Println(<-words)
	enough := time.After(100 * time.Millisecond)
	for listening := true; listening; {
		select {
		case <-words:
		case <-enough:
			listening = false
		}
	}
	fmt.Println("enough")
	cancel()
	talker.Wait()
	fmt.Println("the talker has stopped")
}
