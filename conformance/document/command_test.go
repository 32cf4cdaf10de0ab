package document_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// codes reads a fenced block and gives what was told of it.
func codes(text string) []*document.Code {
	GinkgoHelper()
	d, err := document.Read("-", []byte("# A\n\n```\n"+text+"\n```\n"))
	Expect(err).NotTo(HaveOccurred())
	var found []*document.Code
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			if b.Code != nil {
				found = append(found, b.Code)
			}
		}
	}
	return found
}

func command(text string) *document.Code {
	GinkgoHelper()
	found := codes(text)
	Expect(found).To(HaveLen(1))
	return found[0]
}

var _ = Describe("A curl command", func() {
	DescribeTable("is read as a shell passes it on", func(text, method, url string, headers []string, body string) {
		c := command(text)
		Expect(c.Broken).To(BeEmpty())
		Expect(c.Curl).NotTo(BeNil())
		Expect(c.Curl.Method).To(Equal(method))
		Expect(c.Curl.URL).To(Equal(url))
		Expect(c.Curl.Header).To(Equal(headers))
		Expect(c.Curl.Body).To(Equal(body))
	},
		Entry("GET without a word", `curl https://a/b`, "GET", "https://a/b", nil, ""),
		Entry("the prompt left out", `$ curl https://a/b`, "GET", "https://a/b", nil, ""),
		Entry("the address in quotes", `curl "https://a/b?x=1&y=2"`, "GET", "https://a/b?x=1&y=2", nil, ""),
		Entry("over several lines", "curl \\\n  -X DELETE \\\n  https://a/b \\\n  -H 'X-A: 1'", "DELETE", "https://a/b", []string{"X-A: 1"}, ""),
		Entry("options run together", `curl -sSXPUT -H"X-A: 1" https://a/b`, "PUT", "https://a/b", []string{"X-A: 1"}, ""),
		Entry("a body makes it a POST", `curl https://a/b -d 'x=1' -d 'y=2'`, "POST", "https://a/b", nil, "x=1&y=2"),
		Entry("-G puts it into the query", `curl -G https://a/b -d x=1 --data-urlencode 'y=2'`, "GET", "https://a/b?x=1&y=2", nil, ""),
		Entry("--json says so twice", `curl --json '{"x": 1}' https://a/b`, "POST", "https://a/b",
			[]string{"Content-Type: application/json", "Accept: application/json"}, `{"x": 1}`),
		Entry("--url, and options with values", `curl -o out.json --max-time 5 --url https://a/b`, "GET", "https://a/b", nil, ""),
		Entry("variables as written", `curl -H "Authorization: Bearer $TOKEN" "https://a/${ID}"`, "GET", "https://a/${ID}",
			[]string{"Authorization: Bearer $TOKEN"}, ""),
		Entry("quotes in quotes", `curl https://a/b -d "{\"x\": \"it's\"}"`, "POST", "https://a/b", nil, `{"x": "it's"}`),
		Entry("its output piped on", `curl -s https://a/b | jq .`, "GET", "https://a/b", nil, ""),
	)

	It("has a JSON body with lines", func() {
		c := command("curl https://a/b \\\n  -d '{\n    \"x\": [1,\n  2]\n  }'")
		Expect(c.Curl.JSON).NotTo(BeNil())
		Expect(c.Curl.JSON.Members[0].Line).To(Equal(6))
		Expect(c.Curl.JSON.Members[0].Items[1].Line).To(Equal(7))
	})

	It("may be one of several in a block, each on its lines", func() {
		found := codes("# first\ncurl https://a/b \\\n  -d x\n\ncurl https://a/c")
		Expect(found).To(HaveLen(3))
		Expect(found[1].Curl.URL).To(Equal("https://a/b"))
		Expect(found[2].Curl.URL).To(Equal("https://a/c"))
	})

	DescribeTable("that is broken says why and where", func(text, why string) {
		Expect(command(text).Broken).To(Equal(why))
	},
		Entry("an open quote", "curl 'https://a/b \\\n  -H x", "line 4: the shell cannot read it: reached EOF without closing quote `'`"),
		Entry("a missing backslash", "curl https://a/b\n  -H 'X-A: 1'", `line 5: -H begins a command of its own: the line above lacks its \`),
		Entry("no address", "curl -X POST", "line 4: the curl command names no URL"),
		Entry("two addresses", "curl https://a/b https://a/c", "line 4: the curl command names 2 URLs, https://a/b and https://a/c"),
		Entry("an option without its value", "curl https://a/b -H", "line 4: -H lacks its value"),
		Entry("a body that is no JSON", "curl https://a/b -d '{\"x\" 1}'", `line 4: expected a colon after "x", not 1}`),
	)

	It("is not the word in a sentence", func() {
		d, err := document.Read("-", []byte("curl is a tool that speaks HTTP.\n"))
		Expect(err).NotTo(HaveOccurred())
		Expect(d.Sections[0].Blocks[0].Code).To(BeNil())
	})
})
