package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"log"
	"maps"
	"math"
	"math/bits"
	"os"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Pair is a struct that can be compared; the other side has a class of the same name.
type Pair struct {
	A int
	B string
}

// Box is a struct with any value in it.
type Box struct{ V any }

// value returns a value as Go sees it, and as it is written down.
func (r *recorder) value(depth int, comparable bool) (any, any) {
	kinds := 8
	if depth > 0 {
		kinds = 10
	}
	switch r.rnd.Intn(kinds) {
	case 0:
		n := r.rnd.Intn(3)
		return n, raw{"int": n}
	case 1:
		s := pick(r, "", "a", "1", "é")
		return s, raw{"string": s}
	case 2:
		f := pick(r, 0, 1, 1.5, math.NaN(), math.Copysign(0, -1))
		return f, raw{"float64": wrap(f)}
	case 3:
		b := r.rnd.Intn(2) == 0
		return b, raw{"bool": b}
	case 4:
		return nil, raw{"nil": true}
	case 5:
		p := Pair{r.rnd.Intn(2), pick(r, "a", "b")}
		return p, raw{"Pair": []any{p.A, p.B}}
	case 6:
		if !comparable {
			return r.value(depth, false)
		}
		a := [2]int{r.rnd.Intn(2), r.rnd.Intn(2)}
		return a, raw{"[2]int": a[:]}
	case 7:
		d := time.Duration(r.rnd.Intn(2)) * time.Second
		return d, raw{"Duration": int(d / time.Millisecond)}
	case 8:
		if comparable {
			v, w := r.value(depth-1, true)
			return Box{v}, raw{"Box": w}
		}
		list, written := []any{}, []any{}
		for range r.rnd.Intn(3) {
			v, w := r.value(depth-1, false)
			list, written = append(list, v), append(written, w)
		}
		return list, raw{"[]any": written}
	default:
		if comparable {
			return r.value(depth-1, true)
		}
		m, written := map[string]any{}, []any{}
		for _, key := range []string{"x", "y"} {
			if r.rnd.Intn(2) == 0 {
				v, w := r.value(depth-1, false)
				m[key] = v
				written = append(written, []any{key, w})
			}
		}
		return m, raw{"map": written}
	}
}

func recordValues(r *recorder) {
	for range 500 {
		a, wa := r.value(2, true)
		b, wb := r.value(2, true)
		r.record("equal", []any{wa, wb}, a == b)
		r.record("equal", []any{wa, wa}, a == a)
		// Whether an array is one, or a slice, does not show on the other side, nor whether a field is an interface.
		if v := reflect.ValueOf(a); v.IsValid() && v.Kind() != reflect.Array {
			if _, isBox := a.(Box); !isBox {
				r.record("isZero", []any{wa}, v.IsZero())
			}
			r.record("typeName", []any{wa}, fmt.Sprintf("%T", a))
		}
		a, wa = r.value(3, false)
		b, wb = r.value(3, false)
		r.record("deepEqual", []any{wa, wb}, reflect.DeepEqual(a, b))
		// What holds itself is deeply equal to itself whatever is in it; made twice, it is not.
		if !strings.Contains(encode(wa), "NaN") {
			r.record("deepEqual", []any{wa, wa}, reflect.DeepEqual(a, a))
		}
	}
	for range 100 {
		m := map[any]int{}
		var steps, results []any
		for i := range 16 {
			k, w := r.value(2, true)
			switch name := pick(r, "set", "set", "get", "delete", "has", "size"); name {
			case "set":
				m[k] = i
				steps, results = append(steps, []any{name, w, i}), append(results, nil)
			case "get":
				v, ok := m[k]
				steps = append(steps, []any{name, w})
				if ok {
					results = append(results, v)
				} else {
					results = append(results, nil)
				}
			case "has":
				_, ok := m[k]
				steps, results = append(steps, []any{name, w}), append(results, ok)
			case "delete":
				_, ok := m[k]
				delete(m, k)
				steps, results = append(steps, []any{name, w}), append(results, ok)
			case "size":
				steps, results = append(steps, []any{name}), append(results, len(m))
			}
		}
		r.record("KeyMap", []any{steps}, results)
	}
	for range 100 {
		a, text, n := r.ints(6), r.text(3), r.rnd.Intn(9)-1
		full := func() []int { return slices.Clip(slices.Clone(a)) }
		i, j, k := r.rnd.Intn(9)-1, r.rnd.Intn(9)-1, r.rnd.Intn(9)-1
		r.call("at", func(list []int, i int) int { return list[i] }, a, i)
		r.call("at", func(s string, i int) int { return int(s[i]) }, text, i)
		r.record("put", []any{a, i, n}, invoke(func() []int { list := full(); list[i] = n; return list }, nil)...)
		r.record("slice", []any{a, i, j}, invoke(func() []int { return full()[i:j] }, nil)...)
		r.record("slice", []any{a, i, j, k}, invoke(func() []int { return full()[i:j:k] }, nil)...)
		r.record("view", []any{a, i, j}, invoke(func() []int { return full()[i:j] }, nil)...)
		r.record("view", []any{a, i, j, k}, invoke(func() []int { return full()[i:j:k] }, nil)...)
		r.record("appendAll", []any{a, []int{n, i}}, append(full(), n, i))
		r.record("append", []any{a, n, i}, append(full(), n, i))
		r.record("copyInto", []any{a, []int{7, 8}, i, j}, invoke(func() []int { list := full(); copy(list[i:j], []int{7, 8}); return list }, nil)...)
		r.record("copy", []any{a, []int{7, 8, 9}}, invoke(func() (int, []int) { list := full(); return copy(list, []int{7, 8, 9}), list }, nil)...)
		r.record("make", []any{i}, invoke(func() []int { return make([]int, i) }, nil)...)
		r.record("makeBytes", []any{i, j}, invoke(func() ([]byte, int) { b := make([]byte, i, j); return b, cap(b) }, nil)...)
		list := full()
		clear(list)
		r.record("clear", []any{a}, list)
		padded := [8]int{}
		copy(padded[:], a)
		r.record("padded", []any{a, 8}, padded[:])
		r.record("len", []any{a}, len(a))
		r.record("cap", []any{a}, cap(full()))
		x, y, m := r.rnd.Int63n(1<<26), r.rnd.Int63n(1<<26), r.rnd.Int63n(1<<53)>>r.rnd.Intn(53)
		r.call("mulRem", func(x, y, m int64) int64 { return x * y % m }, pick(r, x, -x), y, m)
		big := r.integer()
		r.call("int", func(n int64) int { return int(n) }, big>>11)
		r.call("int64", func(n int64) int64 { return n }, big)
		r.call("uint64", func(n int64) uint64 { return uint64(n) }, big)
	}
}

func recordMaps(r *recorder) {
	for range 150 {
		make := func() (map[int]string, []any) {
			m, pairs := map[int]string{}, []any{}
			for _, k := range r.rnd.Perm(5)[:r.rnd.Intn(5)] {
				m[k] = pick(r, "a", "b", "A", "")
				pairs = append(pairs, []any{k, m[k]})
			}
			return m, pairs
		}
		sorted := func(m map[int]string) []any {
			list := []any{}
			for _, k := range slices.Sorted(maps.Keys(m)) {
				list = append(list, []any{k, m[k]})
			}
			return list
		}
		m, pairs := make()
		n, others := make()
		if r.rnd.Intn(3) == 0 {
			n, others = m, pairs
		}
		fold := func(a, b string) bool { return strings.EqualFold(a, b) }
		r.record("keys", []any{pairs}, slices.Sorted(maps.Keys(m)))
		r.record("values", []any{pairs}, slices.Sorted(maps.Values(m)))
		r.record("all", []any{pairs}, sorted(maps.Collect(maps.All(m))))
		r.record("collect", []any{pairs}, sorted(maps.Collect(maps.All(m))))
		r.record("clone", []any{pairs}, sorted(maps.Clone(m)))
		r.record("equal", []any{pairs, others}, maps.Equal(m, n))
		r.record("equalFunc", []any{pairs, others}, maps.EqualFunc(m, n, fold))
		copied := maps.Clone(m)
		maps.Copy(copied, n)
		r.record("copy", []any{pairs, others}, sorted(copied))
		copied = maps.Clone(m)
		maps.Insert(copied, maps.All(n))
		r.record("insert", []any{pairs, others}, sorted(copied))
		copied = maps.Clone(m)
		maps.DeleteFunc(copied, func(k int, v string) bool { return k%2 == 0 || v == "" })
		r.record("deleteFunc", []any{pairs}, sorted(copied))
	}
}

// recordConstants records the values of all constants and variables that programs compare with.
func recordConstants(r *recorder) {
	constants := func(pkg string, values map[string]any) {
		for name, v := range sorted(values) {
			r.record(pkg+"."+name, nil, v)
		}
	}
	constants("math", map[string]any{
		"e": math.E, "pi": math.Pi, "phi": math.Phi, "sqrt2": math.Sqrt2, "ln2": math.Ln2, "ln10": math.Ln10, "log2E": math.Log2E, "log10E": math.Log10E,
		"maxFloat32": math.MaxFloat32, "maxFloat64": math.MaxFloat64, "smallestNonzeroFloat32": math.SmallestNonzeroFloat32,
		"smallestNonzeroFloat64": math.SmallestNonzeroFloat64, "maxInt8": math.MaxInt8, "maxInt16": math.MaxInt16, "maxInt32": math.MaxInt32,
		"maxInt64": math.MaxInt64, "maxInt": math.MaxInt, "minInt8": math.MinInt8, "minInt16": math.MinInt16, "minInt32": math.MinInt32, "minInt64": math.MinInt64,
		"minInt": math.MinInt, "maxUint8": math.MaxUint8, "maxUint16": math.MaxUint16, "maxUint32": int64(math.MaxUint32), "maxUint64": uint64(math.MaxUint64),
		"maxUint": uint64(math.MaxUint),
	})
	constants("bits", map[string]any{"uintSize": bits.UintSize})
	constants("bufio", map[string]any{"errTooLong": bufio.ErrTooLong, "maxScanTokenSize": bufio.MaxScanTokenSize})
	constants("io", map[string]any{
		"eof": io.EOF, "errClosedPipe": io.ErrClosedPipe, "errNoProgress": io.ErrNoProgress, "errShortBuffer": io.ErrShortBuffer, "errShortWrite": io.ErrShortWrite,
		"errUnexpectedEOF": io.ErrUnexpectedEOF, "seekStart": io.SeekStart, "seekCurrent": io.SeekCurrent, "seekEnd": io.SeekEnd,
	})
	constants("strconv", map[string]any{"errRange": strconv.ErrRange, "errSyntax": strconv.ErrSyntax})
	constants("log", map[string]any{"ldate": log.Ldate, "ltime": log.Ltime, "lmicroseconds": log.Lmicroseconds, "llongfile": log.Llongfile, "lshortfile": log.Lshortfile,
		"lutc": log.LUTC, "lmsgprefix": log.Lmsgprefix, "lstdFlags": log.LstdFlags})
	constants("os", map[string]any{"errExist": os.ErrExist, "errNotExist": os.ErrNotExist, "errPermission": os.ErrPermission, "errProcessDone": os.ErrProcessDone})
	constants("unicode", map[string]any{"maxASCII": unicode.MaxASCII, "maxLatin1": unicode.MaxLatin1, "maxRune": unicode.MaxRune, "replacementChar": unicode.ReplacementChar})
	constants("utf8", map[string]any{"maxRune": utf8.MaxRune, "runeError": utf8.RuneError, "runeSelf": utf8.RuneSelf, "utfMax": utf8.UTFMax})
	layouts := map[string]any{
		"ansic": time.ANSIC, "unixDate": time.UnixDate, "rfc822": time.RFC822, "rfc1123": time.RFC1123, "rfc3339": time.RFC3339, "rfc3339Nano": time.RFC3339Nano,
		"kitchen": time.Kitchen, "stamp": time.Stamp, "stampMilli": time.StampMilli, "stampMicro": time.StampMicro, "dateTime": time.DateTime, "dateOnly": time.DateOnly,
		"timeOnly": time.TimeOnly,
	}
	for m := time.January; m <= time.December; m++ {
		layouts[strings.ToLower(m.String())] = int(m)
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		layouts[strings.ToLower(d.String())] = int(d)
	}
	for name, d := range map[string]time.Duration{"microsecond": time.Microsecond, "millisecond": time.Millisecond, "second": time.Second, "minute": time.Minute, "hour": time.Hour, "nanosecond": time.Nanosecond} {
		layouts[name] = float64(d) / 1e6
	}
	constants("time", layouts)
}

// moreStrings, moreSlices and so on record the functions that are compared with few arguments each.

func (r *recorder) moreStrings() {
	for range 100 {
		s := r.text(6)
		r.call("clone", strings.Clone, s)
		r.call("toValidUTF8", strings.ToValidUTF8, s, r.text(1))
	}
}

func (r *recorder) moreStrconv() {
	for range 300 {
		s, base := r.number(), pick(r, 0, 10, 16, 2)
		n, err := strconv.ParseInt(s, base, 64)
		r.record("parseInt64", []any{s, base}, n, err)
		u, err := strconv.ParseUint(s, base, 64)
		r.record("parseUint64", []any{s, base}, u, err)
		text := pick(r, r.text(3), `\`+r.text(2), `\n`+r.text(1), `\x41b`, `\101`, `\u00e9x`, `\U0001f600`, `\'`, `\"`, `'`, `"`)
		quote := pick(r, byte('"'), '\'', '`', 0)
		value, multibyte, tail, err := strconv.UnquoteChar(text, quote)
		r.record("unquoteChar", []any{text, int(quote)}, value, multibyte, tail, err)
	}
}

func (r *recorder) moreUTF8() {
	for range 100 {
		c := r.rune()
		b := make([]byte, 4)
		n := utf8.EncodeRune(b, c)
		r.record("encodeRune", []any{c}, n, b)
	}
}

func (r *recorder) moreSort() {
	for range 150 {
		p, ints, texts, floats := r.pairs(), r.ints(12), r.texts(6), r.floats(6)
		// What is equal may be in any order in Go: only the keys are compared.
		sort.Slice(p, func(i, j int) bool { return p[i][0] < p[j][0] })
		var keys []int
		for _, pair := range p {
			keys = append(keys, pair[0])
		}
		r.rnd.Shuffle(len(p), func(i, j int) { p[i], p[j] = p[j], p[i] })
		r.record("slice", []any{p}, keys)
		r.record("sort", []any{p}, keys)
		if r.rnd.Intn(2) == 0 {
			slices.Sort(ints)
			slices.Sort(texts)
			sort.Float64s(floats)
		}
		r.record("sliceIsSorted", []any{ints}, sort.SliceIsSorted(ints, func(i, j int) bool { return ints[i] < ints[j] }))
		r.record("isSorted", []any{ints}, sort.IsSorted(sort.IntSlice(ints)))
		r.record("isSorted", []any{ints}, sort.IsSorted(sort.IntSlice(ints)))
		r.call("float64sAreSorted", sort.Float64sAreSorted, floats)
		r.call("stringsAreSorted", sort.StringsAreSorted, slices.Clone(texts))
		r.record("float64Slice", []any{floats}, sort.IsSorted(sort.Float64Slice(floats)), sort.Float64Slice(floats).Len())
		r.record("stringSlice", []any{texts}, sort.IsSorted(sort.StringSlice(texts)), sort.StringSlice(texts).Len())
		f := pick(r, 0, 1, 2.5, math.Inf(1), math.Inf(-1))
		r.call("searchFloat64s", sort.SearchFloat64s, slices.Sorted(slices.Values(floats)), f)
		r.call("searchStrings", sort.SearchStrings, slices.Sorted(slices.Values(texts)), r.text(2))
		n, limit := r.rnd.Intn(50), r.rnd.Intn(60)-5
		r.record("search", []any{n, limit}, sort.Search(n, func(i int) bool { return i >= limit }))
	}
}

func (r *recorder) moreSlices() {
	even := func(n int) bool { return n%2 == 0 }
	half := func(a, b int) int { return cmp.Compare(a/2, b/2) }
	for range 150 {
		a, b, n := r.ints(6), r.ints(6), r.rnd.Intn(8)
		if r.rnd.Intn(3) == 0 {
			b = slices.Clone(a)
		}
		p := r.pairs()
		byKey := func(a, b []int) int { return cmp.Compare(a[0], b[0]) }
		r.record("containsFunc", []any{a}, slices.ContainsFunc(a, even))
		r.record("equalFunc", []any{a, b}, slices.EqualFunc(a, b, func(x, y int) bool { return half(x, y) == 0 }))
		r.record("compareFunc", []any{a, b}, slices.CompareFunc(a, b, half))
		r.record("compactFunc", []any{a}, slices.CompactFunc(slices.Clone(a), func(x, y int) bool { return half(x, y) == 0 }))
		r.record("isSortedFunc", []any{a}, slices.IsSortedFunc(a, half))
		r.record("minFunc", []any{p}, invoke(func() []int { return slices.MinFunc(p, byKey) }, nil)...)
		r.record("maxFunc", []any{p}, invoke(func() []int { return slices.MaxFunc(p, byKey) }, nil)...)
		stable := slices.SortedStableFunc(slices.Values(p), byKey)
		r.record("sortedStableFunc", []any{p}, stable)
		r.record("sortFunc", []any{a}, slices.SortedFunc(slices.Values(a), func(x, y int) int { return y - x }))
		r.record("sortedFunc", []any{a}, slices.SortedFunc(slices.Values(a), func(x, y int) int { return y - x }))
		r.record("sort", []any{a}, slices.Sorted(slices.Values(a)))
		r.record("sorted", []any{a}, slices.Sorted(slices.Values(a)))
		i, found := slices.BinarySearchFunc(stable, n, func(pair []int, n int) int { return cmp.Compare(pair[0], n) })
		r.record("binarySearchFunc", []any{stable, n}, i, found)
		r.record("clone", []any{a}, slices.Clone(a))
		r.record("clip", []any{a}, slices.Clip(a))
		r.record("grow", []any{a, n - 1}, invoke(func() []int { return slices.Grow(a, n-1) }, nil)...)
		r.record("collect", []any{a}, slices.Collect(slices.Values(a)))
		r.record("values", []any{a}, slices.Collect(slices.Values(a)))
		r.record("appendSeq", []any{a, b}, slices.AppendSeq(slices.Clone(a), slices.Values(b)))
		forward, backward := []any{}, []any{}
		for i, v := range slices.All(a) {
			forward = append(forward, []any{i, v})
		}
		for i, v := range slices.Backward(a) {
			backward = append(backward, []any{i, v})
		}
		r.record("all", []any{a}, forward)
		r.record("backward", []any{a}, backward)
		x, y := pick(r, 0, 1, math.NaN(), math.Copysign(0, -1), r.float()), pick(r, 0, 1, math.NaN(), r.float())
		r.call("cmpLess", cmp.Less[float64], x, y)
		r.call("cmpLess", cmp.Less[string], r.text(2), r.text(2))
		r.call("cmpCompare", cmp.Compare[string], r.text(2), r.text(2))
		r.call("cmpOr", func(a, b, c int) int { return cmp.Or(a, b, c) }, r.rnd.Intn(2), r.rnd.Intn(2), r.rnd.Intn(2))
		r.call("cmpOr", func(a, b string) string { return cmp.Or(a, b) }, pick(r, "", "a"), pick(r, "", "b"))
	}
}

func (r *recorder) moreMath() {
	for range 60 {
		x, n, u, k := r.float(), r.rnd.Uint32()>>r.rnd.Intn(32), r.rnd.Uint64()>>(11+r.rnd.Intn(53)), r.rnd.Intn(80)-40
		// On the other side there is one NaN.
		if !math.IsNaN(x) {
			r.call("float64bits", math.Float64bits, x)
		}
		r.call("float64frombits", math.Float64frombits, math.Float64bits(x))
		r.call("float32frombits", math.Float32frombits, n)
		r.call("inf", math.Inf, k)
		r.call("isNaN", math.IsNaN, x)
		r.call("naN", math.NaN)
		r.call("len", func(n uint64) int { return bits.Len64(n) }, u)
		r.call("len64", bits.Len64, u)
		r.call("len16", bits.Len16, uint16(n))
		r.call("len8", bits.Len8, uint8(n))
		r.call("leadingZeros", func(n uint64) int { return bits.LeadingZeros64(n) }, u)
		r.call("leadingZeros16", bits.LeadingZeros16, uint16(n))
		r.call("leadingZeros8", bits.LeadingZeros8, uint8(n))
		r.call("trailingZeros", func(n uint64) int { return bits.TrailingZeros64(n) }, u)
		r.call("trailingZeros64", bits.TrailingZeros64, u)
		r.call("trailingZeros16", bits.TrailingZeros16, uint16(n))
		r.call("onesCount", func(n uint64) int { return bits.OnesCount64(n) }, u)
		r.call("onesCount64", bits.OnesCount64, u)
		r.call("onesCount16", bits.OnesCount16, uint16(n))
		r.call("onesCount8", bits.OnesCount8, uint8(n))
		r.call("reverse16", bits.Reverse16, uint16(n))
		r.call("reverseBytes16", bits.ReverseBytes16, uint16(n))
		r.call("rotateLeft16", bits.RotateLeft16, uint16(n), k)
	}
}

func (r *recorder) moreBytes() {
	for range 150 {
		s := r.text(5)
		b, part := []byte(s), []byte(r.part(s))
		r.call("clone", func(b []byte) []byte { return append([]byte{}, b...) }, b)
		before, after, found := strings.Cut(s, string(part))
		r.record("cut", []any{b, part}, []byte(before), []byte(after), found)
		r.call("equalFold", func(a, b []byte) bool { return strings.EqualFold(string(a), string(b)) }, b, []byte(strings.ToUpper(s)))
		r.call("lastIndexByte", func(b []byte, c byte) int { return strings.LastIndexByte(string(b), c) }, b, byte(pick(r, 'a', 'b', 0xc3)))
		r.call("repeat", func(b []byte, n int) []byte { return []byte(strings.Repeat(string(b), n)) }, b, r.rnd.Intn(4))
		r.call("replaceAll", func(b, old, by []byte) []byte { return []byte(strings.ReplaceAll(string(b), string(old), string(by))) }, b, part, []byte(r.text(1)))
		r.call("runes", func(b []byte) []rune { return []rune(string(b)) }, r.bytes(5))
		r.call("toLower", func(b []byte) []byte { return []byte(strings.ToLower(string(b))) }, b)
		r.call("trimLeft", func(b []byte, set string) []byte { return []byte(strings.TrimLeft(string(b), set)) }, b, string(part)+r.text(2))
		r.call("trimRight", func(b []byte, set string) []byte { return []byte(strings.TrimRight(string(b), set)) }, b, string(part)+r.text(2))
	}
}

func (r *recorder) moreTime() {
	for range 200 {
		at := func() ([]any, time.Time) {
			y, d, h, ns := 1990+r.rnd.Intn(60), 1+r.rnd.Intn(3), r.rnd.Intn(2), r.rnd.Intn(3)*1e8
			return []any{y, 1, d, h, 0, 0, ns}, time.Date(y, 1, d, h, 0, 0, ns, time.UTC)
		}
		a, t := at()
		b, u := at()
		if r.rnd.Intn(4) == 0 {
			b, u = a, t
		}
		r.record("compareTimes", []any{a, b}, t.Before(u), t.After(u), t.Equal(u), t.Compare(u), t.Sub(u).Milliseconds())
		n := r.rnd.Int63n(4e9) - 2e9
		ns := r.rnd.Int63n(1e9)
		h, m, s := t.Clock()
		r.record("clock", a, h, m, s)
		r.record("unix", []any{n, ns}, time.Unix(n, ns).UTC().String())
		r.record("unixMilli", []any{n * 1000}, time.UnixMilli(n*1000).UTC().String(), time.UnixMilli(n*1000).UnixMilli())
		r.record("unixMicro", []any{n * 1000}, time.UnixMicro(n*1000).UTC().String(), time.UnixMicro(n*1000).UnixMicro())
		month, day := time.Month(r.rnd.Intn(15)-1), time.Weekday(r.rnd.Intn(9)-1)
		r.record("monthString", []any{int(month)}, month.String())
		r.record("weekdayString", []any{int(day)}, day.String())
		d := time.Duration(r.rnd.Int63n(1e15)>>r.rnd.Intn(50)) * pick(r, time.Duration(1), -1)
		r.record("formatDuration", []any{d.Nanoseconds()}, d.String())
		r.record("nanoseconds", []any{d.Nanoseconds()}, d.Nanoseconds())
	}
}

func (r *recorder) moreFmt() {
	for range 100 {
		var out strings.Builder
		v, w := r.operand()
		n, err := fmt.Fprintf(&out, "%v|%d", v, 1)
		r.record("fprintf", []any{"%v|%d", w, raw{"v": 1}}, n, err, out.String())
		out.Reset()
		n, err = fmt.Fprint(&out, v, 1)
		r.record("fprint", []any{w, raw{"v": 1}}, n, err, out.String())
		out.Reset()
		n, err = fmt.Fprintln(&out, v, 1)
		r.record("fprintln", []any{w, raw{"v": 1}}, n, err, out.String())
	}
}
