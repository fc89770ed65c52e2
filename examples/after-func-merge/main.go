// Two contexts merged into one that ends with whichever ends first, and says which one it was.
// The idea of the AfterFunc (merge) example of Go's context package, written anew.
package main

import (
	"context"
	"errors"
	"fmt"
)

// merge derives a context from a that also ends when b does.
func merge(a, b context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(a)
	stop := context.AfterFunc(b, func() { cancel(context.Cause(b)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

func main() {
	request, endRequest := context.WithCancelCause(context.Background())
	server, endServer := context.WithCancelCause(context.Background())

	// The second parent ends: its goroutine passes the cause on.
	ctx, cancel := merge(request, server)
	defer cancel()
	endServer(errors.New("server shuts down"))
	<-ctx.Done()
	fmt.Println(ctx.Err(), "/", context.Cause(ctx))
	fmt.Println("request is alive:", request.Err() == nil)

	// The first parent ends: the merged context ends with it, before cancel returns.
	ctx, cancel = merge(request, context.Background())
	defer cancel()
	endRequest(errors.New("client went away"))
	fmt.Println(ctx.Err(), "/", context.Cause(ctx))

	// Neither ends: the merged context can still be canceled by itself.
	ctx, cancel = merge(context.Background(), context.TODO())
	cancel()
	fmt.Println(ctx.Err(), "/", context.Cause(ctx))
}
