// An agent: a model that streams, parallel tools, a limit, a budget, and one context. Ctrl-C, a client that leaves,
// and a deadline stop it all: the model, the tools, a tree of processes, a query. TIMES=1 shows after how many milliseconds.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const question = "Count everything there is, and write a long story about it."

func main() {
	model := startModel()

	fmt.Println("nobody stops it")
	a := newAgent(model)
	answer, err := a.run(context.Background(), "How many files and albums are there?")
	if err != nil {
		panic(err)
	}
	fmt.Println("  the model answers:", answer)
	fmt.Println("  the budget:", a.budget.left(), "tokens left")

	fmt.Println("Ctrl-C")
	a = newAgent(model)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	go func() { a.finish(a.run(ctx, question)) }()
	a.busy()
	stopped := time.Now()
	syscall.Kill(syscall.Getpid(), syscall.SIGINT)
	<-ctx.Done()
	fmt.Println("  stopped:", context.Cause(ctx))
	a.report(stopped)
	stop()

	fmt.Println("the client leaves")
	a = newAgent(model)
	base := serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.finish(a.run(r.Context(), question))
	}))
	ctx, leave := context.WithCancel(context.Background())
	go func() {
		req, _ := http.NewRequestWithContext(ctx, "GET", base, nil)
		http.DefaultClient.Do(req)
	}()
	a.busy()
	stopped = time.Now()
	leave()
	fmt.Println("  stopped:", context.Cause(ctx))
	a.report(stopped)

	fmt.Println("the deadline")
	a = newAgent(model)
	ctx, cancel := context.WithTimeout(context.Background(), 1500*time.Millisecond)
	go func() { a.finish(a.run(ctx, question)) }()
	a.busy()
	<-ctx.Done()
	stopped, _ = ctx.Deadline()
	fmt.Println("  stopped:", context.Cause(ctx))
	a.report(stopped)
	cancel()
}

// report waits until everything has stopped, and prints the outcomes.
func (a *agent) report(stopped time.Time) {
	cut := <-a.model.cut
	err := <-a.finished
	fmt.Printf("  the model: %d of %d tokens, %d not spent\n", cut.sent, cut.planned, cut.planned-cut.sent)
	for _, tool := range []string{"run", "query", "ask"} {
		fmt.Printf("  %s: %s\n", tool, a.outcomes[tool])
	}
	over := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	fmt.Println("  the agent has stopped:", over)
	fmt.Println("  the budget:", a.budget.left(), "tokens left")
	aside("the model %.1f ms after the stop", cut.at.Sub(stopped))
	for _, tool := range []string{"run", "query", "ask"} {
		aside(tool+" %.1f ms", a.ends[tool].Sub(stopped))
	}
}

// aside prints a time, which differs in every run, only if TIMES is set.
func aside(format string, d time.Duration) {
	if os.Getenv("TIMES") != "" {
		fmt.Printf("  ("+format+")\n", float64(d.Microseconds())/1000)
	}
}

func serve(handler http.Handler) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, handler)
	return "http://" + listener.Addr().String()
}
