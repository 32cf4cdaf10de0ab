package document_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("A JSON example", func() {
	It("keeps order, repeated members, numbers as written and lines", func() {
		v := command("{\n  \"b\": 1.50,\n  \"a\": [true,\n null],\n  \"b\": \"\\u00e9\"\n}").JSON
		Expect(v.Kind).To(Equal("object"))
		Expect(v.Line).To(Equal(4))
		names, lines := []string{}, []int{}
		for _, m := range v.Members {
			names, lines = append(names, m.Name), append(lines, m.Line)
		}
		Expect(names).To(Equal([]string{"b", "a", "b"}))
		Expect(lines).To(Equal([]int{5, 6, 8}))
		Expect(v.Members[0].Text).To(Equal("1.50"))
		Expect(v.Members[1].Items[1].Kind).To(Equal("null"))
		Expect(v.Members[1].Items[1].Line).To(Equal(7))
		Expect(v.Members[2].Text).To(Equal("é"))
	})

	DescribeTable("that is broken says why and where", func(text, why string) {
		found := command(text)
		Expect(found.JSON).To(BeNil())
		Expect(found.Broken).To(Equal(why))
	},
		Entry("a missing comma", "{\n  \"a\": 1\n  \"b\": 2\n}", `line 6: expected a comma or } after a member, not "b": 2`),
		Entry("a comma too many", "{\n  \"a\": 1,\n}", `line 6: expected a member's name in double quotes, not }`),
		Entry("a missing quote", "{\n  \"a: 1\n}", `line 5: expected a string that ends on its line, not "a: 1`),
		Entry("a missing bracket", "{\n  \"a\": [1\n}", `line 6: expected a comma or ] after an item, not }`),
		Entry("the end missing", "{\n  \"a\": {\n    \"b\": 1\n  }", `line 7: expected a comma or } after a member, but the JSON ends`),
		Entry("no value", "{\n  \"a\": ,\n}", `line 5: expected a JSON value, not ,`),
		Entry("a word", "{\n  \"a\": yes\n}", `line 5: expected a JSON value, not yes`),
		Entry("a number of another kind", "{\n  \"a\": 01\n}", `line 5: expected a JSON number, not 01`),
		Entry("too deep", strings.Repeat("[\n", 200)+strings.Repeat("]\n", 199)+"]", `line 133: more than 128 levels of JSON`),
	)

	DescribeTable("is not what only begins like one", func(text string) {
		for _, c := range codes(text) {
			Expect(c.JSON).To(BeNil())
			Expect(c.Broken).To(BeEmpty())
		}
	},
		Entry("a template", "{{if(a; b)}}"),
		Entry("an address that the page hid", "[email protected]"),
		Entry("a footnote", "[1] As of today"),
		Entry("a path parameter", "{uuid}"),
	)
})
