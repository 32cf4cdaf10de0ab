package document

import (
	"fmt"
	"slices"
	"strings"
)

// apartByPlace finds what tables and examples of one thing say in one place, and others say otherwise in another.
func (p *proof) apartByPlace() {
	for _, d := range p.denials[:min(len(p.denials), 100)] {
		for _, c := range p.claims {
			path, isField := strings.CutPrefix(c.item, "field ")
			_, name := split(path)
			if c.trait == traitAlways && isField && slices.Contains(d.about, strings.ToLower(name)) {
				p.contradiction("always-contradicted", c.at, d.at, c.subject+" "+c.item,
					fmt.Sprintf("%s here, and not always in line %d", c.value, d.at.line), c.value, "not always")
			}
		}
	}
	p.requestApart()
	p.errorsDiffer()
}

// requestApart finds a name that is of one type in a request, and of another in the answer to it.
func (p *proof) requestApart() {
	answers := map[string]claim{}
	for _, c := range p.claims {
		if c.trait == traitType && strings.HasPrefix(c.item, "field ") {
			answers[c.subject+" "+strings.TrimPrefix(c.item, "field ")] = c
		}
	}
	for _, c := range p.claims {
		place, name, _ := strings.Cut(c.item, " ")
		other, there := answers[c.subject+" "+name]
		if c.trait == traitType && place == "query" && there && kindOf(other.value) != kindOf(c.value) {
			p.contradiction("type-apart", c.at, other.at, c.subject+" "+name,
				fmt.Sprintf("%s is %s in the request, and %s in the answer by line %d", name, c.value, other.value, other.at.line), c.value, other.value)
		}
	}
}

// errorsDiffer finds error bodies of different fields.
func (p *proof) errorsDiffer() {
	var first *shownFields
	for _, id := range sortedKeys(p.shown) {
		if !strings.HasPrefix(id, "error ") {
			continue
		}
		shown := p.shown[id]
		if first == nil {
			first = shown
			continue
		}
		one, another := sortedKeys(shown.at), sortedKeys(first.at)
		if !slices.Equal(one, another) {
			p.contradiction("errors-differ", shown.first, first.first, id,
				fmt.Sprintf("this error has %s, the one in line %d %s", anyOf(one), first.first.line, anyOf(another)),
				strings.Join(one, ", "), strings.Join(another, ", "))
		}
	}
}
