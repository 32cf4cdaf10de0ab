package conformance

import (
	"strings"

	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// Shapes judges payloads by a contract's schemas, one requirement a field: those that were derived from its events.
type Shapes struct {
	checker *check.Contract
	events  map[string]*eventShape
}

// eventShape is what is counted of one event.
type eventShape struct {
	must, should map[string]*Count // by field
	unseen       []unseenField     // those that no payload had a place for, so far
	seen         bool
}

type unseenField struct {
	path  []string
	text  bool // it is about the form of a text: the place has to hold one
	count *Count
}

// NewShapes counts in tally. What is seen of fields that are shown is repeated.
func NewShapes(checker *check.Contract, catalogue *requirements.Catalogue, tally *Tally, shown func(field string) bool) *Shapes {
	s := &Shapes{checker: checker.With(check.Options{Should: true, Show: shown}), events: map[string]*eventShape{}}
	for _, name := range checker.Events() {
		s.events[name] = &eventShape{must: map[string]*Count{}, should: map[string]*Count{}}
	}
	for _, r := range catalogue.All {
		e := s.events[r.Operation]
		if e == nil || r.Rule == "" {
			continue
		}
		count, text := tally.Of(r.ID), r.Rule == requirements.ShouldFormat
		if text {
			e.should[r.Field] = count
		} else {
			e.must[r.Field] = count
		}
		e.unseen = append(e.unseen, unseenField{pathOfField(r.Field), text, count})
	}
	return s
}

func pathOfField(field string) []string {
	if field == "" {
		return nil
	}
	return strings.Split(field, ".")
}

// Violations says what is wrong with a body as one of an event.
func (s *Shapes) Violations(event string, body []byte) []check.Violation {
	return s.checker.Event(event, nil, body)
}

// Take judges a delivery of an event. body is its JSON, decoded.
func (s *Shapes) Take(event string, d *Delivery, body any) {
	e := s.events[event]
	if e == nil {
		return
	}
	e.seen = true
	for _, v := range s.Violations(event, d.Body) {
		if count := e.of(v); count != nil {
			count.Break(v.Expected+atPlace(v.Place), v.Seen, d)
		}
	}
	left := e.unseen[:0]
	for _, f := range e.unseen {
		if f.in(body) {
			f.count.Meet()
		} else {
			left = append(left, f)
		}
	}
	e.unseen = left
}

// Lacking says why nothing was counted of a requirement that is about an event: none came, or none had a place for it.
func (s *Shapes) Lacking(event string) error {
	if e := s.events[event]; e != nil && e.seen {
		return Lacking("no body that was seen has a place for it")
	}
	return Lacking("no body was seen to judge it by")
}

// of finds the requirement that a violation breaks: that of its field, or, where the contract knows no such field, of what
// it is in.
func (e *eventShape) of(v check.Violation) *Count {
	if v.Should {
		return e.should[v.Field]
	}
	for field := v.Field; ; field = field[:max(0, strings.LastIndexByte(field, '.'))] {
		if count := e.must[field]; count != nil || field == "" {
			return count
		}
	}
}

// in tells whether a body has a place for the field: the object that it belongs to.
func (f unseenField) in(body any) bool {
	if len(f.path) == 0 {
		return true
	}
	parent := f.path[:len(f.path)-1]
	if !f.text {
		return has(body, parent)
	}
	object, _ := within(body, parent).(map[string]any)
	_, ok := object[f.path[len(parent)]].(string)
	return ok
}

func within(v any, path []string) any {
	for _, name := range path {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

// has looks for an object at a path, through arrays.
func has(v any, path []string) bool {
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			if has(inner, path) {
				return true
			}
		}
		return false
	case map[string]any:
		if len(path) == 0 {
			return true
		}
		return has(v[path[0]], path[1:])
	}
	return false
}

func atPlace(place string) string {
	if place == "" {
		return ""
	}
	return " at " + place
}
