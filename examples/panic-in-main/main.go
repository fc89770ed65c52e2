// A runtime panic in main: deferred calls run, other goroutines just stop, and the report names the mistake.
// The status is 2, as after every panic that nobody recovers.
package main

import "fmt"

func main() {
	defer fmt.Println("main's deferred call")
	go func() {
		defer fmt.Println("never printed")
		select {}
	}()

	ch := make(chan int)
	close(ch)
	ch <- 1
	fmt.Println("never printed")
}
