// Three workers, nine jobs: workers take jobs until the channel is closed, and the last one to leave turns off the
// light. A worker pool with channels only: each worker reports its end on done.
package main

import "fmt"

type job struct{ id, size int }
type outcome struct{ id, steps int }

// collatz counts the steps from n down to 1.
func collatz(n int) int {
	steps := 0
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
	}
	return steps
}

func worker(jobs <-chan job, outcomes chan<- outcome, done chan<- struct{}) {
	defer func() { done <- struct{}{} }()
	for j := range jobs {
		outcomes <- outcome{j.id, collatz(j.size)}
	}
}

func main() {
	const workers, count = 3, 9
	jobs := make(chan job, count)
	outcomes := make(chan outcome, count)
	done := make(chan struct{})

	for range workers {
		go worker(jobs, outcomes, done)
	}
	for id := range count {
		jobs <- job{id, 10 + 7*id}
	}
	close(jobs)
	for range workers {
		<-done
	}
	close(outcomes)

	steps := make([]int, count)
	for o := range outcomes {
		steps[o.id] = o.steps
	}
	for id, n := range steps {
		fmt.Printf("job %d: %d steps\n", id, n)
	}
}
