package proof

import (
	"fmt"
	"slices"
	"strings"
)

// A mutation changes one place of a document.
type mutation struct {
	class    string // "number", "method", …
	from, to int    // of the original text, in bytes
	text     string // what takes its place
	line     line   // that the change begins on
	what     string // the part that changes, for people: `"status" dropped`
	value    string // the value of an example that it is about, or the word in its context
	member   member // of an example
}

func (m mutation) apply(text string) string { return text[:m.from] + m.text + text[m.to:] }

func (m mutation) String() string {
	shown := strings.TrimSpace(m.line.text)
	if len(shown) > 90 {
		at := max(0, min(m.from-m.line.start-40, len(m.line.text)-90))
		shown = "…" + strings.ToValidUTF8(m.line.text[at:min(len(m.line.text), at+90)], "") + "…"
	}
	return fmt.Sprintf("line %d, %s: %s  in  %s", m.line.number, m.class, m.what, shown)
}

// mutations makes all of a document.
func mutations(text string) []mutation {
	lines := linesOf(text)
	var all []mutation
	for _, l := range lines {
		if l.place == listing { // one mutation stands for the whole line: it is all navigation
			continue
		}
		for _, kind := range []func(line) []mutation{numbers, names, formats, paths, templates, methods, types, marks, enumerations, units, facts} {
			all = append(all, kind(l)...)
		}
	}
	all = append(all, examples(text, lines)...)
	for i := range all {
		all[i].to = min(all[i].to, len(text)) // the last line has no line end to drop
	}
	return slices.DeleteFunc(all, func(m mutation) bool { return text[m.from:m.to] == m.text })
}

// change makes a mutation of text between two places of a line.
func (l line) change(class string, from, to int, text string) mutation {
	return mutation{class: class, from: l.start + from, to: l.start + to, text: text, line: l,
		what: fmt.Sprintf("%s → %s", l.text[from:to], text), value: l.text[from:to]}
}
