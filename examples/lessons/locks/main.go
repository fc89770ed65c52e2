// Two goroutines pay into one account. The lock is held from the reading to the writing, so one waits for the other.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

var (
	mu      sync.Mutex
	balance int
)

func payIn(name string, amount int) {
	mu.Lock()
	defer mu.Unlock()
	before := balance
	runtime.Gosched() // the ledger is slow
	balance = before + amount
	fmt.Println(name, "pays in", amount)
}

func main() {
	var wg sync.WaitGroup
	wg.Go(func() { payIn("ann", 10) })
	wg.Go(func() { payIn("bob", 20) })
	wg.Wait()
	fmt.Println("balance:", balance)
}
