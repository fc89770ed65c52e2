package main

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"
)

// An experiment sets something up with n of a kind, and returns the nanoseconds per operation. The names and the method are
// those of probes/scale.ts.
type experiment func(n int) float64

// many is the number of operations where it is free.
const many = 20_000

var experiments = map[string]experiment{
	"send to one of n receivers, who comes back": func(n int) float64 {
		ch := make(chan int)
		// A send does not wait until the receiver runs, so the measurement has to.
		var back sync.WaitGroup
		ended := park(n, func() {
			for range ch {
				back.Done()
			}
		})
		perOp := timedMany(n, func() {
			back.Add(many)
			for i := range many {
				ch <- i
			}
			back.Wait()
		})
		close(ch)
		ended.Wait()
		return perOp
	},
	"close a channel with n receivers": func(n int) float64 {
		ch := make(chan int)
		ended := park(n, func() { <-ch })
		return timedOnce(n, func() {
			close(ch)
			ended.Wait()
		})
	},
	"make and cancel one of n children": func(n int) float64 {
		parent, end := context.WithCancel(context.Background())
		defer end()
		children := childrenOf(parent, n)
		perOp := timedMany(n, func() {
			for range many {
				_, cancel := context.WithCancel(parent)
				cancel()
			}
		})
		runtime.KeepAlive(children)
		return perOp
	},
	"cancel a tree of n contexts": func(n int) float64 {
		parent, cancel := context.WithCancel(context.Background())
		children := childrenOf(parent, n)
		return timedOnce(n, func() {
			cancel()
			if children[n-1].Err() == nil {
				panic("not cancelled")
			}
		})
	},
	"park on and leave one channel on which n wait": func(n int) float64 {
		crowded := make(chan int)
		receive := func(ch chan int) int {
			select {
			case v := <-ch:
				return v
			case <-crowded:
				return 0
			}
		}
		ended := park(n, func() { <-crowded })
		perOp := timedMany(n, func() { exchange(many, receive) })
		close(crowded)
		ended.Wait()
		return perOp
	},
	"park on and leave one context that n watch": func(n int) float64 {
		ctx, cancel := context.WithCancel(context.Background())
		receive := func(ch chan int) int {
			select {
			case v := <-ch:
				return v
			case <-ctx.Done():
				return 0
			}
		}
		never := make(chan int)
		ended := park(n, func() { receive(never) })
		perOp := timedMany(n, func() { exchange(many, receive) })
		cancel()
		ended.Wait()
		return perOp
	},
	"set and stop a deadline among n": func(n int) float64 {
		cancels := make([]context.CancelFunc, n)
		for i := range cancels {
			cancels[i] = setDeadline(i)
		}
		perOp := timedMany(n, func() {
			for i := range many {
				setDeadline(i % n)()
			}
		})
		for _, cancel := range cancels {
			cancel()
		}
		return perOp
	},
}

// measureScale warms up on small numbers, and takes the median of several runs where they are short.
func measureScale(e experiment, n int) float64 {
	for i := range 250 {
		e(min(n, 1000) + i%3)
	}
	times := make([]float64, max(1, min(101, 100_000/n)))
	for i := range times {
		times[i] = e(n)
	}
	return middle(times)
}

func middle(times []float64) float64 {
	slices.Sort(times)
	return times[len(times)/2]
}

// park starts n goroutines, and returns when they wait, with what waits for their end.
func park(n int, body func()) *sync.WaitGroup {
	var started, ended sync.WaitGroup
	started.Add(n)
	ended.Add(n)
	for range n {
		go func() {
			started.Done()
			body()
			ended.Done()
		}()
	}
	// On one core the last one goes on until it waits, before this one does.
	started.Wait()
	runtime.Gosched()
	return &ended
}

func childrenOf(parent context.Context, n int) []context.Context {
	children := make([]context.Context, n)
	for i := range children {
		child, stop := context.WithCancel(parent)
		// The parent's cancel is the one that counts here.
		_ = stop
		children[i] = child
	}
	return children
}

func setDeadline(i int) context.CancelFunc {
	_, cancel := context.WithTimeout(context.Background(), time.Hour+time.Duration(i)*time.Millisecond)
	return cancel
}

// timedOnce times n operations that can be done once.
func timedOnce(n int, act func()) float64 {
	settle(n)
	return timed(n, act)
}

// timedMany times operations that can go on and on, several times where n is large.
func timedMany(n int, act func()) float64 {
	settle(n)
	times := make([]float64, 1)
	if isLarge(n) {
		times = make([]float64, 5)
	}
	for i := range times {
		times[i] = timed(many, act)
	}
	return middle(times)
}

func timed(ops int, act func()) float64 {
	start := time.Now()
	act()
	return float64(time.Since(start).Nanoseconds()) / float64(ops)
}

// The rest of a large set-up, such as collecting its garbage, is not part of the operations.
func settle(n int) {
	if isLarge(n) {
		runtime.GC()
	}
}

func isLarge(n int) bool { return n >= 10_000 }
