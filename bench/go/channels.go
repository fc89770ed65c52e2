package main

import (
	"context"
	"runtime"
	"sync"
	"time"
)

func init() {
	register(map[string]run{
		"pingpong": func(n int) int {
			ping, pong := make(chan int), make(chan int)
			go func() {
				for range n {
					pong <- <-ping + 1
				}
			}()
			sum := 0
			for i := range n {
				ping <- i
				sum += <-pong
			}
			return sum
		},
		"stream0":   func(n int) int { return stream(0, n) },
		"stream128": func(n int) int { return stream(128, n) },
		"select-ready": func(n int) int {
			never := make(chan int)
			return fromBuffer(n, func(ready chan int) int {
				select {
				case v := <-ready:
					return v
				case v := <-never:
					return v
				}
			})
		},
		"select-blocked": func(n int) int {
			never := make(chan int)
			return exchange(n, func(ch chan int) int {
				select {
				case v := <-ch:
					return v
				case v := <-never:
					return v
				}
			})
		},
		"stream-ctx": func(n int) int {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			ch := make(chan int)
			go func() {
				for i := range n {
					select {
					case <-ctx.Done():
						return
					case ch <- i:
					}
				}
			}()
			sum := 0
			for range n {
				select {
				case <-ctx.Done():
					return sum
				case v := <-ch:
					sum += v
				}
			}
			return sum
		},
		"fanin": func(n int) int {
			ch := make(chan int)
			for sender := range 100 {
				go func() {
					for i := sender; i < n; i += 100 {
						ch <- i
					}
				}()
			}
			sum := 0
			for range n {
				sum += <-ch
			}
			return sum
		},
		"sieve": sieve,
		"spawn": func(n int) int {
			var wg sync.WaitGroup
			var mu sync.Mutex
			ended := 0
			for i := 0; i < n; i += 1000 {
				wg.Add(1000)
				for range 1000 {
					go func() {
						mu.Lock()
						ended++
						mu.Unlock()
						wg.Done()
					}()
				}
				wg.Wait()
			}
			return ended
		},
		"spawn-park": func(n int) int {
			var wg sync.WaitGroup
			var mu sync.Mutex
			ended := 0
			for i := 0; i < n; i += 1000 {
				start := make(chan struct{})
				wg.Add(1000)
				for range 1000 {
					go func() {
						<-start
						mu.Lock()
						ended++
						mu.Unlock()
						wg.Done()
					}()
				}
				runtime.Gosched()
				close(start)
				wg.Wait()
			}
			return ended
		},
		"after": func(n int) int {
			return fromBuffer(n, func(ready chan int) int {
				select {
				case v := <-ready:
					return v
				case <-time.After(time.Hour):
					return 0
				}
			})
		},
		"after-blocked": func(n int) int {
			return exchange(n, func(ch chan int) int {
				select {
				case v := <-ch:
					return v
				case <-time.After(time.Hour):
					return 0
				}
			})
		},
		"newchan": func(n int) int {
			made := 0
			for range n {
				last = make(chan int)
				if cap(last) == 0 {
					made++
				}
			}
			return made
		},
	})
}

// last keeps the compiler from leaving the channel out.
var last chan int

func stream(capacity, n int) int {
	ch := make(chan int, capacity)
	go func() {
		for i := range n {
			ch <- i
		}
	}()
	sum := 0
	for range n {
		sum += <-ch
	}
	return sum
}

// fromBuffer fills a buffer and empties it with take, a thousand at a time.
func fromBuffer(n int, take func(ready chan int) int) int {
	ready := make(chan int, 1000)
	sum := 0
	for i := 0; i < n; i += 1000 {
		for j := range 1000 {
			ready <- i + j
		}
		for range 1000 {
			sum += take(ready)
		}
	}
	return sum
}

// exchange passes a counter back and forth between two goroutines, each of which has to wait in every receive.
func exchange(n int, receive func(ch chan int) int) int {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for i := 0; i < n; i += 2 {
			pong <- receive(ping) + 1
		}
	}()
	sum := 0
	for i := 0; i < n; i += 2 {
		ping <- i
		sum += i + receive(pong)
	}
	return sum
}

func sieve(n int) int {
	ch := make(chan int)
	go func(to chan<- int) {
		for i := 2; ; i++ {
			to <- i
		}
	}(ch)
	for i := 1; ; i++ {
		prime := <-ch
		if i == n {
			return prime
		}
		next := make(chan int)
		go func(from <-chan int, to chan<- int) {
			for {
				if i := <-from; i%prime != 0 {
					to <- i
				}
			}
		}(ch, next)
		ch = next
	}
}
