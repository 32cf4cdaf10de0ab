package check_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi"
	"github.com/parley-contracts/parley/openapi/check"
	"github.com/parley-contracts/parley/openapi/conversations"
)

// variety has what AssistLoop's contract has not, in the places where kin-openapi and we mean to agree.
const variety = `
A:
  type: object
  required: [kind, n]
  minProperties: 2
  properties:
    kind: {type: string, enum: [A]}
    n: {type: integer, minimum: 0, maximum: 10, nullable: true}
    r: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true}
    s: {type: string, minLength: 2, maxLength: 4, pattern: "^[a-zä]*$"}
    e: {type: integer, enum: [0, 1]}
    b: {type: boolean, enum: [true]}
    m: {type: object, additionalProperties: {type: integer, format: int32}, maxProperties: 2}
    l: {type: array, minItems: 1, maxItems: 2, items: {type: array, items: {type: boolean, nullable: true}}}
    u: {type: string, format: uuid}
    t: {type: string, format: date-time}
    next: {$ref: "#/components/schemas/A"}
B: {type: object, required: [kind, at], properties: {kind: {type: string, enum: [B]}, at: {type: string, format: date}}}
AB:
  oneOf: [{$ref: "#/components/schemas/A"}, {$ref: "#/components/schemas/B"}]
  discriminator: {propertyName: kind, mapping: {A: "#/components/schemas/A", B: "#/components/schemas/B"}}
Guess: {oneOf: [{type: integer}, {type: number, maximum: 5}, {type: object, required: [x], properties: {x: {type: string}}}, {type: object, required: [y], properties: {y: {type: string}}}]}
Any: {anyOf: [{type: integer}, {type: string, minLength: 3}, {type: object, required: [x]}]}
All: {nullable: true, allOf: [{$ref: "#/components/schemas/B"}, {type: object, required: [more], properties: {more: {type: array, items: {$ref: "#/components/schemas/Any"}}}}]}
`

// An oracle judges by kin-openapi what we judge.
type oracle struct {
	contract *check.Contract
	schemas  openapi3.Schemas
	names    []string
	formats  openapi3.SchemaValidationOption
}

func newOracle(document []byte, own ...check.Format) (*oracle, error) {
	c, err := check.Load(document, own...)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, err
	}
	schemas := doc.Components.Schemas
	for _, ref := range schemas {
		open(ref, map[*openapi3.Schema]bool{})
	}
	return &oracle{c, schemas, slices.Sorted(maps.Keys(schemas)), kinFormats(own...)}, nil
}

// open lets kin-openapi take null where there is no type, which is the one point on which we read OpenAPI otherwise, and
// tells it our formats.
func open(ref *openapi3.SchemaRef, been map[*openapi3.Schema]bool) {
	if ref == nil || been[ref.Value] {
		return
	}
	s := ref.Value
	been[s] = true
	if s.Type.IsEmpty() && len(s.OneOf)+len(s.AnyOf)+len(s.AllOf) == 0 {
		s.Nullable = true
	}
	if !s.Type.IsEmpty() {
		for _, part := range slices.Concat(s.OneOf, s.AnyOf) {
			been[part.Value] = been[part.Value] || part.Ref == "" // or kin-openapi lets a nullable branch outdo the type
		}
	}
	if own, ok := s.Extensions["x-format"].(string); ok {
		s.Format = own
	}
	for _, within := range slices.Concat(s.OneOf, s.AnyOf, s.AllOf, slices.Collect(maps.Values(s.Properties)), []*openapi3.SchemaRef{s.Items, s.AdditionalProperties.Schema}) {
		open(within, been)
	}
}

func oracles() ([]*oracle, error) {
	var all []*oracle
	for _, document := range [][]byte{openapi.AssistLoop(), openapi.Conversations(), openapi.Driver(), []byte(document("{type: string}", variety))} {
		var own []check.Format
		if bytes.Contains(document, []byte("uuid-or-legacy")) {
			own = conversations.Formats()
		}
		o, err := newOracle(document, own...)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, nil
}

// kinFormats give kin-openapi our formats for one call at a time.
func kinFormats(own ...check.Format) openapi3.SchemaValidationOption {
	all := map[string]openapi3.StringFormatValidator{
		"date-time": kinFormat(check.IsTimestamp), "date": kinFormat(check.IsDate), "uuid": kinFormat(check.IsUUID), "uri": kinFormat(check.IsURI),
		"instant-or-date": kinFormat(func(s string) bool { return check.IsTimestamp(s) || check.IsDate(s) }),
	}
	for _, f := range own {
		all[f.Name] = kinFormat(f.Valid)
	}
	return openapi3.WithStringFormatValidators(all)
}

func kinFormat(valid func(string) bool) openapi3.StringFormatValidator {
	return openapi3.NewCallbackValidator(func(s string) error {
		if valid(s) {
			return nil
		}
		return errors.New("invalid")
	})
}

// differ says how the two verdicts on a body differ, "" if they do not. Both name the same places, except that within oneOf,
// anyOf and allOf kin-openapi names only the value that was to be chosen for.
func (o *oracle) differ(name string, body []byte) string {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return "the body is no JSON: " + err.Error()
	}
	var theirs, within []string
	collect(o.schemas[name].Value.VisitJSON(value, openapi3.MultiErrors(), o.formats), &theirs, &within)
	var ours []string
	for _, v := range o.contract.Schema(name, body) {
		ours = append(ours, v.Place)
	}
	fold := func(places []string) []string {
		for n, place := range places {
			inside := func(choice string) bool { return place == choice || strings.HasPrefix(place, choice+"/") }
			if i := slices.IndexFunc(within, inside); i >= 0 {
				places[n] = within[i]
			}
		}
		return slices.Compact(slices.Sorted(slices.Values(places)))
	}
	ours, theirs = fold(ours), fold(append(theirs, within...))
	if !slices.Equal(ours, theirs) {
		return fmt.Sprintf("%s %s:\nours   %q\ntheirs %q", name, body, o.contract.Schema(name, body), theirs)
	}
	return ""
}

func collect(err error, places, within *[]string) {
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case err == nil:
	case errors.As(err, &one) && err == error(one):
		at := ""
		for _, s := range one.JSONPointer() {
			at += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
		}
		if slices.Contains([]string{"oneOf", "anyOf", "allOf", "discriminator"}, one.SchemaField) {
			*within = append(*within, at)
		} else {
			*places = append(*places, at)
		}
	case errors.As(err, &many):
		for _, e := range many {
			collect(e, places, within)
		}
	}
}

var _ = Describe("kin-openapi", func() {
	It("comes to the same verdict, at the same places, on bodies made by chance", func() {
		all, err := oracles()
		Expect(err).NotTo(HaveOccurred())
		good, bad := 0, 0
		for _, o := range all {
			for _, name := range o.names {
				for seed := range uint64(300) {
					chance := &chance{rand.New(rand.NewPCG(seed, 1)), float64(seed%4) / 20}
					body, err := json.Marshal(chance.value(o.schemas[name], 0))
					Expect(err).NotTo(HaveOccurred())
					Expect(o.differ(name, body)).To(BeEmpty())
					if len(o.contract.Schema(name, body)) == 0 {
						good++
					} else {
						bad++
					}
				}
			}
		}
		Expect(good).To(BeNumerically(">", 1000))
		Expect(bad).To(BeNumerically(">", 1000))
	})
})

// FuzzKin looks for a body on which kin-openapi and we differ. It leaves out what only we see: members that come twice, and
// digits that float64 has no room for.
func FuzzKin(f *testing.F) {
	all, err := oracles()
	if err != nil {
		f.Fatal(err)
	}
	for i, o := range all {
		for n, name := range o.names {
			for seed := range uint64(4) {
				body, _ := json.Marshal((&chance{rand.New(rand.NewPCG(seed, 2)), 0.1}).value(o.schemas[name], 0))
				f.Add(uint8(i), uint8(n), body)
			}
		}
	}
	f.Fuzz(func(t *testing.T, which, schema uint8, body []byte) {
		o := all[int(which)%len(all)]
		name := o.names[int(schema)%len(o.names)]
		if len(check.JSON(body)) > 0 || !modest(body) {
			t.Skip()
		}
		if difference := o.differ(name, body); difference != "" {
			t.Fatal(difference)
		}
	})
}

// modest: every number is one that float64 holds digit for digit.
func modest(body []byte) bool {
	run := 0
	for _, b := range body {
		if b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E' || '0' <= b && b <= '9' {
			if run++; run > 15 {
				return false
			}
			if b == 'e' || b == 'E' {
				run += 14 // an exponent of one digit, at most
			}
			continue
		}
		run = 0
	}
	return true
}
