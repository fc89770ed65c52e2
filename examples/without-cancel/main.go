// WithoutCancel: what has to be finished after the request is over keeps the request's values, but not its end.
// A log entry is written on behalf of a canceled request, with a deadline of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type requestID struct{}

func writeLog(ctx context.Context, line string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 1*time.Hour)
	defer cancel()
	if err := ctx.Err(); err != nil {
		return err
	}
	fmt.Printf("[%v] %s\n", ctx.Value(requestID{}), line)
	return nil
}

func main() {
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), requestID{}, "r-17"))
	detached := context.WithoutCancel(ctx)
	cancel(errors.New("client went away"))

	fmt.Println("request:", ctx.Err(), "/", context.Cause(ctx), "/", ctx.Value(requestID{}))
	fmt.Println("detached:", detached.Err(), "/", context.Cause(detached), "/", detached.Value(requestID{}))
	_, hasDeadline := detached.Deadline()
	fmt.Println("detached has a done channel, a deadline:", detached.Done() != nil, hasDeadline)
	fmt.Println("log:", writeLog(ctx, "canceled by its client"))

	// What is derived from it can end again, for reasons of its own.
	below, cancelBelow := context.WithCancelCause(detached)
	cancelBelow(errors.New("second thoughts"))
	fmt.Println("below:", below.Err(), "/", context.Cause(below))
	fmt.Println("detached:", detached.Err())

	// It never ends, so a function to be called at its end is never called.
	stop := context.AfterFunc(detached, func() { fmt.Println("never printed") })
	fmt.Println("stop:", stop(), stop())
}
