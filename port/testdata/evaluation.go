// Order of evaluation, assignments to several places, switches, labels, closures.
package main

import "fmt"

func next(s string, n int) int { fmt.Print(s, " "); return n }

func three() (int, string, error) { return 1, "x", nil }

type Node struct {
	val         int
	left, right *Node
}

func (n *Node) insert(v int) *Node {
	if n == nil {
		return &Node{val: v}
	}
	if v < n.val {
		n.left = n.left.insert(v)
	} else {
		n.right = n.right.insert(v)
	}
	return n
}

func (n *Node) walk(f func(int)) {
	if n == nil {
		return
	}
	n.left.walk(f)
	f(n.val)
	n.right.walk(f)
}

func sw(n int) string {
	s := ""
	switch {
	case n < 0:
		s += "neg"
		fallthrough
	case n == 0:
		s += "zero"
	case n > 100:
		if n > 1000 {
			break
		}
		s += "big"
	default:
		s += "def"
	}
	switch n {
	case 1, 2, 3:
		s += "small"
	case 4:
		s += "four"
		fallthrough
	case 5:
		s += "five"
		fallthrough
	default:
		s += "D"
	}
	switch x := n * 2; {
	case x > 5:
		s += "x"
	}
	return s
}

func labels() {
outer:
	for i := 0; i < 4; i++ {
		for j := 0; ; j++ {
			switch {
			case j == 2:
				continue outer
			case i == 2:
				break outer
			case j == 5:
				break
			}
			fmt.Print(i, j, ";")
		}
	}
	fmt.Println()
	i := 0
loop:
	if i < 3 {
		fmt.Print(i)
		i++
		goto loop
	}
	fmt.Println()
	for i := 0; i < 3; i++ {
		if i == 1 {
			goto done
		}
	}
done:
	fmt.Println("done")
sel:
	switch i {
	case 3:
		for {
			break sel
		}
	}
}

func closures() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		fmt.Print(f(), " ", f(), " ")
	}
	fmt.Println()
	for i := 0; i < 6; i++ {
		defer func() { fmt.Print(i, " ") }()
		i++
	}
	x := 1
	inc := func() int { x++; return x }
	y := inc() + x*10
	fmt.Println(y, x)
	add := func(n int) func(int) int { return func(m int) int { n += m; return n } }
	a, b := add(1), add(100)
	fmt.Println(a(1), a(1), b(1), b(1))
	var fib func(int) int
	fib = func(n int) int {
		if n < 2 {
			return n
		}
		return fib(n-1) + fib(n-2)
	}
	fmt.Println(fib(15))
	if x := 5; x > 3 {
		x := x + 1
		fmt.Println("inner", x)
	} else {
		fmt.Println(x)
	}
	fmt.Println("outer", x)
	{
		x, z := 7, 8
		x++
		fmt.Println(x, z)
	}
	x, err := 9, error(nil)
	fmt.Println(x, err)
	n := 0
	p := &n
	*p = 5
	func() { n++ }()
	fmt.Println(n, *p)
	q := p
	*q++
	fmt.Println(n, p == q)
}

func assign() {
	a := []int{1, 2, 3}
	i := 0
	i, a[i] = 1, 9
	fmt.Println(i, a)
	a[i], i = 5, 2
	fmt.Println(i, a)
	a[0], a[1], a[2] = a[2], a[0], a[1]
	fmt.Println(a)
	x, y := 1, 2
	x, y = y, x+y
	fmt.Println(x, y)
	m := map[string]int{}
	m["a"], x = x, 10
	fmt.Println(m, x)
	n := &Node{val: 1}
	n, n.left = &Node{val: 2}, &Node{val: 3}
	fmt.Println(n.val, n.left == nil)
	head := &Node{val: 1, right: &Node{val: 2, right: &Node{val: 3}}}
	var prev *Node
	for head != nil {
		head.right, prev, head = prev, head, head.right
	}
	for ; prev != nil; prev = prev.right {
		fmt.Print(prev.val, " ")
	}
	fmt.Println()
	arr := [3]int{next("a", 1), next("b", 2), next("c", 3)}
	arr[next("i", 0)] = next("v", 5)
	fmt.Println(arr)
	z := next("l", 1) + next("r", 2)*next("q", 3)
	fmt.Println(z)
	if next("s", 0) == 1 && next("t", 1) == 1 || next("u", 1) == 1 {
		fmt.Println("ok")
	}
	v, s, err := three()
	_, s2, _ := three()
	fmt.Println(v, s, err, s2)
	a[1] += 5
	a[2] -= a[1]
	a[0] <<= 2
	a[0]++
	fmt.Println(a)
	ms := map[string][]int{}
	ms["q"] = append(ms["q"], 1, 2)
	ms["q"][0]++
	mi := map[string]int{"z": 1}
	mi["z"]++
	mi["y"] += 3
	mi["w"] |= 6
	delete(mi, "z")
	val, ok := mi["nope"]
	if v, ok := mi["y"]; ok {
		fmt.Println(v)
	}
	fmt.Println(ms, mi, val, ok, len(mi))
	mm := map[string]map[string]int{}
	if mm["a"] == nil {
		mm["a"] = map[string]int{}
	}
	mm["a"]["b"]++
	fmt.Println(mm, mm["x"]["y"])
	for k := range mi {
		delete(mi, k)
	}
	fmt.Println(len(mi))
	clear(mm)
	fmt.Println(len(mm))
}

func main() {
	for _, n := range []int{-1, 0, 1, 4, 5, 50, 500, 5000} {
		fmt.Println(n, sw(n))
	}
	labels()
	closures()
	fmt.Println()
	assign()
	var root *Node
	for _, v := range []int{5, 2, 8, 1, 9} {
		root = root.insert(v)
	}
	root.walk(func(v int) { fmt.Print(v, " ") })
	fmt.Println()
	const c = 10
	const d = c / 3
	const e = c / 3.0
	var fl float64 = c
	fmt.Println(d, e, fl/4, c/4, 'a'*2, len("abc")*2)
	type loc struct{ c int }
	fmt.Println(loc{3}.c)
}
