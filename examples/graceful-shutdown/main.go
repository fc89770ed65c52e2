// Shutdown on SIGTERM, which the program sends itself: no new work, what is in flight has 50 ms to drain, and what is
// not done by then is aborted. A second signal during the shutdown does not kill.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

func terminate() {
	self, _ := os.FindProcess(os.Getpid())
	self.Signal(syscall.SIGTERM)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	hard, abort := context.WithCancel(context.Background())
	defer abort()

	jobs, finish := make(chan string), make(chan struct{})
	ends := map[string]string{}
	var mu sync.Mutex
	var inFlight sync.WaitGroup
	started := make(chan struct{})
	work := func(name string) {
		end := "drained"
		started <- struct{}{}
		switch name {
		case "stuck":
			<-hard.Done()
			end = "aborted: " + hard.Err().Error()
		default:
			<-finish
		}
		mu.Lock()
		defer mu.Unlock()
		ends[name] = end
	}

	accepting := make(chan struct{})
	go func() {
		defer close(accepting)
		for {
			select {
			case <-ctx.Done():
				return
			case name := <-jobs:
				inFlight.Go(func() { work(name) })
			}
		}
	}()
	names := []string{"first", "stuck", "second"}
	for _, name := range names {
		jobs <- name
		<-started
	}

	terminate()
	<-ctx.Done()
	fmt.Println("shutting down:", context.Cause(ctx))
	<-accepting
	select {
	case jobs <- "late":
		fmt.Println("accepted")
	default:
		fmt.Println("no new work")
	}

	terminate()
	close(finish)
	drained := make(chan struct{})
	go func() {
		inFlight.Wait()
		close(drained)
	}()
	select {
	case <-drained:
		fmt.Println("all done")
	case <-time.After(50 * time.Millisecond):
		fmt.Println("the time is over")
		abort()
		<-drained
	}
	for _, name := range names {
		fmt.Printf("%s: %s\n", name, ends[name])
	}
}
