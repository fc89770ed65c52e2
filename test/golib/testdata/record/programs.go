package main

import (
	"bufio"
	"bytes"
	"container/list"
	"container/ring"
	"io"
	"log"
	"reflect"
	"strings"
	"sync/atomic"
	"unicode"
)

// A program is a list of steps, each a method with its arguments, that are carried out one after the other on an object.

// steps carries out random steps on an object and returns them with what each of them returns.
func (r *recorder) steps(object any, count int, next func() []any) (steps, results []any) {
	for range count {
		step := next()
		name, args := step[0].(string), step[1:]
		written := append([]any{lowered(name)}, wrapAll(args)...)
		var found []any
		switch reader, isReader := object.(io.Reader); {
		case name == "Read" && isReader:
			p := make([]byte, args[0].(int))
			n, err := reader.Read(p)
			found = []any{p[:n], err}
		default:
			found = invoke(reflect.ValueOf(object).MethodByName(name).Interface(), args)
		}
		if len(found) == 0 {
			found = []any{nil}
		}
		steps, results = append(steps, written), append(results, wrapAll(found))
	}
	return steps, results
}

func lowered(name string) string {
	return string(unicode.ToLower(rune(name[0]))) + name[1:]
}

// chunks is a reader that returns its text in parts.
type chunks []string

func (c *chunks) Read(p []byte) (int, error) {
	if len(*c) == 0 {
		return 0, io.EOF
	}
	n := copy(p, (*c)[0])
	if (*c)[0] = (*c)[0][n:]; (*c)[0] == "" {
		*c = (*c)[1:]
	}
	return n, nil
}

func (r *recorder) chunks(max int) (*chunks, []string) {
	parts := []string{}
	for range r.rnd.Intn(max) {
		if text := r.text(5) + pick(r, "", "", "\n", "\r\n", " "); text != "" {
			parts = append(parts, text)
		}
	}
	c := chunks(append([]string{}, parts...))
	return &c, parts
}

func recordReaders(r *recorder) {
	ascii := func() byte { return byte(pick(r, 'a', 'b', '\n', ' ', ',')) }
	for range 150 {
		text := r.text(8)
		next := func() []any {
			return pick(r, []any{"Len"}, []any{"Size"}, []any{"Read", r.rnd.Intn(5)}, []any{"ReadByte"}, []any{"UnreadByte"}, []any{"ReadRune"}, []any{"ReadRune"}, []any{"UnreadRune"})
		}
		steps, results := r.steps(strings.NewReader(text), 10, next)
		r.record("strings.newReader", []any{text, steps}, results...)

		b := r.bytes(6)
		next = func() []any {
			return pick(r, []any{"Len"}, []any{"Size"}, []any{"Read", r.rnd.Intn(5)}, []any{"ReadByte"}, []any{"UnreadByte"}, []any{"ReadRune"},
				[]any{"Seek", int64(r.rnd.Intn(12) - 4), r.rnd.Intn(4)})
		}
		steps, results = r.steps(bytes.NewReader(b), 10, next)
		r.record("bytes.newReader", []any{b, steps}, results...)

		next = func() []any {
			return pick(r, []any{"Len"}, []any{"Read", 1 + r.rnd.Intn(5)}, []any{"ReadByte"}, []any{"UnreadByte"}, []any{"ReadRune"}, []any{"ReadRune"}, []any{"UnreadRune"},
				[]any{"Next", r.rnd.Intn(4)}, []any{"ReadBytes", ascii()}, []any{"ReadString", byte('\n')}, []any{"Truncate", r.rnd.Intn(6)}, []any{"Reset"},
				[]any{"Write", r.bytes(4)}, []any{"WriteString", r.text(4)}, []any{"WriteString", r.text(4)}, []any{"WriteByte", byte(r.rnd.Intn(256))},
				[]any{"WriteRune", r.rune()}, []any{"Bytes"})
		}
		steps, results = r.steps(bytes.NewBufferString(text), 12, next)
		r.record("bytes.newBufferString", []any{text, steps}, results...)
		steps, results = r.steps(bytes.NewBuffer(bytes.Clone(b)), 12, next)
		r.record("bytes.newBuffer", []any{b, steps}, results...)

		next = func() []any {
			return pick(r, []any{"Len"}, []any{"String"}, []any{"Reset"}, []any{"WriteString", r.text(4)}, []any{"WriteString", r.text(4)},
				[]any{"WriteByte", ascii()}, []any{"WriteRune", r.rune()}, []any{"Write", []byte(r.text(3))})
		}
		steps, results = r.steps(&strings.Builder{}, 10, next)
		r.record("strings.Builder", []any{steps}, results...)

		source, parts := r.chunks(6)
		next = func() []any {
			return pick(r, []any{"ReadByte"}, []any{"UnreadByte"}, []any{"ReadRune"}, []any{"ReadRune"}, []any{"UnreadRune"}, []any{"Peek", r.rnd.Intn(8)}, []any{"Discard", r.rnd.Intn(4)},
				[]any{"ReadBytes", ascii()}, []any{"ReadString", byte('\n')}, []any{"ReadSlice", ascii()}, []any{"ReadLine"}, []any{"ReadLine"})
		}
		steps, results = r.steps(bufio.NewReader(source), 10, next)
		r.record("bufio.newReader", []any{parts, steps}, results...)

		var target strings.Builder
		size := 1 + r.rnd.Intn(12)
		next = func() []any {
			return pick(r, []any{"Write", []byte(r.text(5))}, []any{"WriteString", r.text(8)}, []any{"WriteString", r.text(8)}, []any{"WriteByte", ascii()},
				[]any{"WriteRune", pick(r, 'a', 'é', '日', '😀')}, []any{"Flush"}, []any{"Buffered"}, []any{"Available"}, []any{"Size"})
		}
		w := bufio.NewWriterSize(&target, size)
		steps, results = r.steps(w, 10, next)
		w.Flush()
		r.record("bufio.newWriterSize", []any{size, steps}, append(results, target.String())...)
	}
}

func recordIO(r *recorder) {
	for range 150 {
		source, parts := r.chunks(5)
		data, err := io.ReadAll(source)
		r.record("readAll", []any{parts}, data, err)
		length := r.rnd.Intn(12)
		read := func(name string, f func(p []byte, source io.Reader) (int, error), args ...any) {
			source, parts := r.chunks(4)
			p := make([]byte, length)
			n, err := f(p, source)
			r.record(name, append([]any{parts, length}, args...), p[:n], err)
		}
		read("readFull", func(p []byte, source io.Reader) (int, error) { return io.ReadFull(source, p) })
		least := r.rnd.Intn(12)
		read("readAtLeast", func(p []byte, source io.Reader) (int, error) { return io.ReadAtLeast(source, p, least) }, least)
		write := func(name string, f func(target io.Writer, source io.Reader) (int64, error), args ...any) {
			source, parts := r.chunks(5)
			var target strings.Builder
			n, err := f(&target, source)
			r.record(name, append([]any{parts}, args...), n, err, target.String())
		}
		write("copy", func(target io.Writer, source io.Reader) (int64, error) { return io.Copy(target, source) })
		write("copyBuffer", func(target io.Writer, source io.Reader) (int64, error) {
			return io.CopyBuffer(struct{ io.Writer }{target}, source, make([]byte, 1+length))
		}, 1+length)
		// Half a character has no text.
		n := int64(r.rnd.Intn(3))
		ascii := strings.Repeat("x", r.rnd.Intn(6))
		var target strings.Builder
		written, err := io.CopyN(&target, strings.NewReader(ascii), n)
		r.record("copyN", []any{ascii, n}, written, err, target.String())
		data, err = io.ReadAll(io.LimitReader(strings.NewReader(ascii), n))
		r.record("limitReader", []any{ascii, n}, data, err)
		a, partsA := r.chunks(4)
		b, partsB := r.chunks(4)
		data, err = io.ReadAll(io.MultiReader(a, b))
		r.record("multiReader", []any{partsA, partsB}, data, err)
		var one, two strings.Builder
		count, err := io.WriteString(io.MultiWriter(&one, &two), r.text(5))
		r.record("multiWriter", []any{one.String()}, count, err, one.String(), two.String())
		source, parts = r.chunks(4)
		var tee strings.Builder
		data, err = io.ReadAll(io.TeeReader(source, &tee))
		r.record("teeReader", []any{parts}, data, err, tee.String())
		text := r.text(5)
		count, err = io.WriteString(io.Discard, text)
		r.record("writeString", []any{text}, count, err)
		source, parts = r.chunks(4)
		data, err = io.ReadAll(io.NopCloser(source))
		r.record("nopCloser", []any{parts}, data, err)
	}
	for range 200 {
		source, parts := r.chunks(8)
		if r.rnd.Intn(3) == 0 {
			long := strings.Repeat(pick(r, "a", "é", "ab ", "x\n"), r.rnd.Intn(40))
			parts = append(parts, long+"z")
			*source = append(*source, long+"z")
		}
		limit := pick(r, 1, 2, 4, 8, 16, 64)
		name := pick(r, "scanLines", "scanWords", "scanRunes")
		s := bufio.NewScanner(source)
		s.Buffer(make([]byte, 0, limit), limit)
		s.Split(map[string]bufio.SplitFunc{"scanLines": bufio.ScanLines, "scanWords": bufio.ScanWords, "scanRunes": bufio.ScanRunes}[name])
		tokens := []string{}
		for s.Scan() {
			tokens = append(tokens, s.Text())
		}
		r.record("scanner", []any{parts, name, limit}, tokens, s.Err())
	}
}

func recordLists(r *recorder) {
	for range 200 {
		l := list.New()
		var elements []*list.Element
		var steps, states []any
		for i := range 14 {
			a, b := r.rnd.Intn(len(elements)+1), r.rnd.Intn(len(elements)+1)
			name := pick(r, "pushFront", "pushBack", "insertBefore", "insertAfter", "remove", "moveToFront", "moveToBack", "moveBefore", "moveAfter", "pushBackList", "pushFrontList")
			if a == len(elements) || b == len(elements) {
				name = "pushBack"
			}
			switch name {
			case "pushFront":
				elements = append(elements, l.PushFront(i))
			case "pushBack":
				elements = append(elements, l.PushBack(i))
			case "insertBefore":
				if e := l.InsertBefore(i, elements[a]); e != nil {
					elements = append(elements, e)
				}
			case "insertAfter":
				if e := l.InsertAfter(i, elements[a]); e != nil {
					elements = append(elements, e)
				}
			case "remove":
				l.Remove(elements[a])
			case "moveToFront":
				l.MoveToFront(elements[a])
			case "moveToBack":
				l.MoveToBack(elements[a])
			case "moveBefore":
				l.MoveBefore(elements[a], elements[b])
			case "moveAfter":
				l.MoveAfter(elements[a], elements[b])
			case "pushBackList":
				l.PushBackList(l)
			case "pushFrontList":
				l.PushFrontList(l)
			}
			values := []any{l.Len()}
			for e := l.Front(); e != nil; e = e.Next() {
				values = append(values, e.Value)
			}
			for e := l.Back(); e != nil; e = e.Prev() {
				values = append(values, e.Value)
			}
			steps, states = append(steps, []any{name, i, a, b}), append(states, values)
		}
		r.record("list", []any{steps}, states)

		one, two := ring.New(1+r.rnd.Intn(6)), ring.New(1+r.rnd.Intn(4))
		sizes := []int{one.Len(), two.Len()}
		for i := range one.Len() + two.Len() {
			if i < one.Len() {
				one.Value, one = i, one.Next()
			} else {
				two.Value, two = i, two.Next()
			}
		}
		steps, states = nil, nil
		for range 8 {
			n := r.rnd.Intn(9) - 4
			name := pick(r, "move", "unlink", "link", "next", "prev")
			switch name {
			case "move":
				one = one.Move(n)
			case "unlink":
				if removed := one.Unlink(n); removed != nil {
					two = removed
				}
			case "link":
				two = one.Link(two)
			case "next":
				one = one.Next()
			case "prev":
				two = two.Prev()
			}
			values := []any{one.Len(), two.Len()}
			one.Do(func(v any) { values = append(values, v) })
			two.Do(func(v any) { values = append(values, v) })
			steps, states = append(steps, []any{name, n}), append(states, values)
		}
		r.record("ring", []any{sizes, steps}, states)
	}
}

func recordAtomic(r *recorder) {
	for range 60 {
		small := func() int { return r.rnd.Intn(7) - 3 }
		numbers := func(object any, of func(int) any, kind string) {
			next := func() []any {
				return pick(r, []any{"Load"}, []any{"Store", of(small())}, []any{"Add", of(small() * (1 << r.rnd.Intn(31)))}, []any{"Add", of(small())}, []any{"Swap", of(small())},
					[]any{"CompareAndSwap", of(small()), of(small())}, []any{"And", of(r.rnd.Intn(16))}, []any{"Or", of(r.rnd.Intn(16))})
			}
			steps, results := r.steps(object, 12, next)
			r.record(kind, []any{steps}, results...)
		}
		numbers(&atomic.Int32{}, func(n int) any { return int32(n) }, "Int32")
		numbers(&atomic.Int64{}, func(n int) any { return int64(n) }, "Int64")
		numbers(&atomic.Uint32{}, func(n int) any { return uint32(n) }, "Uint32")
		// Numbers above 2^53 are not exact on the other side.
		next := func() []any {
			n, m := uint64(r.rnd.Intn(4)), uint64(r.rnd.Intn(4))
			return pick(r, []any{"Load"}, []any{"Store", n << r.rnd.Intn(40)}, []any{"Add", n << r.rnd.Intn(40)}, []any{"Swap", n}, []any{"CompareAndSwap", n, m}, []any{"Or", n})
		}
		steps, results := r.steps(&atomic.Uint64{}, 12, next)
		r.record("Uint64", []any{steps}, results...)
		next = func() []any {
			return pick(r, []any{"Load"}, []any{"Store", r.rnd.Intn(2) == 0}, []any{"Swap", r.rnd.Intn(2) == 0}, []any{"CompareAndSwap", r.rnd.Intn(2) == 0, r.rnd.Intn(2) == 0})
		}
		steps, results = r.steps(&atomic.Bool{}, 12, next)
		r.record("Bool", []any{steps}, results...)
		next = func() []any {
			v := pick[any](r, 1, 2, "a", nil)
			return pick(r, []any{"Load"}, []any{"Store", v}, []any{"Swap", v}, []any{"CompareAndSwap", pick[any](r, 1, "a", nil), v})
		}
		steps, results = r.steps(&atomic.Value{}, 12, next)
		r.record("Value", []any{steps}, results...)

		var i32 int32
		var u32 uint32
		var i64 int64
		n, m := small(), small()*(1<<r.rnd.Intn(31))
		calls := []any{}
		call := func(name string, result any, args ...any) {
			calls = append(calls, append([]any{name, wrap(result)}, wrapAll(args)...))
		}
		call("addInt32", atomic.AddInt32(&i32, int32(n)), n)
		call("addInt32", atomic.AddInt32(&i32, int32(m)), int32(m))
		call("loadInt32", atomic.LoadInt32(&i32))
		call("swapInt32", atomic.SwapInt32(&i32, int32(n)), n)
		call("compareAndSwapInt32", atomic.CompareAndSwapInt32(&i32, int32(m), 5), int32(m), 5)
		atomic.StoreInt32(&i32, 9)
		call("storeInt32", nil, 9)
		call("loadInt32", atomic.LoadInt32(&i32))
		r.record("variables", []any{"Int32", calls}, nil)
		calls = nil
		call("addUint32", atomic.AddUint32(&u32, uint32(n)), uint32(n))
		call("addUint32", atomic.AddUint32(&u32, uint32(m)), uint32(m))
		call("loadUint32", atomic.LoadUint32(&u32))
		call("swapUint32", atomic.SwapUint32(&u32, uint32(n)), uint32(n))
		call("compareAndSwapUint32", atomic.CompareAndSwapUint32(&u32, uint32(m), 5), uint32(m), 5)
		atomic.StoreUint32(&u32, 9)
		call("storeUint32", nil, 9)
		r.record("variables", []any{"Uint32", calls}, nil)
		calls = nil
		call("addInt64", atomic.AddInt64(&i64, int64(n)), n)
		call("loadInt64", atomic.LoadInt64(&i64))
		call("swapInt64", atomic.SwapInt64(&i64, int64(m)), m)
		call("compareAndSwapInt64", atomic.CompareAndSwapInt64(&i64, int64(n), 5), n, 5)
		atomic.StoreInt64(&i64, 9)
		call("storeInt64", nil, 9)
		call("loadInt64", atomic.LoadInt64(&i64))
		r.record("variables", []any{"Int64", calls}, nil)
		calls = nil
		var u64 uint64
		call("addUint64", atomic.AddUint64(&u64, uint64(n+3)), n+3)
		call("loadUint64", atomic.LoadUint64(&u64))
		call("swapUint64", atomic.SwapUint64(&u64, 7), 7)
		call("compareAndSwapUint64", atomic.CompareAndSwapUint64(&u64, uint64(n+8), 5), n+8, 5)
		atomic.StoreUint64(&u64, 9)
		call("storeUint64", nil, 9)
		call("loadUint64", atomic.LoadUint64(&u64))
		r.record("variables", []any{"Uint64", calls}, nil)
	}
}

func recordLog(r *recorder) {
	for range 100 {
		var out strings.Builder
		prefix := r.text(3)
		flags := pick(r, 0, log.Lmsgprefix)
		next := func() []any {
			return pick(r, []any{"Print", r.text(4), r.rnd.Intn(9)}, []any{"Println", r.text(4), 1}, []any{"Printf", "%v-%q\n", r.rnd.Intn(9), r.text(2)}, []any{"SetPrefix", r.text(2)},
				[]any{"Prefix"}, []any{"Flags"}, []any{"SetFlags", pick(r, 0, log.Lmsgprefix)}, []any{"Panicf", "%d", 1}, []any{"Panic", "a", 1, 2}, []any{"Panicln", "a", 1})
		}
		steps, results := r.steps(log.New(&out, prefix, flags), 8, next)
		r.record("new", []any{prefix, flags, steps}, append(results, out.String())...)
	}
}
