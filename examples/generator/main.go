// A generator that does not leak: when the context ends, its goroutine ends too, and proves it.
// After the example of WithCancel in Go's context package.
package main

import (
	"context"
	"fmt"
)

func main() {
	ended := make(chan struct{})

	gen := func(ctx context.Context) <-chan int {
		dst := make(chan int)
		n := 1
		go func() {
			defer close(ended)
			for {
				select {
				case <-ctx.Done():
					return
				case dst <- n:
					n++
				}
			}
		}()
		return dst
	}

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	for n := range gen(ctx) {
		fmt.Println(n)
		if n == 5 {
			break
		}
	}

	cancel()
	<-ended
	fmt.Println("generator ended")
}
