// Pointers: to variables, to fields and elements, to slices; methods that may be called on nil.
package main

import "fmt"

type tree struct {
	left, right *tree
	value       int
}

func (t *tree) insert(v int) *tree {
	if t == nil {
		return &tree{nil, nil, v}
	}
	if v < t.value {
		t.left = t.left.insert(v)
	} else {
		t.right = t.right.insert(v)
	}
	return t
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.left.sum() + t.value + t.right.sum()
}

func increment(p *int) { *p++ }

func swap(a, b *string) { *a, *b = *b, *a }

type config struct {
	limit int
	name  string
	list  []int
}

type intHeap []int

func (h intHeap) Len() int    { return len(h) }
func (h *intHeap) Push(n int) { *h = append(*h, n) }
func (h *intHeap) Pop() int {
	old := *h
	n := old[len(old)-1]
	*h = old[:len(old)-1]
	return n
}

type level int

func (l *level) raise()    { *l++ }
func (l level) high() bool { return l > 1 }

func main() {
	var root *tree
	for _, v := range []int{5, 2, 8, 1} {
		root = root.insert(v)
	}
	fmt.Println(root.sum(), root.left.value, root.left.left.value, root.right.right == nil)

	n := 1
	p := &n
	increment(p)
	increment(&n)
	*p *= 10
	fmt.Println(n, *p, p == &n)

	a, b := "a", "b"
	swap(&a, &b)
	fmt.Println(a, b)

	c := &config{limit: 1}
	q := &c.limit
	*q = 9
	increment(&c.limit)
	r := c
	r.name = "shared"
	copied := *c
	copied.name = "copied"
	*r = config{limit: 3, name: "replaced"}
	fmt.Println(c.limit, c.name, copied.name, copied.limit)

	list := []int{1, 2, 3}
	e := &list[1]
	*e = 20
	fmt.Println(list)

	h := &intHeap{3}
	h.Push(4)
	h.Push(5)
	fmt.Println(h.Pop(), h.Len(), (*h)[1], len(*h))

	var l level
	l.raise()
	l.raise()
	fmt.Println(l, l.high())

	s := new(int)
	*s = 7
	t := s
	*t++
	fmt.Println(*s)
}
