// A context with a timeout: first in a select, then around a slow operation that is in time once and late once.
// After the two examples of WithTimeout in Go's context package.
package main

import (
	"context"
	"fmt"
	"time"
)

const shortDuration = 1 * time.Millisecond

type Result int

func slowOperation(ctx context.Context, work time.Duration) (Result, error) {
	select {
	case <-time.After(work):
		return 42, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func slowOperationWithTimeout(ctx context.Context, work time.Duration) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel() // frees the timer if slowOperation is in time
	return slowOperation(ctx, work)
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), shortDuration)
	defer cancel()

	select {
	case <-time.After(1 * time.Second):
		fmt.Println("overslept")
	case <-ctx.Done():
		fmt.Println(ctx.Err())
	}

	for _, work := range []time.Duration{shortDuration, 1 * time.Hour} {
		result, err := slowOperationWithTimeout(context.Background(), work)
		if err != nil {
			fmt.Println("gave up:", err)
			continue
		}
		fmt.Println("in time:", result)
	}
}
