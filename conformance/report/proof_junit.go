package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/parley-contracts/parley/conformance/document"
)

// writeJUnit writes a test case for each rule and subject that something was found for: errors fail it, what a reading
// settles is skipped with the reading, gaps and notes pass with what they say as output. A rule that found nothing
// passes; and that the document is of the contract at all is a test case, too, so that there always is one.
func (p Proof) writeJUnit(w io.Writer) error {
	cases := []junitCase{{Class: p.Report.Contract + ".document", Name: "is of the contract", Time: "0"}}
	if p.Report.ExitStatus() == 2 {
		cases[0].Error = &junitResult{Message: p.conclusion()}
	}
	cases = append(cases, p.junitCases()...)
	counts := junitCounts{Name: "parley docs " + p.Report.Contract, Tests: len(cases), Time: "0"}
	for _, c := range cases {
		switch {
		case c.Failure != nil:
			counts.Failures++
		case c.Error != nil:
			counts.Errors++
		case c.Skipped != nil:
			counts.Skipped++
		}
	}
	return encodeJUnit(w, junitSuite{
		junitCounts: counts,
		Properties:  []junitProperty{{"document", p.Report.Document}, {"verdict", string(p.verdict())}, {"reason", p.conclusion()}},
		Cases:       cases,
	})
}

func (p Proof) junitCases() []junitCase {
	var names []string // of rule and subject, in the order of lines
	groups := map[string][]document.Finding{}
	found := map[string]bool{} // rules
	for _, f := range p.Report.Findings {
		name := subjectAnd(f)
		if groups[name] == nil {
			names = append(names, name)
		}
		groups[name] = append(groups[name], f)
		found[f.Rule] = true
	}
	var cases []junitCase
	for _, name := range names {
		cases = append(cases, p.junitCase(name, groups[name]))
	}
	for _, rule := range p.Rules {
		if !found[rule.Name] {
			cases = append(cases, junitCase{Class: p.Report.Contract + "." + string(rule.Kind), Name: rule.Name, Time: "0"})
		}
	}
	return cases
}

// junitCase makes one test case of all that was found for a rule and a subject. The gravest of it decides.
func (p Proof) junitCase(name string, found []document.Finding) junitCase {
	var details strings.Builder
	gravest := found[0]
	for _, f := range found {
		if f.Kind.Error() && !gravest.Kind.Error() || f.Kind == document.Known && !gravest.Kind.Error() {
			gravest = f
		}
		fmt.Fprintf(&details, "%s %s\n", p.place(f), oneLineOf(proofMessage(f)))
		if quote := strings.TrimSpace(p.quote(f.Line)); quote != "" {
			fmt.Fprintf(&details, "  %s\n", quote)
		}
	}
	c := junitCase{Class: p.Report.Contract + "." + string(gravest.Kind), Name: name, Time: "0"}
	message := oneLineOf(p.place(gravest) + " " + proofMessage(gravest))
	switch {
	case gravest.Kind.Error():
		c.Failure = &junitResult{Message: message, Type: string(gravest.Kind), Details: details.String()}
	case gravest.Kind == document.Known:
		c.Skipped = &junitResult{Message: "known: " + message}
	default:
		c.Output = details.String()
	}
	return c
}
