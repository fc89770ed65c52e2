// Types that are declared as others, and values that are converted: pointers keep their objects, a type switch has a
// variable of its own, a named slice has the methods of its box.
package main

import (
	"container/heap"
	"errors"
	"fmt"
	"sync"
)

// timer is what its users see; the clock sees the same object as an internalTimer.
type timer struct {
	next    int
	stopped bool
	name    string
}

func (t *timer) Stop() bool {
	was := t.stopped
	t.stopped = true
	return !was
}

type internalTimer timer

func (t *internalTimer) Next() int { return t.next }

func (t *internalTimer) Tick(now int) {
	if !t.stopped {
		fmt.Println(t.name, "at", now)
	}
	t.next += 10
}

type ticking interface {
	Next() int
	Tick(now int)
}

type clock struct{ timers []ticking }

func (c *clock) add(t *timer) *timer {
	c.timers = append(c.timers, (*internalTimer)(t))
	return t
}

func (c *clock) advance(to int) {
	for _, t := range c.timers {
		for t.Next() <= to {
			t.Tick(t.Next())
		}
	}
}

type wrapped struct{ err error }

func (w *wrapped) Error() string { return "wrapped: " + w.err.Error() }

// unwrap assigns the variable of the type switch; the one outside keeps its value.
func unwrap(err error) (string, error) {
	text := ""
	switch err := err.(type) {
	case *wrapped:
		if err.err.Error() == "first" {
			err = &wrapped{errors.New("second")}
		}
		text = err.Error()
	default:
		text = "plain"
	}
	return text, err
}

// queue has a method that differs from another one only in its first letter.
type queue[T any] []*entry[T]

type entry[T any] struct {
	value    T
	priority int
}

func (q *queue[T]) push(v T, priority int) { heap.Push(q, &entry[T]{v, priority}) }
func (q *queue[T]) pop() T                 { return heap.Pop(q).(*entry[T]).value }
func (q queue[T]) Len() int                { return len(q) }
func (q queue[T]) Less(i, j int) bool      { return q[i].priority < q[j].priority }
func (q queue[T]) Swap(i, j int)           { q[i], q[j] = q[j], q[i] }
func (q *queue[T]) Push(x any)             { *q = append(*q, x.(*entry[T])) }
func (q *queue[T]) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

type workers struct {
	cache sync.Pool
	made  int
}

func newWorkers() *workers {
	w := &workers{}
	w.cache.New = func() any {
		w.made++
		return fmt.Sprint("worker ", w.made)
	}
	return w
}

// cut shortens a list, and clears what it cut off.
func cut(list *[]int, n int) int {
	var rest []int
	*list, rest = (*list)[:n], (*list)[n:]
	for i := range rest {
		rest[i] = 0
	}
	return len(rest)
}

func names(
	first string,
	rest ...string,
) string {
	return fmt.Sprint(first, rest)
}

func main() {
	c := &clock{}
	a := c.add(&timer{next: 5, name: "a"})
	c.add(&timer{next: 7, name: "b"})
	c.advance(16)
	fmt.Println(a.Stop(), a.Stop(), a.next)
	c.advance(26)

	fmt.Println(unwrap(&wrapped{errors.New("first")}))
	fmt.Println(unwrap(errors.New("other")))

	q := &queue[string]{}
	q.push("low", 3)
	q.push("high", 1)
	q.push("middle", 2)
	fmt.Println(q.pop(), q.pop(), q.Len())

	numbers := []int{1, 2, 3, 4, 5}
	fmt.Println(cut(&numbers, 2), numbers)

	w := newWorkers()
	fmt.Println(w.cache.Get(), w.cache.Get(), w.made)
	fmt.Println(names("a", "b", "c"))
}
