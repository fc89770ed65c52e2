// A context carries a deadline through every function. Whoever waits, waits for it too, and says why it came back.
package main

import (
	"context"
	"fmt"
	"time"
)

func lookUp(ctx context.Context, name string, takes time.Duration) (string, error) {
	select {
	case <-time.After(takes):
		return name + " lives in Oslo", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	ann, _ := lookUp(ctx, "ann", 20*time.Millisecond)
	fmt.Println(ann)
	if _, err := lookUp(ctx, "bob", 1*time.Hour); err != nil {
		fmt.Println("bob:", err)
	}
}
