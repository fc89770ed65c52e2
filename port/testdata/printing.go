// Printing, formats, runes and bytes, type switches.
package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

type Celsius float64
type Name string

func (n Name) Upper() string { return strings.ToUpper(string(n)) }

func classify(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int:
		return fmt.Sprint("int ", x+1)
	case int64:
		return fmt.Sprint("int64 ", x)
	case float64:
		return fmt.Sprint("float64 ", x)
	case string:
		return "string " + x
	case []byte:
		return "bytes " + string(x)
	case bool, rune:
		return fmt.Sprintf("bool/rune %v", x)
	case error:
		return "error " + x.Error()
	case fmt.Stringer:
		return "stringer " + x.String()
	case []int:
		return fmt.Sprint("ints ", len(x))
	case map[string]int:
		return fmt.Sprint("map ", x["a"])
	case func() int:
		return fmt.Sprint("func ", x())
	case Name:
		return "Name " + x.Upper()
	case Celsius:
		return fmt.Sprint("C ", float64(x))
	default:
		return fmt.Sprintf("other %T", x)
	}
}

type Str struct{ s string }

func (s Str) String() string { return "<" + s.s + ">" }

func main() {
	s := "héllo, 世界"
	fmt.Println(len(s), utf8.RuneCountInString(s), s[1], s[0:1], []byte(s)[:3], []rune(s)[1])
	for i, r := range s {
		fmt.Print(i, ":", string(r), " ")
	}
	fmt.Println()
	for i := range "aé" {
		fmt.Print(i, " ")
	}
	fmt.Println()
	for i := 0; i < len(s); i++ {
		fmt.Print(s[i], " ")
	}
	fmt.Println()
	b := []byte("abc")
	b[0] = 'X'
	b = append(b, "def"...)
	fmt.Println(string(b), b)
	r := []rune("añb")
	r[1] = 'n'
	fmt.Println(string(r), len(r), string(r[2]))
	fmt.Println(s > "hello", "a" < "b", "Z" < "a", "é" > "z")
	var sb strings.Builder
	for i := 0; i < 3; i++ {
		fmt.Fprintf(&sb, "%d-", i)
	}
	sb.WriteByte('x')
	sb.WriteRune('é')
	sb.WriteString("end")
	fmt.Println(sb.String(), sb.Len())
	fmt.Println(strings.Split("a,b,c", ","), strings.Fields("  a b  c "), strings.Repeat("ab", 3), strings.Index("chicken", "ken"), strings.LastIndex("go gopher", "go"))
	fmt.Println(strings.Title("hello"), strings.TrimLeft("xxabc", "x"), strings.TrimSuffix("a.go", ".go"), strings.Replace("aaaa", "a", "b", 2), strings.ToUpper("é"))
	fmt.Println(strings.Map(func(r rune) rune {
		if r == 'a' {
			return -1
		}
		return r + 1
	}, "banana"), strings.ContainsRune("abc", 'b'), strings.EqualFold("Go", "GO"))
	one := 1
	_ = one
	for _, v := range []any{nil, 1, int64(2), 2.0, 2.5, "s", []byte("b"), true, 'r', fmt.Errorf("e"), Str{"q"}, []int{1}, map[string]int{"a": 3}, Name("n"), Celsius(3), uint(3), int32(7), float32(1)} {
		fmt.Println(classify(v))
	}
	fmt.Printf("%v %+v %#v %T\n", Str{"a"}, Str{"b"}, Str{"c"}, Str{"d"})
	fmt.Printf("%q %v %s %x\n", "a\"b\n", []string{"a b", "c"}, []byte("hi"), "hi")
	fmt.Printf("%5d|%-5d|%05d|%+d|%6.2f|%-8s|%8s|%t|%c|%U|%e|%g\n", 42, 42, 42, 42, 3.14159, "ab", "cd", true, 'x', 'é', 12345.678, 1e-10)
	type P struct {
		X, Y int
		N    *int
		M    map[string]int
		S    []string
		I    any
		E    error
	}
	fmt.Printf("%v %+v\n", P{X: 1}, P{Y: 2, M: map[string]int{"b": 1, "a": 2}, S: []string{"q"}, I: 5})
	fmt.Printf("%#v\n", []int{1, 2})
	fmt.Printf("%v %v %v\n", []*int{nil}, map[string][]int{"z": {1}, "a": nil})
	fmt.Printf("%d %s\n", []int{1, 2}, []string{"a", "b"})
	fmt.Printf("%!|%d|%s|%z\n", "str", 5, 3)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%*d|%[2]d %[1]d|%v%%\n", 5, 42, 7)
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0, nil, 'x'), fmt.Sprintln("x", 1))
	var e error
	var np *P
	var ns []int
	var nm map[string]int
	var nf func()
	var nc chan int
	var na any
	fmt.Println(np == nil, nf == nil, nc == nil, ns == nil, nm == nil, e == nil, len(ns), len(nm), nm["x"], cap(nc), na == nil)
	em := map[string]int{}
	fmt.Println(em == nil)
	fmt.Println(string([]byte{104, 105}), string(rune(65)), strings.Compare("a", "b"))
	multi := `raw
string \n`
	fmt.Println(multi, len(multi))
	var bf [4]byte
	n := copy(bf[:], "héllo")
	fmt.Println(n, bf, string(bf[:n]))
}
