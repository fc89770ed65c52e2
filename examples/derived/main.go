// Everything derived from a context ends with it, with the same error and the same cause; only WithoutCancel cuts the
// tie. From the rule in Go's guide "Canceling in-progress operations": when the outer context is canceled, the derived
// one is too.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type userKey struct{}

func main() {
	outer, cancel := context.WithCancelCause(context.Background())

	withCancel, cancel1 := context.WithCancel(outer)
	defer cancel1()
	withCause, cancel2 := context.WithCancelCause(outer)
	defer cancel2(nil)
	withDeadline, cancel3 := context.WithDeadline(outer, time.Now().Add(1*time.Hour))
	defer cancel3()
	withTimeout, cancel4 := context.WithTimeout(outer, 1*time.Hour)
	defer cancel4()
	withValue := context.WithValue(outer, userKey{}, "gopher")
	grandchild, cancel5 := context.WithTimeout(withValue, 1*time.Minute)
	defer cancel5()
	withoutCancel := context.WithoutCancel(outer)

	called := make(chan error)
	context.AfterFunc(grandchild, func() { called <- context.Cause(grandchild) })

	show := func(name string, ctx context.Context) {
		fmt.Printf("%s: err %v, cause %v\n", name, ctx.Err(), context.Cause(ctx))
	}
	showAll := func() {
		show("outer", outer)
		show("withCancel", withCancel)
		show("withCancelCause", withCause)
		show("withDeadline", withDeadline)
		show("withTimeout", withTimeout)
		show("withValue", withValue)
		show("grandchild", grandchild)
		show("withoutCancel", withoutCancel)
	}

	showAll()
	cancel(errors.New("the client went away"))
	fmt.Println("--- canceled ---")
	showAll()
	fmt.Println("afterFunc was called:", <-called)
}
