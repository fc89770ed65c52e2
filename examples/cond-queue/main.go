// A bounded queue from one mutex and two conditions: put waits while it is full, take while it is empty, close wakes
// all. What is waited for is asked again after each wait, because somebody else may have been faster.
package main

import (
	"fmt"
	"sync"
)

type queue struct {
	mu                sync.Mutex
	notEmpty, notFull *sync.Cond
	items             []int
	room, most        int
	closed            bool
}

func newQueue(room int) *queue {
	q := &queue{room: room}
	q.notEmpty, q.notFull = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(item int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == q.room {
		q.notFull.Wait()
	}
	q.items = append(q.items, item)
	q.most = max(q.most, len(q.items))
	q.notEmpty.Signal()
}

func (q *queue) take() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.notEmpty.Wait()
	}
	if len(q.items) == 0 {
		return 0, false
	}
	item := q.items[0]
	q.items = q.items[1:]
	q.notFull.Signal()
	return item, true
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.notEmpty.Broadcast()
}

func main() {
	q := newQueue(3)
	var producers, consumers sync.WaitGroup
	for p := range 4 {
		producers.Go(func() {
			for i := range 25 {
				q.put(100*p + i)
			}
		})
	}
	taken := make([][]int, 3)
	for c := range taken {
		consumers.Go(func() {
			for item, ok := q.take(); ok; item, ok = q.take() {
				taken[c] = append(taken[c], item)
			}
		})
	}
	producers.Wait()
	q.close()
	consumers.Wait()

	sum, count, inOrder := 0, 0, true
	for _, items := range taken {
		last := map[int]int{}
		for _, item := range items {
			sum, count = sum+item, count+1
			if before, ok := last[item/100]; ok && before > item {
				inOrder = false
			}
			last[item/100] = item
		}
	}
	fmt.Println("items:", count, "sum:", sum)
	fmt.Println("never more than three:", q.most <= 3)
	fmt.Println("each producer's items in order:", inOrder)
}
