// A replicated search: the same question to three replicas. The first that knows wins, and the context calls off the rest.
// A replica that fails is counted, not believed: the search fails only if all do.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type reply struct {
	answer string
	err    error
}

func ask(ctx context.Context, replica string) (string, error) {
	if replica == "berlin" {
		return "", errors.New("berlin is down")
	}
	work := 1 * time.Hour
	if replica == "oslo" {
		work = 1 * time.Millisecond
	}
	select {
	case <-time.After(work):
		return "answer from " + replica, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func search(parent context.Context, replicas []string) (string, error) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	replies := make(chan reply, len(replicas))
	for _, replica := range replicas {
		go func() {
			answer, err := ask(ctx, replica)
			replies <- reply{answer, err}
		}()
	}
	var failed error
	for range replicas {
		r := <-replies
		if r.err == nil {
			return r.answer, nil
		}
		failed = r.err
	}
	return "", fmt.Errorf("nobody knows: %w", failed)
}

func main() {
	answer, err := search(context.Background(), []string{"berlin", "oslo", "rome"})
	if err != nil {
		panic(err)
	}
	fmt.Println(answer)
}
