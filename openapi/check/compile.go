package check

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A compiler turns the schemas of one contract into rules, each schema once.
type compiler struct {
	formats map[string]Format
	rules   map[*openapi3.Schema]*rule
	places  map[*rule]string    // where in the contract each comes from
	words   map[string]struct{} // every text of an enumeration, in lower case
}

var kinds = map[string]kind{
	"string": text, "integer": number, "number": number, "boolean": boolean, "array": array, "object": object,
}

// rule compiles the schema at a place of the contract; at is for errors.
func (c *compiler) rule(ref *openapi3.SchemaRef, at string) (*rule, error) {
	if ref == nil {
		return nil, nil
	}
	if ref.Ref != "" {
		at = ref.Ref
	}
	if ref.Value == nil {
		return nil, fmt.Errorf("%s: the reference leads nowhere", at)
	}
	if known := c.rules[ref.Value]; known != nil {
		return known, nil
	}
	r := &rule{}
	c.rules[ref.Value] = r // before its members, which may lead back here
	c.places[r] = at
	if err := c.fill(r, ref.Value, at); err != nil {
		return nil, err
	}
	return r, nil
}

func (c *compiler) fill(r *rule, s *openapi3.Schema, at string) error {
	if err := unchecked(s); err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	r.nullable = s.Nullable
	for _, name := range s.Type.Slice() {
		r.kinds |= kinds[name]
		r.integer = name == "integer"
	}
	for _, step := range []func(*rule, *openapi3.Schema, string) error{c.scalar, c.enumeration, c.container, c.parts} {
		if err := step(r, s, at); err != nil {
			return err
		}
	}
	return nil
}

// unchecked refuses what this package does not check: a keyword that is passed over would be a hole that looks closed.
func unchecked(s *openapi3.Schema) error {
	keyword := ""
	switch {
	case s.Not != nil:
		keyword = "not"
	case s.UniqueItems:
		keyword = "uniqueItems"
	case s.MultipleOf != nil:
		keyword = "multipleOf"
	case s.ReadOnly:
		keyword = "readOnly"
	case s.WriteOnly:
		keyword = "writeOnly"
	case s.Discriminator != nil && len(s.OneOf)+len(s.AnyOf) == 0:
		keyword = "discriminator without oneOf"
	case len(s.OneOf) > 0 && len(s.AnyOf) > 0:
		keyword = "oneOf beside anyOf"
	case s.Type.IsEmpty() && (len(s.Properties) > 0 || s.Items != nil):
		keyword = "properties or items without a type, which let every other type pass"
	default:
		return nil
	}
	return fmt.Errorf("schema keyword is not checked: %s; state it in another way, or teach package check", keyword)
}

func (c *compiler) scalar(r *rule, s *openapi3.Schema, at string) error {
	if s.Min != nil {
		r.low = &bound{value: *s.Min, exclusive: s.ExclusiveMin.IsTrue()}
	}
	if s.Max != nil {
		r.high = &bound{value: *s.Max, exclusive: s.ExclusiveMax.IsTrue()}
	}
	if s.Pattern != "" {
		var err error
		if r.pattern, err = regexp.Compile(s.Pattern); err != nil {
			return fmt.Errorf("%s: pattern: %w", at, err)
		}
	}
	name := s.Format
	if own, ok := s.Extensions["x-format"].(string); ok && name == "" {
		name = own
	}
	switch {
	case name == "" || notes[name]:
	case r.integer && name == "int32":
		r.bits = 32
	case r.integer && name == "int64":
		r.bits = 64
	default:
		var err error
		if r.format, err = c.format(r, name, at); err != nil {
			return err
		}
	}
	if name, ok := s.Extensions["x-should-format"].(string); ok {
		var err error
		r.should, err = c.format(r, name, at)
		return err
	}
	return nil
}

func (c *compiler) format(r *rule, name, at string) (*Format, error) {
	f, known := c.formats[name]
	if !known || r.kinds != text {
		return nil, fmt.Errorf("%s: no format %q for this type; the known ones: %s", at, name,
			strings.Join(slices.Sorted(maps.Keys(c.formats)), ", "))
	}
	return &f, nil
}

func (c *compiler) enumeration(r *rule, s *openapi3.Schema, at string) error {
	if len(s.Enum) == 0 {
		return nil
	}
	r.words = &words{}
	for _, value := range s.Enum {
		switch v := value.(type) {
		case nil:
			r.words.null = true
		case string:
			r.words.texts = append(r.words.texts, v)
			c.words[strings.ToLower(v)] = struct{}{}
		case bool:
			r.words.yes, r.words.no = r.words.yes || v, r.words.no || !v
		case float64:
			r.words.numbers = append(r.words.numbers, v)
		default:
			return fmt.Errorf("%s: enumerations hold texts, numbers, true, false and null, not %T", at, value)
		}
	}
	return nil
}

func (c *compiler) container(r *rule, s *openapi3.Schema, at string) (err error) {
	r.length = span{0, -1}
	switch r.kinds {
	case text:
		r.length = spanOf(s.MinLength, s.MaxLength)
	case array:
		r.length = spanOf(s.MinItems, s.MaxItems)
	case object:
		r.length = spanOf(s.MinProps, s.MaxProps)
	}
	if r.items, err = c.rule(s.Items, at+"/items"); err != nil {
		return err
	}
	if closed := s.AdditionalProperties.Has; closed != nil {
		r.closed = !*closed
	}
	if r.others, err = c.rule(s.AdditionalProperties.Schema, at+"/additionalProperties"); err != nil {
		return err
	}
	return c.members(r, s, at)
}

func spanOf(least uint64, most *uint64) span {
	s := span{int(min(least, math.MaxInt32)), -1}
	if most != nil {
		s.most = int(min(*most, math.MaxInt32))
	}
	return s
}

func (c *compiler) members(r *rule, s *openapi3.Schema, at string) error {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		within, err := c.rule(s.Properties[name], at+"/properties/"+name)
		if err != nil {
			return err
		}
		r.know(name, within)
	}
	for _, name := range s.Required {
		if _, known := r.members[name]; !known {
			r.know(name, r.others)
		}
		r.required = append(r.required, need{name: name, index: r.members[name].index})
	}
	return nil
}

func (r *rule) know(name string, within *rule) {
	if r.members == nil {
		r.members = make(map[string]member)
	}
	r.members[name] = member{index: len(r.members), rule: within}
}

func (c *compiler) parts(r *rule, s *openapi3.Schema, at string) (err error) {
	if r.all, err = c.each(s.AllOf, at+"/allOf"); err != nil {
		return err
	}
	refs := append(slices.Clone(s.OneOf), s.AnyOf...)
	if len(refs) == 0 {
		return nil
	}
	branches, err := c.each(refs, at+"/oneOf")
	if err != nil {
		return err
	}
	r.choice = &choice{branches: branches, one: len(s.OneOf) > 0}
	if s.Discriminator == nil {
		return nil
	}
	r.choice.tag = s.Discriminator.PropertyName
	r.choice.tagged, err = tagged(s.Discriminator, refs, branches)
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	for value := range r.choice.tagged {
		c.words[strings.ToLower(value)] = struct{}{}
	}
	return nil
}

func (c *compiler) each(refs openapi3.SchemaRefs, at string) ([]*rule, error) {
	var rules []*rule
	for n, ref := range refs {
		r, err := c.rule(ref, fmt.Sprintf("%s/%d", at, n))
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// tagged finds the branch of each value of a discriminator. Without a mapping the values are the schemas' names.
func tagged(d *openapi3.Discriminator, refs openapi3.SchemaRefs, branches []*rule) (map[string]*rule, error) {
	const schemas = "#/components/schemas/"
	byRef := make(map[string]*rule)
	byValue := make(map[string]*rule)
	for n, ref := range refs {
		if ref.Ref == "" {
			return nil, fmt.Errorf("branch %d of a discriminator is not a reference", n)
		}
		byRef[ref.Ref] = branches[n]
		byValue[strings.TrimPrefix(ref.Ref, schemas)] = branches[n]
	}
	if len(d.Mapping) == 0 {
		return byValue, nil
	}
	clear(byValue)
	for value, to := range d.Mapping {
		branch := byRef[to.Ref]
		if branch == nil {
			branch = byRef[schemas+to.Ref] // a mapping may name the schema alone
		}
		if branch == nil {
			return nil, fmt.Errorf("discriminator value %q leads to %s, which is no branch", value, to.Ref)
		}
		byValue[value] = branch
	}
	return byValue, nil
}
