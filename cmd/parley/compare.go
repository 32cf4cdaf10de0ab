package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/comparison"
	"github.com/parley-contracts/parley/conformance/report"
)

func newCompare() *cobra.Command {
	var strict, quiet bool
	var to *reports
	cmd := &cobra.Command{
		Use:   "compare OLD.json NEW.json",
		Short: "Tell what changed between two runs of parley verify",
		Long: `Tell what changed between two runs of parley verify, by their JSON reports: new
failures with all that it takes to act on them, what is fixed, what is no longer
judged, and what is now. One of the reports can be -, for standard input.

What NEW excuses as a known failure is no new failure.

Exit status: 0 no new failure, 1 at least one, 2 could not compare.`,
		Example: `  parley compare main.json branch.json
  parley compare main.json branch.json --report markdown=changes.md
  curl -s https://ci.example.com/main/report.json | parley compare - report.json`,
		Args: twoReports,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := to.check(); err != nil {
				return err
			}
			compared, err := compare(cmd, args[0], args[1], strict)
			if err != nil {
				return err
			}
			return tell(cmd, compared, to, quiet)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&strict, "strict", false, "a SHOULD that is newly not met is a new failure, too")
	to = reportFlag(cmd, report.ComparedFormats())
	flags.BoolVar(&quiet, "quiet", false, "print nothing")
	return cmd
}

func twoReports(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) != 2:
		return fmt.Errorf("%s needs two JSON reports, OLD and NEW, came %d", cmd.CommandPath(), len(args))
	case args[0] == "-" && args[1] == "-":
		return errors.New("only one of the reports can be standard input")
	}
	return nil
}

func compare(cmd *cobra.Command, oldFile, newFile string, strict bool) (report.Compared, error) {
	before, err := readReport(cmd, oldFile)
	if err != nil {
		return report.Compared{}, err
	}
	after, err := readReport(cmd, newFile)
	if err != nil {
		return report.Compared{}, err
	}
	c, err := comparison.Compare(before, after, strict)
	return report.Compared{Comparison: c}, err
}

func readReport(cmd *cobra.Command, name string) (conformance.Report, error) {
	from := cmd.InOrStdin()
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return conformance.Report{}, err
		}
		defer file.Close()
		from = file
	}
	r, err := report.Read(from)
	if err != nil {
		return conformance.Report{}, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func tell(cmd *cobra.Command, compared report.Compared, to *reports, quiet bool) error {
	out := cmd.OutOrStdout()
	if quiet {
		out = io.Discard
	}
	if err := errors.Join(compared.Terminal(out, colourful(out)), to.write(compared.WriteFile)); err != nil {
		return err
	}
	if compared.Worse() {
		return doesNotConform
	}
	return nil
}
