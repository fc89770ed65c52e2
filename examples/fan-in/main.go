// Fan-in: what two speakers say comes out of one channel, in the order in which it happens to come.
// Neither of them may close it, because the other may still be speaking: one more goroutine waits for both and closes it.
package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

func speak(name string, lines int) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for i := 1; i <= lines; i++ {
			out <- fmt.Sprintf("%s %d", name, i)
		}
	}()
	return out
}

func fanIn(inputs ...<-chan string) <-chan string {
	out := make(chan string)
	var wg sync.WaitGroup
	for _, input := range inputs {
		wg.Go(func() {
			for line := range input {
				out <- line
			}
		})
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

func main() {
	var heard []string
	for line := range fanIn(speak("ann", 2), speak("bob", 2)) {
		heard = append(heard, line)
	}
	slices.Sort(heard)
	fmt.Println(strings.Join(heard, ", "))
}
