package document_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/parley-contracts/parley/conformance/document"
)

// facts gives the phrases of a text as "kind: value, value", names, modals and plain numbers left out.
func facts(text string) []string {
	var out []string
	for _, p := range document.Phrases(text) {
		switch p.Kind {
		case document.PhraseName, document.PhraseModal, document.PhraseNumber:
		default:
			out = append(out, strings.TrimSuffix(string(p.Kind)+": "+strings.Join(p.Values, ", "), ": "))
		}
	}
	return out
}

var _ = Describe("A phrase", func() {
	DescribeTable("is told by its numbers, names and key words", func(text string, want ...string) {
		Expect(facts(text)).To(ConsistOf(want), text)
	},
		Entry(nil, "Filter by mode. One of: ai, human.", "one-of: ai, human"),
		Entry(nil, "Allowed values are `ai`, `human` and `none`", "one-of: ai, human, none"),
		Entry(nil, "String - Either ai (AI responding) or human (human agent responding)", "one-of: ai, human"),
		Entry(nil, "Message type - guest (customer), agent (AI or human), or platform_action (system messages - excluded from results)",
			"one-of: guest, agent, platform_action", "excluded: platform_action"),
		Entry(nil, "Customer feedback - positive, negative, not-allowed, or null", "one-of: positive, negative, not-allowed, null", "nullable: null"),
		Entry(nil, "OPEN, WAITING, SOLVED, CLOSED", "one-of: OPEN, WAITING, SOLVED, CLOSED"),
		Entry(nil, "ai or human", "one-of: ai, human"),
		Entry(nil, "including statuses such as Open, Waiting, Solved, or Closed.", "such-as: Open, Waiting, Solved, Closed"),
		Entry(nil, "JSON with uuid, name, and email fields", "listed: field, uuid, name, email"),
		Entry(nil, "the token will have read:conversations, read:messages, and manage:webhooks scopes.",
			"listed: scope, read:conversations, read:messages, manage:webhooks"),
		Entry("a sentence with commas is no list", "Agents, queues, and routing are managed elsewhere, or not at all."),

		Entry(nil, "Number per page (min: 10, max: 100, default: 20).", "min: 10", "max: 100", "default: 20"),
		Entry(nil, "At least 10 and at most 1,000; 20 by default", "min: 10", "max: 1000", "default: 20"),
		Entry(nil, "The default is new_conversation", "default: new_conversation"),
		Entry(nil, "Read messages within conversations (default)", "default"),
		Entry(nil, "Integer value in range 1 - 2147483647", "range: 1, 2147483647"),
		Entry(nil, "Any number between 0 and 60", "range: 0, 60"),
		Entry(nil, "An identifier of yours (max 255 characters)", "max-length: 255, characters"),
		Entry(nil, "up to 255 characters long", "max-length: 255, characters"),
		Entry(nil, "a 32-character upper-case alphanumeric string value", "length: 32, upper-case alphanumeric"),

		Entry(nil, "Must be make for Make integrations.", "must-be: make"),
		Entry(nil, "It must always be `make`.", "must-be: make"),
		Entry("a quality is no value", "It must be unique."),
		Entry(nil, "Must be a valid HTTPS URL.", "format: HTTPS URL"),
		Entry(nil, "after this date (ISO 8601 format)", "format: ISO 8601"),
		Entry(nil, "Timestamp in yyyy-MM-dd'T'HH:mm:ss.SSSZ format.", "format: yyyy-MM-dd'T'HH:mm:ss.SSSZ"),
		Entry(nil, "UUID v4", "format: UUID v4"),
		Entry(nil, "UUIDv4", "format: UUID v4"),
		Entry(nil, "Ranges from alphanumeric to UUID v4 values", "format: alphanumeric, UUID v4"),

		Entry(nil, "10 requests per minute", "limit: 10, request, minute, "),
		Entry(nil, "60 requests per minute per connected account", "limit: 60, request, minute, connected account"),
		Entry(nil, "For each connected account, we allow 60 calls a minute", "limit: 60, request, minute, connected account"),
		Entry(nil, "no more than 60 requests every 60 seconds", "limit: 60, request, minute, "),
		Entry(nil, "Automatic retries up to 3 times with exponential backoff", "retries: 3", "backoff: exponential"),
		Entry(nil, "We try again three times, with exponentially growing back-off", "retries: 3", "backoff: exponential"),
		Entry(nil, "There are up to 3 automatic retries", "retries: 3"),

		Entry(nil, "0 for closed, 1 for active/open.", "meaning: 0, closed", "meaning: 1, active/open"),
		Entry(nil, "true = open, false = closed", "meaning: true, open", "meaning: false, closed"),
		Entry(nil, "Filter for Status = Open (1).", "meaning: 1, open", "set: Status, Open"),
		Entry(nil, "Always NULL", "always: null"),
		Entry(nil, "Customer email and name may be null for anonymous conversations", "nullable: null"),
		Entry(nil, "ordered by created_at descending (newest first)", "order: created_at, descending", "order: , descending"),
		Entry(nil, "sorted by name, in ascending order", "order: name, ascending"),
		Entry(nil, "The secret field is returned only once during subscription.", "once: once"),
		Entry(nil, "the event field is set to human_handoff_required", "set: event, human_handoff_required"),
		Entry(nil, "response_mode is automatically switched to human", "set: response_mode, human"),
		Entry(nil, "initial_message becomes last_message", "becomes: initial_message, last_message"),
		Entry(nil, "status=1 for open conversations", "meaning: 1, open conversations", "set: status, 1"),

		Entry(nil, "The test calls GET /api/v1/oauth/me by itself.", "route: GET, /api/v1/oauth/me"),
		Entry(nil, "The /oauth/token endpoint is at the root (not under /api/v1).", "path: /oauth/token", "path: /api/v1"),
		Entry(nil, "See https://a.example/b?c=1.", "url: https://a.example/b?c=1"),
		Entry(nil, "Map {{data.chat_user.name}} there", "template: data.chat_user.name"),
		Entry("one that does not close keeps its braces", "GET /organizations/#{{id/agents", "template: /organizations/#{{id/agents", "route: GET, /organizations/#{{id/agents"),
		Entry(nil, "a 429 Too Many Requests response", "status: 429"),
		Entry(nil, "Codes in the 2xx range", "status: 2xx"),
		Entry(nil, "Add 1-2 second pauses, for at most 24 hours", "quantity: 1-2, second", "max: 24"),
		Entry(nil, "at 2024-11-12T10:30:00.000000Z", "time: 2024-11-12T10:30:00.000000Z"),
	)

	It("tells where it stands", func() {
		text := "Number of items (min: 10, default: 20)."
		for _, p := range document.Phrases(text) {
			switch p.Kind {
			case document.PhraseMin:
				Expect(text[p.Offset : p.Offset+p.Length]).To(Equal("min: 10"))
			case document.PhraseDefault:
				Expect(text[p.Offset : p.Offset+p.Length]).To(Equal("default: 20"))
			}
		}
	})

	DescribeTable("has modals, names and numbers of its own", func(text string, want ...string) {
		var out []string
		for _, p := range document.Phrases(text) {
			out = append(out, string(p.Kind)+": "+strings.Join(p.Values, ", "))
		}
		Expect(out).To(ConsistOf(want))
	},
		Entry(nil, "Never share it; you must not.", "modal: never", "modal: must not"),
		Entry(nil, "continue only if updated_at is older", "modal: only", "name: updated_at"),
		Entry(nil, `conversations in "human" mode`, "name: human"),
		Entry(nil, "OAuth 2.0 over HTTPS", "name: OAuth 2.0", "name: HTTPS"),
		Entry(nil, "with 1,500 friends", "number: 1500"),
	)
})
