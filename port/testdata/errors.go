// Errors are values: sentinels, wrapping, types of errors, results beside an error.
package main

import (
	"errors"
	"fmt"
	"strconv"
)

var errEmpty = errors.New("empty")

type parseError struct {
	line int
	err  error
}

func (e *parseError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }
func (e *parseError) Unwrap() error { return e.err }

type status int

func (s status) Error() string { return "status " + strconv.Itoa(int(s)) }

func parse(line int, s string) (int, error) {
	if s == "" {
		return 0, &parseError{line, errEmpty}
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, &parseError{line, err}
	}
	if n > 100 {
		return n, status(n)
	}
	return n, nil
}

func total(list []string) (sum int, err error) {
	for i, s := range list {
		n, err := parse(i+1, s)
		if err != nil {
			return sum, fmt.Errorf("total: %w", err)
		}
		sum += n
	}
	return
}

func first(fs ...func() error) error {
	for _, f := range fs {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	fmt.Println(total([]string{"1", "2"}))
	n, err := total([]string{"1", "x"})
	fmt.Println(n, err)
	_, err = total([]string{""})
	var pe *parseError
	fmt.Println(errors.Is(err, errEmpty), errors.As(err, &pe), pe.line)
	_, err = total([]string{"404"})
	fmt.Println(err, errors.Is(err, status(404)), errors.Is(err, status(500)))

	err = first(func() error { return nil }, func() error { return errEmpty })
	if err == errEmpty {
		fmt.Println("the sentinel itself:", err)
	}
	if err := first(); err == nil {
		fmt.Println("no error:", err)
	}
	fmt.Println(errors.Join(errEmpty, nil, errors.New("two")))
	fmt.Println(errors.Unwrap(fmt.Errorf("outer: %w", errEmpty)) == errEmpty)
}
