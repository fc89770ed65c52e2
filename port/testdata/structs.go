// Structs: zero values, copies, embedding, comparison, pointers to them, and structs without a name.
package main

import "fmt"

// A point is copied wherever it is assigned.
type point struct{ x, y int }

func (p point) moved(dx int) point {
	p.x += dx // a copy
	return p
}

func (p *point) move(dx int) { p.x += dx }

type named struct {
	name string
	at   point
	tags [2]string
}

// animal and dog: promoted fields and methods.
type animal struct{ name string }

func (a *animal) rename(name string) { a.name = name }
func (a animal) greet() string       { return "I am " + a.name }

type dog struct {
	animal
	age int
}

type greeter interface{ greet() string }

func change(n named) named {
	n.at.x = 100
	n.tags[0] = "changed"
	return n
}

func main() {
	var zero named
	fmt.Println(zero.name == "", zero.at.x, len(zero.tags))

	a := point{1, 2}
	b := a
	b.x = 10
	p := &a
	p.y = 20
	fmt.Println(a.x, a.y, b.x, b.y)
	fmt.Println(a.moved(5).x, a.x)
	a.move(5)
	fmt.Println(a.x, a == point{6, 20}, a != b)

	n := named{name: "n", at: a}
	m := change(n)
	fmt.Println(n.at.x, n.tags[0] == "", m.at.x, m.tags[0])

	points := []point{{1, 1}, {2, 2}}
	for _, q := range points {
		q.x = 50 // changes nothing
	}
	for i := range points {
		points[i].y *= 10
	}
	first := points[0]
	first.x = 99
	fmt.Println(points[0].x, points[0].y, points[1].y, first.x)

	d := dog{animal{"Rex"}, 3}
	d.rename("Max")
	var g greeter = d
	d.rename("Tom")
	fmt.Println(d.greet(), g.greet(), d.name, d.age)

	byPoint := map[point]string{{1, 2}: "one two"}
	byPoint[point{3, 4}] = "three four"
	fmt.Println(byPoint[point{1, 2}], byPoint[point{3, 4}], len(byPoint), byPoint[point{5, 6}] == "")

	anonymous := struct {
		id   int
		text string
	}{7, "seven"}
	other := anonymous
	other.id++
	fmt.Println(anonymous.id, other.id, other.text)

	var none *dog
	fmt.Println(none == nil, p != nil)
}
