// Command matrix holds the conformance suite against every defect and says which ones it misses, and where it sees
// one that is not there.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"time"

	"github.com/parley-contracts/parley/fixtures/stranger"
	"github.com/parley-contracts/parley/mock/defects"
)

// options are the flags.
type options struct {
	whole, verbose bool
	traffic        bool
	only           string
	over           string
	at             int
}

func main() {
	var o options
	flag.BoolVar(&o.whole, "whole", false, "run the whole suite against each, not what is near its requirement")
	flag.StringVar(&o.only, "only", "", "a regular expression for the ids of defects")
	flag.StringVar(&o.over, "over", "mock", "mock, or one of the second target's readings: plain, opposite, lax")
	flag.IntVar(&o.at, "at", 5*runtime.GOMAXPROCS(0), "how many runs at a time: they wait more than they work")
	flag.BoolVar(&o.verbose, "v", false, "say of each what became of it")
	flag.BoolVar(&o.traffic, "traffic", false, "judge the recorded traffic of a small client with each, instead of running the suite")
	flag.Parse()
	os.Exit(run(context.Background(), o))
}

func run(ctx context.Context, o options) int {
	began := time.Now()
	pattern, err := regexp.Compile(o.only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		return 2
	}
	server, ok := map[string]serve{
		"mock": theMock, "plain": strangerBy(stranger.Plain()), "opposite": strangerBy(stranger.Opposite()), "lax": strangerBy(stranger.Lax()),
	}[o.over]
	if !ok {
		fmt.Fprintf(os.Stderr, "matrix: there is nothing called %q to run over\n", o.over)
		return 2
	}
	a, err := newArena(ctx, server)
	if err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		return 2
	}
	var chosen []defects.Defect
	for _, d := range a.defects {
		if pattern.MatchString(d.ID) && (o.over == "mock" || d.Settings == nil && !d.Delivers()) && !(o.traffic && d.Delivers()) {
			chosen = append(chosen, d)
		}
	}
	survivors, alarms := 0, 0
	meet := func() []result { return a.meetAll(ctx, chosen, o.whole, o.at) }
	if o.traffic {
		meet = func() []result { return a.overhearAll(ctx, chosen, o.at) }
	}
	for _, r := range meet() {
		switch {
		case r.err != nil:
			survivors++
			fmt.Println("BROKEN  ", r.ID, r.err)
		case !r.noticed():
			survivors++
			fmt.Println("SURVIVOR", r.ID, r.outcome, r.message)
		case o.verbose:
			fmt.Printf("noticed  %s %s %s (%d requests, %.2f s)\n", r.ID, r.outcome, r.message, r.requests, r.seconds)
		}
		for _, id := range r.red {
			alarms++
			fmt.Println("ALARM   ", r.ID, "→", id, r.said[id])
		}
	}
	fmt.Printf("%d defects, %d survivors, %d false alarms, %s\n", len(chosen), survivors, alarms, time.Since(began).Round(time.Millisecond))
	if survivors+alarms > 0 {
		return 1
	}
	return 0
}
