package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance/output"
)

// reports is where reports go: the values of --report FORMAT=FILE, which can be repeated.
type reports struct {
	formats []string
	to      []reportTo
}

type reportTo struct{ format, file string }

// reportFlag gives a command the flag --report, which takes these formats.
func reportFlag(cmd *cobra.Command, formats []string) *reports {
	r := &reports{formats: formats}
	cmd.Flags().Var(r, "report", "write the report as `FORMAT=FILE`, repeatable; formats: "+list(formats))
	return r
}

// check tries whether every report can be written, so that a run that takes minutes does not end without one.
func (r *reports) check() error {
	for _, to := range r.to {
		if err := output.Writable(to.file); err != nil {
			return fmt.Errorf("--report: %w", err)
		}
	}
	return nil
}

// write writes every report, also when one of them fails.
func (r *reports) write(writeFile func(file, format string) error) error {
	var failed []error
	for _, to := range r.to {
		failed = append(failed, writeFile(to.file, to.format))
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
	case slices.ContainsFunc(r.to, func(to reportTo) bool { return to.file == file }):
		return fmt.Errorf("%s is already taken by another report", file)
	}
	r.to = append(r.to, reportTo{format, file})
	return nil
}

func (r *reports) Append(value string) error { return r.Set(value) }

func (r *reports) Replace(values []string) error {
	r.to = nil
	for _, value := range values {
		if err := r.Set(value); err != nil {
			return err
		}
	}
	return nil
}

func (r *reports) GetSlice() []string {
	values := make([]string, 0, len(r.to))
	for _, to := range r.to {
		values = append(values, to.format+"="+to.file)
	}
	return values
}

func (r *reports) String() string { return list(r.GetSlice()) }
func (r *reports) Type() string   { return "FORMAT=FILE" }
