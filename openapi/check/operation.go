package check

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// An operation is one of the contract's, compiled.
type operation struct {
	id, method string
	source     *openapi3.Operation
	parameters []*parameter
	query      map[string]bool // the names that may stand in a query
	body       *payload
	responses  map[string]*response // by status: "200", "4XX", "default"
	statuses   string               // those keys, in words
}

// A response is what an operation answers with one status.
type response struct {
	headers []*parameter
	body    *payload
}

// An event is a callback: a request that the target makes.
type event struct {
	source *openapi3.Operation
	body   *payload
}

func (c *compiler) pathItem(contract *Contract, path string, item *openapi3.PathItem) error {
	for method, source := range item.Operations() {
		at := method + " " + path
		if source.OperationID == "" {
			return fmt.Errorf("%s: an operation needs an operationId", at)
		}
		op, err := c.operation(method, item, source)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		contract.operations[op.id] = op
		for name, ref := range source.Callbacks {
			if err := c.callback(contract, name, ref.Value); err != nil {
				return fmt.Errorf("%s: callback %s: %w", at, name, err)
			}
		}
	}
	return nil
}

// callback compiles the one operation that a callback states.
func (c *compiler) callback(contract *Contract, name string, cb *openapi3.Callback) error {
	if contract.events[name] != nil {
		return fmt.Errorf("there is another callback of this name")
	}
	for _, item := range cb.Map() {
		for _, source := range item.Operations() {
			if contract.events[name] != nil || source.RequestBody == nil {
				return fmt.Errorf("a callback is one operation, with a body")
			}
			body, err := c.payload(source.RequestBody.Value.Content, true, "callbacks/"+name)
			if err != nil {
				return err
			}
			contract.events[name] = &event{source: source, body: body}
		}
	}
	return nil
}

func (c *compiler) operation(method string, item *openapi3.PathItem, source *openapi3.Operation) (*operation, error) {
	op := &operation{
		id: source.OperationID, method: method, source: source,
		query: make(map[string]bool), responses: make(map[string]*response),
	}
	for _, ref := range append(source.Parameters[:len(source.Parameters):len(source.Parameters)], item.Parameters...) {
		if known(op.parameters, ref.Value) {
			continue // an operation's own comes before the path's
		}
		p, err := c.parameter(ref.Value)
		if err != nil {
			return nil, err
		}
		if p.in == openapi3.ParameterInQuery {
			op.query[p.name] = true
		}
		if !p.ignored() {
			op.parameters = append(op.parameters, p)
		}
	}
	var err error
	if ref := source.RequestBody; ref != nil {
		if op.body, err = c.payload(ref.Value.Content, ref.Value.Required, "requestBody"); err != nil {
			return nil, err
		}
	}
	for i, status := range source.Responses.Keys() {
		if op.responses[status], err = c.response(source.Responses.Value(status).Value, status); err != nil {
			return nil, err
		}
		op.statuses += pick(i > 0, ", ", "one of ") + status
	}
	return op, nil
}

func known(parameters []*parameter, p *openapi3.Parameter) bool {
	for _, other := range parameters {
		if other.name == p.Name && other.in == p.In {
			return true
		}
	}
	return false
}

func (c *compiler) response(source *openapi3.Response, status string) (*response, error) {
	r := &response{}
	for _, name := range slices.Sorted(maps.Keys(source.Headers)) {
		header := source.Headers[name].Value.Parameter
		header.Name, header.In = name, openapi3.ParameterInHeader
		p, err := c.parameter(&header)
		if err != nil {
			return nil, err
		}
		if !p.ignored() {
			r.headers = append(r.headers, p)
		}
	}
	var err error
	if len(source.Content) > 0 {
		r.body, err = c.payload(source.Content, true, "responses/"+status)
	}
	return r, err
}

// response finds what the contract says about a status; nil means that it says nothing.
func (op *operation) response(status int, byClass bool) *response {
	digits := strconv.Itoa(status)
	if len(digits) != 3 {
		return nil
	}
	class := digits[:1] + "XX"
	for _, key := range []string{digits, class, "default"} {
		if r := op.responses[key]; r != nil {
			return r
		}
	}
	if !byClass {
		return nil
	}
	lowest := ""
	for key := range op.responses {
		if key[0] == digits[0] && (lowest == "" || key < lowest) {
			lowest = key
		}
	}
	return op.responses[lowest]
}
