package main

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// arena is where defects meet the suite: a contract, its defects, a kind of server, and how one without any comes
// out.
type arena struct {
	contract conformance.Contract
	defects  []defects.Defect
	serve    serve
	clean    map[string]conformance.Outcome
}

// result is what the suite made of one defect.
type result struct {
	defects.Defect
	outcome  conformance.Outcome // of the requirement that has to notice
	message  string
	red      []string          // further requirements that turned red, though neither the defect nor a clean run says so
	said     map[string]string // of each of them
	seconds  float64
	requests int
	err      error
}

// noticed: the requirement turned red.
func (r result) noticed() bool { return isRed(r.outcome) }

func isRed(o conformance.Outcome) bool { return o == conformance.Fail || o == conformance.Warn }

// newArena loads what all runs share. The clean run is part of it.
func newArena(ctx context.Context, serve serve) (*arena, error) {
	contract, err := assistloop.Contract()
	if err != nil {
		return nil, err
	}
	checker, err := check.Load(openapi.AssistLoop())
	if err != nil {
		return nil, err
	}
	all, err := defects.AssistLoop(checker)
	if err != nil {
		return nil, err
	}
	a := &arena{contract: contract, defects: all, serve: serve, clean: map[string]conformance.Outcome{}}
	for _, d := range all {
		if _, known := contract.Catalogue.Lookup(d.Requirement); !known {
			return nil, fmt.Errorf("defect %s: there is no requirement %s", d.ID, d.Requirement)
		}
	}
	report, err := a.run(ctx, defects.Defect{}, contract, nil)
	if err != nil {
		return nil, err
	}
	for _, f := range report.Findings {
		a.clean[f.Requirement] = f.Outcome
	}
	return a, nil
}

// meet runs the suite against a server with the defect: the whole suite, or what is near the requirement that has to
// notice, which is every check that the same probes leave evidence for.
//
// A requirement that is judged by what all probes leave may show nothing near: then the whole suite has its turn.
func (a *arena) meet(ctx context.Context, d defects.Defect, whole bool) result {
	r := a.attempt(ctx, d, whole)
	if r.err == nil && !r.noticed() && !whole {
		r = a.attempt(ctx, d, true)
	}
	return r
}

func (a *arena) attempt(ctx context.Context, d defects.Defect, whole bool) result {
	r := result{Defect: d, said: map[string]string{}}
	contract, selected := a.contract, (func(string, string, string) bool)(nil)
	if !whole {
		near := &selection{requirement: d.Requirement}
		contract.Open = func(s *conformance.Session) conformance.Plan {
			plan := a.contract.Open(s)
			near.choose(plan)
			return plan
		}
		selected = near.has
	}
	report, err := a.run(ctx, d, contract, selected)
	if err != nil {
		r.err = err
		return r
	}
	r.seconds, r.requests = report.Seconds, report.Requests.Total
	r.read(report, a)
	return r
}

// read takes from a report what became of the defect.
func (r *result) read(report conformance.Report, a *arena) {
	for _, f := range report.Findings {
		switch {
		case f.Requirement == r.Requirement:
			r.outcome, r.message = f.Outcome, f.Message
		case isRed(f.Outcome) && !isRed(a.clean[f.Requirement]) && !r.May(f.Requirement):
			r.red = append(r.red, f.Requirement)
			r.said[f.Requirement] = f.Message
		}
	}
}

// run judges a fresh server with the defect.
func (a *arena) run(ctx context.Context, d defects.Defect, contract conformance.Contract, selected func(string, string, string) bool) (conformance.Report, error) {
	target, stop, err := a.serve(d)
	if err != nil {
		return conformance.Report{}, err
	}
	defer stop()
	return conformance.Run(ctx, target, conformance.Options{Contract: contract, Selected: selected, Patience: patience})
}

// meetAll has several meet at a time; results are in the order of the defects.
func (a *arena) meetAll(ctx context.Context, all []defects.Defect, whole bool, at int) []result {
	results := make([]result, len(all))
	var group errgroup.Group
	group.SetLimit(at)
	for i, d := range all {
		group.Go(func() error {
			results[i] = a.meet(ctx, d, whole)
			return nil
		})
	}
	_ = group.Wait()
	return results
}
