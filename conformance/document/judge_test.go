package document_test

import (
	"fmt"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// loaded are the contracts, made once: they are never changed.
var loaded = sync.OnceValues(func() (map[string]document.Contract, error) {
	made := map[string]document.Contract{}
	for _, load := range []func() (document.Contract, error){document.AssistLoop, document.Conversations} {
		c, err := load()
		if err != nil {
			return nil, err
		}
		made[c.Name] = c
	}
	return made, nil
})

// judged reads a text and judges it.
func judged(contract, text string) document.Report {
	GinkgoHelper()
	made, err := loaded()
	Expect(err).NotTo(HaveOccurred())
	d, err := document.Read("ours.md", []byte(text))
	Expect(err).NotTo(HaveOccurred())
	return document.Proofread(d, made[contract])
}

// errors lists what decides, one line each: "12 default-drift list-conversations query per_page: 30, 20".
func errors(r document.Report) []string {
	var list []string
	for _, f := range r.Findings {
		if f.Kind.Error() && f.Line > 0 { // a document of one section lacks all others
			list = append(list, fmt.Sprintf("%d %s %s: %s, %s", f.Line, f.Rule, f.Subject, f.Document, f.Contract))
		}
	}
	return list
}

// messages is a small document in the manner of a published one.
const messages = `# Messages of a chat

Base URL: https://api.assistloop.ai/v1

## Find Messages

Endpoint: GET /automation/conversations/{conversationUuid}/messages/find

### Path Parameters

| Parameter | Type | Required | Description |
|---|---|---|---|
| conversationUuid | string | Yes | Which chat. |

### Query Parameters

| Parameter | Type | Required | Description |
|---|---|---|---|
| created_from | string | No | Only those created after this date (ISO 8601 format). |
| created_to | string | No | Only those created before this date (ISO 8601 format). |
| per_page | integer | No | Size of a page (min: 10, max: 100, default: 20). |

### Example Request

` + "```" + `
curl "https://api.assistloop.ai/v1/automation/conversations/7d1/messages/find?per_page=20" \
  -H "Authorization: Bearer TOKEN"
` + "```" + `

### Response

A list, ordered by created_at descending (newest first).

` + "```json" + `
[
  {
    "id": "a", "uuid": "b", "content": "Hello", "type": "guest",
    "is_read": null, "status": null, "responder_type": null, "emailed_at": null,
    "email_seen": false, "email_opened_at": null, "via": "web",
    "created_at": "2025-01-02T03:04:05Z",
    "user_feedback": null,
    "sender_name": "Ada",
    "attachments": []
  }
]
` + "```" + `

### Field Descriptions

- type: String - Either guest or agent
- user_feedback: positive, negative, not-allowed, or null
`

// closing is a section with a limit of its own.
const closing = `# Closing

Base URL: https://api.assistloop.ai/v1

## Close Conversation

Endpoint: POST /automation/conversations/{conversationUuid}/close

### Rate Limit

10 requests per minute

### Request Parameters

| Parameter | Type | Required | Description |
|---|---|---|---|
| platform | string | Yes | Must be make for Make integrations. |

### Example

` + "```" + `
curl -X POST https://api.assistloop.ai/v1/automation/conversations/7d1/close \
  -H "Authorization: Bearer TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"platform": "make"}'
` + "```" + `

### Response

` + "```json" + `
{"status": "conversation_closed", "platform": "make"}
` + "```" + `
`

var _ = Describe("A document that keeps to its contract", func() {
	DescribeTable("has no errors in what it tells of", func(text string) {
		r := judged("assistloop", text)
		Expect(errors(r)).To(BeEmpty())
		Expect(r.Matched).To(BeNumerically(">", 5))
	},
		Entry("of messages", messages),
		Entry("of closing", closing),
		Entry("under other headings", strings.Replace(messages, "## Find Messages", "## The whole history", 1)),
	)

	It("is told where a heading was renamed", func() {
		r := judged("assistloop", strings.Replace(messages, "## Find Messages", "## The whole history", 1))
		Expect(r.Findings).To(ContainElement(And(
			HaveField("Kind", document.Note), HaveField("Rule", "heading-renamed"), HaveField("Subject", "find-messages"), HaveField("Line", 5),
		)))
	})
})

var _ = DescribeTable("Drift is found where it stands", func(text, old, new, want string) {
	Expect(strings.Count(text, old)).To(BeNumerically(">", 0), old)
	Expect(errors(judged("assistloop", strings.Replace(text, old, new, 1)))).To(ContainElement(HavePrefix(want)))
},
	Entry("of a path", messages, "messages/find\n", "messages/search\n", "7 endpoint-drift find-messages"),
	Entry("of a method", closing, "Endpoint: POST", "Endpoint: PUT", "7 method-drift close-conversation"),
	Entry("of a parameter's name", messages, "| created_to |", "| created_until |", "20 parameter-unknown find-messages created_until"),
	Entry("of a parameter that is missing", messages, "| created_to | string | No | Only those created before this date (ISO 8601 format). |\n", "", "19 parameter-missing find-messages query created_to"),
	Entry("of a type", messages, "| per_page | integer |", "| per_page | string |", "21 type-drift find-messages query per_page: string, integer"),
	Entry("of a required mark", messages, "| conversationUuid | string | Yes |", "| conversationUuid | string | No |", "13 required-drift find-messages path conversationUuid: no, yes"),
	Entry("of a bound", messages, "max: 100", "max: 50", "21 max-drift find-messages query per_page: 50, 100"),
	Entry("of a default", messages, "default: 20", "default: 30", "21 default-drift find-messages query per_page: 30, 20"),
	Entry("of a default that is gone", messages, ", default: 20", "", "21 default-missing find-messages query per_page"),
	Entry("of a format", messages, "before this date (ISO 8601 format)", "before this date", "20 format-missing find-messages query created_to"),
	Entry("of a side of time", messages, "created after this", "created before this", "19 bound-drift find-messages query created_from"),
	Entry("of a header", messages, "Authorization: Bearer", "Authorization: Token", "27 header-drift find-messages"),
	Entry("of a base URL", messages, "Base URL: https://api.assistloop.ai/v1", "Base URL: https://api.assistloop.ai/v2", "3 "),
	Entry("of a query", messages, "?per_page=20", "?per_page=500", "26 curl-drift find-messages query.per_page"),
	Entry("of an order", messages, "newest first", "oldest first", "32 fact-drift find-messages/newest-first"),
	Entry("of an example's field", messages, `"sender_name"`, `"sender"`, "42 field-unknown find-messages sender: sender"),
	Entry("of an example's type", messages, `"email_seen": false`, `"email_seen": "no"`, "39 example-drift find-messages email_seen"),
	Entry("of a field that any type would do for", messages, `"is_read": null`, `"is_read": true`, "38 example-drift find-messages is_read"),
	Entry("of an enumeration in a list", messages, "not-allowed", "forbidden", "51 enumeration-drift find-messages field user_feedback"),
	Entry("of a limit", closing, "10 requests per minute", "10 requests per hour", "11 limit-drift limit close"),
	Entry("of the only value", closing, "Must be make", "Must be zapier", "17 enumeration-drift close-conversation body platform"),
	Entry("of a body", closing, `{"platform": "make"}`, `{"platfrom": "make"}`, "25 field-unknown close-conversation body platfrom"),
)

var _ = DescribeTable("A contradiction is found by what it is", func(text, old, new, want string) {
	Expect(errors(judged("assistloop", strings.Replace(text, old, new, 1)))).To(ContainElement(ContainSubstring(want)))
},
	Entry("a name that the table spells otherwise than the path", messages, "| conversationUuid |", "| conversation_uuid |", "path-parameter-conflict find-messages"),
	Entry("an enumeration that the example is not of", messages, `"user_feedback": null`, `"user_feedback": "good"`, "example-enumeration find-messages field user_feedback: good"),
	Entry("a field that a sentence uses and nothing has", messages, "A list,", "A list by last_message_seen,", "name-unshown last_message_seen"),
	Entry("a template that does not close", messages, "A list,", "A list for {{data.agent.name},", "template-malformed"),
	Entry("a name in another spelling", messages, "A list,", "A list by createdAt,", "name-spelling created_at"),
	Entry("a block that is broken", messages, `"sender_name": "Ada",`, `"sender_name": "Ada"`, "block-broken"),
	Entry("advice that a limit breaks", closing, "### Response", "Wait 2 seconds between Close Conversation calls.\n\n### Response", "advice-breaks-limit close-conversation: 2 second"),
)

var _ = Describe("Whatever says nothing of the contract", func() {
	DescribeTable("changes nothing", func(edit func(string) string) {
		Expect(errors(judged("assistloop", edit(messages)))).To(BeEmpty())
	},
		Entry("other ids and times", func(t string) string {
			return strings.NewReplacer("/7d1/", "/42-x/", `"a"`, `"msg_9"`, "2025-01-02T03:04:05Z", "2019-11-30T23:59:59.5+02:00").Replace(t)
		}),
		Entry("rows in another order", func(t string) string {
			rows := strings.Split(t, "\n")
			rows[18], rows[20] = rows[20], rows[18]
			return strings.Join(rows, "\n")
		}),
		Entry("numbers in prose", func(t string) string {
			return strings.Replace(t, "A list,", "Some 500 requests per second reach our 3 halls; 24 hours a day, 99 % within 2 minutes. A list,", 1)
		}),
		Entry("a heading more", func(t string) string {
			return strings.Replace(t, "### Response", "### A word before\n\nNothing.\n\n### Response", 1)
		}),
		Entry("another example of something else", func(t string) string {
			return t + "\n## Our robots\n\n```json\n{\"wheels\": 4, \"colour\": \"red\", \"speed\": {\"max\": 9}}\n```\n"
		}),
	)

	It("is no document of the contract by itself", func() {
		Expect(judged("assistloop", "# Pets\n\nGET /pets gives pets, with Authorization: Bearer x.\n\n| Code | Status |\n|---|---|\n| 200 | OK |\n").ExitStatus()).To(Equal(2))
	})
})

var _ = Describe("A known contradiction", func() {
	const two = "\n## Get Conversations\n\nEndpoint: GET /automation/agents/{agent_uuid}/conversations/list\n\n### Query Parameters\n\n" +
		"| Parameter | Type | Required | Description |\n|---|---|---|---|\n| per_page | integer | No | How many (default: %s) |\n" +
		"\n## List Conversations\n\nEndpoint: GET /automation/agents/{agent_uuid}/conversations/list\n\n### Path Parameters\n\n" +
		"| Parameter | Type | Required | Description |\n|---|---|---|---|\n| agent_uuid | string | Yes | Which agent |\n" +
		"\n### Query Parameters\n\n| Parameter | Type | Required | Description |\n|---|---|---|---|\n" +
		"| status | integer | No | 0 for closed, 1 for open |\n| response_mode | string | No | One of: ai, human |\n" +
		"| created_from | string | No | After this date (ISO 8601) |\n| created_to | string | No | Before this date (ISO 8601) |\n" +
		"| per_page | integer | No | How many (min: 10, max: 100, default: 20) |\n"

	It("is shown with its reading, and decides nothing", func() {
		r := judged("assistloop", fmt.Sprintf(two, "100"))
		Expect(errors(r)).To(BeEmpty())
		Expect(r.Findings).To(ContainElement(And(HaveField("Kind", document.Known), HaveField("Reading", "AL-60"), HaveField("Rule", "default-conflict"), HaveField("Other", BeNumerically(">", 20)))))
	})
	It("is new when a value of it changes", func() {
		Expect(errors(judged("assistloop", fmt.Sprintf(two, "50")))).To(ContainElement(ContainSubstring("default-conflict list-conversations query per_page: 50, 20")))
	})
	It("is a note when the document no longer has it", func() {
		r := judged("assistloop", fmt.Sprintf(two, "20"))
		Expect(errors(r)).To(BeEmpty())
		Expect(r.Findings).To(ContainElement(And(HaveField("Kind", document.Note), HaveField("Rule", "reading-unneeded"), HaveField("Reading", "AL-60"))))
	})
})

var _ = It("Every rule that finds something is described, once", func() {
	named := map[string]bool{}
	for _, rule := range document.Rules() {
		Expect(named).NotTo(HaveKey(rule.Name))
		named[rule.Name] = true
		Expect(rule.Summary).To(HaveSuffix("."))
	}
	made, err := loaded()
	Expect(err).NotTo(HaveOccurred())
	for _, c := range made {
		for _, known := range c.Known {
			Expect(named).To(HaveKey(known.Rule))
		}
	}
})
