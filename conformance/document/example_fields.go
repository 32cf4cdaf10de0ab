package document

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shows holds an example's names to the contract: one that it does not know is drift, though a client would let it
// pass. What was shown is kept, for what no example shows.
func (p *proof) shows(s *part, m model, value *Value) {
	shown := p.shown[m.id]
	if shown == nil {
		shown = &shownFields{first: p.spotOf(s, value), at: map[string]spot{}, last: map[string]spot{}}
		p.shown[m.id] = shown
	}
	known := m.ways()
	fields := map[string]bool{}
	value.walk("", func(path string, v *Value) {
		if path == "" || v.Name == "" {
			return
		}
		at := p.spotOf(s, v)
		fields[path] = true
		shown.last[path] = at
		if _, seen := shown.at[path]; !seen {
			shown.at[path] = at
		}
		if !slices.Contains(known, path) {
			p.unknownField(m, path, at, known)
			return
		}
		p.kind(m, path, v, at)
		p.held(s, m, path, v, at)
		p.echoed(m, path, v, at)
	})
	shown.each = append(shown.each, fields)
}

// echoed holds what an answer says back of its request to the words that the request may have.
func (p *proof) echoed(m model, path string, v *Value, at spot) {
	if m.subject == nil || m.subject.operation == nil || v.Kind != "string" || strings.Contains(path, ".") {
		return
	}
	i := m.subject.item(path)
	if i == nil || i.in != "body" || i.traits[traitEnum] == "" || slices.Contains(strings.Split(i.traits[traitEnum], ", "), v.Text) {
		return
	}
	p.drift("example-drift", at, m.id+" "+path,
		fmt.Sprintf("the example's %s is %s, the request's is %s", path, v.Text, i.traits[traitEnum]), v.Text, i.traits[traitEnum])
}

// unknownField reports a name that the contract has not. What stands in an object that the contract leaves open may
// have any.
func (p *proof) unknownField(m model, path string, at spot, known []string) {
	parent, name := split(path)
	if parent != "" && m.open(parent) || parent != "" && !slices.Contains(known, parent) {
		return
	}
	var siblings []string
	for _, k := range known {
		if above, last := split(k); above == parent && last != "" && !slices.Contains(siblings, last) {
			siblings = append(siblings, last)
		}
	}
	contract := "no such field"
	if near := nearest(name, siblings); near != "" {
		contract = near
	}
	p.drift("field-unknown", at, m.id+" "+path,
		fmt.Sprintf("the example has %s, which the contract has not; it has %s", path, anyOf(siblings)), name, contract)
}

// ways are those that the contract knows.
func (m model) ways() []string {
	if m.failure != nil {
		return m.failure.ways()
	}
	var ways []string
	for _, f := range m.subject.fields {
		ways = append(ways, f.name)
	}
	for _, e := range m.subject.examples { // within an open object, what the contract shows
		ways = append(ways, e.ways()...)
	}
	return ways
}

// open tells whether the contract leaves it to others what stands in the object at path.
func (m model) open(path string) bool {
	return m.subject != nil && m.subject.field(path) != nil && len(m.subject.within(path)) == 0
}

// kind holds a value to the contract's examples where the contract admits any kind.
func (p *proof) kind(m model, path string, v *Value, at spot) {
	if m.subject == nil {
		return
	}
	f := m.subject.field(path)
	if f != nil && len(f.types) > 0 {
		return
	}
	var kinds []string
	for _, e := range m.subject.examples {
		if k := e.kinds[path]; k != "" && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) > 0 && !slices.Contains(kinds, v.Kind) {
		p.drift("example-drift", at, m.id+" "+path,
			fmt.Sprintf("the example's %s is %s, where the contract's own shows %s", path, v.Kind, anyOf(kinds)), v.Kind, anyOf(kinds))
	}
}

// uneventful reports the events of which the document has neither an example nor a table.
func (p *proof) uneventful() {
	described := map[string]bool{}
	for _, c := range p.claims {
		if strings.HasPrefix(c.item, "field ") {
			described[c.subject] = true
		}
	}
	for _, s := range p.subjects {
		switch {
		case s.event == nil || !p.own:
		case p.shown[s.id] == nil && !described[s.id]:
			p.drift("event-missing", p.after(s), s.id, "the document has nothing of "+s.event.Name+", which the contract has", "none", s.event.Name)
		case p.shown[s.id] == nil:
			p.gap("event-unshown", p.titleSpot(s), s.id, "there is no example of "+s.event.Name)
		}
	}
}

// titleSpot is where the first section about a subject begins.
func (p *proof) titleSpot(s *subject) spot {
	for i := range p.parts {
		if p.parts[i].subject == s {
			return spot{line: p.parts[i].Line, section: p.parts[i].Heading}
		}
	}
	return spot{}
}

// unshown reports the fields that the contract's examples show, and no example of the document.
func (p *proof) unshown() {
	for _, id := range slices.Sorted(maps.Keys(p.shown)) {
		shown := p.shown[id]
		for _, path := range p.contractWays(id) {
			if _, there := shown.at[path]; there || p.claimed(id, "field "+path) {
				continue
			}
			parent, name := split(path)
			at := shown.first
			if parent != "" {
				above, there := shown.at[parent]
				if !there {
					continue // said once, of what it stands in
				}
				at = above
			}
			if line := p.gapAt(name, shown.siblings(parent)); line > 0 {
				at = spot{line: line, section: at.section}
			}
			p.found(Finding{
				Kind: Drift, Rule: "field-missing", Subject: id + " " + path, Document: "no " + name, Contract: name,
				Message: fmt.Sprintf("no example and no table has %s, which the contract shows", path),
				Other:   p.gapAt(name, siblingsIn(shown.last, parent)), // where the last of several would have it
			}, at)
		}
	}
}

// siblings are the lines of what the examples show in the object at a way.
func (f *shownFields) siblings(path string) map[string][2]int { return siblingsIn(f.at, path) }

func siblingsIn(shown map[string]spot, path string) map[string][2]int {
	lines := map[string][2]int{}
	for way, at := range shown {
		if parent, name := split(way); parent == path {
			last := at.line
			for within, place := range shown {
				if strings.HasPrefix(within, way+".") {
					last = max(last, place.line+1) // and its closing bracket
				}
			}
			lines[name] = [2]int{at.line, last}
		}
	}
	return lines
}

func (p *proof) contractWays(id string) []string {
	set := map[string]bool{}
	var all []*example
	if s := p.subject(id); s != nil {
		all = s.examples
	}
	for i := range p.errors {
		if p.errorID(&p.errors[i]) == id {
			all = append(all, p.errors[i].example)
		}
	}
	for _, e := range all {
		for _, way := range e.ways() {
			set[way] = true
		}
	}
	return sortedKeys(set)
}

// claimed tells whether the document says anything of an item.
func (p *proof) claimed(subject, item string) bool { return p.about[subject+" "+item] }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func quoteJSON(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(quoted)
}
