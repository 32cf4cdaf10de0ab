package document

import (
	"net/url"
	"slices"
)

// ownRows finds the parameters of an endpoint's path, and those that its commands use, that no table below its endpoint
// line has, up to the next endpoint line. One operation may be described twice: each of the two sections is read by itself.
func (p *proof) ownRows() {
	for i := range p.parts {
		for k := range p.parts[i].Blocks {
			if block := &p.parts[i].Blocks[k]; block.Endpoint != nil && p.parts[i].subject != nil {
				p.ownRowsOf(i, block)
			}
		}
	}
}

func (p *proof) ownRowsOf(i int, line *Block) {
	s := &p.parts[i]
	var rows, query, body []string
	lastTable := spot{line: line.Line, section: s.Heading} // before the first command
	commanded := false
	places := map[string]spot{} // the headings of the tables: "path", "query", "body"
	for k := i; k < len(p.parts) && (k == i || p.parts[k].subject == s.subject && !p.parts[k].callsOut()); k++ {
		part := &p.parts[k]
		if place := placeIn(part.title); place != "" && !slices.Contains(part.title, "example") {
			places[place] = spot{line: part.Line, section: part.Heading}
		}
		for b := range part.Blocks {
			commanded = commanded || part.Blocks[b].Code != nil
			if part.Blocks[b].Table != nil && !commanded {
				lastTable = spot{line: part.Blocks[b].End, section: part.Heading}
			}
			rows = append(rows, part.Blocks[b].rowNames()...)
			query = append(query, part.Blocks[b].queryNames()...)
			body = append(body, part.Blocks[b].bodyNames()...)
		}
	}
	lines := map[string]map[string][2]int{} // of the rows of the tables, by place
	for place, head := range places {
		lines[place] = map[string][2]int{}
		for k := range p.parts {
			if p.parts[k].Line != head.line {
				continue
			}
			for _, block := range p.parts[k].Blocks {
				if block.Table == nil {
					continue
				}
				c := partsOf(block.Table.Header)
				for _, row := range block.Table.Rows {
					lines[place][row.cell(c.name)] = [2]int{row.Line, row.Line}
				}
			}
		}
	}
	missing := func(place, name string) {
		if slices.Contains(rows, folded(name)) || s.subject.item(name) == nil {
			return
		}
		at, headed := places[place]
		switch {
		case !headed && place == "path":
			return // the endpoint line names it, and no section is about it
		case !headed:
			at = lastTable
		}
		if gap := p.gapAt(name, lines[place]); gap > 0 {
			at.line = gap
		} else if last := lastOf(lines[place]); last > 0 {
			at.line = last
		}
		p.drift("parameter-missing", at, s.subject.id+" "+place+" "+name,
			"no table below the endpoint line has "+name+", which is used there", "no "+name, name)
	}
	for _, segment := range segments(line.Endpoint.Path) {
		if name, ok := placeholder(segment); ok {
			missing("path", name)
		}
	}
	for _, name := range query {
		missing("query", name)
	}
	for _, name := range body {
		missing("body", name)
	}
}

func lastOf(lines map[string][2]int) int {
	last := 0
	for _, at := range lines {
		last = max(last, at[1])
	}
	return last
}

// rowNames are the names that a table's rows have, as spellings do not matter.
func (b *Block) rowNames() []string {
	if b.Table == nil {
		return nil
	}
	var names []string
	c := partsOf(b.Table.Header)
	for _, row := range b.Table.Rows {
		names = append(names, folded(row.cell(c.name)))
	}
	return names
}

// queryNames are the parameters that a command's address has.
func (b *Block) queryNames() []string {
	if b.Code == nil || b.Code.Curl == nil {
		return nil
	}
	address, err := url.Parse(b.Code.Curl.URL)
	if err != nil {
		return nil
	}
	return sortedKeys(address.Query())
}

// bodyNames are the members of the body that a command sends.
func (b *Block) bodyNames() []string {
	if b.Code == nil || b.Code.Curl == nil || b.Code.Curl.JSON == nil {
		return nil
	}
	var names []string
	for _, m := range b.Code.Curl.JSON.Members {
		names = append(names, m.Name)
	}
	return names
}

// callsOut tells whether the section has an endpoint line of its own.
func (s *part) callsOut() bool {
	return slices.ContainsFunc(s.Blocks, func(b Block) bool { return b.Endpoint != nil })
}
