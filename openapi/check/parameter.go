package check

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A parameter is one of a path, a query or a header, compiled.
type parameter struct {
	name, in string
	place    string // "query.per_page"
	required bool
	rule     *rule
	list     bool // an array
	commas   bool // whose items come in one value, with commas between
}

func (c *compiler) parameter(source *openapi3.Parameter) (*parameter, error) {
	p := &parameter{
		name: source.Name, in: source.In, required: source.Required,
		place: source.In + "." + source.Name,
	}
	method, err := source.SerializationMethod()
	if err != nil {
		return nil, fmt.Errorf("parameter %s: %w", p.place, err)
	}
	plain := method.Style == openapi3.SerializationSimple || method.Style == openapi3.SerializationForm
	if source.Schema == nil || source.In == openapi3.ParameterInCookie || !plain || source.AllowEmptyValue {
		return nil, fmt.Errorf("parameter %s: only schemas of simple and form style, outside of cookies, are checked", p.place)
	}
	if p.rule, err = c.rule(source.Schema, p.place); err != nil {
		return nil, err
	}
	if p.rule.kinds&object != 0 {
		return nil, fmt.Errorf("parameter %s: objects are not checked", p.place)
	}
	p.list = p.rule.kinds == array
	p.commas = p.list && (p.in != openapi3.ParameterInQuery || !method.Explode)
	return p, nil
}

// ignored tells of the headers that OpenAPI describes in another way (3.0.3, Parameter Object).
func (p *parameter) ignored() bool {
	return p.in == openapi3.ParameterInHeader && slices.ContainsFunc([]string{"Accept", "Authorization", "Content-Type"},
		func(name string) bool { return strings.EqualFold(name, p.name) })
}

// parameter judges the values that came for p.
func (j *judge) parameter(p *parameter, values []string) {
	switch {
	case len(values) == 0:
		if p.required {
			j.reportAt(p.place, p.rule.expected, "missing")
		}
		return
	case p.commas:
		values = strings.Split(strings.Join(values, ","), ",")
	case len(values) > 1 && !p.list:
		j.reportAt(p.place, "one value", count(len(values), "value"))
	}
	f := forge{judge: j}
	f.start()
	f.values(values, p.rule)
	f.finish()
	j.path.root = p.place
	j.follow(0, p.rule)
	j.path.root = ""
}

// form judges a form body as the object that it stands for, its values typed as the rule would have them.
func (j *judge) form(body string, r *rule) {
	fields, err := url.ParseQuery(body)
	if err != nil {
		j.report("a form", "malformed form")
		return
	}
	f := forge{judge: j}
	f.start()
	whole := j.push(object, 0, 0)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		within := r.member(name)
		f.add(text, name)
		f.values(fields[name], within)
		if n := len(fields[name]); n > 1 && (within == nil || within.kinds != array) {
			j.path.into(name)
			j.report("one value", count(n, "value"))
			j.path.back()
		}
	}
	j.tape[whole].next = len(j.tape)
	f.finish()
	j.follow(0, r)
}

// member is the rule of a member of an object, if r knows one.
func (r *rule) member(name string) *rule {
	if m, known := r.members[name]; known {
		return m.rule
	}
	for _, part := range r.all {
		if within := part.member(name); within != nil {
			return within
		}
	}
	return nil
}

// A forge makes a tape of what did not come as JSON.
type forge struct {
	*judge
	src strings.Builder
}

func (f *forge) start() { f.judge.tape, f.judge.clean = f.judge.tape[:0], true }

func (f *forge) finish() { f.judge.src = f.src.String() }

func (f *forge) add(k kind, s string) {
	start := f.src.Len()
	f.src.WriteString(s)
	f.push(k, start, f.src.Len())
}

// values adds an array if r wants one, and else the first value.
func (f *forge) values(values []string, r *rule) {
	if r == nil || r.kinds != array {
		f.add(kindOf(values[0], r), values[0])
		return
	}
	i := f.push(array, 0, 0)
	for _, s := range values {
		f.add(kindOf(s, r.items), s)
	}
	f.judge.tape[i].next = len(f.judge.tape)
}

// kindOf is what a bare text stands for where r rules.
func kindOf(s string, r *rule) kind {
	switch {
	case r.wants(number) && isNumber(s):
		return number
	case r.wants(boolean) && (s == "true" || s == "false"):
		return boolean
	}
	return text
}

func isNumber(s string) bool {
	j := judge{src: s}
	return j.number() == "" && j.at == len(s)
}
