// Two goroutines that each wait for what only the other one could give: the program is told on and ends with status 2.
// Nothing is left that could ever wake anybody, and nobody has to guess why the program stands still.
package main

import "fmt"

func main() {
	a, b := make(chan int), make(chan int)
	go func() {
		n := <-a
		b <- n
	}()
	fmt.Println("waiting for b")
	n := <-b
	fmt.Println("never printed", n)
	a <- n
}
