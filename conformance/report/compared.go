package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/comparison"
	"github.com/parley-contracts/parley/conformance/output"
)

// Compared is what changed between two runs, for its readers.
type Compared struct{ comparison.Comparison }

// ComparedFormats lists the formats of files, by the names that --report takes.
func ComparedFormats() []string { return []string{"json", "markdown"} }

// Write writes c in one of ComparedFormats.
func (c Compared) Write(w io.Writer, format string) error {
	switch format {
	case "json":
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(c.Comparison)
	case "markdown":
		return c.writeMarkdown(w)
	}
	return fmt.Errorf("unknown report format %q: expected one of %v", format, ComparedFormats())
}

// WriteFile writes c to a file, whole or not at all.
func (c Compared) WriteFile(file, format string) error {
	if err := output.Replace(file, func(w io.Writer) error { return c.Write(w, format) }); err != nil {
		return fmt.Errorf("%s report: %w", format, err)
	}
	return nil
}

// Terminal writes c for a person: what is newly wrong with all that it takes to act on it, the rest by id.
func (c Compared) Terminal(w io.Writer, colour bool) error {
	t := &terminal{colour: colour}
	for _, kind := range comparison.Kinds() {
		changes := c.of(kind)
		switch {
		case len(changes) == 0:
		case kind == comparison.NewFailure, kind == comparison.NewWarning:
			for _, change := range changes {
				t.printf("%s %s %s\n", t.paint(styleOfChange(kind), title(kind)), t.paint(bold, visible(change.Requirement)), t.paint(faint, change.Finding.Level))
				t.line("was", was(change))
				t.finding(change.Finding)
			}
		case kind == comparison.NewlyUnjudged:
			c.unjudged(t, changes)
		default:
			t.printf("%s %d\n", t.paint(styleOfChange(kind), title(kind)), len(changes))
			t.ids(requirementsOf(changes))
		}
	}
	if t.text.Len() > 0 && !strings.HasSuffix(t.text.String(), "\n\n") {
		t.printf("\n")
	}
	style := green
	if c.Worse() {
		style = red
	}
	t.printf("%s\n%s %s\n", t.paint(faint, c.runs()), t.paint(bold, visible(c.Contract)), t.paint(bold+style, c.conclusion()))
	_, err := io.WriteString(w, t.text.String())
	return err
}

// unjudged says each reason once.
func (c Compared) unjudged(t *terminal, changes []comparison.Change) {
	var reasons []string
	by := map[string][]comparison.Change{}
	for _, change := range changes {
		reason := change.Finding.Message
		if by[reason] == nil {
			reasons = append(reasons, reason)
		}
		by[reason] = append(by[reason], change)
	}
	for _, reason := range reasons {
		t.printf("%s %d: %s\n", t.paint(styleOfChange(comparison.NewlyUnjudged), title(comparison.NewlyUnjudged)), len(by[reason]), visible(reason))
		t.ids(requirementsOf(by[reason]))
	}
}

func (c Compared) of(kind comparison.Kind) []comparison.Change {
	var all []comparison.Change
	for _, change := range c.Changes {
		if change.Kind == kind {
			all = append(all, change)
		}
	}
	return all
}

func requirementsOf(changes []comparison.Change) []string {
	ids := make([]string, len(changes))
	for i, change := range changes {
		ids[i] = change.Requirement
	}
	return ids
}

// was words what OLD said.
func was(change comparison.Change) string {
	if change.Old == "" {
		return "not among the requirements"
	}
	return string(change.Old)
}

// runs tells which runs were compared.
func (c Compared) runs() string {
	of := func(r comparison.Run) string {
		return strings.TrimSpace(visible(fmt.Sprintf("%s %s", r.Started, r.Target)))
	}
	return fmt.Sprintf("from %s (%s) to %s (%s)", of(c.Old), words(c.Old.Verdict), of(c.New), words(c.New.Verdict))
}

func words(v conformance.Verdict) string { return strings.ReplaceAll(string(v), "-", " ") }

// conclusion counts what changed, what decides first.
func (c Compared) conclusion() string {
	parts := []string{"no new failure"}
	if n := c.Counts[comparison.NewFailure]; n == 1 {
		parts[0] = "1 new failure"
	} else if n > 1 {
		parts[0] = fmt.Sprintf("%d new failures", n)
	}
	for _, kind := range comparison.Kinds()[1:] {
		if n := c.Counts[kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(title(kind))))
		}
	}
	return strings.Join(parts, ", ")
}

func title(kind comparison.Kind) string {
	return strings.ToUpper(strings.ReplaceAll(string(kind), "-", " "))
}

func styleOfChange(kind comparison.Kind) string {
	switch kind {
	case comparison.NewFailure:
		return red
	case comparison.Fixed, comparison.NewlyJudged:
		return green
	case comparison.NewWarning, comparison.NewlyKnown, comparison.NewlyUnjudged, comparison.StillFailing:
		return yellow
	}
	return faint
}

func (c Compared) writeMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s\n\n", escapeMarkdown(c.Contract), c.conclusion(), escapeMarkdown(c.runs()))
	for _, kind := range comparison.Kinds() {
		changes := c.of(kind)
		if len(changes) == 0 {
			continue
		}
		name := title(kind)[:1] + strings.ToLower(title(kind)[1:])
		if kind == comparison.NewFailure || kind == comparison.NewWarning {
			fmt.Fprintf(&b, "## %s: %d\n\n", name, len(changes))
			for _, change := range changes {
				markdownFinding(&b, change.Finding)
			}
			continue
		}
		rows := make([]conformance.Finding, len(changes))
		for i, change := range changes {
			rows[i] = change.Finding
		}
		markdownRows(&b, name, rows)
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}
