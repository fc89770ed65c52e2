// Writers of the program that are printed to: those that wait are awaited, the others are not.
package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Gate writes when it has room.
type Gate struct {
	room chan struct{}
	text []string
}

func (g *Gate) Write(p []byte) (int, error) {
	g.room <- struct{}{}
	g.text = append(g.text, string(p))
	<-g.room
	return len(p), nil
}

// Counter only counts.
type Counter struct{ n int }

func (c *Counter) Write(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}

// Page has the methods of what it embeds.
type Page struct {
	strings.Builder
	title string
}

// Through hands on to whatever it has.
type Through struct{ io.Writer }

// Sized is a writer that tells its size.
type Sized interface {
	io.Writer
	Len() int
}

func report(s Sized, n int) {
	fmt.Fprintf(s, "report %d;", n)
}

func count(c *Counter, words ...string) int {
	for _, w := range words {
		fmt.Fprintln(c, w)
	}
	return c.n
}

func fill[W io.Writer](w W) error {
	_, err := fmt.Fprint(w, "filled")
	return err
}

func main() {
	g := &Gate{room: make(chan struct{}, 1)}
	fmt.Fprintf(g, "%03d", 7)
	fmt.Fprint(g, 1, 2)
	n, err := fmt.Fprintln(g, "line")
	fmt.Printf("%q %d %v\n", g.text, n, err)

	fmt.Println(count(&Counter{}, "one", "two"))

	page := &Page{title: "page"}
	fmt.Fprintf(page, "%s: ", page.title)
	report(page, 1)
	fmt.Println(page.String(), page.Len())

	var buf bytes.Buffer
	report(&buf, 2)
	fmt.Fprint(Through{&buf}, " through")
	fmt.Fprint(Through{g}, "gate")
	fmt.Println(buf.String(), len(g.text))
	fmt.Println(fill(g), fill(&buf), g.text[len(g.text)-1])
}
