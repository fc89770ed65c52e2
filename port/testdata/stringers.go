// Values print with the methods of their types, inside of structs, lists and maps too.
package main

import (
	"fmt"
	"time"
)

type Kind int

const (
	A Kind = iota
	B
)

func (k Kind) String() string { return [...]string{"A", "B"}[k] }

type Level string

func (l Level) String() string { return "<" + string(l) + ">" }

type Temp float64

type Code uint8

func (c Code) Error() string { return fmt.Sprintf("code %d", uint8(c)) }

type Inner struct {
	K Kind
	D time.Duration
}

type Rec struct {
	Name string
	Kind Kind
	L    Level
	T    Temp
	C    Code
	In   Inner
	P    *Inner
	List []Kind
	M    map[string]Kind
	D    time.Duration
	F    float64
	Any  any
	Err  error
	Arr  [2]Kind
	B    []byte
	F32  float32
	R    rune
	Fn   func()
	priv Kind
}

func main() {
	r := Rec{Name: "n", Kind: B, L: "hot", T: 1.5, C: 3, In: Inner{B, time.Second}, List: []Kind{A, B}, M: map[string]Kind{"x": B}, D: 1500 * time.Millisecond,
		F: 2, Any: B, Err: Code(4), Arr: [2]Kind{B, A}, B: []byte("hi"), F32: 0.1, R: 'x', priv: B}
	fmt.Println(r)
	fmt.Printf("%v\n%+v\n", r, r)
	fmt.Println(r.List, r.M, r.Arr, map[Kind]int{B: 1, A: 2}, []Inner{{A, 1}}, &Inner{B, 2}, []*Kind{nil})
	fmt.Println([]time.Duration{1, time.Hour}, map[string]time.Duration{"a": time.Minute}, []Level{"a"}, []Code{1}, [][]Kind{{A}, {B}})
	fmt.Printf("%v %d %s %q %x\n", []Kind{A, B}, []Kind{A, B}, []Kind{A}, []Level{"q"}, []Kind{B})
	s := fmt.Sprint(r.In, r.Kind) + fmt.Sprintln("x", r.In)
	fmt.Print(s)
	fmt.Println(fmt.Errorf("in %v: %w", r.In, r.Err))
	var e any = r.In
	fmt.Println(e)
}
