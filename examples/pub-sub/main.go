// Publish and subscribe with subscribers of different speed, and a policy for each: one is waited for, one loses what
// does not fit into its buffer, one gets only the latest. A subscription ends with its context.
package main

import (
	"context"
	"fmt"
)

type subscriber struct {
	ctx     context.Context
	name    string
	ch      chan int
	publish func(s *subscriber, n int)
	lost    int
}

func waitFor(s *subscriber, n int) {
	select {
	case s.ch <- n:
	case <-s.ctx.Done():
	}
}

func drop(s *subscriber, n int) {
	select {
	case s.ch <- n:
	default:
		s.lost++
	}
}

func latest(s *subscriber, n int) {
	for {
		select {
		case s.ch <- n:
			return
		default:
		}
		select {
		case <-s.ch:
			s.lost++
		default:
		}
	}
}

type broker struct{ subscribers []*subscriber }

func (b *broker) subscribe(ctx context.Context, name string, room int, publish func(*subscriber, int)) *subscriber {
	s := &subscriber{ctx, name, make(chan int, room), publish, 0}
	b.subscribers = append(b.subscribers, s)
	return s
}

func (b *broker) publish(n int) {
	var left []*subscriber
	for _, s := range b.subscribers {
		if s.ctx.Err() != nil {
			close(s.ch)
			continue
		}
		s.publish(s, n)
		left = append(left, s)
	}
	b.subscribers = left
}

func main() {
	ctx := context.Background()
	short, unsubscribe := context.WithCancel(ctx)
	var b broker
	diligent := b.subscribe(ctx, "diligent", 0, waitFor)
	slow := b.subscribe(ctx, "slow", 3, drop)
	lazy := b.subscribe(ctx, "lazy", 1, latest)
	fickle := b.subscribe(short, "fickle", 10, drop)

	sum := make(chan int)
	go func() {
		total := 0
		for n := range diligent.ch {
			total += n
		}
		sum <- total
	}()
	for n := 1; n <= 10; n++ {
		if n == 5 {
			unsubscribe()
		}
		b.publish(n)
	}
	for _, s := range b.subscribers {
		close(s.ch)
	}

	fmt.Println("diligent: sum", <-sum, "lost", diligent.lost)
	for _, s := range []*subscriber{slow, lazy, fickle} {
		fmt.Print(s.name, ":")
		for n := range s.ch {
			fmt.Print(" ", n)
		}
		fmt.Println(", lost", s.lost)
	}
}
