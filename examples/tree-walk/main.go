// Do two binary trees hold the same values? Two goroutines walk them and send what they find; whoever compares stops at
// the first difference. A classical exercise for channels as generators, with a context so that a walk that is not
// needed any more ends.
package main

import (
	"context"
	"fmt"
)

type tree struct {
	left, right *tree
	value       int
}

func (t *tree) insert(v int) *tree {
	if t == nil {
		return &tree{value: v}
	}
	if v < t.value {
		t.left = t.left.insert(v)
	} else {
		t.right = t.right.insert(v)
	}
	return t
}

func grow(values ...int) (t *tree) {
	for _, v := range values {
		t = t.insert(v)
	}
	return t
}

// walk sends the values of t in order and reports false once ctx has ended.
func walk(ctx context.Context, t *tree, out chan<- int) bool {
	if t == nil {
		return true
	}
	if !walk(ctx, t.left, out) {
		return false
	}
	select {
	case out <- t.value:
		return walk(ctx, t.right, out)
	case <-ctx.Done():
		return false
	}
}

// walker walks t in a goroutine and reports on ended whether it came to the end.
func walker(ctx context.Context, t *tree, ended chan<- bool) <-chan int {
	out := make(chan int)
	go func() {
		complete := walk(ctx, t, out)
		close(out)
		ended <- complete
	}()
	return out
}

func same(a, b *tree) bool {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool, 2)
	x, y := walker(ctx, a, ended), walker(ctx, b, ended)
	equal := true
	for {
		v, okV := <-x
		w, okW := <-y
		if v != w || okV != okW {
			equal = false
			break
		}
		if !okV {
			break
		}
	}
	cancel()
	fmt.Println("both walked to the end:", <-ended && <-ended)
	return equal
}

func main() {
	up, down, mixed := grow(1, 2, 3, 4, 5, 6, 7), grow(7, 6, 5, 4, 3, 2, 1), grow(4, 2, 6, 1, 3, 5, 7)
	fmt.Println("up and down:", same(up, down))
	fmt.Println("up and mixed:", same(up, mixed))
	fmt.Println("up and different:", same(up, grow(1, 2, 4, 8, 16, 32)))
	fmt.Println("nothing and nothing:", same(nil, nil))
}
