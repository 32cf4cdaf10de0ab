package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	report.Findings = foundIn(judge, options)
	settleKnown(report.Findings, options.Known)
	report.Verdict, report.Reason = verdictOf(report.Findings, options.Strict)
	settleExpired(&report)
	if err != nil {
		report.Verdict, report.Reason = NotJudged, err.Error()
	}
	report.Counts = count(report.Findings)
	report.Notes = records.Notes()
	report.Requests.Payloads = n
	report.Seconds = time.Since(began).Round(time.Millisecond).Seconds()
	return report, nil
}

// progressEvery is after how many payloads somebody looks at the clock.
const progressEvery = 1 << 10

// takeAll hands every record to the judge, and panics no more than a run does.
func takeAll(ctx context.Context, records *capture.Reader, judge PayloadJudge, progress func(Progress)) (n int, err error) {
	last := time.Now()
	d := &Delivery{} // one for all: what outlives the next is copied
	for {
		record, err := records.Next()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		n++
		*d = Delivery{File: record.File, Line: record.Line, Body: record.Body}
		if err := guarded(func() error { take(judge, d, record.Problem); return nil }); err != nil {
			return n, fmt.Errorf("%s: %w", d.Place(), err)
		}
		if n%progressEvery != 0 {
			continue
		}
		if ctx.Err() != nil {
			return n, errInterrupted
		}
		if now := time.Now(); now.Sub(last) >= 200*time.Millisecond {
			last = now
			progress(Progress{Probe: soFar(records, n)})
		}
	}
}

func take(judge PayloadJudge, d *Delivery, problem string) {
	if problem != "" {
		judge.Malformed(d, problem)
		return
	}
	judge.Take(d)
}

func soFar(records *capture.Reader, n int) string {
	file, part := records.Progress()
	if part < 0 {
		return fmt.Sprintf("%d payloads, %s", n, file)
	}
	return fmt.Sprintf("%d payloads, %.0f %%, %s", n, 100*part, file)
}

// foundIn makes a finding of every requirement.
func foundIn(judge PayloadJudge, options Options) []Finding {
	var checks []Check
	for _, r := range options.Contract.Catalogue.All {
		if r.Unobservable == "" {
			checks = append(checks, Check{Requirement: r.ID, Judge: func() error { return judge.Verdict(r.ID) }})
		}
	}
	s := &Session{Options: options, Log: &Log{}}
	r := newRunner(s, Plan{Checks: checks})
	show := newShow(s)
	findings := make([]Finding, 0, len(options.Contract.Catalogue.All))
	for _, requirement := range options.Contract.Catalogue.All {
		findings = append(findings, r.finding(requirement, show))
	}
	return findings
}
