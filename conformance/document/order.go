package document

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// sequences are the names of each object and each list of parameters of the OpenAPI document, in its own order, which is
// the order of the published tables and examples.
func sequencesOf(source []byte) ([][]string, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(source, &root); err != nil {
		return nil, fmt.Errorf("order of names: %w", err)
	}
	var all [][]string
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		if n.Kind == yaml.MappingNode {
			var names []string
			for i := 0; i+1 < len(n.Content); i += 2 {
				names = append(names, n.Content[i].Value)
			}
			if len(names) > 1 {
				all = append(all, names)
			}
		}
		for _, child := range n.Content {
			visit(child)
		}
	}
	visit(&root)
	return all, nil
}

// neighbours are the names that stand before and after a name where the contract has it beside the most of the others, the
// nearest first.
func (c *Contract) neighbours(name string, others []string) (before, after []string) {
	var best []string
	most := 0
	for _, names := range c.sequences {
		if !slices.Contains(names, name) {
			continue
		}
		if n := overlap(names, others); n > most {
			best, most = names, n
		}
	}
	at := slices.Index(best, name)
	for i := at - 1; i >= 0; i-- {
		before = append(before, best[i])
	}
	if at >= 0 {
		after = best[at+1:]
	}
	return before, after
}

// gapAt is the line where a name is missing among those that are there: after the one that the contract has before it, or
// before the one that comes after it; 0 where neither is there. Both lines of a name are its first and its last.
func (c *Contract) gapAt(name string, lines map[string][2]int) int {
	before, after := c.neighbours(name, sortedKeys(lines))
	for _, n := range before {
		if l, there := lines[n]; there {
			return l[1]
		}
	}
	for _, n := range after {
		if l, there := lines[n]; there {
			return l[0]
		}
	}
	return 0
}

// linesOfMembers are the lines of an object's members.
func (v *Value) linesOfMembers() map[string][2]int {
	lines := map[string][2]int{}
	for _, m := range v.Members {
		last := m.Line
		m.walk("", func(_ string, v *Value) { last = max(last, v.Line) })
		if len(m.Members)+len(m.Items) > 0 {
			last++ // its closing bracket
		}
		lines[m.Name] = [2]int{m.Line, last}
	}
	return lines
}
