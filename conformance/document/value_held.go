package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/conversations"
)

// A shownValue is a value that an example or a command has, to be held to what the document says of the item.
type shownValue struct {
	subject, item string
	kind, text    string // kind "" is of a query, where all is text
	at            spot
}

func (p *proof) value(subject, item, kind, text string, at spot) {
	p.values = append(p.values, shownValue{subject, item, kind, text, at})
}

// held keeps a value of an example.
func (p *proof) held(_ *part, m model, path string, v *Value, at spot) {
	if v.Kind != "array" || len(v.Items) == 0 {
		p.value(m.id, "field "+path, v.Kind, v.Text, at)
	}
}

// examplesApart holds what examples show to the document's own tables: a type, an enumeration, a format, null.
func (p *proof) examplesApart() {
	byItem := map[string][]claim{}
	for _, c := range p.claims {
		byItem[c.subject+" "+c.item] = append(byItem[c.subject+" "+c.item], c)
	}
	for _, v := range p.values {
		claims := byItem[v.subject+" "+v.item]
		for _, c := range claims {
			if rule, message, one, another := apart(c, v, claims); rule != "" {
				p.contradiction(rule, v.at, c.at, v.subject+" "+v.item, message+fmt.Sprintf(", by line %d", c.at.line), one, another)
			}
		}
	}
	p.spellings(byItem)
	p.untabled(byItem)
	p.envelopes(byItem)
	p.examplesDiffer()
}

// apart tells what a claim says of a value that does not fit it.
func apart(c claim, v shownValue, claims []claim) (rule, message, one, another string) {
	null := v.kind == "null"
	switch c.trait {
	case traitAlways:
		if !null && c.value == "always null" {
			return "example-always", "the example has a value, where there is always null", v.kind, c.value
		}
	case traitNullWord:
		if null {
			return "example-null-word", "the example has null, where the word NULL is told of", "null", c.value
		}
	case traitType:
		if null && !nullable(claims) {
			return "example-null", "the example has null, where the table has " + c.value, "null", c.value
		}
		if kind := kindOf(c.value); !null && v.kind != "" && kind != "" && kind != v.kind {
			return "example-type", "the example has a " + v.kind + ", where the table has " + c.value, v.kind, c.value
		}
	case traitEnum:
		if null && !nullable(claims) && !slices.ContainsFunc(claims, func(c claim) bool { return c.trait == traitType }) {
			return "example-null", "the example has null, which is none of " + c.value, "null", c.value
		}
		if (v.kind == "string" || v.kind == "") && !slices.Contains(strings.Split(c.value, ", "), v.text) {
			return "example-enumeration", "the example has " + v.text + ", which is none of " + c.value, v.text, c.value
		}
	case traitScheme:
		if v.kind == "string" && !strings.HasPrefix(v.text, "https://") {
			return "example-format", "the example has no HTTPS URL", "no HTTPS URL", c.value
		}
	case traitFormat:
		if v.kind == "string" || v.kind == "" {
			if seen := misfit(c.value, v.text); seen != "" {
				return "example-format", "the example has " + seen + ", where the form is " + c.value, seen, c.value
			}
		}
	}
	return "", "", "", ""
}

// nullable: something of what is said of the item tells of null.
func nullable(claims []claim) bool {
	return slices.ContainsFunc(claims, func(c claim) bool {
		return c.trait == traitAlways || c.trait == traitNullWord || c.trait == traitNullable ||
			c.trait == traitEnum && slices.Contains(strings.Split(c.value, ", "), "null")
	})
}

// kindOf is the kind of JSON that a type of a table has.
func kindOf(t string) string {
	switch t {
	case "string", "enumeration", "timestamp":
		return "string"
	case "integer", "number":
		return "number"
	}
	return t
}

// misfit says how a value is not of a form, "" where it is, or where nothing is known of the form. Values are told apart
// by class alone: another id in an example is no change.
func misfit(format, value string) string {
	switch format {
	case "uuid", "uuid-v4":
		if !check.IsUUID(value) {
			return "another id than a UUID"
		}
	case "uuid-v4-or-legacy":
		if !check.IsUUID(value) && !conversations.IsLegacyID(value) {
			return "an id of neither form"
		}
	case "ISO 8601":
		if !check.IsTimestamp(value) && !check.IsDate(value) {
			return "no time of ISO 8601"
		}
	case "yyyy-MM-dd'T'HH:mm:ss.SSSZ":
		switch {
		case !conversations.IsInstant(value):
			return "another form of time"
		case strings.HasSuffix(value, "Z"), value[len(value)-3] == ':':
			return "an offset as " + zoneOf(value) // Z of the pattern is +0000
		}
	}
	return ""
}

func zoneOf(value string) string {
	if strings.HasSuffix(value, "Z") {
		return "Z"
	}
	return "+00:00"
}

// spellings finds fields that a table spells otherwise than an example does.
func (p *proof) spellings(byItem map[string][]claim) {
	spelt := map[string]claim{}
	for _, c := range p.claims {
		if c.trait == traitType {
			spelt[c.subject+" "+folded(c.item)] = c
		}
	}
	for _, v := range p.values {
		if len(byItem[v.subject+" "+v.item]) > 0 || !strings.HasPrefix(v.item, "field ") {
			continue
		}
		c, there := spelt[v.subject+" "+folded(v.item)]
		if there && c.item != v.item {
			_, one := split(v.item)
			_, another := split(c.item)
			p.contradiction("field-spelling", v.at, c.at, v.subject+" "+c.item,
				fmt.Sprintf("the example spells %s as %s, by line %d", another, one, c.at.line), one, another)
		}
	}
}

// untabled finds the fields that a table has and no example shows, though one shows the object that they are in.
func (p *proof) untabled(byItem map[string][]claim) {
	objects := map[string]bool{}
	for _, v := range p.values {
		if v.kind == "object" {
			objects[v.subject+" "+v.item] = true
		}
	}
	for _, c := range p.claims {
		path, isField := strings.CutPrefix(c.item, "field ")
		shown := p.shown[c.subject]
		if c.trait != traitType || !isField || shown == nil {
			continue
		}
		parent, name := split(path)
		if _, there := shown.at[path]; there || parent != "" && !objects[c.subject+" field "+parent] {
			continue
		}
		if slices.ContainsFunc(sortedKeys(shown.at), func(other string) bool { return folded(other) == folded(path) }) {
			continue // spelt otherwise
		}
		other := shown.first
		if line := p.gapAt(name, shown.siblings(parent)); line > 0 {
			other = spot{line: line}
		}
		p.contradiction("field-unshown", c.at, other, c.subject+" "+c.item,
			"the table has "+name+", which the example does not show", name, "not shown")
	}
}

// envelopes finds events whose tables begin within an object that the examples show, and no table names.
func (p *proof) envelopes(byItem map[string][]claim) {
	for _, s := range p.subjects {
		shown := p.shown[s.id]
		if s.event == nil || shown == nil {
			continue
		}
		top := s.within("")
		tabled := slices.ContainsFunc(top, func(name string) bool { return len(byItem[s.id+" field "+name]) > 0 })
		var first *claim
		for i, c := range p.claims {
			if c.subject == s.id && c.trait == traitType && strings.HasPrefix(c.item, "field ") {
				first = &p.claims[i]
				break
			}
		}
		if tabled || first == nil {
			continue
		}
		p.contradiction("table-envelope", shown.first, first.at, s.id,
			fmt.Sprintf("the example has %s, the table in line %d begins within", strings.Join(top, " and "), first.at.line),
			strings.Join(top, ", "), "no such row")
	}
}

// examplesDiffer finds two examples of one thing of which one has a field that the other has not.
func (p *proof) examplesDiffer() {
	for _, id := range sortedKeys(p.shown) {
		shown := p.shown[id]
		if len(shown.each) < 2 {
			continue
		}
		for _, path := range sortedKeys(shown.at) {
			parent, name := split(path)
			lacking := 0
			for _, fields := range shown.each {
				if !fields[path] && (parent == "" || fields[parent]) {
					lacking++
				}
			}
			if lacking > 0 {
				p.contradiction("examples-differ", shown.at[path], shown.first, id+" field "+path,
					name+" is in one example and not in another", "shown", "not shown")
			}
		}
	}
}
