// Package stack has a stack that many goroutines may use.
package stack

import (
	"errors"
	"sync"
)

// ErrEmpty is returned by Pop if there is nothing to return.
var ErrEmpty = errors.New("stack: empty")

// Stack holds values; the last one in is the first one out.
type Stack[T any] struct {
	mu     sync.Mutex
	values []T
}

// Push puts a value on top.
func (s *Stack[T]) Push(value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values = append(s.values, value)
}

// Pop takes the value on top.
func (s *Stack[T]) Pop() (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var zero T
	if len(s.values) == 0 {
		return zero, ErrEmpty
	}
	top := s.values[len(s.values)-1]
	s.values = s.values[:len(s.values)-1]
	return top, nil
}

// Drain sends all values to a channel, top first, and closes it.
func (s *Stack[T]) Drain(to chan<- T) {
	defer close(to)
	for {
		value, err := s.Pop()
		if err != nil {
			return
		}
		to <- value
	}
}
