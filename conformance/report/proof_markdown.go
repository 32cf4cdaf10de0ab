package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/parley-contracts/parley/conformance/document"
)

// writeMarkdown writes a comment for a pull request: verdict and counts, each error with its line, the rest in tables
// that fold.
func (p Proof) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n", escapeMarkdown(p.Report.Contract), escapeMarkdown(p.conclusion()))
	fmt.Fprintf(&b, "%s: %s; %s matched.\n\n", code(p.Report.Document), strings.Join(p.counts(), ", "), number(p.Report.Matched, "claim", "claims"))
	p.markdownErrors(&b, "Drift", "Document and contract part ways.", document.Drift)
	p.markdownErrors(&b, "Contradictions", "The document contradicts itself.", document.Contradiction)
	p.markdownTable(&b, "Known", document.Known)
	p.markdownTable(&b, "Gaps", document.Gap)
	p.markdownTable(&b, "Notes", document.Note)
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func (p Proof) markdownErrors(b *strings.Builder, title, meaning string, kind document.Kind) {
	found := p.of(kind)
	if len(found) == 0 {
		return
	}
	fmt.Fprintf(b, "## %s\n\n%s\n\n", title, meaning)
	for _, f := range found {
		fmt.Fprintf(b, "### %s %s\n\n", lineOf(f), code(subjectAnd(f)))
		fmt.Fprintf(b, "%s\n\n", escapeMarkdown(proofMessage(f)))
		if quote, _ := excerpt(p.quote(f.Line), f.Column, f.Width); strings.TrimSpace(quote) != "" {
			fmt.Fprintf(b, "%s\n\n", fenced("text", strings.TrimSpace(quote)))
		}
	}
}

func (p Proof) markdownTable(b *strings.Builder, title string, kind document.Kind) {
	found := p.of(kind)
	if len(found) == 0 {
		return
	}
	fmt.Fprintf(b, "<details>\n<summary>%s: %d</summary>\n\n| | | |\n| --- | --- | --- |\n", title, len(found))
	for _, f := range found {
		fmt.Fprintf(b, "| %s | %s | %s |\n", lineOf(f), cell(code(subjectAnd(f))), escapeMarkdown(proofMessage(f)))
	}
	b.WriteString("\n</details>\n\n")
}

func lineOf(f document.Finding) string {
	if f.Line == 0 {
		return "whole document"
	}
	return fmt.Sprintf("line %d", f.Line)
}
