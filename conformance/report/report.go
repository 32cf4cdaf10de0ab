// Package report writes the outcome of a run for its readers: a person at a terminal, a colleague (html, markdown), a
// pipeline (junit) and a program (json, whose schema is public). The writers judge nothing: they show findings as they
// are, which the engine has redacted.
package report

import (
	"fmt"
	"io"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/output"
)

// Formats lists the formats of files, by the names that --report takes.
func Formats() []string { return []string{"json", "junit", "markdown", "html"} }

// Write writes r in one of Formats.
func Write(w io.Writer, format string, r conformance.Report) error {
	r = complete(r)
	switch format {
	case "json":
		return writeJSON(w, r)
	case "junit":
		return writeJUnit(w, r)
	case "markdown":
		return writeMarkdown(w, r)
	case "html":
		return writeHTML(w, r)
	}
	return fmt.Errorf("unknown report format %q: expected one of %v", format, Formats())
}

// WriteFile writes r to a file, whole or not at all.
func WriteFile(file, format string, r conformance.Report) error {
	if err := output.Replace(file, func(w io.Writer) error { return Write(w, format, r) }); err != nil {
		return fmt.Errorf("%s report: %w", format, err)
	}
	return nil
}
