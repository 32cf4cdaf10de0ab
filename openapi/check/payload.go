package check

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A payload is a body that the contract describes, in each of its media types.
type payload struct {
	required bool
	media    []media
	types    string // the media types, in words
	expected string // "a JSON body"
}

type media struct {
	name string // "application/json"
	form bool
	rule *rule // nil: of this type only the name is judged
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

func (c *compiler) payload(content openapi3.Content, required bool, at string) (*payload, error) {
	p := &payload{required: required, expected: "a body"}
	for _, name := range slices.Sorted(maps.Keys(content)) {
		m := media{name: strings.ToLower(name), form: name == formType}
		if m.name != base(m.name) || strings.Contains(m.name, "*") {
			return nil, fmt.Errorf("%s: media type %q: only plain types are checked", at, name)
		}
		if isJSON(m.name) || m.form {
			var err error
			if m.rule, err = c.rule(content[name].Schema, at+"/"+name); err != nil {
				return nil, err
			}
		}
		p.media = append(p.media, m)
	}
	p.types = strings.Join(slices.Sorted(maps.Keys(content)), " or ")
	if len(p.media) == 1 && isJSON(p.media[0].name) {
		p.expected = "a JSON body"
	}
	return p, nil
}

// base is a media type without its parameters, in lower case.
func base(contentType string) string {
	name, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

func isJSON(name string) bool { return name == jsonType || strings.HasSuffix(name, "+json") }

// pick finds the media type that a Content-Type names; any JSON type stands for any other (AL-27).
func (p *payload) pick(name string) (media, bool) {
	for _, m := range p.media {
		if m.name == name || isJSON(m.name) && isJSON(name) {
			return m, true
		}
	}
	return media{}, false
}

// body judges a body and its Content-Type. Without headers (nil, not empty) the type is taken to be right.
func (j *judge) body(p *payload, header http.Header, body []byte) {
	if len(body) == 0 {
		if p.required {
			j.report(p.expected, "nothing")
		}
		return
	}
	if len(p.media) == 0 {
		return
	}
	m, ok := p.media[0], header == nil
	if sent := header.Values("Content-Type"); len(sent) > 0 {
		if m, ok = p.pick(base(sent[0])); !ok {
			j.reportAt("header.Content-Type", p.types, shownType(sent[0]))
		}
	} else if !ok {
		j.reportAt("header.Content-Type", p.types, "missing")
	}
	if !ok {
		// Whatever it calls itself, it is judged as what it ought to be, if that is JSON.
		if m, ok = p.pick(jsonType); !ok {
			return
		}
	}
	switch {
	case m.form && m.rule != nil:
		j.form(string(body), m.rule)
	case isJSON(m.name) && j.read(string(body)) && m.rule != nil:
		j.follow(0, m.rule)
	}
}

// shownType is a media type as a report may print it; its parameters are left out, and what is none is not repeated.
func shownType(contentType string) string {
	name := base(contentType)
	if len(name) > 80 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789/+-._") != "" || strings.Count(name, "/") != 1 {
		return "no media type"
	}
	return name
}
