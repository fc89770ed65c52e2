// Integers of all widths, floats, constants, flags, hashes of 32 bits.
package main

import (
	"fmt"
	"math"
)

type Bits uint8

const (
	A Bits = 1 << iota
	B
	_
	D
)

type Weekday int

const (
	Sun Weekday = iota
	Mon
	Tue
)

func (d Weekday) String() string { return [...]string{"Sun", "Mon", "Tue"}[d] }

const (
	KB = 1 << (10 * (iota + 1))
	MB
	GB
)

const huge = 1e300 * 1e-300

func fnv(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h ^= uint32(s[i])
		h *= 16777619
	}
	return h
}

func lcg(x uint32) uint32 { return x*1664525 + 1013904223 }

func hash(s string) int {
	h := 0
	for _, c := range s {
		h = 31*h + int(c)
	}
	return h
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func main() {
	fmt.Println(A, B, D, A|D, A&^D, ^A)
	fmt.Println(Sun, Mon, Tue, Weekday(1))
	fmt.Printf("%d %v %s %x\n", Mon, Mon, Mon, Tue)
	fmt.Println(KB, MB, GB, huge)
	var u8 uint8 = 250
	u8 += 10
	var i8 int8 = 127
	i8++
	var u16 uint16 = 0
	u16--
	var i32 int32 = math.MaxInt32
	i32 += 1
	var u32 uint32 = 1 << 31
	u32 <<= 1
	fmt.Println(u8, i8, u16, i32, u32)
	fmt.Println(-7/2, -7%2, 7/-2, 7%-2, 7>>1, -7>>1, uint8(200)>>3)
	x := -7
	fmt.Println(x/2, x%2, x>>1, x&3, x|1, x^5, ^x, x&^2)
	fmt.Println(fnv("hello"), lcg(12345), hash("hi"), gcd(48, 18))
	var n uint = 3
	fmt.Println(1<<n, uint32(1)<<31, int64(1)<<40, 1<<n<<n)
	fmt.Println(uint8(255)+uint8(n), int8(-128)-int8(n))
	a := uint32(0xdeadbeef)
	fmt.Println(a<<8, a>>8, a&0xff, ^a, -a, a*a)
	fmt.Printf("%x %X %b %o %08b %#x\n", a, a, 10, 8, 5, 255)
	fl := 3.99
	fmt.Println(int(fl), int(-fl), uint8(fl), float64(7)/2, 7/2, 7.0/2)
	fmt.Println(math.Floor(-2.5), math.Round(2.5), math.Trunc(-2.7), math.Sqrt(2), math.Inf(1), math.NaN(), -math.Inf(1))
	w64 := int64(1)<<33 + 5
	w32 := int32(200)
	fmt.Println(int32(w64), int8(w32), uint16(w64), w64*3)
	k := -1
	fmt.Println(uint8(k), uint16(k), uint32(k), int16(40000+k))
	fmt.Println(1e6, 1e21, 123456789.0, 0.1+0.2, float32(0.1), 1e-7, 100000000000000000000.0)
	var f32 float32 = 16777216
	f32 += 1
	fmt.Println(f32, float32(1)/3, float64(float32(1)/3))
	fmt.Println(5.0 == 5, 'a', 'a'+1, string(rune('a'+1)), "s"+"t")
	fmt.Println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
	s := 0
	for i := range 10 {
		if i%2 == 0 {
			continue
		}
		s += i
	}
	fmt.Println(s)
	mask := 0
	for i := 0; i < 40; i += 13 {
		mask |= 1 << i
	}
	fmt.Println(mask, mask&(1<<39), mask>>26&1)
	m := 1000000007
	p := 1
	for i := 0; i < 20; i++ {
		p = p * 987654321 % m
	}
	fmt.Println(p)
	h := uint32(1)
	h = h<<5 - h + 7
	h = (h ^ (h >> 16)) * 0x45d9f3b
	fmt.Println(h)
}
