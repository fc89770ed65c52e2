package main

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The tests of code points that are passed to functions, by name.
var tests = map[string]func(rune) bool{
	"isLetter": unicode.IsLetter, "isDigit": unicode.IsDigit, "isSpace": unicode.IsSpace, "isUpper": unicode.IsUpper,
	"even": func(r rune) bool { return r%2 == 0 },
}

var mappings = map[string]func(rune) rune{
	"next": func(r rune) rune { return r + 1 },
	"drop": func(r rune) rune {
		if r%3 == 0 {
			return -1
		}
		return r
	},
	"upper": unicode.ToUpper,
}

func recordStrings(r *recorder) {
	for range 120 {
		s := r.text(8)
		p := r.part(s)
		n := r.rnd.Intn(6) - 1
		r.call("contains", strings.Contains, s, p)
		r.call("containsAny", strings.ContainsAny, s, r.text(3))
		r.call("containsRune", strings.ContainsRune, s, []rune(p + "x")[0])
		r.call("hasPrefix", strings.HasPrefix, s, p)
		r.call("hasSuffix", strings.HasSuffix, s, p)
		r.call("index", strings.Index, s, p)
		r.call("lastIndex", strings.LastIndex, s, p)
		r.call("indexAny", strings.IndexAny, s, p+r.text(2))
		r.call("lastIndexAny", strings.LastIndexAny, s, p+r.text(2))
		r.call("indexByte", strings.IndexByte, s, byte(r.rnd.Intn(256)))
		r.call("lastIndexByte", strings.LastIndexByte, s, byte(r.rnd.Intn(256)))
		r.call("indexRune", strings.IndexRune, s, []rune(p + "x")[0])
		r.call("count", strings.Count, s, p)
		r.call("count", strings.Count, s, "")
		r.call("compare", strings.Compare, s, r.text(8))
		r.call("compare", strings.Compare, s, s+p)
		r.call("equalFold", strings.EqualFold, s, strings.ToUpper(s))
		r.call("equalFold", strings.EqualFold, s, strings.ToLower(s))
		r.call("equalFold", strings.EqualFold, r.text(1), r.text(1))
		r.call("cut", strings.Cut, s, p)
		r.call("cutPrefix", strings.CutPrefix, s, p)
		r.call("cutSuffix", strings.CutSuffix, s, p)
		r.call("split", strings.Split, s, p)
		r.call("split", strings.Split, s, "")
		r.call("splitN", strings.SplitN, s, p, n)
		r.call("splitN", strings.SplitN, s, "", n)
		r.call("splitAfter", strings.SplitAfter, s, p)
		r.call("splitAfterN", strings.SplitAfterN, s, p, n)
		r.record("splitSeq", []any{s, p}, slices.Collect(strings.SplitSeq(s, p)))
		r.record("splitAfterSeq", []any{s, p}, slices.Collect(strings.SplitAfterSeq(s, p)))
		r.record("lines", []any{s}, slices.Collect(strings.Lines(s)))
		r.call("fields", strings.Fields, s)
		r.record("fieldsSeq", []any{s}, slices.Collect(strings.FieldsSeq(s)))
		r.call("join", strings.Join, strings.Split(s, p), r.text(1))
		r.call("trim", strings.Trim, s, p+r.text(2))
		r.call("trimLeft", strings.TrimLeft, s, p+r.text(2))
		r.call("trimRight", strings.TrimRight, s, p+r.text(2))
		r.call("trimSpace", strings.TrimSpace, s)
		r.call("trimPrefix", strings.TrimPrefix, s, p)
		r.call("trimSuffix", strings.TrimSuffix, s, p)
		r.call("replace", strings.Replace, s, p, r.text(1), n)
		r.call("replace", strings.Replace, s, "", r.text(1), n)
		r.call("replaceAll", strings.ReplaceAll, s, p, r.text(1))
		r.call("repeat", strings.Repeat, s, n)
		r.call("toUpper", strings.ToUpper, s)
		r.call("toLower", strings.ToLower, s)
		r.call("toTitle", strings.ToTitle, s)
		r.call("title", strings.Title, s)
		for name, f := range sorted(tests) {
			r.record("containsFunc", []any{s, name}, strings.ContainsFunc(s, f))
			r.record("indexFunc", []any{s, name}, strings.IndexFunc(s, f))
			r.record("lastIndexFunc", []any{s, name}, strings.LastIndexFunc(s, f))
			r.record("fieldsFunc", []any{s, name}, strings.FieldsFunc(s, f))
			r.record("fieldsFuncSeq", []any{s, name}, slices.Collect(strings.FieldsFuncSeq(s, f)))
			r.record("trimFunc", []any{s, name}, strings.TrimFunc(s, f))
			r.record("trimLeftFunc", []any{s, name}, strings.TrimLeftFunc(s, f))
			r.record("trimRightFunc", []any{s, name}, strings.TrimRightFunc(s, f))
		}
		for name, f := range sorted(mappings) {
			r.record("map", []any{name, s}, strings.Map(f, s))
		}
		pairs := []string{p, r.text(1), r.part(s), r.text(1), r.text(1), r.text(1)}[:2*(1+r.rnd.Intn(3))]
		if replaced := strings.NewReplacer(pairs...).Replace(s); utf8.ValidString(replaced) {
			r.record("replacer", []any{pairs, s}, replaced)
		}
	}
	r.moreStrings()
}

func recordText(r *recorder) {
	for range 200 {
		s := r.text(6)
		i := r.rnd.Intn(len(s)+3) - 1
		j := r.rnd.Intn(len(s)+3) - 1
		r.call("len", func(s string) int { return len(s) }, s)
		r.call("byteAt", func(s string, i int) int { return int(s[i]) }, s, i)
		if i < 0 || j < i || j > len(s) || utf8.ValidString(s[i:j]) {
			r.call("substring", func(s string, i, j int) string { return s[i:j] }, s, i, j)
		}
		if i < 0 || i > len(s) || utf8.ValidString(s[i:]) {
			r.call("substring", func(s string, i int) string { return s[i:] }, s, i)
		}
		r.call("toBytes", func(s string) []byte { return []byte(s) }, s)
		r.call("toRunes", func(s string) []rune { return []rune(s) }, s)
		r.call("fromRune", func(c rune) string { return string(c) }, r.rune())
		runes := []rune{r.rune(), r.rune(), r.rune()}
		r.call("fromRunes", func(runes []rune) string { return string(runes) }, runes)
		r.call("fromBytes", func(b []byte) string { return string([]rune(string(b))) }, r.bytes(5))
		var pairs [][]int
		for i, c := range s {
			pairs = append(pairs, []int{i, int(c)})
		}
		r.record("runes", []any{s}, pairs)
	}
}

func recordUTF8(r *recorder) {
	for range 300 {
		b := r.bytes(4)
		s := r.text(3)
		c := r.rune()
		r.call("runeCount", utf8.RuneCount, b)
		r.call("runeCountInString", utf8.RuneCountInString, s)
		r.call("valid", utf8.Valid, b)
		r.call("validString", utf8.ValidString, s)
		r.call("validRune", utf8.ValidRune, c)
		r.call("runeLen", utf8.RuneLen, c)
		r.call("decodeRune", utf8.DecodeRune, b)
		r.call("decodeRuneInString", utf8.DecodeRuneInString, s)
		r.call("decodeLastRune", utf8.DecodeLastRune, b)
		r.call("decodeLastRuneInString", utf8.DecodeLastRuneInString, s)
		r.call("fullRune", utf8.FullRune, b)
		if n := len([]byte(s)); n > 0 {
			cut := []byte(s)[:r.rnd.Intn(n)+1]
			r.call("fullRune", utf8.FullRune, cut)
			r.call("decodeRune", utf8.DecodeRune, cut)
		}
		r.call("runeStart", utf8.RuneStart, byte(r.rnd.Intn(256)))
		r.record("appendRune", []any{b, c}, utf8.AppendRune(b, c))
	}
	r.moreUTF8()
}

// recordUnicode records whole ranges of code points that change their class or case: the ends of each run.
func recordUnicode(r *recorder) {
	classes := map[string]func(rune) bool{
		"isLetter": unicode.IsLetter, "isDigit": unicode.IsDigit, "isNumber": unicode.IsNumber, "isSpace": unicode.IsSpace,
		"isUpper": unicode.IsUpper, "isLower": unicode.IsLower, "isTitle": unicode.IsTitle, "isPunct": unicode.IsPunct,
		"isSymbol": unicode.IsSymbol, "isMark": unicode.IsMark, "isControl": unicode.IsControl,
		"isGraphic": unicode.IsGraphic, "isPrint": unicode.IsPrint,
	}
	classes["assigned"] = assigned
	for name, f := range sorted(classes) {
		var ends []int
		inside := false
		for c := rune(0); c <= unicode.MaxRune+1; c++ {
			if now := f(c); now != inside {
				ends = append(ends, int(c))
				inside = now
			}
		}
		r.record(name, nil, ends)
	}
	for name, f := range sorted(map[string]func(rune) rune{
		"toUpper": unicode.ToUpper, "toLower": unicode.ToLower, "toTitle": unicode.ToTitle,
	}) {
		var changes [][]int
		for c := rune(0); c <= unicode.MaxRune; c++ {
			if to := f(c); to != c {
				changes = append(changes, []int{int(c), int(to)})
			}
		}
		r.record(name, nil, changes)
	}
}

// sorted goes through a map in the order of its keys, so that the files are the same each time.
func sorted[V any](m map[string]V) func(yield func(string, V) bool) {
	return func(yield func(string, V) bool) {
		keys := make([]string, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
