// Deferred calls, named results, recover, and the panics of the runtime.
package main

import (
	"errors"
	"fmt"
)

func order() {
	for i := 0; i < 3; i++ {
		defer fmt.Println("d", i)
	}
	x := 1
	defer fmt.Println("x", x)
	x = 2
	defer func() { fmt.Println("closure x", x) }()
	x = 3
}

func named() (n int, err error) {
	defer func() {
		n *= 2
		if err != nil {
			err = fmt.Errorf("wrapped: %w", err)
		}
	}()
	n = 5
	return 10, errors.New("e")
}

func rec() (r string) {
	defer func() {
		if v := recover(); v != nil {
			r = fmt.Sprint("recovered ", v)
		}
	}()
	var m map[string]int
	m["a"] = 1
	return "no"
}

func try(name string, f func()) {
	defer func() {
		v := recover()
		if e, ok := v.(error); ok {
			fmt.Println(name, "error:", e.Error())
		} else {
			fmt.Println(name, "value:", v)
		}
	}()
	f()
}

func repanic() {
	defer func() {
		fmt.Println("outer", recover())
	}()
	defer func() {
		v := recover()
		panic(fmt.Sprint("again ", v))
	}()
	panic("first")
}

type E struct{ code int }

func (e *E) Error() string { return fmt.Sprint("E", e.code) }

func mayFail(n int) error {
	if n > 0 {
		return &E{n}
	}
	return nil
}

func nested() (s string) {
	defer func() { s += "1" }()
	defer func() {
		defer func() { s += "3"; recover() }()
		panic("inner")
	}()
	return "r"
}

type T struct{ name string }

func (t T) show()   { fmt.Println("T", t.name) }
func (t *T) pshow() { fmt.Println("*T", t.name) }

func methods() {
	t := T{"a"}
	defer t.show()
	defer t.pshow()
	t.name = "b"
}

func loopDefer() {
	for i := range 2 {
		func() {
			defer fmt.Println("inner", i)
			fmt.Println("body", i)
		}()
	}
}

func get(s string) func() {
	fmt.Println("get", s)
	return func() { fmt.Println("run", s) }
}

func cond(b bool) {
	if b {
		defer get("x")()
	}
	fmt.Println("cond", b)
}

func recoverRet() (n int) {
	defer func() { recover() }()
	n = 3
	panic(1)
}

func recoverUnnamed() int {
	defer func() { recover() }()
	panic(1)
}

func main() {
	order()
	fmt.Println(named())
	fmt.Println(rec())
	var np *T
	var ni fmt.Stringer
	zero := 0
	try("nilptr", func() { fmt.Println(np.name) })
	try("div", func() { fmt.Println(1 / zero) })
	try("mod", func() { fmt.Println(1 % zero) })
	try("nilfunc", func() { var f func(); f() })
	try("niliface", func() { fmt.Println(ni.String()) })
	try("assert", func() { var x any = "s"; fmt.Println(x.(int)) })
	try("assertnil", func() { var x any; fmt.Println(x.(int)) })
	try("closeclosed", func() { c := make(chan int); close(c); close(c) })
	try("sendclosed", func() { c := make(chan int, 1); close(c); c <- 1 })
	try("closenil", func() { var c chan int; close(c) })
	try("neg make", func() { n := -1; _ = make([]int, n) })
	try("custom", func() { panic(&E{4}) })
	try("int", func() { panic(42) })
	try("errorf", func() { panic(fmt.Errorf("x %d", 1)) })
	try("struct", func() { panic(T{"q"}) })
	try("none", func() {})
	try("arrptr", func() { var p *[3]int; fmt.Println(p[1]) })
	repanic()
	err := mayFail(3)
	var e *E
	fmt.Println(errors.As(err, &e), e.code, mayFail(0) == nil)
	w := fmt.Errorf("a: %w", err)
	fmt.Println(w, errors.Unwrap(w) == err, errors.Is(w, err))
	fmt.Println(nested())
	methods()
	loopDefer()
	cond(true)
	cond(false)
	fmt.Println(recoverRet(), recoverUnnamed())
	j := errors.Join(errors.New("a"), nil, errors.New("b"))
	fmt.Println(j)
	defer fmt.Println("deferred not run on exit")
	defer func() {
		r := recover()
		fmt.Println("main recovered", r)
	}()
	var mm map[string][]int
	mm["x"] = append(mm["x"], 1)
}
