// Publish and subscribe: who publishes offers each piece of news to every subscriber, and a subscriber who has left is
// skipped: the select has both. No lock is held while somebody is waited for.
package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

type subscriber struct {
	name  string
	ctx   context.Context
	leave context.CancelFunc
	news  chan string
}

func subscribe(name string) *subscriber {
	ctx, leave := context.WithCancel(context.Background())
	return &subscriber{name, ctx, leave, make(chan string)}
}

func publish(subscribers []*subscriber, text string) {
	for _, s := range subscribers {
		select {
		case s.news <- text:
		case <-s.ctx.Done():
		}
	}
}

var (
	mu    sync.Mutex
	lines []string
)

func read(s *subscriber, pieces int) {
	for range pieces {
		<-s.news
	}
	s.leave()
	mu.Lock()
	defer mu.Unlock()
	lines = append(lines, fmt.Sprintf("%s has read %d and left", s.name, pieces))
}

func main() {
	ann, bob := subscribe("ann"), subscribe("bob")
	var readers sync.WaitGroup
	readers.Go(func() { read(ann, 1) })
	readers.Go(func() { read(bob, 2) })
	for _, text := range []string{"rain", "sun", "snow"} {
		publish([]*subscriber{ann, bob}, text)
	}
	readers.Wait()
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
	fmt.Println("all is published")
}
