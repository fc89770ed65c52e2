// A buffer lets a sender run ahead: two letters lie in the box before anybody reads, and the third waits for a place.
// Letters leave in the order in which they came.
package main

import "fmt"

func main() {
	box := make(chan string, 2)
	box <- "letter 1"
	box <- "letter 2"
	fmt.Println("in the box:", len(box), "of", cap(box))
	go func() {
		box <- "letter 3"
		close(box)
	}()
	for letter := range box {
		fmt.Println(letter)
	}
}
