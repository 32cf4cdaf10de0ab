// Package suite is a contract's conformance as a Ginkgo suite: how people and pipelines run it. There is one spec a
// requirement, in containers by section, with labels to choose by. The engine, package conformance, talks to the target
// once, before the specs, and each spec then takes its finding: so the probes stay few, however many specs there are.
//
// `parley verify` runs it by way of Run. With Ginkgo's own command it runs as any other suite does, against a target
// named in the environment (see suite_test.go):
//
//	PARLEY_TARGET=https://staging.example.com/v1 PARLEY_TOKEN=... ginkgo --label-filter 'MUST && find-messages' ./conformance/suite
package suite

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// grace is how long an interrupted run may take to clean up.
const grace = time.Minute

// Suite is one run's specs, and in the end its report.
type Suite struct {
	target  conformance.Target
	options conformance.Options
	// outcome is nil until the run is over. A run that is interrupted twice may still be under way when it is read.
	outcome atomic.Pointer[outcome]
}

type outcome struct {
	report   conformance.Report
	err      error                          // bad input: there is no report
	findings map[string]conformance.Finding // by requirement
}

// Declare adds the specs to Ginkgo's tree, for RunSpecs to run: once, in a TestX. They judge what options select; the
// rest is skipped.
func Declare(target conformance.Target, options conformance.Options) *Suite {
	return declare(context.Background(), target, options)
}

func declare(ctx context.Context, target conformance.Target, options conformance.Options) *Suite {
	s := &Suite{target: target, options: options}
	// Where Ginkgo runs several processes, the first one talks to the target for all of them.
	ginkgo.SynchronizedBeforeSuite(func(node ginkgo.SpecContext) []byte {
		return s.run(ctx, node)
	}, s.take, ginkgo.GracePeriod(grace))
	ginkgo.Describe(options.Contract.Name, ginkgo.Label(labelOf(options.Contract.Name)), func() {
		sections, order := bySection(options.Contract.Catalogue)
		for _, section := range order {
			ginkgo.Context(section, ginkgo.Label(labelOf(section)), func() {
				for _, r := range sections[section] {
					s.spec(r)
				}
			})
		}
	})
	return s
}

// Report is what the run came to; the error is for bad input, and for a run that was broken off before it could report.
func (s *Suite) Report() (conformance.Report, error) {
	o := s.outcome.Load()
	if o == nil {
		return conformance.Report{}, errors.New("the run was broken off, before it had cleaned up")
	}
	return o.report, o.err
}

// run is the whole run. A run that judged nothing fails here, with one reason, and not once more in every spec.
func (s *Suite) run(ctx context.Context, node context.Context) []byte {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(node, cancel)()
	report, err := conformance.Run(ctx, s.target, s.options)
	s.settle(report, err)
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	if report.Counts[conformance.Pass]+report.Counts[conformance.Fail]+report.Counts[conformance.Warn] == 0 {
		ginkgo.Fail(report.Reason)
	}
	encoded, err := json.Marshal(report)
	if err != nil {
		ginkgo.Fail("encode the report: " + err.Error())
	}
	return encoded
}

// take is for the processes that have not run it themselves.
func (s *Suite) take(encoded []byte) {
	if s.outcome.Load() != nil {
		return
	}
	var report conformance.Report
	if err := json.Unmarshal(encoded, &report); err != nil {
		ginkgo.Fail("decode the report: " + err.Error())
	}
	s.settle(report, nil)
}

func (s *Suite) settle(report conformance.Report, err error) {
	o := &outcome{report: report, err: err, findings: map[string]conformance.Finding{}}
	for _, f := range report.Findings {
		o.findings[f.Requirement] = f
	}
	s.outcome.Store(o)
}

// spec declares one requirement. It stands in the document, and not in a line of this file.
func (s *Suite) spec(r requirements.Requirement) {
	where := types.NewCustomCodeLocation(source(r))
	ginkgo.It(r.ID+": "+r.Text, where, ginkgo.Label(labelsOf(r)...), func() {
		o := s.outcome.Load()
		f := o.findings[r.ID]
		ginkgo.AddReportEntry("finding", where, ginkgo.ReportEntryVisibilityNever, f)
		result, text := judge(&o.report, f)
		switch result {
		case failed:
			ginkgo.Fail(text)
		case skipped:
			ginkgo.Skip(text)
		case warned:
			ginkgo.AddReportEntry(text, where)
		}
	})
}

func source(r requirements.Requirement) string {
	if r.Reading == "" {
		return r.Section
	}
	return r.Section + " (" + r.Reading + ")"
}

// bySection groups requirements by the headings of their document, in the order of their first appearance.
func bySection(catalogue *requirements.Catalogue) (sections map[string][]requirements.Requirement, order []string) {
	sections = map[string][]requirements.Requirement{}
	for _, r := range catalogue.All {
		if sections[r.Section] == nil {
			order = append(order, r.Section)
		}
		sections[r.Section] = append(sections[r.Section], r)
	}
	return sections, order
}
