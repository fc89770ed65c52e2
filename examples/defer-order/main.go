// Deferred calls run last in, first out, on return and on panic; their arguments are fixed where they are deferred.
// A deferred function may panic itself: the new panic replaces the old one, and can be recovered further out.
package main

import "fmt"

func ordered() {
	for i := range 3 {
		defer fmt.Println("deferred in the loop:", i)
	}
	n := 1
	defer fmt.Println("argument:", n)
	defer func() { fmt.Println("closure:", n) }()
	n = 2
	fmt.Println("body:", n)
}

func careful() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	defer fmt.Println("runs although the body panics")
	panic("first")
}

func replaced() (err error) {
	defer func() { err = fmt.Errorf("recovered: %v", recover()) }()
	defer func() { panic("second") }()
	panic("first")
}

func main() {
	defer fmt.Println("main's own, at the very end")
	ordered()
	fmt.Println(careful())
	fmt.Println(replaced())

	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer fmt.Println("the goroutine's own")
	}()
	<-ended
}
