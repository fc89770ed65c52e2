// A polite crawler: at most two requests at a time to one host, and four to all of them; a host that does not answer
// costs only its own pages. It finds three local sites, each page once.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

const perHost, atAll = 2, 4

// A host is a site, and counts its concurrent requests.
type host struct {
	name      string
	url       string
	mu        sync.Mutex
	now, most int
}

var hosts = map[string]*host{}

// pages has the links of each page.
var pages = map[string]string{
	"ink /":      "ink/1 ink/2 ink/3 ink/4 paper/",
	"ink /1":     "ink/5 ink/2",
	"ink /2":     "ink/5 paper/1",
	"ink /3":     "ink/",
	"ink /4":     "",
	"ink /5":     "tar/",
	"paper /":    "paper/1 paper/2 paper/3 ink/missing",
	"paper /1":   "paper/",
	"paper /2":   "ink/1",
	"paper /3":   "tar/slow",
	"tar /":      "ink/",
	"tar /slow":  "never told",
	"tar /other": "never found",
}

func main() {
	for _, name := range []string{"ink", "paper", "tar"} {
		h := &host{name: name}
		h.url = serve(h)
		hosts[name] = h
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()

	c := &crawler{ctx: ctx, slots: make(chan struct{}, atAll), found: map[string]string{}, perHost: map[string]chan struct{}{}}
	c.visit("ink/")
	c.wg.Wait()
	for _, page := range slices.Sorted(maps.Keys(c.found)) {
		fmt.Println(page, c.found[page])
	}
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		fmt.Println(name, "was asked politely:", hosts[name].enter(0) <= perHost)
	}
}

type crawler struct {
	ctx     context.Context
	wg      sync.WaitGroup
	slots   chan struct{}
	mu      sync.Mutex
	found   map[string]string
	perHost map[string]chan struct{}
}

// visit reads a page in a goroutine, and then the pages it links to, unless it is known.
func (c *crawler) visit(page string) {
	name, _, _ := strings.Cut(page, "/")
	c.mu.Lock()
	_, known := c.found[page]
	if !known {
		c.found[page] = "is being read"
	}
	limit, ok := c.perHost[name]
	if !ok {
		limit = make(chan struct{}, perHost)
		c.perHost[name] = limit
	}
	c.mu.Unlock()
	if known {
		return
	}
	c.wg.Go(func() {
		// The host's slot first: otherwise requests that wait for a slow host would hold the slots of others.
		limit <- struct{}{}
		c.slots <- struct{}{}
		links, err := c.read(page)
		<-c.slots
		<-limit
		outcome := fmt.Sprintf("links to %d", len(links))
		if err != nil {
			outcome = err.Error()
		}
		c.mu.Lock()
		c.found[page] = outcome
		c.mu.Unlock()
		for _, link := range links {
			c.visit(link)
		}
	})
}

// read returns the links of a page. It waits for at most one second.
func (c *crawler) read(page string) ([]string, error) {
	ctx, cancel := context.WithTimeout(c.ctx, time.Second)
	defer cancel()
	name, path, _ := strings.Cut(page, "/")
	req, err := http.NewRequestWithContext(ctx, "GET", hosts[name].url+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, errors.New("does not answer")
	}
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != 200 {
		return nil, fmt.Errorf("status %d", res.StatusCode)
	}
	body, err := io.ReadAll(res.Body)
	return strings.Fields(string(body)), err
}

func serve(h *host) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.enter(1)
		defer h.enter(-1)
		links, ok := pages[h.name+" "+r.URL.Path]
		switch {
		case !ok:
			w.WriteHeader(404)
		case r.URL.Path == "/slow":
			<-r.Context().Done()
		default:
			time.Sleep(5 * time.Millisecond)
			io.WriteString(w, links)
		}
	}))
	return "http://" + listener.Addr().String()
}

// enter counts a request that begins or ends, and returns the largest number so far.
func (h *host) enter(n int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now += n
	h.most = max(h.most, h.now)
	return h.most
}
