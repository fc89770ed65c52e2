// Jobs that are delivered until they are done: one fails and is tried again, one is canceled while it runs, one is no use.
// The queue is in memory, see queue.go; river and asynq have it in PostgreSQL and in Redis.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func main() {
	ctx := context.Background()
	jobs := newQueue(3, time.Millisecond)

	for _, name := range []string{"fine", "flaky", "endless", "broken"} {
		jobs.send(name)
	}

	begun := make(chan string, 1)
	working, stop := context.WithCancel(ctx)
	left := 4
	handled := jobs.handle(working, func(ctx context.Context, name string, attempt int) error {
		fmt.Printf("%s: attempt %d\n", name, attempt)
		if name == "flaky" && attempt == 1 {
			return errors.New("no luck")
		}
		var err error
		if name == "endless" {
			begun <- name
			<-ctx.Done()
			fmt.Printf("%s: topic: %v\n", name, context.Cause(ctx))
			err = ctx.Err()
		} else if name == "broken" {
			err = rejected("it is no image")
		}
		// What is canceled or rejected is not tried again.
		if left--; left == 0 {
			stop()
		}
		return err
	})

	<-begun
	jobs.cancel("endless", "the user closed the tab")
	<-handled

	for _, d := range jobs.dead {
		fmt.Printf("dead: %s: %s\n", d.id, d.reason)
	}
}
