package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance/output"
	"github.com/parley-contracts/parley/mock/defects"
)

// settle writes the matrix, or compares it with the one that is there.
func (o options) settle(all []played) error {
	text := table(all)
	if o.write != "" {
		err := output.Replace(o.write, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
		if err != nil {
			return fmt.Errorf("-write: %w", err)
		}
	}
	if o.check == "" {
		return nil
	}
	there, err := os.ReadFile(o.check)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("-check: there is no %s; write it with -write", o.check)
	} else if err != nil {
		return fmt.Errorf("-check: %w", err)
	}
	if line, ok := differs(there, text); !ok {
		return fmt.Errorf("-check: %s is out of date from line %d on; write it anew with -write", o.check, line)
	}
	return nil
}

// figures are what differs from run to run: the last cells of a row of defects, and the sums.
var figures = regexp.MustCompile(`(?m)( \| [^|\n]* \| \d+ \| \d+\.\d\d \|$)|(\d+ requests in \d+ s)`)

// differs compares two matrices without their figures, and says where they part.
func differs(there, now []byte) (line int, same bool) {
	a, b := figures.ReplaceAll(there, nil), figures.ReplaceAll(now, nil)
	if bytes.Equal(a, b) {
		return 0, true
	}
	for i, want := range bytes.Split(b, []byte("\n")) {
		have := bytes.SplitN(a, []byte("\n"), i+2)
		if len(have) <= i || !bytes.Equal(have[i], want) {
			return i + 1, false
		}
	}
	return bytes.Count(b, []byte("\n")) + 1, false
}

// table is the matrix as people read it: for each contract a table for each subject, a row for each defect. The
// requirement that has to notice is the one that a row stands with.
func table(all []played) []byte {
	var b bytes.Buffer
	b.WriteString(`# The kill matrix

Each row is one defect: a deliberate breach of one rule, over an otherwise honest server. Each turned the requirement red
that it stands with. **Also red** are declared consequences of it that turned red in this run, too; what may follow, and why,
is listed with each contract. Nothing else turned red. Requests and seconds are those of the run that noticed, with as
much of the suite as the requirement needs.

Written by ` + "`make matrix`" + `; a defect is shown by ` + "`parley mock --defect REQUIREMENT~DEFECT`" + `.
`)
	for _, p := range all {
		p.write(&b)
	}
	return b.Bytes()
}

func (p played) write(b *bytes.Buffer) {
	requests, seconds := 0, 0.0
	broken := map[string]bool{}
	for _, r := range p.results {
		requests, seconds = requests+r.requests, seconds+r.seconds
		broken[r.Requirement] = true
	}
	fmt.Fprintf(b, "\n## %s\n\n%d defects of %d requirements, all noticed: %d requests in %.0f s.\n", p.title, len(p.results), len(broken), requests, seconds)
	order, bySubject := bySubject(p.results)
	for _, subject := range order {
		fmt.Fprintf(b, "\n### %s\n\n| Requirement | Defect | What the server does | Outcome | Also red | Requests | Seconds |\n| --- | --- | --- | --- | --- | ---: | ---: |\n", subject)
		for _, r := range bySubject[subject] {
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %d | %.2f |\n", cell(r.Requirement), cell(strings.TrimPrefix(r.ID, r.Requirement+"~")),
				cell(r.Sentence), r.outcome, cell(strings.Join(r.followed, ", ")), r.requests, r.seconds)
		}
	}
	p.consequences(b)
}

// bySubject keeps the order in which subjects first appear, and sorts each by requirement.
func bySubject(all []result) (order []string, found map[string][]result) {
	found = map[string][]result{}
	for _, r := range all {
		s := subject(r.Requirement)
		if found[s] == nil {
			order = append(order, s)
		}
		found[s] = append(found[s], r)
	}
	for _, s := range order {
		slices.SortStableFunc(found[s], func(a, b result) int { return strings.Compare(a.Requirement, b.Requirement) })
	}
	return order, found
}

// consequences lists the reasons that were declared, each with what may turn red for it and the defects that say so.
func (p played) consequences(b *bytes.Buffer) {
	type declared struct{ reason, requirement string }
	var order []declared
	count := map[declared]int{}
	for _, r := range p.results {
		for _, c := range unique(r.Consequences) {
			d := declared{c.Reason, c.Requirement}
			if count[d] == 0 {
				order = append(order, d)
			}
			count[d]++
		}
	}
	if len(order) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### Declared consequences\n\n| May turn red, too | Why | Defects that say so |\n| --- | --- | ---: |\n")
	for _, d := range order {
		fmt.Fprintf(b, "| %s | %s | %d |\n", cell(d.requirement), cell(d.reason), count[d])
	}
}

func unique(all []defects.Consequence) []defects.Consequence {
	var out []defects.Consequence
	for _, c := range all {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// cell keeps a text within its cell.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "*", `\*`, "<", "&lt;").Replace(text)
}
