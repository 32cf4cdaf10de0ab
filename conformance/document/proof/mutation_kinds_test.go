package proof

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The harness is held to its own word: what it does not try, it cannot miss.
var _ = DescribeTable("The harness changes", func(text string, want ...string) {
	var tried []string
	for _, m := range mutations(text) {
		changed := m.apply(text)
		Expect(changed).NotTo(Equal(text))
		tried = append(tried, m.class+" "+m.what)
	}
	for _, w := range want {
		Expect(tried).To(ContainElement(w))
	}
},
	Entry("rows whose cells have no separators", "ParameterTypeRequiredDescription\nper_pageintegerNoPer page (min: 10, default: 20).",
		"type integer → string", "required No → Yes", "number 10 → 11", "number 20 → 43", "name per_page → perPage", "row dropped", "fact min → max"),
	Entry("rows with separators", "Field | Type | Description | Supported values |\n---|---|---|---|\nstatus | Enumeration | The status. | OPEN, CLOSED |",
		"type Enumeration → Integer", "enumeration OPEN → OTHER", "enumeration , CLOSED → ", "enumeration OPEN,  → ", "enumeration  → , OTHER", "name status → other_status", "row dropped"),
	Entry("enumerations in prose", "• mode: String - Either ai (AI responding) or human (a person)", "enumeration ai → unheard-of", "enumeration human → unheard-of", "type String → Integer"),
	Entry("paths and methods", "Endpoint: POST /things/{thing_uuid}/close",
		"method POST → PUT", "path things → thingss", "path {thing_uuid} → {other}", "path /close → ", "path  → /more"),
	Entry("commands", "curl -X POST https://api.example.com/v1/things \\\n  -H \"Authorization: Bearer TOKEN\" \\\n  -d '{\n    \"kind\": \"make\"\n  }'",
		"host api.example.com → other.api.example.com", "scheme https:// → http://", "fact Bearer → Basic", `dropped "kind" dropped`, `value "kind" "make" → unheard-of`),
	Entry("examples", "{\n    \"is_read\": null,\n    \"count\": 3,\n    \"list\": [],\n    \"on\": true\n}",
		`renamed "is_read" renamed`, `renamed "is_read" written as isRead`, `dropped "on" dropped`, `retyped "count" from number to a string of it`,
		`retyped "list" from array to "text"`, `nulled "on" null`, `twice "count" twice`, "number 3 → 4"),
	Entry("quantities", "10 requests per minute", "unit minute → hour", "number 10 → 11"),
	Entry("formats", "a | Timestamp | In yyyy-MM-dd'T'HH:mm:ss.SSSZ format. |", "format .SSS → ", "format HH → H"),
)

var _ = DescribeTable("The harness changes no table of contents, and exempts", func(text, class, reason string) {
	for _, m := range mutations(text) {
		if m.class == class {
			Expect(exemptionFor(m)).To(ContainSubstring(reason), m.String())
			return
		}
	}
	Fail("no mutation of class " + class)
},
	Entry("ids in examples", "{\n  \"uuid\": \"usr_abc123\"\n}", "number", "another id"),
	Entry("the numbers of steps", "  3. Run once", "number", "ordinal"),
	Entry("page sizes that are as good", "curl https://h/list?per_page=20", "number", "as good"),
)

var _ = Describe("The harness", func() {
	It("leaves JSON whole when it drops a member", func() {
		text := "{\n  \"a\": {\"b\": 1, \"c\": [2]},\n  \"d\": \"x\"\n}"
		var dropped []string
		for _, m := range mutations(text) {
			if m.class == "dropped" {
				dropped = append(dropped, strings.Join(strings.Fields(m.apply(text)), ""))
			}
		}
		Expect(dropped).To(ConsistOf(`{"d":"x"}`, `{"a":{"b":1,"c":[2]}}`, `{"a":{"c":[2]},"d":"x"}`, `{"a":{"b":1},"d":"x"}`))
	})
	It("leaves alone what says where things are", func() {
		Expect(mutations("On this page\n\nOAuth 2.0 Endpoints\n")).To(BeEmpty())
	})
})
