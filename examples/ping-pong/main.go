// Two players and one ball: a channel hands the ball over, a pause in between lets you see it, and closing the table ends
// the game for both. A familiar demonstration of unbuffered channels as the place where two goroutines meet.
package main

import (
	"fmt"
	"sync"
	"time"
)

type ball struct{ hits int }

func player(name string, table chan *ball) {
	for b := range table {
		b.hits++
		fmt.Println(name, b.hits)
		if b.hits == 10 {
			close(table)
			return
		}
		time.Sleep(1 * time.Millisecond)
		table <- b
	}
}

func main() {
	table := make(chan *ball)
	var players sync.WaitGroup
	players.Go(func() { player("ping", table) })
	table <- new(ball)
	players.Go(func() { player("pong", table) })
	players.Wait()
	fmt.Println("game over")
}
