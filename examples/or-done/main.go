// Or-done: a channel that follows another one until that is closed or the context ends, so that a plain range can be
// left by cancel. The goroutine in between takes over the select that every consumer would have to write.
package main

import (
	"context"
	"fmt"
)

func orDone(ctx context.Context, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for {
			select {
			case <-ctx.Done():
				return
			case n, ok := <-in:
				if !ok {
					return
				}
				select {
				case out <- n:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return out
}

func main() {
	// The source is closed: the range ends by itself.
	source := make(chan int, 3)
	for n := range 3 {
		source <- n
	}
	close(source)
	for n := range orDone(context.Background(), source) {
		fmt.Println("from the source:", n)
	}

	// The source falls silent for ever: the context ends the range.
	source = make(chan int, 3)
	for n := range 3 {
		source <- n
	}
	ctx, cancel := context.WithCancel(context.Background())
	for n := range orDone(ctx, source) {
		fmt.Println("from a silent source:", n)
		if n == 2 {
			cancel()
		}
	}
	fmt.Println(ctx.Err())
}
