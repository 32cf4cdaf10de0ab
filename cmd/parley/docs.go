package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/document"
	"github.com/parley-contracts/parley/conformance/document/live"
	"github.com/parley-contracts/parley/conformance/report"
)

// docsFlags are what `parley docs` was told.
type docsFlags struct {
	show     string
	coverage bool
	reports  *reports
	live     verifyFlags // the target that the document's own commands are run against, if any
}

func newDocs() *cobra.Command {
	var f docsFlags
	cmd := &cobra.Command{
		Use:   "docs CONTRACT FILE|URL|-",
		Short: "Proof-read a published document against its contract, and against itself",
		Long: `Read a document as its publisher has it (text, Markdown or HTML), and say where it and
the contract part ways (drift), where it contradicts itself, and what it leaves out
(gaps). Contradictions that a reading settles are shown as known, and are no errors.

With --target, the document's own commands are run as well, with real ids in place of
those that it shows, and what comes back is held to the examples beside them. Away from
this machine nothing is written but to a conversation that the driver makes or
--conversation names.

Exit status: 0 without errors, 1 with drift or contradictions, 2 when the document
cannot be read, or nothing in it is of the contract. Reports are written in every case.`,
		Example: `  parley docs assistloop docs/make-integration.md
  parley docs conversations https://docs.example.com/conversations.html --report sarif=docs.sarif
  pandoc guide.rst -t gfm | parley docs assistloop -
  parley docs assistloop docs/make-integration.md --coverage
  parley docs assistloop docs/make-integration.md --show model
  parley docs assistloop docs/make-integration.md --target http://127.0.0.1:8080/v1 --token-file token.txt`,
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
	f.live.declareAddress(cmd)
	f.live.declareDriver(cmd)
	flags.StringArrayVar(&f.live.options.Conversation, "conversation", nil, "`id` of a conversation that may be replied to and closed; can be repeated")
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

const gcPercent = 400

// proofread judges one document. Whatever comes of it, its reports are written, so that a pipeline never takes yesterday's
// for today's.
func proofread(cmd *cobra.Command, c contract, name string, f *docsFlags) error {
	if f.show != "" && f.show != "model" {
		return fmt.Errorf("--show: unknown %q; %s", f.show, suggest(f.show, []string{"model"}, "", "there is model"))
	}
	if err := f.reports.check(); err != nil {
		return err
	}
	for _, step := range []func() error{f.live.readToken, f.live.readHeaders, f.live.readCACert, f.checkTarget} {
		if err := step(); err != nil {
			return err
		}
	}
	// One document is read, judged and gone: collecting what it leaves behind would take a quarter of the time.
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
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
	if f.live.target.URL == "" {
		return f.tell(cmd, proof, loaded)
	}
	found, err := f.run(cmd, c, read, loaded)
	proof.Report.Findings = append(proof.Report.Findings, found...)
	if err != nil {
		return errors.Join(err, f.reports.write(func(file, format string) error { return proof.WriteFile(file, format) }))
	}
	return f.tell(cmd, proof, loaded)
}

func (f *docsFlags) checkTarget() error {
	u, err := url.Parse(f.live.target.URL)
	if f.live.target.URL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("--target: expected an http or https base URL as https://api.example.com/v1, came %s", f.live.target.URL)
	}
	if f.live.target.URL == "" && (f.live.target.Driver != "" || len(f.live.options.Conversation) > 0) {
		return errors.New("--driver and --conversation are for --target, which is missing")
	}
	return nil
}

// run runs the document's own commands against the target.
func (f *docsFlags) run(cmd *cobra.Command, c contract, read *document.Document, loaded document.Contract) ([]document.Finding, error) {
	judged, err := c.load()
	if err != nil {
		return nil, err
	}
	options := f.live.options
	options.Contract, options.Timeout = judged, 15*time.Second
	options.Receiver.Listen = "127.0.0.1:0"
	options.Progress = func(conformance.Progress) {}
	return live.Run(cmd.Context(), read, loaded, f.live.target, options)
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
