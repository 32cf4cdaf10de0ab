package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parley-contracts/parley/openapi"
)

func operations(doc *openapi3.T) ([]openapi.Operation, error) {
	var all []openapi.Operation
	for _, path := range doc.Paths.InMatchingOrder() {
		item := doc.Paths.Value(path)
		for method, op := range item.Operations() {
			if op.OperationID == "" {
				return nil, fmt.Errorf("%s %s: expected an operationId, found none", method, path)
			}
			o := openapi.Operation{
				ID: op.OperationID, Short: text(op.Extensions["x-short"]), Method: method, Path: path,
				AtRoot: len(item.Servers) > 0, Limit: text(op.Extensions["x-rate-limit"]), Section: text(op.Extensions["x-section"]),
			}
			o.Secured, o.Scopes = security(op)
			o.Params = parameters(op)
			o.Body = body(op)
			errors, err := errorBodies(op)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			o.Errors = errors
			all = append(all, o)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Path+all[i].Method < all[j].Path+all[j].Method })
	return all, nil
}

func security(op *openapi3.Operation) (bool, []string) {
	if op.Security == nil || len(*op.Security) == 0 {
		return false, nil
	}
	var scopes []string
	for _, alternative := range *op.Security {
		for _, s := range alternative {
			scopes = append(scopes, s...)
		}
	}
	return true, scopes
}

func parameters(op *openapi3.Operation) []openapi.Param {
	var all []openapi.Param
	for _, ref := range op.Parameters {
		p := param(ref.Value.Name, ref.Value.In, ref.Value.Schema.Value)
		p.Required = ref.Value.Required
		all = append(all, p)
	}
	return all
}

func body(op *openapi3.Operation) []openapi.Param {
	if op.RequestBody == nil {
		return nil
	}
	media := op.RequestBody.Value.Content.Get("application/json")
	if media == nil {
		return nil
	}
	schema := media.Schema.Value
	required := map[string]bool{}
	for _, name := range schema.Required {
		required[name] = true
	}
	var all []openapi.Param
	for name, property := range schema.Properties {
		p := param(name, "body", property.Value)
		p.Required = required[name]
		all = append(all, p)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

func param(name, in string, s *openapi3.Schema) openapi.Param {
	p := openapi.Param{Name: name, In: in, Format: s.Format, Nullable: s.Nullable, Pattern: s.Pattern, MinLength: int(s.MinLength)}
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
	return p
}

// errorBodies takes the first example of every 4xx and 5xx response. A response without an example
// (those of the OAuth endpoints, whose bodies depend on the error) gives none.
func errorBodies(op *openapi3.Operation) ([]openapi.ErrorBody, error) {
	var all []openapi.ErrorBody
	for status, ref := range op.Responses.Map() {
		e := openapi.ErrorBody{}
		if status == "5XX" {
			e.Status, e.Range = 503, true
		} else if n, err := strconv.Atoi(status); err == nil {
			e.Status = n
		}
		if e.Status < 400 {
			continue
		}
		media := ref.Value.Content.Get("application/json")
		if media == nil {
			continue
		}
		for _, example := range media.Examples {
			encoded, err := json.Marshal(example.Value.Value)
			if err != nil {
				return nil, fmt.Errorf("example of %s: %w", status, err)
			}
			e.Body = string(encoded)
		}
		if e.Body != "" {
			all = append(all, e)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Status < all[j].Status })
	return all, nil
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
