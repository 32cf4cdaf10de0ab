package document

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// What a document lacks has no place in it. It is shown where it would stand: beside the sibling that the contract has
// next to it.

// ordersOf lists the keys of each mapping of a contract in the order in which it is written: those of properties and of
// examples are members of objects.
func ordersOf(source []byte) ([][]string, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(source, &root); err != nil {
		return nil, err
	}
	var orders [][]string
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.MappingNode && len(n.Content) > 2 {
			var keys []string
			for i := 0; i < len(n.Content); i += 2 {
				keys = append(keys, n.Content[i].Value)
			}
			orders = append(orders, keys)
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(&root)
	return orders, nil
}

// beside names the siblings that stand next to a name in the contract: the first after it, and the last before it; ""
// for none.
func (c *Contract) beside(name string, siblings []string) (next, previous string) {
	var best []string
	most := 0
	for _, order := range c.orders {
		if n := overlap(siblings, order); n > most && slices.Contains(order, name) {
			best, most = order, n
		}
	}
	return neighbours(name, siblings, best)
}

func neighbours(name string, siblings, order []string) (next, previous string) {
	passed := false
	for _, other := range order {
		switch {
		case other == name:
			passed = true
		case !slices.Contains(siblings, other):
		case passed:
			return other, previous
		default:
			previous = other
		}
	}
	return "", previous
}

// absentMember is where a member would stand that an object of an example lacks.
func (p *proof) absentMember(s *part, object *Value, name string) spot {
	var siblings []string
	for _, m := range object.Members {
		siblings = append(siblings, m.Name)
	}
	next, previous := p.beside(name, siblings)
	at := spot{line: object.Line, section: s.Heading}
	if m := object.member(next); m != nil && next != "" {
		at.line = m.Line
	} else if m := object.member(previous); m != nil && previous != "" {
		at.line = m.lastLine()
	}
	return at
}

func (v *Value) lastLine() int {
	last := v.Line
	for _, m := range slices.Concat(v.Members, v.Items) {
		last = max(last, m.lastLine())
	}
	return last
}

// absentField is where a field would stand that no example shows.
func (p *proof) absentField(shown *shownFields, path string) spot {
	parent, name := split(path)
	at := shown.first
	if above, there := shown.at[parent]; there {
		at = above
	}
	at.column, at.width = 0, 0
	var siblings []string
	for _, other := range sortedKeys(shown.at) {
		if above, last := split(other); above == parent {
			siblings = append(siblings, last)
		}
	}
	next, previous := p.beside(name, siblings)
	switch {
	case next != "":
		at.line = shown.at[join(parent, next)].line
	case previous != "":
		for other, place := range shown.at {
			if before := join(parent, previous); (other == before || strings.HasPrefix(other, before+".")) && place.line > at.line {
				at.line = place.line
			}
		}
	}
	return at
}

// absentRow is where a row would stand that a table lacks.
func (p *proof) absentRow(s *part, block *Block, c tableParts, t target, name string) spot {
	at := spot{line: block.Line, section: s.Heading}
	lines := map[string]int{}
	var siblings, order []string
	for _, row := range block.Table.Rows {
		lines[row.cell(c.name)] = row.Line
		siblings = append(siblings, row.cell(c.name))
	}
	next, previous := p.beside(name, siblings)
	if !t.fields {
		for _, i := range t.items {
			order = append(order, i.name)
		}
		next, previous = neighbours(name, siblings, order)
	}
	if next != "" {
		at.line = lines[next]
	} else if previous != "" {
		at.line = lines[previous]
	}
	return at
}
