// A pipeline in which the last stage fails: its error ends the context, and every stage before it leaves with the
// context's error instead of waiting for ever to hand on what nobody takes.
package main

import (
	"context"
	"fmt"
	"sync"
)

func source(ctx context.Context, out chan<- int) error {
	defer close(out)
	for n := 1; ; n++ {
		select {
		case out <- n:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func square(ctx context.Context, in <-chan int, out chan<- int) error {
	defer close(out)
	for n := range in {
		select {
		case out <- n * n:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func sum(in <-chan int, most int) error {
	total := 0
	for n := range in {
		total += n
		if total > most {
			return fmt.Errorf("sum: %d is more than %d", total, most)
		}
		fmt.Println("sum", total)
	}
	return nil
}

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	numbers, squares := make(chan int), make(chan int)
	stages := []func() error{
		func() error { return source(ctx, numbers) },
		func() error { return square(ctx, numbers, squares) },
		func() error { return sum(squares, 100) },
	}

	errs := make([]error, len(stages))
	var wg sync.WaitGroup
	for i, stage := range stages {
		wg.Go(func() {
			errs[i] = stage()
			if errs[i] != nil {
				cancel(errs[i])
			}
		})
	}
	wg.Wait()
	fmt.Println("source:", errs[0])
	// The channel may be closed before the square stage sees that the context has ended.
	fmt.Println("square:", errs[1] == nil || errs[1] == context.Canceled)
	fmt.Println(errs[2])
	fmt.Println("cause:", context.Cause(ctx))
}
