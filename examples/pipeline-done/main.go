// A pipeline whose reader stops early: every stage sends in a select with ctx.Done(), so the end of the context ends all.
// Each stage owns its output and closes it; main waits until both have gone.
package main

import (
	"context"
	"fmt"
	"sync"
)

var stages sync.WaitGroup

func count(ctx context.Context) <-chan int {
	out := make(chan int)
	stages.Go(func() {
		defer close(out)
		for n := 1; ; n++ {
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
	})
	return out
}

func square(ctx context.Context, input <-chan int) <-chan int {
	out := make(chan int)
	stages.Go(func() {
		defer close(out)
		for n := range input {
			select {
			case out <- n * n:
			case <-ctx.Done():
				return
			}
		}
	})
	return out
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	squares := square(ctx, count(ctx))
	for range 2 {
		fmt.Println(<-squares)
	}
	cancel()
	stages.Wait()
	fmt.Println("both stages have ended")
}
