package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/parley-contracts/parley/conformance"
)

// Terminal writes r for the person who ran it: what decides against the target first, each with all that it takes to
// act on it; then what is advised, known, could not be judged or was left out, and why; then counts and verdict.
func Terminal(w io.Writer, r conformance.Report, colour bool) error {
	t := &terminal{report: complete(r), colour: colour}
	t.findings(func(f conformance.Finding) bool { return r.Breaks(f) }, red)
	t.findings(func(f conformance.Finding) bool {
		return f.Outcome == conformance.Warn && f.Known == nil && !r.Breaks(f)
	}, yellow)
	t.known()
	t.notJudged(conformance.Errored, red)
	t.notJudged(conformance.Unsupported, yellow)
	t.notJudged(conformance.Skipped, yellow)
	t.remarks()
	t.summary()
	_, err := io.WriteString(w, t.text.String())
	return err
}

// Verdict writes the verdict of r, with its reason, on one line.
func Verdict(w io.Writer, r conformance.Report, colour bool) error {
	t := &terminal{report: r, colour: colour}
	t.verdict()
	_, err := io.WriteString(w, t.text.String())
	return err
}

const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	bold   = "\x1b[1m"
	faint  = "\x1b[2m"
	reset  = "\x1b[0m"
)

type terminal struct {
	report conformance.Report
	colour bool
	text   strings.Builder
}

func (t *terminal) printf(format string, args ...any) { fmt.Fprintf(&t.text, format, args...) }

func (t *terminal) paint(style, text string) string {
	if !t.colour {
		return text
	}
	return style + text + reset
}

// findings shows each finding that is chosen as a block of its own.
func (t *terminal) findings(chosen func(conformance.Finding) bool, style string) {
	for _, f := range t.report.Findings {
		if chosen(f) {
			t.printf("%s %s %s\n", t.paint(style, strings.ToUpper(label(t.report, f))), t.paint(bold, f.Requirement), t.paint(faint, f.Level))
			t.finding(f)
		}
	}
}

// finding shows all that it takes to act on one.
func (t *terminal) finding(f conformance.Finding) {
	t.line("requires", f.Text)
	t.line("source", source(f))
	if f.Expected == "" && f.Seen == "" {
		t.line("because", f.Message)
	}
	t.line("expected", f.Expected)
	t.line("seen", f.Seen)
	t.line("known", excuse(f))
	t.line("repeat", f.Curl)
	t.line("arrived", arrived(f, 600))
	t.printf("\n")
}

func (t *terminal) line(name, text string) {
	if text != "" {
		text = strings.ReplaceAll(visible(text), "\n", "\n            ")
		t.printf("  %s %s\n", t.paint(faint, fmt.Sprintf("%-9s", name)), text)
	}
}

func (t *terminal) known() {
	for _, f := range t.report.Findings {
		if label(t.report, f) == "known failure" {
			t.printf("%s %s %s\n", t.paint(yellow, "KNOWN"), f.Requirement, visible(message(f)))
		}
	}
}

// notJudged lists what has an outcome by reason: "no driver" is said once, not for each of 300 requirements; and not at
// all where it ended the run, since it is the verdict's reason then. What the user left out is counted alone.
func (t *terminal) notJudged(outcome conformance.Outcome, style string) {
	var reasons []string
	requirements := map[string][]string{}
	for _, f := range t.report.Findings {
		if f.Outcome != outcome || f.Message == t.report.Reason {
			continue
		}
		if requirements[f.Message] == nil {
			reasons = append(reasons, f.Message)
		}
		requirements[f.Message] = append(requirements[f.Message], f.Requirement)
	}
	for _, reason := range reasons {
		ids := requirements[reason]
		t.printf("%s %d: %s\n", t.paint(style, strings.ToUpper(string(outcome))), len(ids), visible(reason))
		if outcome != conformance.Skipped {
			t.ids(ids)
		}
	}
}

// ids lists some requirements below a line that says what they have in common.
func (t *terminal) ids(ids []string) {
	lines := wrap(ids, 100)
	if len(lines) > 5 {
		lines = append(lines[:4], "and more; every report file has them all")
	}
	t.printf("  %s\n", t.paint(faint, visible(strings.Join(lines, "\n  "))))
}

func (t *terminal) remarks() {
	for _, note := range t.report.Notes {
		t.printf("%s %s\n", t.paint(faint, "note"), visible(note))
	}
	for _, leftover := range t.report.Leftovers {
		t.printf("%s %s\n", t.paint(yellow, "LEFT BEHIND"), visible(leftover))
	}
}

func (t *terminal) summary() {
	if t.text.Len() > 0 && !strings.HasSuffix(t.text.String(), "\n\n") {
		t.printf("\n")
	}
	counts := make([]string, 0, len(t.report.Counts))
	for _, outcome := range conformance.Outcomes() {
		n := t.report.Counts[outcome]
		text := fmt.Sprintf("%d %s", n, outcome)
		if n > 0 {
			text = t.paint(styleOf(outcome), text)
		}
		counts = append(counts, text)
	}
	t.printf("%s\n%s\n", strings.Join(counts, ", "), t.paint(faint, effort(t.report)))
	t.verdict()
}

func (t *terminal) verdict() {
	style := map[conformance.Verdict]string{conformance.Conforms: green, conformance.DoesNotConform: red, conformance.NotJudged: yellow}
	t.printf("%s %s\n", t.paint(bold, t.report.Contract), t.paint(bold+style[t.report.Verdict], visible(verdictOf(t.report))))
}

func styleOf(outcome conformance.Outcome) string {
	switch outcome {
	case conformance.Pass:
		return green
	case conformance.Fail, conformance.Errored:
		return red
	}
	return yellow
}

// wrap joins words with commas into lines of about width columns.
func wrap(words []string, width int) []string {
	var lines []string
	line := ""
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
