// A blocking read made cancelable: AfterFunc interrupts it, and stop tells whether the interruption came first.
// The idea of the AfterFunc (connection) example of Go's context package, on a small connection of our own.
package main

import (
	"context"
	"errors"
	"fmt"
)

var errInterrupted = errors.New("read interrupted")

// A conn knows nothing of contexts; its read waits until data or an interruption arrives.
type conn struct {
	data      chan string
	interrupt chan struct{}
}

// read returns false when it was interrupted.
func (c *conn) read() (string, bool) {
	select {
	case s := <-c.data:
		return s, true
	case <-c.interrupt:
		return "", false
	}
}

// readContext reads from c and gives up when ctx ends. The connection stays usable.
func readContext(ctx context.Context, c *conn) (string, error) {
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.interrupt <- struct{}{}
		close(interrupted)
	})
	s, ok := c.read()
	if !stop() {
		<-interrupted
		select {
		case <-c.interrupt: // nobody was reading any more: the next read must not find it
		default:
		}
		return "", ctx.Err()
	}
	if !ok {
		return "", errInterrupted
	}
	return s, nil
}

func main() {
	c := &conn{data: make(chan string), interrupt: make(chan struct{}, 1)}

	ctx, cancel := context.WithCancel(context.Background())
	go func() { c.data <- "hello" }()
	s, err := readContext(ctx, c)
	fmt.Printf("%q %v\n", s, err)

	go cancel()
	s, err = readContext(ctx, c)
	fmt.Printf("%q %v\n", s, err)

	go func() { c.data <- "still usable" }()
	s, err = readContext(context.Background(), c)
	fmt.Printf("%q %v\n", s, err)
}
