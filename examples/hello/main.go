// Hello from another goroutine: go starts it, a channel brings what it says, and main waits there until it has come.
// Without the channel main would end first, and nobody would hear anything.
package main

import "fmt"

func main() {
	greeting := make(chan string)
	go func() {
		greeting <- "hello from a goroutine"
	}()
	fmt.Println("main waits")
	fmt.Println(<-greeting)
}
