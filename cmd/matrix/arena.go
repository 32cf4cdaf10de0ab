package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"net/http/httptest"
	"slices"
	"time"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/mock"
	"github.com/parley-contracts/parley/mock/defects"
	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/outbox"
	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"golang.org/x/sync/errgroup"
)

// arena is where defects meet the suite: a contract, its defects, and how a server without any comes out.
type arena struct {
	contract conformance.Contract
	defects  []defects.Defect
	clean    map[string]conformance.Outcome
}

// result is what the suite made of one defect.
type result struct {
	defects.Defect
	outcome  conformance.Outcome // of the requirement that has to notice
	message  string
	red      []string // further requirements that turned red, though neither the defect nor a clean run says so
	said     map[string]string
	seconds  float64
	requests int
	err      error
}

// noticed: the requirement turned red.
func (r result) noticed() bool { return isRed(r.outcome) }

func isRed(o conformance.Outcome) bool { return o == conformance.Fail || o == conformance.Warn }

// newArena loads what all runs share. The clean run is part of it.
func newArena(ctx context.Context) (*arena, error) {
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
	a := &arena{contract: contract, defects: all, clean: map[string]conformance.Outcome{}}
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

// patience is how long a run waits for what the target does by itself: in one process that is short.
const patience = 1500 * time.Millisecond

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
	for _, f := range report.Findings {
		switch {
		case f.Requirement == d.Requirement:
			r.outcome, r.message = f.Outcome, f.Message
		case isRed(f.Outcome) && !isRed(a.clean[f.Requirement]) && !d.May(f.Requirement):
			r.red = append(r.red, f.Requirement)
			r.said[f.Requirement] = f.Message
		}
	}
	return r
}

// run judges a fresh mock with the defect.
func (a *arena) run(ctx context.Context, d defects.Defect, contract conformance.Contract, selected func(string, string, string) bool) (conformance.Report, error) {
	stage := d.Open()
	transport := outbox.NewTransport(nil)
	defer transport.CloseIdleConnections()
	options := mock.Options{
		AutoConsent: true, Conversations: 100, Messages: 2500, DeliveryTransport: stage.Deliver(transport),
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if s := d.Settings; s != nil {
		options.RateLimit, options.Retries, options.Backoff = s.RateLimit, s.Retries, s.Backoff
	}
	m, err := mock.New(options)
	if err != nil {
		return conformance.Report{}, err
	}
	defer func() { _ = m.Close() }()
	world := m.Worlds().Default()
	spare, _ := world.Grants.Issue(world.Desk.Owner().ID, grant.AllScopes, 0)
	client := world.Grants.Client()
	stage.Know(defects.Keys{Token: world.Token, Spare: spare, ClientID: client.ID, ClientSecret: client.Secret})
	server := httptest.NewServer(stage.Wrap(m.Handler()))
	defer server.Close()
	ready := m.Ready(server.URL)
	return conformance.Run(ctx, conformance.Target{
		URL: ready.BaseURL, Token: ready.Token, Driver: ready.Driver, ClientID: ready.ClientID, ClientSecret: ready.ClientSecret,
	}, conformance.Options{Contract: contract, Selected: selected, Patience: patience})
}

// selection is the checks that the probes of one requirement leave evidence for.
type selection struct {
	requirement string
	chosen      map[string]bool
}

func (s *selection) has(requirement, _, _ string) bool { return s.chosen[requirement] }

// choose takes the probes that the requirement's checks are from, and every check that needs no other.
func (s *selection) choose(plan conformance.Plan) {
	after := map[string][]string{}
	for _, p := range plan.Probes {
		after[p.Name] = p.After
	}
	probes := map[string]bool{}
	var want func(names []string)
	want = func(names []string) {
		for _, name := range names {
			if !probes[name] {
				probes[name] = true
				want(after[name])
			}
		}
	}
	for _, c := range plan.Checks {
		if c.Requirement == s.requirement {
			want(c.From)
		}
	}
	if len(probes) == 0 { // judged over the log of whatever ran: its subject's probes
		for _, c := range plan.Checks {
			if subject(c.Requirement) == subject(s.requirement) {
				want(c.From)
			}
		}
	}
	s.chosen = map[string]bool{}
	for _, c := range plan.Checks {
		if !slices.ContainsFunc(c.From, func(name string) bool { return !probes[name] }) {
			s.chosen[c.Requirement] = true
		}
	}
	for _, c := range plan.Checks { // a requirement of several checks is judged by all of them or not at all
		if slices.ContainsFunc(c.From, func(name string) bool { return !probes[name] }) && c.Requirement != s.requirement {
			delete(s.chosen, c.Requirement)
		}
	}
}

func subject(requirement string) string {
	for i := range requirement {
		if requirement[i] == '/' {
			return requirement[:i]
		}
	}
	return requirement
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
