// Timers fire in the order of their times, whatever the order in which they were made: enough to sort a few numbers.
// Not a good way to sort, but a good look at many timers at once.
package main

import (
	"fmt"
	"time"
)

func main() {
	numbers := []int{5, 3, 9, 1, 7, 2, 8, 4, 6}
	sorted := make(chan int)
	for _, n := range numbers {
		time.AfterFunc(time.Duration(n)*10*time.Millisecond, func() { sorted <- n })
	}
	for range numbers {
		fmt.Println(<-sorted)
	}
}
