// Two workers, four jobs of 10 ms: all are done at 20 ms. Who does which is settled by who is free.
package main

import (
	"fmt"
	"sync"
	"time"
)

func worker(name string, jobs <-chan int) {
	for job := range jobs {
		time.Sleep(10 * time.Millisecond)
		fmt.Println(name, "has done job", job)
	}
}

func main() {
	jobs := make(chan int, 4)
	for job := 1; job <= 4; job++ {
		jobs <- job
	}
	close(jobs)
	var workers sync.WaitGroup
	workers.Go(func() { worker("ann", jobs) })
	workers.Go(func() { worker("bob", jobs) })
	workers.Wait()
}
