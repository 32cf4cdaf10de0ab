package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/document"
	"github.com/parley-contracts/parley/conformance/output"
)

// Proof is what the proof-reader says of a document, with all that it takes to show it.
type Proof struct {
	Report   document.Report
	Document *document.Document // to quote from; nil quotes nothing
	Rules    []document.Rule    // all of them, also those that found nothing
}

// ProofFormats lists the formats of files, by the names that --report takes.
func ProofFormats() []string { return []string{"sarif", "json", "markdown", "junit"} }

// Write writes p in one of ProofFormats.
func (p Proof) Write(w io.Writer, format string) error {
	p.Report.Findings = slices.Clone(p.Report.Findings)
	slices.SortStableFunc(p.Report.Findings, func(a, b document.Finding) int { return a.Line - b.Line })
	switch format {
	case "sarif":
		return p.writeSARIF(w)
	case "json":
		return p.writeJSON(w)
	case "markdown":
		return p.writeMarkdown(w)
	case "junit":
		return p.writeJUnit(w)
	}
	return fmt.Errorf("unknown report format %q: expected one of %v", format, ProofFormats())
}

// WriteFile writes p to a file, whole or not at all, as the function WriteFile does with a run's report.
func (p Proof) WriteFile(file, format string) error {
	if err := output.Replace(file, func(w io.Writer) error { return p.Write(w, format) }); err != nil {
		return fmt.Errorf("%s report: %w", format, err)
	}
	return nil
}

// kinds lists the kinds of findings, those that decide first.
func kinds() []document.Kind {
	return []document.Kind{document.Drift, document.Contradiction, document.Known, document.Gap, document.Note}
}

// of returns the findings of one kind, in the order of lines.
func (p Proof) of(kind document.Kind) []document.Finding {
	var found []document.Finding
	for _, f := range p.Report.Findings {
		if f.Kind == kind {
			found = append(found, f)
		}
	}
	return found
}

func (p Proof) verdict() conformance.Verdict {
	switch p.Report.ExitStatus() {
	case 0:
		return conformance.Conforms
	case 1:
		return conformance.DoesNotConform
	}
	return conformance.NotJudged
}

// conclusion words the verdict, with its reason.
func (p Proof) conclusion() string {
	errors := number(p.Report.Errors(), "error", "errors")
	switch p.verdict() {
	case conformance.Conforms:
		return "the document agrees with the contract"
	case conformance.DoesNotConform:
		return "the document does not agree with the contract: " + errors
	}
	return "could not judge: nothing in the document is of this contract"
}

// counts words how many findings of each kind there are.
func (p Proof) counts() []string {
	var words []string
	for _, kind := range kinds() {
		words = append(words, kindCount(kind, len(p.of(kind))))
	}
	return words
}

func kindCount(kind document.Kind, n int) string {
	if n == 1 || kind == document.Drift || kind == document.Known {
		return fmt.Sprintf("%d %s", n, kind)
	}
	return fmt.Sprintf("%d %ss", n, kind)
}

func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// quote is the line that a finding is about, "" for none.
func (p Proof) quote(line int) string {
	if p.Document == nil {
		return ""
	}
	return visible(strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(p.Document.Quote(line)))
}

// place is where a finding is, as editors and terminals take it.
func (p Proof) place(f document.Finding) string {
	place := p.Report.Document
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
		if f.Column > 0 {
			place += fmt.Sprintf(":%d", f.Column)
		}
	}
	return visible(place)
}

// message is a finding's message with what a reader needs beside it: the other line, the reading that settles it.
func proofMessage(f document.Finding) string {
	text := f.Message
	if f.Other > 0 && !strings.Contains(text, fmt.Sprintf("line %d", f.Other)) {
		text += fmt.Sprintf(" (line %d)", f.Other)
	}
	if f.Reading != "" && !strings.Contains(text, f.Reading) {
		text += ", settled by " + f.Reading
	}
	return visible(text)
}

// writeJSON writes what programs read: the report as its types have it, with the verdict, counts, and the lines.
func (p Proof) writeJSON(w io.Writer) error {
	type finding struct {
		document.Finding
		Quote string `json:"quote,omitempty"`
	}
	out := struct {
		Schema   int                   `json:"schema"`
		Contract string                `json:"contract"`
		Document string                `json:"document"`
		Verdict  conformance.Verdict   `json:"verdict"`
		Counts   map[document.Kind]int `json:"counts"`
		Matched  int                   `json:"matched"`
		Findings []finding             `json:"findings"`
	}{1, p.Report.Contract, p.Report.Document, p.verdict(), map[document.Kind]int{}, p.Report.Matched, []finding{}}
	for _, kind := range kinds() {
		out.Counts[kind] = len(p.of(kind))
	}
	for _, f := range p.Report.Findings {
		out.Findings = append(out.Findings, finding{f, p.quote(f.Line)})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false) // for people: & in a URL stays &
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
