package defects

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/openapi/assistloop"
	"github.com/parley-contracts/parley/openapi/check"
)

// The kinds of wrong shapes, of answers and of payloads.
const (
	Dropped  Kind = "field-dropped"
	Nulled   Kind = "field-null"
	Retyped  Kind = "field-retyped"
	Invalid  Kind = "field-invalid" // the right type, and a value that the contract does not know
	Reshaped Kind = "body-reshaped"
)

// deform is one way of spoiling a message's body.
type deform struct {
	kind     Kind
	done     string
	sentence string // of which "%s" is the subject
	body     func(v any) any
	raw      func([]byte) []byte // instead of body
}

func (d deform) apply(body []byte) []byte {
	if d.raw != nil {
		return d.raw(body)
	}
	v := decode(body)
	if v == nil {
		return body
	}
	return encode(d.body(v))
}

// shapes spoils every field of every answer.
func shapes(contract *check.Contract) []Defect {
	var all []Defect
	for _, op := range assistloop.Operations() {
		for _, f := range contract.Fields(op.ID) {
			for _, d := range deformations(f) {
				all = append(all, defect(d.kind, fieldID(op.ID, f.Path), d.done,
					fmt.Sprintf("Answers of %s: %s.", op.ID, d.sentence), onAnswers(op.ID, func(c *call, a *answer) { a.body = d.apply(a.body) })))
			}
		}
	}
	return all
}

// payloads spoils every field of every event's deliveries.
func payloads(contract *check.Contract) []Defect {
	var all []Defect
	for _, event := range contract.Events() {
		subject := "event-" + strings.ReplaceAll(event, "_", "-")
		for _, f := range contract.EventFields(event) {
			for _, d := range deformations(f) {
				all = append(all, defect(d.kind, fieldID(subject, f.Path), d.done,
					fmt.Sprintf("Deliveries of %s: %s.", event, d.sentence), onDeliveries(event, func(d2 *delivery) { d2.body = d.apply(d2.body) })))
			}
		}
	}
	return all
}

func fieldID(subject, path string) string {
	if path == "" {
		return subject + "/body"
	}
	return subject + "/field:" + path
}

// onAnswers alters what an operation answers with a 2xx.
func onAnswers(op string, change func(*call, *answer)) play {
	return func(*memory) behaviour {
		return behaviour{call: func(c *call) *answer {
			if c.op != op || c.wrong {
				return nil
			}
			a := c.send()
			if a.ok() {
				change(c, a)
			}
			return a
		}}
	}
}

// deformations are the ways to spoil a field that the contract rules out.
func deformations(f check.Field) []deform {
	if f.Path == "" {
		return wholeBodies(f)
	}
	var all []deform
	add := func(kind Kind, done, sentence string, change func(v any)) {
		all = append(all, deform{kind: kind, done: done, sentence: fmt.Sprintf("`%s` %s", f.Path, sentence), body: func(v any) any {
			change(v)
			return v
		}})
	}
	set := func(kind Kind, done, sentence string, value any) {
		add(kind, done, sentence, func(v any) { put(v, f.Path, !f.RequiredHere, value) })
	}
	if f.RequiredHere {
		add(Dropped, "dropped", "is left out", func(v any) { drop(v, f.Path) })
	}
	if len(f.Types) == 0 {
		return all // any value will do
	}
	if !f.Nullable {
		set(Nulled, "null", "is null", nil)
	}
	if f.Expected == "null" {
		set(Retyped, "object", "is an object", map[string]any{"id": "whk_1"})
		return all
	}
	switch {
	case slices.Contains(f.Types, "string"):
		set(Retyped, "number", "is a number", 20241112)
		set(Retyped, "object", "is an object", map[string]any{"value": "text"})
	case slices.Contains(f.Types, "boolean"):
		set(Retyped, "string", `is the string "true"`, "true")
		set(Retyped, "number", "is a number", 1)
	case slices.Contains(f.Types, "integer"):
		set(Retyped, "string", "is a string", "3600")
		set(Retyped, "fraction", "is a fraction", 0.5)
	case slices.Contains(f.Types, "object"):
		set(Retyped, "string", "is a string", "text")
		add(Retyped, "array", "stands in an array", func(v any) {
			each(v, f.Path, func(parent map[string]any, name string) {
				if inner, has := parent[name]; has && inner != nil {
					parent[name] = []any{inner}
				}
			})
		})
	case slices.Contains(f.Types, "array"):
		set(Retyped, "object", "is an object", map[string]any{})
		set(Retyped, "string", "is a string", "[]")
	}
	for _, v := range invalid(f) {
		set(Invalid, v.done, v.sentence, v.value)
	}
	return all
}

type invalidValue struct {
	done, sentence string
	value          any
}

// invalid are values of the right type that a field may not have.
func invalid(f check.Field) []invalidValue {
	switch {
	case len(f.Enum) > 0:
		return []invalidValue{{"unknown", "is a word that the enumeration does not have", "parley_other"}}
	case f.Format == "date-time":
		return []invalidValue{
			{"no-timestamp", "is no timestamp", "12 November 2024"},
			{"no-zone", "is a timestamp without a zone", "2024-11-12 10:30:00"},
		}
	case f.Format == "instant-millis":
		return []invalidValue{
			{"no-timestamp", "is no timestamp", "20 June 2023"},
			{"no-zone", "is a timestamp without a zone", "2023-06-20T16:44:24.572"},
			{"no-fraction", "is a timestamp of whole seconds", "2023-06-20T16:44:24+00:00"},
			{"six-digits", "is a timestamp with six digits of fraction", "2023-06-20T16:44:24.572000+00:00"},
			{"blank", "is a timestamp with a blank for its T", "2023-06-20 16:44:24.572+00:00"},
			{"no-day", "is a timestamp on the 31st of February", "2023-02-31T16:44:24.572+00:00"},
		}
	case f.Format == "uuid":
		return []invalidValue{{"no-uuid", "is no UUID", "msg_abc123"}, {"legacy", "is an id of the older form", "D12945086921DDDF4F36EBB3BE7AEFF1"}}
	case f.Format == "uuid-or-legacy":
		return []invalidValue{
			{"no-id", "is no id", "conv_abc123"}, {"empty", "is empty", ""}, {"word-null", "is the word NULL", "NULL"},
			{"lower", "is an id of the older form in lower case", "d12945086921dddf4f36ebb3be7aeff1"},
		}
	case strings.Contains(f.Expected, "from 1 to 2147483647"):
		return []invalidValue{{"zero", "is 0", 0}, {"too-large", "is 2147483648", 2147483648}}
	case strings.HasPrefix(f.Expected, "a non-empty string"):
		return []invalidValue{{"empty", "is empty", ""}}
	}
	return nil
}

// wholeBodies are the ways to spoil a body as a whole.
func wholeBodies(f check.Field) []deform {
	raw := func(done, sentence, body string) deform {
		return deform{kind: Reshaped, done: done, sentence: sentence, raw: func([]byte) []byte { return []byte(body) }}
	}
	all := []deform{
		raw("null", "the body is null", "null"),
		raw("empty", "there is no body", ""),
		raw("no-json", "the body is no JSON", "<html><body>OK</body></html>"),
		{kind: Reshaped, done: "cut", sentence: "the body is cut short", raw: func(b []byte) []byte { return b[:len(b)/2] }},
	}
	if slices.Contains(f.Types, "array") {
		return append(all,
			deform{kind: Reshaped, done: "wrapped", sentence: "the array stands in an object", body: func(v any) any { return map[string]any{"data": v} }},
			deform{kind: Reshaped, done: "strings", sentence: "the array holds strings", body: func(v any) any { return []any{"text"} }},
		)
	}
	return append(all, deform{kind: Reshaped, done: "array", sentence: "the object stands in an array", body: func(v any) any { return []any{v} }})
}
