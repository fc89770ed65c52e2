// Two servers are asked, and each is given 50 ms.
package main

import (
	"fmt"
	"time"
)

func ask(server string, delay time.Duration) {
	answer := make(chan string, 1)
	go func() {
		time.Sleep(delay)
		answer <- "answer from " + server
	}()
	select {
	case text := <-answer:
		fmt.Println(text)
	case <-time.After(50 * time.Millisecond):
		fmt.Println(server, "is too late")
	}
}

func main() {
	ask("oslo", 20*time.Millisecond)
	ask("rome", 80*time.Millisecond)
	time.Sleep(time.Second)
}
