// Lists in interfaces: of what they are shows in their elements.
package main

import "fmt"

type pt struct{ x int }

func kind(v any) string {
	switch v := v.(type) {
	case []string:
		return fmt.Sprint("strings ", len(v))
	case []int, []bool:
		return "ints or bools"
	case []pt:
		return fmt.Sprint("points ", v[0].x)
	case []byte:
		return "bytes"
	case []any:
		return fmt.Sprint("anything ", len(v))
	default:
		return fmt.Sprintf("%T", v)
	}
}

func main() {
	for _, v := range []any{[]string{"a"}, []int{1}, []bool{true}, []pt{{4}}, []byte("b"), []any{nil, 1}, 5, "s"} {
		fmt.Println(kind(v))
	}
	var x any = []string{"q"}
	if _, ok := x.([]int); !ok {
		fmt.Println("no ints")
	}
	s, ok := x.([]string)
	fmt.Println(s, ok)
	if v, ok := x.([]string); ok && len(v) == 1 {
		fmt.Println(v[0])
	}
	defer func() { fmt.Println(recover()) }()
	_ = x.([]int)
}
