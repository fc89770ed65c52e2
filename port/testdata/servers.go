// Servers and clients of net/http: handlers, the mux, requests, answers, redirects, middleware.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// A store is a handler with state.
type store struct {
	mu    sync.Mutex
	items map[string]string
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	switch r.Method {
	case http.MethodGet:
		s.mu.Lock()
		item, ok := s.items[id]
		s.mu.Unlock()
		if !ok {
			http.Error(w, "no item "+id, http.StatusNotFound)
			return
		}
		fmt.Fprintf(w, "item %s: %s\n", id, item)
	case http.MethodPut:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		defer r.Body.Close()
		s.mu.Lock()
		s.items[id] = string(body)
		s.mu.Unlock()
		w.Header().Set("Location", r.URL.Path)
		w.WriteHeader(http.StatusCreated)
	}
}

// A statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
	size   int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.size += n
	return n, err
}

var logged []string

// logging is middleware for handlers.
func logging(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sw := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(sw, r)
		logged = append(logged, fmt.Sprintf("%s %s %d %d", r.Method, r.URL.RequestURI(), sw.status, sw.size))
	})
}

// tagged is middleware for functions.
func tagged(tag string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("X-Tag", tag)
		next(w, r)
	}
}

type userKey struct{}

func withUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name := r.Header.Get("X-User"); name != "" {
			r = r.WithContext(context.WithValue(r.Context(), userKey{}, name))
		}
		next.ServeHTTP(w, r)
	})
}

func hello(w http.ResponseWriter, r *http.Request) {
	name, _ := r.Context().Value(userKey{}).(string)
	if name == "" {
		name = "nobody"
	}
	fmt.Fprintln(w, "hello,", name)
}

func form(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintln(w, r.FormValue("name"), r.PostFormValue("q"), r.URL.Query()["q"], r.Form["q"], len(r.Form), r.ContentLength)
}

func routes() http.Handler {
	s := &store{items: map[string]string{"1": "one"}}
	mux := http.NewServeMux()
	mux.Handle("GET /items/{id}", s)
	mux.Handle("PUT /items/{id}", s)
	mux.HandleFunc("GET /items/new", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "a form\n") })
	mux.HandleFunc("/files/{path...}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%q by %s\n", r.PathValue("path"), r.Pattern)
	})
	mux.HandleFunc("/{$}", tagged("a", tagged("b", hello)))
	mux.HandleFunc("/form", form)
	mux.HandleFunc("/tree/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "tree", r.URL.Path) })
	mux.HandleFunc("other.test/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "the other host") })
	mux.HandleFunc("/old", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/items/1?from=old", http.StatusFound)
	})
	mux.Handle("/gone", http.RedirectHandler("https://example.com/<new>", http.StatusMovedPermanently))
	mux.HandleFunc("/twice", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		w.WriteHeader(http.StatusOK)
		fmt.Fprint(w, "<html><body>twice</body></html>")
	})
	mux.HandleFunc("/empty", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/headers", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, r.Proto, r.Host != "", r.UserAgent(), r.Header)
		for _, name := range []string{"accept-encoding", "x-many"} {
			fmt.Fprintln(w, name, r.Header.Values(name))
		}
	})
	mux.HandleFunc("/big", func(w http.ResponseWriter, r *http.Request) {
		for range 100 {
			fmt.Fprint(w, strings.Repeat("0123456789", 10))
		}
	})
	mux.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) { panic("no luck") })
	mux.Handle("/api/", http.StripPrefix("/api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "api:", r.URL.Path)
	})))
	mux.HandleFunc("/limited", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 5)
		_, err := io.ReadAll(r.Body)
		var tooLarge *http.MaxBytesError
		fmt.Fprintln(w, err, errors.As(err, &tooLarge))
	})
	return logging(withUser(mux))
}

func show(resp *http.Response, err error) {
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	text := string(body)
	if len(text) > 200 {
		text = fmt.Sprint(len(text), " bytes")
	}
	fmt.Printf("%s %q %q %d %v\n", resp.Status, resp.Header.Get("Content-Type"), text, resp.ContentLength, err)
}

func ask(client *http.Client, method, target string, header http.Header, body string) *http.Response {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, target, reader)
	if err != nil {
		fmt.Println(err)
		return nil
	}
	for name, values := range header {
		for _, v := range values {
			req.Header.Add(name, v)
		}
	}
	resp, err := client.Do(req)
	show(resp, err)
	return resp
}

func patterns() {
	for _, pattern := range []string{"", "GET", "/a/{x", "/{x}/{x}", "/{x...}/b", "/{$}/b", "G@T /", "a{b}/", "GET //", "/{}", "/{a-b}"} {
		func() {
			defer func() { fmt.Println("refused:", recover()) }()
			http.NewServeMux().Handle(pattern, http.NotFoundHandler())
		}()
	}
}

func headers() {
	h := http.Header{"Accept": {"a", "b"}}
	h.Set("content-type", "text/plain")
	h.Add("ACCEPT", "c")
	h["X-raw"] = append(h["X-raw"], "1")
	fmt.Println(h, len(h), h.Get("accept"), h.Values("Accept"), h.Get("x-raw") == "")
	clone := h.Clone()
	clone.Del("accept")
	delete(clone, "X-raw")
	_, ok := clone["Accept"]
	fmt.Println(clone, ok, h.Get("Accept"))
	v := url.Values{}
	v.Set("name", "Ava Müller")
	v.Add("friend", "a&b")
	v.Add("friend", "c=d")
	fmt.Println(v.Encode(), v.Get("friend"), v.Has("x"), v["friend"])
	u, err := url.Parse("https://me:secret@example.com:8080/a%20b/../c?x=1&y=%41#frag%20ment")
	fmt.Println(u, err, u.Host, u.Hostname(), u.Port(), u.Path, u.RawQuery, u.Fragment, u.User, u.Query().Get("y"), u.Redacted())
	for _, ref := range []string{"d", "/d", "../d?q", "//other/x", "http://x", "#f", "?z"} {
		r, err := u.Parse(ref)
		fmt.Println(r, err)
	}
	for _, bad := range []string{"http://[::1", "http://a b/", ":x", "http://a:b/", "%zz", "a\nb", "1:2"} {
		_, err := url.Parse(bad)
		fmt.Println(err)
	}
	fmt.Println(url.QueryEscape("a b&c/ü"), url.PathEscape("a b&c/ü"))
	s, err := url.QueryUnescape("a+b%2")
	fmt.Printf("%q %v\n", s, err)
}

func main() {
	log.SetOutput(io.Discard)
	patterns()
	headers()

	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: routes(), ReadHeaderTimeout: time.Second}
	served := make(chan error)
	go func() { served <- server.Serve(ln) }()
	base := "http://" + ln.Addr().String()
	client := &http.Client{Timeout: 5 * time.Second}

	for _, path := range []string{"/", "/items/1", "/items/2", "/items/new", "/files/a/b%2Fc", "/files/", "/tree", "/tree/x/../y", "/nothing", "/old",
		"/twice", "/empty", "/big", "/api/users", "/items//1"} {
		fmt.Print(path, ": ")
		resp, err := http.Get(base + path)
		show(resp, err)
	}
	resp := ask(client, "PUT", base+"/items/2", nil, "two")
	fmt.Println(resp.Header.Get("Location"), resp.Request.Method)
	ask(client, "GET", base+"/items/2", nil, "")
	resp = ask(client, "DELETE", base+"/items/2", nil, "")
	fmt.Println(resp.Header["Allow"], resp.StatusCode == http.StatusMethodNotAllowed)
	resp = ask(client, "HEAD", base+"/items/1", nil, "")
	fmt.Println(resp.ContentLength, resp.Header.Get("Content-Length"))
	ask(client, "GET", base+"/", http.Header{"X-User": {"Ava"}}, "")
	ask(client, "GET", base+"/headers", http.Header{"X-Many": {"1", "2"}}, "")
	ask(client, "POST", base+"/limited", nil, "abc")
	ask(client, "POST", base+"/limited", nil, "abcdefgh")
	show(http.PostForm(base+"/form?q=query", url.Values{"name": {"Ava"}, "q": {"body"}}))
	show(http.Post(base+"/form", "text/plain", strings.NewReader("q=1")))
	req, _ := http.NewRequest("GET", base+"/", nil)
	req.Host = "other.test"
	show(client.Do(req))

	noFollow := &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	for _, path := range []string{"/old", "/gone", "/tree?x=1"} {
		resp := ask(noFollow, "GET", base+path, nil, "")
		loc, err := resp.Location()
		fmt.Println(strings.TrimPrefix(loc.String(), base), err)
	}
	ask(noFollow, "POST", base+"/old", nil, "x")
	refuse := &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
		return fmt.Errorf("no redirect to %s after %d", req.URL.Path, len(via))
	}}
	_, err = refuse.Get(base + "/old")
	fmt.Println(err)

	_, err = http.Get(base + "/panic")
	fmt.Println(strings.ReplaceAll(err.Error(), base, ""), errors.Is(err, io.EOF))

	fmt.Println(server.Shutdown(context.Background()), <-served)
	fmt.Println(strings.Join(logged, "\n"))
	_, err = http.Get(base)
	var urlErr *url.Error
	fmt.Println(errors.As(err, &urlErr), urlErr.Op, urlErr.Timeout(), strings.HasSuffix(err.Error(), "connect: connection refused"))
	fmt.Println(server.Serve(ln), server.ListenAndServe() == http.ErrServerClosed)
	for _, bad := range []string{"ftp://x/", "x", "http://", "http://a b/", "http://no-such-host.invalid/"} {
		_, err := http.Get(bad)
		fmt.Println(err != nil && !strings.Contains(err.Error(), "lookup"), strings.Contains(fmt.Sprint(err), "Get "))
	}
	_, err = http.NewRequest("B D", "/", nil)
	fmt.Println(err)
	fmt.Println(http.StatusText(418), http.StatusText(999), http.CanonicalHeaderKey("x-forwarded-FOR"))
	for _, s := range []string{"%PDF-1", "GIF89a", "  <!doctype html>", "<?xml ?>", "\x00\x01", "plain", "PK\x03\x04", "<p >"} {
		fmt.Println(http.DetectContentType([]byte(s)))
	}
}
