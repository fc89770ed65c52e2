// A worker that shows it is alive: between results it sends pulses, and only if somebody is listening for them.
// A watchdog tells a silent worker from a slow one: when no pulse comes in time, it cancels the worker.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const interval = 2 * time.Millisecond

// work sends n squares, each when it is asked for, and a pulse every interval until then.
func work(ctx context.Context, n int) (<-chan struct{}, <-chan int) {
	pulses, results := make(chan struct{}), make(chan int)
	go func() {
		defer close(results)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for i := 1; i <= n; {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				select {
				case pulses <- struct{}{}:
				default: // nobody listens
				}
			case results <- i * i:
				i++
			}
		}
	}()
	return pulses, results
}

// stuck never sends a pulse.
func stuck(ctx context.Context) (<-chan struct{}, <-chan int) {
	results := make(chan int)
	go func() {
		defer close(results)
		<-ctx.Done()
	}()
	return make(chan struct{}), results
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pulses, results := work(ctx, 3)
	for range 3 {
		<-pulses
		fmt.Println("alive")
		fmt.Println("result", <-results)
	}
	_, more := <-results
	fmt.Println("more results:", more)

	watched, fail := context.WithCancelCause(context.Background())
	defer fail(nil)
	silence, nothing := stuck(watched)
	select {
	case <-silence:
		fmt.Println("alive")
	case <-time.After(5 * interval):
		fail(errors.New("no pulse"))
	}
	_, ok := <-nothing
	fmt.Println("more results:", ok, "because:", context.Cause(watched))
}
