package check_test

import (
	"encoding/json"
	"maps"

	"github.com/getkin/kin-openapi/openapi3"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
)

// whole are messages that have every field of the contract, the optional ones too, with two items in each array.
func whole(c *check.Contract) (all []message) {
	doc := assistLoop()
	add := func(name string, ref *openapi3.SchemaRef, fields []check.Field, judge func(string) []check.Violation) {
		body, err := json.Marshal(specimen(ref, 0))
		Expect(err).NotTo(HaveOccurred())
		all = append(all, message{name: name, body: string(body), fields: byPath(fields), complete: true, judge: judge})
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			id := op.OperationID
			if media := op.Responses.Value("200").Value.Content["application/json"]; media != nil {
				add(id, media.Schema, c.Fields(id), func(body string) []check.Violation {
					return c.Response(id, 200, typed("application/json"), []byte(body))
				})
			}
			if op.RequestBody != nil {
				add(id+" request", op.RequestBody.Value.Content["application/json"].Schema, c.RequestFields(id), func(body string) []check.Violation {
					return c.RequestBody(id, typed("application/json"), []byte(body))
				})
			}
		}
	}
	for _, name := range c.Events() {
		ref := doc.Components.Schemas[map[string]string{"new_conversation": "NewConversationEvent", "human_handoff_required": "HumanHandoffEvent"}[name]]
		add(name, ref, c.EventFields(name), func(body string) []check.Violation {
			return c.Event(name, typed("application/json"), []byte(body))
		})
	}
	return all
}

func assistLoop() *openapi3.T {
	doc, err := openapi3.NewLoader().LoadFromData(openapi.AssistLoop())
	Expect(err).NotTo(HaveOccurred())
	return doc
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
	case s.Format == "date-time":
		return "2024-11-12T10:30:00Z"
	case s.Format == "uri":
		return "https://hook.example/1"
	}
	return "a text"
}
