// Two goroutines count beside main. Who counts when is up to the scheduler; that main waits for both is not.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func count(name string) {
	for i := 1; i <= 3; i++ {
		fmt.Println(name, i)
		runtime.Gosched() // others may go on
	}
}

func main() {
	var wg sync.WaitGroup
	wg.Go(func() { count("ann") })
	wg.Go(func() { count("bob") })
	fmt.Println("main waits")
	wg.Wait()
	fmt.Println("both have counted")
}
