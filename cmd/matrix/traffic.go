package main

import (
	"bytes"
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/har"
	"github.com/parley-contracts/parley/fixtures/recording"
	"github.com/parley-contracts/parley/mock/defects"
)

// recorded is the traffic of a small client with a server that has a defect, as a tool writes it down. requirement says what
// the client does: what has to do with that, or everything for "".
func recorded(serve serve, d defects.Defect, requirement string, tool recording.Tool) (file []byte, base string, err error) {
	target, stop, err := serve(d)
	if err != nil {
		return nil, "", err
	}
	defer stop()
	transport, err := target.Transport(longPatience)
	if err != nil {
		return nil, "", err
	}
	defer transport.CloseIdleConnections()
	recorder := &recording.Recorder{Next: transport}
	c := &client{target: target, http: &http.Client{
		Transport: recorder, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	c.run(requirement)
	return recorder.HAR(tool), target.URL, nil
}

// judged is what a recording comes to.
func judged(ctx context.Context, contract conformance.Contract, file []byte, base string) (conformance.Report, error) {
	records := har.NewReader("traffic.har", bytes.NewReader(file))
	return conformance.RunTraffic(ctx, records, conformance.Target{URL: base}, conformance.Options{Contract: contract})
}

// overhear has a recording of a client with a defect judged.
func (a *arena) overhear(ctx context.Context, d defects.Defect) result {
	r := result{Defect: d, said: map[string]string{}}
	file, base, err := recorded(a.serve, d, d.Requirement, recording.Tools()[0])
	if err != nil {
		r.err = err
		return r
	}
	report, err := judged(ctx, a.suite, file, base)
	if err != nil {
		r.err = err
		return r
	}
	r.read(report, a)
	r.requests = report.Requests.Exchanges
	return r
}

// overhearAll has several recorded at a time; results are in the order of the defects.
func (a *arena) overhearAll(ctx context.Context, all []defects.Defect, at int, done func()) []result {
	results := make([]result, len(all))
	var group errgroup.Group
	group.SetLimit(at)
	for i, d := range all {
		group.Go(func() error {
			results[i] = a.overhear(ctx, d)
			done()
			return nil
		})
	}
	_ = group.Wait()
	return results
}
