// Generic structs have the methods of what they embed, also through an interface.
package main

import (
	"fmt"
	"sync"
)

type Base[T any] struct{ v T }

func (b *Base[T]) Get() T          { return b.v }
func (b *Base[T]) Set(v T)         { b.v = v }
func (b Base[T]) Describe() string { return fmt.Sprint("base ", b.v) }

type Plain struct{ name string }

func (p Plain) Name() string { return p.name }

type Getter[T any] interface {
	Get() T
	Set(T)
}
type Namer interface{ Name() string }

type Box[K comparable, V any] struct {
	Base[V]
	*Plain
	mu sync.Mutex
	m  map[K]V
}

type Pair[T any] struct {
	*Base[T]
	Other T
}

func use[T any](g Getter[T], v T) T {
	old := g.Get()
	g.Set(v)
	return old
}

type Locked[K comparable, V any] struct {
	sync.RWMutex
	m map[K]V
}

func (l *Locked[K, V]) Put(k K, v V) {
	l.Lock()
	defer l.Unlock()
	if l.m == nil {
		l.m = map[K]V{}
	}
	l.m[k] = v
}

type Wrapped[T any] struct{ Getter[T] }

func main() {
	b := &Box[string, int]{Base: Base[int]{1}, Plain: &Plain{"n"}}
	fmt.Println(use[int](b, 5), b.Get(), b.Describe())
	var n Namer = b
	fmt.Println(n.Name())
	p := Pair[string]{&Base[string]{"x"}, "y"}
	fmt.Println(use[string](p, "z"), p.Get(), p.v)
	w := Wrapped[int]{b}
	fmt.Println(use[int](w, 6), w.Get(), b.v)
	l := &Locked[string, int]{}
	l.Put("a", 1)
	fmt.Println(len(l.m))
	if s, ok := any(b).(interface{ Describe() string }); ok {
		fmt.Println(s.Describe())
	}
}
