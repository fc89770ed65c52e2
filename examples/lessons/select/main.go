// Main waits for whoever is first: a number, or the end. If both are ready, the choice is random.
package main

import "fmt"

func squares(out chan<- int, quit <-chan struct{}) {
	for n := 1; ; n++ {
		select {
		case out <- n * n:
		case <-quit:
			fmt.Println("quit")
			return
		}
	}
}

func main() {
	out, quit := make(chan int), make(chan struct{})
	go squares(out, quit)
	for range 3 {
		fmt.Println(<-out)
	}
	quit <- struct{}{}
}
