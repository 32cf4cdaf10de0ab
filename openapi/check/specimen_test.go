package check_test

import (
	"encoding/json"
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

// whole are messages that have every field of the contract, the optional ones too, with two items in each array.
func whole(c *check.Contract, document []byte) (all []message) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	Expect(err).NotTo(HaveOccurred())
	add := func(name string, ref *openapi3.SchemaRef, fields []check.Field, judge func(string) []check.Violation) {
		body, err := json.Marshal(specimen(ref, 0))
		Expect(err).NotTo(HaveOccurred())
		all = append(all, message{name: name, body: string(body), fields: byPath(fields), complete: true, judge: judge})
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			id := op.OperationID
			for _, status := range []int{200, 201} {
				response := op.Responses.Status(status)
				if response == nil || response.Value.Content["application/json"] == nil {
					continue
				}
				add(id, response.Value.Content["application/json"].Schema, c.Fields(id), func(body string) []check.Violation {
					return c.Response(id, status, typed("application/json"), []byte(body))
				})
			}
			if op.RequestBody != nil {
				add(id+" request", op.RequestBody.Value.Content["application/json"].Schema, c.RequestFields(id), func(body string) []check.Violation {
					return c.RequestBody(id, typed("application/json"), []byte(body))
				})
			}
			for name, callback := range op.Callbacks {
				add(name, payload(callback.Value), c.EventFields(name), func(body string) []check.Violation {
					return c.Event(name, typed("application/json"), []byte(body))
				})
			}
		}
	}
	return all
}

func payload(callback *openapi3.Callback) *openapi3.SchemaRef {
	for _, item := range callback.Map() {
		return item.Post.RequestBody.Value.Content["application/json"].Schema
	}
	return nil
}

// specimen is a value that a schema allows; turn picks the branch of a oneOf.
func specimen(ref *openapi3.SchemaRef, turn int) any {
	s := ref.Value
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.AllOf) > 0:
		all := map[string]any{}
		for _, part := range s.AllOf {
			maps.Copy(all, specimen(part, turn).(map[string]any))
		}
		return all
	case len(s.OneOf) > 0:
		return specimen(s.OneOf[turn%len(s.OneOf)], turn)
	case len(s.AnyOf) > 0 && len(s.Properties) == 0:
		return specimen(s.AnyOf[0], turn)
	case s.Type.Is("object"):
		members := map[string]any{}
		for name, member := range s.Properties {
			members[name] = specimen(member, turn)
		}
		return members
	case s.Type.Is("array"):
		return []any{specimen(s.Items, 0), specimen(s.Items, 1)}
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"), s.Type.Is("number"):
		if s.Min != nil {
			return *s.Min
		}
		return 1
	case s.Extensions["x-format"] == "instant-millis":
		return "2023-06-20T16:44:24.572+00:00"
	case s.Extensions["x-format"] == "uuid", s.Extensions["x-format"] == "uuid-or-legacy":
		return "ce83e955-1133-4adb-9847-47c83e6fc8bf"
	case s.Format == "date-time":
		return "2024-11-12T10:30:00Z"
	case s.Format == "uri":
		return "https://hook.example/1"
	}
	return "a text"
}
