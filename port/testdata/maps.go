// Maps: missing keys, nil maps, maps of maps and slices, deletion, keys of all kinds.
package main

import (
	"fmt"
	"sort"
)

type key struct {
	name string
	n    int
}

type set map[string]bool

func (s set) add(names ...string) {
	for _, n := range names {
		s[n] = true
	}
}

func (s set) sorted() []string {
	out := make([]string, 0, len(s))
	for n := range s {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

func main() {
	ages := map[string]int{"ann": 30}
	ages["bob"]++
	ages["ann"] += 2
	fmt.Println(ages["ann"], ages["bob"], ages["nobody"], len(ages))
	if age, ok := ages["ann"]; ok {
		fmt.Println("found", age)
	}
	_, ok := ages["eve"]
	fmt.Println(ok)
	delete(ages, "ann")
	fmt.Println(ages)

	var none map[string]int
	fmt.Println(none == nil, none["x"], len(none))
	func() {
		defer func() { fmt.Println(recover()) }()
		none["x"] = 1
	}()

	groups := map[int][]string{}
	for _, w := range []string{"a", "bb", "cc", "ddd"} {
		groups[len(w)] = append(groups[len(w)], w)
	}
	fmt.Println(groups, len(groups[2]), groups[9] == nil)

	nested := map[string]map[string]int{}
	if nested["a"] == nil {
		nested["a"] = map[string]int{}
	}
	nested["a"]["b"] = 5
	nested["a"]["b"]++
	fmt.Println(nested["a"]["b"], nested["x"]["y"])

	counts := map[key]int{{"a", 1}: 1}
	counts[key{"a", 1}]++
	counts[key{"b", 2}] = 7
	fmt.Println(counts[key{"a", 1}], counts[key{"b", 2}], len(counts))
	pointers := map[string]*key{"p": {"p", 1}}
	pointers["p"].n = 10
	if p := pointers["q"]; p == nil {
		fmt.Println(pointers["p"].n, "no q")
	}
	s := set{}
	s.add("z", "y")
	fmt.Println(s.sorted(), s["z"], s["w"])
	grid := map[[2]int]string{{0, 1}: "x"}
	fmt.Println(grid[[2]int{0, 1}], grid[[2]int{1, 1}] == "")
	for k, v := range map[string]int{"only": 1} {
		fmt.Println(k, v)
	}
	clear(s)
	fmt.Println(len(s))
}
