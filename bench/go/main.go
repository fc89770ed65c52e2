// Command bench runs one workload in Go and prints its times as JSON, by the same protocol as harness/measure.ts.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

// A run does a workload's work n times and returns what the check in workloads.ts expects.
type run func(n int) int

var runs = map[string]run{}

func register(more map[string]run) {
	for name, r := range more {
		runs[name] = r
	}
}

type result struct {
	N       int       `json:"n"`
	Check   int       `json:"check"`
	Samples []float64 `json:"samples"`
}

const sampleCount = 5

func main() {
	name := flag.String("workload", "", "the workload to run")
	budget := flag.Duration("budget", 400*time.Millisecond, "how long to measure")
	fixed := flag.Int("fixed", 0, "the number of operations; 0 means as many as fit into the budget")
	memory := flag.String("memory", "", "what to measure the memory of, instead")
	scale := flag.String("scale", "", "the experiment on how costs grow, instead")
	n := flag.Int("n", 10, "the number in that experiment")
	flag.Parse()
	if *scale != "" {
		e, ok := experiments[*scale]
		if !ok {
			fail("no such experiment: " + *scale)
		}
		print(map[string]float64{"perOp": measureScale(e, *n)})
		return
	}
	if *memory != "" {
		print(map[string]float64{"bytes": measureMemory(*memory)})
		return
	}
	r, ok := runs[*name]
	if !ok {
		print(map[string]bool{"missing": true})
		return
	}
	print(measure(r, *budget, *fixed))
}

func measure(r run, budget time.Duration, fixed int) result {
	if fixed > 0 {
		r(fixed / 4)
		start := time.Now()
		check := r(fixed)
		return result{fixed, check, []float64{float64(time.Since(start).Nanoseconds()) / float64(fixed)}}
	}
	const step = 1000
	n := step
	perOp := 0.0
	for spent := time.Duration(0); spent < budget; {
		start := time.Now()
		r(n)
		took := time.Since(start)
		spent += took
		perOp = float64(took.Nanoseconds()) / float64(n)
		if took < budget/8 {
			n *= 2
		}
	}
	n = max(1, int(float64(budget.Nanoseconds())/sampleCount/perOp/step)) * step
	res := result{N: n}
	for range sampleCount {
		start := time.Now()
		res.Check = r(n)
		res.Samples = append(res.Samples, float64(time.Since(start).Nanoseconds())/float64(n))
	}
	return res
}

func print(v any) {
	if err := json.NewEncoder(os.Stdout).Encode(v); err != nil {
		fail(err)
	}
}

func fail(why any) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}
