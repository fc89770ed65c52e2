// No false alarm: while a timer is pending something may still happen. When it has fired and nobody can go on, the
// report comes. Deferred calls do not run then, and a lost time.After holds nothing up.
package main

import (
	"fmt"
	"time"
)

func main() {
	defer fmt.Println("never printed")
	time.AfterFunc(5*time.Millisecond, func() { fmt.Println("the last event") })
	quick := make(chan int, 1)
	quick <- 1
	select {
	case n := <-quick:
		fmt.Println("received", n)
	case <-time.After(1 * time.Hour):
		fmt.Println("never printed")
	}
	select {}
}
