// A steward and his ward: the ward shows by a heartbeat that it is alive. When it falls silent, the steward cancels it, waits
// until it has gone, and starts another. The beats are only offered: a heart must not wait for somebody who listens.
package main

import (
	"context"
	"fmt"
	"time"
)

const interval = 5 * time.Millisecond

func ward(ctx context.Context, life int, beats chan<- struct{}, results chan<- int) {
	for i := 1; i <= 3; i++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(interval):
		}
		if life == 1 && i == 2 {
			<-ctx.Done() // hangs
		}
		select {
		case beats <- struct{}{}:
		default:
		}
	}
	select {
	case <-ctx.Done():
	case results <- life:
	}
}

func main() {
	results := make(chan int)
	for life := 1; ; life++ {
		fmt.Println("life", life, "begins")
		ctx, cancel := context.WithCancel(context.Background())
		beats, gone := make(chan struct{}, 1), make(chan struct{})
		go func() {
			defer close(gone)
			ward(ctx, life, beats, results)
		}()
		silent := false
		for !silent {
			select {
			case result := <-results:
				cancel()
				<-gone
				fmt.Println("done in life", result)
				return
			case <-beats:
			case <-time.After(40 * interval):
				silent = true
			}
		}
		cancel()
		<-gone
		fmt.Println("life", life, "fell silent")
	}
}
