package proof

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// An edit that somebody would try who does not believe in the proof-reader: the nth occurrence of a text becomes
// another. What is to be found may be told at any of the places that now part ways.
type edit struct {
	contract string
	old, new string
	nth      int // from 1; 0 takes the only one
}

func (e edit) apply(text string) (edited string, line int) {
	GinkgoHelper()
	count := strings.Count(text, e.old)
	if e.nth == 0 {
		Expect(count).To(Equal(1), "occurrences of %q", e.old)
		e.nth = 1
	}
	Expect(count).To(BeNumerically(">=", e.nth), "occurrences of %q", e.old)
	at := 0
	for n := 1; ; n++ {
		at += strings.Index(text[at:], e.old)
		if n == e.nth {
			break
		}
		at += len(e.old)
	}
	same := 0
	for same < len(e.old) && same < len(e.new) && e.old[same] == e.new[same] {
		same++
	}
	return text[:at] + e.new + text[at+len(e.old):], 1 + strings.Count(text[:at+same], "\n")
}

var _ = DescribeTable("An edit that somebody tries who does not believe it is found near its place", func(e edit) {
	rarely()
	s := real(e.contract)
	text, line := e.apply(s.text)
	clean, err := proofread(s.name, s.contract, s.text)
	Expect(err).NotTo(HaveOccurred())
	r := result{mutation: mutation{class: "edit", to: len(s.text), text: text, line: lineOf(s.text, line), what: e.new}}.judged(s, errorsOf(clean))
	Expect(r.found).To(BeTrue(), fmt.Sprintf("line %d, %q → %q; elsewhere: %s", line, e.old, e.new, strings.Join(r.far, "\n")))
},
	Entry("a field renamed in one example", edit{"assistloop", `"session_id": "sess_abc123"`, `"session": "sess_abc123"`, 0}),
	Entry("a field renamed in both examples of a list", edit{"assistloop", "user_feedback\": null", "feedback\": null", 2}),
	Entry("PUT in a curl command", edit{"assistloop", "curl -X POST https://api.assistloop.ai/v1/webhooks", "curl -X PUT https://api.assistloop.ai/v1/webhooks", 0}),
	Entry("a curl command without its method", edit{"assistloop", "curl -X DELETE ", "curl ", 0}),
	Entry("a curl command without its token", edit{"assistloop", "close \\\n  -H \"Authorization: Bearer YOUR_ACCESS_TOKEN\" \\", "close \\", 0}),
	Entry("a curl command that sends no JSON", edit{"assistloop", "\"Content-Type: application/json\"", "\"Content-Type: text/plain\"", 1}),
	Entry("a curl command with a parameter of another", edit{"assistloop", "?limit=3&type", "?per_page=3&type", 0}),
	Entry("a curl command with a quote that does not end", edit{"assistloop", "per_page=20\" \\\n  -H", "per_page=20 \\\n  -H", 1}),
	Entry("two columns exchanged", edit{"assistloop", "platformstringYesMust be make", "platformYesstringMust be make", 1}),
	Entry("two columns of a header exchanged", edit{"conversations", "Field | Type | Description", "Type | Field | Description", 1}),
	Entry("a parameter row added", edit{"assistloop", "per_pageintegerNoNumber of messages", "orderstringNoThe order. One of: asc, desc.\nper_pageintegerNoNumber of messages", 0}),
	Entry("a field row added", edit{"conversations", "topic | String | Conversation topic.", "subject | String | Conversation subject. | |\ntopic | String | Conversation topic.", 0}),
	Entry("a scope's default dropped", edit{"assistloop", "within conversations (default)", "within conversations", 0}),
	Entry("a scope made a default", edit{"assistloop", "Update conversation status and response mode", "Update conversation status and response mode (default)", 0}),
	Entry("a scope dropped from the defaults in prose", edit{"assistloop", "will have read:conversations, read:messages, and manage:webhooks", "will have read:conversations and manage:webhooks", 0}),
	Entry("the retries counted otherwise", edit{"assistloop", "up to 3 times", "up to 5 times", 0}),
	Entry("the retries counted in a word", edit{"assistloop", "up to 3 times", "up to five times", 0}),
	Entry("the back-off made another", edit{"assistloop", "exponential backoff\n\nFor Make", "linear backoff\n\nFor Make", 0}),
	Entry("an event dropped from the list of events", edit{"conversations", "- Message received - The event occurs whenever a new inbound message is received in a specific conversation.\n", "", 0}),
	Entry("the last event dropped from the list", edit{"conversations", "- Message deleted - The event occurs whenever a message is deleted.\n", "", 0}),
	Entry("an enumeration value dropped in one of two tables", edit{"conversations", ", TELEGRAM, CALLS", ", CALLS", 2}),
	Entry("an enumeration value dropped in one of two places", edit{"assistloop", "negative, not-allowed, or null", "negative, or null", 0}),
	Entry("Bearer made Token", edit{"assistloop", "Authorization: Bearer", "Authorization: Token", 1}),
	Entry("Bearer made Token in one command", edit{"assistloop", "Authorization: Bearer", "Authorization: Token", 5}),
	Entry("the host of the base URL", edit{"assistloop", "https://api.assistloop.ai/v1\n", "https://api.assistloop.com/v1\n", 0}),
	Entry("the version of the base URL", edit{"assistloop", "https://api.assistloop.ai/v1\n", "https://api.assistloop.ai/v2\n", 0}),
	Entry("the version in one command", edit{"assistloop", "assistloop.ai/v1/my", "assistloop.ai/v2/my", 0}),
	Entry("a path parameter's name in one place", edit{"assistloop", "{conversationUuid}/close", "{conversation_uuid}/close", 0}),
	Entry("a path parameter's name in its table", edit{"assistloop", "agentUuidstringYes", "agentIdstringYes", 1}),
	Entry("the order of messages", edit{"assistloop", "newest first", "oldest first", 0}),
	Entry("the order of messages, by its other word", edit{"assistloop", "descending", "ascending", 0}),
	Entry("the order of the example's messages", edit{"assistloop", "10:30:15.000000Z", "10:29:15.000000Z", 0}),
	Entry("the field that messages are ordered by", edit{"assistloop", "ordered by created_at", "ordered by updated_at", 0}),
	Entry("once made twice", edit{"assistloop", "returned only once", "returned only twice", 0}),
	Entry("a comma missing in JSON", edit{"assistloop", "\"status\": \"sent\",", "\"status\": \"sent\"", 0}),
	Entry("a bracket missing in JSON", edit{"assistloop", "\"data\": null,\n    \"message\": \"Webhook unsubscribed successfully\"\n}", "\"data\": null,\n    \"message\": \"Webhook unsubscribed successfully\"\n", 0}),
	Entry("a comma too many in JSON", edit{"conversations", "\"authentication\": null\n}", "\"authentication\": null,\n}", 1}),
	Entry("single quotes in JSON", edit{"assistloop", "\"status\": \"sent\"", "'status': 'sent'", 0}),
	Entry("a limit per hour", edit{"assistloop", "60 requests per minute", "60 requests per hour", 0}),
	Entry("a limit in one of two places", edit{"assistloop", "10 requests per minute", "20 requests per minute", 2}),
	Entry("whom a limit counts", edit{"assistloop", "per connected account", "per IP address", 0}),
	Entry("a limit worded otherwise, with another number", edit{"assistloop", "10 requests per minute", "up to 12 requests every minute", 1}),
	Entry("a status of the table", edit{"assistloop", "422Validation", "412Validation", 0}),
	Entry("a status dropped", edit{"assistloop", "403ForbiddenThe API token doesn't have permissions to perform the request.\n", "", 0}),
	Entry("a status in prose", edit{"assistloop", "receive a 429", "receive a 503", 0}),
	Entry("what 0 and 1 mean", edit{"assistloop", "0 for closed, 1 for active/open", "1 for closed, 0 for active/open", 0}),
	Entry("what true and false mean", edit{"assistloop", "true for active/open, false for closed", "false for active/open, true for closed", 0}),
	Entry("what true and false mean, in the table of types", edit{"assistloop", "true = open, false = closed", "false = open, true = closed", 0}),
	Entry("what the filter takes", edit{"assistloop", "Use 1 in filters, not true", "Use true in filters, not 1", 0}),
	Entry("what the filter takes, in a step", edit{"assistloop", "status=1 for open conversations", "status=0 for open conversations", 0}),
	Entry("required made optional", edit{"assistloop", "target_urlstringYes", "target_urlstringNo", 0}),
	Entry("HTTPS made optional", edit{"assistloop", "Must be a valid HTTPS URL", "Must be a valid HTTP URL", 0}),
	Entry("a field of a scenario that no response has", edit{"assistloop", "{{data.chat_user.name}}", "{{data.chat_user.full_name}}", 0}),
	Entry("a field of a scenario at another place", edit{"assistloop", "{{data.initial_message.content}}", "{{initial_message.content}}", 0}),
	Entry("the event's name in the table of modules", edit{"assistloop", "Conversationnew_conversationTriggers", "Conversationconversation_createdTriggers", 0}),
	Entry("the event's name in an example", edit{"assistloop", "\"event\": \"human_handoff_required\"", "\"event\": \"human_handoff_requested\"", 0}),
	Entry("a mode that the reply switches to", edit{"assistloop", "switched to human", "switched to ai", 0}),
	Entry("a type that replies have", edit{"assistloop", "sent as type agent", "sent as type guest", 0}),
	Entry("a list wrapped", edit{"assistloop", "direct array of conversation objects (not wrapped in a data field)", "array of conversation objects, wrapped in a data field", 0}),
	Entry("the example of a list wrapped", edit{"assistloop", "[\n    {\n        \"organization_uuid\": \"org_abc123xyz\",", "{\"data\": [\n    {\n        \"organization_uuid\": \"org_abc123xyz\",", 0}),
	Entry("the token endpoint moved", edit{"assistloop", "/oauth/token endpoint is at the root level", "/v1/oauth/token endpoint is at the root level", 0}),
	Entry("the token URL moved", edit{"assistloop", "https://api.assistloop.ai/oauth/token", "https://api.assistloop.ai/v1/oauth/token", 0}),
	Entry("a known contradiction with another value", edit{"assistloop", "(default: 100)", "(default: 50)", 0}),
	Entry("a known contradiction with the other value changed", edit{"assistloop", "per_pageintegerNoNumber of conversations per page (min: 10, max: 100, default: 20)", "per_pageintegerNoNumber of conversations per page (min: 10, max: 100, default: 25)", 0}),
	Entry("an advice that the limit would break", edit{"assistloop", "start with 10-20 items", "start with 200-300 items", 0}),
	Entry("what is excluded from results", edit{"assistloop", "system messages - excluded from results", "system messages - included in results", 0}),
	Entry("null where it is said to be always so", edit{"conversations", "Always NULL", "Always an object", 1}),
	Entry("an object where it is always null", edit{"conversations", "\"authentication\": null", "\"authentication\": {\"authenticationType\": \"EMAIL\"}", 2}),
	Entry("a bound of an integer", edit{"conversations", "1 - 2147483647", "1 - 2147483648", 0}),
	Entry("the lower bound of an integer", edit{"conversations", "range 1 - 2147483647", "range 0 - 2147483647", 0}),
	Entry("a timestamp's format", edit{"conversations", "HH:mm:ss.SSSZ", "HH:mm:ssZ", 2}),
	Entry("a timestamp that does not fit its format", edit{"conversations", "2023-06-18T13:12:36.581+00:00", "2023-06-18 13:12:36", 1}),
	Entry("a timestamp without its zone", edit{"conversations", "2023-06-20T16:49:56.971+00:00", "2023-06-20T16:49:56.971", 0}),
	Entry("an id that is no UUID", edit{"conversations", "\"id\": \"bb88179a-76c0-4f7b-b076-852c53e8b646\"", "\"id\": \"bb88179a-76c0-4f7b\"", 1}),
	Entry("a version of UUID", edit{"conversations", "UUID v4", "UUID v1", 1}),
	Entry("the length of a legacy id", edit{"conversations", "32-character", "36-character", 3}),
	Entry("a field's spelling in the table", edit{"conversations", "messageId | String", "messageID | String", 1}),
	Entry("the channels that support updates", edit{"conversations", "Facebook Posts (opens in a new tab), Instagram Posts", "Facebook Posts (opens in a new tab), LinkedIn Posts", 0}),
	Entry("the event's type in an example", edit{"conversations", "\"INBOUND_MESSAGE_UPDATED\"", "\"MESSAGE_UPDATED\"", 0}),
	Entry("two events exchanged", edit{"conversations", "\"INBOUND_MESSAGE_DELETED\"", "\"INBOUND_MESSAGE_UPDATED\"", 0}),
	Entry("the envelope of an example", edit{"conversations", "\"payload\": {\n\"message\"", "\"data\": {\n\"message\"", 0}),
	Entry("statuses in prose", edit{"conversations", "Open, Waiting, Solved, or Closed", "Open, Pending, Solved, or Closed", 0}),
	Entry("a field renamed in its table alone", edit{"conversations", "authenticationType | Enumeration", "authType | Enumeration", 0}),
)

func lineOf(text string, number int) line { return linesOf(text)[number-1] }

// section returns a part of the document, from one text up to another.
func section(text, from, to string) string {
	GinkgoHelper()
	start := strings.Index(text, from)
	Expect(start).To(BeNumerically(">=", 0), from)
	end := strings.Index(text[start:], to)
	Expect(end).To(BeNumerically(">", 0), to)
	return text[start : start+end]
}

var _ = Describe("Whole sections", func() {
	found := func(contract string, change func(string) string) []string {
		GinkgoHelper()
		rarely()
		s := real(contract)
		clean, err := proofread(s.name, s.contract, s.text)
		Expect(err).NotTo(HaveOccurred())
		changed := change(s.text)
		Expect(changed).NotTo(Equal(s.text))
		after, err := proofread(s.name, s.contract, changed)
		Expect(err).NotTo(HaveOccurred())
		var list []string
		before := errorsOf(clean)
		for finding := range errorsOf(after) {
			if before[finding] == 0 {
				list = append(list, finding)
			}
		}
		return list
	}
	find := func(text string) string {
		return section(text, "Find Messages\n\nUse this", "Reply to Conversation\n\nUse this")
	}

	It("are missed when an endpoint's is deleted", func() {
		Expect(found("assistloop", func(text string) string { return strings.Replace(text, find(text), "", 1) })).To(ContainElement(ContainSubstring("find-messages")))
	})
	It("are found when one is added", func() {
		Expect(found("assistloop", func(text string) string {
			return strings.Replace(text, find(text), "Delete Message\n\nRemoves one.\n\nEndpoint: DELETE /automation/messages/{messageUuid}\n\n"+find(text), 1)
		})).NotTo(BeEmpty())
	})
	It("are found when one is there twice, with another default", func() {
		Expect(found("assistloop", func(text string) string {
			return strings.Replace(text, find(text), find(text)+strings.Replace(find(text), "default: 20", "default: 50", 1), 1)
		})).NotTo(BeEmpty())
	})
	It("say nothing when one is there twice, word for word", func() {
		Expect(found("assistloop", func(text string) string { return strings.Replace(text, find(text), find(text)+find(text), 1) })).To(BeEmpty())
	})
	It("are missed when an event's is deleted", func() {
		Expect(found("conversations", func(text string) string {
			return strings.Replace(text, section(text, "Message deleted\nRoot element", "authenticationData\n"), "", 1)
		})).To(ContainElement(ContainSubstring("DELETED")))
	})
	It("are missed when the limits are deleted", func() {
		Expect(found("assistloop", func(text string) string {
			return strings.Replace(text, section(text, "General Endpoints\n\n60", "Webhook Deliveries\n\nAutomatic"), "", 1)
		})).NotTo(BeEmpty())
	})
})
