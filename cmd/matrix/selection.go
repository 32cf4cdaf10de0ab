package main

import (
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// selection is the checks that the probes of one requirement leave evidence for.
type selection struct {
	requirement string
	chosen      map[string]bool
}

func (s *selection) has(requirement, _, _ string) bool { return s.chosen[requirement] }

// choose takes the probes that the requirement's checks are from, and every requirement that needs no other.
func (s *selection) choose(plan conformance.Plan) {
	probes := needed(plan, func(c conformance.Check) bool { return c.Requirement == s.requirement })
	if len(probes) == 0 { // judged over the log of whatever ran: its subject's probes
		probes = needed(plan, func(c conformance.Check) bool { return subject(c.Requirement) == subject(s.requirement) })
	}
	s.chosen = map[string]bool{}
	for _, c := range plan.Checks {
		s.chosen[c.Requirement] = true
	}
	for _, c := range plan.Checks { // a requirement of several checks is judged by all of them or not at all
		if slices.ContainsFunc(c.From, func(name string) bool { return !probes[name] }) && c.Requirement != s.requirement {
			delete(s.chosen, c.Requirement)
		}
	}
}

// needed are the probes of the checks, and those that they start from.
func needed(plan conformance.Plan, of func(conformance.Check) bool) map[string]bool {
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
		if of(c) {
			want(c.From)
		}
	}
	return probes
}

func subject(requirement string) string {
	head, _, _ := strings.Cut(requirement, "/")
	return head
}
