package check_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

var _ = Describe("The fields of a body", func() {
	fields := func(schema string, others ...string) map[string]check.Field {
		GinkgoHelper()
		list := contract(schema, others...).Fields("get-thing")
		byPath := make(map[string]check.Field)
		for i, f := range list {
			Expect(byPath).NotTo(HaveKey(f.Path))
			byPath[f.Path] = f
			if i > 0 {
				Expect(f.Path > list[i-1].Path).To(BeTrue(), "in order: %s", f.Path)
			}
		}
		return byPath
	}

	It("say all that a requirement needs", func() {
		all := fields(`
type: array
maxItems: 5
items:
  type: object
  required: [id, user]
  properties:
    id: {type: string, minLength: 1, description: Its id., x-reading: AL-30, x-section: Ids}
    user: {$ref: "#/components/schemas/User"}
    at: {type: string, format: date-time, nullable: true}
    from: {type: string, x-format: instant-or-date}
    tags: {type: array, items: {type: string, enum: [a]}}
    free: {}
`, `User: {type: object, description: Somebody., x-reading: AL-42, required: [name], properties: {name: {type: string, enum: [jo, al]}}}`)
		Expect(all).To(HaveLen(8))
		Expect(all[""]).To(Equal(check.Field{Path: "", Types: []string{"array"}, Items: []string{"object"}, Required: true, RequiredHere: true, Expected: "an array of at most 5 items"}))
		Expect(all["id"]).To(Equal(check.Field{Path: "id", Types: []string{"string"}, Required: true, RequiredHere: true,
			Expected: "a non-empty string", Description: "Its id.", Reading: "AL-30", Section: "Ids"}))
		Expect(all["user"].Reading).To(Equal("AL-42"))
		Expect(all["user.name"]).To(Equal(check.Field{Path: "user.name", Types: []string{"string"}, Required: true, RequiredHere: true,
			Enum: []string{"jo", "al"}, Expected: "one of jo, al"}))
		Expect(all["at"]).To(Equal(check.Field{Path: "at", Types: []string{"string"}, Nullable: true, Format: "date-time", Expected: "an RFC 3339 timestamp or null"}))
		Expect(all["from"].Format).To(Equal("instant-or-date"))
		Expect(all["tags"].Items).To(Equal([]string{"string"}))
		Expect(all["free"]).To(Equal(check.Field{Path: "free", Nullable: true, Expected: "any JSON value"}))
	})

	It("tell what every body has from what its object has", func() {
		all := fields(`
type: object
properties:
  a: {type: object, required: [b], properties: {b: {type: string}}}
`)
		Expect(all["a"].Required).To(BeFalse())
		Expect(all["a.b"].Required).To(BeFalse())
		Expect(all["a.b"].RequiredHere).To(BeTrue())
	})

	It("take the branches of a oneOf together", func() {
		all := fields(`
oneOf: [{$ref: "#/components/schemas/A"}, {$ref: "#/components/schemas/B"}]
discriminator: {propertyName: kind}
`,
			`A: {type: object, required: [kind, x, y, z], properties: {kind: {type: string, enum: [A]}, x: {type: string}, y: {type: string, nullable: true}, z: {type: string}}}`,
			`B: {type: object, required: [kind, x], properties: {kind: {type: string, enum: [B]}, x: {type: integer}, y: {type: string}, w: {type: string}}}`)
		Expect(all["kind"]).To(Equal(check.Field{Path: "kind", Types: []string{"string"}, Required: true, RequiredHere: true, Enum: []string{"A", "B"}, Expected: "one of A, B"}))
		Expect(all["x"].Types).To(Equal([]string{"integer", "string"}))
		Expect(all["x"].Required).To(BeTrue())
		Expect(all["y"].Required).To(BeFalse())
		Expect(all["y"].RequiredHere).To(BeFalse())
		Expect(all["y"].Nullable).To(BeTrue())
		Expect(all["z"].Required).To(BeFalse(), "the other branch knows none")
		Expect(all["z"].RequiredHere).To(BeTrue())
		Expect(all["w"].RequiredHere).To(BeFalse())
	})

	It("take a null among branches for what it is, and a member that one branch requires for optional", func() {
		all := fields(`
type: object
properties:
  a: {type: string}
  b: {type: string}
  last:
    type: object
    nullable: true
    anyOf: [{$ref: "#/components/schemas/Some"}, {$ref: "#/components/schemas/None"}]
anyOf: [{required: [a]}, {required: [b]}]
`,
			`Some: {type: object, required: [kind], properties: {kind: {type: string, enum: [A, B]}}}`,
			`None: {type: object, required: [kind], properties: {kind: {type: string, nullable: true, enum: [null]}}}`)
		Expect(all["last.kind"]).To(Equal(check.Field{Path: "last.kind", Types: []string{"string"}, Nullable: true, RequiredHere: true,
			Enum: []string{"A", "B"}, Expected: "one of A, B or null"}))
		Expect(all["a"].RequiredHere).To(BeFalse())
		Expect(all["b"].RequiredHere).To(BeFalse())
	})

	It("take the parts of an allOf together", func() {
		all := fields(`
description: The whole.
nullable: true
allOf:
  - {type: object, description: A part., x-section: Part, properties: {a: {type: string}}}
  - {required: [a]}
`)
		Expect(all[""].Description).To(Equal("The whole."))
		Expect(all[""].Section).To(Equal("Part"))
		Expect(all[""].Nullable).To(BeTrue())
		Expect(all[""].Types).To(Equal([]string{"object"}))
		Expect(all["a"].Required).To(BeTrue())
	})

	It("know what takes null without saying so", func() {
		all := fields(`
type: object
properties:
  all: {allOf: [{type: string, nullable: true}, {}]}
  one: {oneOf: [{type: string}, {type: integer, nullable: true}]}
  no: {allOf: [{type: string, nullable: true}, {type: string}]}
  none: {oneOf: [{type: string}, {type: integer}]}
  word: {enum: [a, null]}
  other: {enum: [a, b]}
`)
		c := contract("type: object\nproperties:\n  all: {allOf: [{type: string, nullable: true}, {}]}\n  no: {allOf: [{type: string, nullable: true}, {type: string}]}")
		Expect(lines(c.Schema("Thing", []byte(`{"all":null,"no":null}`)))).To(Equal([]string{"/no: expected a string, came null"}))
		for path, nullable := range map[string]bool{"all": true, "one": true, "no": false, "none": false, "word": true, "other": false} {
			Expect(all[path].Nullable).To(Equal(nullable), path)
		}
		Expect(all["one"].Types).To(Equal([]string{"integer", "string"}))
		Expect(all["one"].Expected).To(Equal("a string or an integer or null"))
	})

	It("end where a schema comes back to itself", func() {
		all := fields(`{type: object, properties: {next: {$ref: "#/components/schemas/Thing"}}}`)
		Expect(all).To(HaveLen(2))
	})

	It("are of requests and events too, and of nothing unknown", func() {
		c, err := check.Load([]byte(shop))
		Expect(err).NotTo(HaveOccurred())
		Expect(c.RequestFields("pay")).To(HaveLen(5))
		Expect(c.EventFields("paid")).To(HaveLen(2))
		Expect(c.Fields("pay")).To(HaveLen(2))
		Expect(c.Fields("note")).To(BeNil(), "it answers without a body")
		Expect(c.Fields("buy")).To(BeNil())
		Expect(c.RequestFields("get-order")).To(BeNil())
		Expect(c.EventFields("lost")).To(BeNil())
	})

	It("are the caller's to change", func() {
		c := contract(`{type: string, enum: [a, b]}`)
		c.Fields("get-thing")[0].Enum[0] = "z"
		c.Fields("get-thing")[0].Types[0] = "z"
		Expect(c.Fields("get-thing")[0].Enum).To(Equal([]string{"a", "b"}))
		Expect(c.Fields("get-thing")[0].Types).To(Equal([]string{"string"}))
		Expect(c.Response("get-thing", 200, nil, []byte(`"a"`))).To(BeEmpty())
	})
})
