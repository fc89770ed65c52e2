// A baker puts bread on a shelf for two. When the shelf is full the baker waits, when it is empty the customer does.
package main

import "fmt"

func bake(shelf chan<- string) {
	for i := 1; i <= 4; i++ {
		shelf <- fmt.Sprintf("bread %d", i)
		fmt.Println("baked", i)
	}
	close(shelf)
}

func main() {
	shelf := make(chan string, 2)
	go bake(shelf)
	for bread := range shelf {
		fmt.Println("bought", bread)
	}
}
