// A cache that is filled once per key however many ask at the same time: the first one loads, the others wait for its
// result, as singleflight has it. A failure is shared by those who wait, and is not kept.
package main

import (
	"errors"
	"fmt"
	"sync"
)

// A call is a load that is under way.
type call struct {
	done  chan struct{}
	value string
	err   error
}

type cache struct {
	mu     sync.Mutex
	values map[string]string
	calls  map[string]*call
	load   func(key string) (string, error)
}

func (c *cache) get(key string) (string, error) {
	c.mu.Lock()
	if value, ok := c.values[key]; ok {
		c.mu.Unlock()
		return value, nil
	}
	running, ok := c.calls[key]
	if !ok {
		running = &call{done: make(chan struct{})}
		c.calls[key] = running
	}
	c.mu.Unlock()
	if ok {
		<-running.done
		return running.value, running.err
	}
	running.value, running.err = c.load(key)
	c.mu.Lock()
	if running.err == nil {
		c.values[key] = running.value
	}
	delete(c.calls, key)
	c.mu.Unlock()
	close(running.done)
	return running.value, running.err
}

func main() {
	var mu sync.Mutex
	loads := map[string]int{}
	broken := true
	c := &cache{values: map[string]string{}, calls: map[string]*call{}}
	c.load = func(key string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		loads[key]++
		if key == "moon" && broken {
			return "", errors.New("no moon tonight")
		}
		return "the " + key, nil
	}

	var wg sync.WaitGroup
	answers := make([]string, 30)
	for i := range answers {
		wg.Go(func() {
			answers[i], _ = c.get([]string{"sun", "sea", "sky"}[i%3])
		})
	}
	wg.Wait()
	fmt.Println(len(answers), answers[0], answers[1], answers[29])
	fmt.Println("loads:", loads["sun"], loads["sea"], loads["sky"])

	_, err := c.get("moon")
	fmt.Println(err)
	broken = false
	moon, err := c.get("moon")
	fmt.Println(moon, err)
	moon, _ = c.get("moon")
	fmt.Println(moon, loads["moon"])
}
