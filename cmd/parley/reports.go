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
type reports struct {
	formats []string
	all     []reportTo
}

type reportTo struct{ format, file string }

// reportFlag gives a command the flag --report.
func reportFlag(cmd *cobra.Command, formats []string) *reports {
	r := &reports{formats: formats}
	cmd.Flags().Var(r, "report", "write the report as `FORMAT=FILE`, repeatable; formats: "+list(formats))
	return r
}

// check tries whether every report can be written, so that a run that takes minutes does not end without one.
func (r *reports) check() error {
	for _, to := range r.all {
		if err := report.Writable(to.file); err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	return nil
}

// write writes every report of a run, also when one of them fails.
func (r *reports) write(outcome conformance.Report) error {
	return r.each(func(file, format string) error { return report.WriteFile(file, format, outcome) })
}

// each has every report written, also when one of them fails.
func (r *reports) each(write func(file, format string) error) error {
	var failed []error
	for _, to := range r.all {
		failed = append(failed, write(to.file, to.format))
	}
	return errors.Join(failed...)
}

// Set adds one value; with its companions below it makes reports a repeatable flag (pflag.SliceValue).
func (r *reports) Set(value string) error {
	format, file, found := strings.Cut(value, "=")
	switch {
	case !slices.Contains(r.formats, format):
		return fmt.Errorf("unknown format %q; %s", format, suggest(format, r.formats, "", "formats: "+list(r.formats)))
	case !found || file == "":
		return fmt.Errorf("expected a file, as %s=FILE", format)
	case slices.ContainsFunc(r.all, func(to reportTo) bool { return to.file == file }):
		return fmt.Errorf("%s is already taken by another report", file)
	}
	r.all = append(r.all, reportTo{format, file})
	return nil
}

func (r *reports) Append(value string) error { return r.Set(value) }

func (r *reports) Replace(values []string) error {
	r.all = nil
	for _, value := range values {
		if err := r.Set(value); err != nil {
			return err
		}
	}
	return nil
}

func (r *reports) GetSlice() []string {
	values := make([]string, 0, len(r.all))
	for _, to := range r.all {
		values = append(values, to.format+"="+to.file)
	}
	return values
}

func (r *reports) String() string { return list(r.GetSlice()) }
func (r *reports) Type() string   { return "FORMAT=FILE" }
