// Three parts of a page. One cannot be loaded: the others are called off at once, and wait returns what went wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

func load(ctx context.Context, part string, takes time.Duration) error {
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		fmt.Println(part, "is called off")
		return ctx.Err()
	}
	if part == "images" {
		return errors.New("there are no images")
	}
	fmt.Println(part, "is loaded")
	return nil
}

func main() {
	parts, ctx := withContext(context.Background())
	parts.Go(func() error { return load(ctx, "text", 10*time.Millisecond) })
	parts.Go(func() error { return load(ctx, "images", 20*time.Millisecond) })
	parts.Go(func() error { return load(ctx, "comments", 1*time.Minute) })
	if err := parts.Wait(); err != nil {
		fmt.Println("the page failed:", err)
	}
}

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
