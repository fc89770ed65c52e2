// Functions of the standard library that call a function before they return: they wait if it does.
package main

import (
	"fmt"
	"sync"
	"testing"
)

func main() {
	// A function that waits: the next run starts when it has returned.
	ch := make(chan int)
	go func() {
		for i := 0; ; i++ {
			ch <- i
		}
	}()
	sum, last := 0, 0
	testing.AllocsPerRun(3, func() {
		last = <-ch
		sum += last
	})
	fmt.Println("sum", sum, "last", last)

	// A function that is in a variable.
	next := func() { last = <-ch }
	testing.AllocsPerRun(1, next)
	fmt.Println("last", last)

	// A function that does not wait.
	runs := 0
	testing.AllocsPerRun(4, func() { runs++ })
	fmt.Println("runs", runs)

	var m sync.Map
	m.Store("a", 1)
	m.Store("b", 2)
	total := 0
	m.Range(func(_, v any) bool {
		total += v.(int)
		return true
	})
	fmt.Println("total", total)
}
