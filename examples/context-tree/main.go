// A tree of contexts: the client leaves, and the cancel runs from its request down to the query and the cache, each with the
// cause. What must be done all the same, the audit, has cut itself off.
package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

var (
	mu    sync.Mutex
	lines []string
)

func work(ctx context.Context, name string) {
	<-ctx.Done()
	mu.Lock()
	defer mu.Unlock()
	lines = append(lines, fmt.Sprintf("%s ends: %v", name, context.Cause(ctx)))
}

func main() {
	request, leave := context.WithCancelCause(context.Background())
	defer leave(nil)
	query, cancelQuery := context.WithTimeout(request, 30*time.Second)
	defer cancelQuery()
	cache, cancelCache := context.WithTimeout(query, 1*time.Second)
	defer cancelCache()
	audit := context.WithoutCancel(request)

	var both sync.WaitGroup
	both.Go(func() { work(query, "query") })
	both.Go(func() { work(cache, "cache") })
	leave(errors.New("the client has left"))
	both.Wait()
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
	fmt.Println("audit goes on:", audit.Err() == nil)
}
