// Errors as exceptions, with --throw: what is plain in Go throws, the rest keeps its form.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

var (
	errEmpty  = errors.New("empty")
	errClosed = errors.New("closed")
)

// parse is plain: the other result is zero beside an error.
func parse(s string) (int, error) {
	if s == "" {
		return 0, errEmpty
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fmt.Errorf("parse: %w", err)
	}
	return n, nil
}

// clamp returns a value beside its error, so both stay values.
func clamp(n int) (int, error) {
	if n > 100 {
		return 100, fmt.Errorf("%d is too big", n)
	}
	return n, nil
}

func sum(list ...string) (int, error) {
	total := 0
	for i, s := range list {
		n, err := parse(s)
		if err != nil {
			return 0, fmt.Errorf("element %d: %w", i, err)
		}
		total += n
	}
	return total, nil
}

// double passes the error on as it is.
func double(s string) (int, error) {
	n, err := parse(s)
	if err != nil {
		return 0, err
	}
	return 2 * n, nil
}

func minmax(a, b string) (lo, hi int, err error) {
	x, err := parse(a)
	if err != nil {
		return 0, 0, err
	}
	y, err := parse(b)
	if err != nil {
		return 0, 0, err
	}
	return min(x, y), max(x, y), nil
}

func spread(a, b string) (int, error) {
	lo, hi, err := minmax(a, b)
	if err != nil {
		return 0, err
	}
	return hi - lo, nil
}

func check(s string) error {
	if _, err := parse(s); err != nil {
		return err
	}
	if s == "13" {
		return &unlucky{13}
	}
	return nil
}

func checkAll(list []string) error {
	for _, s := range list {
		if err := check(s); err != nil {
			if errors.Is(err, errEmpty) {
				continue
			}
			return err
		}
	}
	return check("7")
}

type unlucky struct{ n int }

func (u *unlucky) Error() string { return "unlucky: " + strconv.Itoa(u.n) }

// An interface's method has one form for all types.
type store interface {
	Get(key string) (string, error)
	Close() error
}

type memory struct {
	data   map[string]string
	closed bool
}

func (m *memory) Get(key string) (string, error) {
	if m.closed {
		return "", errClosed
	}
	v, ok := m.data[key]
	if !ok {
		return "", fmt.Errorf("no %s", key)
	}
	return v, nil
}

func (m *memory) Close() error {
	if m.closed {
		return errClosed
	}
	m.closed = true
	return nil
}

type counting struct {
	store
	gets int
}

func (c *counting) Get(key string) (string, error) {
	c.gets++
	return c.store.Get(key)
}

func lookUp(s store, key string) (string, error) {
	v, err := s.Get(key)
	if err != nil {
		return "", fmt.Errorf("look up: %w", err)
	}
	return v + "!", nil
}

// retry calls a function value: these throw too.
func retry(times int, f func() error) error {
	var err error
	for i := 0; i < times; i++ {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}

func later[T any](d time.Duration, f func() (T, error)) (T, error) {
	var zero T
	time.Sleep(d)
	v, err := f()
	if err != nil {
		return zero, err
	}
	return v, nil
}

// safely recovers: a thrown error would look like a panic to it.
func safely(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return f()
}

func must(s string) int {
	n, err := parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

func tidy(s store) (err error) {
	if _, err = s.Get("a"); err != nil {
		return
	}
	return s.Close()
}

func classify(s string) string {
	err := check(s)
	var u *unlucky
	switch {
	case err == nil:
		return "fine"
	case errors.Is(err, errEmpty):
		return "empty"
	case errors.As(err, &u):
		return "unlucky " + strconv.Itoa(u.n)
	default:
		return err.Error()
	}
}

func main() {
	n, err := sum("1", "2")
	fmt.Println(n, err)
	n, err = sum("1", "")
	fmt.Println(n, err, errors.Is(err, errEmpty))
	if n, err := double("x"); err != nil {
		fmt.Println("double:", n, err)
	}
	fmt.Println(clamp(300))
	if d, err := spread("3", "10"); err == nil {
		fmt.Println("spread", d)
	}
	fmt.Println(checkAll([]string{"1", "", "2"}), checkAll([]string{"13", "1"}))
	for _, s := range []string{"1", "", "13", "x"} {
		fmt.Println(classify(s))
	}

	m := &memory{data: map[string]string{"a": "b"}}
	c := &counting{store: m}
	v, err := lookUp(c, "a")
	fmt.Println(v, err, c.gets)
	_, err = lookUp(c, "z")
	fmt.Println(err)
	fmt.Println(tidy(c), tidy(c))
	c.Close()
	_ = c.Close()

	calls := 0
	err = retry(3, func() error {
		calls++
		if calls < 3 {
			return errEmpty
		}
		return nil
	})
	fmt.Println(calls, err, retry(2, func() error { return errClosed }))
	s, err := later(time.Millisecond, func() (string, error) { return "late", nil })
	fmt.Println(s, err)
	_, err = later(time.Millisecond, func() (int, error) { return parse("") })
	fmt.Println(err)

	fmt.Println(safely(func() error { return errClosed }))
	fmt.Println(safely(func() error { return check(strconv.Itoa(must("?"))) }))
	errs := make(chan error, 1)
	go func() { errs <- check("13") }()
	fmt.Println(<-errs)
	if err := checkAll(nil); err != nil {
		fmt.Println("not reached")
		os.Exit(1)
	}
}
