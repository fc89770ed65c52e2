// Command record writes what Go's standard library returns for generated arguments, for the tests two folders up to
// compare with:
//
//	cd test/golib/testdata/record && go run . ..
//
// writes all the recorded files. The tests themselves ask for other arguments, with another seed:
//
//	go run . -seed 4711 FOLDER strings.jsonl
//
// Each line of a file is a call: the function's name, its arguments and its results, as JSON. What JSON cannot hold is
// wrapped: {"f": "NaN"} is a float, {"b": "0a0b"} are bytes, {"e": "text"} is an error, {"p": "text"} a panic.
package main

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// recorder collects the lines of one file.
type recorder struct {
	lines []string
	seen  map[string]bool
	rnd   *rand.Rand
}

// files are the recorded files. The place of each is part of its seed: new ones are added at the end.
var files = []struct {
	name   string
	record func(r *recorder)
}{
	{"strings.jsonl", recordStrings},
	{"text.jsonl", recordText},
	{"utf8.jsonl", recordUTF8},
	{"unicode.jsonl", recordUnicode},
	{"strconv.jsonl", recordStrconv},
	{"fmt.jsonl", recordFmt},
	{"sort.jsonl", recordSort},
	{"slices.jsonl", recordSlices},
	{"aliasing.jsonl", recordAliasing},
	{"math.jsonl", recordMath},
	{"rand.jsonl", recordRand},
	{"bytes.jsonl", recordBytes},
	{"time.jsonl", recordTime},
	{"readers.jsonl", recordReaders},
	{"io.jsonl", recordIO},
	{"lists.jsonl", recordLists},
	{"atomic.jsonl", recordAtomic},
	{"log.jsonl", recordLog},
	{"values.jsonl", recordValues},
	{"maps.jsonl", recordMaps},
	{"constants.jsonl", recordConstants},
}

func main() {
	seed := flag.Int64("seed", 0, "another seed makes other arguments")
	flag.Parse()
	for i, file := range files {
		if flag.NArg() > 1 && !slices.Contains(flag.Args()[1:], file.name) {
			continue
		}
		r := &recorder{seen: map[string]bool{}, rnd: rand.New(rand.NewSource(*seed*100 + int64(i) + 1))}
		file.record(r)
		if err := os.WriteFile(filepath.Join(flag.Arg(0), file.name), []byte(strings.Join(r.lines, "\n")+"\n"), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// record adds a call, unless it is there already.
func (r *recorder) record(name string, args []any, results ...any) {
	line := encode([]any{name, wrapAll(args), wrapAll(results)})
	if !r.seen[line] {
		r.seen[line] = true
		r.lines = append(r.lines, line)
	}
}

// call calls a function and records what comes out.
func (r *recorder) call(name string, f any, args ...any) {
	results := invoke(f, args)
	r.record(name, args, results...)
}

func invoke(f any, args []any) (results []any) {
	defer func() {
		if p := recover(); p != nil {
			results = []any{panicked(fmt.Sprint(p))}
		}
	}()
	fn := reflect.ValueOf(f)
	in := make([]reflect.Value, len(args))
	for i, arg := range args {
		in[i] = reflect.ValueOf(arg)
		if arg == nil {
			in[i] = reflect.Zero(fn.Type().In(i))
		}
	}
	for _, out := range fn.Call(in) {
		results = append(results, out.Interface())
	}
	return results
}

type panicked string

func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

func wrapAll(values []any) []any {
	wrapped := make([]any, len(values))
	for i, v := range values {
		wrapped[i] = wrap(v)
	}
	return wrapped
}

func wrap(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case panicked:
		return map[string]any{"p": string(v)}
	case error:
		return map[string]any{"e": v.Error()}
	case float64:
		return map[string]any{"f": strconv.FormatFloat(v, 'g', -1, 64)}
	case float32:
		return map[string]any{"f": strconv.FormatFloat(float64(v), 'g', -1, 64)}
	case []byte:
		return map[string]any{"b": hex.EncodeToString(v)}
	case int64:
		if v > 1<<53 || v < -1<<53 {
			return map[string]any{"i": strconv.FormatInt(v, 10)}
		}
	case int:
		return wrap(int64(v))
	case uint64:
		if v > 1<<53 {
			return map[string]any{"i": strconv.FormatUint(v, 10)}
		}
	case raw:
		return map[string]any(v)
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Slice {
		list := make([]any, rv.Len())
		for i := range list {
			list[i] = wrap(rv.Index(i).Interface())
		}
		return list
	}
	return v
}

// raw is an object of JSON as it stands.
type raw map[string]any

// Texts of all kinds: ASCII, other scripts, characters outside of the first plane, letters whose cases are odd.
var palette = []string{
	"a", "b", "c", "x", "A", "B", "Z", "0", "7", "9", " ", "\t", "\n", ",", "-", "_", "é", "É", "ß", "ẞ", "ñ", "ø", "ı", "İ",
	"ſ", "Σ", "σ", "ς", "Ω", "ǆ", "ǅ", "Ǆ", "日", "本", "語", "😀", "𝒳", "\u00a0", "\u2028", "\u3000", "\u200b", "ᾳ", "ᾼ", "ŉ",
	"\u0301", "'", "\"", "`", "\\", "%", "\x00", "\x7f", "\ufeff", "\ufffd", "ab", "foo", "bar", "K", "k", "\u212a",
}

func (r *recorder) text(max int) string {
	n := r.rnd.Intn(max + 1)
	var b strings.Builder
	few := r.rnd.Intn(3) == 0
	for range n {
		if few {
			b.WriteString(palette[r.rnd.Intn(5)])
		} else {
			b.WriteString(palette[r.rnd.Intn(len(palette))])
		}
	}
	return b.String()
}

// part returns something that the text is likely to contain.
func (r *recorder) part(text string) string {
	runes := []rune(text)
	if len(runes) == 0 || r.rnd.Intn(4) == 0 {
		return r.text(2)
	}
	from := r.rnd.Intn(len(runes))
	to := min(len(runes), from+1+r.rnd.Intn(2))
	return string(runes[from:to])
}

func (r *recorder) bytes(max int) []byte {
	b := []byte(r.text(max))
	// Some of it is no UTF-8.
	for i := range b {
		if r.rnd.Intn(8) == 0 {
			b[i] = byte(r.rnd.Intn(256))
		}
	}
	return b
}

// rune returns a code point, or what is none. Characters that this version of Unicode has not assigned may be something
// in the version of the other side.
func (r *recorder) rune() rune {
	for {
		c := r.anyRune()
		if c < 0 || c > unicode.MaxRune || assigned(c) {
			return c
		}
	}
}

func assigned(c rune) bool {
	return unicode.IsGraphic(c) || unicode.IsControl(c) || unicode.In(c, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Z)
}

func (r *recorder) anyRune() rune {
	switch r.rnd.Intn(6) {
	case 0:
		return rune(r.rnd.Intn(0x250))
	case 1:
		return []rune(palette[r.rnd.Intn(len(palette))])[0]
	case 2:
		return []rune{-1, 0xd800, 0xdfff, 0x110000, 0xfffd, 0x10ffff, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000}[r.rnd.Intn(12)]
	case 3:
		return rune(r.rnd.Intn(0x3000))
	default:
		return rune(r.rnd.Intn(0x80))
	}
}

func pick[T any](r *recorder, list ...T) T { return list[r.rnd.Intn(len(list))] }
