// Iterators, slices, maps, strconv and strings.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

type rec struct {
	name string
	age  int
}

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {

				return
			}
		}
	}
}

func find(n int) (r int) {
	defer func() { fmt.Println("find done", r) }()
	for v := range count(10) {
		if v == n {
			return v * 100
		}
	}
	return -1
}

func outer() {
out:
	for a := range count(3) {
		for b := range count(3) {
			if b == 1 {
				continue out
			}
			if a == 1 {
				break out
			}
			fmt.Println(a, b)
		}
	}
}

func variadic(pre string, xs ...int) string {
	return pre + fmt.Sprint(len(xs), xs == nil, xs)
}

type tree struct {
	l, r *tree
	v    int
}

func (t *tree) all(yield func(int) bool) bool {
	if t == nil {
		return true
	}
	return t.l.all(yield) && yield(t.v) && t.r.all(yield)
}

func (t *tree) Each() iter.Seq[int] {
	return func(yield func(int) bool) { yield(t.v) }
}

func pull() {
}

func main() {
	rs := []rec{{"b", 2}, {"a", 2}, {"c", 1}}
	slices.SortFunc(rs, func(a, b rec) int {
		return cmp.Or(cmp.Compare(a.age, b.age), strings.Compare(a.name, b.name))
	})
	fmt.Println(rs)
	xs := []int{3, 1, 2}
	ys := slices.Clone(xs)
	slices.Sort(ys)
	i, found := slices.BinarySearch(ys, 2)
	fmt.Println(xs, ys, i, found, slices.Contains(xs, 3), slices.Index(xs, 9), slices.Max(xs))
	xs = slices.Insert(xs, 1, 8, 9)
	xs = slices.Delete(xs, 0, 1)
	fmt.Println(xs, slices.Equal(xs, ys), slices.IndexFunc(xs, func(n int) bool { return n == 1 }))
	m := map[string]int{"x": 1, "y": 2}
	ks := slices.Sorted(maps.Keys(m))
	fmt.Println(ks, slices.Collect(maps.Values(map[int]int{1: 2})))
	fmt.Println(find(3), find(20))
	outer()
	fmt.Println(variadic("a"), variadic("b", 1, 2), variadic("c", xs...), variadic("d", nil...))
	_ = (&tree{}).Each
	n, err := strconv.Atoi("12x")
	fmt.Println(n, err)
	f, err := strconv.ParseFloat("1.5", 64)
	b, err2 := strconv.ParseBool("maybe")
	fmt.Println(f, err, b, err2, strconv.Itoa(-5), strconv.Quote("a\tb"), strconv.FormatInt(255, 16))
	fs := []func(){}
	for i := range 3 {
		fs = append(fs, func() { fmt.Print(i, " ") })
	}
	for _, f := range fs {
		f()
	}
	fmt.Println()
	funcs := map[string]func(float64, float64) float64{
		"add": func(a, b float64) float64 { return a + b },
		"div": func(a, b float64) float64 { return a / b },
	}
	fmt.Println(funcs["add"](1, 2), funcs["div"](1, 4), funcs["nope"] == nil)
	type kv struct {
		k string
		v int
	}
	var kvs []kv
	for k, v := range m {
		kvs = append(kvs, kv{k, v})
	}
	slices.SortFunc(kvs, func(a, b kv) int { return cmp.Compare(b.v, a.v) })
	fmt.Printf("%v %+v\n", kvs, kvs)
	groups := map[bool][]int{}
	for _, x := range xs {
		groups[x%2 == 0] = append(groups[x%2 == 0], x)
	}
	fmt.Println(groups)
	nested := [][]int{{1}, {2, 3}, {}}
	total := 0
	for _, in := range nested {
		for _, v := range in {
			total += v
		}
	}
	fmt.Println(total, len(nested[2]))
	var arr [3][2]int
	arr[1][0] = 5
	cp := arr
	cp[1][0] = 6
	fmt.Println(arr, cp)
	sparse := [...]string{2: "c", 0: "a"}
	fmt.Printf("%q %d\n", sparse, len(sparse))
	chunks := [][]int{}
	for c := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		chunks = append(chunks, c)
	}
	fmt.Println(chunks)
	cm := slices.Compact([]int{1, 1, 2, 2, 1})
	fmt.Println(cm, slices.Repeat([]int{1}, 3), slices.Concat([]int{1}, []int{2}))
	before, after, ok := strings.Cut("k=v", "=")
	fmt.Println(before, after, ok)
	fmt.Println(strings.NewReplacer("a", "1", "b", "2").Replace("abc"), strings.FieldsFunc("a1b2", func(r rune) bool { return r < 'a' }))
}
