// A bounded pool as errgroup has it: at most three at a time, results in the order of the input. The first error is
// what wait reports; it ends the context that the others watch.
package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
)

// A group is the part of errgroup.Group that is needed here.
type group struct {
	wg     sync.WaitGroup
	slots  chan struct{}
	once   sync.Once
	err    error
	cancel context.CancelCauseFunc
}

func withContext(ctx context.Context, limit int) (*group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &group{slots: make(chan struct{}, limit), cancel: cancel}, ctx
}

func (g *group) start(f func() error) {
	g.slots <- struct{}{}
	g.wg.Go(func() {
		if err := f(); err != nil {
			g.once.Do(func() {
				g.err = err
				g.cancel(err)
			})
		}
		<-g.slots
	})
}

func (g *group) wait() error {
	g.wg.Wait()
	g.cancel(g.err)
	return g.err
}

func squares(ctx context.Context, inputs []string) ([]int, error) {
	g, ctx := withContext(ctx, 3)
	results := make([]int, len(inputs))
	failed := -1
	var active, most atomic.Int32
	for i, input := range inputs {
		g.start(func() error {
			if n := active.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer active.Add(-1)
			n, err := strconv.Atoi(input)
			if err != nil {
				failed = i
				return fmt.Errorf("job %d: %q is no number", i, input)
			}
			if input == "0" {
				<-ctx.Done()
				return ctx.Err()
			}
			results[i] = n * n
			return nil
		})
	}
	err := g.wait()
	fmt.Println("never more than three:", most.Load() <= 3)
	if err != nil {
		fmt.Println("the cause is the error:", context.Cause(ctx) == err)
		fmt.Println("canceled:", errors.Is(ctx.Err(), context.Canceled))
		return results[:failed], err
	}
	return results, nil
}

func main() {
	fmt.Println(squares(context.Background(), []string{"3", "1", "4", "1", "5", "9", "2", "6", "5", "3"}))
	// A zero waits until the context ends.
	fmt.Println(squares(context.Background(), []string{"2", "7", "1", "x", "0", "0", "0"}))
}
