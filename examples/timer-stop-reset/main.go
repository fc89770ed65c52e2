// What Stop and Reset of a Timer answer: true as long as nobody has taken the value, even after the timer has expired.
// The rules of Go 1.23 and later: after Stop or Reset no old value is left, there is nothing to drain.
package main

import (
	"fmt"
	"time"
)

// expired waits until a timer of 1 ms that was made before has expired: timers fire in the order of their times.
func expired() { <-time.After(2 * time.Millisecond) }

func waiting(c <-chan time.Time) bool {
	select {
	case <-c:
		return false
	default:
		return true
	}
}

func main() {
	timer := time.NewTimer(1 * time.Hour)
	fmt.Println("len and cap:", len(timer.C), cap(timer.C))
	fmt.Println("Stop while active:", timer.Stop())
	fmt.Println("Stop again:", timer.Stop())
	fmt.Println("Reset after Stop:", timer.Reset(1*time.Hour))
	fmt.Println("Reset while active:", timer.Reset(1*time.Millisecond))
	<-timer.C
	fmt.Println("Stop after receive:", timer.Stop())

	fmt.Println("Reset after receive:", timer.Reset(1*time.Millisecond))
	expired()
	fmt.Println("len when expired:", len(timer.C))
	fmt.Println("Stop when expired, not received:", timer.Stop())
	fmt.Println("no stale value:", waiting(timer.C))

	timer.Reset(1 * time.Millisecond)
	expired()
	fmt.Println("Reset when expired, not received:", timer.Reset(1*time.Hour))
	fmt.Println("no stale value:", waiting(timer.C))

	// Earlier and later, as often as you like; zero and less fire at once.
	timer.Reset(2 * time.Hour)
	timer.Reset(1 * time.Minute)
	timer.Reset(0)
	<-timer.C
	timer.Reset(-1 * time.Hour)
	<-timer.C
	fmt.Println("fired twice")

	// Whoever waits on the channel stays there through Stop, until the next Reset fires.
	timer.Reset(1 * time.Hour)
	parked, woken := make(chan struct{}), make(chan bool)
	go func() {
		close(parked)
		_, ok := <-timer.C
		woken <- ok
	}()
	<-parked
	timer.Stop()
	timer.Reset(1 * time.Millisecond)
	fmt.Println("woken by Reset:", <-woken)

	// The value is the time at which the timer was due, however late it is read.
	start := time.Now()
	timer.Reset(1 * time.Millisecond)
	<-time.After(20 * time.Millisecond)
	due := <-timer.C
	fmt.Println("due, not read:", due.Sub(start) < time.Since(start)-10*time.Millisecond)
}
