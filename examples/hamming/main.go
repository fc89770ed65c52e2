// The numbers whose only prime factors are 2, 3 and 5, in order: a network that multiplies its own output and merges it
// again. Dijkstra's exercise; the buffers grow with the lag between the three branches, so each branch keeps a queue of
// its own.
package main

import "fmt"

// times multiplies what comes in, and holds it until somebody takes it: a select that only sends when it has something.
func times(factor int) (chan<- int, <-chan int) {
	in, out := make(chan int), make(chan int)
	go func() {
		var queue []int
		for {
			var sink chan<- int
			next := 0
			if len(queue) > 0 {
				sink, next = out, queue[0]
			}
			select {
			case n := <-in:
				queue = append(queue, n*factor)
			case sink <- next:
				queue = queue[1:]
			}
		}
	}()
	return in, out
}

func hamming() <-chan int {
	out := make(chan int)
	go func() {
		in2, out2 := times(2)
		in3, out3 := times(3)
		in5, out5 := times(5)
		n := 1
		a, b, c := 0, 0, 0
		for {
			out <- n
			in2 <- n
			in3 <- n
			in5 <- n
			if a <= n {
				a = <-out2
			}
			if b <= n {
				b = <-out3
			}
			if c <= n {
				c = <-out5
			}
			n = min(a, b, c)
		}
	}()
	return out
}

func main() {
	numbers := hamming()
	for range 20 {
		fmt.Println(<-numbers)
	}
	for range 1690 - 20 - 1 {
		<-numbers
	}
	fmt.Println("number 1690:", <-numbers)
}
