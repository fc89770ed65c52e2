// The same question to three servers: the first answer wins, and the context calls the others off.
// The answer channel has room for all of them, so that nobody who comes too late is left standing.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func server(name string, delay time.Duration) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		select {
		case <-time.After(delay):
			return "answer from " + name, nil
		case <-ctx.Done():
			return "", fmt.Errorf("%s was called off: %w", name, context.Cause(ctx))
		}
	}
}

var errAnswered = errors.New("somebody has answered")

type outcome struct {
	index  int
	answer string
	err    error
}

func main() {
	servers := []func(context.Context) (string, error){
		server("berlin", 1*time.Hour),
		server("oslo", 1*time.Millisecond),
		server("rome", 1*time.Hour),
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)

	outcomes := make(chan outcome, len(servers))
	for i, ask := range servers {
		go func() {
			answer, err := ask(ctx)
			outcomes <- outcome{i, answer, err}
		}()
	}
	first := <-outcomes
	fmt.Println(first.answer)

	cancel(errAnswered)
	errs := make([]error, len(servers))
	for range len(servers) - 1 {
		o := <-outcomes
		errs[o.index] = o.err
	}
	fmt.Println(errors.Join(errs...))
	fmt.Println("all for the same reason:", errors.Is(errs[0], errAnswered) && errors.Is(errs[2], errAnswered))
}
