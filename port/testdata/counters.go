// Counters that go down by what stands for a negative number.
package main

import (
	"fmt"
	"sync/atomic"
)

var n uint64 = 10

type stats struct {
	open atomic.Uint64
	n    uint32
}

func main() {
	atomic.AddUint64(&n, ^uint64(0))
	c := uint64(3)
	fmt.Println(atomic.AddUint64(&n, ^(c-1)), n)
	var s stats
	s.open.Add(5)
	fmt.Println(s.open.Add(^uint64(0)), s.open.Load())
	s.open.Add(^(c - 2))
	atomic.AddUint32(&s.n, 2)
	fmt.Println(atomic.AddUint32(&s.n, ^uint32(0)), s.open.Load())
	x := uint64(1)
	atomic.AddUint64(&x, ^uint64(0))
	fmt.Println(x)
}
