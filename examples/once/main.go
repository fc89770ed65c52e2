// Once, and the functions made of it: however many call at the same time, the work is done once, and all go on only
// when it is done. A value is remembered, and so is a panic.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var setup sync.Once
	var mu sync.Mutex
	calls, ready, early := 0, false, 0
	gate := make(chan bool)
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			setup.Do(func() {
				calls++
				<-gate
				ready = true
			})
			mu.Lock()
			defer mu.Unlock()
			if !ready {
				early++
			}
		})
	}
	gate <- true
	wg.Wait()
	setup.Do(func() { calls++ })
	fmt.Println("calls:", calls, "went on before it was done:", early)

	computed := 0
	answer := sync.OnceValue(func() int {
		computed++
		return 42
	})
	fmt.Println(answer(), answer(), "computed", computed)

	pair := sync.OnceValues(func() (string, int) { return "seven", 7 })
	name, n := pair()
	fmt.Println(name, n)

	broken := sync.OnceFunc(func() {
		computed++
		panic("broken")
	})
	for range 2 {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			broken()
		}()
	}
	fmt.Println("computed", computed)

	// A call that panics counts as done, also for Once itself.
	var failing sync.Once
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		failing.Do(func() { panic("failed") })
	}()
	failing.Do(func() { fmt.Println("never printed") })
}
