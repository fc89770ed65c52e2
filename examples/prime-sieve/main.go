// A prime sieve: every prime found adds a goroutine that drops its multiples, and the end of the context ends them all.
// The best-known program for channels; its idea is from Hoare's paper on communicating sequential processes (1978).
package main

import (
	"context"
	"fmt"
)

const count = 25

var ended = make(chan struct{})

// numbers sends 2, 3, 4, ... until ctx ends.
func numbers(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		for n := 2; ; n++ {
			select {
			case <-ctx.Done():
				ended <- struct{}{}
				return
			case out <- n:
			}
		}
	}()
	return out
}

// sift passes on what prime does not divide.
func sift(ctx context.Context, in <-chan int, prime int) <-chan int {
	out := make(chan int)
	go func() {
		source, sink := in, (chan int)(nil) // one of them is nil: the filter either takes or gives
		n := 0
		for {
			select {
			case <-ctx.Done():
				ended <- struct{}{}
				return
			case n = <-source:
				if n%prime != 0 {
					source, sink = nil, out
				}
			case sink <- n:
				source, sink = in, nil
			}
		}
	}()
	return out
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	ch := numbers(ctx)
	for range count {
		prime := <-ch
		fmt.Println(prime)
		ch = sift(ctx, ch, prime)
	}

	cancel()
	for range count + 1 {
		<-ended
	}
	fmt.Println("all goroutines ended")
}
