// Power series as streams: a goroutine per operation, a channel per series, one coefficient after the other, without
// end. McIlroy's idea: exp and tan are networks that feed on their own output (exp = 1 + ∫exp, tan = ∫(1 + tan²)).
package main

import (
	"context"
	"fmt"
)

type rat struct{ num, den int }

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func ratio(num, den int) rat {
	g := gcd(num, den)
	if g < 0 {
		g = -g
	}
	return rat{num / g, den / g}
}

func (a rat) plus(b rat) rat  { return ratio(a.num*b.den+b.num*a.den, a.den*b.den) }
func (a rat) times(b rat) rat { return ratio(a.num*b.num, a.den*b.den) }

func (a rat) String() string {
	if a.den == 1 {
		return fmt.Sprint(a.num)
	}
	return fmt.Sprintf("%d/%d", a.num, a.den)
}

type series = <-chan rat

// put sends x unless ctx ends first.
func put(ctx context.Context, out chan<- rat, x rat) bool {
	select {
	case out <- x:
		return true
	case <-ctx.Done():
		return false
	}
}

// get receives a coefficient unless ctx ends first.
func get(ctx context.Context, in series) (rat, bool) {
	select {
	case x := <-in:
		return x, true
	case <-ctx.Done():
		return rat{0, 1}, false
	}
}

// integrate sends first, and then the n-th coefficient of in divided by n.
func integrate(ctx context.Context, first rat, in series) series {
	out := make(chan rat)
	go func() {
		x, ok := first, true
		for n := 1; ok && put(ctx, out, x); n++ {
			x, ok = get(ctx, in)
			x = x.times(rat{1, n})
		}
	}()
	return out
}

// onePlus adds 1 to the first coefficient.
func onePlus(ctx context.Context, in series) series {
	out := make(chan rat)
	go func() {
		x, ok := get(ctx, in)
		x = x.plus(rat{1, 1})
		for ok && put(ctx, out, x) {
			x, ok = get(ctx, in)
		}
	}()
	return out
}

// multiply keeps what it has seen of both: each coefficient of a product needs all that came before.
func multiply(ctx context.Context, a, b series) series {
	out := make(chan rat)
	go func() {
		var as, bs []rat
		for {
			x, ok := get(ctx, a)
			y, okY := get(ctx, b)
			if !ok || !okY {
				return
			}
			as, bs = append(as, x), append(bs, y)
			sum := rat{0, 1}
			for i := range as {
				sum = sum.plus(as[i].times(bs[len(bs)-1-i]))
			}
			if !put(ctx, out, sum) {
				return
			}
		}
	}()
	return out
}

// split copies a series into n; each copy is passed on by a goroutine of its own, as fast as it is read.
func split(ctx context.Context, in series, outs ...chan<- rat) {
	copies := make([]chan rat, len(outs))
	for i, out := range outs {
		copies[i] = make(chan rat, 16)
		go func() {
			for {
				x, ok := get(ctx, copies[i])
				if !ok || !put(ctx, out, x) {
					return
				}
			}
		}()
	}
	go func() {
		for {
			x, ok := get(ctx, in)
			if !ok {
				return
			}
			for _, c := range copies {
				if !put(ctx, c, x) {
					return
				}
			}
		}
	}()
}

func exp(ctx context.Context) series {
	out, back := make(chan rat), make(chan rat)
	split(ctx, integrate(ctx, rat{1, 1}, back), out, back)
	return out
}

func tan(ctx context.Context) series {
	out, a, b := make(chan rat), make(chan rat), make(chan rat)
	square := multiply(ctx, a, b)
	split(ctx, integrate(ctx, rat{0, 1}, onePlus(ctx, square)), out, a, b)
	return out
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	show := func(name string, s series) {
		fmt.Print(name, ":")
		for range 8 {
			fmt.Print(" ", <-s)
		}
		fmt.Println()
	}
	show("exp", exp(ctx))
	show("tan", tan(ctx))
	show("exp squared", multiply(ctx, exp(ctx), exp(ctx)))
	show("integral of tan", integrate(ctx, rat{0, 1}, tan(ctx)))
}
