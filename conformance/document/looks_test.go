package document_test

import (
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// ours is a document of the project, with one text of it exchanged, as often as it stands there.
func ours(contract, old, new string) string {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join("testdata", contract+".txt"))
	Expect(err).NotTo(HaveOccurred())
	edited := strings.ReplaceAll(string(text), old, new)
	Expect(edited).NotTo(Equal(string(text)), old)
	return edited
}

// fresh are the errors that an edit adds.
func fresh(contract, old, new string) []string {
	GinkgoHelper()
	before := map[string]bool{}
	for _, line := range withoutLines(judged(contract, ours(contract, "\n\n", "\n\n\n"))) {
		before[line] = true
	}
	var list []string
	for _, line := range withoutLines(judged(contract, ours(contract, old, new))) {
		if !before[line] {
			list = append(list, line)
		}
	}
	return list
}

func withoutLines(r document.Report) []string {
	var list []string
	for _, f := range r.Findings {
		if f.Kind.Error() {
			list = append(list, f.Rule+" "+f.Subject+": "+f.Document+", "+f.Contract)
		}
	}
	return list
}

var _ = DescribeTable("How a page looks changes nothing", func(old, new string) {
	Expect(fresh("assistloop", old, new)).To(BeEmpty())
},
	Entry("spaces that do not break", " with ", "\u00a0with\u00a0"),
	Entry("places to break a name at", "read:", "read:\u200b"),
	Entry("line ends of old", "\n", "\r"),
	Entry("a number before a heading", "\nGet Current User\n", "\n4.2 Get Current User\n"),
	Entry("a rule below a heading", "\nGet Current User\n", "\nGet Current User\n----------------\n"),
	Entry("marks of AsciiDoc", "\nGet Current User\n", "\n== Get Current User\n"),
	Entry("a colon behind a heading", "\nGet Current User\n", "\nGet Current User:\n"),
	Entry("a label before endpoints", "\nEndpoint: ", "\nHTTP request: "),
	Entry("what continues a line in another shell", " \\\n", " ^\n"),
	Entry("a heading within a section", "\nExample Request\n", "\nExample Request\n\nTips and Tricks\n"),
	Entry("tables under another heading", "\nQuery Parameters\n", "\nFilters\n"),
)

var _ = DescribeTable("What a document states otherwise is found", func(old, new, want string) {
	Expect(fresh("assistloop", old, new)).To(ContainElement(HavePrefix(want)))
},
	Entry("what a status means", "The token lacks the scope.", "There is no such thing.", "status-drift status 403: no such, 404"),
	Entry("the statuses", "CodeStatusDescription\n200OKAll went well.\n400Bad RequestSomething required is missing.\n"+
		"401UnauthorizedThe token is missing, unknown or too old.\n403ForbiddenThe token lacks the scope.\n404Not FoundThere is no such thing.\n"+
		"422Validation ErrorA parameter has a value that it must not have.\n429Too Many RequestsWait, then try again with exponential backoff.\n"+
		"500Internal Server ErrorThe fault is ours.\n", "", "status-missing"),
)

var _ = Describe("A name that was changed", func() {
	It("is one finding, which has the name of the contract", func() {
		var found []document.Finding
		for _, f := range judged("assistloop", strings.ReplaceAll(messages, `"sender_name"`, `"author_name"`)).Findings {
			if f.Kind.Error() && f.Line > 0 {
				found = append(found, f)
			}
		}
		Expect(found).To(HaveLen(1))
		Expect(found[0].Rule).To(Equal("field-unknown"))
		Expect(found[0].Contract).To(Equal("sender_name"))
		Expect(found[0].Message).To(ContainSubstring("author_name, where the contract has sender_name"))
	})
})
