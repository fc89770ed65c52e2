package main

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"math/bits"
	randv2 "math/rand/v2"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"
)

func (r *recorder) ints(max int) []int {
	list := make([]int, r.rnd.Intn(max+1))
	for i := range list {
		list[i] = r.rnd.Intn(8)
	}
	return list
}

func (r *recorder) texts(max int) []string {
	list := make([]string, r.rnd.Intn(max+1))
	for i := range list {
		list[i] = r.text(2)
	}
	return list
}

func (r *recorder) floats(max int) []float64 {
	list := make([]float64, r.rnd.Intn(max+1))
	for i := range list {
		list[i] = pick(r, 0, 1, -1, 2.5, math.NaN(), math.Inf(1), math.Inf(-1), r.float())
	}
	return list
}

// pair has a key that is sorted by and a number that tells where it was.
func (r *recorder) pairs() [][]int {
	list := make([][]int, r.rnd.Intn(30))
	for i := range list {
		list[i] = []int{r.rnd.Intn(5), i}
	}
	return list
}

type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *intHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

func recordSort(r *recorder) {
	for range 200 {
		p := r.pairs()
		sorted := slices.Clone(p)
		sort.SliceStable(sorted, func(i, j int) bool { return sorted[i][0] < sorted[j][0] })
		r.record("sliceStable", []any{p}, sorted)
		r.record("sortStableFunc", []any{p}, sorted)
		r.record("stable", []any{p}, sorted)
		ints, texts, floats := r.ints(20), r.texts(10), r.floats(10)
		r.record("ints", []any{slices.Clone(ints)}, slices.Sorted(slices.Values(ints)))
		r.record("strings", []any{slices.Clone(texts)}, slices.Sorted(slices.Values(texts)))
		fs := slices.Clone(floats)
		sort.Float64s(fs)
		r.record("float64s", []any{floats}, fs)
		r.record("intsAreSorted", []any{ints}, sort.IntsAreSorted(ints))
		down := slices.Clone(ints)
		sort.Sort(sort.Reverse(sort.IntSlice(down)))
		r.record("reverse", []any{ints}, down)
		up := slices.Sorted(slices.Values(ints))
		n := r.rnd.Intn(9)
		r.record("searchInts", []any{up, n}, sort.SearchInts(up, n))
		i, found := sort.Find(len(up), func(i int) int { return cmp.Compare(n, up[i]) })
		r.record("find", []any{up, n}, i, found)
		h := intHeap(slices.Clone(ints))
		heap.Init(&h)
		steps := []any{}
		for k := range 12 {
			switch x := r.rnd.Intn(10); {
			case x < 4 || len(h) == 0:
				heap.Push(&h, x+k)
				steps = append(steps, []any{"push", x + k})
			case x < 6:
				steps = append(steps, []any{"pop", heap.Pop(&h)})
			case x < 8:
				at := r.rnd.Intn(len(h))
				steps = append(steps, []any{"remove", at, heap.Remove(&h, at)})
			default:
				at := r.rnd.Intn(len(h))
				h[at] = x
				heap.Fix(&h, at)
				steps = append(steps, []any{"fix", at, x})
			}
		}
		r.record("heap", []any{ints, steps}, []int(h))
	}
	r.moreSort()
}

func recordSlices(r *recorder) {
	even := func(n int) bool { return n%2 == 0 }
	for range 250 {
		a, b := r.ints(6), r.ints(6)
		if r.rnd.Intn(3) == 0 {
			b = append(slices.Clone(a[:r.rnd.Intn(len(a)+1)]), b[:r.rnd.Intn(len(b)+1)]...)
		}
		texts, floats := r.texts(5), r.floats(5)
		n, i, j := r.rnd.Intn(8), r.rnd.Intn(9)-1, r.rnd.Intn(9)-1
		// The functions that overwrite their argument get a full copy, because what they panic with tells its capacity.
		full := func() []int { return slices.Clip(slices.Clone(a)) }
		r.call("equal", slices.Equal[[]int], a, b)
		r.call("compare", slices.Compare[[]int], a, b)
		r.record("equalFloats", []any{floats, slices.Clone(floats)}, slices.Equal(floats, floats))
		r.call("index", slices.Index[[]int], a, n)
		r.call("contains", slices.Contains[[]string], texts, r.text(2))
		r.record("indexFunc", []any{a}, slices.IndexFunc(a, even))
		r.record("deleteFunc", []any{a}, slices.DeleteFunc(full(), even))
		r.record("insert", []any{a, i, n, n + 1}, invoke(func() []int { return slices.Insert(full(), i, n, n+1) }, nil)...)
		r.record("delete", []any{a, i, j}, invoke(func() []int { return slices.Delete(full(), i, j) }, nil)...)
		r.record("replace", []any{a, i, j, n}, invoke(func() []int { return slices.Replace(full(), i, j, n) }, nil)...)
		r.record("compact", []any{a}, slices.Compact(full()))
		reversed := slices.Clone(a)
		slices.Reverse(reversed)
		r.record("reverse", []any{a}, reversed)
		sorted := slices.Sorted(slices.Values(a))
		r.record("binarySearch", []any{sorted, n}, invoke(func() (int, bool) { return slices.BinarySearch(sorted, n) }, nil)...)
		r.call("isSorted", slices.IsSorted[[]int], a)
		r.call("min", slices.Min[[]int], a)
		r.call("max", slices.Max[[]int], a)
		r.call("minFloats", slices.Min[[]float64], floats)
		r.call("maxFloats", slices.Max[[]float64], floats)
		r.call("minTexts", slices.Min[[]string], texts)
		fs := slices.Clone(floats)
		slices.Sort(fs)
		r.record("sortFloats", []any{floats}, fs)
		r.record("sortTexts", []any{slices.Clone(texts)}, slices.Sorted(slices.Values(texts)))
		r.record("chunk", []any{a, n}, invoke(func() [][]int { return slices.Collect(slices.Chunk(a, n)) }, nil)...)
		r.record("concat", []any{a, b}, slices.Concat(a, b))
		r.record("repeat", []any{a, i}, invoke(func() []int { return slices.Repeat(a, i) }, nil)...)
		r.call("cmpCompare", cmp.Compare[float64], r.float(), pick(r, r.float(), math.NaN()))
		r.call("minimum", func(a, b, c float64) float64 { return min(a, b, c) }, pick(r, 0, math.Copysign(0, -1), math.NaN(), 1, r.float()), pick(r, 0, math.Copysign(0, -1), r.float()), r.float())
		r.call("maximum", func(a, b, c float64) float64 { return max(a, b, c) }, pick(r, 0, math.Copysign(0, -1), math.NaN(), -1, r.float()), pick(r, 0, math.Copysign(0, -1), r.float()), r.float())
	}
	r.moreSlices()
}

// recordAliasing records random programs over slices that share memory. Elements are ints, of 8 bytes, or bytes.
func recordAliasing(r *recorder) {
	for range 120 {
		aliasing[int](r, "Slice")
		aliasing[byte](r, "bytes")
	}
}

func aliasing[T int | byte](r *recorder, kind string) {
	n := r.rnd.Intn(5)
	c := n + r.rnd.Intn(5)
	vars := [][]T{make([]T, n, c), make([]T, 2, 2), make([]T, 0)}
	var steps, states []any
	next := 1
	for range 25 {
		from, to := r.rnd.Intn(3), r.rnd.Intn(3)
		s := vars[from]
		step := []any{}
		results := invoke(func() string {
			switch r.rnd.Intn(6) {
			case 0, 1:
				count := 1 + r.rnd.Intn(r.rnd.Intn(9)+1)
				var values []T
				for range count {
					values = append(values, T(next))
					next++
				}
				step = append(step, "append", from, to, count)
				vars[to] = append(s, values...)
			case 2:
				i, j := r.rnd.Intn(len(s)+2)-1, r.rnd.Intn(cap(s)+3)-1
				step = append(step, "slice", from, to, i, j)
				vars[to] = s[i:j]
			case 3:
				i, j, k := r.rnd.Intn(len(s)+1), r.rnd.Intn(cap(s)+2), r.rnd.Intn(cap(s)+3)-1
				step = append(step, "slice3", from, to, i, j, k)
				vars[to] = s[i:j:k]
			case 4:
				i := r.rnd.Intn(len(s)+3) - 1
				step = append(step, "set", from, to, i)
				next++
				s[i] = T(next - 1)
			case 5:
				step = append(step, "copy", from, to)
				return fmt.Sprint(copy(vars[to], s))
			}
			return ""
		}, nil)
		var state []string
		for _, v := range vars {
			state = append(state, fmt.Sprintf("%v/%d", v, cap(v)))
		}
		text := strings.Join(state, " ")
		if p, ok := results[0].(panicked); ok {
			text = string(p) + ": " + text
		}
		steps, states = append(steps, step), append(states, text)
	}
	r.record(kind, []any{[]int{n, c}, steps}, states)
}

func recordMath(r *recorder) {
	one := map[string]func(float64) float64{
		"abs": math.Abs, "ceil": math.Ceil, "floor": math.Floor, "trunc": math.Trunc, "round": math.Round, "roundToEven": math.RoundToEven,
		"sqrt": math.Sqrt, "cbrt": math.Cbrt, "exp": math.Exp, "expm1": math.Expm1, "exp2": math.Exp2, "log": math.Log, "log2": math.Log2,
		"log10": math.Log10, "log1p": math.Log1p, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "asin": math.Asin, "acos": math.Acos,
		"atan": math.Atan, "sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh, "asinh": math.Asinh, "acosh": math.Acosh, "atanh": math.Atanh,
	}
	two := map[string]func(a, b float64) float64{
		"max": math.Max, "min": math.Min, "dim": math.Dim, "mod": math.Mod, "remainder": math.Remainder, "pow": math.Pow, "hypot": math.Hypot,
		"copysign": math.Copysign, "atan2": math.Atan2,
	}
	for range 60 {
		x, y := r.float(), r.float()
		small := float64(r.rnd.Intn(4000)-2000) / 256
		// The logarithm in amd64's assembly is wrong for these, and what is made of it.
		subnormal := x != 0 && math.Abs(x) < 2.3e-308
		for name, f := range sorted(one) {
			if !subnormal || !strings.HasPrefix(name, "log") {
				r.call(name, f, x)
			}
			r.call(name, f, small)
			r.call(name, f, small/16)
		}
		for name, f := range sorted(two) {
			// A quotient that is too small has lost its sign in Go's Atan2.
			tooSmall := name == "atan2" && x != 0 && x/y == 0
			// A NaN has no sign on the other side.
			signOfNaN := name == "copysign" && math.IsNaN(y)
			if !tooSmall && !signOfNaN && (!subnormal || name != "pow") {
				r.call(name, f, x, y)
			}
			r.call(name, f, small, float64(r.rnd.Intn(40)-20)/4)
		}
		r.call("modf", math.Modf, x)
		r.call("frexp", math.Frexp, x)
		r.call("ldexp", math.Ldexp, x, r.rnd.Intn(2400)-1200)
		r.call("signbit", math.Signbit, x)
		r.call("isInf", math.IsInf, x, r.rnd.Intn(3)-1)
		if !math.IsNaN(x) {
			r.call("float32bits", math.Float32bits, float32(x))
		}
		n := r.rnd.Uint32() >> r.rnd.Intn(32)
		r.call("pow10", math.Pow10, r.rnd.Intn(800)-400)
		r.call("len32", bits.Len32, n)
		r.call("leadingZeros32", bits.LeadingZeros32, n)
		r.call("leadingZeros64", bits.LeadingZeros64, uint64(n))
		r.call("trailingZeros32", bits.TrailingZeros32, n)
		r.call("trailingZeros8", bits.TrailingZeros8, uint8(n))
		r.call("onesCount32", bits.OnesCount32, n)
		r.call("reverse32", bits.Reverse32, n)
		r.call("reverse8", bits.Reverse8, uint8(n))
		r.call("reverseBytes32", bits.ReverseBytes32, n)
		r.call("rotateLeft32", bits.RotateLeft32, n, r.rnd.Intn(100)-50)
		r.call("rotateLeft8", bits.RotateLeft8, uint8(n), r.rnd.Intn(100)-50)
		a, b := int32(r.rnd.Uint32()), int32(r.rnd.Uint32()>>r.rnd.Intn(32))
		r.call("div", func(a, b int) int { return a / b }, int(a), int(b)%5)
		r.call("rem", func(a, b int) int { return a % b }, int(a), int(b)%5)
		r.call("int32", func(n int) int32 { return int32(n) }, int(a)*int(b)%(1<<53))
		r.call("uint32", func(n int) uint32 { return uint32(n) }, int(a)*int(b)%(1<<53))
		r.call("int8", func(n int) int8 { return int8(n) }, int(a))
		r.call("uint8", func(n int) uint8 { return uint8(n) }, int(a))
		r.call("int16", func(n int) int16 { return int16(n) }, int(a))
		r.call("uint16", func(n int) uint16 { return uint16(n) }, int(a))
		r.call("mul32", func(a, b int32) int32 { return a * b }, a, b)
		r.call("mulU32", func(a, b uint32) uint32 { return a * b }, uint32(a), uint32(b))
		c, d := r.rnd.Int63n(1<<53), r.rnd.Int63n(1<<53)>>r.rnd.Intn(53)
		if r.rnd.Intn(2) == 0 {
			c = -c
		}
		r.call("and64", func(a, b int64) int64 { return a & b }, c, d)
		r.call("or64", func(a, b int64) int64 { return a | b }, c, d)
		r.call("xor64", func(a, b int64) int64 { return a ^ b }, c, d)
		r.call("andNot64", func(a, b int64) int64 { return a &^ b }, c, d)
		r.call("shr64", func(a int64, n int) int64 { return a >> n }, c, r.rnd.Intn(72)-2)
		r.call("shl64", func(a int64, n int) int64 { return a << n }, d, r.rnd.Intn(72)-2)
	}
	r.moreMath()
}

func recordRand(r *recorder) {
	for range 40 {
		a, b := uint64(r.rnd.Intn(1000)), r.rnd.Uint64()>>11
		rnd := randv2.New(randv2.NewPCG(a, b))
		var steps, results []any
		add := func(name string, n int64, result any) {
			steps, results = append(steps, []any{name, n}), append(results, result)
		}
		for range 20 {
			switch r.rnd.Intn(6) {
			case 0:
				n := 1 + r.rnd.Intn(1000)
				add("intN", int64(n), rnd.IntN(n))
			case 1:
				n := 1 + r.rnd.Int63n(1<<52)
				add("int64N", n, rnd.Int64N(n))
			case 2:
				add("float64", 0, rnd.Float64())
			case 3:
				add("uint32", 0, rnd.Uint32())
			case 4:
				add("perm", 5, rnd.Perm(5))
			case 5:
				add("uint32N", 7, rnd.Uint32N(7))
			}
		}
		r.record("PCG", []any{a, b, steps}, results)
	}
}

func recordBytes(r *recorder) {
	for range 200 {
		b, c := r.bytes(6), r.bytes(2)
		if len(b) > 0 && r.rnd.Intn(2) == 0 {
			i := r.rnd.Intn(len(b))
			c = b[i:min(len(b), i+1+r.rnd.Intn(2))]
		}
		n := r.rnd.Intn(5) - 1
		r.call("compare", bytes.Compare, b, c)
		r.call("equal", bytes.Equal, b, c)
		r.call("index", bytes.Index, b, c)
		r.call("lastIndex", bytes.LastIndex, b, c)
		r.call("indexByte", bytes.IndexByte, b, byte(r.rnd.Intn(128)))
		r.call("contains", bytes.Contains, b, c)
		r.call("hasPrefix", bytes.HasPrefix, b, c)
		r.call("hasSuffix", bytes.HasSuffix, b, c)
		if len(c) > 0 {
			r.call("count", bytes.Count, b, c)
			r.call("split", bytes.Split, b, c)
			r.call("splitN", bytes.SplitN, b, c, n)
			r.call("replace", bytes.Replace, b, c, r.bytes(2), n)
		}
		r.call("trimPrefix", bytes.TrimPrefix, b, c)
		r.call("trimSuffix", bytes.TrimSuffix, b, c)
		r.call("join", bytes.Join, [][]byte{b, c, b}, c)
		if utf8.Valid(b) {
			r.call("trimSpace", bytes.TrimSpace, b)
			r.call("fields", bytes.Fields, b)
			r.call("toUpper", bytes.ToUpper, b)
			r.call("trim", bytes.Trim, b, r.text(3))
		}
		text := strings.Join(r.texts(6), pick(r, "\n", "\r\n", " ", ""))
		for name, split := range sorted(map[string]bufio.SplitFunc{"scanLines": bufio.ScanLines, "scanWords": bufio.ScanWords, "scanRunes": bufio.ScanRunes, "scanBytes": bufio.ScanBytes}) {
			if name == "scanBytes" && !isASCII(text) {
				continue
			}
			s := bufio.NewScanner(strings.NewReader(text))
			s.Split(split)
			tokens := []string{}
			for s.Scan() {
				tokens = append(tokens, s.Text())
			}
			r.record(name, []any{text}, tokens)
		}
	}
	r.moreBytes()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// layout returns parts of Go's reference time, and what looks like one.
func (r *recorder) layout() string {
	var b strings.Builder
	for range 1 + r.rnd.Intn(5) {
		b.WriteString(pick(r, "January", "Jan", "Monday", "Mon", "MST", "2006", "_2006", "06", "01", "1", "02", "_2", "2", "002", "__2", "15", "03", "3", "04",
			"4", "05", "5", "PM", "pm", "-070000", "-07:00:00", "-0700", "-07:00", "-07", "Z070000", "Z07:00:00", "Z0700", "Z07:00", "Z07", ".000", ".999",
			",00", ".99", ".0001", "Month", "Janet", "é", " ", "/", ":", "-", "0", "_", "T", "19", "20", "200"))
	}
	return b.String()
}

func recordTime(r *recorder) {
	for range 400 {
		text := time.Duration(r.integer()).String()
		switch r.rnd.Intn(5) {
		case 0:
			text = pick(r, "", "0", "+0", "-", "1", "1d", ".s", "1.s", ".5s", "+5s", "-1.5h", "3us", "3µs", "3μs", "1h 2m", "1e3s", "s", "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns", "0.100000000000000000000h", "1.0.0s", "é")
		case 1:
			text = fmt.Sprintf("%d.%d%s", r.rnd.Intn(100), r.rnd.Intn(1000), pick(r, "ns", "us", "ms", "s", "m", "h"))
		}
		d, err := time.ParseDuration(text)
		// Durations are numbers of milliseconds there: more digits than they have are lost.
		r.record("parseDuration", []any{text}, float64(int64(d)/1e6)+float64(int64(d)%1e6)/1e6, err)
	}
	layouts := []string{time.ANSIC, time.UnixDate, time.RFC822, time.RFC1123, time.RFC3339, time.RFC3339Nano, time.Kitchen, time.Stamp, time.StampMilli,
		time.StampMicro, time.DateTime, time.DateOnly, time.TimeOnly, "Monday, January 2, 2006 at 3:04:05pm", "06-1-2 15h04.000", "002 __2 _2", "20060102150405",
		"05.999999999", "Z0700 -07 -0700 -07:00", "2006-01-02 15:04:05,999"}
	for range 200 {
		y, m, d := pick(r, 1+r.rnd.Intn(3000), r.rnd.Intn(12000)-1000), r.rnd.Intn(30)-5, r.rnd.Intn(60)-10
		h, mi, s, ns := r.rnd.Intn(24), r.rnd.Intn(60), r.rnd.Intn(60), pick(r, 0, 1, 500_000_000, 123_456_789, 120_000_000, r.rnd.Intn(1e9))
		at := time.Date(y, time.Month(m), d, h, mi, s, ns, time.UTC)
		args := []any{y, m, d, h, mi, s, ns}
		layout := layouts[r.rnd.Intn(len(layouts))]
		if r.rnd.Intn(2) == 0 {
			layout = r.layout()
		}
		r.record("format", append(args, layout), at.Format(layout))
		r.record("string", args, at.String())
		r.record("parts", args, at.Year(), int(at.Month()), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), int(at.Weekday()), at.YearDay(), at.Unix())
		years, months, days := r.rnd.Intn(5)-2, r.rnd.Intn(30)-15, r.rnd.Intn(80)-40
		r.record("addDate", append(args, years, months, days), at.AddDate(years, months, days).String())
		step := pick(r, time.Nanosecond*7, time.Microsecond, time.Millisecond, time.Second, time.Minute*7, time.Hour, 24*time.Hour)
		r.record("truncate", append(args, step.Nanoseconds()), at.Truncate(step).String())
		r.record("round", append(args, step.Nanoseconds()), at.Round(step).String())
		add := time.Duration(r.rnd.Int63n(1e15) - 5e14)
		r.record("add", append(args, add.Nanoseconds()), at.Add(add).String())
		n, m2 := time.Duration(r.rnd.Int63n(1e12)-5e11), time.Duration(r.rnd.Int63n(1e10))
		r.record("roundDuration", []any{n.Nanoseconds(), m2.Nanoseconds()}, n.Round(m2).Nanoseconds())
		r.record("truncateDuration", []any{n.Nanoseconds(), m2.Nanoseconds()}, n.Truncate(m2).Nanoseconds())
	}
	r.moreTime()
}
