// Select in all its forms: with a default, with several cases, with break and labels, with nil channels.
package main

import (
	"context"
	"fmt"
	"time"
)

type event struct{ n int }

func drain(ch <-chan int) (got []int) {
	for {
		select {
		case n, ok := <-ch:
			if !ok {
				return got
			}
			got = append(got, n)
			if n == 2 {
				break // the select, not the loop
			}
		default:
			return got
		}
	}
}

func merge(a, b <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for a != nil || b != nil {
			select {
			case n, ok := <-a:
				if !ok {
					a = nil
					continue
				}
				out <- n
			case n, ok := <-b:
				if !ok {
					b = nil
					continue
				}
				out <- n * 100
			}
		}
	}()
	return out
}

func wait(ctx context.Context, events <-chan *event) (string, error) {
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case e := <-events:
		if e == nil {
			return "closed", nil
		}
		return fmt.Sprintf("event %d", e.n), nil
	case <-time.After(10 * time.Millisecond):
		return "late", nil
	}
}

func numbers(list ...int) <-chan int {
	ch := make(chan int, len(list))
	for _, n := range list {
		ch <- n
	}
	close(ch)
	return ch
}

func main() {
	fmt.Println(drain(numbers(1, 2, 3)))
	sum := 0
	for n := range merge(numbers(1, 2, 3), numbers(4, 5)) {
		sum += n
	}
	fmt.Println(sum)

	ctx, cancel := context.WithCancel(context.Background())
	events := make(chan *event, 1)
	events <- &event{7}
	fmt.Println(wait(ctx, events))
	fmt.Println(wait(ctx, events))
	close(events)
	fmt.Println(wait(ctx, events))
	cancel()
	fmt.Println(wait(ctx, nil))

	full := make(chan string, 1)
	for _, s := range []string{"one", "two"} {
		select {
		case full <- s:
			fmt.Println("sent", s)
		default:
			fmt.Println("dropped", s)
		}
	}
	done, ticks := make(chan struct{}), 0
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
loop:
	for {
		select {
		case <-tick.C:
			ticks++
			if ticks == 3 {
				tick.Stop()
				close(done)
			}
		case <-done:
			break loop
		}
	}
	fmt.Println("ticks", ticks)
	if v, ok := <-full; ok {
		fmt.Println(v, len(full), cap(full))
	}
}
