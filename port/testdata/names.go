// Names: reserved words, collisions of exported and unexported ones, shadowing, the order of package variables.
package main

import (
	"fmt"
	"strings"
)

var total = double(base) + offset
var offset = len(words)
var words = strings.Fields("a b c")

const base = 10

func double(n int) int { return n * 2 }

func init() { words = append(words, "init") }

// A State has a field and a method that differ in their first letter only.
type State struct {
	name     string
	delete   bool
	default_ int
}

func (s *State) Name() string     { return s.name }
func (s *State) Delete()          { s.delete = true }
func (s *State) Then(n int) int   { return n + 1 }
func (s *State) Constructor() int { return s.default_ }

func new_(in string, class, function int) (string, int) {
	var this = in + "!"
	typeof := class + function
	return this, typeof
}

func shadow(err error, n int) (string, error) {
	if n := n + 1; n > 1 {
		err := fmt.Errorf("inner %d", n)
		if err != nil {
			n := n * 10
			return fmt.Sprint(n), err
		}
	}
	x := 1
	{
		x := x + 1
		x++
		fmt.Println(x)
	}
	v, err := fmt.Sprint(x), err
	w, err := fmt.Sprint(v, "w"), err
	return w, err
}

func send(go_ int) int { return go_ }

func main() {
	fmt.Println(total, offset, words)
	s := &State{name: "s", default_: 4}
	s.Delete()
	fmt.Println(s.Name(), s.delete, s.Then(1), s.Constructor())
	fmt.Println(new_("x", 1, 2))
	fmt.Println(shadow(nil, 3))
	fmt.Println(shadow(nil, -3))
	for i := 0; i < 2; i++ {
		i := i * 2
		fmt.Println(i, send(i))
	}
	chan_, select_, await := 1, 2, 3
	fmt.Println(chan_, select_, await)
}
