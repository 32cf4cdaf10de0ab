package document_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// rows reads a text and gives the rows of its tables, their cells joined by " | ".
func rows(text string) []string {
	GinkgoHelper()
	d, err := document.Read("-", []byte(text))
	Expect(err).NotTo(HaveOccurred())
	Expect(d.Form).To(Equal(document.Text))
	var out []string
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			if b.Table != nil {
				for _, r := range b.Table.Rows {
					out = append(out, strings.Join(r.Cells, " | "))
				}
			}
		}
	}
	return out
}

var _ = Describe("A table that lost its separators", func() {
	const parameters = "ParameterTypeRequiredDescription\n"

	DescribeTable("is cut into cells", func(text string, want ...string) {
		Expect(rows("Heading\n\n" + text + "\n")).To(Equal(want))
	},
		Entry("by types and marks", parameters+"organization_uuidstringYesThe UUID of it.\nper_pageintegerNoHow many.",
			"organization_uuid | string | Yes | The UUID of it.", "per_page | integer | No | How many."),
		Entry("where a name has a type in it", parameters+"string_idstringYesA name.\nsome_integerintegerNoA number.",
			"string_id | string | Yes | A name.", "some_integer | integer | No | A number."),
		Entry("where a type has words", parameters+"tagsarray of stringsNoSome.\nidsstring[]YesMore.",
			"tags | array of strings | No | Some.", "ids | string[] | Yes | More."),
		Entry("without marks", "ParameterTypeDescription\nagent_uuidstringUUID of the agent", "agent_uuid | string | UUID of the agent"),
		Entry("by methods and paths", "Module NameEndpointDescription\nList ConversationsGET /conversations/listQuery them\nReplyPOST /replySend one\nGet AgentsGET /o/{agentUuid}/agentsAll",
			"List Conversations | GET /conversations/list | Query them", "Reply | POST /reply | Send one", "Get Agents | GET /o/{agentUuid}/agents | All"),
		Entry("by scopes", "ScopeDescription\nread:messagesRead them", "read:messages | Read them"),
		Entry("by codes, and the end of an acronym", "CodeStatusDescription\n200OKEverything worked.\n404Not FoundThere is none.",
			"200 | OK | Everything worked.", "404 | Not Found | There is none."),
		Entry("by events that the document has elsewhere", "Module NameEvent TypeDescription\nNew Conversationnew_conversationWhen it starts\nNeeds Helphuman_handoff_requiredWhen it needs help\n\nThe event human_handoff_required is one.",
			"New Conversation | new_conversation | When it starts", "Needs Help | human_handoff_required | When it needs help"),
		Entry("by addresses and brackets", "ParameterValue\nToken URLhttps://a.example/token\nClient ID(From the dashboard)",
			"Token URL | https://a.example/token", "Client ID | (From the dashboard)"),
		Entry("with tabs, if they stayed", "Parameter\tType\tRequired\tDescription\nuuid\tstring\tYes\tWhich.", "uuid | string | Yes | Which."),
	)

	DescribeTable("keeps its rows when one is misspelt", func(row string, want string) {
		Expect(rows("Heading\n\n" + parameters + "uuidstringYesWhich.\n" + row + "\nper_pageintegerNoHow many.\n\nThe target_url is there.\n")).To(
			Equal([]string{"uuid | string | Yes | Which.", want, "per_page | integer | No | How many."}))
	},
		Entry("in its type", "target_urlstrngYesWhere to.", "target_url | strng | Yes | Where to."),
		Entry("in its mark", "target_urlstringYseWhere to.", "target_url | string | Yse | Where to."),
		Entry("beyond telling", "12 34 56", "12 34 56 |  |  | "),
	)

	It("goes on where a cell was broken over two lines", func() {
		Expect(rows("Heading\n\n" + parameters + "uuidstringYesWhich of\nthem all.\nper_pageintegerNoHow many.\n")).To(Equal(
			[]string{"uuid | string | Yes | Which of them all.", "per_page | integer | No | How many."}))
	})

	It("ends before the prose that follows it", func() {
		Expect(rows("Endpoints\n\nEndpointURLPurpose\nTokenPOST /oauth/tokenExchange\n\nThe /oauth/token endpoint is at the root.\n")).To(Equal(
			[]string{"Token | POST /oauth/token | Exchange"}))
	})

	It("is none without rows", func() {
		Expect(rows("AssistLoop uses OAuth for Make\n\nParameterType\n\nNothing here.\n")).To(BeEmpty())
	})
})

var _ = Describe("A table of pipes", func() {
	It("has a cell for each column, whatever a row has", func() {
		Expect(rows("Heading\na | b | c |\n---|---|---|\n1 | 2 |\n1 | 2 | 3 | 4 |\n1 | x \\| y | |\nNext heading\nText there.\n")).To(Equal(
			[]string{"1 | 2 | ", "1 | 2 | 3 | 4", "1 | x | y | "}))
	})

	It("needs no rule when its words are those of a header", func() {
		Expect(rows("Heading\n\nField | Type | Description\nid | String | Which.\n")).To(Equal([]string{"id | String | Which."}))
	})
})
