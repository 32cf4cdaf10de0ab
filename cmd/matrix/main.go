// Command matrix holds the conformance suite against every defect and says which ones it misses.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"time"

	"github.com/parley-contracts/parley/mock/defects"
)

func main() {
	whole := flag.Bool("whole", false, "run the whole suite against each, not what is near its requirement")
	only := flag.String("only", "", "a regular expression for the ids of defects")
	at := flag.Int("at", 4*runtime.GOMAXPROCS(0), "how many runs at a time")
	verbose := flag.Bool("v", false, "say of each what became of it")
	flag.Parse()
	os.Exit(run(context.Background(), *whole, *only, *verbose, *at))
}

func run(ctx context.Context, whole bool, only string, verbose bool, at int) int {
	began := time.Now()
	pattern, err := regexp.Compile(only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		return 2
	}
	a, err := newArena(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		return 2
	}
	var chosen []defects.Defect
	for _, d := range a.defects {
		if pattern.MatchString(d.ID) {
			chosen = append(chosen, d)
		}
	}
	survivors, alarms := 0, 0
	for _, r := range a.meetAll(ctx, chosen, whole, at) {
		switch {
		case r.err != nil:
			fmt.Println("BROKEN  ", r.ID, r.err)
		case !r.noticed():
			survivors++
			fmt.Println("SURVIVOR", r.ID, r.outcome, r.message)
		case verbose:
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
