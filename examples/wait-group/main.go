// Fan-out with a WaitGroup: one goroutine per part, each writes only its own place, and whoever waits sees all of
// them. The group may be used again, and a goroutine may add others before it is done.
package main

import (
	"fmt"
	"sync"
)

type node struct {
	value       int
	left, right *node
}

func tree(from, to int) *node {
	if from > to {
		return nil
	}
	middle := (from + to) / 2
	return &node{middle, tree(from, middle-1), tree(middle+1, to)}
}

func main() {
	words := []string{"fan", "out", "and", "gather", "again"}
	var wg sync.WaitGroup
	lengths := make([]int, len(words))
	for i, word := range words {
		wg.Add(1)
		go func() {
			defer wg.Done()
			lengths[i] = len(word)
		}()
	}
	wg.Wait()
	fmt.Println(lengths)

	for i := range lengths {
		wg.Go(func() { lengths[i] *= 10 })
	}
	wg.Wait()
	fmt.Println(lengths)

	var mu sync.Mutex
	sum, nodes := 0, 0
	var visit func(n *node)
	visit = func(n *node) {
		if n == nil {
			return
		}
		wg.Go(func() { visit(n.left) })
		wg.Go(func() { visit(n.right) })
		mu.Lock()
		defer mu.Unlock()
		sum += n.value
		nodes++
	}
	wg.Go(func() { visit(tree(1, 100)) })
	wg.Wait()
	fmt.Println("sum", sum, "nodes", nodes)

	var several sync.WaitGroup
	woken := make(chan int, 3)
	wg.Add(1)
	for id := range 3 {
		several.Go(func() {
			wg.Wait()
			woken <- id
		})
	}
	fmt.Println("woken before done:", len(woken))
	wg.Done()
	several.Wait()
	fmt.Println("woken after done:", len(woken))
}
