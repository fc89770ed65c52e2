// A crawler of a small web site that this program serves itself: three workers, each page once, and never more
// requests than the limiter lets pass. One page is missing: that is an entry of the result, not a failure of the crawl.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

var site = map[string]string{
	"/":         "/news /about /shop",
	"/news":     "/ /news/1 /news/2",
	"/news/1":   "/news /shop",
	"/news/2":   "/news /missing",
	"/about":    "/",
	"/shop":     "/shop/ink /missing",
	"/shop/ink": "/shop",
}

const interval, burst = 5 * time.Millisecond, 2

// A limiter is a bucket of tokens that a ticker fills.
func limiter() <-chan struct{} {
	bucket := make(chan struct{}, burst)
	for range burst {
		bucket <- struct{}{}
	}
	go func() {
		for range time.Tick(interval) {
			select {
			case bucket <- struct{}{}:
			default:
			}
		}
	}()
	return bucket
}

func fetch(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != 200 {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return string(body), err
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := site[r.URL.Path]
		if !ok {
			w.WriteHeader(404)
		}
		io.WriteString(w, page)
	}))
	base := "http://" + listener.Addr().String()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	seen, found := map[string]bool{}, map[string]string{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots, tokens := make(chan struct{}, 3), limiter()
	var crawl func(path string)
	crawl = func(path string) {
		mu.Lock()
		known := seen[path]
		seen[path] = true
		mu.Unlock()
		if known {
			return
		}
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			<-tokens
			body, err := fetch(ctx, base+path)
			links := strings.Fields(body)
			mu.Lock()
			if err != nil {
				found[path] = err.Error()
			} else {
				found[path] = fmt.Sprint(len(links), " links")
			}
			mu.Unlock()
			for _, link := range links {
				crawl(link)
			}
		})
	}
	start := time.Now()
	crawl("/")
	wg.Wait()

	var paths []string
	for path := range found {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		fmt.Printf("%s: %s\n", path, found[path])
	}
	least := time.Duration(len(paths)-burst-1) * interval
	fmt.Println("not faster than the limit:", time.Since(start) >= least)
}
