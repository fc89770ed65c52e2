// Every misuse that panics, and the exact text of each; a panic that is recovered harms nobody else.
// In TypeScript a panic is a thrown PanicError and recover is catch.
package main

import (
	"context"
	"fmt"
	"time"
)

func try(what string, f func()) {
	defer func() { fmt.Printf("%s: %v\n", what, recover()) }()
	f()
}

// use makes a value count as used.
func use(...any) {}

type key struct{}

// broken says it is done and cannot say why.
type broken struct{ context.Context }

func (broken) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

func main() {
	closed := make(chan int)
	close(closed)
	try("send", func() { closed <- 1 })
	try("close again", func() { close(closed) })
	try("send in a select", func() {
		select {
		case closed <- 1:
		case <-make(chan int):
		}
	})
	try("send in a select with default", func() {
		select {
		case closed <- 1:
		default:
		}
	})
	try("close nil", func() {
		var none chan int
		close(none)
	})
	size := -1
	try("negative size", func() { _ = make(chan int, size) })

	var none context.Context
	try("WithCancel", func() { use(context.WithCancel(none)) })
	try("WithCancelCause", func() { context.WithCancelCause(none) })
	try("WithDeadline", func() { use(context.WithDeadline(none, time.Now())) })
	try("WithTimeout", func() { use(context.WithTimeout(none, time.Second)) })
	try("WithValue", func() { use(context.WithValue(none, key{}, 1)) })
	try("WithoutCancel", func() { context.WithoutCancel(none) })
	try("no key", func() { use(context.WithValue(context.Background(), nil, 1)) })
	try("no error", func() { use(context.WithCancel(broken{context.Background()})) })

	try("NewTicker", func() { time.NewTicker(0) })
	ticker := time.NewTicker(1 * time.Hour)
	try("Ticker.Reset", func() { ticker.Reset(-1 * time.Second) })

	try("nothing", func() {})
	fmt.Println("still running")
}
