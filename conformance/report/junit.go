package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

// The format of JUnit has no schema of its own: these are the elements that Jenkins, GitLab and GitHub's actions read.
type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	junitCounts
	Timestamp  string          `xml:"timestamp,attr,omitempty"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitCounts struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	Time     string `xml:"time,attr"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Time    string       `xml:"time,attr"`
	Failure *junitResult `xml:"failure"`
	Error   *junitResult `xml:"error"`
	Skipped *junitResult `xml:"skipped"`
	Output  string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Details string `xml:",chardata"`
}

// writeJUnit writes a test case for each requirement. What decides against the target is a failure; what could not be
// judged, an error; what is unsupported, was left out, or is a known failure is skipped, with the reason. A SHOULD
// that is not met passes with the warning as its output, except in a strict run.
func writeJUnit(w io.Writer, r conformance.Report) error {
	counts := junitCounts{Name: "parley " + r.Contract, Tests: len(r.Findings), Time: fmt.Sprintf("%.3f", r.Seconds)}
	cases := make([]junitCase, 0, len(r.Findings))
	for _, f := range r.Findings {
		c := junitCaseOf(r, f)
		switch {
		case c.Failure != nil:
			counts.Failures++
		case c.Error != nil:
			counts.Errors++
		case c.Skipped != nil:
			counts.Skipped++
		}
		cases = append(cases, c)
	}
	suite := junitSuite{
		junitCounts: counts,
		Timestamp:   r.Started.UTC().Format(time.RFC3339),
		Properties: []junitProperty{
			{"target", r.Target}, {"verdict", string(r.Verdict)}, {"reason", r.Reason}, {"effort", effort(r)},
		},
		Cases: cases,
	}
	return encodeJUnit(w, suite)
}

// encodeJUnit writes a file of one suite.
func encodeJUnit(w io.Writer, suite junitSuite) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(junitSuites{junitCounts: suite.junitCounts, Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitCaseOf(r conformance.Report, f conformance.Finding) junitCase {
	section := strings.ReplaceAll(f.Section, ".", "") // readers split the class name at its dots
	c := junitCase{Class: r.Contract + "." + section, Name: f.Requirement, Time: "0"}
	switch {
	case r.Breaks(f):
		c.Failure = &junitResult{Message: message(f), Type: f.Level, Details: details(f)}
	case f.Outcome == conformance.Errored:
		c.Error = &junitResult{Message: message(f), Type: f.Level, Details: details(f)}
	case f.Outcome == conformance.Unsupported, f.Outcome == conformance.Skipped, f.Known != nil:
		c.Skipped = &junitResult{Message: label(r, f) + ": " + message(f)}
	case f.Outcome == conformance.Warn:
		c.Output = "warning: " + details(f)
	}
	return c
}

// details tells all that a person needs who sees nothing but the test case.
func details(f conformance.Finding) string {
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-9s %s\n", name, strings.ReplaceAll(visible(text), "\n", "\n          "))
		}
	}
	line("requires", f.Text)
	line("source", source(f))
	if f.Expected == "" && f.Seen == "" {
		line("message", f.Message)
	}
	line("expected", f.Expected)
	line("seen", f.Seen)
	line("known", excuse(f))
	line("repeat", f.Curl)
	line("arrived", arrived(f, 4000))
	return b.String()
}
