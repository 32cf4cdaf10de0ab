package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/parley-contracts/parley/conformance"
)

//go:embed page.html
var pageHTML string

// page is what page.html shows.
type page struct {
	conformance.Report
	VerdictText, Effort, When string
	Filters                   []filter
	Failures                  []entry
	Sections                  []section
}

// A filter is a button that shows or hides the findings of one label.
type filter struct {
	Label, Class string
	Count        int
}

type section struct {
	Name    string
	Entries []entry
}

type entry struct {
	conformance.Finding
	Anchor, Label, Class, Source string
	Summary                      string // why, in one line
	Explained                    string // the same, where expected and seen do not say it
	Excuse                       string // what the list of known failures says
	Open                         bool   // what decided is unfolded
}

// writeHTML writes one file that needs nothing else: styles and the script of its filters are inside, and without
// the script it is still all there to read.
func writeHTML(w io.Writer, r conformance.Report) error {
	page, err := template.New("page").Funcs(template.FuncMap{"ticks": ticks, "indented": indented}).Parse(pageHTML) // here, not at start-up: most runs write no HTML
	if err != nil {
		return err
	}
	var text strings.Builder
	if err := page.Execute(&text, pageOf(r)); err != nil {
		return err
	}
	_, err = io.WriteString(w, visible(text.String())) // escaping leaves control characters alone
	return err
}

func pageOf(r conformance.Report) page {
	p := page{Report: r, VerdictText: verdictOf(r), Effort: effort(r), When: r.Started.UTC().Format(time.RFC1123)}
	counts, places := map[string]int{}, map[string]int{}
	for i, f := range r.Findings {
		e := entryOf(i, r, f)
		counts[e.Label]++
		if r.Breaks(f) {
			p.Failures = append(p.Failures, e)
		}
		place, ok := places[f.Section]
		if !ok {
			place = len(p.Sections)
			places[f.Section] = place
			p.Sections = append(p.Sections, section{Name: f.Section})
		}
		p.Sections[place].Entries = append(p.Sections[place].Entries, e)
	}
	labels := []string{"unexpected pass", "known failure"}
	for _, outcome := range conformance.Outcomes() {
		labels = append(labels, string(outcome))
	}
	for _, label := range labels {
		if counts[label] > 0 {
			p.Filters = append(p.Filters, filter{label, class(label), counts[label]})
		}
	}
	return p
}

func entryOf(i int, r conformance.Report, f conformance.Finding) entry {
	e := entry{Finding: f, Anchor: fmt.Sprintf("finding-%d", i+1), Label: label(r, f), Source: source(f), Summary: message(f)}
	e.Class = class(e.Label)
	e.Open = r.Breaks(f)
	if f.Expected == "" && f.Seen == "" { // else they say it all
		e.Explained = f.Message
	}
	e.Excuse = excuse(f)
	return e
}

func class(label string) string { return strings.ReplaceAll(label, " ", "-") }

// ticks shows what stands between backticks as code.
func ticks(text string) template.HTML {
	parts := strings.Split(text, "`")
	var b strings.Builder
	for i, part := range parts {
		escaped := template.HTMLEscapeString(part)
		switch {
		case i%2 == 0:
			b.WriteString(escaped)
		case i == len(parts)-1: // nothing closes it
			b.WriteString("`" + escaped)
		default:
			b.WriteString("<code>" + escaped + "</code>")
		}
	}
	return template.HTML(b.String())
}

// indented lays JSON out over lines; what is none, or was cut, stays as it is.
func indented(body string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(body), "", "  ") != nil {
		return body
	}
	return b.String()
}
