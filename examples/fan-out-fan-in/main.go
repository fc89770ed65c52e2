// Fan-out: several goroutines receive from one channel, each value goes to one of them. Fan-in: their results come
// together again. Who handles what is left to chance; that every value is handled exactly once is not.
package main

import "fmt"

func numbers(limit int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := 1; n <= limit; n++ {
			out <- n
		}
	}()
	return out
}

func square(in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			out <- n * n
		}
	}()
	return out
}

// merge closes its channel when all of the given ones are closed and drained.
func merge(ins ...<-chan int) <-chan int {
	out := make(chan int)
	done := make(chan struct{})
	for _, in := range ins {
		go func() {
			for n := range in {
				out <- n
			}
			done <- struct{}{}
		}()
	}
	go func() {
		for range ins {
			<-done
		}
		close(out)
	}()
	return out
}

func main() {
	in := numbers(100)
	results, sum := 0, 0
	for n := range merge(square(in), square(in), square(in)) {
		results++
		sum += n
	}
	fmt.Println("results:", results)
	fmt.Println("sum of squares:", sum)
}
