package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/mock/defects"
)

// arena is where defects meet the suite: a contract, its defects, a kind of server, and how one without any comes
// out.
type arena struct {
	contract
	suite   conformance.Contract
	defects []defects.Defect
	serve   serve
	clean   map[string]conformance.Outcome
}

// result is what the suite made of one defect.
type result struct {
	defects.Defect
	outcome  conformance.Outcome // of the requirement that has to notice
	message  string
	followed []string          // consequences that turned red
	red      []string          // further requirements that turned red, though neither the defect nor a clean run says so
	said     map[string]string // of each of them
	seconds  float64
	requests int // of the suite to the target and its driver
	err      error
}

// noticed: the requirement turned red.
func (r result) noticed() bool { return r.err == nil && isRed(r.outcome) }

// fair: nothing turned red that should not.
func (r result) fair() bool { return r.err == nil && len(r.red) == 0 }

func isRed(o conformance.Outcome) bool { return o == conformance.Fail || o == conformance.Warn }

// newArena loads what all runs share. The clean run is part of it.
func newArena(ctx context.Context, c contract, serve serve) (*arena, error) {
	suite, err := c.load()
	if err != nil {
		return nil, err
	}
	all, err := c.defects(suite)
	if err != nil {
		return nil, err
	}
	a := &arena{contract: c, suite: suite, defects: all, serve: serve, clean: map[string]conformance.Outcome{}}
	report, err := a.run(ctx, defects.Defect{}, suite, conformance.Options{Patience: longPatience})
	if err != nil {
		return nil, err
	}
	for _, f := range report.Findings {
		a.clean[f.Requirement] = f.Outcome
	}
	return a, nil
}

// longPatience is that of a second look: a machine that is busy with many runs is late with deliveries.
const longPatience = 6 * time.Second

// meet runs the suite against a server with the defect: the whole suite, or what is near the requirement that has to
// notice, which is every check that the same probes leave evidence for.
//
// What does not come out as it has to is looked at again, with the whole suite and more patience: a requirement that is
// judged by what all probes leave may show nothing near, and a busy machine is no breach.
func (a *arena) meet(ctx context.Context, d defects.Defect, whole bool) result {
	r := a.attempt(ctx, d, whole, a.patience)
	if !r.noticed() || !r.fair() {
		r = a.attempt(ctx, d, true, longPatience)
	}
	return r
}

func (a *arena) attempt(ctx context.Context, d defects.Defect, whole bool, patience time.Duration) result {
	r := result{Defect: d, said: map[string]string{}}
	suite, options := a.suite, conformance.Options{Patience: patience}
	if !whole {
		near := &selection{requirement: d.Requirement}
		suite.Open = func(s *conformance.Session) conformance.Plan {
			plan := a.suite.Open(s)
			near.choose(plan)
			return plan
		}
		options.Selected = near.has
	}
	report, err := a.run(ctx, d, suite, options)
	if err != nil {
		r.err = err
		return r
	}
	r.seconds, r.requests = report.Seconds, report.Requests.Total+report.Requests.Driver
	r.read(report, a)
	return r
}

// read takes from a report what became of the defect.
func (r *result) read(report conformance.Report, a *arena) {
	for _, f := range report.Findings {
		switch {
		case f.Requirement == r.Requirement:
			r.outcome, r.message = f.Outcome, f.Message
		case !isRed(f.Outcome) || isRed(a.clean[f.Requirement]):
		case r.May(f.Requirement):
			r.followed = append(r.followed, f.Requirement)
		default:
			r.red = append(r.red, f.Requirement)
			r.said[f.Requirement] = f.Message
		}
	}
}

// run judges a fresh server with the defect.
func (a *arena) run(ctx context.Context, d defects.Defect, suite conformance.Contract, options conformance.Options) (conformance.Report, error) {
	target, stop, err := a.serve(d)
	if err != nil {
		return conformance.Report{}, err
	}
	defer stop()
	if suite.Driven() {
		target = conformance.Target{Driver: target.Driver}
	}
	options.Contract = suite
	return conformance.Run(ctx, target, options)
}

// meetAll has several meet at a time, and tells of each when it is done; results are in the order of the defects.
func (a *arena) meetAll(ctx context.Context, all []defects.Defect, whole bool, at int, done func()) []result {
	results := make([]result, len(all))
	var group errgroup.Group
	group.SetLimit(at)
	for i, d := range all {
		group.Go(func() error {
			results[i] = a.meet(ctx, d, whole)
			done()
			return nil
		})
	}
	_ = group.Wait()
	return results
}
