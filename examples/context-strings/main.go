// What a context prints as: the way it was derived, read from left to right.
// Deadlines are left out: their strings tell the time.
package main

import (
	"context"
	"errors"
	"fmt"
)

type name string

func (n name) String() string { return string(n) }

// labeled is a context of our own that says itself what it prints as.
type labeled struct {
	context.Context
	label string
}

func (l labeled) String() string { return l.label }

func main() {
	background := context.Background()
	fmt.Println(background)
	fmt.Println(context.TODO())

	ctx, cancel := context.WithCancel(background)
	defer cancel()
	fmt.Println(ctx)
	caused, cancelCause := context.WithCancelCause(ctx)
	defer cancelCause(nil)
	fmt.Println(caused)
	fmt.Println(context.WithoutCancel(caused))

	user := context.WithValue(background, name("user"), "gopher")
	fmt.Println(user)
	fmt.Println(context.WithValue(user, name("nothing"), nil))
	fmt.Println(context.WithValue(background, name("named"), name("a name")))
	fmt.Println(context.WithoutCancel(user))

	child, cancelChild := context.WithCancel(labeled{background, "request 17"})
	defer cancelChild()
	fmt.Println(child)

	// It does not change when the context ends.
	cancelCause(errors.New("enough"))
	cancel()
	fmt.Println(caused)
}
