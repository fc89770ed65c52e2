package main

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

type key struct{ int }

func init() {
	register(map[string]run{
		"ctx-cancel": func(n int) int { return cancelChildren(context.Background(), n) },
		"ctx-child": func(n int) int {
			parent, cancel := context.WithCancel(context.Background())
			defer cancel()
			return cancelChildren(parent, n)
		},
		"ctx-tree": func(n int) int {
			ended := 0
			children := make([]context.Context, 1000)
			for i := 0; i < n; i += 1000 {
				parent, cancel := context.WithCancel(context.Background())
				for j := range children {
					child, stop := context.WithCancel(parent)
					// The parent's cancel is the one that counts here.
					_ = stop
					children[j] = child
				}
				cancel()
				for _, child := range children {
					if child.Err() != nil {
						ended++
					}
				}
			}
			return ended
		},
		"ctx-timeout": func(n int) int {
			ended := 0
			for range n {
				ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
				cancel()
				if ctx.Err() != nil {
					ended++
				}
			}
			return ended
		},
		"ctx-value": func(n int) int {
			ctx := context.Background()
			for i := range 10 {
				ctx = context.WithValue(ctx, key{i}, i+1)
			}
			found := 0
			for range n {
				found += ctx.Value(key{0}).(int)
			}
			return found
		},
		"mutex": func(n int) int {
			var mu sync.Mutex
			locked := 0
			for range n {
				mu.Lock()
				locked++
				mu.Unlock()
			}
			return locked
		},
		"mutex-contended": func(n int) int {
			var mu sync.Mutex
			locked := 0
			inTen(n, func() {
				mu.Lock()
				before := locked
				runtime.Gosched()
				locked = before + 1
				mu.Unlock()
			})
			return locked
		},
		"waitgroup": func(n int) int {
			var wg sync.WaitGroup
			work := make(chan int)
			done := 0
			go func() {
				for one := range work {
					done += one
					wg.Done()
				}
			}()
			for range n {
				wg.Add(1)
				work <- 1
				wg.Wait()
			}
			close(work)
			return done
		},
		"errgroup": func(n int) int {
			var done atomic.Int64
			for i := 0; i < n; i += 1000 {
				var group errgroup.Group
				group.SetLimit(8)
				for range 1000 {
					group.Go(func() error {
						runtime.Gosched()
						done.Add(1)
						return nil
					})
				}
				_ = group.Wait()
			}
			return int(done.Load())
		},
		"semaphore": func(n int) int {
			tokens := semaphore.NewWeighted(4)
			ctx := context.Background()
			held := 0
			for range n {
				_ = tokens.Acquire(ctx, 1)
				held++
				tokens.Release(1)
			}
			return held
		},
		"semaphore-contended": func(n int) int {
			tokens := semaphore.NewWeighted(2)
			ctx := context.Background()
			var held atomic.Int64
			inTen(n, func() {
				_ = tokens.Acquire(ctx, 1)
				runtime.Gosched()
				held.Add(1)
				tokens.Release(1)
			})
			return int(held.Load())
		},
		"limiter": func(n int) int {
			limiter := rate.NewLimiter(1e9, 1e9)
			allowed := 0
			for range n {
				if limiter.Allow() {
					allowed++
				}
			}
			return allowed
		},
	})
}

func cancelChildren(parent context.Context, n int) int {
	ended := 0
	for range n {
		ctx, cancel := context.WithCancel(parent)
		cancel()
		if ctx.Err() != nil {
			ended++
		}
	}
	return ended
}

// inTen runs step n times in ten goroutines.
func inTen(n int, step func()) {
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			for i := 0; i < n; i += 10 {
				step()
			}
		})
	}
	wg.Wait()
}

// measureMemory returns the bytes of heap and stack that each of many parked goroutines, channels or contexts takes.
func measureMemory(what string) float64 {
	const n = 100_000
	never := make(chan int)
	var others [7]chan int
	for i := range others {
		others[i] = make(chan int)
	}
	parent, end := context.WithCancel(context.Background())
	defer end()
	kept := make([]any, 0, 2*n)
	before := inUse()
	for i := range n {
		switch what {
		case "receive":
			go func() { <-never }()
		case "select2":
			go func() {
				select {
				case <-never:
				case <-others[0]:
				}
			}()
		case "select8":
			go func() {
				select {
				case <-never:
				case <-others[0]:
				case <-others[1]:
				case <-others[2]:
				case <-others[3]:
				case <-others[4]:
				case <-others[5]:
				case <-others[6]:
				}
			}()
		case "receive-ctx":
			go func() {
				select {
				case <-never:
				case <-parent.Done():
				}
			}()
		case "cancel":
			ctx, cancel := context.WithCancel(context.Background())
			kept = append(kept, ctx, cancel)
		case "cancel-done":
			ctx, cancel := context.WithCancel(context.Background())
			ctx.Done()
			kept = append(kept, ctx, cancel)
		case "child":
			ctx, cancel := context.WithCancel(parent)
			kept = append(kept, ctx, cancel)
		case "timeout":
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			kept = append(kept, ctx, cancel)
		case "value":
			kept = append(kept, context.WithValue(parent, key{0}, i))
		case "after":
			kept = append(kept, time.After(time.Hour))
		case "newTimer":
			kept = append(kept, time.NewTimer(time.Hour))
		case "afterFunc":
			kept = append(kept, time.AfterFunc(time.Hour, func() {}))
		case "channel":
			kept = append(kept, make(chan int))
		default:
			fail("no such thing: " + what)
		}
	}
	time.Sleep(100 * time.Millisecond)
	bytes := inUse() - before
	runtime.KeepAlive(kept)
	return float64(bytes) / n
}

func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapInuse + stats.StackInuse)
}
