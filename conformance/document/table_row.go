package document

import (
	"slices"
	"strings"
)

// row holds one row to the contract: the columns, and what the description says.
func (p *proof) row(s *part, t target, i *property, row Row, c tableParts) {
	line := func(piece string) spot { return p.find(s.Section, row.Line, row.Line, piece) }
	p.rows[t.subject.id+" "+i.label()] += " " + row.cell(c.description) + " " + row.cell(c.values)
	if word := row.cell(c.kind); word != "" {
		p.typeSaid(t.subject, i, word, line(word))
	} else if c.kind >= 0 {
		p.gap("type-unstated", line(row.cell(c.name)), t.subject.id+" "+i.label(), "no type is named")
	}
	if word := row.cell(c.required); word != "" {
		value := "no"
		switch strings.ToLower(strings.Fields(word)[0]) {
		case "yes", "true", "required", "y", "✓", "✔", "always", "mandatory":
			value = "yes"
		case "no", "false", "optional", "n", "-", "✗", "✘":
		default:
			p.drift("required-drift", line(word), t.subject.id+" "+i.label(), "expected yes or no for required, came "+word, word, yesNo(i.required))
		}
		p.compareTrait(t.subject, i, said{traitRequired, value, word}, line(word))
	}
	if word := row.cell(c.byDefault); word != "" && word != "-" && word != "—" {
		p.compareTrait(t.subject, i, said{traitDefault, word, word}, line(word))
	}
	all := p.said(row.cell(c.description))
	values := row.cell(c.values)
	if list := bareList(values); list != "" {
		all = append(all, said{traitEnum, list, values})
	} else {
		all = append(all, p.said(values)...)
	}
	all = append(all, i.onlyValue(row.cell(c.description), all)...)
	for _, one := range all {
		p.compareTrait(t.subject, i, one, line(one.piece))
	}
	if strings.Contains(row.cell(c.description), "HTTPS URL") {
		p.says(t.subject.id, i.label(), traitScheme, "HTTPS URL", line("HTTPS"))
	}
	p.incomplete(t, i, all, line(row.cell(c.name)))
	p.scanned(s, t.subject, row.cell(c.description), row.Line, row.Line)
	for _, sentence := range sentences(row.cell(c.description)) {
		p.prosed(s, sentence, row.Line, row.Line)
	}
	if len(all) == 0 || len(values) > 0 {
		p.scanned(s, t.subject, values, row.Line, row.Line)
	}
}

// incomplete finds what a row leaves out that tells two of an item's bounds and default: it means to tell all of them,
// where a row that tells one may leave the others to another table.
func (p *proof) incomplete(t target, i *property, all []said, at spot) {
	stated := map[trait]bool{}
	for _, one := range all {
		stated[one.trait] = true
	}
	told := 0
	numeric := []trait{traitDefault, traitMin, traitMax}
	for _, tr := range numeric {
		if stated[tr] {
			told++
		}
	}
	for _, tr := range numeric {
		contract := i.traits[tr]
		if told < 2 || stated[tr] || contract == "" || p.needless(t.subject, i, tr) || loosely(tr, contract, p.rows[t.subject.id+" "+i.label()]) {
			continue
		}
		p.drift(string(tr)+"-missing", at, t.subject.id+" "+i.label(),
			"the row names no "+string(tr)+", the contract has "+contract, "none", contract)
	}
}

// onlyValue is the one value that the contract has, where a description names it in words of its own.
func (i *property) onlyValue(description string, all []said) []said {
	only := i.traits[traitEnum]
	if only == "" || strings.Contains(only, ",") || indexOf(description, only) < 0 ||
		slices.ContainsFunc(all, func(one said) bool { return one.trait == traitEnum }) {
		return nil
	}
	return []said{{traitEnum, only, only}}
}

// bareList is the enumeration that a whole cell of values is, "" where it is something else.
func bareList(text string) string {
	l := listAt(text, 0)
	if len(l.items) < 2 || strings.TrimSpace(text[l.end:]) != "" || !allWire(l.items) {
		return ""
	}
	return set(l.items)
}

// typeSaid holds a word for a type to the contract. A document that calls some types by a finer word than JSON has
// (enumeration, timestamp) calls all such by it.
func (p *proof) typeSaid(s *subject, i *property, word string, at spot) {
	value := typeIn(word)
	if value == "" {
		p.drift("type-drift", at, s.id+" "+i.label(), "expected "+p.typeOf(i)+", came "+word, word, p.typeOf(i))
		return
	}
	p.compareTrait(s, i, said{traitType, value, word}, at)
}

// typeOf is what the document would call the item's type.
func (p *proof) typeOf(i *property) string {
	if len(i.types) == 0 {
		return "any type"
	}
	if i.types[0] == "string" && len(i.types) == 1 {
		switch {
		case i.traits[traitEnum] != "" && p.uses("enumeration"):
			return "enumeration"
		case i.timed() && p.uses("timestamp"):
			return "timestamp"
		}
	}
	return anyOf(i.types)
}

// timed tells whether the item is an instant.
func (i *property) timed() bool {
	switch i.traits[traitFormat] {
	case "date-time", "instant-millis", "instant-or-date", "date":
		return true
	}
	return false
}

// uses tells whether the document's tables call any type by this word.
func (p *proof) uses(kind string) bool {
	if p.kinds == nil {
		p.kinds = map[string]int{}
		for _, section := range p.doc.Sections {
			for _, block := range section.Blocks {
				if block.Table == nil {
					continue
				}
				c := partsOf(block.Table.Header)
				for _, row := range block.Table.Rows {
					p.kinds[typeIn(row.cell(c.kind))]++
				}
			}
		}
	}
	return p.kinds[kind] > 1 // once may be a slip
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
