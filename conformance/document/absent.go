package document

import (
	"slices"
	"strings"
)

// absent finds what a document that else is whole leaves out in one place: the answer of an endpoint, the table of an object,
// the frame that only an event's example shows, the statuses. A gap is where something might be told more fully; here the contract
// has names that the document has nowhere. A page of a few endpoints is none that leaves out.
func (p *proof) absent() {
	answered, silent := 0, []Finding{}
	for i := range p.parts {
		if s := &p.parts[i]; s.subject == nil || s.subject.operation == nil || s.subject.operation.Reference || !s.callsOut() {
			continue
		}
		if f, missing := p.unanswered(i); missing {
			silent = append(silent, f)
		} else {
			answered++
		}
	}
	p.exceptions(silent, answered)
	var bare, unframed []Finding
	framed := 0
	for _, s := range p.subjects {
		if s.event == nil {
			continue
		}
		bare = append(bare, p.tableless(s)...)
		if f, missing := p.unframed(s); missing {
			unframed = append(unframed, f)
		} else if p.shown[s.id] != nil {
			framed++
		}
	}
	p.exceptions(bare, len(p.tables))
	p.exceptions(unframed, framed)
	if answered > 2 {
		p.statusless()
	}
}

// exceptions reports what a document leaves out in few places and has in most.
func (p *proof) exceptions(missing []Finding, there int) {
	if there < 3 || there <= 2*len(missing) {
		return
	}
	for _, f := range missing {
		p.found(f, spot{line: f.Line, section: f.Section})
	}
}

// unanswered tells of an endpoint line below which no example and no list shows the answer's fields.
func (p *proof) unanswered(i int) (f Finding, missing bool) {
	s := &p.parts[i]
	if len(s.subject.examples) == 0 {
		return f, false
	}
	at := spot{line: s.Line, section: s.Heading}
	for k := i; k < len(p.parts) && (k == i || p.parts[k].subject == s.subject && !p.parts[k].callsOut()); k++ {
		part := &p.parts[k]
		for b := range part.Blocks {
			block := &part.Blocks[b]
			if block.Code != nil && (block.Code.JSON != nil || block.Code.Broken != "") {
				return f, false // if it is of something else, that is found by itself
			}
			if block.Code != nil && block.Code.Curl != nil || block.Endpoint != nil && k == i {
				at = spot{line: block.End, section: part.Heading}
			}
		}
		if plainAnswer(part.Heading) {
			at = spot{line: part.Line, section: part.Heading}
		}
	}
	ways := s.subject.examples[0].ways()
	if len(ways) == 0 || slices.ContainsFunc(ways, func(way string) bool { return p.claimed(s.subject.id, "field "+way) }) {
		return f, false
	}
	return Finding{
		Kind: Drift, Rule: "answer-missing", Subject: s.subject.id, Document: "none", Contract: anyOf(outermost(ways)), Line: at.line, Section: at.section,
		Message: "no example and no table shows what " + called(s.subject) + " answers; the contract has " + anyOf(outermost(ways)),
	}, true
}

// outermost are the names of ways that have no other before them.
func outermost(ways []string) []string {
	var names []string
	for _, way := range ways {
		if !strings.Contains(way, ".") {
			names = append(names, way)
		}
	}
	return names
}

// tableless tells of the objects of an event that one table says there are, and no other table has the fields of.
func (p *proof) tableless(s *subject) []Finding {
	var missing []Finding
	for _, object := range s.objects() {
		if _, there := p.tables[s.id+" "+object]; there {
			continue
		}
		within := s.within(object)
		if object == "" || len(within) == 0 || !p.claimed(s.id, "field "+object) || s.field(object).traits[traitAlways] != "" {
			continue
		}
		parent, name := split(object)
		beside := map[string][2]int{} // the tables of what stands beside it
		for _, other := range s.objects() {
			above, sibling := split(other)
			if lines, there := p.tables[s.id+" "+other]; there && above == parent {
				beside[sibling] = lines
			}
		}
		line := p.gapAt(name, beside)
		if line == 0 {
			line = p.tables[s.id+" "+parent][1]
		}
		missing = append(missing, Finding{
			Kind: Drift, Rule: "table-missing", Subject: s.id + " field " + object, Document: "none", Contract: anyOf(within), Line: line,
			Message: "no table has the fields of " + object + "; the contract has " + anyOf(within),
		})
	}
	return missing
}

// unframed tells of the names of an event that only its example shows, where it has tables alone.
func (p *proof) unframed(s *subject) (f Finding, absent bool) {
	last := 0
	for key, lines := range p.tables {
		if id, _, _ := strings.Cut(key, " "); id == s.id {
			last = max(last, lines[1])
		}
	}
	if p.shown[s.id] != nil || last == 0 {
		return f, false
	}
	var missing []string
	for _, f := range s.fields {
		if f.name != "" && !strings.Contains(f.name, ".") && f.required && !p.claimed(s.id, "field "+f.name) {
			missing = append(missing, f.name)
		}
	}
	return Finding{
		Kind: Drift, Rule: "field-missing", Subject: s.id, Document: "no example", Contract: anyOf(missing), Line: last,
		Message: "no example and no table has " + anyOf(missing) + " of " + s.event.Name + ", which the contract shows",
	}, len(missing) > 0
}

// statusless reports a document that tells of errors, and has no statuses for them.
func (p *proof) statusless() {
	if len(p.statuses) == 0 || !p.own || slices.ContainsFunc(p.claims, func(c claim) bool { return strings.HasPrefix(c.subject, "status ") }) {
		return
	}
	at := spot{}
	for i := range p.parts {
		if part := &p.parts[i]; at.line == 0 && part.subject == nil && slices.Contains(part.title, "error") {
			at = spot{line: part.Line, section: part.Heading}
			if n := len(part.Blocks); n > 0 {
				at.line = part.Blocks[n-1].End
			}
		}
	}
	p.drift("status-missing", at, "statuses", "no table has the statuses of answers; the contract has "+anyOf(p.statuses), "none", anyOf(p.statuses))
}

// after is where something would stand that the document leaves out: behind what is told of the subject before it, in the order
// of the contract; nowhere in a document that has less than half of such.
func (p *proof) after(s *subject) spot {
	all, told := 0, 0
	for _, other := range p.subjects {
		if (other.event == nil) != (s.event == nil) || other.operation != nil && other.operation.Reference {
			continue
		}
		if all++; p.endOf(other).line > 0 {
			told++
		}
	}
	if 2*told < all {
		return spot{}
	}
	at := slices.Index(p.subjects, s)
	for i := at - 1; i >= 0; i-- {
		if other := p.subjects[i]; (other.event == nil) == (s.event == nil) {
			if end := p.endOf(other); end.line > 0 {
				return end
			}
		}
	}
	return spot{}
}

// endOf is the last line of the sections that are about a subject: from its own up to those that are plainly part of it.
func (p *proof) endOf(s *subject) spot {
	end, foreign := spot{}, 0
	for i := range p.parts {
		part := &p.parts[i]
		switch {
		case part.subject != s:
			foreign = 0
			continue
		case !part.titled && end.line == 0, foreign > 1:
			continue
		case !part.titled && !p.plain(s, part.Heading):
			foreign++ // "Use cases" stand amid them
			continue
		}
		foreign = 0
		end = spot{line: part.Line, section: part.Heading}
		if n := len(part.Blocks); n > 0 {
			end.line = part.Blocks[n-1].End
		}
	}
	return end
}
