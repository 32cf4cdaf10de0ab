package check_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

var _ = Describe("A contract", func() {
	DescribeTable("does not load with what would not be checked", func(schema, said string) {
		_, err := check.Load([]byte(document(schema, `Other: {type: object}`)))
		Expect(err).To(MatchError(ContainSubstring(said)))
		Expect(err.Error()).NotTo(ContainSubstring("\n"))
	},
		Entry("not", `not: {type: string}`, "#/components/schemas/Thing: schema keyword is not checked: not"),
		Entry("uniqueItems", `{type: array, uniqueItems: true, items: {type: string}}`, "uniqueItems"),
		Entry("multipleOf", `{type: integer, multipleOf: 2}`, "multipleOf"),
		Entry("readOnly, deep down", `{type: object, properties: {a: {type: array, items: {type: string, readOnly: true}}}}`,
			"#/components/schemas/Thing/properties/a/items: schema keyword is not checked: readOnly"),
		Entry("writeOnly", `{type: string, writeOnly: true}`, "writeOnly"),
		Entry("a discriminator without oneOf", `{type: object, discriminator: {propertyName: kind}}`, "discriminator without oneOf"),
		Entry("oneOf beside anyOf", `{oneOf: [{type: string}], anyOf: [{type: string}]}`, "oneOf beside anyOf"),
		Entry("properties without a type", `properties: {a: {type: string}}`, "without a type"),
		Entry("an unknown format", `{type: string, format: iban}`, `no format "iban"`),
		Entry("a format of another type", `{type: integer, format: date-time}`, `no format "date-time" for this type`),
		Entry("a pattern that does not compile", `{type: string, pattern: "(?=x)"}`, "error parsing regexp"),
		Entry("a default that its schema refuses", `{type: integer, default: x}`, "value must be an integer"),
		Entry("an enumeration of objects", `{type: object, enum: [{a: 1}]}`, "enumerations hold"),
		Entry("a discriminator over schemas without names", `{oneOf: [{type: object}], discriminator: {propertyName: kind}}`, "is not a reference"),
		Entry("a discriminator that leads to no branch",
			`{oneOf: [{$ref: "#/components/schemas/Other"}], discriminator: {propertyName: kind, mapping: {a: Thing}}}`, `discriminator value "a" leads to Thing, which is no branch`),
		Entry("a choice that contains itself", `{oneOf: [{type: string}, {type: array, items: {$ref: "#/components/schemas/Thing"}}]}`,
			"a oneOf or anyOf that contains itself needs a discriminator"),
	)

	DescribeTable("does not load when it is none", func(text, said string) {
		_, err := check.Load([]byte(text))
		Expect(err).To(MatchError(ContainSubstring(said)))
	},
		Entry("nothing", ``, "contract"),
		Entry("no YAML", `{{{`, "contract does not load"),
		Entry("OpenAPI 3.1", strings.Replace(document(`{type: string}`), "3.0.3", "3.1.0", 1), "only 3.0 is checked"),
		Entry("a reference that leads nowhere", document(`$ref: "#/components/schemas/Nothing"`), "contract does not load"),
		Entry("a document that is not valid", document(`{type: text}`), "contract is not valid"),
		Entry("an operation without an id", strings.Replace(document(`{type: string}`), "operationId: get-thing", "summary: x", 1), "needs an operationId"),
		Entry("a wildcard for a media type", strings.Replace(document(`{type: string}`), "application/json:", `"*/*":`, 1), "only plain types"),
	)

	It("does not load with a format that is none", func() {
		_, err := check.Load([]byte(document(`{type: string}`)), check.Format{Name: "iban"})
		Expect(err).To(MatchError(ContainSubstring("a format needs")))
	})

	It("does not load with a schema that is part of itself", func() {
		_, err := check.Load([]byte(document(`allOf: [{$ref: "#/components/schemas/Other"}]`, `Other: {allOf: [{$ref: "#/components/schemas/Thing"}]}`)))
		Expect(err).To(HaveOccurred())
	})

	DescribeTable("does not load with callbacks that are no events", func(change func(string) string, said string) {
		_, err := check.Load([]byte(change(shop)))
		Expect(err).To(MatchError(ContainSubstring(said)))
	},
		Entry("without a body", func(s string) string {
			return strings.Replace(s, `              requestBody:
                content:
                  application/json: {schema: {type: object, required: [event]`, `              x-body:
                content:
                  application/json: {schema: {type: object, required: [event]`, 1)
		}, "a callback is one operation, with a body"),
		Entry("of the same name", func(s string) string {
			return strings.Replace(s, "      operationId: note\n", `      operationId: note
      callbacks:
        paid:
          "{$request.body#/url}":
            post:
              operationId: on-paid-too
              requestBody: {content: {application/json: {schema: {type: object}}}}
              responses: {"200": {description: Taken.}}
`, 1)
		}, "there is another callback of this name"),
	)

	DescribeTable("does not load with parameters that would not be checked", func(parameter, said string) {
		text := strings.Replace(document(`{type: string}`), "      responses:", "      parameters: ["+parameter+"]\n      responses:", 1)
		_, err := check.Load([]byte(text))
		Expect(err).To(MatchError(ContainSubstring(said)))
	},
		Entry("in a cookie", `{name: a, in: cookie, schema: {type: string}}`, "parameter cookie.a"),
		Entry("of an object", `{name: a, in: query, schema: {type: object}}`, "parameter query.a: objects are not checked"),
		Entry("in another style", `{name: a, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}`, "parameter query.a"),
		Entry("in a media type", `{name: a, in: query, content: {application/json: {schema: {type: string}}}}`, "parameter query.a"),
	)
})
