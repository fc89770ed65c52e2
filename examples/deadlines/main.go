// Deadlines below deadlines: the earlier one counts, a past one ends at once, and none of them changes any more.
// A parent that has ended already wins over every deadline of the child.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

func main() {
	background := context.Background()
	_, has := background.Deadline()
	fmt.Println("background has a deadline:", has)

	hour := time.Now().Add(1 * time.Hour)
	outer, cancel := context.WithDeadline(background, hour)
	defer cancel()
	d, has := outer.Deadline()
	fmt.Println("outer:", d.Equal(hour), has)

	later, cancelLater := context.WithDeadline(outer, hour.Add(1*time.Minute))
	defer cancelLater()
	d, _ = later.Deadline()
	fmt.Println("a later one below is the outer one:", d.Equal(hour))

	earlier, cancelEarlier := context.WithDeadline(outer, hour.Add(-1*time.Minute))
	defer cancelEarlier()
	d, _ = earlier.Deadline()
	fmt.Println("an earlier one is its own:", d.Equal(hour.Add(-1*time.Minute)))

	past, cancelPast := context.WithTimeout(outer, -1*time.Second)
	fmt.Println("in the past:", past.Err(), "outer is alive:", outer.Err() == nil)
	cancelPast()
	fmt.Println("still:", past.Err())
	_, has = past.Deadline()
	fmt.Println("and has a deadline:", has)

	now, cancelNow := context.WithTimeout(outer, 0)
	defer cancelNow()
	_, open := <-now.Done()
	fmt.Println("now:", now.Err(), "done is open:", open)

	ended, cancelEnded := context.WithCancelCause(background)
	cancelEnded(errors.New("over before it began"))
	late, cancelLate := context.WithTimeoutCause(ended, -1*time.Second, errors.New("too late"))
	defer cancelLate()
	fmt.Println("below an ended parent:", late.Err(), "/", context.Cause(late))

	// Canceled in time: neither the deadline nor its cause has an effect any more.
	early, cancelEarly := context.WithTimeoutCause(background, 1*time.Millisecond, errors.New("too late"))
	cancelEarly()
	<-time.After(2 * time.Millisecond)
	fmt.Println("canceled in time:", early.Err(), "/", context.Cause(early))

	// Nested timeouts fire from the inside out when the inner one is the shorter, all at once when the outer one is.
	long, cancelLong := context.WithTimeout(background, 100*time.Millisecond)
	defer cancelLong()
	short, cancelShort := context.WithTimeout(long, 1*time.Millisecond)
	defer cancelShort()
	<-short.Done()
	fmt.Println("short:", short.Err(), "long is alive:", long.Err() == nil)
	below, cancelBelow := context.WithTimeout(context.WithValue(long, key{}, 1), 1*time.Hour)
	defer cancelBelow()
	<-below.Done()
	fmt.Println("below:", below.Err(), "long:", long.Err())

	// A deadline in a hundred years is still a deadline.
	far, cancelFar := context.WithTimeout(background, 100*365*24*time.Hour)
	select {
	case <-far.Done():
		fmt.Println("far away fired")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("far away:", far.Err())
	}
	cancelFar()
	fmt.Println("far away:", far.Err())
}

type key struct{}
