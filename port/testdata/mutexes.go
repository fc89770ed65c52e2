// Colour: a mutex whose sections never wait disappears, and its getters stay synchronous; one that is held over a wait stays.
package main

import (
	"fmt"
	"sync"
	"time"
)

// cache needs no mutex here.
type cache struct {
	mu     sync.RWMutex
	values map[string]int
}

func (c *cache) get(k string) (int, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.values[k]
	return v, ok
}

func (c *cache) set(k string, v int) {
	c.mu.Lock()
	c.values[k] = v
	c.mu.Unlock()
}

// account holds its mutex while it waits.
type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	old := a.balance
	time.Sleep(time.Millisecond)
	a.balance = old + n
}

func (a *account) total() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

type lazy struct {
	once  sync.Once
	value string
}

func (l *lazy) get() string {
	l.once.Do(func() { l.value = "made" })
	return l.value
}

type queue struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(n int) {
	q.mu.Lock()
	q.items = append(q.items, n)
	q.mu.Unlock()
	q.cond.Signal()
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	n := q.items[0]
	q.items = q.items[1:]
	return n
}

func main() {
	c := &cache{values: map[string]int{}}
	c.set("a", 1)
	fmt.Println(c.get("a"))
	fmt.Println(c.get("b"))

	a := &account{}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() { a.deposit(10) })
	}
	wg.Wait()
	fmt.Println(a.total())

	l := &lazy{}
	fmt.Println(l.get(), l.get())

	q := newQueue()
	go func() {
		for i := range 3 {
			q.put(i)
		}
	}()
	fmt.Println(q.take(), q.take(), q.take())
}
