package conformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Run judges a target against options.Contract and reports every requirement of its catalogue. The error is
// for bad input alone (flags, files); what a target does, and a target that cannot be reached, is reported.
func Run(ctx context.Context, target Target, options Options) (Report, error) {
	options.defaults()
	if err := target.check(options.Contract); err != nil {
		return Report{}, err
	}
	s, err := NewSession(target, options)
	if err != nil {
		return Report{}, err
	}
	defer s.close()
	began := time.Now()
	report := begun(target, options)
	if err := s.preflight(ctx); err != nil {
		report.end(options.Contract, err)
	} else {
		findings := s.judge(ctx)
		report.Leftovers = s.CleanUp()
		report.conclude(findings, options)
	}
	if ctx.Err() != nil { // whatever was found is shown, but half a run is no verdict
		report.Verdict, report.Reason = NotJudged, errInterrupted.Error()
	}
	report.Counts = count(report.Findings)
	report.Notes = s.Log.Notes()
	report.Requests = Requests{
		Main: s.Ledger.Count(s.Main), Total: int(s.sent.Load()),
		Waited: time.Duration(s.waited.Load()).Round(time.Millisecond).Seconds(),
		Driver: s.Driver.sent(), Deliveries: len(s.Log.Deliveries()),
	}
	report.Seconds = time.Since(began).Round(time.Millisecond).Seconds()
	return report, nil
}

var errInterrupted = errors.New("the run was interrupted")

// Unjudged is the report of a run that ended before it began, for a cause that is the user's to mend.
func Unjudged(target Target, options Options, cause error) Report {
	options.defaults()
	report := begun(target, options)
	report.end(options.Contract, cause)
	report.Counts = count(report.Findings)
	return report
}

func begun(target Target, options Options) Report {
	return Report{
		Schema: 1, Contract: options.Contract.Name, Target: shownURL(target.where()), Strict: options.Strict,
		Started: options.Now().UTC().Truncate(time.Millisecond),
	}
}

// end makes it the report of a run that was stopped before it judged anything.
func (r *Report) end(c Contract, cause error) {
	r.Findings = ended(c, cause)
	r.Verdict, r.Reason = NotJudged, cause.Error()
}

// preflight ends a run that nothing could come of: when no connection succeeds, or when every authenticated
// request answers 401. Anything else is for the checks to find.
func (s *Session) preflight(ctx context.Context) error {
	s.Options.Progress(Progress{Probe: "preflight"})
	switch {
	case s.Options.Contract.Reach != nil:
		return s.Options.Contract.Reach(ctx, s)
	case s.Options.Contract.Driven():
		return s.meetDriver(ctx)
	}
	var lost error
	for _, op := range s.Options.Contract.Preflight {
		x := s.Do(ctx, Request{Operation: op, Account: s.Main, Purpose: op + ", to begin with", Expect2xx: true})
		switch {
		case ctx.Err() != nil:
			return errInterrupted
		case x.Lost != nil:
			lost = fmt.Errorf("no connection to %s: %w: check --target, --ca-cert and that the server is up", shownURL(s.Target.URL), x.Lost)
			if unconnected(x.Lost) {
				return lost
			}
		case x.Status != http.StatusUnauthorized:
			return s.meetDriver(ctx)
		default:
			lost = errors.New("every authenticated request was answered 401: check --token")
		}
	}
	return lost
}

// unconnected tells whether there was nobody at the address, so that no other request would do better.
func unconnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

func (s *Session) meetDriver(ctx context.Context) error {
	if s.Driver == nil {
		return nil
	}
	var err error
	for range tries {
		if err = s.Driver.learn(ctx); err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
	}
	return fmt.Errorf("%w: check --driver and --driver-token", err)
}

// judge plans, runs the probes and applies the checks.
func (s *Session) judge(ctx context.Context) []Finding {
	plan := s.Options.Contract.Open(s)
	r := newRunner(s, plan)
	r.run(ctx)
	all := s.Options.Contract.Catalogue.All
	findings := make([]Finding, 0, len(all))
	show := newShow(s)
	for _, requirement := range all {
		findings = append(findings, r.finding(requirement, show))
	}
	return findings
}

func count(findings []Finding) map[Outcome]int {
	counts := map[Outcome]int{}
	for _, o := range Outcomes() {
		counts[o] = 0
	}
	for _, f := range findings {
		counts[f.Outcome]++
	}
	return counts
}

// ended is the findings of a run that preflight stopped.
func ended(c Contract, cause error) []Finding {
	var all []Finding
	for _, r := range c.Catalogue.All {
		all = append(all, Finding{
			Requirement: r.ID, Level: r.Level, Section: r.Section, Reading: r.Reading, Text: r.Text,
			Outcome: Errored, Message: cause.Error(),
		})
	}
	return all
}
