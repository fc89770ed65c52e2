// Two players and one ball: a channel hands the ball over, a pause in between lets you see it, and closing over ends
// the game. A familiar demonstration of unbuffered channels as the place where two goroutines meet.
package main

import (
	"fmt"
	"time"
)

type ball struct{ hits int }

func player(name string, table chan *ball, over chan<- struct{}) {
	for b := range table {
		b.hits++
		fmt.Println(name, b.hits)
		if b.hits == 10 {
			close(over)
			return
		}
		time.Sleep(1 * time.Millisecond)
		table <- b
	}
}

func main() {
	table := make(chan *ball)
	over := make(chan struct{})
	go player("ping", table, over)
	table <- new(ball)
	go player("pong", table, over)
	<-over
	fmt.Println("game over")
}
