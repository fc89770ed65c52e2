// Merging two channels until both are closed: a channel that is drained becomes nil, and a nil channel's case is never
// chosen. Without it the closed channel would win again and again.
package main

import "fmt"

func numbers(from, to int) <-chan int {
	out := make(chan int)
	go func() {
		for n := from; n <= to; n++ {
			out <- n
		}
		close(out)
	}()
	return out
}

func main() {
	a, b := numbers(1, 4), numbers(10, 60)
	fromA, fromB, sum := 0, 0, 0
	for a != nil || b != nil {
		select {
		case n, ok := <-a:
			if !ok {
				a = nil
				break
			}
			fromA++
			sum += n
		case n, ok := <-b:
			if !ok {
				b = nil
				break
			}
			fromB++
			sum += n
		}
	}
	fmt.Println("from a:", fromA)
	fmt.Println("from b:", fromB)
	fmt.Println("sum:", sum)

	// All cases nil and a default: the default it is.
	select {
	case <-a:
	case <-b:
	default:
		fmt.Println("nothing left")
	}
}
