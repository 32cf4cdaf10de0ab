package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/report"
)

// reports is where a run's report goes: the values of --report FORMAT=FILE, which can be repeated.
type reports []reportTo

type reportTo struct{ format, file string }

// reportFlag gives a command the flag --report.
func reportFlag(cmd *cobra.Command) *reports {
	var r reports
	cmd.Flags().Var(&r, "report", "write the report as `FORMAT=FILE`, repeatable; formats: "+list(report.Formats()))
	return &r
}

// check tries whether every report can be written, so that a run that takes minutes does not end without one.
func (r *reports) check() error {
	for _, to := range *r {
		if err := report.Writable(to.file); err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	return nil
}

// write writes every report, also when one of them fails.
func (r *reports) write(outcome conformance.Report) error {
	var failed []error
	for _, to := range *r {
		failed = append(failed, report.WriteFile(to.file, to.format, outcome))
	}
	return errors.Join(failed...)
}

// tell shows the outcome of a run and writes its reports. The error is the exit status.
func (r *reports) tell(cmd *cobra.Command, outcome conformance.Report, quiet bool) error {
	out := cmd.OutOrStdout()
	show := report.Terminal
	if quiet {
		show = report.Verdict
	}
	status := exitStatus(outcome.Verdict.ExitStatus())
	if err := errors.Join(show(out, outcome, colourful(out)), r.write(outcome)); err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "parley:", oneLine(err))
		if status == conforms { // nobody has a report that says so
			return notJudged
		}
	}
	return status
}

// Set adds one value; with its companions below it makes reports a repeatable flag (pflag.SliceValue).
func (r *reports) Set(value string) error {
	format, file, found := strings.Cut(value, "=")
	formats := report.Formats()
	switch {
	case !slices.Contains(formats, format):
		return fmt.Errorf("unknown format %q; %s", format, suggest(format, formats, "", "formats: "+list(formats)))
	case !found || file == "":
		return fmt.Errorf("expected a file, as %s=FILE", format)
	case slices.ContainsFunc(*r, func(to reportTo) bool { return to.file == file }):
		return fmt.Errorf("%s is already taken by another report", file)
	}
	*r = append(*r, reportTo{format, file})
	return nil
}

func (r *reports) Append(value string) error { return r.Set(value) }

func (r *reports) Replace(values []string) error {
	*r = nil
	for _, value := range values {
		if err := r.Set(value); err != nil {
			return err
		}
	}
	return nil
}

func (r *reports) GetSlice() []string {
	values := make([]string, 0, len(*r))
	for _, to := range *r {
		values = append(values, to.format+"="+to.file)
	}
	return values
}

func (r *reports) String() string { return list(r.GetSlice()) }
func (r *reports) Type() string   { return "FORMAT=FILE" }
