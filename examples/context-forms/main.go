// Operations that give up when their context ends. In Go each is a select that returns ctx.Err() as an error;
// in TypeScript the operation takes the context along and throws it.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func receive(ctx context.Context, ch <-chan int) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case n := <-ch:
		return n, nil
	}
}

func send(ctx context.Context, ch chan<- int, n int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case ch <- n:
		return nil
	}
}

func sum(ctx context.Context, ch <-chan int) (int, error) {
	total := 0
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		select {
		case <-ctx.Done():
			return total, ctx.Err()
		case n, ok := <-ch:
			if !ok {
				return total, nil
			}
			total += n
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

func main() {
	background := context.Background()
	ctx, cancel := context.WithCancel(background)

	// In time.
	ch := make(chan int, 3)
	fmt.Println("send:", send(ctx, ch, 1))
	n, err := receive(ctx, ch)
	fmt.Println("receive:", n, err)
	fmt.Println("sleep:", sleep(ctx, 1*time.Millisecond))

	// The context ends while they wait.
	empty, full := make(chan int), make(chan int)
	errs := make(chan error)
	go func() { _, err := receive(ctx, empty); errs <- err }()
	go func() { errs <- send(ctx, full, 2) }()
	go func() { _, err := sum(ctx, empty); errs <- err }()
	go func() { errs <- sleep(ctx, 1*time.Hour) }()
	cancel()
	for range 4 {
		fmt.Println("gave up:", errors.Is(<-errs, context.Canceled))
	}

	// Nothing is lost and nothing is sent afterwards: the context comes first, even before what is ready.
	ch <- 3
	n, err = receive(ctx, ch)
	fmt.Println("receive:", n, err, "still there:", len(ch))
	fmt.Println("send:", send(ctx, ch, 4), "still alone:", len(ch))

	// A range with a context: to the end, and cut off in the middle.
	ch <- 4
	close(ch)
	n, err = sum(background, ch)
	fmt.Println("sum:", n, err)

	endless := make(chan int)
	ctx, cancel = context.WithCancel(background)
	go func() {
		for n := range 11 {
			endless <- n
		}
		cancel()
	}()
	n, err = sum(ctx, endless)
	fmt.Println("sum:", n, err)
}
