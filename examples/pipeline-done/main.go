// A pipeline whose reader stops early: every stage sends in a select with ctx.Done(), so the end of the context ends all.
// Each stage owns its output and closes it; that the last one is closed shows that the stages have gone.
package main

import (
	"context"
	"fmt"
)

func count(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := 1; ; n++ {
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func square(ctx context.Context, input <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range input {
			select {
			case out <- n * n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	squares := square(ctx, count(ctx))
	for range 3 {
		fmt.Println(<-squares)
	}
	cancel()
	for range squares {
	}
	fmt.Println("the pipeline has ended")
}
