// Package check holds messages against an OpenAPI 3.0 contract, strictly: requests, responses, and the events that the
// contract states as callbacks. It says everything that is wrong with a message, each at the deepest place there is, in
// words that a report can print and that repeat nothing of what customers wrote.
//
// kin-openapi reads the contract: YAML, references, and whether it is a valid document. Messages are judged here, by
// rules compiled from kin's schemas, since with kin's own validator
//   - a body reaches the schema as Go values: a name twice, bytes behind the value, bytes that are no UTF-8 and digits
//     beyond float64 are gone by then;
//   - a violation in a part of an allOf or in the branch of a oneOf has to be dug out of errors that name the whole, and
//     one of a discriminator stands at the object instead of the property;
//   - formats are let through where none is registered, as are an undocumented status, a 204 with a body, an unknown
//     query parameter; and callbacks have no route to be looked up by.
//
// Speed is not among the reasons, though it is a gain: BenchmarkKin stands beside BenchmarkEvent.
//
// A fuzz test holds the two to the same verdict, with the same places, wherever they mean to agree. Where they do not:
// a schema without a type takes null (OpenAPI 3.0.3 knows `nullable` only beside `type`), and a discriminator without a
// mapping goes by the schemas' names.
//
// The package fails closed. A contract that uses a keyword or format which is not checked here does not load.
//
// What it takes, where the specifications leave room: members that no schema names, unless the schema says otherwise; 1.0
// as an integer; null for a schema that is nullable, though its enumeration may not list it; half a surrogate pair written as
// an escape; a body where the contract shows none, unless the status forbids one.
package check

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A Contract is an OpenAPI document, ready to judge by. It is never changed after loading, and safe for concurrent use.
type Contract struct {
	operations map[string]*operation
	events     map[string]*event
	schemas    map[string]*rule
	words      map[string]struct{}
	rules      map[*openapi3.Schema]*rule // for Fields
	options    Options
}

// Options are what a caller may ask for. The zero value is the strictest, and shows the least.
type Options struct {
	// StatusClass lets a documented status stand in for others of its class: where only 200 is documented, a 201 is
	// judged as a 200 would be.
	StatusClass bool
	// Show tells of a field, by its own name, whether its text or number may stand in Violation.Seen, shortened: one that
	// holds nothing of anybody's. nil shows none.
	Show func(name string) bool
	// Should also reports values that are not of a schema's x-should-format, as violations with Should set.
	Should bool
}

// With returns the same contract under other options. It costs next to nothing.
func (c *Contract) With(o Options) *Contract {
	view := *c
	view.options = o
	return &view
}

// Load reads an OpenAPI 3.0 document, in YAML or JSON, that refers to nothing outside itself. Formats of the contract's
// own add to those that every contract may use (date-time, date, instant-or-date, uuid, uri, email, ipv4, ipv6, byte,
// and int32 and int64 for integers), or replace them.
func Load(document []byte, own ...Format) (*Contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("contract does not load: %w", oneLine{err})
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.0.") {
		return nil, fmt.Errorf("contract is OpenAPI %q: only 3.0 is checked", doc.OpenAPI)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("contract is not valid: %w", oneLine{err})
	}
	c := &compiler{
		formats: maps.Clone(formats),
		rules:   make(map[*openapi3.Schema]*rule),
		places:  make(map[*rule]string),
		words:   make(map[string]struct{}),
	}
	for _, f := range own {
		if f.Name == "" || f.Expected == "" || f.Valid == nil {
			return nil, errors.New("a format needs a name, its demand in words and a function")
		}
		c.formats[f.Name] = f
	}
	contract, err := c.contract(doc)
	if err != nil {
		return nil, fmt.Errorf("contract cannot be checked: %w", err)
	}
	return contract, nil
}

// oneLine leaves out the schema and the value that kin-openapi prints below some of its errors.
type oneLine struct{ error }

func (e oneLine) Error() string {
	line, _, _ := strings.Cut(e.error.Error(), "\n")
	return line
}

func (e oneLine) Unwrap() error { return e.error }

func (c *compiler) contract(doc *openapi3.T) (*Contract, error) {
	contract := &Contract{
		operations: make(map[string]*operation),
		events:     make(map[string]*event),
		schemas:    make(map[string]*rule),
		words:      c.words,
		rules:      c.rules,
	}
	for path, item := range doc.Paths.Map() {
		if err := c.pathItem(contract, path, item); err != nil {
			return nil, err
		}
	}
	if doc.Components != nil {
		for name, ref := range doc.Components.Schemas {
			r, err := c.rule(ref, "#/components/schemas/"+name)
			if err != nil {
				return nil, err
			}
			contract.schemas[name] = r
		}
	}
	return contract, c.finish()
}

// Operations lists the ids of the contract's operations, in order.
func (c *Contract) Operations() []string { return slices.Sorted(maps.Keys(c.operations)) }

// Events lists the names of the contract's events, which are those of its callbacks, in order.
func (c *Contract) Events() []string { return slices.Sorted(maps.Keys(c.events)) }

// Schemas lists the names of the contract's schemas, in order.
func (c *Contract) Schemas() []string { return slices.Sorted(maps.Keys(c.schemas)) }

// Schema judges a JSON body by a schema of the contract's components.
func (c *Contract) Schema(name string, body []byte) []Violation {
	j := newJudge(c.words, c.options)
	if r, known := c.schemas[name]; !known {
		j.reportAt("schema", "a schema of the contract", "unknown")
	} else if j.read(string(body)) {
		j.follow(0, r)
	}
	return j.done()
}

// JSON judges whether body is JSON, and one value of it: RFC 8259, without a name twice in an object, nested no
// deeper than MaxDepth. It needs no contract.
func JSON(body []byte) []Violation {
	j := newJudge(nil, Options{})
	j.read(string(body))
	return j.done()
}
