// A stand-in for a database, with the signature of the real one: a query ends when its context ends. database/sql tells the
// server, too.
package main

import (
	"context"
	"fmt"
	"time"
)

type db struct{}

func (db) query(ctx context.Context, text string) ([]string, error) {
	fmt.Println("server runs:", text)
	select {
	case <-time.After(1 * time.Minute):
		return []string{"ann", "bob"}, nil
	case <-ctx.Done():
		fmt.Println("server stops:", text)
		return nil, ctx.Err()
	}
}

func main() {
	request, clientLeaves := context.WithCancel(context.Background())
	go func() {
		time.Sleep(20 * time.Millisecond)
		clientLeaves()
	}()
	names, err := db{}.query(request, "select name from users")
	if err != nil {
		fmt.Println("no page:", err)
		return
	}
	fmt.Println(names)
}
