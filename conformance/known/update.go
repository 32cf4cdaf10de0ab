package known

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/output"
)

// Changes is what an update did, by requirement.
type Changes struct {
	Added   []string // fail, and were not listed
	Removed []string // were listed, and pass
	Expired []string // fail, and their time is up: a person gives them a new date, or mends the target
	Kept    int      // still excused, or not judged in this run
}

// Update makes the list fit a run: it takes out what passes and adds what fails, excused until expires, a date. Entries
// that still fail and those that were not judged stay as they are.
func (l *List) Update(report conformance.Report, expires string) Changes {
	var c Changes
	findings := map[string]conformance.Finding{}
	for _, f := range report.Findings {
		findings[f.Requirement] = f
	}
	listed := l.Known()
	l.entries = slices.DeleteFunc(l.entries, func(e entry) bool {
		f := findings[e.requirement]
		f.Known = &e.known
		switch {
		case f.Outcome == conformance.Pass:
			c.Removed = append(c.Removed, e.requirement)
			l.remove(e.node)
			return true
		case f.Judged() && report.Expired(f):
			c.Expired = append(c.Expired, e.requirement)
		default:
			c.Kept++
		}
		return false
	})
	for _, f := range report.Findings {
		if _, known := listed[f.Requirement]; !known && report.Breaks(f) {
			c.Added = append(c.Added, f.Requirement)
			l.add(f, reason(report.Started, f), expires)
		}
	}
	return c
}

// maxReason keeps an entry readable: the report has the whole message.
const maxReason = 200

// reason is what is known of a new failure until a person says why it is excused.
func reason(found time.Time, f conformance.Finding) string {
	text := []rune(strings.Join(strings.Fields(cmp.Or(f.Seen, f.Message)), " "))
	if len(text) > maxReason {
		text = append(text[:maxReason], '…')
	}
	return fmt.Sprintf("seen on %s: %s", found.Format(time.DateOnly), string(text))
}

func (l *List) add(f conformance.Finding, reason, expires string) {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, field := range [][2]string{{"requirement", f.Requirement}, {"reason", reason}, {"expires", expires}} {
		var value yaml.Node
		value.SetString(field[1])
		if field[0] == "expires" {
			value = yaml.Node{Kind: yaml.ScalarNode, Value: field[1]} // a plain date, as people write it
		}
		node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: field[0]}, &value)
	}
	list := l.document.Content[0]
	if len(list.Content) == 0 {
		list.Style = 0 // what was written as [] becomes one entry a line
	}
	list.Content = append(list.Content, node)
	l.entries = append(l.entries, entry{f.Requirement, conformance.Known{Reason: reason, Expires: expires}, node})
}

// remove takes an entry out. A comment above it goes along; one below it, with a blank line between, is not about it.
func (l *List) remove(node *yaml.Node) {
	list := l.document.Content[0]
	i := slices.Index(list.Content, node)
	list.Content = slices.Delete(list.Content, i, i+1)
	if node.FootComment == "" {
		return
	}
	heir := &l.document.FootComment
	if i > 0 {
		heir = &list.Content[i-1].FootComment
	}
	*heir = strings.TrimSpace(*heir + "\n\n" + node.FootComment)
}

// Write writes the list to its file, whole or not at all.
func (l *List) Write() error {
	return output.Replace(l.file, func(w io.Writer) error {
		encoder := yaml.NewEncoder(w)
		encoder.SetIndent(2)
		if err := encoder.Encode(l.document); err != nil {
			return err
		}
		return encoder.Close()
	})
}
