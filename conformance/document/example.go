package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/parley-contracts/parley/openapi/check"
)

// shownFields is what the examples of a subject show.
type shownFields struct {
	first spot
	at    map[string]spot // of each field, the first place
	last  map[string]spot // and the last
	each  []map[string]bool
}

// A model is what an example is held to: an operation's answer, an event, or an error.
type model struct {
	subject *subject // nil for an error
	failure *errorShape
	id      string // for a person and for the known ones: "list-conversations", "error 429"
}

// example judges a JSON block: what it is an example of, and whether the contract calls it that.
func (p *proof) example(s *part, block *Block) {
	value := block.Code.JSON
	m, ok := p.modelOf(s, value)
	if !ok {
		return
	}
	p.matched++
	p.own = p.own || m.subject != nil && m.subject.event != nil
	body := []byte(value.encode())
	var broken []check.Violation
	switch {
	case m.failure != nil:
		broken = p.Checker.Response(m.failure.operation, m.failure.status, nil, body)
	case m.subject.event != nil:
		broken = p.Checker.Event(m.subject.event.Name, nil, body)
	default:
		broken = p.Checker.Response(m.subject.id, 200, nil, body)
	}
	p.violations(s, block, m.id, value, broken)
	p.misplaced(s, m, value)
	p.ordered(s, m, value)
	p.headed(s, m, value)
	p.shows(s, m, value)
}

// misplaced reports an example that stands under the heading of another event.
func (p *proof) misplaced(s *part, m model, value *Value) {
	if m.subject == nil || m.subject.event == nil || s.subject == nil || s.subject.event == nil || s.subject == m.subject {
		return
	}
	at := p.spotOf(s, value)
	for _, f := range m.subject.fields {
		if member := value.member(f.name); f.traits[traitEnum] == m.subject.event.Name && member != nil {
			at = p.spotOf(s, member)
		}
	}
	p.drift("event-drift", at, s.subject.id, "the example is of "+m.subject.event.Name+", the section is about "+s.subject.event.Name,
		m.subject.event.Name, s.subject.event.Name)
}

// ordered holds the items of an example to the order that the contract has them in.
func (p *proof) ordered(s *part, m model, value *Value) {
	if m.subject == nil || value.Kind != "array" {
		return
	}
	for _, f := range p.Contract.facts {
		id, _, _ := strings.Cut(f.requirement, "/")
		field, direction, _ := strings.Cut(f.Value, " ")
		if f.Kind != "order" || id != m.subject.id || direction != "descending" {
			continue
		}
		for i := 1; i < len(value.Items); i++ {
			before, after := value.Items[i-1].member(field), value.Items[i].member(field)
			if before != nil && after != nil && before.Text < after.Text {
				p.drift("example-order", p.spotOf(s, before), m.id+" "+field, "the example's items are not by "+f.Value+", as the contract has them",
					"ascending", f.Value)
				return
			}
		}
	}
}

// violations reports each at the line of the value that is wrong.
func (p *proof) violations(s *part, block *Block, id string, value *Value, broken []check.Violation) {
	for _, v := range broken {
		at := p.valueSpot(s, value, v.Place)
		if at.line == 0 {
			at = spot{line: block.Line, section: s.Heading}
		}
		field := v.Field
		if field == "" {
			field = "the whole"
		}
		p.drift("example-drift", at, id+" "+field,
			fmt.Sprintf("the example's %s: the contract has %s, here is %s", field, v.Expected, v.Seen), v.Seen, v.Expected)
	}
}

// valueSpot is where the value at a JSON pointer stands; of one that is missing, where it would stand in the object.
func (p *proof) valueSpot(s *part, value *Value, pointer string) spot {
	at := value
	for _, step := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		name := strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		next := at.step(name)
		if next == nil {
			if line := p.gapAt(name, at.linesOfMembers()); line > 0 {
				return spot{line: line, section: s.Heading}
			}
			break
		}
		at = next
	}
	return p.spotOf(s, at)
}

func (v *Value) step(name string) *Value {
	if i, err := strconv.Atoi(name); err == nil && v.Kind == "array" && i >= 0 && i < len(v.Items) {
		return v.Items[i]
	}
	return v.member(name)
}

func (p *proof) spotOf(s *part, v *Value) spot {
	piece := v.Name
	if piece == "" {
		piece = v.Text
	}
	return p.find(s.Section, v.Line, v.Line, piece)
}

// modelOf finds what an example is of: an event that it names, an error where its heading says so, else what its section
// is about; of those, and of the errors, it is the one whose fields it has.
func (p *proof) modelOf(s *part, value *Value) (model, bool) {
	if value.Kind == "object" {
		for _, subject := range p.subjects {
			if subject.event != nil && subject.named(value) {
				return model{subject: subject, id: subject.id}, true
			}
		}
	}
	ways := waysOf(value)
	var best model
	most := 0.0
	consider := func(m model, likely []string, bonus float64) {
		if score := similarity(ways, likely) + bonus; score > most && score >= 0.5 {
			best, most = m, score
		}
	}
	for i := range p.errors {
		e := &p.errors[i]
		bonus := 0.0
		title := words(s.Heading)
		if slices.Contains(title, strconv.Itoa(e.status)) {
			bonus = 0.8
		} else if len(title) > 0 && slices.Contains(title, "error") {
			bonus = 0.3
		}
		if e.quoted(value) { // an error's sentence is known by its words, whatever its name
			bonus += 0.4
		}
		consider(model{failure: e, id: p.errorID(e)}, e.ways(), bonus)
	}
	if s.subject != nil && (s.subject.event == nil || value.Kind == "object") {
		bonus := 0.0
		if s.about {
			bonus = 0.45
		}
		for _, shown := range s.subject.examples {
			consider(model{subject: s.subject, id: s.subject.id}, shown.ways(), bonus)
		}
		if len(s.subject.examples) > 0 && most == 0 && s.about && plainAnswer(s.Heading) {
			return model{subject: s.subject, id: s.subject.id}, true
		}
	}
	for _, subject := range p.subjects {
		if subject.event != nil {
			for _, shown := range subject.examples {
				consider(model{subject: subject, id: subject.id}, shown.ways(), 0)
			}
		}
	}
	return best, most > 0
}

// quoted tells whether a value has a string of the contract's own example.
func (e *example) quoted(value *Value) bool {
	found := false
	value.walk("", func(_ string, v *Value) { found = found || v.Kind == "string" && e.texts[v.Text] })
	return found
}

func (p *proof) errorID(e *errorShape) string { return "error " + strconv.Itoa(e.status) }

// plainAnswer: under such a heading nothing else but an answer stands.
func plainAnswer(heading string) bool {
	title := titleWords(heading)
	return slices.Contains(title, "response") || slices.Contains(title, "answer") || slices.Contains(title, "returns")
}

// waysOf lists the ways to all members of a value, arrays passed through.
func waysOf(value *Value) []string {
	set := map[string]bool{}
	value.walk("", func(path string, v *Value) { set[path] = true })
	delete(set, "")
	return sortedKeys(set)
}

// walk visits every member of a value with the way to it. The items of an array have the array's.
func (v *Value) walk(path string, visit func(path string, v *Value)) {
	visit(path, v)
	for _, m := range v.Members {
		m.walk(join(path, m.Name), visit)
	}
	for _, item := range v.Items {
		item.walk(path, visit)
	}
}

func (e *example) ways() []string {
	var ways []string
	for path := range e.kinds {
		if path != "" {
			ways = append(ways, path)
		}
	}
	slices.Sort(ways)
	return ways
}

// similarity is how much of two sets is in both.
func similarity(a, b []string) float64 {
	both := overlap(a, b)
	if len(a)+len(b) == both {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// encode writes the value as JSON again, with everything that it had, names that repeat included.
func (v *Value) encode() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v *Value) write(b *strings.Builder) {
	switch v.Kind {
	case "object":
		b.WriteByte('{')
		for i, m := range v.Members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quoteJSON(m.Name) + ":")
			m.write(b)
		}
		b.WriteByte('}')
	case "array":
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case "string":
		b.WriteString(quoteJSON(v.Text))
	case "null":
		b.WriteString("null")
	default:
		b.WriteString(v.Text)
	}
}
