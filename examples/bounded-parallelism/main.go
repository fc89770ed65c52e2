// Twenty texts are digested by never more than four goroutines at a time, and the results are gathered in order of
// name. A fixed number of workers bounds the parallelism; a counter goroutine watches that the bound holds.
package main

import (
	"fmt"
	"slices"
)

type result struct {
	name   string
	digest int
}

func digest(text string) int {
	sum := 7
	for _, b := range []byte(text) {
		sum = (sum*31 + int(b)) % 10007
	}
	return sum
}

func main() {
	const workers, texts = 4, 20

	busy := make(chan int) // +1 when a worker starts, -1 when it ends
	peak := make(chan int)
	go func() {
		now, most := 0, 0
		for change := range busy {
			now += change
			most = max(most, now)
		}
		peak <- most
	}()

	names := make(chan string)
	go func() {
		defer close(names)
		for i := range texts {
			names <- fmt.Sprintf("text-%02d", i)
		}
	}()

	results := make(chan result)
	done := make(chan struct{})
	for range workers {
		go func() {
			for name := range names {
				busy <- +1
				r := result{name, digest(name)}
				busy <- -1
				results <- r
			}
			done <- struct{}{}
		}()
	}
	go func() {
		for range workers {
			<-done
		}
		close(busy)
		close(results)
	}()

	var all []result
	for r := range results {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b result) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	for _, r := range all[:5] {
		fmt.Println(r.name, r.digest)
	}
	fmt.Println("digested:", len(all))
	fmt.Println("never more than four at once:", <-peak <= workers)
}
