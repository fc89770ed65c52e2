// What a select looks at, and when: channels and values of all its cases are evaluated once, in order, whichever is
// chosen. The same for `go`: the function and its arguments are evaluated by the caller, at once; only the call comes
// later.
package main

import "fmt"

func channel(name string, ch chan int) chan int {
	fmt.Println("channel", name)
	return ch
}

func value(n int) int {
	fmt.Println("value", n)
	return n
}

func main() {
	ready := make(chan int, 1)
	select {
	case <-channel("a", nil):
	case channel("b", ready) <- value(1):
		fmt.Println("sent to b")
	case channel("c", nil) <- value(2):
	case <-channel("d", make(chan int)):
	}

	// A channel set to nil later does not change a select that has been entered.
	ch := make(chan int)
	other, entered, got := ch, make(chan struct{}), make(chan int)
	go func() {
		close(entered)
		select {
		case n := <-other:
			got <- n
		}
	}()
	<-entered
	ch <- 3
	other = nil
	fmt.Println("got", <-got)

	// The variable of a go statement's argument may change: the goroutine has the old value.
	n, results := 4, make(chan int)
	go func(n int) { results <- n }(value(n))
	n = 5
	fmt.Println("passed", <-results, "now", n)

	// Every turn of a loop has a variable of its own.
	sum := 0
	for i := range 10 {
		go func() { results <- i }()
	}
	for range 10 {
		sum += <-results
	}
	fmt.Println("sum", sum)

	// A case that panics while it is evaluated: nothing is sent, nothing after it is evaluated.
	func() {
		defer func() { fmt.Println("panic:", recover()) }()
		select {
		case ready <- value(6):
		case channel("broken", ready) <- func() int { panic("no value") }():
		case <-channel("never evaluated", nil):
		}
	}()
	fmt.Println("in b:", <-ready, len(ready))
}
