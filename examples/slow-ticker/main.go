// A ticker does not wait for a slow receiver: at most one tick is kept, the others are lost, and the next one is on the
// old grid again. Seen through the times that the ticks carry: they are when a tick was due, not when it was read.
package main

import (
	"fmt"
	"time"
)

const period = 20 * time.Millisecond

// onGrid tells whether d is a whole number of periods, and not less than min of them.
func onGrid(d time.Duration, min int) bool {
	periods := d.Round(period)
	return periods >= time.Duration(min)*period && (d-periods).Abs() < period/4
}

func main() {
	ticker := time.NewTicker(period)
	first := <-ticker.C

	time.Sleep(3*period + period/2) // three ticks pass, one is kept
	second := <-ticker.C
	third := <-ticker.C
	fmt.Println("kept the first that was missed:", onGrid(second.Sub(first), 1))
	fmt.Println("lost the others:", onGrid(third.Sub(second), 3))

	// After Stop not even the kept tick comes, and the channel is not closed.
	time.Sleep(2 * period)
	ticker.Stop()
	select {
	case <-ticker.C:
		fmt.Println("a tick after Stop")
	case <-time.After(2 * period):
		fmt.Println("no tick after Stop")
	}

	// Reset starts a stopped ticker again, with a grid that begins now.
	start := time.Now()
	ticker.Reset(period / 2)
	fmt.Println("at least one new period:", (<-ticker.C).Sub(start) >= period/2)

	// No period, no ticks: the channel is nil.
	fmt.Println("Tick(0) is nil:", time.Tick(0) == nil)
}
