// A goroutine asked to quit tidies up first and then says so: the quit channel carries the request there and the answer
// back. A quit channel asks one goroutine; a context would tell a whole tree, but would not wait for an answer.
package main

import "fmt"

func speaker(quit chan string) <-chan string {
	lines := make(chan string)
	go func() {
		for i := 0; ; i++ {
			select {
			case lines <- fmt.Sprintf("line %d", i):
			case reason := <-quit:
				fmt.Println("speaker hears:", reason)
				quit <- "see you"
				return
			}
		}
	}()
	return lines
}

func main() {
	quit := make(chan string)
	lines := speaker(quit)
	for range 3 {
		fmt.Println(<-lines)
	}
	quit <- "enough"
	fmt.Println("speaker says:", <-quit)
}
