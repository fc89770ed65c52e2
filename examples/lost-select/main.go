// A case that is not chosen has no effect: its value stays where it is, and a select that was served elsewhere is gone
// from every other queue. A hundred selects lose on one channel; whoever comes later gets all of its values.
package main

import "fmt"

func main() {
	// Parked selects that are served through b are no longer waiting on a.
	a, b := make(chan int), make(chan int)
	got := make(chan int)
	for range 100 {
		go func() {
			select {
			case n := <-a:
				got <- 1000 + n
			case n := <-b:
				got <- n
			}
		}()
	}
	sum := 0
	for n := range 100 {
		b <- n
		sum += <-got
	}
	select {
	case a <- 1:
		fmt.Println("somebody still waits on a")
	default:
		fmt.Println("nobody waits on a, sum:", sum)
	}

	// A send that is not chosen sends nothing.
	full, other := make(chan string, 1), make(chan string, 1)
	full <- "first"
	select {
	case full <- "second":
	case other <- "third":
	}
	fmt.Println(<-full, <-other, len(full), len(other))

	// Two selects meet through one of their channels, and each value arrives once.
	left, right := make(chan string), make(chan string)
	met := make(chan string)
	go func() {
		select {
		case left <- "met on the left":
		case right <- "met on the right":
		}
		met <- "sender done"
	}()
	var where string
	select {
	case where = <-left:
	case where = <-right:
	}
	fmt.Println(len(where) > 3, <-met)

	// A select that could send and receive on one channel never meets itself, but two of them meet each other.
	self := make(chan string)
	names := make(chan string)
	for _, name := range []string{"anna", "bert"} {
		go func() {
			select {
			case self <- name:
				names <- name + " sent"
			case other := <-self:
				names <- other + " was received"
			}
		}()
	}
	x, y := <-names, <-names
	sent := 0
	for _, s := range []string{x, y} {
		if s == "anna sent" || s == "bert sent" {
			sent++
		}
	}
	fmt.Println("one sent, one received:", x != y && sent == 1)
}
