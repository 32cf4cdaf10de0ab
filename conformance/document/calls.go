package document

import (
	"net/url"
	"slices"
)

// Call is a command of the document, with what it shows for an answer.
type Call struct {
	Section   string
	Line      int
	Operation string            // the operationId
	Path      map[string]string // by the contract's names
	Query     url.Values
	Body      string
	Answer    *Value // of the next example that is one of the operation's; nil for none
}

// Calls lists the commands of a document that are of the contract, in their order.
func Calls(d *Document, c Contract) []Call {
	p := proofread(d, &c)
	var calls []Call
	waiting := -1 // the command that has no answer yet
	for i := range p.parts {
		s := &p.parts[i]
		for k := range s.Blocks {
			block := &s.Blocks[k]
			switch {
			case block.Code == nil:
			case block.Code.Curl != nil:
				m := mentionOf(block.Code.Curl.Method, block.Code.Curl.URL)
				r, found := p.route(m)
				query, err := url.ParseQuery(m.query)
				if !found || !r.method || err != nil {
					continue
				}
				waiting = len(calls)
				calls = append(calls, Call{
					Section: s.Heading, Line: block.Line, Operation: r.subject.id, Path: r.params, Query: query, Body: block.Code.Curl.Body,
				})
			case block.Code.JSON != nil && waiting >= 0 && calls[waiting].Answer == nil:
				if m, ok := p.modelOf(s, block.Code.JSON); ok && m.subject != nil && m.id == calls[waiting].Operation {
					calls[waiting].Answer = block.Code.JSON
				}
			}
		}
	}
	return calls
}

// Walk visits a value's members with the way to each; the items of an array have the array's.
func (v *Value) Walk(visit func(path string, v *Value)) { v.walk("", visit) }

// Field tells what the contract says of a field of an operation's answer: whether every answer has it, and whether its kind
// is left open.
func (c *Contract) Field(operation, path string) (required, open bool) {
	s := c.subject(operation)
	if s == nil {
		return false, true
	}
	f := s.field(path)
	return f != nil && f.required, f == nil || len(f.types) == 0
}

// Source finds the operation that lists what an id is of, and the field that has it: for agentUuid, list-agents and its
// agent_uuid.
func (c *Contract) Source(id string) (operation, field string) {
	wanted := folded(id)
	for _, s := range c.subjects {
		if s.operation == nil || s.operation.Method != "GET" || s.operation.Reference || len(s.fields) == 0 || !slices.Contains(s.fields[0].types, "array") {
			continue
		}
		nouns := nameWords(s.id)
		for _, name := range s.within("") {
			if folded(name) == wanted || stem(nouns[len(nouns)-1])+folded(name) == wanted {
				return s.id, name
			}
		}
	}
	return "", ""
}
