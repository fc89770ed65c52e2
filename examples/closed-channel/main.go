// What a closed channel does: buffered values first, then "closed" for ever and to everyone; parked receivers wake,
// parked senders panic. Closing is a broadcast: every goroutine that waits on the channel hears it.
package main

import "fmt"

func main() {
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	close(ch)
	fmt.Println("len and cap:", len(ch), cap(ch))
	for range 4 {
		n, ok := <-ch
		fmt.Println(n, ok)
	}

	// A range ends when the channel is closed and drained.
	ch = make(chan int, 3)
	ch <- 10
	ch <- 20
	close(ch)
	for n := range ch {
		fmt.Println("range:", n)
	}
	for range ch {
		fmt.Println("never printed")
	}

	// Receivers that wait at the time: plain, range and select.
	start, told := make(chan struct{}), make(chan bool)
	go func() { _, ok := <-start; told <- ok }()
	go func() {
		for range start {
		}
		told <- false
	}()
	go func() {
		select {
		case _, ok := <-start:
			told <- ok
		case told <- true:
		}
	}()
	fmt.Println("the select's other case:", <-told)
	close(start)
	fmt.Println("told:", <-told, <-told)

	// A sender that waits at the time gets the panic, in its own goroutine; its value is lost.
	full := make(chan string, 1)
	full <- "kept"
	ready, caught := make(chan struct{}), make(chan any)
	go func() {
		defer func() { caught <- recover() }()
		close(ready)
		full <- "lost"
	}()
	<-ready
	close(full)
	fmt.Println("sender:", <-caught)
	s, ok := <-full
	fmt.Println(s, ok)
	_, ok = <-full
	fmt.Println("more:", ok)

	// Sending later fails at once and leaves nothing behind.
	func() {
		defer func() { fmt.Println("late sender:", recover()) }()
		full <- "lost"
	}()
	fmt.Println("len:", len(full))
}
