// Errors that wrap others: which of them is it, what kind is in there, and several joined into one.
// A function that gives up because of its context says so in its own words and wraps the context's error.
package main

import (
	"context"
	"errors"
	"fmt"
)

// A statusError carries a code with the error.
type statusError struct{ code int }

func (e *statusError) Error() string { return fmt.Sprint("status ", e.code) }

func load(ctx context.Context, page string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("loading %s: %w", page, err)
	}
	return fmt.Errorf("loading %s: %w", page, &statusError{404})
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	missing := load(ctx, "index")
	cancel()
	abandoned := load(ctx, "news")

	fmt.Println(missing)
	fmt.Println(abandoned)
	fmt.Println("canceled:", errors.Is(missing, context.Canceled), errors.Is(abandoned, context.Canceled))
	fmt.Println("late:", errors.Is(abandoned, context.DeadlineExceeded))
	fmt.Println("itself:", errors.Is(abandoned, abandoned), "nothing:", errors.Is(nil, context.Canceled))
	fmt.Println("unwrapped is canceled:", errors.Unwrap(abandoned) == context.Canceled)

	var status *statusError
	if errors.As(missing, &status) {
		fmt.Println("code:", status.code)
	}
	fmt.Println("abandoned has a code:", errors.As(abandoned, &status))

	both := errors.Join(missing, nil, abandoned)
	fmt.Println(both)
	fmt.Println("canceled:", errors.Is(both, context.Canceled), "has a code:", errors.As(both, &status))
	fmt.Println("unwrapped:", errors.Unwrap(both) == nil, "joined nothing:", errors.Join(nil, nil) == nil)

	// A deadline is an error of its own kind, and knows that it is a timeout.
	var timeout interface{ Timeout() bool }
	fmt.Println("timeout:", errors.As(context.DeadlineExceeded, &timeout) && timeout.Timeout())
	fmt.Println("timeout:", errors.As(context.Canceled, &timeout))
}
