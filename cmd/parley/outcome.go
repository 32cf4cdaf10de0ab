package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/report"
)

// outcomeFlags say how a run is judged, and how its outcome is told.
type outcomeFlags struct {
	reports        *reports
	known          knownFlags
	strict         bool
	quiet, verbose bool
}

func (f *outcomeFlags) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.strict, "strict", false, "a SHOULD that is not met fails, too")
	f.known.declare(cmd)
	f.reports = reportFlag(cmd, report.Formats())
	flags.BoolVar(&f.quiet, "quiet", false, "print nothing but the verdict")
}

// declareVerbose is for commands that have more to tell.
func (f *outcomeFlags) declareVerbose(cmd *cobra.Command, usage string) {
	cmd.Flags().BoolVar(&f.verbose, "verbose", false, usage)
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose")
}

// settle takes over what the flags say; c may be nil.
func (f *outcomeFlags) settle(options *conformance.Options, c *choice) (err error) {
	options.Strict = f.strict
	if options.Known, err = f.known.settle(options.Contract.Catalogue); err != nil || c == nil {
		return err
	}
	options.Selected, err = c.settle(options.Contract)
	return err
}

func (f *outcomeFlags) pace() pace { return paceOf(f.quiet, f.verbose) }

func (f *outcomeFlags) tell(cmd *cobra.Command, result conformance.Report) error {
	return finish(cmd, result, f.reports, &f.known, f.quiet)
}

// finish shows what came of a run, writes its reports and what is known to fail. The error is the exit status.
func finish(cmd *cobra.Command, result conformance.Report, reports *reports, known *knownFlags, quiet bool) error {
	outdated := known.update(cmd, &result)
	out := cmd.OutOrStdout()
	show := report.Terminal
	if quiet {
		show = report.Verdict
	}
	status := exitStatus(result.Verdict.ExitStatus())
	if err := errors.Join(outdated, show(out, result, colourful(out)), reports.write(writeReport(result))); err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "parley:", oneLine(err))
		if status == conforms { // nobody has a report that says so
			return notJudged
		}
	}
	return status
}

func writeReport(r conformance.Report) func(file, format string) error {
	return func(file, format string) error { return report.WriteFile(file, format, r) }
}
