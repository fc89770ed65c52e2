// Calls under a context: a timeout covers the headers and the body, a call fails with the cause, and with a context
// that has ended nothing is sent.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

func main() {
	var requests atomic.Int32
	handler := func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		switch r.URL.Path {
		case "/quick":
			io.WriteString(w, "hello")
			return
		case "/body":
			io.WriteString(w, "the beginning")
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(handler)}
	go server.Serve(ln)
	defer server.Close()

	get := func(ctx context.Context, path string) (string, error) {
		req, err := http.NewRequestWithContext(ctx, "GET", "http://"+ln.Addr().String()+path, nil)
		if err != nil {
			return "", err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return "", errors.Unwrap(err) // what the *url.Error wraps
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return string(body), err
	}

	for _, path := range []string{"/headers", "/body"} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		_, err := get(ctx, path)
		fmt.Println(path, err, err == context.DeadlineExceeded)
		cancel()
	}

	busy := errors.New("somebody else was faster")
	ctx, cancel := context.WithTimeoutCause(context.Background(), 50*time.Millisecond, busy)
	defer cancel()
	_, err = get(ctx, "/body")
	fmt.Println("with a cause:", err, err == busy)

	before := requests.Load()
	_, err = get(ctx, "/quick")
	fmt.Println("ended before:", err, requests.Load()-before, "requests")

	ctx, cancel = context.WithTimeout(context.Background(), time.Minute)
	body, err := get(ctx, "/quick")
	cancel() // the body has been read: this does nothing
	fmt.Println("in time:", body, err)
}
