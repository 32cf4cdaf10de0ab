package document

import (
	"slices"
	"strings"
)

// tableParts says which column of a table holds what; -1 for none.
type tableParts struct {
	name, kind, required, description, values, byDefault int
	scope, status, event                                 int
}

// partsOf reads a header. Tables call the same thing by several words.
func partsOf(header []string) tableParts {
	c := tableParts{-1, -1, -1, -1, -1, -1, -1, -1, -1}
	set := func(column *int, i int) {
		if *column < 0 {
			*column = i
		}
	}
	for i, cell := range header {
		title := titleWords(cell)
		has := func(list ...string) bool {
			return slices.ContainsFunc(list, func(word string) bool { return slices.Contains(title, word) })
		}
		switch {
		case has("required", "mandatory", "optional"):
			set(&c.required, i)
		case has("default"):
			set(&c.byDefault, i)
		case has("event") && has("type", "name") || len(title) == 1 && has("event"):
			set(&c.event, i)
		case has("type") && !has("field") || len(title) == 1 && has("type"):
			set(&c.kind, i)
		case has("supported", "allowed", "possible", "accepted", "valid") || len(title) == 1 && has("value", "enum", "constraint"):
			set(&c.values, i)
		case has("description", "note", "detail", "meaning", "purpose"):
			set(&c.description, i)
		case has("scope", "permission"):
			set(&c.scope, i)
		case has("code") || len(title) == 1 && has("status"):
			set(&c.status, i)
		case has("parameter", "field", "property", "attribute", "argument", "key", "name", "member", "header"):
			set(&c.name, i)
		}
	}
	return c
}

// table judges a table by what its header says that it holds.
func (p *proof) table(s *part, block *Block) {
	t := block.Table
	c := partsOf(t.Header)
	switch {
	case c.scope >= 0 && c.name < 0:
		p.scopeTable(s, t, c)
	case c.status >= 0 && c.name < 0 && numeric(t, c.status):
		p.statusTable(s, t, c)
	case c.name >= 0 && c.kind >= 0 && s.subject != nil:
		p.itemTable(s, block, c)
	default:
		p.cells(s, t, c)
	}
}

// numeric: most of a column are numbers.
func numeric(t *Table, column int) bool {
	n := 0
	for _, row := range t.Rows {
		if isNumber(row.cell(column)) {
			n++
		}
	}
	return 2*n > len(t.Rows)
}

// cell is a cell's text without the marks of code; "" for a column that there is not.
func (r Row) cell(column int) string {
	if column < 0 || column >= len(r.Cells) {
		return ""
	}
	return strings.Trim(strings.TrimSpace(r.Cells[column]), "`*_ ")
}

// itemTable judges a table of parameters, or of the fields of an object.
func (p *proof) itemTable(s *part, block *Block, c tableParts) {
	target := p.targetOf(s, block.Table, c)
	if target.items == nil {
		p.cells(s, block.Table, c)
		return
	}
	seen := map[string]bool{}
	lines := map[string][2]int{}
	for _, row := range block.Table.Rows {
		name := row.cell(c.name)
		lines[name] = [2]int{row.Line, row.Line}
		at := p.find(s.Section, row.Line, row.Line, name)
		it := target.find(name)
		if it == nil {
			p.unknownItem(s, target, name, at)
			continue
		}
		p.matched++
		seen[it.name] = true
		p.row(s, target, it, row, c)
		if it.in == "path" {
			p.tabled[s.subject.id+" "+name] = true
			p.pathName(s, name, at)
		}
		if target.headed && it.in != "" && it.in != target.place {
			p.drift("place-drift", at, s.subject.id+" "+it.label(),
				"the table has "+name+" as a parameter of the "+target.place+", the contract of the "+it.in, target.place, it.in)
		}
	}
	p.own = p.own || target.fields && len(seen) > 1
	if target.fields && len(seen) > 0 {
		p.tables[target.subject.id+" "+target.object] = [2]int{block.Line, block.End}
	}
	p.missingRows(s, block, target, seen, lines)
}

// A target is what the rows of a table are: the parameters of an operation, or the fields of one object.
type target struct {
	subject *subject
	object  string // the way to the object; "" too for parameters
	place   string // "path", "query" or "body" where the heading says so, or else the rows
	headed  bool   // the heading says so
	items   []*property
	fields  bool
}

func (t target) find(name string) *property {
	if !t.fields {
		return named(t.items, name)
	}
	for _, f := range t.items {
		if f.name == join(t.object, name) || f.name == name {
			return f
		}
	}
	return nil
}

// targetOf decides what a table's rows are. An object is the one that has most of the names; of several, the one that the
// heading or the descriptions name.
func (p *proof) targetOf(s *part, t *Table, c tableParts) target {
	var names []string
	for _, row := range t.Rows {
		names = append(names, row.cell(c.name))
	}
	title := titleWords(s.Heading)
	parameters := slices.Contains(title, "parameter") || strings.Contains(strings.ToLower(t.Header[c.name]), "param")
	if s.subject.operation != nil {
		known := 0
		for _, name := range names {
			if named(s.subject.items, name) != nil {
				known++
			}
		}
		object, score := p.objectOf(s, names, t, c)
		if parameters || known > 0 && known*100 >= score {
			if place := placeIn(title); place != "" && p.firstTable(s, t) {
				return target{subject: s.subject, place: place, headed: true, items: s.subject.items}
			}
			return target{subject: s.subject, place: p.placeOf(s.subject, names), items: s.subject.items}
		}
		if score < 100 {
			return target{}
		}
		return target{subject: s.subject, object: object, items: s.subject.fields, fields: true}
	}
	object, score := p.objectOf(s, names, t, c)
	if score == 0 {
		return p.targetElsewhere(s, names, t, c)
	}
	return target{subject: s.subject, object: object, items: s.subject.fields, fields: true}
}

// targetElsewhere is the object of another event that has most of a table's names, and two at least: one that an event
// lacks may be described under it all the same.
func (p *proof) targetElsewhere(s *part, names []string, t *Table, c tableParts) target {
	var best target
	most := 199
	for _, other := range p.subjects {
		if other.event == nil {
			continue
		}
		there := *s
		there.subject = other
		if object, score := p.objectOf(&there, names, t, c); score > most {
			best, most = target{subject: other, object: object, items: other.fields, fields: true}, score
		}
	}
	return best
}

// firstTable: of several tables under one heading, the heading is that of the first.
func (p *proof) firstTable(s *part, t *Table) bool {
	for _, block := range s.Blocks {
		if block.Table != nil {
			return block.Table == t
		}
	}
	return false
}

// placeOf is the place that all parameters of these names have, "" where they are of several.
func (p *proof) placeOf(s *subject, names []string) string {
	place := ""
	for _, name := range names {
		switch i := named(s.items, name); {
		case i == nil:
		case place == "":
			place = i.in
		case place != i.in:
			return ""
		}
	}
	return place
}

func placeIn(title []string) string {
	for _, word := range title {
		switch word {
		case "path", "query", "body", "header":
			return word
		case "request":
			return "body"
		}
	}
	return ""
}

func (p *proof) objectOf(s *part, names []string, t *Table, c tableParts) (object string, most int) {
	title := titleWords(s.Heading)
	for _, path := range s.subject.objects() {
		_, last := split(path)
		score := 100 * overlap(names, s.subject.within(path))
		if overlap(nameWords(last), title) > 0 {
			score += 10
		}
		if n := len(s.subject.within(path)); n == len(names) && score >= 100*n {
			score += 5 // all of it, and not some of a larger one
		}
		for _, row := range t.Rows {
			if overlap(nameWords(last), words(row.cell(c.description))) > 0 {
				score++
			}
		}
		if score > most {
			object, most = path, score
		}
	}
	return object, most
}

// unknownItem reports a row of a name that the contract has not.
func (p *proof) unknownItem(s *part, t target, name string, at spot) {
	var names []string
	for _, i := range t.items {
		if !t.fields {
			names = append(names, i.name)
		} else if parent, last := split(i.name); parent == t.object && last != "" {
			names = append(names, last)
		}
	}
	contract, rule := nearest(name, names), "parameter-unknown"
	if t.fields {
		rule = "field-unknown"
	}
	if contract == "" {
		contract = "no such name"
	}
	p.drift(rule, at, s.subject.id+" "+name, "the table has "+name+", which the contract has not; it has "+anyOf(names), name, contract)
}

// pathName holds the name of a path's parameter to the endpoint line that it is of: on the wire it is nowhere.
func (p *proof) pathName(s *part, name string, at spot) {
	for i := len(p.parts) - 1; i >= 0; i-- {
		part := p.parts[i]
		if part.subject != s.subject || part.Line > s.Line {
			continue
		}
		for _, block := range part.Blocks {
			if block.Endpoint == nil {
				continue
			}
			var names []string
			for _, segment := range segments(block.Endpoint.Path) {
				if n, ok := placeholder(segment); ok {
					names = append(names, n)
				}
			}
			if !slices.Contains(names, name) {
				p.contradiction("path-parameter-conflict", at, spot{line: block.Line}, s.subject.id+" path "+name,
					"the table has "+name+", the endpoint line {"+strings.Join(names, "}, {")+"}", name, strings.Join(names, ", "))
			}
			return
		}
	}
}

// label names an item beside its subject: "query per_page", "field chat_user.name".
func (i *property) label() string {
	if i.in == "" {
		return "field " + i.name
	}
	return i.in + " " + i.name
}
