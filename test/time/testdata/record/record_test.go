// Package record writes what Go itself does, for the tests one folder up to compare with.
//
//	cd test/time/testdata/record && go test -run Record ./...
//
// Timers run in a synctest bubble. All looks at a timer happen at times that end in 1 and no timer is due at such a
// time, because Go leaves open who comes first at the same instant.
package record

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const ms = time.Millisecond

// program is one random life of a timer or ticker, as a list of steps with their results.
type program struct {
	steps []string
	start time.Time
	rnd   *rand.Rand
	c     <-chan time.Time
	stop  func() any
	reset func(d time.Duration) any
}

func (p *program) add(format string, args ...any) {
	p.steps = append(p.steps, strings.TrimRight(fmt.Sprintf(format, args...), " "))
}

func (p *program) until() {
	now := int64(time.Since(p.start) / ms)
	to := (now/10+1+p.rnd.Int63n(8))*10 + 1
	time.Sleep(p.start.Add(time.Duration(to) * ms).Sub(time.Now()))
	p.add("until %d", to)
}

// at prints a delivered time in whole milliseconds, rounded up as a Date has to be.
func at(p *program, t time.Time) string {
	return fmt.Sprint((t.Sub(p.start) + ms - 1).Milliseconds())
}

func (p *program) run(delays []time.Duration, text func(time.Duration) string) {
	pending := true
	for range 24 {
		switch p.rnd.Intn(8) {
		case 0, 1, 2:
			p.until()
		case 3, 4:
			select {
			case t := <-p.c:
				p.add("try %s", at(p, t))
			default:
				p.add("try -")
			}
		case 5:
			p.add("stop %v", p.stop())
			pending = false
		case 6:
			d := delays[p.rnd.Intn(len(delays))]
			p.add("reset %s %v", text(d), p.reset(d))
			pending = true
		case 7:
			if !pending {
				continue
			}
			select {
			case t := <-p.c:
				p.add("receive %s", at(p, t))
				p.until()
			case <-time.After(1000 * time.Hour):
				pending = false
				p.steps = append(p.steps, "receive never")
				return
			}
		}
	}
}

func timers(rnd *rand.Rand) string {
	delays := []time.Duration{-15 * ms, 5 * ms, 15 * ms, 25 * ms, 45 * ms, 105 * ms}
	text := func(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
	d := delays[rnd.Intn(len(delays))]
	time.Sleep(time.Millisecond)
	p := &program{start: time.Now().Add(-time.Millisecond), rnd: rnd}
	timer := time.NewTimer(d)
	p.c = timer.C
	p.stop = func() any { return timer.Stop() }
	p.reset = func(d time.Duration) any { return timer.Reset(d) }
	p.add("timer %s", text(d))
	p.run(delays, text)
	return strings.Join(p.steps, "; ")
}

func tickers(rnd *rand.Rand) string {
	tick := 10*ms + time.Microsecond
	delays := []time.Duration{tick, 3 * tick, 10 * tick}
	text := func(d time.Duration) string { return fmt.Sprint(float64(d) / 1e6) }
	d := delays[rnd.Intn(len(delays))]
	time.Sleep(time.Millisecond)
	p := &program{start: time.Now().Add(-time.Millisecond), rnd: rnd}
	ticker := time.NewTicker(d)
	defer ticker.Stop()
	p.c = ticker.C
	p.stop = func() any { ticker.Stop(); return "" }
	p.reset = func(d time.Duration) any { ticker.Reset(d); return "" }
	p.add("ticker %s", text(d))
	p.run(delays, text)
	return strings.Join(p.steps, "; ")
}

func TestRecordTimers(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	var lines []string
	for i := range 300 {
		synctest.Test(t, func(*testing.T) {
			if i%2 == 0 {
				lines = append(lines, timers(rnd))
			} else {
				lines = append(lines, tickers(rnd))
			}
		})
	}
	write(t, "../timers.txt", lines)
}

func TestRecordDurations(t *testing.T) {
	rnd := rand.New(rand.NewSource(2))
	values := []int64{0, 1, -1, 999, 1000, 1001, 1100, 2200, 999_999, 1_000_000, 1_000_001, 1_100_000, 3_300_000, 999_999_999,
		1_000_000_000, 1_000_000_001, 1_500_000_000, 59_999_999_999, 60_000_000_000, 60_000_000_001, 61_000_000_000,
		3_599_999_999_999, 3_600_000_000_000, 3_600_000_000_001, 3_660_000_000_000, 3_723_500_000_000, 86_400_000_000_000,
		245_000_000_000, 245_001_000_000, 18_367_001_000_000, 480_000_000_001, 1<<52 - 1,
		math.MaxInt64 / 1_000_000 * 1_000_000, math.MinInt64 / 1_000_000 * 1_000_000}
	for range 1500 {
		// Any length in bits is as likely as any other; above 52 a number of milliseconds holds no single nanoseconds.
		n := rnd.Int63() >> rnd.Intn(63)
		if n >= 1<<52 {
			n = n / 1_000_000 * 1_000_000
		}
		if rnd.Intn(4) == 0 {
			n = -n
		}
		values = append(values, n)
	}
	var lines []string
	for _, n := range values {
		lines = append(lines, fmt.Sprintf("%d %s", n, time.Duration(n)))
	}
	write(t, "../durations.txt", lines)
}

// TestRecordParsed writes a text in JSON, a tab, and what ParseDuration makes of it: nanoseconds or an error.
func TestRecordParsed(t *testing.T) {
	rnd := rand.New(rand.NewSource(3))
	texts := []string{"", "0", "+0", "-0", "00", "0s", "5s", "-5s", "+5s", "30s", "1478s", "5.0s", "5.6s", "5.s", ".5s", "1.0s", "1.00s",
		"1.004s", "1.0040s", "100.00100s", "10ns", "11us", "12µs", "12μs", "13ms", "14s", "15m", "16h", "3h30m", "10.5s4m", "-2m3.4s",
		"1h2m3s4ms5us6ns", "39h9m14.425s", "52763797000ns", "0.3333333333333333333h", "9007199254740993ns", "9223372036854775807ns",
		"9223372036854775.807us", "9223372036s854ms775us807ns", "-9223372036854775808ns", "-9223372036854775.808us",
		"-9223372036s854ms775us808ns", "-2562047h47m16.854775808s", "0.100000000000000000000h", "0.830103483285477580700h",
		"0.9223372036854775807h", "0.9223372036854775808h", "0.9999999999999999999s", "1.4999999999999999999m", "0.799999999999999999999m", "0.49999999999999999999m", "3", "-", "+", "s", ".", "-.", ".s", "+.s", "1d", "x", "1.5.5s",
		"3000000h", "9223372036854775808ns", "9223372036854775.808us", "9223372036854ms775us808ns", "-9223372036854775809ns",
		"99999999999999999999s", "1 s", " 1s", "1s ", "1S", "1e3s", "--1s", "+-1s", "1sec", "1constructor", "1\"s", "1\\s", "1\ns", "1é", "\x7f",
		"\x00", "日本", "1\U0001f600s", "1s2", "1h 2m", "1ms1", "1µ", "1.s1.", "1__proto__", "hm", "1h1h1h", "0.000000000000000000000000001h"}
	units := []string{"ns", "us", "µs", "ms", "s", "m", "h", "d", "", "x"}
	for range 600 {
		text := []string{"", "", "", "-", "+"}[rnd.Intn(5)]
		for range 1 + rnd.Intn(4) {
			if rnd.Intn(12) > 0 {
				text += fmt.Sprint(rnd.Int63() >> (30 + rnd.Intn(33)))
			}
			if rnd.Intn(2) == 0 {
				text += "."
				for range rnd.Intn(22) {
					text += fmt.Sprint(rnd.Intn(10))
				}
			}
			n := 7
			if rnd.Intn(20) == 0 {
				n = len(units)
			}
			text += units[rnd.Intn(n)]
		}
		texts = append(texts, text)
	}
	var lines []string
	for _, text := range texts {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		d, err := time.ParseDuration(text)
		if err != nil {
			lines = append(lines, fmt.Sprintf("%s\t%v", quoted, err))
		} else {
			lines = append(lines, fmt.Sprintf("%s\t%d", quoted, int64(d)))
		}
	}
	write(t, "../parsed.txt", lines)
}

// TestRecordRounded writes two durations in nanoseconds, the first rounded to the second, and truncated.
func TestRecordRounded(t *testing.T) {
	rnd := rand.New(rand.NewSource(4))
	var lines []string
	for range 500 {
		d := time.Duration(rnd.Int63() >> (13 + rnd.Intn(50)))
		m := time.Duration(rnd.Int63() >> (13 + rnd.Intn(50)))
		switch rnd.Intn(8) {
		case 0:
			m = 2 * d / time.Duration(1+2*rnd.Intn(4))
		case 1:
			m = -m
		case 2:
			m = 0
		case 3, 4:
			m = []time.Duration{time.Microsecond, time.Millisecond, time.Second, time.Minute, time.Hour}[rnd.Intn(5)]
		}
		if rnd.Intn(2) == 0 {
			d = -d
		}
		lines = append(lines, fmt.Sprintf("%d %d %d %d", d, m, d.Round(m), d.Truncate(m)))
	}
	write(t, "../rounded.txt", lines)
}

func write(t *testing.T, name string, lines []string) {
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}
