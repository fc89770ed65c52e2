// What stop of an AfterFunc answers: true for the one call that keeps the function from running, false ever after.
// From the description of AfterFunc in Go's context package.
package main

import (
	"context"
	"fmt"
)

func main() {
	// Stopped in time: the function never runs.
	ctx, cancel := context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, func() { fmt.Println("never printed") })
	fmt.Println("first stop:", stop())
	fmt.Println("second stop:", stop())
	fmt.Println("ctx is alive:", ctx.Err() == nil)
	cancel()
	fmt.Println("stop after cancel:", stop())

	// Too late: the function runs in its own goroutine, and cancel does not wait for it.
	ctx, cancel = context.WithCancel(context.Background())
	gate := make(chan struct{})
	ran := make(chan string)
	stop = context.AfterFunc(ctx, func() {
		<-gate
		ran <- "ran once"
	})
	cancel()
	fmt.Println("stop while it runs:", stop())
	close(gate)
	fmt.Println("function:", <-ran)
	fmt.Println("stop after it ran:", stop())

	// A context that has ended already runs it at once, one that cannot end never does.
	context.AfterFunc(ctx, func() { ran <- "ran for an ended context" })
	fmt.Println("function:", <-ran)
	stop = context.AfterFunc(context.Background(), func() { fmt.Println("never printed") })
	fmt.Println("background:", stop(), stop())

	// Several functions on one context: stopping one leaves the others.
	ctx, cancel = context.WithCancel(context.Background())
	count := make(chan int)
	context.AfterFunc(ctx, func() { count <- 1 })
	stop = context.AfterFunc(ctx, func() { count <- 100 })
	context.AfterFunc(ctx, func() { count <- 1 })
	stop()
	cancel()
	fmt.Println("sum:", <-count+<-count)
}
