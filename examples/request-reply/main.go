// Requests that bring along the channel for their reply: a server goroutine owns a map, and nobody else ever touches
// it. Instead of sharing memory under a lock, its one owner is asked.
package main

import "fmt"

type request struct {
	word  string
	reply chan<- int
}

// counter answers how often each word has been asked for, this time included.
func counter(requests <-chan request) {
	counts := map[string]int{}
	for r := range requests {
		counts[r.word]++
		r.reply <- counts[r.word]
	}
}

func ask(requests chan<- request, word string) int {
	reply := make(chan int)
	requests <- request{word, reply}
	return <-reply
}

func main() {
	requests := make(chan request)
	go counter(requests)

	for _, word := range []string{"go", "select", "go", "chan", "go"} {
		fmt.Println(word, ask(requests, word))
	}

	// A hundred clients at once, each asks ten times: no count is lost.
	done := make(chan struct{})
	for range 100 {
		go func() {
			for range 10 {
				ask(requests, "busy")
			}
			done <- struct{}{}
		}()
	}
	for range 100 {
		<-done
	}
	fmt.Println("busy", ask(requests, "busy"))
}
