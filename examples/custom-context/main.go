// Contexts of one's own: one that embeds another and changes a value, one with its own end, one with its own AfterFunc.
// What is derived from them follows them, not what they are made of.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type userKey struct{}

// renamed answers one key itself and leaves the rest to the context inside.
type renamed struct {
	context.Context
	user string
}

func (r renamed) Value(key any) any {
	if key == (userKey{}) {
		return r.user
	}
	return r.Context.Value(key)
}

var errClosing = errors.New("shop is closing")

// shop is a context that ends when it closes, with an error of its own.
type shop struct {
	context.Context
	done chan struct{}
	err  error
}

func (s *shop) Done() <-chan struct{} { return s.done }
func (s *shop) Err() error            { return s.err }
func (s *shop) Close()                { s.err = errClosing; close(s.done) }

// registry knows by itself whom to tell: whoever derives from it registers through its AfterFunc.
type registry struct {
	shop
	calls      map[int]func()
	registered int
}

func (r *registry) AfterFunc(f func()) func() bool {
	id := r.registered
	r.registered++
	r.calls[id] = f
	return func() bool {
		_, found := r.calls[id]
		delete(r.calls, id)
		return found
	}
}

func (r *registry) Close() {
	r.shop.Close()
	for _, f := range r.calls {
		f()
	}
	clear(r.calls)
}

func main() {
	// An embedded context: its end reaches the derived context before cancel returns.
	inner, cancel := context.WithCancelCause(context.WithValue(context.Background(), userKey{}, "root"))
	wrapped := renamed{inner, "gopher"}
	child, cancelChild := context.WithCancel(wrapped)
	defer cancelChild()
	fmt.Println("values:", inner.Value(userKey{}), wrapped.Value(userKey{}), child.Value(userKey{}))
	cancel(errors.New("because"))
	fmt.Println("child:", child.Err(), "/", context.Cause(child))

	// A context with its own channel: its child hears of the end from a goroutine, and takes over whatever the error is.
	outer, cancelOuter := context.WithCancel(context.Background())
	own := &shop{Context: outer, done: make(chan struct{})}
	child, cancelChild = context.WithCancel(own)
	defer cancelChild()
	cancelOuter()
	fmt.Println("own is alive:", own.Err() == nil, child.Err() == nil)
	own.Close()
	<-child.Done()
	fmt.Println("child:", child.Err())

	// So does a child with a deadline, and the error is its cause.
	own = &shop{Context: context.Background(), done: make(chan struct{})}
	child, cancelChild = context.WithTimeout(own, 1*time.Hour)
	defer cancelChild()
	own.Close()
	<-child.Done()
	fmt.Println("child:", child.Err(), "/", context.Cause(child), "is errClosing:", errors.Is(child.Err(), errClosing))

	// Canceling a child with a cause leaves the parent alone.
	own = &shop{Context: context.Background(), done: make(chan struct{})}
	child, fail := context.WithCancelCause(own)
	fail(errors.New("only the child"))
	fmt.Println("child:", child.Err(), "/", context.Cause(child), "parent is alive:", own.Err() == nil)

	// A context with its own AfterFunc: one registration per child, taken back when the child is canceled first.
	reg := &registry{shop: shop{Context: context.Background(), done: make(chan struct{})}, calls: map[int]func(){}}
	a, cancelA := context.WithCancel(reg)
	b, cancelB := context.WithCancel(context.WithValue(reg, userKey{}, "b"))
	defer cancelB()
	stop := context.AfterFunc(reg, func() { fmt.Println("never printed") })
	fmt.Println("registered:", reg.registered, "waiting:", len(reg.calls))
	cancelA()
	fmt.Println("stop:", stop())
	fmt.Println("registered:", reg.registered, "waiting:", len(reg.calls))
	reg.Close()
	<-b.Done() // a value context in between hides the AfterFunc: b hears of the end from a goroutine
	fmt.Println("a:", a.Err(), "b:", b.Err())
}
