// Integers: division, remainders, shifts, and the types that overflow.
package main

import (
	"fmt"
	"math"
)

func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h ^= uint32(s[i])
		h *= 16777619
	}
	return h
}

type flags uint8

const (
	read flags = 1 << iota
	write
	exec
)

type random struct{ state uint32 }

func (r *random) next() uint32 {
	r.state ^= r.state << 13
	r.state ^= r.state >> 17
	r.state ^= r.state << 5
	return r.state
}

func main() {
	a, b := 7, -2
	fmt.Println(a/b, a%b, -a/2, -7%3, a/2*2)
	var u8 uint8 = 250
	u8 += 10
	var i8 int8 = 127
	i8++
	var u16 uint16 = 1
	u16 -= 2
	var i32 int32 = math.MaxInt32
	i32++
	fmt.Println(u8, i8, u16, i32)
	fmt.Println(hash("hello"), hash(""))
	f := read | exec
	fmt.Println(f, f&write == 0, f&^read, f|write)
	fmt.Println(1<<10, 1<<40, 1024>>3, -9>>1, 0xff&0x0f, 6^3)
	r := random{2463534242}
	fmt.Println(r.next(), r.next(), r.next())
	x := 3.99
	fmt.Println(int(x), int(-x), uint8(300&0xff), float64(a)/2, int64(a)*1000000)
	big := int64(1) << 40
	fmt.Println(big, big>>38, big|1)
	n := 1
	n <<= 4
	n |= 3
	n &^= 1
	fmt.Println(n, n&3, math.MaxInt32, math.Sqrt(16), math.Inf(1))
	d := 0
	defer func() { fmt.Println(recover()) }()
	fmt.Println(1 / d)
}
