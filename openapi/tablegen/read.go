package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/openapi"
)

func operations(doc *openapi3.T) ([]openapi.Operation, error) {
	var all []openapi.Operation
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			o, err := operation(doc, item, op)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			o.Method, o.Path = method, path
			all = append(all, o)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Path+all[i].Method < all[j].Path+all[j].Method })
	return all, nil
}

func operation(doc *openapi3.T, item *openapi3.PathItem, op *openapi3.Operation) (openapi.Operation, error) {
	o := openapi.Operation{
		ID: op.OperationID, Short: text(op.Extensions["x-short"]), AtRoot: len(item.Servers) > 0,
		Limit: text(op.Extensions["x-rate-limit"]), Section: text(op.Extensions["x-section"]),
		Reference: text(op.Extensions["x-origin"]) == "reference",
	}
	if o.ID == "" {
		return o, errors.New("expected an operationId, found none")
	}
	security(&o, doc, op)
	var err error
	if o.Params, err = parameters(item, op); err != nil {
		return o, err
	}
	if o.Body, err = body(op); err != nil {
		return o, fmt.Errorf("body: %w", err)
	}
	err = answers(&o, op)
	return o, err
}

// events are in the order in which the document has them.
func events(doc *openapi3.T) ([]openapi.Event, error) {
	var all []openapi.Event
	lines := map[string]int{}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for name, ref := range op.Callbacks {
				deliveries := callbackOperations(ref.Value)
				if len(deliveries) != 1 || deliveries[0].OperationID == "" || lines[name] != 0 {
					return nil, fmt.Errorf("callback %s: expected one operation, with an operationId", name)
				}
				all = append(all, event(name, deliveries[0]))
				lines[name] = deliveries[0].Origin.Key.Line
			}
		}
	}
	sort.Slice(all, func(i, j int) bool { return lines[all[i].Name] < lines[all[j].Name] })
	return all, nil
}

func callbackOperations(callback *openapi3.Callback) (all []*openapi3.Operation) {
	for _, item := range callback.Map() {
		all = slices.AppendSeq(all, maps.Values(item.Operations()))
	}
	return all
}

func event(name string, op *openapi3.Operation) openapi.Event {
	e := openapi.Event{Name: name, ID: op.OperationID, SubscribedAs: text(op.Extensions["x-subscribed-as"]), Section: text(op.Extensions["x-section"])}
	if e.SubscribedAs == "" {
		e.SubscribedAs = name
	}
	return e
}

// security takes together the alternatives that will do, those of the whole document where an operation names none.
func security(o *openapi.Operation, doc *openapi3.T, op *openapi3.Operation) {
	alternatives := doc.Security
	if op.Security != nil {
		alternatives = *op.Security
	}
	o.Secured = len(alternatives) > 0
	for _, alternative := range alternatives {
		for _, scheme := range slices.Sorted(maps.Keys(alternative)) {
			if !slices.Contains(o.Schemes, scheme) {
				o.Schemes = append(o.Schemes, scheme)
			}
			o.Scopes = append(o.Scopes, alternative[scheme]...)
		}
	}
}

// parameters are the operation's own and those of its path.
func parameters(item *openapi3.PathItem, op *openapi3.Operation) ([]openapi.Param, error) {
	var all []openapi.Param
	for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
		p, err := param(ref.Value.Name, ref.Value.In, ref.Value.Schema, nil)
		if err != nil {
			return nil, err
		}
		p.Required = ref.Value.Required
		all = slices.DeleteFunc(all, func(other openapi.Param) bool { return other.Name == p.Name && other.In == p.In })
		all = append(all, p)
	}
	return all, nil
}

func body(op *openapi3.Operation) ([]openapi.Param, error) {
	if op.RequestBody == nil {
		return nil, nil
	}
	media := op.RequestBody.Value.Content.Get("application/json")
	if media == nil {
		return nil, nil
	}
	return fields(media.Schema.Value, nil)
}

// fields are the properties of an object.
func fields(s *openapi3.Schema, trail []*openapi3.Schema) ([]openapi.Param, error) {
	var all []openapi.Param
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p, err := param(name, "body", s.Properties[name], trail)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		p.Required = slices.Contains(s.Required, name)
		all = append(all, p)
	}
	return all, nil
}

// param describes a parameter or property, and what is in it; trail holds the schemas that it is within.
func param(name, in string, ref *openapi3.SchemaRef, trail []*openapi3.Schema) (openapi.Param, error) {
	s := ref.Value
	p := openapi.Param{Name: name, In: in, Format: s.Format, Nullable: s.Nullable, Pattern: s.Pattern, MinLength: int(s.MinLength)}
	if slices.Contains(trail, s) || len(s.AllOf)+len(s.OneOf)+len(s.AnyOf) > 0 {
		return p, errors.New("tables have no room for a schema that contains itself, nor for allOf, oneOf and anyOf")
	}
	if x := text(s.Extensions["x-format"]); x != "" {
		p.Format = x
	}
	if types := s.Type.Slice(); len(types) == 1 {
		p.Type = types[0]
	}
	if s.MaxLength != nil {
		p.MaxLength = int(*s.MaxLength)
	}
	if s.Min != nil && s.Max != nil {
		p.HasBounds, p.Min, p.Max = true, int(*s.Min), int(*s.Max)
	}
	for _, value := range s.Enum {
		p.Enum = append(p.Enum, plain(value))
	}
	if s.Default != nil {
		p.Default = plain(s.Default)
	}
	trail = append(slices.Clone(trail), s)
	var err error
	if p.Fields, err = fields(s, trail); err != nil || s.Items == nil {
		return p, err
	}
	item, err := param("", in, s.Items, trail)
	p.Items = []openapi.Param{item}
	return p, err
}

// answers takes the first example of every 4xx and 5xx response as its error's body, and all other examples as they
// are. A response without an example (those of the OAuth endpoints, whose bodies depend on the error) gives none.
func answers(o *openapi.Operation, op *openapi3.Operation) error {
	for code, ref := range op.Responses.Map() {
		media := ref.Value.Content.Get("application/json")
		if media == nil {
			continue
		}
		status, isRange := statusOf(code)
		for i, name := range slices.Sorted(maps.Keys(media.Examples)) {
			encoded, err := json.Marshal(media.Examples[name].Value.Value)
			if err != nil {
				return fmt.Errorf("example %s of %s: %w", name, code, err)
			}
			if i == 0 && status >= 400 {
				o.Errors = append(o.Errors, openapi.ErrorBody{Status: status, Range: isRange, Name: name, Body: string(encoded)})
				continue
			}
			o.Examples = append(o.Examples, openapi.Example{Status: status, Name: name, Body: string(encoded)})
		}
	}
	sort.Slice(o.Errors, func(i, j int) bool { return o.Errors[i].Status < o.Errors[j].Status })
	slices.SortStableFunc(o.Examples, func(a, b openapi.Example) int { return cmp.Compare(a.Status, b.Status) })
	return nil
}

// statusOf reads a response's key; 503 stands for 5XX, and 0 for any other key that is no number.
func statusOf(code string) (status int, isRange bool) {
	if code == "5XX" {
		return 503, true
	}
	status, err := strconv.Atoi(code)
	if err != nil {
		return 0, false
	}
	return status, false
}

func limits(doc *openapi3.T) ([]openapi.Limit, error) {
	table, _ := doc.Extensions["x-rate-limits"].(map[string]any)
	var all []openapi.Limit
	for name, value := range table {
		row, _ := value.(map[string]any)
		requests, ok1 := number(row["requests"])
		seconds, ok2 := number(row["seconds"])
		if !ok1 || !ok2 {
			return nil, fmt.Errorf("x-rate-limits %s: expected requests and seconds, came %v", name, value)
		}
		all = append(all, openapi.Limit{Name: name, Requests: requests, Per: time.Duration(seconds) * time.Second})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name > all[j].Name })
	return all, nil
}

func number(v any) (int, bool) {
	switch n := v.(type) {
	case float64:
		return int(n), true
	case int:
		return n, true
	case uint64:
		return int(n), true
	}
	return 0, false
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func plain(v any) string {
	if v == nil {
		return "null"
	}
	return fmt.Sprint(v)
}

func stringsOf(v any) []string {
	list, _ := v.([]any)
	var all []string
	for _, item := range list {
		all = append(all, fmt.Sprint(item))
	}
	return all
}
