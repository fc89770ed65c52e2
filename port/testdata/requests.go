// The life of a request: timeouts, clients that leave, streams, graceful shutdown, recorders.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"time"
)

func describe(err error) {
	var urlErr *url.Error
	if !errors.As(err, &urlErr) {
		fmt.Println("no url.Error:", err)
		return
	}
	text := strings.ReplaceAll(urlErr.Err.Error(), "\n", " ")
	fmt.Println(urlErr.Op, urlErr.Timeout(), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), text)
}

func timeouts() {
	left := make(chan error, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.Write([]byte("begin"))
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
		left <- r.Context().Err()
	}))
	defer server.Close()

	client := &http.Client{Timeout: 50 * time.Millisecond}
	_, err := client.Get(server.URL)
	describe(err)
	fmt.Println("left:", <-left)

	resp, err := client.Get(server.URL + "/body")
	fmt.Println(resp.StatusCode, err, resp.ContentLength, resp.TransferEncoding)
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	fmt.Printf("%q %v\n", body, err)
	fmt.Println("left:", <-left)

	ctx, cancel := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	failed := make(chan error)
	go func() {
		_, err := http.DefaultClient.Do(req)
		failed <- err
	}()
	time.Sleep(50 * time.Millisecond)
	cancel()
	describe(<-failed)
	fmt.Println("left:", <-left)
	_, err = http.DefaultClient.Do(req)
	describe(err)
	fmt.Println(strings.ReplaceAll(err.Error(), server.URL, ""))

	// A client that closes the body leaves.
	resp, err = http.Get(server.URL + "/body")
	fmt.Println(err)
	resp.Body.Close()
	fmt.Println("left:", <-left)
	_, err = resp.Body.Read(make([]byte, 1))
	fmt.Println(err)
}

func streams() {
	next := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		flusher, ok := w.(http.Flusher)
		if !ok {
			http.Error(w, "no stream", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		flusher.Flush()
		for i := range 3 {
			<-next
			fmt.Fprintf(w, "data: %d\n\n", i)
			flusher.Flush()
		}
	})
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(w, r.Body)
		fmt.Println("echoed", n, err, r.ContentLength, r.TransferEncoding)
	})
	mux.HandleFunc("/short", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		n, err := w.Write([]byte("12345"))
		fmt.Println("wrote", n, err)
	})
	mux.HandleFunc("/long", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "3")
		n, err := w.Write([]byte("12345"))
		fmt.Println("wrote", n, err, err == http.ErrContentLength)
		w.Write([]byte("123"))
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotModified)
		_, err := io.WriteString(w, "x")
		fmt.Println(err)
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	resp, err := http.Get(server.URL + "/events")
	if err != nil {
		fmt.Println(err)
		return
	}
	scanner := bufio.NewScanner(resp.Body)
	next <- struct{}{}
	for scanner.Scan() {
		line := scanner.Text()
		if line == "" {
			continue
		}
		fmt.Println(line)
		if line != "data: 2" {
			next <- struct{}{}
		}
	}
	resp.Body.Close()
	fmt.Println(scanner.Err())

	pr, pw := io.Pipe()
	go func() {
		for i := range 3 {
			io.WriteString(pw, fmt.Sprintf("part %d;", i))
		}
		pw.Close()
	}()
	resp, err = server.Client().Post(server.URL+"/echo", "text/plain", pr)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	fmt.Printf("%s %v\n", body, err)

	for _, path := range []string{"/short", "/long", "/none"} {
		resp, err := http.Get(server.URL + path)
		if err != nil {
			fmt.Println(err)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		fmt.Printf("%d %q %v\n", resp.StatusCode, body, err)
	}
}

func graceful() {
	started, finish := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/work", func(w http.ResponseWriter, r *http.Request) {
		close(started)
		<-finish
		fmt.Fprintln(w, "done", r.Context().Err(), r.Context().Value("name"))
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	base := context.WithValue(context.Background(), "name", "base")
	server := http.Server{Addr: ln.Addr().String(), BaseContext: func(net.Listener) context.Context { return base }}
	server.Handler = mux
	server.RegisterOnShutdown(func() { close(finish) })
	served := make(chan error, 1)
	go func() {
		err := server.Serve(ln)
		if !errors.Is(err, http.ErrServerClosed) {
			fmt.Println("unexpected", err)
		}
		served <- err
	}()
	answer := make(chan string)
	go func() {
		resp, err := http.Get("http://" + server.Addr + "/work")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-started
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		fmt.Println("shutdown:", err)
	}
	fmt.Print(<-answer)
	fmt.Println(<-served)

	_, err = net.Listen("tcp", "127.0.0.1")
	fmt.Println(err)
	other, _ := net.Listen("tcp", "127.0.0.1:0")
	_, err = net.Listen("tcp", other.Addr().String())
	fmt.Println(strings.ReplaceAll(err.Error(), other.Addr().String(), ""))
	fmt.Println(other.Addr().Network(), other.Addr().(*net.TCPAddr).Port > 0, other.Close())
}

// An upper is a transport that changes answers.
type upper struct{ next http.RoundTripper }

func (u upper) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := u.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(strings.NewReader(strings.ToUpper(string(body))))
	return resp, nil
}

func recorders() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.RemoteAddr, "192.") {
			io.WriteString(w, "hello")
			return
		}
		user, password, ok := r.BasicAuth()
		w.Header().Set("X-A", "b")
		fmt.Fprintf(w, "%s %s %s %s %s %s %v", r.Method, r.Host, r.RequestURI, r.RemoteAddr, user, password, ok)
	})
	rec := httptest.NewRecorder()
	req := httptest.NewRequest("POST", "/x?y=1", strings.NewReader("body"))
	req.SetBasicAuth("me", "secret")
	handler.ServeHTTP(rec, req)
	res := rec.Result()
	fmt.Println(rec.Code, rec.Body.String(), res.Status, res.Header.Get("X-A"), rec.Header().Get("Content-Type"))

	rec = httptest.NewRecorder()
	http.NotFound(rec, httptest.NewRequest(http.MethodGet, "http://example.com/foo", nil))
	body, _ := io.ReadAll(rec.Result().Body)
	fmt.Println(rec.Code, string(body))

	late := make(chan error)
	slow := http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		<-late
		_, err := w.Write([]byte("late"))
		late <- err
	}), 20*time.Millisecond, "too late")
	rec = httptest.NewRecorder()
	slow.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	late <- nil
	fmt.Println(rec.Code, rec.Body, <-late)

	server := httptest.NewServer(handler)
	defer server.Close()
	client := &http.Client{Transport: upper{http.DefaultTransport}}
	resp, err := client.Get(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := io.ReadAll(resp.Body)
	fmt.Println(string(text))
}

func main() {
	timeouts()
	streams()
	graceful()
	recorders()
}
