// A pipeline of three stages whose consumer stops early: the context tells every stage to end, and none of them leaks.
// The classical shape: each stage owns its output channel, closes it when it is done, and never sends without looking
// at ctx.
package main

import (
	"context"
	"fmt"
)

var ended = make(chan string)

func count(ctx context.Context) <-chan int {
	out := make(chan int)
	go func() {
		defer func() { ended <- "count" }()
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

// mapped applies f to everything that comes in.
func mapped(ctx context.Context, name string, in <-chan int, f func(int) int) <-chan int {
	out := make(chan int)
	go func() {
		defer func() { ended <- name }()
		defer close(out)
		for n := range in {
			select {
			case out <- f(n):
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

	squares := mapped(ctx, "square", count(ctx), func(n int) int { return n * n })
	for n := range mapped(ctx, "half", squares, func(n int) int { return n / 2 }) {
		if n > 50 {
			break
		}
		fmt.Println(n)
	}

	cancel()
	stages := map[string]bool{}
	for range 3 {
		stages[<-ended] = true
	}
	fmt.Println("ended:", stages["count"], stages["square"], stages["half"])
}
