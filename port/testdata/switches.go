// Switches: on values, without a value, with fallthrough, on types; labels and goto.
package main

import (
	"errors"
	"fmt"
)

type color int

const (
	red color = iota
	green
	blue
	last = blue
)

func (c color) String() string {
	switch c {
	case red:
		return "red"
	case green, blue:
		return "cool"
	}
	return fmt.Sprintf("color(%d)", int(c))
}

type shape interface{ area() float64 }
type square struct{ side float64 }
type circle struct{ r float64 }

func (s square) area() float64  { return s.side * s.side }
func (c *circle) area() float64 { return 3 * c.r * c.r }

type codeError struct{ code int }

func (e *codeError) Error() string { return fmt.Sprintf("code %d", e.code) }

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case int:
		return fmt.Sprint("int ", v+1)
	case string, bool:
		return fmt.Sprint("plain ", v)
	case float64:
		return fmt.Sprint("float ", v/2)
	case color:
		return "color " + v.String()
	case []string:
		return fmt.Sprint(len(v), " strings")
	case square:
		return fmt.Sprint("square ", v.side)
	case *circle:
		return fmt.Sprint("circle ", v.r)
	case error:
		return "error " + v.Error()
	case func() int:
		return fmt.Sprint("function ", v())
	default:
		return "something else"
	}
}

func grade(n int) (s string) {
	switch {
	case n > 90:
		s = "great, "
		fallthrough
	case n > 50:
		s += "passed"
	case n < 0:
		return "impossible"
	default:
		s = "failed"
	}
	return s
}

func find(grid [][]int, want int) (int, int) {
outer:
	for i, row := range grid {
		for j, n := range row {
			switch {
			case n == want:
				return i, j
			case n < 0:
				continue outer
			case n > 100:
				break outer
			}
		}
	}
	return -1, -1
}

func retry() (tries int) {
again:
	tries++
	if tries < 3 {
		goto again
	}
	return tries
}

func main() {
	fmt.Println(red, blue, last, color(7))
	for _, v := range []any{nil, 1, "s", true, 2.5, green, []string{"a"}, square{3}, &circle{2}, errors.New("e"), &codeError{4}, func() int { return 9 }, 'x', struct{}{}} {
		fmt.Println(describe(v))
	}
	fmt.Println(grade(95), grade(60), grade(10), grade(-1))
	fmt.Println(find([][]int{{1, -1, 5}, {5, 2}}, 5))
	fmt.Println(find([][]int{{101, 5}}, 5))
	fmt.Println(retry())

	shapes := []shape{square{2}, &circle{1}}
	total := 0.0
	for _, s := range shapes {
		if sq, ok := s.(square); ok {
			total += sq.side
		}
		total += s.area()
	}
	fmt.Println(total)

	var err error = &codeError{404}
	wrapped := fmt.Errorf("request: %w", err)
	var ce *codeError
	if errors.As(wrapped, &ce) {
		fmt.Println(ce.code, errors.Is(wrapped, err), wrapped)
	}
	switch x := len("four"); x {
	case 3:
		fmt.Println("three")
	case 4:
		fmt.Println("four")
	}
}
