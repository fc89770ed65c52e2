// What Stop and Reset of an AfterFunc timer answer: whether they caught the call before it was started.
// The function runs in its own goroutine; a timer can be started again, even by its own function.
package main

import (
	"fmt"
	"time"
)

func main() {
	ran := make(chan string)

	// Caught in time.
	timer := time.AfterFunc(1*time.Hour, func() { fmt.Println("never printed") })
	fmt.Println("has a channel:", timer.C != nil)
	fmt.Println("Stop while pending:", timer.Stop())
	fmt.Println("Stop again:", timer.Stop())

	// Started again after Stop, and once more after it ran.
	timer = time.AfterFunc(1*time.Hour, func() { ran <- "ran" })
	fmt.Println("Reset while pending:", timer.Reset(2*time.Hour))
	timer.Stop()
	fmt.Println("Reset after Stop:", timer.Reset(1*time.Millisecond))
	fmt.Println(<-ran)
	fmt.Println("Reset after it ran:", timer.Reset(1*time.Millisecond))
	fmt.Println(<-ran)
	fmt.Println("Stop after it ran:", timer.Stop())

	// Stop does not wait for a function that has been started.
	gate := make(chan struct{})
	timer = time.AfterFunc(1*time.Millisecond, func() {
		ran <- "started"
		<-gate
		ran <- "finished"
	})
	fmt.Println(<-ran)
	fmt.Println("Stop while it runs:", timer.Stop())
	close(gate)
	fmt.Println(<-ran)

	// Five times in a row by itself.
	turns := 0
	self := make(chan *time.Timer, 1)
	timer = time.AfterFunc(1*time.Hour, func() {
		timer := <-self
		turns++
		if turns == 5 {
			ran <- fmt.Sprint("turns: ", turns, ", Stop inside: ", timer.Stop())
			return
		}
		self <- timer
		timer.Reset(1 * time.Millisecond)
	})
	self <- timer
	timer.Reset(0)
	fmt.Println(<-ran)

	// Never in the caller: with no delay at all the function still waits for its turn.
	order := make(chan string, 2)
	gate = make(chan struct{})
	time.AfterFunc(0, func() {
		<-gate
		order <- "function"
	})
	order <- "caller"
	close(gate)
	fmt.Println(<-order, "before", <-order)
}
