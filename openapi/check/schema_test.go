package check_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

// everything has a member for each thing that a schema can demand.
const everything = `
type: object
required: [id]
properties:
  id: {type: string, minLength: 1}
  name: {type: string, nullable: true}
  short: {type: string, minLength: 2, maxLength: 4}
  long: {type: string, minLength: 5}
  label: {type: string, maxLength: 3}
  code: {type: string, minLength: 2, maxLength: 2}
  slug: {type: string, pattern: "^[a-z]+$"}
  at: {type: string, format: date-time, nullable: true}
  mode: {type: string, enum: [ai, human]}
  feedback: {type: string, nullable: true, enum: [good, bad, null]}
  tolerant: {type: string, nullable: true, enum: [good]}
  only: {type: string, enum: [make]}
  never: {type: object, nullable: true, enum: [null]}
  open: {type: boolean}
  maybe: {type: boolean, nullable: true}
  yes: {type: boolean, enum: [true]}
  n: {type: integer}
  page: {type: integer, minimum: 10, maximum: 100}
  above: {type: number, minimum: 0, exclusiveMinimum: true}
  below: {type: number, maximum: 1.5, exclusiveMaximum: true}
  least: {type: integer, minimum: -3}
  flag: {type: integer, enum: [0, 1]}
  list: {type: array, maxItems: 2, items: {type: string}}
  some: {type: array, minItems: 1, items: {}}
  any: {nullable: true, description: Anything.}
  free: {}
  deep: {type: object, required: [a], properties: {a: {type: array, items: {type: object, required: [b], properties: {b: {type: boolean}}}}}}
  map: {type: object, additionalProperties: {type: integer}, maxProperties: 2}
  closed: {type: object, additionalProperties: false, properties: {a: {type: string}}}
  a/b~c: {type: string}
  any.dot: {type: string}
`

var _ = Describe("A schema", func() {
	DescribeTable("takes", func(member string) {
		Expect(contract(everything).Schema("Thing", []byte(`{"id":"x",`+member+`}`))).To(BeEmpty())
	},
		Entry("null where it may be", `"name":null,"at":null,"feedback":null,"never":null,"maybe":null`),
		Entry("null where nullable is said, though the enumeration leaves it out", `"tolerant":null`),
		Entry("null without a type, as OpenAPI 3.0.3 has nullable beside type only", `"free":null,"some":[null]`),
		Entry("anything where anything may be", `"any":{"x":[1]},"free":"x"`),
		Entry("members that no schema names", `"else":1,"deep":{"a":[],"b":2}`),
		Entry("lengths at their limits", `"short":"ab","label":"abc","code":"ab","long":"abcde"`),
		Entry("characters, not bytes", `"short":"äöü😀","code":"\ud83d\ude00\u00e4"`),
		Entry("numbers at their limits", `"page":10,"least":-3,"above":0.0000001,"below":1.4999`),
		Entry("an integer written as a float", `"n":1.0,"page":1e2,"flag":1.00,"least":-30e-1`),
		Entry("an integer that is zero in any way", `"n":0e9`),
		Entry("an integer beyond float64", `"n":1e400`),
		Entry("an integer beyond every exponent", `"n":1.5e99999999999999999999`),
		Entry("a map's values", `"map":{"x":1,"y":2}`),
		Entry("names with signs of their own", `"a/b~c":"","any.dot":""`),
	)

	DescribeTable("refuses", func(member string, said ...string) {
		Expect(lines(contract(everything).Schema("Thing", []byte(`{"id":"x",`+member+`}`)))).To(Equal(said))
	},
		Entry("null where it may not be", `"open":null,"mode":null,"list":null,"n":null`,
			"/open: expected true or false, came null",
			"/mode: expected one of ai, human, came null",
			"/list: expected an array of at most 2 items, came null",
			"/n: expected an integer, came null"),
		Entry("a number for a nullable string", `"name":1`, "/name: expected a string or null, came number"),
		Entry("1 for true, and 0 for false", `"open":1,"yes":0`, "/open: expected true or false, came number", "/yes: expected true, came number"),
		Entry("true for 1", `"flag":true`, "/flag: expected one of 0, 1, came true"),
		Entry("text for true", `"open":"true","maybe":"x"`,
			"/open: expected true or false, came string of 4 characters", "/maybe: expected true, false or null, came string of 1 character"),
		Entry("the other of two", `"yes":false`, "/yes: expected true, came false"),
		Entry("text for a number", `"n":"1"`, "/n: expected an integer, came string of 1 character"),
		Entry("a fraction for an integer", `"n":1.5`, "/n: expected an integer, came number with a fraction"),
		Entry("a fraction that float64 would lose", `"n":9007199254740993.5`, "/n: expected an integer, came number with a fraction"),
		Entry("a fraction beyond every exponent", `"n":1e-99999999999999999999`, "/n: expected an integer, came number with a fraction"),
		Entry("an integer divided", `"n":12e-1`, "/n: expected an integer, came number with a fraction"),
		Entry("numbers out of bounds", `"page":9,"least":-4,"above":0,"below":1.5`,
			"/page: expected an integer from 10 to 100, came number too small",
			"/least: expected an integer of at least -3, came number too small",
			"/above: expected a number above 0, came number too small",
			"/below: expected a number below 1.5, came number too large"),
		Entry("a number beyond float64", `"page":1e400`, "/page: expected an integer from 10 to 100, came number too large"),
		Entry("a number that is none of some", `"flag":2`, "/flag: expected one of 0, 1, came another number"),
		Entry("lengths out of bounds", `"short":"a","label":"abcd","code":"abc","long":""`,
			"/short: expected a string of 2 to 4 characters, came string of 1 character",
			"/label: expected a string of at most 3 characters, came string of 4 characters",
			"/code: expected a string of 2 characters, came string of 3 characters",
			"/long: expected a string of at least 5 characters, came empty string"),
		Entry("text off its pattern", `"slug":"Ab"`, "/slug: expected a string that matches ^[a-z]+$, came string of 2 characters"),
		Entry("text off its format", `"at":"2024-02-31T00:00:00Z"`, "/at: expected an RFC 3339 timestamp or null, came string of 20 characters"),
		Entry("a word that is none of the enumeration's", `"mode":"robot","feedback":"so so","tolerant":"x","only":"x"`,
			"/mode: expected one of ai, human, came string of 5 characters",
			"/feedback: expected one of good, bad or null, came string of 5 characters",
			`/tolerant: expected "good" or null, came string of 1 character`,
			`/only: expected "make", came string of 1 character`),
		Entry("a word of another enumeration, which can be shown", `"mode":"good"`, `/mode: expected one of ai, human, came string "good"`),
		Entry("a word in another case, which can be shown", `"mode":"AI"`, `/mode: expected one of ai, human, came string "AI"`),
		Entry("anything but null", `"never":{}`, "/never: expected null, came object"),
		Entry("too many items, and what is wrong in them", `"list":["a",1,"c"]`,
			"/list: expected an array of at most 2 items, came array of 3 items", "/list/1: expected a string, came number"),
		Entry("too few items", `"some":[]`, "/some: expected an array of at least 1 item, came array of 0 items"),
		Entry("too many members, and what is wrong in them", `"map":{"x":1,"y":"2","z":null}`,
			"/map: expected an object of at most 2 members, came object",
			"/map/y: expected an integer, came string of 1 character", "/map/z: expected an integer, came null"),
		Entry("a member where a schema is closed", `"closed":{"a":"","b":{}}`, "/closed/b: expected no such member, came object"),
		Entry("what lies deep, and what is missing there", `"deep":{"a":[{"b":true},{"b":null},{}]}`,
			"/deep/a/1/b: expected true or false, came null", "/deep/a/2/b: expected true or false, came missing"),
		Entry("an array for an object, and nothing inside of it", `"deep":[{"a":1}]`, "/deep: expected an object, came array of 1 item"),
		Entry("an object for an array", `"list":{"0":1}`, "/list: expected an array of at most 2 items, came object"),
		Entry("names with signs of their own", `"a/b~c":1`, "/a~1b~0c: expected a string, came number"),
		Entry("a name twice, judged once", `"n":1,"n":"x"`, "/n: expected each name once in an object, came a second member of this name"),
	)

	It("reports everything that is missing", func() {
		c := contract(`{type: object, required: [a, b, c], properties: {a: {type: string}, b: {type: array, items: {type: integer}}}}`)
		Expect(lines(c.Schema("Thing", []byte(`{}`)))).To(Equal([]string{
			"/a: expected a string, came missing",
			"/b: expected an array, came missing",
			"/c: expected any JSON value, came missing",
		}))
		Expect(lines(c.Schema("Thing", []byte(`null`)))).To(Equal([]string{"the body: expected an object, came null"}))
	})

	It("names fields without indexes, with dots", func() {
		c := contract(`{type: array, items: {type: object, properties: {user: {type: object, required: [name], properties: {name: {type: string}}}}}}`)
		found := c.Schema("Thing", []byte(`[{"user":{"name":""}},{"user":{}}]`))
		Expect(found).To(Equal([]check.Violation{{Place: "/1/user/name", Field: "user.name", Expected: "a string", Seen: "missing"}}))
		Expect(c.Schema("Thing", []byte(`[1]`))).To(Equal([]check.Violation{{Place: "/0", Field: "", Expected: "an object", Seen: "number"}}))
	})

	It("knows more members than a word has bits", func() {
		var names, properties []string
		for i := range 200 {
			names = append(names, "m"+strings.Repeat("x", i))
			properties = append(properties, names[i]+": {type: boolean}")
		}
		c := contract("type: object\nrequired: [" + strings.Join(names, ", ") + "]\nproperties:\n  " + strings.Join(properties, "\n  "))
		Expect(c.Schema("Thing", []byte(`{}`))).To(HaveLen(200))
		Expect(c.Schema("Thing", []byte(`{"`+strings.Join(names, `":true,"`)+`":true}`))).To(BeEmpty())
		Expect(c.Schema("Thing", []byte(`{"`+strings.Join(names[1:], `":true,"`)+`":true}`))).To(HaveLen(1))
	})

	It("says no more than the bound of one message", func() {
		c := contract(`{type: array, items: {type: string}}`)
		body := "[" + strings.Repeat("1,", 5000) + "1]"
		Expect(c.Schema("Thing", []byte(body))).To(HaveLen(check.MaxViolations))
		c = contract(`{type: array, items: {oneOf: [{type: object, required: [a, b, c], properties: {a: {}}}, {type: string}]}}`)
		body = "[" + strings.Repeat("{},", 500) + "{}]"
		Expect(c.Schema("Thing", []byte(body))).To(HaveLen(check.MaxViolations))
	})

	It("tells of a schema that the contract lacks", func() {
		Expect(lines(contract(everything).Schema("Nothing", nil))).To(Equal([]string{"schema: expected a schema of the contract, came unknown"}))
	})

	It("shows values where it is asked to, shortened", func() {
		shown := contract(everything).With(check.Options{Show: func(string) bool { return true }})
		Expect(lines(shown.Schema("Thing", []byte(`{"id":7,"mode":"robot\n","page":9,"at":"`+strings.Repeat("ä", 100)+`"}`)))).To(Equal([]string{
			"/id: expected a non-empty string, came number 7",
			`/mode: expected one of ai, human, came string "robot\n"`,
			"/page: expected an integer from 10 to 100, came number 9",
			`/at: expected an RFC 3339 timestamp or null, came string "` + strings.Repeat("ä", 60) + `…"`,
		}))
	})
})
