// Interfaces of a program whose methods are those of types of net/http: they wait, and return errors, as these do.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
)

type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

type getter interface {
	Get(string) (*http.Response, error)
}

type body interface {
	io.Reader
	Close() error
}

type client struct{ *http.Client }

type server interface {
	ServeHTTP(w http.ResponseWriter, r *http.Request)
}

type out interface{ Write([]byte) (int, error) }

type api struct {
	doer Doer
	base string
}

func (a *api) fetch(path string) (string, error) {
	req, err := http.NewRequest("GET", a.base+path, nil)
	if err != nil {
		return "", err
	}
	resp, err := a.doer.Do(req)
	if err != nil {
		return "", err
	}
	return read(resp.Body)
}

func read(b body) (string, error) {
	defer b.Close()
	data, err := io.ReadAll(b)
	if err != nil {
		return "", err
	}
	return string(data), nil
}

func get(g getter, url string) (string, error) {
	resp, err := g.Get(url)
	if err != nil {
		return "", err
	}
	return read(resp.Body)
}

func call(s server) int {
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	return rec.Code
}

func put(o out, s string) { o.Write([]byte(s)) }

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		put(w, "hello "+r.URL.Path)
	})
	ts := httptest.NewServer(mux)
	defer ts.Close()
	a := &api{doer: http.DefaultClient, base: ts.URL}
	fmt.Println(a.fetch("/x"))
	fmt.Println(get(ts.Client(), ts.URL+"/y"))
	fmt.Println(get(client{http.DefaultClient}, ts.URL+"/z"))
	fmt.Println(call(mux), call(http.NotFoundHandler()), call(http.HandlerFunc(http.NotFound)))
}
