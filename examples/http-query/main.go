// A client that goes away, over HTTP/1.1 and over HTTP/2: the context of its request ends, and the query with it.
// After "Canceling in-progress operations" in Go's documentation.
package main

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"time"
)

var db = sql.OpenDB(connector{})

const endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

var asked = make(chan string)
var ended = make(chan error)

func main() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Proto
		_, err := db.QueryContext(r.Context(), endless)
		ended <- err
	})

	var protocols http.Protocols
	protocols.SetHTTP1(true)
	visit(handler, &protocols)

	var protocols2 http.Protocols
	protocols2.SetUnencryptedHTTP2(true)
	visit(handler, &protocols2)
}

// visit sends a server of its own a request that takes forever, and leaves after a while.
func visit(handler http.Handler, protocols *http.Protocols) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: handler, Protocols: protocols}
	go server.Serve(listener)
	defer server.Close()

	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	go func() {
		request, _ := http.NewRequestWithContext(ctx, "GET", "http://"+listener.Addr().String(), nil)
		client := &http.Client{Transport: &http.Transport{Protocols: protocols}}
		client.Do(request)
	}()

	fmt.Println("the client asks over", <-asked)
	time.Sleep(100 * time.Millisecond)
	leave()
	fmt.Println("the client leaves")
	fmt.Println("the query has ended:", <-ended)
	fmt.Println("connections in use:", db.Stats().InUse)
}
