package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/parley-contracts/parley/openapi/requirements"
)

// runner runs the probes that the chosen checks need, in their order, and then applies the checks.
type runner struct {
	session *Session
	probes  []Probe
	byName  map[string]Probe
	checks  map[string][]Check // by requirement
	wanted  map[string]bool    // probes
	mu      sync.Mutex
	done    map[string]error // probes that ran, with what stopped them
	count   int
}

func newRunner(s *Session, plan Plan) *runner {
	r := &runner{
		session: s, probes: plan.Probes, byName: map[string]Probe{}, checks: map[string][]Check{},
		wanted: map[string]bool{}, done: map[string]error{},
	}
	for _, p := range plan.Probes {
		if s.Options.ReadOnly && p.Writes && p.Skip == "" {
			p.Skip = "it would write, and the run is read-only"
		}
		r.byName[p.Name] = p
	}
	for _, c := range plan.Checks {
		r.checks[c.Requirement] = append(r.checks[c.Requirement], c)
		requirement, _ := s.Options.Contract.Catalogue.Lookup(c.Requirement)
		if s.selects(requirement) {
			for _, name := range c.From {
				r.want(name)
			}
		}
	}
	return r
}

func (s *Session) selects(r requirements.Requirement) bool {
	return s.Options.Selected == nil || s.Options.Selected(r.ID, r.Section, r.Level)
}

func (r *runner) want(name string) {
	if r.wanted[name] {
		return
	}
	r.wanted[name] = true
	for _, before := range r.byName[name].After {
		r.want(before)
	}
}

// run: what only looks first, in its order; what waits beside the others where time is real; what moves the
// clock last and alone.
func (r *runner) run(ctx context.Context) {
	var beside sync.WaitGroup
	realTime := !r.session.Can("advance-clock")
	for _, moves := range []bool{false, true} {
		for _, p := range r.probes {
			p = r.byName[p.Name]
			if p.Moves != moves || !r.wanted[p.Name] || p.Skip != "" || p.Unsupported != "" {
				continue
			}
			if p.Waits && realTime {
				beside.Add(1)
				go func() {
					defer beside.Done()
					r.probe(ctx, p)
				}()
				continue
			}
			r.probe(ctx, p)
		}
	}
	beside.Wait()
}

func (r *runner) probe(ctx context.Context, p Probe) {
	r.mu.Lock()
	r.count++
	step := Progress{Probe: p.Title, Done: r.count, Total: len(r.wanted)}
	var blocked error
	for _, before := range p.After {
		if err := r.done[before]; err != nil {
			blocked = err
		}
	}
	r.mu.Unlock()
	err := blocked
	if ctx.Err() == nil {
		r.session.Options.Progress(step)
	}
	if err == nil && ctx.Err() == nil {
		err = guarded(func() error { return p.Run(ctx) })
	}
	if ctx.Err() != nil {
		err = errInterrupted
	}
	r.mu.Lock()
	r.done[p.Name] = err
	r.mu.Unlock()
}

// guarded turns a panic into an error: whatever a target answers, the run goes on.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("parley stumbled, which is a fault of its own: %v at %s", p, where(debug.Stack()))
		}
	}()
	return f()
}

// where finds the line of this project that panicked.
func where(stack []byte) string {
	past := false
	for _, line := range strings.Split(string(stack), "\n") {
		line = strings.TrimSpace(line)
		past = past || strings.HasPrefix(line, "panic(")
		if past && strings.Contains(line, "/conformance/") && strings.Contains(line, ".go:") {
			return line
		}
	}
	return "an unknown place"
}

// finding applies the checks of one requirement.
func (r *runner) finding(requirement requirements.Requirement, show *show) Finding {
	f := Finding{
		Requirement: requirement.ID, Level: requirement.Level, Section: requirement.Section,
		Reading: requirement.Reading, Text: requirement.Text,
	}
	checks := r.checks[requirement.ID]
	switch {
	case !r.session.selects(requirement):
		f.Outcome, f.Message = Skipped, "not selected"
	case requirement.Unobservable != "":
		f.Outcome, f.Message = Unsupported, "cannot be observed from outside: "+requirement.Unobservable
	case len(checks) == 0:
		f.Outcome, f.Message = Errored, "it has no check"
	default:
		r.decide(&f, checks, show)
	}
	return f
}

func (r *runner) decide(f *Finding, checks []Check, show *show) {
	outcome, decisive := Unsupported, error(nil)
	for i, c := range checks {
		o, err := r.apply(c, f.Level)
		if i == 0 || rank(o) > rank(outcome) {
			outcome, decisive = o, err
		}
	}
	f.Outcome = outcome
	if decisive == nil {
		return
	}
	f.Message = show.clean(decisive.Error())
	var breach *Breach
	if errors.As(decisive, &breach) {
		f.Expected, f.Seen = show.clean(breach.Expected), show.clean(breach.Seen)
		f.Evidence, f.Curl = show.evidence(breach)
	}
}

// rank orders the outcomes of several checks of one requirement: the one that says most against the target
// decides, and one that could judge outweighs one that could not.
func rank(o Outcome) int {
	return map[Outcome]int{Skipped: 0, Unsupported: 1, Pass: 2, Errored: 3, Warn: 4, Fail: 5}[o]
}

func (r *runner) apply(c Check, level string) (Outcome, error) {
	for _, name := range c.From {
		if outcome, err := r.standing(name); err != nil {
			return outcome, err
		}
	}
	err := guarded(c.Judge)
	return outcomeOf(err, level), err
}

// standing tells whether a probe's evidence can be judged, following what the probe itself started from.
func (r *runner) standing(name string) (Outcome, error) {
	p, ok := r.byName[name]
	switch {
	case !ok:
		return Errored, Blocked("there is no probe %q", name)
	case p.Skip != "":
		return Skipped, Lacking("%s", p.Skip)
	case p.Unsupported != "":
		return Unsupported, Lacking("%s", p.Unsupported)
	}
	for _, before := range p.After {
		if outcome, err := r.standing(before); err != nil {
			return outcome, err
		}
	}
	err, ran := r.done[name]
	switch {
	case !ran:
		return Errored, Blocked("%s was not looked at", p.Title)
	case err != nil:
		return outcomeOf(err, requirements.Must), err
	}
	return Pass, nil
}
