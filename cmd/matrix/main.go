// Command matrix holds the conformance suite against every defect: it says which ones nothing notices, and where the
// suite sees a breach that is not there. Of all of them it writes the kill matrix, conformance/MATRIX.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/fixtures/stranger"
	"github.com/parley-contracts/parley/mock/defects"
)

// options are the flags.
type options struct {
	whole, verbose bool
	traffic        bool
	only           *regexp.Regexp
	contract, over string
	at             int
	write, check   string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program. It returns 0 when all is as it should be, 1 when a defect survives, something is red
// that should not be, a requirement has no defect, or the file is out of date, and 2 for bad input.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "matrix:", err)
		return 2
	}
	began := time.Now()
	var played []played
	for _, c := range contracts() {
		if o.contract != "" && o.contract != c.name {
			continue
		}
		p, err := play(ctx, c, o, stderr)
		if err != nil {
			fmt.Fprintln(stderr, "matrix:", err)
			return 2
		}
		played = append(played, p)
	}
	faults := 0
	for _, p := range played {
		faults += p.tell(stdout, o.verbose)
	}
	fmt.Fprintf(stdout, "%s\n", time.Since(began).Round(time.Millisecond))
	if faults > 0 {
		return 1
	}
	if err := o.settle(played); err != nil {
		fmt.Fprintln(stderr, "matrix:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	var only string
	flags := flag.NewFlagSet("matrix", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.whole, "whole", false, "run the whole suite against each, not what is near its requirement")
	flags.StringVar(&only, "only", "", "a regular expression for the ids of defects")
	flags.StringVar(&o.contract, "contract", "", "assistloop or conversations; both unless it is given")
	flags.StringVar(&o.over, "over", "mock", "mock, or one of the second target's readings: plain, opposite, lax")
	flags.IntVar(&o.at, "at", 5*runtime.GOMAXPROCS(0), "how many runs at a time: they wait more than they work")
	flags.BoolVar(&o.verbose, "v", false, "say of each what became of it")
	flags.BoolVar(&o.traffic, "traffic", false, "judge the recorded traffic of a small client with each, instead of running the suite")
	flags.StringVar(&o.write, "write", "", "write the matrix to this `file`")
	flags.StringVar(&o.check, "check", "", "fail when the matrix in this `file` is not this one, its figures aside")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.only, err = regexp.Compile(only); err != nil {
		return o, fmt.Errorf("-only: %w", err)
	}
	if o.over != "mock" || o.traffic {
		o.contract = "assistloop"
	}
	known := slices.ContainsFunc(contracts(), func(c contract) bool { return c.name == o.contract })
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected %q: there are flags alone", flags.Arg(0))
	case o.contract != "" && !known:
		return o, fmt.Errorf("-contract: expected assistloop or conversations, came %q", o.contract)
	case servers()[o.over] == nil:
		return o, fmt.Errorf("-over: expected mock, plain, opposite or lax, came %q", o.over)
	case (o.write != "" || o.check != "") && (only != "" || o.contract != "" || o.over != "mock"):
		return o, fmt.Errorf("-write and -check are of the whole matrix: leave out -only, -contract and -over")
	}
	return o, nil
}

func servers() map[string]serve {
	return map[string]serve{
		"mock": theMock, "plain": strangerBy(stranger.Plain()), "opposite": strangerBy(stranger.Opposite()), "lax": strangerBy(stranger.Lax()),
	}
}

// played is what came of one contract's defects.
type played struct {
	*arena
	results []result
	bare    []string // requirements that can be observed, demand something, and have no defect
	unmet   []string // requirements that an honest server should be seen to meet, and is not
}

func play(ctx context.Context, c contract, o options, progress io.Writer) (played, error) {
	a, err := newArena(ctx, c, servers()[o.over])
	if err != nil {
		return played{}, err
	}
	var chosen []defects.Defect
	for _, d := range a.defects {
		if o.only.MatchString(d.ID) && (o.over == "mock" || d.Settings == nil && !d.Delivers()) && !(o.traffic && d.Delivers()) {
			chosen = append(chosen, d)
		}
	}
	var n atomic.Int64
	done := func() {
		if n := n.Add(1); n%200 == 0 {
			fmt.Fprintf(progress, "%s: %d of %d defects\n", c.name, n, len(chosen))
		}
	}
	var results []result
	if o.traffic {
		results = a.overhearAll(ctx, chosen, o.at, done)
	} else {
		results = a.meetAll(ctx, chosen, o.whole, o.at, done)
	}
	unmet := a.unmet()
	if o.over != "mock" { // the second target reads otherwise, and shows less
		unmet = nil
	}
	return played{a, results, a.bare(), unmet}, ctx.Err()
}

// bare are the requirements that no defect is there to turn red.
func (a *arena) bare() []string {
	broken := map[string]bool{}
	for _, d := range a.defects {
		broken[d.Requirement] = true
	}
	var all []string
	for _, r := range a.suite.Catalogue.All {
		if r.Level == "MUST" && r.Unobservable == "" && !broken[r.ID] {
			all = append(all, r.ID)
		}
	}
	return all
}

// unmet are the requirements that a run without a defect is not seen to meet, though it should, or is, though it should
// show nothing of them. A check that is never reached on an honest server is as good as none.
func (a *arena) unmet() []string {
	var all []string
	for _, r := range a.suite.Catalogue.All {
		_, hidden := a.unshown[r.ID]
		if r.Unobservable == "" && hidden == (a.clean[r.ID] == conformance.Pass) {
			all = append(all, r.ID)
		}
	}
	return all
}

// tell says what is not as it should be, and counts it.
func (p played) tell(out io.Writer, verbose bool) int {
	survivors, alarms := 0, 0
	for _, r := range p.results {
		switch {
		case r.err != nil:
			survivors++
			fmt.Fprintln(out, "BROKEN  ", r.ID, r.err)
		case !r.noticed():
			survivors++
			fmt.Fprintln(out, "SURVIVOR", r.ID, r.outcome, r.message)
		case verbose:
			fmt.Fprintf(out, "noticed  %s %s %s (%d requests, %.2f s)\n", r.ID, r.outcome, r.message, r.requests, r.seconds)
		}
		for _, id := range r.red {
			alarms++
			fmt.Fprintln(out, "ALARM   ", r.ID, "→", id, r.said[id])
		}
	}
	for _, id := range p.bare {
		fmt.Fprintln(out, "BARE    ", id, "has no defect that could turn it red")
	}
	for _, id := range p.unmet {
		fmt.Fprintln(out, "UNMET   ", id, "came out without any defect as", p.clean[id])
	}
	fmt.Fprintf(out, "%s: %d defects, %d survivors, %d false alarms, %d requirements without a defect, %d not met without one\n",
		p.name, len(p.results), survivors, alarms, len(p.bare), len(p.unmet))
	return survivors + alarms + len(p.bare) + len(p.unmet)
}
