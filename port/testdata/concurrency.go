// Channels, selects, goroutines with arguments, contexts, locks, timers.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

func gen(n int) <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch)
		for i := 0; i < n; i++ {
			ch <- i
		}
	}()
	return ch
}

func selects() {
	a, b := make(chan int, 1), make(chan string, 1)
	select {
	case v := <-a:
		fmt.Println(v)
	default:
		fmt.Println("none")
	}
	a <- 1
	b <- "x"
	select {
	case v, ok := <-a:
		fmt.Println(v, ok)
	case b <- "x":
		fmt.Println("sent")
	}
	for i := 0; i < 5; i++ {
		select {
		case b <- fmt.Sprint(i):
			fmt.Println("sent", i)
		case s := <-b:
			if s == "x" {
				break
			}
			fmt.Println("got", s)
		}
	}
	var nilc chan int
	select {
	case <-nilc:
		fmt.Println("nil")
	case <-time.After(time.Millisecond):
		fmt.Println("timeout")
	}
	done := make(chan struct{})
	close(done)
	_, ok := <-done
	fmt.Println(ok)
	c := make(chan int, 3)
	c <- 1
	c <- 2
	close(c)
	for v := range c {
		fmt.Print(v, " ")
	}
	v, ok := <-c
	fmt.Println(v, ok, len(c), cap(c))
	st := make(chan struct{ a int }, 1)
	close(st)
	z := <-st
	fmt.Println(z.a)
loop:
	for {
		select {
		case <-done:
			break loop
		}
	}
}

func workers() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	jobs := make(chan int)
	results := make(chan int, 10)
	for w := 0; w < 3; w++ {
		wg.Add(1)
		go func(id int) {
			defer wg.Done()
			for j := range jobs {
				results <- j * j
				mu.Lock()
				sum += j
				mu.Unlock()
			}
		}(w)
	}
	for i := 0; i < 10; i++ {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	close(results)
	t := 0
	for r := range results {
		t += r
	}
	fmt.Println(sum, t)
}

type cache struct {
	mu sync.RWMutex
	m  map[string]int
}

func (c *cache) get(k string) (int, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.m[k]
	return v, ok
}
func (c *cache) set(k string, v int) {
	c.mu.Lock()
	c.m[k] = v
	c.mu.Unlock()
}

func ctxs() {
	ctx, cancel := context.WithCancel(context.Background())
	type key string
	vctx := context.WithValue(ctx, key("a"), 5)
	fmt.Println(vctx.Value(key("a")), vctx.Value(key("b")), vctx.Value("a"))
	go func() {
		time.Sleep(time.Millisecond)
		cancel()
	}()
	<-vctx.Done()
	fmt.Println(vctx.Err(), errors.Is(vctx.Err(), context.Canceled))
	t, c2 := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer c2()
	select {
	case <-t.Done():
		fmt.Println(t.Err())
	case <-time.After(time.Second):
		fmt.Println("late")
	}
	_, has := t.Deadline()
	fmt.Println(has)
}

func once() {
	var o sync.Once
	for i := 0; i < 3; i++ {
		o.Do(func() { fmt.Println("once", i) })
	}
	var n atomic.Int64
	var cnt int32
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			n.Add(int64(i))
			atomic.AddInt32(&cnt, 1)
		}()
	}
	wg.Wait()
	fmt.Println(n.Load(), cnt, n.CompareAndSwap(10, 3), n.Load())
}

func args() {
	x := 1
	ch := make(chan int)
	f := func(n int) { ch <- n }
	go f(x)
	x = 2
	fmt.Println(<-ch)
	s := struct{ n int }{1}
	go func(s struct{ n int }) { ch <- s.n }(s)
	s.n = 9
	fmt.Println(<-ch)
	for i := 0; i < 3; i++ {
		go func() { ch <- i }()
		fmt.Print(<-ch, " ")
	}
	fmt.Println()
	errc := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				errc <- fmt.Errorf("panic: %v", r)
			}
		}()
		panic("boom")
	}()
	fmt.Println(<-errc)
	funcs := make(chan func() int, 2)
	funcs <- func() int { return 4 }
	fmt.Println((<-funcs)())
	chch := make(chan chan int, 1)
	inner := make(chan int, 1)
	chch <- inner
	inner <- 8
	fmt.Println(<-<-chch)
}

type Sem chan struct{}

func (s Sem) Acquire() { s <- struct{}{} }
func (s Sem) Release() { <-s }

func conds() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	go func() {
		mu.Lock()
		ready = true
		mu.Unlock()
		c.Broadcast()
	}()
	mu.Lock()
	for !ready {
		c.Wait()
	}
	mu.Unlock()
	fmt.Println("ready", ready)
	s := make(Sem, 1)
	s.Acquire()
	s.Release()
	fmt.Println(len(s), cap(s))
	t := time.NewTimer(time.Hour)
	fmt.Println(t.Stop(), t.Stop())
	tick := time.NewTicker(time.Millisecond)
	n := 0
	for range tick.C {
		n++
		if n == 3 {
			tick.Stop()
			break
		}
	}
	fmt.Println(n)
	var m sync.Map
	m.Store("a", 1)
	v, ok := m.Load("a")
	_, loaded := m.LoadOrStore("a", 2)
	fmt.Println(v, ok, loaded)
	p := sync.Pool{New: func() any { return 7 }}
	fmt.Println(p.Get())
	d := 1500 * time.Millisecond
	fmt.Println(d, d.Seconds(), d/2, d > time.Second, time.Duration(90)*time.Minute, d.Milliseconds(), int64(d), time.Duration(2.5*float64(time.Second)))
}

func main() {
	for v := range gen(3) {
		fmt.Print(v, " ")
	}
	fmt.Println()
	selects()
	workers()
	c := &cache{m: map[string]int{}}
	c.set("a", 1)
	fmt.Println(c.get("a"))
	ctxs()
	once()
	args()
	conds()
}
