package stack

import (
	"errors"
	"testing"
)

func TestPop(t *testing.T) {
	var s Stack[int]
	s.Push(1)
	s.Push(2)
	for _, want := range []int{2, 1} {
		got, err := s.Pop()
		if err != nil || got != want {
			t.Errorf("got %d, %v, want %d", got, err, want)
		}
	}
	if _, err := s.Pop(); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v, want %v", err, ErrEmpty)
	}
}

func TestDrain(t *testing.T) {
	var s Stack[string]
	s.Push("a")
	s.Push("b")
	values := make(chan string)
	go s.Drain(values)
	var all string
	for value := range values {
		all += value
	}
	if all != "ba" {
		t.Errorf("got %q", all)
	}
}
