package report

import (
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"

	"github.com/parley-contracts/parley/conformance/document"
)

// Terminal writes p for the person who asked: each error with its line and a caret below what is wrong; the others on
// one line each; then counts and verdict.
func (p Proof) Terminal(w io.Writer, colour bool) error {
	t := &terminal{colour: colour}
	for _, kind := range kinds() {
		for _, f := range p.of(kind) {
			if kind.Error() {
				t.proofError(p, f)
			} else {
				t.printf("%s %s\n", t.paint(styleOfKind(kind), string(kind)), oneLine(p, f))
			}
		}
	}
	if t.text.Len() > 0 && !strings.HasSuffix(t.text.String(), "\n\n") {
		t.printf("\n")
	}
	counts := p.counts()
	for i, kind := range kinds() {
		if len(p.of(kind)) > 0 {
			counts[i] = t.paint(styleOfKind(kind), counts[i])
		}
	}
	style := map[int]string{0: green, 1: red, 2: yellow}[p.Report.ExitStatus()]
	t.printf("%s; %s matched\n", strings.Join(counts, ", "), number(p.Report.Matched, "claim", "claims"))
	t.printf("%s: %s\n", t.paint(bold, p.Report.Contract), t.paint(bold+style, p.conclusion()))
	_, err := io.WriteString(w, t.text.String())
	return err
}

func styleOfKind(kind document.Kind) string {
	switch kind {
	case document.Drift, document.Contradiction:
		return red
	case document.Known, document.Gap:
		return yellow
	}
	return faint
}

func oneLine(p Proof, f document.Finding) string {
	return strings.TrimSpace(p.place(f)+" "+subjectAnd(f)) + " " + oneLineOf(proofMessage(f))
}

// subjectAnd joins what tells findings apart: rule and subject.
func subjectAnd(f document.Finding) string {
	if f.Subject == "" {
		return visible(f.Rule)
	}
	return visible(f.Rule + " " + f.Subject)
}

func oneLineOf(s string) string { return strings.Join(strings.Fields(s), " ") }

func (t *terminal) proofError(p Proof, f document.Finding) {
	t.printf("%s %s %s\n", t.paint(bold, p.place(f)), t.paint(red, strings.ToUpper(string(f.Kind))), t.paint(bold, subjectAnd(f)))
	t.printf("  %s\n", oneLineOf(proofMessage(f)))
	t.quoted(p.quote(f.Line), f.Line, f.Column, f.Width)
	if f.Other > 0 && f.Other != f.Line {
		t.quoted(p.quote(f.Other), f.Other, 0, 0)
	}
	t.printf("\n")
}

// quoted shows a line behind its number, and a caret for each character from column (from 1) on.
func (t *terminal) quoted(text string, line, column, width int) {
	if strings.TrimSpace(text) == "" {
		return
	}
	text, marks := excerpt(text, column, width)
	t.printf("  %s %s\n", t.paint(faint, fmt.Sprintf("%5d |", line)), text)
	if marks != "" {
		t.printf("  %s %s\n", t.paint(faint, "      |"), marks[:len(marks)-caretsOf(marks)]+t.paint(red, marks[len(marks)-caretsOf(marks):]))
	}
}

func caretsOf(marks string) int { return len(marks) - len(strings.TrimRight(marks, "^")) }

const widest = 110 // characters of a line that are shown

// excerpt cuts a long line to what is around the caret, and gives the carets to print below it.
func excerpt(text string, column, span int) (shown, marks string) {
	runes := []rune(text)
	if column < 1 || column > len(runes) {
		column, span = 0, 0
	} else {
		span = max(1, min(span, len(runes)-column+1))
	}
	from, to := 0, len(runes)
	if to > widest {
		from = max(0, min(column-1-widest/3, to-widest))
		to = from + widest
	}
	shown = string(runes[from:to])
	before, after := "", ""
	if from > 0 {
		before = "…"
	}
	if to < len(runes) {
		after = "…"
	}
	shown = before + shown + after
	if column == 0 {
		return shown, ""
	}
	end := min(column-1+span, to)
	return shown, strings.Repeat(" ", cells(before)+cells(string(runes[from:column-1]))) +
		strings.Repeat("^", max(1, cells(string(runes[column-1:end]))))
}

// cells counts the columns that text takes at a terminal, where emoji and ideographs take two.
func cells(text string) int {
	n := 0
	for _, r := range text {
		n++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}
