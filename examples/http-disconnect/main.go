// A client that goes away ends the context of its request, and with it the work that the handler had started; one that
// stays gets its answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

func main() {
	started, stopped := make(chan struct{}), make(chan error)
	search := func(ctx context.Context) (string, error) {
		started <- struct{}{}
		<-ctx.Done()
		stopped <- ctx.Err()
		return "", ctx.Err()
	}

	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/quick" {
			fmt.Fprintf(w, "the context: %v", r.Context().Err())
			return
		}
		result, err := search(r.Context())
		if err != nil {
			return // the client has left
		}
		io.WriteString(w, result)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(handler)}
	go server.Serve(ln)
	defer server.Close()
	url := "http://" + ln.Addr().String()

	get := func(ctx context.Context, path string) (string, error) {
		req, err := http.NewRequestWithContext(ctx, "GET", url+path, nil)
		if err != nil {
			return "", err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return string(body), err
	}

	for i := 1; i <= 3; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		failed := make(chan error)
		go func() {
			_, err := get(ctx, "/slow")
			failed <- err
		}()
		<-started
		cancel()
		fmt.Printf("client %d: canceled: %v\n", i, errors.Is(<-failed, context.Canceled))
		fmt.Printf("search %d: %v\n", i, <-stopped)
	}

	body, err := get(context.Background(), "/quick")
	fmt.Println("quick:", body, err)
}
