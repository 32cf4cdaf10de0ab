package document

import "slices"

// pathRows finds the parameters of an endpoint line's path that no table below it has, up to the next endpoint line. One
// operation may be described twice: each of the two sections is read by itself.
func (p *proof) pathRows() {
	for i := range p.parts {
		for k := range p.parts[i].Blocks {
			if block := &p.parts[i].Blocks[k]; block.Endpoint != nil && p.parts[i].subject != nil {
				p.pathRowsOf(i, block)
			}
		}
	}
}

func (p *proof) pathRowsOf(i int, line *Block) {
	s := &p.parts[i]
	at := spot{line: line.Line, section: s.Heading}
	var rows []string
	for k := i; k < len(p.parts) && (k == i || p.parts[k].subject == s.subject && !p.parts[k].callsOut()); k++ {
		if slices.Contains(titleWords(p.parts[k].Heading), "path") {
			at = spot{line: p.parts[k].Line, section: p.parts[k].Heading}
		}
		for _, block := range p.parts[k].Blocks {
			if block.Table == nil {
				continue
			}
			c := partsOf(block.Table.Header)
			for _, row := range block.Table.Rows {
				rows = append(rows, folded(row.cell(c.name)))
			}
		}
	}
	for _, segment := range segments(line.Endpoint.Path) {
		name, ok := placeholder(segment)
		if !ok || slices.Contains(rows, folded(name)) || s.subject.item(name) == nil {
			continue
		}
		p.drift("parameter-missing", at, s.subject.id+" path "+name, "no table below the endpoint line has "+name+", which its path has", "no "+name, name)
	}
}

// callsOut tells whether the section has an endpoint line of its own.
func (s *part) callsOut() bool {
	return slices.ContainsFunc(s.Blocks, func(b Block) bool { return b.Endpoint != nil })
}
