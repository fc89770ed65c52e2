// Operations that do not wait: a select with a default case on empty, full, closed and nil channels.
// The default is taken only if no case can proceed at that moment, wherever it stands.
package main

import "fmt"

func tryReceive(name string, ch <-chan string) {
	select {
	case s, ok := <-ch:
		fmt.Printf("%s: received %q %v\n", name, s, ok)
	default:
		fmt.Printf("%s: would wait\n", name)
	}
}

func trySend(name string, ch chan<- string, s string) {
	select {
	default:
		fmt.Printf("%s: would wait\n", name)
	case ch <- s:
		fmt.Printf("%s: sent %q\n", name, s)
	}
}

func main() {
	buffered := make(chan string, 1)
	tryReceive("empty", buffered)
	trySend("room", buffered, "a")
	trySend("full", buffered, "b")
	tryReceive("full", buffered)
	tryReceive("empty again", buffered)

	unbuffered := make(chan string)
	trySend("nobody receives", unbuffered, "c")
	tryReceive("nobody sends", unbuffered)

	buffered <- "last"
	close(buffered)
	tryReceive("closed with a value", buffered)
	tryReceive("closed and drained", buffered)

	var none chan string
	trySend("nil", none, "d")
	tryReceive("nil", none)

	// Several cases and a default: what is ready wins.
	a, b := make(chan int, 1), make(chan int, 1)
	b <- 2
	for range 2 {
		select {
		case n := <-a:
			fmt.Println("a:", n)
		case n := <-b:
			fmt.Println("b:", n)
		default:
			fmt.Println("neither")
		}
	}
}
