// Who comes first is served first: values leave a channel in the order in which they came, whatever its capacity.
// A full buffer takes the first waiting sender's value in the very step in which it gives its oldest one away.
package main

import "fmt"

func main() {
	for _, capacity := range []int{0, 1, 16} {
		ch := make(chan int, capacity)
		go func() {
			defer close(ch)
			for n := range 100 {
				ch <- n
			}
		}()
		next, inOrder := 0, true
		for n := range ch {
			inOrder = inOrder && n == next
			next++
		}
		fmt.Println("capacity", capacity, "values", next, "in order", inOrder)
	}

	ch := make(chan string, 2)
	ch <- "a"
	ch <- "b"
	ready, sent := make(chan struct{}), make(chan struct{})
	go func() {
		close(ready)
		ch <- "c"
		close(sent)
	}()
	<-ready
	fmt.Println("full:", len(ch), cap(ch))
	fmt.Println("received:", <-ch)
	<-sent
	fmt.Println("full again:", len(ch))
	fmt.Println("then:", <-ch, <-ch, len(ch))

	// Many senders and many receivers at once: every value arrives exactly once.
	counts := make(chan map[int]int)
	for _, capacity := range []int{0, 1, 16} {
		many := make(chan int, capacity)
		done := make(chan struct{})
		for range 4 {
			go func() {
				for n := range 500 {
					many <- n
				}
				done <- struct{}{}
			}()
			go func() {
				seen := map[int]int{}
				for n := range many {
					seen[n]++
				}
				counts <- seen
			}()
		}
		for range 4 {
			<-done
		}
		close(many)
		total := map[int]int{}
		for range 4 {
			for n, count := range <-counts {
				total[n] += count
			}
		}
		exact := len(total) == 500
		for _, count := range total {
			exact = exact && count == 4
		}
		fmt.Println("capacity", capacity, "each of 500 four times:", exact)
	}
}
