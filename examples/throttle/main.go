// Throttle: the first event passes at once, those that follow within the pause are dropped, the next one after it
// passes again. While the pause lasts, the pause's channel is set; otherwise it is nil and its case is out of the game.
package main

import (
	"fmt"
	"time"
)

const pause = 100 * time.Millisecond

func throttle(in <-chan string, dropped chan<- string) (<-chan string, <-chan struct{}) {
	out, open := make(chan string), make(chan struct{})
	go func() {
		defer close(out)
		var over <-chan time.Time
		for {
			select {
			case s, ok := <-in:
				if !ok {
					return
				}
				if over != nil {
					dropped <- s
					continue
				}
				out <- s
				over = time.After(pause)
			case <-over:
				over = nil
				open <- struct{}{}
			}
		}
	}()
	return out, open
}

func main() {
	clicks, dropped := make(chan string), make(chan string, 10)
	passed, open := throttle(clicks, dropped)

	for round := 1; round <= 3; round++ {
		for click := 1; click <= 3; click++ {
			clicks <- fmt.Sprintf("round %d, click %d", round, click)
			if click == 1 {
				fmt.Println("passed:", <-passed)
			} else {
				fmt.Println("dropped:", <-dropped)
			}
		}
		<-open
	}
	close(clicks)
	_, ok := <-passed
	fmt.Println("more:", ok)
}
