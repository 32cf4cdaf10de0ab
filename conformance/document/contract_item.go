package document

import (
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// itemsOf are an operation's parameters and the properties of its request body.
func itemsOf(op *openapi.Operation) []*property {
	var items []*property
	for _, p := range slices.Concat(op.Params, op.Body) {
		i := &property{in: p.In, name: p.Name, required: p.Required, nullable: p.Nullable, traits: map[trait]string{}}
		if p.Type != "" {
			i.types = []string{p.Type}
		}
		i.put(traitDefault, p.Default)
		if p.HasBounds {
			i.bounds(strconv.Itoa(p.Min), strconv.Itoa(p.Max))
		}
		if p.MaxLength > 0 {
			i.put(traitMaxLength, strconv.Itoa(p.MaxLength))
		}
		i.put(traitEnum, set(p.Enum))
		i.put(traitFormat, p.Format)
		items = append(items, i)
	}
	return items
}

func namesOf(items []*property) []string {
	var names []string
	for _, i := range items {
		names = append(names, i.name)
	}
	return names
}

// fieldsOf are the properties of an answer or a payload; schema knows their bounds.
func fieldsOf(fields []check.Field, schema *openapi3.SchemaRef) []*property {
	var items []*property
	for _, f := range fields {
		i := &property{
			name: f.Path, types: f.Types, required: f.Required, nullable: f.Nullable, reading: f.Reading,
			traits: map[trait]string{},
		}
		i.put(traitEnum, set(f.Enum))
		i.put(traitFormat, f.Format)
		if f.Should != "" { // the document's own word, of which the schema asks less
			i.put(traitFormat, f.Should)
		}
		schemas := at(schema, f.Path)
		if len(schemas) > 0 && !slices.ContainsFunc(schemas, func(s *openapi3.Schema) bool { return len(s.Enum) != 1 || s.Enum[0] != nil }) {
			i.put(traitAlways, "always null")
		}
		for _, s := range schemas {
			if s.Min != nil && s.Max != nil {
				i.bounds(strconv.FormatFloat(*s.Min, 'f', -1, 64), strconv.FormatFloat(*s.Max, 'f', -1, 64))
			}
		}
		items = append(items, i)
	}
	return items
}

func (i *property) put(t trait, value string) {
	if value != "" {
		i.traits[t] = value
	}
}

func (i *property) bounds(low, high string) {
	i.put(traitMin, low)
	i.put(traitMax, high)
}

// set writes an enumeration so that it can be compared: in order of the alphabet.
func set(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ", ")
}

// at finds every schema that stands at a way into schema; arrays are passed through.
func at(schema *openapi3.SchemaRef, path string) []*openapi3.Schema {
	if schema == nil {
		return nil
	}
	s := schema.Value
	if s.Items != nil {
		return at(s.Items, path)
	}
	var found []*openapi3.Schema
	if path == "" {
		found = append(found, s)
	}
	name, rest, _ := strings.Cut(path, ".")
	if member := s.Properties[name]; member != nil && path != "" {
		found = append(found, at(member, rest)...)
	}
	for _, part := range slices.Concat(s.AllOf, s.OneOf, s.AnyOf) {
		found = append(found, at(part, path)...)
	}
	return found
}

// item finds a parameter or a property of the request body, whatever its name's spelling.
func (s *subject) item(name string) *property { return named(s.items, name) }

// field finds a field of the answer or the event by the way to it.
func (s *subject) field(path string) *property {
	for _, f := range s.fields {
		if f.name == path {
			return f
		}
	}
	return nil
}

// named finds an item by its own spelling first, then by another; only names in a path may be written as one likes.
func named(items []*property, name string) *property {
	for _, i := range items {
		if i.name == name {
			return i
		}
	}
	for _, i := range items {
		if i.in == "path" && folded(i.name) == folded(name) {
			return i
		}
	}
	return nil
}

// within lists the fields that stand directly in the object at path, by their own names.
func (s *subject) within(path string) []string {
	var names []string
	for _, f := range s.fields {
		if f.name == "" {
			continue
		}
		parent, name := split(f.name)
		if parent == path {
			names = append(names, name)
		}
	}
	return names
}

// objects lists the ways to the objects of an answer or event.
func (s *subject) objects() []string {
	var paths []string
	for _, f := range s.fields {
		if len(s.within(f.name)) > 0 {
			paths = append(paths, f.name)
		}
	}
	return paths
}

// split parts a way into that of the object and the last name.
func split(path string) (parent, name string) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path
	}
	return path[:i], path[i+1:]
}

// join is the way of a member of the object at path.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
