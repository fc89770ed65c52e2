package main

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Types that the other side has as classes of the same names.
type Point struct{ X, Y int }

type Labeled struct {
	Label string
	at    Point
	Tags  []string
	Next  *Point
}

type Ratio struct {
	Of float64
	P  *float64
}

type Celsius float64

func (c Celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type Weekday int

func (d Weekday) String() string { return [...]string{"Sunday", "Monday", "Tuesday"}[d] }

type Plain int

type Failure struct{ Code int }

func (f *Failure) Error() string { return fmt.Sprint("failure ", f.Code) }

type Go struct{ A int }

func (Go) GoString() string { return "main.Go!" }

type Shouter struct{ Word string }

func (s Shouter) Format(f fmt.State, verb rune) {
	w, ok := f.Width()
	fmt.Fprintf(f, "<%c %s %d %t>", verb, strings.ToUpper(s.Word), w, ok)
}

type Panics struct{}

func (Panics) String() string { panic("no string") }

// named are values that are made on both sides, by name.
func named() map[string]any {
	wrapped := fmt.Errorf("outer: %w", errors.New("inner"))
	return map[string]any{
		"point": Point{1, -2}, "&point": &Point{3, 4}, "labeled": Labeled{"a b", Point{5, 6}, []string{"x", "y\n"}, nil},
		"ratio": Ratio{1e6, nil}, "celsius": Celsius(20), "weekday": Weekday(1), "badWeekday": Weekday(7), "plain": Plain(5),
		"failure": &Failure{3}, "go": Go{1}, "shouter": Shouter{"hi"}, "panics": Panics{}, "error": errors.New("plain error"),
		"wrapped": wrapped, "joined": errors.Join(errors.New("one"), errors.New("two")),
		"duration": 1500 * time.Millisecond, "durations": []time.Duration{time.Second, time.Nanosecond},
		"map": map[string]int{"b": 2, "a": 1, "é": 3}, "intMap": map[int]string{10: "x", -1: "y", 2: ""},
		"boolMap": map[bool]int{true: 1, false: 0}, "structMap": map[Point]string{{2, 1}: "b", {1, 9}: "a", {1, 2}: "c"},
		"floatMap": map[float64]int{2.5: 1, math.Inf(-1): 2, 0.5: 3}, "emptyMap": map[string]int{},
		"ints": []int{1, 2, 3}, "strings": []string{"a", "b c", ""}, "floats": []float64{1, 2.5, 1e6}, "nested": [][]int{{1}, {2, 3}, {}},
		"bytes": []byte("hé\x00"), "noBytes": []byte{}, "bools": []bool{true, false}, "any": []any{1, "a", nil, 2.5, true, []int{1}},
		"errors": []error{errors.New("e"), nil}, "points": []Point{{1, 2}}, "array": [3]int{1, 2, 3},
		"nilSlice": []int(nil), "nilMap": map[string]int(nil), "nilPoint": (*Point)(nil), "nilError": error(nil), "nilBytes": []byte(nil),
		"&slice": &[]int{1, 2}, "&map": &map[string]int{"k": 1}, "anonymous": struct {
			A int
			B string
		}{1, "z"}, "empty": struct{}{}, "date": time.Date(2026, 11, 29, 1, 2, 3, 450e6, time.UTC),
	}
}

// operand returns a random argument: as Go sees it, and as it is written down.
func (r *recorder) operand() (any, any) {
	number := func(kind string, v any) (any, any) { return v, raw{"t": kind, "v": wrap(v)} }
	n := r.integer()
	switch r.rnd.Intn(18) {
	case 0, 1, 2:
		n %= 1 << 53
		if r.rnd.Intn(2) == 0 {
			return number("int", int(n))
		}
		return int(n), raw{"v": n}
	case 3:
		return number("int8", int8(n))
	case 4:
		return number("int32", int32(n))
	case 5:
		return number("int64", n)
	case 6:
		return number("uint8", uint8(n))
	case 7:
		return number("uint16", uint16(n))
	case 8:
		return number("uint64", uint64(n))
	case 9:
		c := r.rune()
		return number("rune", c)
	case 10, 11:
		return number("float64", r.float())
	case 12:
		f := float32(r.float())
		if math.Abs(float64(f)) == 1./4096 {
			f = 1 // The one that Go 1.26 rounds up: see formatFloat.
		}
		return number("float32", f)
	case 13:
		// Fractions are floats without being told.
		f := float64(r.rnd.Intn(20000)-10000)/64 + 1.0/128
		return f, raw{"v": wrap(f)}
	case 14, 15:
		s := r.text(5)
		return s, raw{"v": s}
	case 16:
		b := r.rnd.Intn(2) == 0
		return b, raw{"v": b}
	default:
		return nil, raw{"v": nil}
	}
}

func (r *recorder) directive() string {
	var b strings.Builder
	b.WriteByte('%')
	for range r.rnd.Intn(3) {
		b.WriteString(pick(r, "+", "-", "#", " ", "0"))
	}
	if r.rnd.Intn(3) == 0 {
		b.WriteString(pick(r, "1", "3", "8", "12", "25", "*"))
	}
	if r.rnd.Intn(3) == 0 {
		b.WriteString(pick(r, ".", ".0", ".1", ".3", ".10", ".20", ".*"))
	}
	b.WriteString(pick(r, "v", "v", "v", "d", "d", "s", "s", "q", "x", "X", "t", "f", "g", "e", "E", "G", "b", "o", "O", "c", "U", "T", "F", "z", "w"))
	return b.String()
}

func recordFmt(r *recorder) {
	sprintf := func(format string, pairs ...any) {
		var args, written []any
		for i := 0; i < len(pairs); i += 2 {
			args = append(args, pairs[i])
			written = append(written, pairs[i+1])
		}
		// A whole number whose type nobody has told prints as a float there under the verbs of floats.
		out := fmt.Sprintf(format, args...)
		if len(out) > 300 {
			return
		}
		if !regexp.MustCompile(`%![eEfFgG]\(int=`).MatchString(out) || !strings.Contains(encode(written), `{"v":`) && !strings.Contains(encode(written), `{"n":`) {
			r.record("sprintf", append([]any{format}, written...), out)
		}
	}
	for range 4000 {
		v, w := r.operand()
		d := r.directive()
		if unassigned(v) {
			continue
		}
		var pairs []any
		for range strings.Count(d, "*") {
			n := pick[any](r, 0, 5, 12, -7, -1, "x", 2000000)
			pairs = append(pairs, n, raw{"v": n})
		}
		sprintf(pick(r, "", "[", "é")+d+pick(r, "", "]", "|%%"), append(pairs, v, w)...)
	}
	values := named()
	for name, v := range sorted(values) {
		w := raw{"n": name}
		verbs := []string{"%v", "%+v", "%#v", "%T", "%s", "%d", "%q", "%x", "%X", "%5v", "%-8v|", "%08v", "%t", "%f", "%.2f", "%6.3v", "% d", "%+d", "% x", "%#x", "%+q", "%.1s", "%w", "%c", "%g", "%e", "%U", "%b", "%z"}
		for _, verb := range verbs {
			if !showsInside(v, verb) {
				sprintf(verb, v, w)
			}
		}
		r.record("sprint", []any{w, raw{"v": 1}}, fmt.Sprint(v, 1))
		r.record("sprintln", []any{w, w}, fmt.Sprintln(v, v))
	}
	for range 300 {
		var args, written []any
		for range r.rnd.Intn(5) {
			v, w := r.operand()
			args, written = append(args, v), append(written, w)
		}
		r.record("sprint", written, fmt.Sprint(args...))
		r.record("sprintln", written, fmt.Sprintln(args...))
		var format strings.Builder
		for range r.rnd.Intn(4) {
			format.WriteString(pick(r, "%v", "%d", "%s", " ", "%[1]v", "%[2]d", "%[3]*.[2]*[1]f", "%[5]v", "%[x]v", "%[1]", "%[1", "%[0]v", "%-", "%!", "%é",
				"%[2]*[1]d", "%.[2]d", "%[1]3d", "%3.", "%1000001d", "%.1000001d", "%[99999999]d", "100%", "%%", "%05[1]d", "%*[1]d"))
		}
		sprintf(format.String(), interleaved(args, written)...)
	}
	inner, other := errors.New("inner"), errors.New("other")
	for _, c := range []struct {
		format string
		args   []any
	}{
		{"plain", nil}, {"100%", nil}, {"%d", []any{1}}, {"a: %w", []any{inner}}, {"%w, %w", []any{inner, other}}, {"%[2]w %[1]w", []any{inner, other}},
		{"%w %w", []any{inner, inner}}, {"%[1]w %[1]w", []any{inner}}, {"%w", []any{1}}, {"%w", []any{nil}}, {"%v", []any{inner}}, {"%w", nil},
		{"%-8w|", []any{inner}}, {"%w %w", []any{inner, "x"}},
	} {
		err := fmt.Errorf(c.format, c.args...)
		written := []any{c.format}
		for _, arg := range c.args {
			if e, ok := arg.(error); ok {
				written = append(written, raw{"n": e.Error()})
			} else {
				written = append(written, raw{"v": arg})
			}
		}
		r.record("errorf", written, err.Error(), errors.Is(err, inner), errors.Is(err, other), errors.Unwrap(err) == nil)
	}
	r.moreFmt()
}

// unassigned tells whether a number is a character that this version of Unicode has not assigned.
func unassigned(v any) bool {
	switch n := reflect.ValueOf(v); {
	case !n.IsValid():
		return false
	case n.CanInt():
		return n.Int() > 0 && n.Int() <= unicode.MaxRune && !assigned(rune(n.Int()))
	case n.CanUint():
		return n.Uint() <= unicode.MaxRune && !assigned(rune(n.Uint()))
	}
	return false
}

func interleaved(a, b []any) (pairs []any) {
	for i := range a {
		pairs = append(pairs, a[i], b[i])
	}
	return pairs
}

// showsInside tells whether a verb shows what is not the same on the other side: addresses, and the inside of a time.
func showsInside(v any, verb string) bool {
	switch v.(type) {
	case *Failure, error, []error, time.Time:
		return strings.Contains(verb, "#v") || !strings.ContainsAny(verb, "vsxXqT")
	}
	return false
}
