// Functions as values: captured variables, arguments of go, method values, recursion, variadics.
package main

import (
	"fmt"
	"sync"
)

type counter struct{ n int }

func (c *counter) add(d int) int { c.n += d; return c.n }

func adder() func(int) int {
	total := 0
	return func(n int) int {
		total += n
		return total
	}
}

func apply(f func(int) int, list ...int) (out []int) {
	for _, n := range list {
		out = append(out, f(n))
	}
	return
}

type op func(a, b int) int

func (o op) twice(a, b int) int { return o(o(a, b), b) }

type handler interface{ handle(s string) string }
type handlerFunc func(string) string

func (f handlerFunc) handle(s string) string { return f(s) }

func use(h handler) string { return h.handle("x") }

func main() {
	add := adder()
	add(1)
	fmt.Println(add(2), apply(add, 1, 2, 3), apply(func(n int) int { return n * n }, []int{4, 5}...))

	var fns []func() int
	for i := 0; i < 3; i++ {
		fns = append(fns, func() int { return i * 10 })
	}
	for _, f := range fns {
		fmt.Print(f(), " ")
	}
	fmt.Println()

	c := &counter{}
	m := c.add
	old := c
	c = &counter{100}
	fmt.Println(m(1), m(2))
	fmt.Println(old.n, c.n)
	fmt.Println((*counter).add(c, 5))

	var fib func(n int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(15))

	var wg sync.WaitGroup
	results := make([]int, 3)
	n := 1
	for i := range 3 {
		wg.Add(1)
		go func(n int) {
			defer wg.Done()
			results[i] = n
		}(n)
		n *= 2
	}
	wg.Wait()
	fmt.Println(results)

	var mu sync.Mutex
	shared := 0
	for range 10 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			shared++
		})
	}
	wg.Wait()
	fmt.Println(shared, op(func(a, b int) int { return a + b }).twice(1, 2))
	fmt.Println(use(handlerFunc(func(s string) string { return s + "!" })))

	var none func()
	fmt.Println(none == nil)
	func() { fmt.Println("called at once") }()
}
