package document

import (
	"slices"
)

// missingRows reports what the contract has and the table has not: the parameters of its place, the fields of its object.
func (p *proof) missingRows(s *part, block *Block, t target, seen map[string]bool, lines map[string][2]int) {
	for _, i := range t.items {
		if seen[i.name] || i.name == "" {
			continue
		}
		at := spot{line: block.Line, section: s.Heading}
		parent, name := split(i.name)
		if line := p.gapAt(name, lines); line > 0 {
			at.line = line
		}
		switch {
		case t.fields:
			spelt := slices.ContainsFunc(sortedKeys(seen), func(other string) bool { return folded(other) == folded(i.name) })
			if parent != t.object || spelt {
				continue
			}
			p.drift("field-missing", at, t.subject.id+" "+i.label(), "the table has no "+name+", which the contract has", "no "+name, name)
		case i.in == t.place || t.place == "" && i.required:
			if (!i.required || !t.headed) && p.saidElsewhere(s, block, i) { // of two tables for one operation, one may have fewer
				continue
			}
			p.drift("parameter-missing", at, t.subject.id+" "+i.label(), "the table has no "+i.name+", which the contract has", "no "+i.name, i.name)
		}
	}
}

// saidElsewhere: another table of what is about the operation has the parameter.
func (p *proof) saidElsewhere(s *part, but *Block, i *property) bool {
	for _, other := range p.parts {
		if other.subject != s.subject {
			continue
		}
		for b := range other.Blocks {
			block := &other.Blocks[b]
			if block.Table == nil || block == but {
				continue
			}
			c := partsOf(block.Table.Header)
			for _, row := range block.Table.Rows {
				if row.cell(c.name) == i.name {
					return true
				}
			}
		}
	}
	return false
}
