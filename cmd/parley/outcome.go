package main

import (
	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
)

// outcomeFlags say how a run is judged, and how its outcome is told.
type outcomeFlags struct {
	reports        *reports
	known          string
	strict         bool
	quiet, verbose bool
}

func (f *outcomeFlags) declare(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.strict, "strict", false, "a SHOULD that is not met fails, too")
	flags.StringVar(&f.known, "known-failures", "", "YAML `file` that lists requirements which are known to fail, with reason and expires")
	f.reports = reportFlag(cmd)
	flags.BoolVar(&f.quiet, "quiet", false, "print nothing but the verdict")
	flags.BoolVar(&f.verbose, "verbose", false, "print a line for each step")
	cmd.MarkFlagsMutuallyExclusive("quiet", "verbose")
}

// settle takes over what the flags say; c may be nil.
func (f *outcomeFlags) settle(options *conformance.Options, c *choice) (err error) {
	options.Strict = f.strict
	if f.known != "" {
		if options.Known, err = conformance.ReadKnown(f.known, options.Contract.Catalogue); err != nil {
			return err
		}
	}
	if c != nil {
		options.Selected, err = c.settle(options.Contract)
	}
	return err
}

func (f *outcomeFlags) pace() pace { return paceOf(f.quiet, f.verbose) }

func (f *outcomeFlags) tell(cmd *cobra.Command, result conformance.Report) error {
	return f.reports.tell(cmd, result, f.quiet)
}
