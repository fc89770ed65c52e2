// Waiting for a condition with a context: AfterFunc wakes every waiter, and each looks whether it is its own turn to
// go. The idea of the AfterFunc (cond) example of Go's context package, with channels in place of a mutex and a Cond.
package main

import (
	"context"
	"errors"
	"fmt"
)

// A board holds a number; who waits for a change receives from changed, which every change closes and replaces.
type board struct {
	lock    chan struct{}
	changed chan struct{}
	number  int
}

func newBoard() *board {
	return &board{lock: make(chan struct{}, 1), changed: make(chan struct{})}
}

// update changes the board under its lock and wakes everybody.
func (b *board) update(change func()) {
	b.lock <- struct{}{}
	change()
	close(b.changed)
	b.changed = make(chan struct{})
	<-b.lock
}

// waitFor returns when the number has reached n, or with the cause when ctx ends.
func (b *board) waitFor(ctx context.Context, n int, waiting chan<- struct{}) error {
	stop := context.AfterFunc(ctx, func() { b.update(func() {}) })
	defer stop()

	b.lock <- struct{}{}
	defer func() { <-b.lock }()
	for b.number < n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		changed := b.changed
		<-b.lock
		if waiting != nil {
			waiting <- struct{}{}
			waiting = nil
		}
		<-changed
		b.lock <- struct{}{}
	}
	return nil
}

func main() {
	b := newBoard()
	patient := context.Background()
	hasty, giveUp := context.WithCancelCause(patient)

	waiting := make(chan struct{})
	results := make([]chan error, 4)
	for i, ctx := range []context.Context{patient, hasty, hasty, patient} {
		results[i] = make(chan error)
		go func() { results[i] <- b.waitFor(ctx, 3, waiting) }()
	}
	for range results {
		<-waiting
	}

	giveUp(errors.New("out of patience"))
	fmt.Println("waiter 1:", <-results[1])
	fmt.Println("waiter 2:", <-results[2])

	for range 3 {
		b.update(func() { b.number++ })
	}
	fmt.Println("waiter 0:", <-results[0])
	fmt.Println("waiter 3:", <-results[3])
}
