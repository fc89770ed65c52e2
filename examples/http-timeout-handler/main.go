// TimeoutHandler: if a handler takes too long, the client gets status 503, the context ends, and what the handler
// writes later is discarded.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

func main() {
	late := make(chan error)
	handler := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Handler", "me")
		if r.URL.Path == "/slow" {
			io.WriteString(w, "the beginning, which nobody sees")
			<-r.Context().Done()
			late <- r.Context().Err()
			<-late // until the client has its answer
			_, err := io.WriteString(w, "too late")
			late <- err
			return
		}
		_, limited := r.Context().Deadline()
		fmt.Fprintf(w, "in time, limited: %v", limited)
	}
	limited := http.TimeoutHandler(http.HandlerFunc(handler), 50*time.Millisecond, "sorry, try later")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server := &http.Server{Handler: limited}
	go server.Serve(ln)
	defer server.Close()

	get := func(path string) string {
		resp, err := http.Get("http://" + ln.Addr().String() + path)
		if err != nil {
			panic(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return fmt.Sprintf("%d %q %s", resp.StatusCode, resp.Header.Get("X-Handler"), body)
	}
	fmt.Println(get("/quick"))

	answer := make(chan string)
	go func() { answer <- get("/slow") }()
	fmt.Println("the handler:", <-late)
	fmt.Println(<-answer)
	late <- nil
	fmt.Println("its late write:", <-late)
}
