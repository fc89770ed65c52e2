// What the translator leaves to the porter.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"testing"
	"unsafe"
)

type named struct{ names chan string }

func (n named) String() string { return <-n.names }

type failure struct{ texts chan string }

func (f *failure) Error() string { return <-f.texts }

type byTurn struct {
	list  []int
	turns chan int
}

func (b byTurn) Len() int           { return len(b.list) }
func (b byTurn) Less(i, j int) bool { <-b.turns; return b.list[i] < b.list[j] }
func (b byTurn) Swap(i, j int)      { b.list[i], b.list[j] = b.list[j], b.list[i] }

func main() {
	n := 7
	fmt.Println(reflect.TypeOf(n).Kind())
	fmt.Println(unsafe.Sizeof(n))
	fmt.Println(testing.Benchmark(func(b *testing.B) {}).N)
	fmt.Println(named{}, error(&failure{}))
	sort.Sort(byTurn{})
}
