package check_test

import (
	"encoding/json"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/openapi/check"
)

var _ = Describe("A body as JSON", func() {
	DescribeTable("is taken", func(body string) {
		Expect(check.JSON([]byte(body))).To(BeEmpty())
	},
		Entry("an empty object", `{}`),
		Entry("an empty array, with space around", " [\n]\t\r\n"),
		Entry("a bare value", `null`),
		Entry("every kind of value", `{"a":[true,false,null,-0.5e+7,"\"\\\/\b\f\n\r\tä\u00e4\ud83d\ude00"]}`),
		Entry("a number beyond every machine's", `[1e999999999999999999, 99999999999999999999999999, 1e-999999]`),
		Entry("the same name in two objects", `[{"a":{"a":1}},{"a":1}]`),
		Entry("half a surrogate pair, which the grammar allows", `"\ud83d"`),
		Entry("512 levels", strings.Repeat("[", 512)+strings.Repeat("]", 512)),
	)

	DescribeTable("is refused", func(body string, said ...string) {
		Expect(lines(check.JSON([]byte(body)))).To(Equal(said))
	},
		Entry("nothing", ``, "the body: expected JSON, came malformed JSON: a value is missing at byte 1"),
		Entry("a byte order mark", "\ufeff{}", "the body: expected JSON, came malformed JSON: a value is missing at byte 1"),
		Entry("NaN", `[NaN]`, "the body: expected JSON, came malformed JSON: a value is missing at byte 2"),
		Entry("Infinity", `-Infinity`, "the body: expected JSON, came malformed JSON: a digit is missing at byte 2"),
		Entry("a leading zero", `[01]`, "the body: expected JSON, came malformed JSON: a comma or ] is missing at byte 3"),
		Entry("a bare fraction", `[.5]`, "the body: expected JSON, came malformed JSON: a value is missing at byte 2"),
		Entry("a fraction without digits", `[1.]`, "the body: expected JSON, came malformed JSON: a digit is missing at byte 4"),
		Entry("an exponent without digits", `[1e+]`, "the body: expected JSON, came malformed JSON: a digit is missing at byte 5"),
		Entry("a comma at the end of an array", `[1,]`, "the body: expected JSON, came malformed JSON: a value is missing at byte 4"),
		Entry("a comma at the end of an object", `{"a":1,}`, "the body: expected JSON, came malformed JSON: a member's name is missing at byte 8"),
		Entry("a name without quotes", `{a:1}`, "the body: expected JSON, came malformed JSON: a member's name is missing at byte 2"),
		Entry("no colon", `{"a" 1}`, "the body: expected JSON, came malformed JSON: a colon is missing at byte 6"),
		Entry("single quotes", `['a']`, "the body: expected JSON, came malformed JSON: a value is missing at byte 2"),
		Entry("a comment", `{} // done`, "the body: expected one JSON value, came more behind it"),
		Entry("a second value", `{}{}`, "the body: expected one JSON value, came more behind it"),
		Entry("an open text", `"abc`, "the body: expected JSON, came malformed JSON: a text has no end at byte 5"),
		Entry("an open array", `[1`, "the body: expected JSON, came malformed JSON: a comma or ] is missing at byte 3"),
		Entry("an open object", `{"a":1`, "the body: expected JSON, came malformed JSON: a comma or } is missing at byte 7"),
		Entry("a line break in a text", "\"a\nb\"", "the body: expected JSON, came malformed JSON: a control character stands in a text at byte 3"),
		Entry("an unknown escape", `"\x"`, "the body: expected JSON, came malformed JSON: an escape is malformed at byte 3"),
		Entry("a short escape", `"\u12"`, "the body: expected JSON, came malformed JSON: an escape is malformed at byte 3"),
		Entry("a name twice", `{"a":{"b":1,"c":2,"b":3}}`,
			"/a/b: expected each name once in an object, came a second member of this name"),
		Entry("a name twice, once with an escape", `{"name":1,"\u006eame":2}`,
			"/name: expected each name once in an object, came a second member of this name"),
		Entry("bytes that are no UTF-8, in a text and in a name", "{\"a\":[\"\xff\"],\"\xc0\":1}",
			"/a/0: expected UTF-8, came bytes that are no UTF-8", "/\uFFFD: expected UTF-8, came bytes that are no UTF-8"),
		Entry("a NUL byte between values", "[\x00]", "the body: expected JSON, came malformed JSON: a value is missing at byte 2"),
	)

	It("is refused once it nests deeper than the bound, however deep it is", func() {
		for _, depth := range []int{513, 1_000_000} {
			found := check.JSON([]byte(strings.Repeat("[", depth) + strings.Repeat("]", depth)))
			Expect(lines(found)).To(Equal([]string{"the body: expected JSON, came malformed JSON: nested too deeply at byte 513"}))
		}
	})

	It("finds a repeated name in an object of thousands in no time", func(SpecContext) {
		var b strings.Builder
		for i := range 100_000 {
			b.WriteString(`,"` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("0", i/100%50) + `":1`)
		}
		found := check.JSON([]byte(`{"first":1` + b.String() + `,"first":2}`))
		Expect(found).To(HaveLen(check.MaxViolations), "and reports no more than the bound")
	}, SpecTimeout(5e9))
})

// FuzzJSON holds the reader to encoding/json wherever that is as strict: same verdict on the grammar.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `[1,-2.5e3,"x\u00e4\n",true,null]`, `{"a":{"b":[{}]}}`, `01`, `"\ud83d"`, `{"a":1,"a":2}`, "\"\xff\"", `[1]x`, ` `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		malformed, deep := false, false
		for _, v := range check.JSON(body) {
			malformed = malformed || v.Expected == "JSON" || v.Expected == "one JSON value"
			deep = deep || strings.Contains(v.Seen, "too deeply")
		}
		if !deep && malformed == json.Valid(body) {
			t.Fatalf("encoding/json calls %q valid: %v", body, json.Valid(body))
		}
	})
}
