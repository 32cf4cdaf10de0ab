package document

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ordered holds the items of an example to the order that the catalogue has for the list: "created_at descending".
func (p *proof) ordered(s *part, m model, value *Value) {
	if m.subject == nil || value.Kind != "array" {
		return
	}
	field, order := p.orderOf(m.subject)
	if field == "" {
		return
	}
	var last time.Time
	for i, item := range value.Items {
		member := item.member(field)
		if member == nil {
			return
		}
		at, err := time.Parse(time.RFC3339Nano, member.Text)
		if err != nil {
			return // another rule's
		}
		if i > 0 && (order == "descending" && at.After(last) || order == "ascending" && at.Before(last)) {
			p.drift("example-order", p.spotOf(s, member), m.id+" "+field,
				fmt.Sprintf("the example's items are not in the order of %s, %s", field, order), member.Text, order)
			return
		}
		last = at
	}
}

// orderOf is the field by which a list is ordered, and how; "" where nobody says.
func (p *proof) orderOf(s *subject) (field, order string) {
	for i := range p.Contract.facts {
		f := &p.Contract.facts[i]
		id, _, _ := strings.Cut(f.requirement, "/")
		if f.Kind != "order" || id != s.id {
			continue
		}
		if name, way, two := strings.Cut(f.Value, " "); two && slices.Contains([]string{"ascending", "descending"}, way) {
			return name, way
		}
	}
	return "", ""
}
