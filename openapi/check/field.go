package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A Field is a property of a body, named by the way to it.
type Field struct {
	// Path has dots between names and passes through arrays: "chat_user.name" of every conversation in a list. The body
	// itself is "". It equals the Field of a violation there.
	Path string
	// Types are the JSON types that the contract admits, none for any. Items are those of an array's items.
	Types, Items []string
	// Nullable: null will do.
	Nullable bool
	// Required: no body lacks it, unless something above it is null or an empty array.
	Required bool
	// RequiredHere: no object that it belongs to lacks it. The object may be optional, or the branch of a oneOf.
	RequiredHere bool
	// Enum are the texts of its enumeration, none for an open one.
	Enum []string
	// Format is the schema's format or x-format.
	Format string
	// Expected is the demand in words, as Violation.Expected has it.
	Expected string
	// Should is the schema's x-should-format, the form that values should have beyond that; ShouldExpected is its demand,
	// and ShouldReading the schema's x-should-reading, or else its x-reading.
	Should, ShouldExpected, ShouldReading string

	Description string
	// Reading and Section are the schema's x-reading and x-section: how the document is understood, and where.
	Reading, Section string
}

// Fields lists the properties of an operation's successful answer, in order of path: of the lowest 2xx response in JSON
// that the contract has. Branches of a oneOf are taken together. There are none for an unknown operation.
func (c *Contract) Fields(operationID string) []Field {
	op := c.operations[operationID]
	if op == nil {
		return nil
	}
	statuses := op.source.Responses.Keys()
	slices.Sort(statuses)
	for _, status := range statuses {
		if status[0] == '2' {
			if fields := c.contentFields(op.source.Responses.Value(status).Value.Content); fields != nil {
				return fields
			}
		}
	}
	return nil
}

// RequestFields lists the properties of an operation's JSON request body.
func (c *Contract) RequestFields(operationID string) []Field {
	op := c.operations[operationID]
	if op == nil || op.source.RequestBody == nil {
		return nil
	}
	return c.contentFields(op.source.RequestBody.Value.Content)
}

// EventFields lists the properties of an event's payload.
func (c *Contract) EventFields(name string) []Field {
	e := c.events[name]
	if e == nil {
		return nil
	}
	return c.contentFields(e.source.RequestBody.Value.Content)
}

func (c *Contract) contentFields(content openapi3.Content) []Field {
	for _, name := range slices.Sorted(maps.Keys(content)) {
		if ref := content[name].Schema; isJSON(base(name)) && ref != nil {
			return c.shape(ref, nil).fields("", true, nil)
		}
	}
	return nil
}

// A shape is a schema with its parts taken together.
type shape struct {
	Field
	members map[string]*shape
	items   *shape
	nothing bool     // it admits null alone
	needs   []string // the members that it requires, maybe for another part to describe
	always  bool     // as a member: every branch knows and requires it
}

// shape follows references; trail holds the schemas that it is within, where a recursive one ends.
func (c *Contract) shape(ref *openapi3.SchemaRef, trail []*openapi3.Schema) *shape {
	schema := ref.Value
	r := c.rules[schema]
	s := &shape{members: make(map[string]*shape)}
	s.Types, s.Format, s.Description = slices.Clone(schema.Type.Slice()), schema.Format, schema.Description
	s.Nullable = schema.Nullable || r.takesNull()
	s.Expected = r.expected
	s.Format = first(s.Format, extension(schema.Extensions, "x-format"))
	s.Reading = first(extension(ref.Extensions, "x-reading"), extension(schema.Extensions, "x-reading"))
	s.Section = first(extension(ref.Extensions, "x-section"), extension(schema.Extensions, "x-section"))
	if r.words != nil {
		s.Enum = slices.Clone(r.words.texts)
		s.nothing = r.words.null && len(schema.Enum) == 1
	}
	if r.should != nil {
		s.Should, s.ShouldExpected = extension(schema.Extensions, "x-should-format"), r.should.Expected
		s.ShouldReading = first(extension(schema.Extensions, "x-should-reading"), s.Reading)
	}
	if slices.Contains(trail, schema) {
		return s
	}
	trail = append(slices.Clone(trail), schema)
	s.needs = slices.Clone(schema.Required)
	for name, ref := range schema.Properties {
		s.members[name] = c.shape(ref, trail)
	}
	if schema.Items != nil {
		s.items = c.shape(schema.Items, trail)
	}
	for _, part := range schema.AllOf {
		s.and(c.shape(part, trail))
	}
	if branches := slices.Concat(schema.OneOf, schema.AnyOf); len(branches) > 0 {
		union := c.shape(branches[0], trail)
		for _, branch := range branches[1:] {
			union.or(c.shape(branch, trail))
		}
		union.needs = nil // a branch's needs are its own
		s.and(union)
	}
	for _, name := range s.needs {
		if m := s.members[name]; m != nil {
			m.RequiredHere, m.always = true, true
		}
	}
	return s
}

// takesNull tells whether null passes by r.
func (r *rule) takesNull() bool {
	if r.nullable || r.kinds != 0 || r.words != nil {
		return r.nullable || r.kinds == 0 && r.words.null
	}
	for _, part := range r.all {
		if !part.takesNull() {
			return false
		}
	}
	return r.choice == nil || slices.ContainsFunc(r.choice.branches, (*rule).takesNull)
}

// describe fills in what s does not say of itself.
func (s *shape) describe(by *shape) {
	s.Format = first(s.Format, by.Format)
	s.Description = first(s.Description, by.Description)
	s.Reading = first(s.Reading, by.Reading)
	s.Section = first(s.Section, by.Section)
	s.Should = first(s.Should, by.Should)
	s.ShouldExpected = first(s.ShouldExpected, by.ShouldExpected)
	s.ShouldReading = first(s.ShouldReading, by.ShouldReading)
}

// and adds a part of an allOf.
func (s *shape) and(part *shape) {
	s.describe(part)
	s.needs = append(s.needs, part.needs...)
	if len(s.Types) == 0 {
		s.Types = part.Types
	}
	if len(s.Enum) == 0 {
		s.Enum = part.Enum
	}
	if s.items == nil {
		s.items = part.items
	}
	for name, m := range part.members {
		if own := s.members[name]; own != nil {
			own.and(m)
			own.RequiredHere, own.always = own.RequiredHere || m.RequiredHere, own.always || m.always
		} else {
			s.members[name] = m
		}
	}
}

// or adds another branch.
func (s *shape) or(branch *shape) {
	s.describe(branch)
	s.Nullable = s.Nullable || branch.Nullable
	switch { // a null is no further word of an enumeration
	case s.nothing:
		s.Types, s.Enum, s.nothing = branch.Types, branch.Enum, branch.nothing
	case !branch.nothing:
		s.Types = union(s.Types, branch.Types)
		s.Enum = union(s.Enum, branch.Enum)
	}
	if branch.Expected != s.Expected {
		s.Expected += " or " + branch.Expected
		if len(s.Enum) > 0 {
			s.Expected = (&words{texts: s.Enum, null: s.Nullable}).phrase()
		}
	}
	if s.items == nil {
		s.items = branch.items
	} else if branch.items != nil {
		s.items.or(branch.items)
	}
	for name, m := range s.members {
		if other := branch.members[name]; other != nil {
			m.or(other)
			m.RequiredHere, m.always = m.RequiredHere && other.RequiredHere, m.always && other.always
		} else {
			m.always = false
		}
	}
	for name, m := range branch.members {
		if s.members[name] == nil {
			m.always = false
			s.members[name] = m
		}
	}
}

// union joins two demands; an open one leaves the whole open.
func union(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

// fields lists s and what is in it.
func (s *shape) fields(path string, required bool, list []Field) []Field {
	f := s.Field
	f.Path, f.Required = path, required
	if path == "" {
		f.RequiredHere = true
	}
	inside := s
	for inside.items != nil { // arrays are passed through
		inside = inside.items
		f.Items = inside.Types
	}
	list = append(list, f)
	for _, name := range slices.Sorted(maps.Keys(inside.members)) {
		m := inside.members[name]
		list = m.fields(strings.TrimPrefix(path+"."+name, "."), required && m.always, list)
	}
	return list
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func extension(all map[string]any, name string) string {
	text, _ := all[name].(string)
	return text
}
