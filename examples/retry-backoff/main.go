// Retry with a pause that doubles, under a context: it stops at the first success, at an error that no retry can
// mend, when the context ends during a pause, and the error it gives up with says why.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	errBusy   = errors.New("busy")
	errDenied = errors.New("denied")
)

func retry(ctx context.Context, pause time.Duration, f func(attempt int) error) error {
	for attempt := 1; ; attempt++ {
		err := f(attempt)
		if !errors.Is(err, errBusy) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up after %d: %w", attempt, errors.Join(ctx.Err(), err))
		case <-time.After(pause):
			pause *= 2
		}
	}
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())

	start := time.Now()
	err := retry(ctx, 2*time.Millisecond, func(attempt int) error {
		fmt.Println("attempt", attempt)
		if attempt < 4 {
			return errBusy
		}
		return nil
	})
	fmt.Println("succeeded:", err == nil)
	fmt.Println("paused 2, 4 and 8 ms:", time.Since(start) >= 14*time.Millisecond)

	err = retry(ctx, time.Hour, func(int) error { return fmt.Errorf("access: %w", errDenied) })
	fmt.Println(err, errors.Is(err, errDenied))

	hurried, cancelHurried := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancelHurried()
	err = retry(hurried, time.Hour, func(int) error { return errBusy })
	fmt.Printf("%q\n", err)
	fmt.Println(errors.Is(err, context.DeadlineExceeded), errors.Is(err, errBusy))

	err = retry(ctx, 5*time.Millisecond, func(attempt int) error {
		if attempt == 3 {
			cancel()
		}
		return errBusy
	})
	fmt.Println(errors.Is(err, context.Canceled), errors.Is(err, errBusy))
}
