package document

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// scopeTable judges a table of scopes: which there are, and which a token holds by itself.
func (p *proof) scopeTable(s *part, t *Table, c tableParts) {
	seen := map[string]bool{}
	var names []string
	for _, scope := range p.scopes {
		names = append(names, scope.name)
	}
	for _, row := range t.Rows {
		name := row.cell(c.scope)
		at := p.find(s.Section, row.Line, row.Line, name)
		i := slices.Index(names, name)
		if i < 0 {
			near := nearest(name, names)
			p.drift("scope-unknown", at, name, "the contract has no scope "+name+"; it has "+anyOf(names), name, orNone(near))
			continue
		}
		p.matched++
		p.own, seen[name] = true, true
		byDefault := strings.Contains(strings.ToLower(strings.Join(row.Cells[min(1, len(row.Cells)):], " ")), "default")
		p.says("scope "+name, "grant", "default", yesNo(byDefault), at)
		if byDefault != p.scopes[i].byDefault {
			p.drift("scope-default-drift", at, name,
				fmt.Sprintf("by default granted: the document has %s, the contract %s", yesNo(byDefault), yesNo(p.scopes[i].byDefault)),
				yesNo(byDefault), yesNo(p.scopes[i].byDefault))
		}
	}
	for _, name := range names {
		if !seen[name] && len(t.Rows) > 0 {
			p.drift("scope-missing", p.find(s.Section, t.Rows[0].Line, t.Rows[0].Line, ""), name,
				"the table has no "+name+", which the contract has", "none", name)
		}
	}
}

// statusTable judges a table of status codes.
func (p *proof) statusTable(s *part, t *Table, c tableParts) {
	seen := map[string]bool{}
	last := 0
	for _, row := range t.Rows {
		for i := range row.Cells {
			p.factsSaid(s, row.cell(i), row.Line, row.Line)
		}
		code := row.cell(c.status)
		at := p.find(s.Section, row.Line, row.Line, code)
		last = row.Line
		phrase := ""
		for i, cell := range row.Cells {
			if i != c.status && phrase == "" {
				phrase = strings.TrimSpace(cell)
			}
		}
		number, _ := strconv.Atoi(code)
		switch {
		case !slices.Contains(p.statuses, code):
			p.drift("status-unknown", at, "status "+code, "the contract has no status "+code+"; it has "+anyOf(p.statuses), code, anyOf(p.statuses))
			continue
		case seen[code]:
			p.drift("status-drift", at, "status "+code, "the status "+code+" stands twice", code, "once")
		case codeOf(phrase) != 0 && codeOf(phrase) != number:
			p.drift("status-drift", at, "status "+code, fmt.Sprintf("%s is %d, here is %s", phrase, codeOf(phrase), code), code, strconv.Itoa(codeOf(phrase)))
		case codeOf(phrase) == 0 && nearPhrase(phrase) != 0:
			p.drift("status-drift", at, "status "+code, "the phrase of "+code+" is "+http.StatusText(nearPhrase(phrase))+", here is "+phrase, phrase, http.StatusText(nearPhrase(phrase)))
		}
		if codeOf(phrase) == 0 || codeOf(phrase) == number {
			p.statusMeant(s, row, c, number)
		}
		p.matched++
		seen[code] = true
		p.says("status "+code, "phrase", "phrase", phrase, at)
	}
	for _, status := range p.statuses {
		if !seen[status] {
			p.drift("status-missing", p.find(s.Section, last, last, ""), "status "+status, "the table has no "+status+", which the contract has", "none", status)
		}
	}
}

// nearPhrase is the status whose phrase this nearly is, 0 for none.
func nearPhrase(phrase string) int {
	for _, s := range statusTexts() {
		if nearest(phrase, []string{s.text}) != "" {
			return s.code
		}
	}
	return 0
}

// cells judges a table of another kind by what stands in its cells: endpoints, events, scopes, values.
func (p *proof) cells(s *part, t *Table, c tableParts) {
	for _, row := range t.Rows {
		p.summary(s, t, row, c)
		p.patternsSaid(s, strings.Join(row.Cells, ""), row.Line, row.Line) // a form without separators may have cut it anywhere
		for i := range row.Cells {
			cell := row.cell(i)
			if i == c.event {
				p.eventNamed(s, row, cell)
				continue
			}
			if i > 0 && slices.Contains(titleWords(t.Header[i]), "endpoint") && !strings.Contains(cell, "/") {
				p.drift("endpoint-drift", spot{line: row.Line, section: s.Heading}, row.cell(0), "expected an endpoint, came "+orNone(cell), orNone(cell), "an endpoint")
			}
			if m, ok := endpointIn(cell); ok {
				p.endpointCell(s, row, m)
				continue
			}
			p.scanned(s, nil, cell, row.Line, row.Line)
			p.prosed(s, cell, row.Line, row.Line)
		}
	}
	p.scopeList(s, t)
}

// endpointIn reads a cell that is an endpoint: "POST /reply".
func endpointIn(cell string) (mention, bool) {
	method, path, found := strings.Cut(strings.Trim(cell, "`"), " ")
	if !found || !strings.HasPrefix(strings.TrimSpace(path), "/") || method != strings.ToUpper(method) {
		return mention{}, false
	}
	m := mentionOf(method, strings.TrimSpace(path))
	m.short = true
	return m, true
}

// endpointCell judges an endpoint in a table, whose first cell may name the operation.
func (p *proof) endpointCell(s *part, row Row, m mention) {
	at := p.find(s.Section, row.Line, row.Line, m.path)
	titled := p.titled(row.cell(0))
	subject := p.mentioned(m, at, titled)
	if subject != nil && titled != nil && titled.operation != nil && titled != subject {
		p.drift("endpoint-drift", at, titled.id, row.cell(0)+" is "+called(titled)+" in the contract, here "+m.method+" "+m.path,
			m.method+" "+m.path, called(titled))
	}
}

// eventNamed judges a cell that is an event's name.
func (p *proof) eventNamed(s *part, row Row, name string) {
	at := p.find(s.Section, row.Line, row.Line, name)
	var names []string
	for _, e := range p.Events {
		names = append(names, e.Name)
	}
	if !slices.Contains(names, name) {
		near := nearest(name, names)
		p.drift("event-unknown", at, name, "the contract has no event "+name+"; it has "+anyOf(names), name, orNone(near))
		return
	}
	p.matched++
	p.own = true
	p.says("event "+name, "name", "name", name, at)
	best, most := name, 0
	title := words(strings.Join(row.Cells[:1], " "))
	for _, other := range names {
		n := 2 * overlap(title, nameWords(other))
		if other == name {
			n++
		}
		if n > most {
			best, most = other, n
		}
	}
	if best != name {
		p.drift("event-drift", at, best, row.cell(0)+" goes with "+best+", here is "+name, name, best)
	}
}

// scopeList judges a cell that lists scopes: all of them are asked for.
func (p *proof) scopeList(s *part, t *Table) {
	for _, row := range t.Rows {
		for i := range row.Cells {
			listed := scopeName().FindAllString(row.cell(i), -1)
			if len(listed) < 2 {
				continue
			}
			at := p.find(s.Section, row.Line, row.Line, listed[0])
			for _, scope := range p.scopes {
				if !slices.Contains(listed, scope.name) {
					p.drift("scope-missing", at, scope.name, "the list has no "+scope.name+", which the contract has", "none", scope.name)
				}
			}
		}
	}
}

// namedStandard is a form of instants by the name of its standard, as a cell names it.
var namedStandard = lazily(`^(ISO|RFC)[ -]?(\d+)$`)

// summary judges a row that describes a field in words: "Conversation Status | Boolean | true = open, false = closed".
func (p *proof) summary(s *part, t *Table, row Row, c tableParts) {
	i := p.summed(row.cell(0))
	if i == nil {
		return
	}
	p.matched++
	for k := range row.Cells[1:] {
		cell := row.cell(k + 1)
		at := p.find(s.Section, row.Line, row.Line, cell)
		if kind := typeIn(cell); kind != "" && kind != p.typeOf(i.property) {
			p.drift("type-drift", at, i.subject+" "+i.label(), "the document has "+kind+", the contract "+p.typeOf(i.property), kind, p.typeOf(i.property))
			continue
		}
		if m := namedStandard().FindStringSubmatch(cell); m != nil && i.timed() && m[1]+m[2] != "ISO8601" && m[1]+m[2] != "RFC3339" {
			p.drift("format-drift", at, i.subject+" "+i.label(), "the document has "+cell+", the contract ISO 8601", cell, "ISO 8601")
		}
		for _, one := range p.said(cell) {
			if one.trait == traitMeaning || one.trait == traitEnum {
				p.summarised(i, one, p.find(s.Section, row.Line, row.Line, one.piece))
			}
		}
		if list := bareList(cell); list != "" && i.traits[traitEnum] != "" {
			p.summarised(i, said{traitEnum, list, cell}, at)
		}
	}
}

func (p *proof) summarised(i *summedItem, one said, at spot) {
	p.says(i.subject, i.label(), one.trait, one.value, at)
	if contract, same := p.agree(i.property, one); !same {
		p.drift(string(one.trait)+"-drift", at, i.subject+" "+i.label(),
			fmt.Sprintf("the document has %s %s, the contract %s", one.trait, one.value, contract), one.value, contract)
	}
}

// A summedItem is a field that words describe, with what it is of.
type summedItem struct {
	*property
	subject string
}

// summed finds the field of an answer that words name: "Response Mode", "Conversation Status".
func (p *proof) summed(title string) *summedItem {
	given := titleWords(title)
	if len(given) == 0 {
		return nil
	}
	var best *summedItem
	most := 0
	for _, s := range p.subjects {
		if s.operation == nil || s.operation.Reference {
			continue
		}
		for _, f := range s.fields {
			if f.name == "" || strings.Contains(f.name, ".") {
				continue
			}
			name := titleWords(strings.Join(nameWords(f.name), " "))
			if overlap(name, given) < len(name) {
				continue
			}
			rest := without(given, name)
			if overlap(rest, s.about) < len(rest) {
				continue
			}
			if score := 10*len(name) + overlap(rest, s.about); score > most {
				best, most = &summedItem{f, s.id}, score
			}
		}
	}
	return best
}
