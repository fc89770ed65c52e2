// Three buyers and two seats. The assertion holds in the order in which they come, and in every other.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

var sold atomic.Int32

func buy(name string, seats <-chan int) {
	seat, ok := <-seats
	if !ok {
		fmt.Println(name, "comes too late")
		return
	}
	runtime.Gosched() // pays
	sold.Add(1)
	fmt.Println(name, "has seat", seat)
}

func main() {
	seats := make(chan int, 2)
	seats <- 1
	seats <- 2
	close(seats)
	var buyers sync.WaitGroup
	for _, name := range []string{"ann", "bob", "cleo"} {
		buyers.Go(func() { buy(name, seats) })
	}
	buyers.Wait()
	if sold.Load() != 2 {
		panic(fmt.Sprintf("sold %d of 2 seats", sold.Load()))
	}
}
