// What the translator leaves to the porter.
package main

import (
	"fmt"
	"reflect"
	"testing"
	"unsafe"
)

func main() {
	n := 7
	fmt.Println(reflect.TypeOf(n).Kind())
	fmt.Println(unsafe.Sizeof(n))
	fmt.Println(testing.Benchmark(func(b *testing.B) {}).N)
}
