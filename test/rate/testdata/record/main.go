// Command record writes what Go's own limiter does, for the tests one folder up to compare with.
//
//	cd test/rate/testdata/record && go run -mod=mod . > ../limiter.txt
//
// Each line is the life of one limiter: its limit and burst, then steps with their results. Times are milliseconds. Half
// of the limits are such that the tokens come a rounding error too early or too late.
package main

import (
	"fmt"
	"math"
	"math/rand"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

func number(x float64) string { return strconv.FormatFloat(x, 'g', 10, 64) }

func at(ms int) time.Time { return time.UnixMilli(1_700_000_000_000 + int64(ms)) }

func delay(r *rate.Reservation, t time.Time) string {
	if d := r.DelayFrom(t); d != rate.InfDuration {
		return number(float64(d) / 1e6)
	}
	return "never"
}

// life returns the steps of one limiter whose tokens come every so many milliseconds.
func life(rnd *rand.Rand) string {
	interval := []int{1, 7, 11, 13, 19, 26, 38, 43, 52, 61, 86, 100, 250, 1000}[rnd.Intn(14)]
	limit := func() rate.Limit {
		switch rnd.Intn(10) {
		case 0:
			return 0
		case 1:
			return rate.Limit(rnd.Intn(50) + 1)
		default:
			return rate.Every(time.Duration(interval) * time.Millisecond)
		}
	}
	first, burst := limit(), rnd.Intn(6)
	lim := rate.NewLimiter(first, burst)
	steps := []string{fmt.Sprintf("new %s %d", strconv.FormatFloat(float64(first), 'g', -1, 64), burst)}
	add := func(format string, args ...any) { steps = append(steps, fmt.Sprintf(format, args...)) }
	var made []*rate.Reservation
	now := 0
	for range 24 {
		now += interval * rnd.Intn(4)
		t := now
		if rnd.Intn(8) == 0 {
			t -= interval * rnd.Intn(3)
		}
		switch rnd.Intn(10) {
		case 0, 1, 2:
			n := rnd.Intn(4)
			add("allow %d %d %t", t, n, lim.AllowN(at(t), n))
		case 3, 4, 5:
			n := rnd.Intn(4)
			r := lim.ReserveN(at(t), n)
			made = append(made, r)
			add("reserve %d %d %t %s", t, n, r.OK(), delay(r, at(t)))
		case 6, 7:
			if len(made) > 0 {
				i := rnd.Intn(len(made))
				made[i].CancelAt(at(t))
				add("cancel %d %d", t, i)
			}
		case 8:
			l := limit()
			lim.SetLimitAt(at(t), l)
			add("limit %d %s", t, strconv.FormatFloat(float64(l), 'g', -1, 64))
		case 9:
			b := rnd.Intn(6)
			lim.SetBurstAt(at(t), b)
			add("burst %d %d", t, b)
		}
		add("tokens %d %s", t, number(math.Round(lim.TokensAt(at(t))*1e6)/1e6))
	}
	return strings.Join(steps, "; ")
}

func main() {
	rnd := rand.New(rand.NewSource(1))
	for range 150 {
		fmt.Println(life(rnd))
	}
}
