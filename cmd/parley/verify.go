package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/capture"
	"github.com/parley-contracts/parley/conformance/har"
	"github.com/parley-contracts/parley/conformance/suite"
)

// newVerify holds one command a contract.
func newVerify() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Judge an implementation against a contract",
		Long: `Judge an implementation, anywhere, against a published document: every rule of it
that can be seen from outside, over HTTP.

Exit status: 0 conforms, 1 does not conform, 2 could not judge.`,
		Example: `  parley verify assistloop --target http://127.0.0.1:8080/v1 --token-file token.txt
  parley verify conversations --driver http://127.0.0.1:8080/_parley/driver
  parley verify conversations --payloads webhooks.jsonl
  parley verify assistloop --har traffic.har`,
	}
	for _, c := range contracts() {
		cmd.AddCommand(newVerifyContract(c))
	}
	return cmd
}

func newVerifyContract(c contract) *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   c.name,
		Short: "Judge an implementation of " + c.title,
		Long: `Judge an implementation of ` + c.title + `.

` + c.ways() + `A requirement is passed, failed, warned of (a SHOULD that is not met), unsupported
(nothing to judge it by: no driver, no data), skipped (you said so) or in error (the
suite could not judge). Any MUST that fails makes exit status 1; a MUST in error, or
nothing judged, makes 2. Reports are written in every case.

Away from this machine it writes to no conversation but those that the driver makes or
--conversation names. What it makes, it takes away again, also when it is interrupted.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return verify(cmd, c, &f) },
	}
	cmd.Example = c.examples()
	f.declare(cmd, c)
	return cmd
}

// ways says what there is to judge by.
func (c contract) ways() string {
	if c.driven {
		return `The document has events and no operations: a driver subscribes and makes them happen, and
what arrives is judged. Or the bodies that were recorded are, with --payloads, or the requests
in a recording of traffic, with --har.

`
	}
	return `With --payloads, the recorded bodies of its webhooks are judged alone. With --har, recorded
traffic is: the exchanges of the API, below --target or, without one, wherever its paths are
found, and webhooks beside them.

`
}

func (c contract) examples() string {
	if c.driven {
		return `  parley verify ` + c.name + ` --driver https://staging.example.com/driver --report html=report.html
  parley verify ` + c.name + ` --driver http://127.0.0.1:9000 --section 'Message updated'
  parley verify ` + c.name + ` --payloads webhooks.jsonl --report junit=junit.xml
  kubectl logs deploy/hooks | parley verify ` + c.name + ` --payloads -`
	}
	return `  export PARLEY_TOKEN=...
  parley verify ` + c.name + ` --target https://staging.example.com/v1
  parley verify ` + c.name + ` --target https://staging.example.com/v1 --driver https://staging.example.com/driver \
      --report html=report.html --report junit=junit.xml
  parley verify ` + c.name + ` --target https://api.example.com/v1 --read-only --pace
  parley verify ` + c.name + ` --target http://127.0.0.1:8080/v1 --requirement reply-to-conversation
  parley verify ` + c.name + ` --target http://127.0.0.1:8080/v1 --label-filter 'MUST && !subscribe'
  parley verify ` + c.name + ` --payloads webhooks.jsonl
  parley verify ` + c.name + ` --har traffic.har --target https://api.example.com/v1`
}

// verify runs the suite and tells what came of it. Whatever ends the run, its reports are written, so that a pipeline
// never takes yesterday's for today's.
func verify(cmd *cobra.Command, c contract, f *verifyFlags) error {
	if err := f.reports.check(); err != nil {
		return err
	}
	loaded, err := c.load()
	if err != nil {
		return err
	}
	f.options.Contract = loaded
	result, err := judge(cmd, f)
	if err != nil {
		return errors.Join(err, f.reports.write(writeReport(conformance.Unjudged(f.target, f.options, err))))
	}
	return finish(cmd, result, f.reports, &f.known, f.quiet)
}

// judge reads the flags and runs the suite. The error is for bad input.
func judge(cmd *cobra.Command, f *verifyFlags) (conformance.Report, error) {
	if err := f.settle(); err != nil {
		return conformance.Report{}, err
	}
	p := newProgress(cmd.ErrOrStderr(), f.pace())
	defer p.end()
	f.options.Progress = p.show
	switch {
	case f.payloads != "":
		return judgePayloads(cmd, f)
	case f.har != "":
		return judgeHAR(cmd, f)
	}
	return suite.Run(cmd.Context(), f.target, f.options)
}

// judgePayloads judges what was recorded. It needs no Ginkgo: there is nobody to talk to.
func judgePayloads(cmd *cobra.Command, f *verifyFlags) (conformance.Report, error) {
	records, err := capture.Open(f.payloads, cmd.InOrStdin())
	if err != nil {
		return conformance.Report{}, fmt.Errorf("--payloads: %w", err)
	}
	return conformance.RunPayloads(cmd.Context(), records, f.options)
}

// judgeHAR judges what a browser, a proxy or a test tool recorded.
func judgeHAR(cmd *cobra.Command, f *verifyFlags) (conformance.Report, error) {
	records, err := har.Open(f.har, cmd.InOrStdin())
	if err != nil {
		return conformance.Report{}, fmt.Errorf("--har: %w", err)
	}
	defer records.Close()
	return conformance.RunTraffic(cmd.Context(), records, f.target, f.options)
}
