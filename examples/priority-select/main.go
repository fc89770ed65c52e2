// A select has no priorities: among the ready cases chance decides. An earlier, non-waiting select gives one channel
// precedence. Precedence holds for what is there at that moment only; that is all anyone can promise.
package main

import "fmt"

func main() {
	urgent, normal := make(chan string, 10), make(chan string, 10)
	for i := range 4 {
		normal <- fmt.Sprint("normal ", i)
	}
	for i := range 4 {
		urgent <- fmt.Sprint("urgent ", i)
	}
	close(normal)

	for done := false; !done; {
		select {
		case s := <-urgent:
			fmt.Println(s)
			continue
		default:
		}
		select {
		case s := <-urgent:
			fmt.Println(s)
		case s, ok := <-normal:
			if !ok {
				done = true
				break
			}
			fmt.Println(s)
			if s == "normal 1" {
				urgent <- "urgent, in between"
			}
		}
	}

	// Without precedence both get their share: of 1000 choices between two ready channels each has between 350 and 650.
	a, b := make(chan int, 1000), make(chan int, 1000)
	for range 1000 {
		a <- 0
		b <- 1
	}
	count := [2]int{}
	for range 1000 {
		select {
		case n := <-a:
			count[n]++
		case n := <-b:
			count[n]++
		}
	}
	fmt.Println("fair:", count[0] > 350 && count[0] < 650, count[0]+count[1])
}
