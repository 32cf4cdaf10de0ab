package conformance

import (
	"net/http"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/requirements"
)

// Shapes judges payloads and answers by a contract's schemas, one requirement a field: those that were derived from its
// events and operations.
type Shapes struct {
	checker  *check.Contract
	subjects map[string]*shape // by event or operation
}

// shape is what is counted of one event, or of one operation's answers.
type shape struct {
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
	s := &Shapes{checker: checker.With(check.Options{Should: true, Show: shown}), subjects: map[string]*shape{}}
	for _, name := range append(checker.Events(), checker.Operations()...) {
		s.subjects[name] = &shape{must: map[string]*Count{}, should: map[string]*Count{}}
	}
	for _, r := range catalogue.All {
		e := s.subjects[r.Operation]
		if e == nil || r.Rule != requirements.FieldShape && r.Rule != requirements.EventField && r.Rule != requirements.ShouldFormat {
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
	s.take(event, s.Violations(event, d.Body), body, deliveries(d))
}

// Answer judges what an operation answered with a 2xx.
func (s *Shapes) Answer(x *Exchange) {
	s.take(x.Operation, s.checker.Response(x.Operation, http.StatusOK, nil, x.Body), x.Value(), exchanges(x))
}

func (s *Shapes) take(subject string, violations []check.Violation, body any, shown []witness) {
	e := s.subjects[subject]
	if e == nil {
		return
	}
	e.seen = true
	var told []*Count // a page of wrong items is one body that breaks the rule
	for _, v := range violations {
		if count := e.of(v); count != nil && !slices.Contains(told, count) {
			told = append(told, count)
			count.breaks(v.ExpectedThere(), v.Seen, shown)
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

// Lacking says why nothing was counted of a requirement that is about an event or an operation: none came, or none had a
// place for it.
func (s *Shapes) Lacking(subject string) error {
	if e := s.subjects[subject]; e != nil && e.seen {
		return Lacking("no body that was seen has a place for it")
	}
	return Lacking("no body was seen to judge it by")
}

// of finds the requirement that a violation breaks: that of its field, or, where the contract knows no such field, of what
// it is in.
func (e *shape) of(v check.Violation) *Count {
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
