// The same without select: in TypeScript trySend and tryReceive do not even have to be awaited.
// A mailbox of two places that drops the oldest letter when a new one finds it full.
package main

import "fmt"

func put(box chan string, letter string) {
	for {
		select {
		case box <- letter:
			return
		default:
		}
		select {
		case dropped := <-box:
			fmt.Println("dropped:", dropped)
		default:
		}
	}
}

func main() {
	box := make(chan string, 2)
	for _, letter := range []string{"a", "b", "c", "d", "e"} {
		put(box, letter)
	}
	fmt.Println("in the box:", len(box), "of", cap(box))
	close(box)
	for {
		letter, ok := <-box
		fmt.Printf("%q %v\n", letter, ok)
		if !ok {
			break
		}
	}
}
