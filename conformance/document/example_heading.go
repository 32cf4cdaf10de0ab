package document

import (
	"fmt"
	"slices"
	"strings"
)

// headed holds an example to the heading that it stands under: where that has one of a field's two words ("Inbound
// conversation created"), the example has it, and the heading not the other.
func (p *proof) headed(s *part, m model, value *Value) {
	if m.subject == nil || len(s.title) == 0 || s.title[0] != "example" {
		return
	}
	value.walk("", func(path string, v *Value) {
		f := m.subject.field(path)
		if f == nil || v.Kind != "string" || v.Text == "" {
			return
		}
		two := strings.Split(f.traits[traitEnum], ", ")
		if len(two) != 2 || !slices.Contains(two, v.Text) {
			return
		}
		other := without(two, []string{v.Text})[0]
		if !slices.Contains(s.title, stem(strings.ToLower(other))) {
			return
		}
		at := p.find(s.Section, s.Line, s.Line, "")
		p.contradiction("example-heading", at, p.spotOf(s, v), m.id+" "+path,
			fmt.Sprintf("the heading has %s, the example %s", strings.ToLower(other), v.Text), strings.ToLower(other), v.Text)
	})
}
