package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/sync/errgroup"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/proxy"
	"github.com/parley-contracts/parley/mock/defects"
)

// through puts a proxy between the suite and a target, which is what both have to do with each other then.
func through(contract conformance.Contract, target conformance.Target) (between conformance.Target, traffic *conformance.Traffic, stop func(), err error) {
	if traffic, err = conformance.NewTraffic(conformance.Target{URL: target.URL}, conformance.Options{Contract: contract}); err != nil {
		return target, nil, nil, err
	}
	to, err := url.Parse(target.URL)
	if err != nil {
		return target, nil, nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	server := httptest.NewServer(proxy.New(traffic, proxy.Options{Target: to, Transport: transport, Log: slog.New(slog.DiscardHandler)}))
	target.URL = server.URL + to.Path
	return target, traffic, func() { server.Close(); transport.CloseIdleConnections() }, nil
}

// overheard runs the suite against a server with a defect, and gives what a proxy between them makes of it.
func (a *arena) overheard(ctx context.Context, d defects.Defect, whole bool) (conformance.Report, error) {
	target, stop, err := a.serve(d)
	if err != nil {
		return conformance.Report{}, err
	}
	defer stop()
	between, traffic, end, err := through(a.contract, target)
	if err != nil {
		return conformance.Report{}, err
	}
	defer end()
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
	if _, err := conformance.Run(ctx, between, conformance.Options{Contract: contract, Selected: selected, Patience: patience}); err != nil {
		return conformance.Report{}, err
	}
	return traffic.Report(), nil
}

func TestExplore(t *testing.T) {
	g := NewWithT(t)
	a, err := newArena(t.Context(), theMock)
	g.Expect(err).NotTo(HaveOccurred())
	clean, err := a.overheard(t.Context(), defects.Defect{}, true)
	g.Expect(err).NotTo(HaveOccurred())
	for _, f := range clean.Findings {
		if f.Outcome != conformance.Unsupported || os.Getenv("ALL") != "" {
			fmt.Println("CLEAN", f.Outcome, f.Requirement, f.Message)
		}
	}
	fmt.Println(clean.Counts, clean.Notes, clean.Reason)
	var group errgroup.Group
	group.SetLimit(6)
	type res struct{ d defects.Defect; out conformance.Outcome; msg string; red []string }
	results := make([]res, len(a.defects))
	for i, d := range a.defects {
		if d.Delivers() { continue }
		group.Go(func() error {
			report, err := a.overheard(t.Context(), d, false)
			if err != nil { return err }
			r := res{d: d}
			for _, f := range report.Findings {
				if f.Requirement == d.Requirement { r.out, r.msg = f.Outcome, f.Message } else if isRed(f.Outcome) && !d.May(f.Requirement) {
					r.red = append(r.red, f.Requirement+": "+f.Message)
				}
			}
			results[i] = r
			return nil
		})
	}
	g.Expect(group.Wait()).To(Succeed())
	for _, r := range results {
		if r.out == "" { continue }
		word := "SEEN"
		if !isRed(r.out) { word = "MISSED" }
		fmt.Println(word, r.d.ID, string(r.d.Kind), r.out, r.msg)
		for _, x := range r.red { fmt.Println("   ALARM", r.d.ID, x) }
	}
	_ = slices.Contains([]string{}, "")
}
