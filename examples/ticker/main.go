// Requests at a steady rate, with bursts of two: a ticker puts a token into a bucket, a request takes one out.
// A token that finds the bucket full is dropped, so the ticker's goroutine never waits for a request.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

func fill(ctx context.Context, bucket chan<- struct{}) {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			select {
			case bucket <- struct{}{}:
			default:
			}
		}
	}
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	bucket := make(chan struct{}, 2)
	bucket <- struct{}{}
	bucket <- struct{}{}
	var filler sync.WaitGroup
	filler.Go(func() { fill(ctx, bucket) })
	for request := 1; request <= 4; request++ {
		<-bucket
		fmt.Println("request", request)
	}
	cancel()
	filler.Wait()
	fmt.Println("the ticker has stopped")
}
