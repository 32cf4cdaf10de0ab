package check_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const pets = `
oneOf:
  - $ref: "#/components/schemas/Cat"
  - $ref: "#/components/schemas/Dog"
discriminator:
  propertyName: kind
  mapping: {cat: "#/components/schemas/Cat", dog: Dog}
`

// branches follow the Thing of a test's document.
const branches = `
Cat: {type: object, required: [kind, lives], properties: {kind: {type: string}, lives: {type: integer}}}
Dog: {type: object, required: [kind, owner], properties: {kind: {type: string}, owner: {type: object, required: [name], properties: {name: {type: string}}}}}
`

var _ = Describe("A choice of schemas", func() {
	judge := func(schema, body string) []string {
		GinkgoHelper()
		return lines(contract(schema, branches).Schema("Thing", []byte(body)))
	}

	DescribeTable("with a discriminator goes by the branch that it names", func(body string, said ...string) {
		Expect(judge(pets, body)).To(Equal(append([]string{}, said...)))
	},
		Entry("a cat", `{"kind":"cat","lives":9}`),
		Entry("a dog, by the schema's bare name", `{"kind":"dog","owner":{"name":"Jo"}}`),
		Entry("a cat with a wrong member", `{"kind":"cat","lives":"9"}`, "/lives: expected an integer, came string of 1 character"),
		Entry("a dog that lacks something deep", `{"kind":"dog","owner":{}}`, "/owner/name: expected a string, came missing"),
		Entry("a cat that looks like a dog", `{"kind":"cat","owner":{"name":"Jo"}}`, "/lives: expected an integer, came missing"),
		Entry("neither", `{"kind":"cow","lives":9}`, "/kind: expected one of cat, dog, came string of 3 characters"),
		Entry("no kind", `{"lives":9}`, "/kind: expected one of cat, dog, came missing"),
		Entry("a kind that is no text", `{"kind":1,"lives":9}`, "/kind: expected one of cat, dog, came number"),
		Entry("no object", `[]`, "the body: expected an object, came array of 0 items"),
		Entry("null", `null`, "the body: expected an object, came null"),
	)

	It("goes by the schemas' names where a discriminator has no mapping", func() {
		named := `
oneOf:
  - $ref: "#/components/schemas/Cat"
  - $ref: "#/components/schemas/Dog"
discriminator: {propertyName: kind}
`
		Expect(judge(named, `{"kind":"Cat","lives":9}`)).To(BeEmpty())
		Expect(judge(named, `{"kind":"cat","lives":9}`)).To(Equal([]string{`/kind: expected one of Cat, Dog, came string "cat"`}))
	})

	DescribeTable("without a discriminator reports the nearest branch", func(body string, said ...string) {
		schema := `
oneOf:
  - {type: string, enum: [a, b]}
  - {type: object, required: [x, y], properties: {x: {type: integer}, y: {type: integer}}}
  - {type: object, required: [z, y], properties: {z: {type: boolean}, y: {type: string}}}
`
		Expect(judge(schema, body)).To(Equal(append([]string{}, said...)))
	},
		Entry("one fits", `"a"`),
		Entry("another fits", `{"z":true,"y":""}`),
		Entry("nearly the second", `{"x":1,"y":2.5}`, "/y: expected an integer, came number with a fraction"),
		Entry("nearly the third", `{"z":1,"y":""}`, "/z: expected true or false, came number"),
		Entry("none by kind", `7`, "the body: expected one of a, b or an object, came number"),
		Entry("none by word", `"c"`, "the body: expected one of a, b or an object, came string of 1 character"),
	)

	It("refuses what fits two branches of a oneOf, and takes it for an anyOf", func() {
		Expect(judge(`oneOf: [{type: integer}, {type: number}]`, `1`)).To(Equal([]string{
			"the body: expected exactly one of: an integer or a number, came a value that fits 2 of them"}))
		Expect(judge(`oneOf: [{type: integer}, {type: number}]`, `1.5`)).To(BeEmpty())
		Expect(judge(`anyOf: [{type: integer}, {type: number}]`, `1`)).To(BeEmpty())
		Expect(judge(`anyOf: [{type: integer}, {type: string}]`, `true`)).To(Equal([]string{"the body: expected an integer or a string, came true"}))
	})

	It("takes null where a branch does, or the whole", func() {
		Expect(judge(`oneOf: [{type: integer, nullable: true}, {type: string}]`, `null`)).To(BeEmpty())
		Expect(judge("nullable: true\noneOf: [{type: integer}, {type: string}]", `null`)).To(BeEmpty())
		Expect(judge(`oneOf: [{type: integer}, {type: string}]`, `null`)).To(Equal([]string{"the body: expected an integer or a string, came null"}))
	})
})

var _ = Describe("An allOf", func() {
	It("reports each part, and the same complaint once", func() {
		c := contract(`
allOf:
  - {type: object, required: [a], properties: {a: {type: string}}}
  - {type: object, required: [a, b], properties: {b: {type: integer}}}
`)
		Expect(c.Schema("Thing", []byte(`{"a":"","b":1}`))).To(BeEmpty())
		Expect(lines(c.Schema("Thing", []byte(`{}`)))).To(Equal([]string{
			"/a: expected a string, came missing", "/b: expected an integer, came missing"}))
		Expect(lines(c.Schema("Thing", []byte(`1`)))).To(Equal([]string{"the body: expected an object, came number"}))
	})

	It("lets one part require what another describes", func() {
		c := contract(`
allOf:
  - {type: object, properties: {at: {type: string, format: date-time}}}
  - {required: [at]}
`)
		Expect(lines(c.Schema("Thing", []byte(`{}`)))).To(Equal([]string{"/at: expected an RFC 3339 timestamp, came missing"}))
	})

	It("may be nullable as a whole, as contracts say of a reference", func() {
		c := contract("nullable: true\nallOf: [{type: object, required: [a], properties: {a: {type: string}}}]")
		Expect(c.Schema("Thing", []byte(`null`))).To(BeEmpty())
		Expect(lines(c.Schema("Thing", []byte(`1`)))).To(Equal([]string{"the body: expected an object, came number"}))
	})
})

var _ = Describe("A recursive schema", func() {
	It("is followed as deep as a body goes", func() {
		c := contract(`{type: object, required: [v], properties: {v: {type: integer}, next: {$ref: "#/components/schemas/Thing"}}}`)
		Expect(lines(c.Schema("Thing", []byte(`{"v":1,"next":{"v":2,"next":{"next":{"v":4}}}}`)))).To(Equal([]string{
			"/next/next/v: expected an integer, came missing"}))
	})
})
