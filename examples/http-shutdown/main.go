// Shutdown: no new connections, but the request in progress goes on with its context alive. The first attempt has a
// limit and gives up; the second one waits until the request has been answered.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

func main() {
	started, finish := make(chan context.Context), make(chan struct{})
	handler := func(w http.ResponseWriter, r *http.Request) {
		started <- r.Context()
		<-finish
		io.WriteString(w, "done")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(handler)}
	notified := make(chan struct{}, 2)
	server.RegisterOnShutdown(func() { notified <- struct{}{} })
	served := make(chan error)
	go func() { served <- server.Serve(ln) }()
	url := "http://" + ln.Addr().String()

	answer := make(chan string)
	go func() {
		resp, err := http.Get(url)
		if err != nil {
			panic(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	request := <-started

	limit, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	fmt.Println("shutdown:", server.Shutdown(limit))
	<-notified
	fmt.Println("serve:", <-served)
	fmt.Println("the request:", request.Err())
	_, err = http.Get(url)
	fmt.Println("refused:", err != nil)

	down := make(chan error)
	go func() { down <- server.Shutdown(context.Background()) }()
	close(finish)
	fmt.Println("answer:", <-answer)
	fmt.Println("shutdown:", <-down)
	<-request.Done()
	fmt.Println("the request:", request.Err())
}
