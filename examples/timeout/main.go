// A limit for the whole conversation: time.After is made once, outside the loop, so every turn draws on the same time.
// When it is up, the context tells the talker to stop.
package main

import (
	"context"
	"fmt"
	"time"
)

func talk(ctx context.Context) <-chan string {
	words := make(chan string)
	go func() {
		defer close(words)
		for {
			select {
			case words <- "bla":
			case <-ctx.Done():
				return
			}
			time.Sleep(30 * time.Millisecond)
		}
	}()
	return words
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	words := talk(ctx)
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
	for range words {
	}
	fmt.Println("the talker has stopped")
}
