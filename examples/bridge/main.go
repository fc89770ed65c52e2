// Bridge: a channel of channels read as one, in order, each to its end before the next one is taken.
// Channels are values: they can be sent over channels like anything else.
package main

import "fmt"

func bridge(chans <-chan <-chan string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for ch := range chans {
			for s := range ch {
				out <- s
			}
		}
	}()
	return out
}

func chapters() <-chan <-chan string {
	chans := make(chan (<-chan string))
	go func() {
		defer close(chans)
		for i := 1; i <= 3; i++ {
			ch := make(chan string, 2)
			ch <- fmt.Sprintf("chapter %d, page 1", i)
			ch <- fmt.Sprintf("chapter %d, page 2", i)
			close(ch)
			chans <- ch
		}
	}()
	return chans
}

func main() {
	for page := range bridge(chapters()) {
		fmt.Println(page)
	}

	// Receive a channel, then receive from what was received.
	outer := make(chan chan int, 1)
	inner := make(chan int, 1)
	inner <- 42
	outer <- inner
	fmt.Println(<-<-outer)
}
