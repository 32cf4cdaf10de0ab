package conformance

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-contracts/parley/conformance/capture"
)

// RunPayloads judges recorded bodies of webhooks against options.Contract, and reports every requirement of its catalogue
// as Run does. There is no target: what bodies alone cannot show is unsupported.
func RunPayloads(ctx context.Context, records *capture.Reader, options Options) (Report, error) {
	options.defaults()
	if options.Contract.Payloads == nil {
		return Report{}, fmt.Errorf("%s has no webhooks whose bodies could be judged", options.Contract.Name)
	}
	began := time.Now()
	report := begun(Target{}, options)
	judge := options.Contract.Payloads()
	n, err := takeAll(ctx, records, judge, options.Progress)
	report.conclude(foundIn(&Session{Options: options, Log: &Log{}}, judge.Verdict), options)
	if err != nil {
		report.Verdict, report.Reason = NotJudged, err.Error()
	}
	if ctx.Err() == nil { // else the reader may still be at work
		report.Notes = records.Notes()
	}
	report.Requests.Payloads = n
	report.Seconds = time.Since(began).Round(time.Millisecond).Seconds()
	return report, nil
}

// takeAll hands every record to the judge. It stops at once when ctx ends, also where nothing more comes to be read.
func takeAll(ctx context.Context, records *capture.Reader, judge PayloadJudge, progress func(Progress)) (n int, err error) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	last := time.Now()
	for ahead := readAhead(inner, records); ; {
		var b *batch
		select {
		case b = <-ahead:
		case <-ctx.Done():
			return n, errInterrupted
		}
		if b == nil {
			return n, nil
		}
		for _, record := range b.records {
			n++
			if err := taken(judge, record); err != nil {
				return n, err
			}
		}
		if now := time.Now(); now.Sub(last) >= 200*time.Millisecond {
			last = now
			progress(Progress{Probe: fmt.Sprintf("%d payloads, %s", n, b.where)})
		}
		b.done()
	}
}

// taken hands a record to the judge. The error is for a fault of the judge's own.
func taken(judge PayloadJudge, record capture.Record) error {
	d := &Delivery{File: record.File, Line: record.Line, Body: record.Body}
	err := guarded(func() error {
		if record.Problem != "" {
			judge.Malformed(d, record.Problem)
		} else {
			judge.Take(d)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", d.Place(), err)
	}
	return nil
}

// conclude takes over the findings of a run that nothing stopped, and what follows from them.
func (r *Report) conclude(findings []Finding, options Options) {
	r.Findings = findings
	r.Settle(options.Known)
	r.Counts = count(r.Findings)
}

// foundIn makes a finding of every requirement, by what a judge of a stream says of it.
func foundIn(s *Session, verdict func(requirement string) error) []Finding {
	options := s.Options
	var checks []Check
	for _, r := range options.Contract.Catalogue.All {
		if r.Unobservable == "" {
			checks = append(checks, Check{Requirement: r.ID, Judge: func() error { return verdict(r.ID) }})
		}
	}
	r := newRunner(s, Plan{Checks: checks})
	show := newShow(s)
	findings := make([]Finding, 0, len(options.Contract.Catalogue.All))
	for _, requirement := range options.Contract.Catalogue.All {
		findings = append(findings, r.finding(requirement, show))
	}
	return findings
}
