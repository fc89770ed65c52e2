// Restoring the order: two speakers share a channel, and each message brings along the channel on which its sender waits.
// Whoever reads lets both go on at the end of a round, so nobody speaks twice in one.
package main

import (
	"fmt"
	"slices"
	"strings"
)

type message struct {
	text string
	goOn chan struct{}
}

func speak(name string, out chan<- message, rounds int) {
	goOn := make(chan struct{})
	for i := 1; i <= rounds; i++ {
		out <- message{fmt.Sprintf("%s %d", name, i), goOn}
		<-goOn
	}
}

func main() {
	out := make(chan message)
	const rounds = 2
	go speak("ann", out, rounds)
	go speak("bob", out, rounds)
	for round := 1; round <= rounds; round++ {
		a, b := <-out, <-out
		texts := []string{a.text, b.text}
		slices.Sort(texts)
		fmt.Printf("round %d: %s\n", round, strings.Join(texts, ", "))
		a.goOn <- struct{}{}
		b.goOn <- struct{}{}
	}
}
