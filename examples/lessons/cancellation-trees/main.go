// A request with two branches, one of which has a twig. Canceling a branch ends its twig; canceling the request ends all.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

func work(ctx context.Context, name string) {
	<-ctx.Done()
	fmt.Println(name, "ends:", context.Cause(ctx))
}

func main() {
	request, leave := context.WithCancelCause(context.Background())
	images, stopImages := context.WithCancelCause(request)
	thumbnail, stopThumbnail := context.WithTimeout(images, 1*time.Minute)
	defer stopThumbnail()
	text, stopText := context.WithTimeout(request, 1*time.Minute)
	defer stopText()
	var all sync.WaitGroup
	all.Go(func() { work(thumbnail, "thumbnail") })
	all.Go(func() { work(text, "text") })
	stopImages(errors.New("images are off"))
	time.Sleep(10 * time.Millisecond)
	leave(errors.New("the reader has left"))
	all.Wait()
}
