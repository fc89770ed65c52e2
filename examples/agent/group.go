package main

import (
	"context"
	"sync"
)

// A group of goroutines, as in golang.org/x/sync/errgroup: the first error ends the others, and their number is limited.
type group struct {
	wg     sync.WaitGroup
	once   sync.Once
	err    error
	slots  chan struct{}
	cancel context.CancelFunc
}

func withContext(ctx context.Context, limit int) (*group, context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	return &group{slots: make(chan struct{}, limit), cancel: cancel}, ctx
}

func (g *group) run(f func() error) {
	g.slots <- struct{}{}
	g.wg.Go(func() {
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err; g.cancel() })
		}
		<-g.slots
	})
}

func (g *group) wait() error {
	g.wg.Wait()
	g.cancel()
	return g.err
}

// A budget is a weighted semaphore, as in golang.org/x/sync/semaphore, except for the order of the waiters.
type budget struct {
	mu      sync.Mutex
	n       int
	changed chan struct{}
}

func newBudget(n int) *budget { return &budget{n: n, changed: make(chan struct{})} }

func (b *budget) acquire(ctx context.Context, n int) error {
	for {
		b.mu.Lock()
		enough, changed := n <= b.n, b.changed
		if enough {
			b.n -= n
		}
		b.mu.Unlock()
		if enough {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (b *budget) release(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n += n
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *budget) left() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.n
}
