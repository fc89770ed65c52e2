// An errgroup: three pages are loaded beside each other, the first error ends the context of the others, and wait returns it.
// The caller reads one error, and knows that nobody is at work any more.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A group is as much of golang.org/x/sync/errgroup as this needs.
type group struct {
	wg     sync.WaitGroup
	once   sync.Once
	err    error
	cancel context.CancelFunc
}

func withContext(parent context.Context) (*group, context.Context) {
	ctx, cancel := context.WithCancel(parent)
	return &group{cancel: cancel}, ctx
}

func (g *group) Go(f func() error) {
	g.wg.Go(func() {
		if err := f(); err != nil {
			g.once.Do(func() {
				g.err = err
				g.cancel()
			})
		}
	})
}

func (g *group) Wait() error {
	g.wg.Wait()
	g.cancel()
	return g.err
}

var calledOff atomic.Int32

func load(ctx context.Context, page string) error {
	if page == "b" {
		return errors.New("page b is down")
	}
	select {
	case <-time.After(1 * time.Hour):
		return nil
	case <-ctx.Done():
		calledOff.Add(1)
		return ctx.Err()
	}
}

func main() {
	g, ctx := withContext(context.Background())
	for _, page := range []string{"a", "b", "c"} {
		g.Go(func() error { return load(ctx, page) })
	}
	if err := g.Wait(); err != nil {
		fmt.Println("failed:", err)
	}
	fmt.Println("called off:", calledOff.Load())
}
