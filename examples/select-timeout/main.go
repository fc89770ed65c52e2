// Timeouts in a select: for one answer, afresh for every message, and for a whole conversation.
// time.After made inside the loop starts again with each turn; made once outside, it limits all turns together.
package main

import (
	"fmt"
	"time"
)

func main() {
	never := make(chan string)
	soon := make(chan string)

	// One answer that does not come.
	select {
	case s := <-never:
		fmt.Println(s)
	case <-time.After(5 * time.Millisecond):
		fmt.Println("no answer")
	}

	// One answer in time. The timer that lost costs nothing and holds nothing up.
	go func() { soon <- "here I am" }()
	select {
	case s := <-soon:
		fmt.Println(s)
	case <-time.After(1 * time.Hour):
		fmt.Println("no answer")
	}

	// A timeout for each message: three come, the fourth does not.
	go func() {
		for i := range 3 {
			time.Sleep(1 * time.Millisecond)
			soon <- fmt.Sprint("message ", i)
		}
	}()
each:
	for {
		select {
		case s := <-soon:
			fmt.Println(s)
		case <-time.After(100 * time.Millisecond):
			fmt.Println("silence")
			break each
		}
	}

	// A timeout for the whole conversation: someone talks without end.
	go func() {
		for {
			soon <- "bla"
			time.Sleep(1 * time.Millisecond)
		}
	}()
	heard := 0
	enough := time.After(20 * time.Millisecond)
whole:
	for {
		select {
		case <-soon:
			heard++
		case <-enough:
			fmt.Println("heard something:", heard > 0)
			break whole
		}
	}
}
