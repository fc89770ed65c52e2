// Deferred calls: their order, their arguments, recover, and results that they change.
package main

import (
	"errors"
	"fmt"
)

type file struct {
	name string
	log  *[]string
}

func (f *file) Close() error {
	*f.log = append(*f.log, "close "+f.name)
	return errors.New("closing " + f.name)
}

func order() {
	for i := 0; i < 3; i++ {
		defer fmt.Println("deferred", i)
	}
	fmt.Println("body")
}

func write(log *[]string, fail bool) (n int, err error) {
	f := &file{"data", log}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if fail {
		return 3, errors.New("disk full")
	}
	n = 7
	return n, nil
}

func safe(divide func() int) (result int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	return divide(), nil
}

func twice() (text string) {
	defer func() { text += " and " + fmt.Sprint(recover()) }()
	defer func() {
		text = fmt.Sprint(recover())
		panic("second")
	}()
	panic("first")
}

type catcher struct{ caught any }

func (c *catcher) catch() { c.caught = recover() }

func (c *catcher) run(f func()) {
	defer c.catch()
	f()
}

func main() {
	order()
	var log []string
	fmt.Println(write(&log, false))
	fmt.Println(write(&log, true))
	fmt.Println(log)

	zero := 0
	fmt.Println(safe(func() int { return 10 / (zero + 2) }))
	fmt.Println(safe(func() int { return 10 / zero }))
	fmt.Println(safe(func() int { panic("no number") }))
	fmt.Println(twice())

	c := &catcher{}
	c.run(func() { panic(42) })
	fmt.Println(c.caught)
	c.run(func() {})
	fmt.Println(c.caught)

	i := 1
	defer fmt.Println("at the end:", i)
	if i == 1 {
		defer func() { fmt.Println("in a block:", i) }()
	}
	i = 2
}
