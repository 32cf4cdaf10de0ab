package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance/document"
	"github.com/parley-contracts/parley/conformance/report"
)

// docsFlags are what `parley docs` was told.
type docsFlags struct {
	show     string
	coverage bool
	caCert   string
	reports  *reports
}

func newDocs() *cobra.Command {
	var f docsFlags
	cmd := &cobra.Command{
		Use:   "docs CONTRACT FILE|URL|-",
		Short: "Proof-read a published document against its contract, and against itself",
		Long: `Read a document as its publisher has it (text, Markdown or HTML), and say where it and
the contract part ways (drift), where it contradicts itself, and what it leaves out
(gaps). Contradictions that a reading settles are shown as known, and are no errors.

Exit status: 0 without errors, 1 with drift or contradictions, 2 when the document
cannot be read, or nothing in it is of the contract. Reports are written in every case.`,
		Example: `  parley docs assistloop docs/make-integration.md
  parley docs conversations https://docs.example.com/conversations.html --report sarif=docs.sarif
  pandoc guide.rst -t gfm | parley docs assistloop -
  parley docs assistloop docs/make-integration.md --coverage
  parley docs assistloop docs/make-integration.md --show model`,
		Args:      exactly("a contract and a document", 2),
		ValidArgs: contractNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := contractsNamed(args[:1])
			if err != nil {
				return err
			}
			return proofread(cmd, chosen[0], args[1], &f)
		},
	}
	f.declare(cmd)
	return cmd
}

func (f *docsFlags) declare(cmd *cobra.Command) {
	f.reports = reportFlag(cmd, report.ProofFormats())
	flags := cmd.Flags()
	flags.StringVar(&f.show, "show", "", "print `model`: what was read of the document, line by line, instead of judging it")
	flags.BoolVar(&f.coverage, "coverage", false, "also list what no requirement holds; it never sets the exit status")
	flags.StringVar(&f.caCert, "ca-cert", "", "PEM `file` of authorities to trust, beside the system's")
}

// exactly wants so many arguments, and says what they are.
func exactly(what string, n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return fmt.Errorf("%s: expected %s, came %d arguments", cmd.CommandPath(), what, len(args))
		}
		return nil
	}
}

// proofread judges one document. Whatever comes of it, its reports are written, so that a pipeline never takes yesterday's
// for today's.
func proofread(cmd *cobra.Command, c contract, name string, f *docsFlags) error {
	if f.show != "" && f.show != "model" {
		return fmt.Errorf("--show: unknown %q; %s", f.show, suggest(f.show, []string{"model"}, "", "there is model"))
	}
	if err := f.reports.check(); err != nil {
		return err
	}
	loaded, err := c.document()
	if err != nil {
		return err
	}
	read, err := f.read(cmd, name)
	if err != nil {
		empty := report.Proof{Report: document.Report{Schema: 1, Contract: loaded.Name, Document: name}, Rules: document.Rules()}
		return errors.Join(err, f.reports.write(func(file, format string) error { return empty.WriteFile(file, format) }))
	}
	if f.show == "model" {
		return read.Show(cmd.OutOrStdout())
	}
	proof := report.Proof{Report: document.Proofread(read, loaded), Document: read, Rules: document.Rules()}
	return f.tell(cmd, proof, loaded)
}

// tell prints the findings and writes the reports.
func (f *docsFlags) tell(cmd *cobra.Command, proof report.Proof, loaded document.Contract) error {
	out := cmd.OutOrStdout()
	failed := proof.Terminal(out, colourful(out))
	if f.coverage {
		failed = errors.Join(failed, printCoverage(out, document.Coverage(proof.Document, loaded)))
	}
	failed = errors.Join(failed, f.reports.write(func(file, format string) error { return proof.WriteFile(file, format) }))
	status := exitStatus(proof.Report.ExitStatus())
	if failed != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "parley:", oneLine(failed))
		if status == conforms { // nobody has a report that says so
			return notJudged
		}
	}
	if status == conforms {
		return nil
	}
	return status
}

// printCoverage lists what no requirement holds, and counts the rest.
func printCoverage(w io.Writer, covered []document.Covered) error {
	held, excused := 0, 0
	for _, c := range covered {
		switch {
		case len(c.Requirements) > 0:
			held++
		case c.Reason != "":
			excused++
		}
	}
	if _, err := fmt.Fprintf(w, "\ncoverage: %d of %d statements are held by requirements, %d are excepted\n", held, len(covered), excused); err != nil {
		return err
	}
	for _, c := range covered {
		if len(c.Requirements) > 0 {
			continue
		}
		reason := c.Reason
		if reason == "" {
			reason = "no requirement holds it"
		}
		if _, err := fmt.Fprintf(w, "  line %d: %s %s: %s\n", c.Line, c.Kind, c.Text, reason); err != nil {
			return err
		}
	}
	return nil
}
