// Requests at a steady rate, then bursts: a ticker lets one pass per period, a bucket of tokens lets three go ahead at
// once. How many periods went by is checked, not printed: clocks differ, the lower bound does not.
package main

import (
	"fmt"
	"time"
)

const period = 5 * time.Millisecond

func main() {
	// Steady: five requests need at least five ticks.
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	start := time.Now()
	for request := 1; request <= 5; request++ {
		<-ticker.C
		fmt.Println("steady", request)
	}
	fmt.Println("took five periods:", time.Since(start) >= 5*period)

	// Bursts: three tokens are in the bucket, a goroutine adds one per period while there is room.
	bucket := make(chan struct{}, 3)
	for range cap(bucket) {
		bucket <- struct{}{}
	}
	start = time.Now()
	go func() {
		for range time.Tick(period) {
			select {
			case bucket <- struct{}{}:
			default:
			}
		}
	}()
	for request := 1; request <= 5; request++ {
		<-bucket
		fmt.Println("burst", request)
	}
	fmt.Println("waited for a token:", time.Since(start) >= period)
}
