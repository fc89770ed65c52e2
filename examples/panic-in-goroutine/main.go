// A panic that nobody recovers ends the whole program with status 2, in whichever goroutine it happens.
// The goroutine's own deferred calls still run; main's do not, and main cannot catch it.
package main

import (
	"errors"
	"fmt"
)

func main() {
	defer fmt.Println("never printed")
	defer func() { recover() }()

	wait := make(chan struct{})
	go func() {
		defer fmt.Println("the goroutine's deferred call")
		panic(errors.New("something went wrong"))
	}()
	<-wait
}
