// Command oracle runs the programs of programs.go, which are generated, and prints a line of JSON for each: what its
// goroutines noted, and how each of them ended. With a number as its argument it is that program, and nothing else.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

type program struct {
	alone bool
	// How often the program has come to rest.
	step int
	sum  [2]int
	// Set while main waits in rest; resume lets it go on.
	resting bool
	resume  chan struct{}

	mu         sync.Mutex
	goroutines map[string]*goroutine
}

type goroutine struct {
	p     *program
	name  string
	notes []string
	// The number that the runtime gave it; 0 once it has ended.
	id int
}

func main() {
	if len(os.Args) > 1 {
		index, _ := strconv.Atoi(os.Args[1])
		p := newProgram(true)
		programs[index](p, p.named("main"))
		return
	}
	all := make([]*program, len(programs))
	for i, f := range programs {
		all[i] = newProgram(false)
		go all[i].run("main", f)()
	}
	conduct(all)
}

// conduct resumes the programs that rest whenever the whole process has come to rest. If none does, they are finished:
// who waits then would wait for ever.
func conduct(all []*program) {
	for {
		states, atRest := snapshot()
		if !atRest {
			time.Sleep(50 * time.Microsecond)
			continue
		}
		resumed := false
		for _, p := range all {
			if p.resting {
				resumed, p.resting = true, false
				p.resume <- struct{}{}
			}
		}
		if !resumed {
			for _, p := range all {
				p.print(states)
			}
			return
		}
	}
}

var head = regexp.MustCompile(`^goroutine (\d+)[^\[\n]* \[([^\],]+)`)

var parked = map[string]bool{}

func init() {
	for _, state := range []string{
		"chan receive", "chan receive (nil chan)", "chan send", "chan send (nil chan)", "select", "select (no cases)",
		"sync.Cond.Wait", "sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock", "sync.WaitGroup.Wait",
	} {
		parked[state] = true
	}
}

// snapshot stops the world and returns what each goroutine waits for, by number, and whether all others wait. Nothing
// outside the process could wake one, and no timer: so if all wait, this remains so.
func snapshot() (states map[int]string, atRest bool) {
	buffer := make([]byte, 1<<20)
	n := runtime.Stack(buffer, true)
	for n == len(buffer) {
		buffer = make([]byte, 2*n)
		n = runtime.Stack(buffer, true)
	}
	states = map[int]string{}
	running := 0
	for stack := range strings.SplitSeq(string(buffer[:n]), "\n\n") {
		match := head.FindStringSubmatch(stack)
		id, _ := strconv.Atoi(match[1])
		state := match[2]
		// The second writer that waits does so for a mutex within the RWMutex.
		if state == "sync.Mutex.Lock" && strings.Contains(stack, "sync.(*RWMutex).Lock(") {
			state = "sync.RWMutex.Lock"
		}
		states[id] = state
		if !parked[state] {
			running++
		}
	}
	return states, running == 1
}

func newProgram(alone bool) *program {
	return &program{alone: alone, resume: make(chan struct{}, 1), goroutines: map[string]*goroutine{}}
}

func (p *program) named(name string) *goroutine {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.goroutines[name]
	if g == nil {
		g = &goroutine{p: p, name: name}
		p.goroutines[name] = g
	}
	return g
}

// run returns a function that runs f as a goroutine and notes how it ended.
func (p *program) run(name string, f func(*program, *goroutine)) func() {
	return func() {
		g := p.named(name)
		if p.alone {
			f(p, g)
			return
		}
		buffer := make([]byte, 64)
		fmt.Sscanf(string(buffer[:runtime.Stack(buffer, false)]), "goroutine %d", &g.id)
		end := "goexit"
		defer func() {
			if r := recover(); r != nil {
				end = fmt.Sprint("panic: ", r)
			}
			g.note(end)
			g.id = 0
		}()
		f(p, g)
		end = "returned"
	}
}

func (p *program) goroutine(name string, f func(*goroutine)) func() {
	return p.run(name, func(_ *program, g *goroutine) { f(g) })
}

// rest returns when every other goroutine waits or has ended.
func (p *program) rest() {
	p.resting = true
	<-p.resume
	p.step++
}

func (p *program) print(states map[int]string) {
	outcome := map[string][]string{"sum": {fmt.Sprint(p.sum)}}
	for name, g := range p.goroutines {
		if g.id != 0 {
			g.notes = append(g.notes, fmt.Sprintf("[%s]", states[g.id]))
		}
		outcome[name] = g.notes
	}
	line, _ := json.Marshal(outcome)
	fmt.Println(string(line))
}

// note notes values, together with how often the program had come to rest.
func (g *goroutine) note(values ...any) {
	words := []string{fmt.Sprint(g.p.step) + ":"}
	for _, value := range values {
		if value == nil {
			value = "nil"
		}
		words = append(words, fmt.Sprint(value))
	}
	g.notes = append(g.notes, strings.Join(words, " "))
}

// part returns the notes of one case of a mux.
func (g *goroutine) part(name string) *goroutine {
	return g.p.named(g.name + " " + name)
}

func (g *goroutine) recovers() {
	if r := recover(); r != nil {
		g.note("recovered", r)
	}
}

type key string

func (k key) String() string { return string(k) }

// embedding is a user's context that overrides nothing.
type embedding struct{ context.Context }

func (e embedding) String() string { return fmt.Sprint(e.Context, ".embedding") }

// ownDone is a user's context that ends for a reason of its own, and not with its parent.
type ownDone struct {
	context.Context
	done chan struct{}
}

func newOwnDone(parent context.Context) (ctx context.Context, end func()) {
	done := make(chan struct{})
	return ownDone{parent, done}, sync.OnceFunc(func() { close(done) })
}

func (o ownDone) Done() <-chan struct{} { return o.done }

func (o ownDone) Err() error {
	select {
	case <-o.done:
		return errEnded
	default:
		return nil
	}
}

func (o ownDone) String() string { return fmt.Sprint(o.Context, ".ownDone") }

var errEnded = errors.New("ended by itself")

func (p *program) things(capacities ...int) (
	c, gate []chan int, x []context.Context, cancel []context.CancelFunc, cancelCause []context.CancelCauseFunc,
	end []func(), keys []any, stop []func() bool, mu []*sync.Mutex, rw *sync.RWMutex, cond *sync.Cond,
	wg []*sync.WaitGroup, once []*sync.Once,
) {
	c = []chan int{nil}
	for _, capacity := range capacities {
		c = append(c, make(chan int, capacity))
	}
	for range 6 {
		gate = append(gate, make(chan int))
		x = append(x, context.Background())
		cancel = append(cancel, func() {})
		cancelCause = append(cancelCause, func(error) {})
		end = append(end, func() {})
		stop = append(stop, func() bool { return false })
		mu = append(mu, new(sync.Mutex))
		wg = append(wg, new(sync.WaitGroup))
		once = append(once, new(sync.Once))
	}
	x[1] = context.TODO()
	keys = []any{key("a"), key("b"), "c"}
	return c, gate, x, cancel, cancelCause, end, keys, stop, mu, new(sync.RWMutex), sync.NewCond(mu[1]), wg, once
}

func use(...any) {}

func sorted(c <-chan int) []int {
	all := []int{}
	for v := range c {
		all = append(all, v)
	}
	slices.Sort(all)
	return all
}

func sendUntil(ctx context.Context, c chan<- int, v int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case c <- v:
		return nil
	}
}

func receiveUntil(ctx context.Context, c <-chan int) (v int, ok bool, err error) {
	if ctx.Err() != nil {
		return 0, false, ctx.Err()
	}
	select {
	case <-ctx.Done():
		return 0, false, ctx.Err()
	case v, ok = <-c:
		return v, ok, nil
	}
}

var deadline = regexp.MustCompile(`WithDeadline\(.*?\]\)`)

// describe tells all that can be seen of a context.
func describe(ctx context.Context) []any {
	done := "open"
	if ctx.Done() == nil {
		done = "nil"
	} else {
		select {
		case <-ctx.Done():
			done = "closed"
		default:
		}
	}
	_, dated := ctx.Deadline()
	name := deadline.ReplaceAllString(fmt.Sprint(ctx), "WithDeadline")
	return []any{ctx.Err(), context.Cause(ctx), done, dated, ctx.Value(key("a")), ctx.Value(key("b")), ctx.Value("c"), name}
}
