// Why a context ended: the cause in all orders of parent and child, with and without a cause of one's own, and with
// timeouts. The rules of WithCancelCause in Go's context package: the first end counts, and what ends a parent ends its
// children.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	parentCause = errors.New("parent's cause")
	childCause  = errors.New("child's cause")
	late        = errors.New("too late")
)

type userKey struct{}

// A maker derives a context; the returned function cancels it, with the given cause if its kind takes one.
type maker func(context.Context) (context.Context, func(error))

func plain(parent context.Context) (context.Context, func(error)) {
	ctx, cancel := context.WithCancel(parent)
	return ctx, func(error) { cancel() }
}

func withCause(parent context.Context) (context.Context, func(error)) {
	ctx, cancel := context.WithCancelCause(parent)
	return ctx, func(cause error) { cancel(cause) }
}

func main() {
	makers := []struct {
		name string
		make maker
	}{{"WithCancel", plain}, {"WithCancelCause", withCause}}

	for _, outer := range makers {
		for _, inner := range makers {
			parent, cancelParent := outer.make(context.Background())
			child, cancelChild := inner.make(parent)
			cancelParent(parentCause)
			cancelChild(childCause)
			fmt.Printf("%s > %s, parent first: %v / %v\n", outer.name, inner.name, context.Cause(parent), context.Cause(child))

			parent, cancelParent = outer.make(context.Background())
			child, cancelChild = inner.make(parent)
			cancelChild(childCause)
			fmt.Printf("%s > %s, child only: %v / %v\n", outer.name, inner.name, context.Cause(parent), context.Cause(child))
			cancelParent(parentCause)
			fmt.Printf("%s > %s, then parent: %v / %v\n", outer.name, inner.name, context.Cause(parent), context.Cause(child))
		}
	}

	show := func(what string, ctx context.Context) {
		fmt.Printf("%s: %v, because: %v\n", what, ctx.Err(), context.Cause(ctx))
	}
	show("background", context.Background())

	ctx, cancel := context.WithCancelCause(context.Background())
	show("not ended yet", ctx)
	cancel(nil)
	show("no cause given", ctx)
	cancel(late)
	show("second cause", ctx)

	ctx, cancel = context.WithCancelCause(context.Background())
	value := context.WithValue(ctx, userKey{}, "gopher")
	below, stop := context.WithCancel(value)
	cancel(parentCause)
	stop()
	show("value context", value)
	show("below it", below)

	ctx, stop = context.WithTimeoutCause(context.Background(), 1*time.Millisecond, late)
	<-ctx.Done()
	show("timeout with a cause", ctx)
	stop()

	ctx, stop = context.WithTimeoutCause(context.Background(), 1*time.Hour, late)
	stop()
	show("timeout canceled before", ctx)

	ctx, stop = context.WithTimeout(context.Background(), 1*time.Millisecond)
	<-ctx.Done()
	show("timeout without a cause", ctx)
	stop()

	outer, stopOuter := context.WithTimeoutCause(context.Background(), 1*time.Millisecond, parentCause)
	inner, stopInner := context.WithTimeoutCause(outer, 1*time.Hour, childCause)
	<-inner.Done()
	show("inner timeout, ended by the outer", inner)
	stopInner()
	stopOuter()

	outer, stopOuter = context.WithTimeoutCause(context.Background(), 1*time.Hour, parentCause)
	inner, stopInner = context.WithDeadlineCause(outer, time.Now().Add(-1*time.Second), childCause)
	show("deadline in the past", inner)
	show("its parent", outer)
	stopInner()
	stopOuter()
}
