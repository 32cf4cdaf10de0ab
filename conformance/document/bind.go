package document

import (
	"slices"
	"strings"
)

// A part is a section with what it is about.
type part struct {
	*Section
	title   []string // the heading's words
	subject *subject // of its endpoint lines, tables, examples and commands; nil for none
	// about: the section's prose is about the subject, too: it has its endpoint, its heading or something of it, or a
	// heading that says nothing of its own.
	about bool
	// titled: the section has the subject's endpoint line or heading itself.
	titled bool
}

// bind finds what each section is about. A section with an endpoint line, with an event's name in an example, or under
// the heading of an operation or event begins a stretch that is about that; the sections below it, up to the next one,
// belong to it. No heading's level is needed, since text has none.
func (p *proof) bind() {
	sections := parted(p.doc.Sections)
	p.parts = make([]part, len(sections))
	starts := make([]*subject, len(sections))
	for i := range sections {
		p.parts[i].Section, p.parts[i].title = &sections[i], titleWords(sections[i].Heading)
		starts[i] = p.startOf(&sections[i])
	}
	var current *subject
	for i := range p.parts {
		if starts[i] != nil {
			current = starts[i]
		}
		p.parts[i].subject = current
	}
	p.bindEvents(starts)
	for i := range p.parts {
		part := &p.parts[i]
		part.titled = part.subject != nil && starts[i] == part.subject
		part.about = part.subject != nil && (starts[i] == part.subject || p.plain(part.subject, part.Heading))
	}
}

// parted cuts sections where an endpoint line stands behind tables, code or another endpoint line: there a heading is
// missing, with which the description of the next endpoint begins.
func parted(sections []Section) []Section {
	var all []Section
	for _, s := range sections {
		from, full := 0, false
		for i := range s.Blocks {
			if s.Blocks[i].Endpoint != nil && full {
				cut := i
				for cut > from && i-cut < 2 && s.Blocks[cut-1].prose() && s.Blocks[cut-1].Key == "" {
					cut--
				}
				before := s
				before.Blocks = s.Blocks[from:cut]
				all = append(all, before)
				s.Heading, s.Line, from = "", s.Blocks[cut].Line, cut
			}
			full = full || !s.Blocks[i].prose()
		}
		s.Blocks = s.Blocks[from:]
		all = append(all, s)
	}
	return all
}

// startOf is the subject that a section begins to be about.
func (p *proof) startOf(s *Section) *subject {
	for _, block := range s.Blocks {
		if e := block.Endpoint; e != nil {
			m := mentionOf(e.Method, e.Path)
			if r, found := p.route(m); found {
				return r.subject
			}
			if titled := p.titled(s.Heading); titled != nil && titled.operation != nil {
				return titled
			}
			if near := p.closest(m); near != nil {
				return near
			}
		}
	}
	return p.titled(s.Heading)
}

// titled is the subject whose heading this is.
func (p *proof) titled(heading string) *subject {
	if heading == "" {
		return nil
	}
	title := titleWords(heading)
	for _, s := range p.subjects {
		if slices.Equal(title, s.title) && (s.operation == nil || !s.operation.Reference && !p.sharedHeading(s)) {
			return s
		}
	}
	return nil
}

// sharedHeading: the heading names several operations, and so none.
func (p *proof) sharedHeading(s *subject) bool {
	n := 0
	for _, other := range p.subjects {
		if other.heading == s.heading {
			n++
		}
	}
	return n > 1
}

// bindEvents finds the events whose heading was renamed: an example names an event that no heading does. What stands
// between it and the example before it is about it.
func (p *proof) bindEvents(starts []*subject) {
	last := -1 // the section with the example before
	for i := range p.parts {
		event := p.eventOf(p.parts[i].Section)
		if event == nil {
			if starts[i] != nil {
				last = i - 1
			}
			continue
		}
		if p.parts[i].subject != event && starts[i] == nil && !p.startsAt(starts, event) {
			from := last + 1
			if current := p.parts[i].subject; current != nil && current.operation != nil {
				from = i
			} else if last < 0 || p.parts[last].subject == nil || p.parts[last].subject.event == nil {
				from = p.tablesBefore(i, last)
			}
			for k := from; k <= i; k++ {
				if starts[k] == nil {
					p.parts[k].subject = event
				}
			}
			starts[i] = event
		}
		last = i
	}
}

// tablesBefore is the first of the sections with tables that stand directly before one, behind another.
func (p *proof) tablesBefore(i, last int) int {
	tabled := func(k int) bool {
		return slices.ContainsFunc(p.parts[k].Blocks, func(b Block) bool { return b.Table != nil })
	}
	for i-1 > last && tabled(i-1) {
		i--
	}
	if i-1 > last && len(p.parts[i-1].Blocks) == 0 {
		i-- // the heading above them
	}
	return i
}

func (p *proof) startsAt(starts []*subject, s *subject) bool { return slices.Contains(starts, s) }

// eventOf is the event that an example in the section names; the contract says where a payload has its name.
func (p *proof) eventOf(s *Section) *subject {
	for _, block := range s.Blocks {
		if block.Code == nil || block.Code.JSON == nil || block.Code.JSON.Kind != "object" {
			continue
		}
		for _, subject := range p.subjects {
			if subject.event != nil && subject.named(block.Code.JSON) {
				return subject
			}
		}
	}
	return nil
}

// named tells whether a payload bears the event's name.
func (s *subject) named(payload *Value) bool {
	for _, f := range s.fields {
		if f.traits[traitEnum] == s.event.Name {
			member := payload.member(f.name)
			return member != nil && member.Text == s.event.Name
		}
	}
	return false
}

// member finds a member of an object by its name, nil for none.
func (v *Value) member(name string) *Value {
	for _, m := range v.Members {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// plain tells whether a heading says nothing of its own: it is made of words that any operation's or event's parts
// have ("Query Parameters"), or is the name of a part of the subject ("Assignee").
func (p *proof) plain(s *subject, heading string) bool {
	words := titleWords(heading)
	if len(words) == 0 {
		return true
	}
	if strings.HasPrefix(strings.ToLower(heading), "example") {
		return true
	}
	for _, word := range words {
		if !plainWords[word] && !slices.ContainsFunc(s.objects(), func(path string) bool {
			_, name := split(path)
			return slices.Contains(nameWords(name), word)
		}) {
			return false
		}
	}
	return true
}

// plainTitle: no word of a heading says what the part is of.
func plainTitle(heading string) bool {
	return !slices.ContainsFunc(titleWords(heading), func(word string) bool { return !plainWords[word] })
}

// plainWords stand in headings of parts, and never name what the parts are of.
var plainWords = wordSet("path query request response parameter body example sample field description note important " +
	"rate limit header error return usage general event structure root element payload data schema attribute property " +
	"result answer output input url and of the for detail option argument value what mean meaning say")

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}
