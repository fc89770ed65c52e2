// A context carries values that belong to one request; a key that nobody set finds nothing.
// After the example of WithValue in Go's context package.
package main

import (
	"context"
	"fmt"
)

type favContextKey string

func main() {
	f := func(ctx context.Context, k favContextKey) {
		if v := ctx.Value(k); v != nil {
			fmt.Println("found value:", v)
			return
		}
		fmt.Println("key not found:", k)
	}

	k := favContextKey("language")
	ctx := context.WithValue(context.Background(), k, "Go")

	f(ctx, k)
	f(ctx, favContextKey("color"))
}
