// When main returns the program is over: nobody waits for the other goroutines, their deferred calls do not run, timers
// are forgotten. Whoever wants to wait for a goroutine has to let it say that it has ended.
package main

import (
	"fmt"
	"time"
)

func main() {
	started := make(chan struct{})
	go func() {
		defer fmt.Println("never printed")
		close(started)
		time.Sleep(1 * time.Hour)
	}()
	time.AfterFunc(1*time.Hour, func() { fmt.Println("never printed") })
	go func() {
		defer fmt.Println("never printed")
		<-make(chan int)
	}()
	<-started
	defer fmt.Println("main's deferred call")
	fmt.Println("main returns")
}
